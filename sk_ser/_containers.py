"""Convert X of any container to a list of items, and results back to a container.

Paths, clips and sequences come in several containers (lists, NumPy arrays, pandas columns).
Every transformer passes them to :func:`check_items` and its results to :func:`pack`, so that
all containers behave alike.
"""

import os

import numpy as np
import pandas as pd
from scipy.sparse import issparse
from sklearn.utils.validation import check_array, validate_data

from sk_ser._arrays import Clip, FrameSequence
from sk_ser._compat import safe_indexing

#: Number of axes of an item of X, by what the estimator takes.
_AXES = {"paths": 1, "clips": 1, "sequences": 2}
#: Class of an item, which has its rate.
_CLASSES = {"paths": Clip, "clips": Clip, "sequences": FrameSequence}


def is_path(item):
    """Check whether one item of X is a path."""
    return isinstance(item, (str, os.PathLike))


def check_items(estimator, X, kind, *, reset=False, dtype=np.float32):
    """Convert X to a list of one array, or path, per clip.

    Parameters
    ----------
    estimator : estimator
        The estimator that X was passed to. For a 2-D array, its ``n_features_in_`` is set
        if `reset`, and checked otherwise.
    X : array-like of length n_clips
        Paths, clips or sequences in any container.
    kind : {"paths", "clips", "sequences"}
        What the estimator takes; "paths" includes clips.
    reset : bool, default=False
        Whether this is a call of ``fit``.
    dtype : dtype or sequence of dtype, default=float32
        Type of 2-D arrays, as :func:`sklearn.utils.check_array` takes it; all others
        become float32.

    Returns
    -------
    list of str, Path or ndarray
        One item per clip.

    Raises
    ------
    ValueError
        With the names of the estimator and of the invalid item.
    """
    name = type(estimator).__name__
    _check_is_several(X, name)
    X = _unframe(X)
    if not _is_list_of_items(X):
        return list(_check_block(estimator, X, kind, reset, dtype))
    items = list(X)
    if items and kind == "paths" and all(isinstance(item, str) for item in items):
        return items
    if not items:
        raise ValueError(
            f"{name}: found array with 0 sample(s): X is empty. Pass at least one clip."
        )
    items = [_check_item(item, position, kind, name) for position, item in enumerate(items)]
    if kind == "sequences":
        _check_widths(items, name)
    return items


def pack(items):
    """Stack results of equal length into one array; return others as a list."""
    first = items[0]
    if isinstance(items, np.ndarray):
        return items
    if not hasattr(first, "stacks_with"):
        return np.stack(items)
    if all(first.stacks_with(item) for item in items):
        return first.stack(items)
    return items


def take_rows(X, rows):
    """Take rows of anything that scikit-learn can index, or of a pandas extension array.

    scikit-learn cannot index the Arrow arrays of text in a Series.
    """
    if isinstance(X, pd.api.extensions.ExtensionArray):
        return X.take(rows)
    return safe_indexing(X, rows)


def is_frame_table(X):
    """Check for a table of :meth:`FrameSequence.to_table`."""
    return isinstance(X, pd.DataFrame) and X.index.names == ["clip", "time", "level"]


def _check_is_several(X, name):
    """Refuse a single item in place of a list of items."""
    is_sequence = isinstance(X, FrameSequence) and X.ndim == 2 and X.names is not None
    if is_path(X) or isinstance(X, (bytes, dict, set)) or is_sequence:
        what = "one sequence" if is_sequence else repr(X)
        raise ValueError(f"{name}: X is {what}. X must be a list with one item per clip.")


def _check_widths(sequences, name):
    """Refuse sequences with different numbers of columns."""
    width = sequences[0].shape[1]
    for position, sequence in enumerate(sequences):
        if sequence.shape[1] != width:
            raise ValueError(
                f"{name}: X[{position}] has {sequence.shape[1]} descriptors, X[0] has {width}. "
                "All clips need the same descriptors."
            )


def _unframe(X):
    """Return the items of a table that `set_output(transform="pandas")` made."""
    if is_frame_table(X):
        return FrameSequence.from_table(X)
    if isinstance(X, pd.DataFrame) and X.columns.tolist() == ["clip"]:
        return X["clip"].tolist()
    return X


def _is_list_of_items(X):
    """Check for a list of arrays or paths, as opposed to a numeric array."""
    if issparse(X) or isinstance(X, pd.DataFrame) or not hasattr(X, "__len__"):
        return False
    if isinstance(X, np.ndarray) and (X.ndim != 1 or X.dtype.kind not in "OUT"):
        return False
    if len(X) == 0:
        return not isinstance(X, np.ndarray)
    first = next(iter(X))
    is_text = pd.api.types.is_string_dtype(getattr(X, "dtype", None))
    is_list = isinstance(X, (list, tuple)) and any(is_path(item) for item in X)
    return is_text or is_list or is_path(first) or first is None or np.ndim(first) > 0


def _check_block(estimator, X, kind, reset, dtype):
    """Validate a 2-D array of clips, or a 2-D or 3-D one of sequences, with scikit-learn."""
    if kind == "sequences" and getattr(X, "ndim", 2) == 3:
        # n_features_in_ is not set, since the lengths of sequences may differ
        block = check_array(X, dtype=np.float32, allow_nd=True)
    else:
        block = validate_data(estimator, X, dtype=dtype, reset=reset)
        if kind == "sequences":
            block = block[:, :, np.newaxis]
    block = block.view(_CLASSES[kind])
    return block.tag_like(X) if isinstance(X, _CLASSES[kind]) else block


def _check_item(item, position, kind, name):
    if is_path(item):
        if kind == "paths":
            return item
        raise ValueError(
            f"{name}: X[{position}] is a path ({str(item)!r}), but {kind} are needed. "
            "Put an AudioLoader before it."
        )
    if np.ndim(item) == 0:
        raise ValueError(f"{name}: X[{position}] is {item!r}, which is not a clip.")
    array = np.asanyarray(item)
    if np.iscomplexobj(array):
        raise ValueError(f"{name}: X[{position}] is complex. Complex data not supported.")
    array = array.astype(np.float32, copy=False)
    if not isinstance(array, _CLASSES[kind]):
        array = array.view(_CLASSES[kind])
    if kind == "sequences" and array.ndim == 1:
        array = array[:, np.newaxis]
    if array.ndim != _AXES[kind]:
        raise ValueError(
            f"{name}: X[{position}] has {array.ndim} axes. One of the {kind} has "
            f"{_AXES[kind]}; pass a list with one array per clip."
        )
    if not np.isfinite(np.sum(array, dtype=np.float64)):
        raise ValueError(f"{name}: X[{position}] contains NaN or infinity. Remove the clip.")
    return array
