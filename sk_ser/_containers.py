"""Convert X of any container to a list of items, and results back to a container.

Paths, clips and sequences come in several containers (lists, NumPy arrays, pandas columns).
Every transformer passes them to :func:`check_items` and its results to :func:`pack`, so that
all containers behave alike.
"""

import os
import warnings
from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.sparse import issparse
from sklearn.utils.validation import check_array, validate_data

from sk_ser._arrays import BEYOND_SCALE, Clip, FrameSequence, scale_problem, to_amplitudes
from sk_ser._bounds import SHORTEST
from sk_ser._compat import safe_indexing
from sk_ser.exceptions import AudioWarning

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
        block = _check_block(estimator, X, kind, reset, dtype)
        if kind != "sequences":
            _check_axes(block, name)
            _warn_of_scale(block, name)
        return list(block)
    items = [_unpack(item) for item in X]
    if items and kind == "paths" and all(isinstance(item, str) for item in items):
        return items
    if not items:
        raise ValueError(
            f"{name}: found array with 0 sample(s): X is empty. Pass at least one clip."
        )
    items = [_check_item(item, position, kind, name) for position, item in enumerate(items)]
    if kind == "sequences":
        _check_widths(items, name)
    else:
        _warn_of_scale([item for item in items if not is_path(item)], name)
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
    if isinstance(X, Iterator):
        raise ValueError(f"{name}: X is a {type(X).__name__}, which ends. Pass list(X).")
    if isinstance(X, np.ndarray) and X.ndim == 1 and X.dtype.kind in "fiu" and X.size:
        # scikit-learn's words for any estimator, before those for clips
        raise ValueError(
            f"{name}: Expected 2D array, got 1D array instead: X is one waveform of {len(X)} "
            "samples. Reshape your data: pass [X], a list with one item per clip."
        )


def _check_axes(block, name):
    """Refuse samples in rows in place of clips in rows."""
    shortest = SHORTEST * block.sampling_rate
    n_rows, n_columns = block.shape
    if n_columns < shortest <= n_rows:
        raise ValueError(
            f"{name}: X has {n_rows} rows of {n_columns} samples each, which are shorter than "
            f"{SHORTEST} s. Is it transposed? Pass a list of clips; of one recording with several "
            "channels [X[:, 0]], or its path."
        )


def _warn_of_scale(clips, name):
    """Warn of samples far beyond full scale."""
    for position, clip in enumerate(clips):
        peak = max(clip.max(initial=0.0), -clip.min(initial=0.0))
        if peak > BEYOND_SCALE:
            message = f"{name}: X[{position}]: {scale_problem(peak)}"
            warnings.warn(message, AudioWarning, stacklevel=4)
            return


def _unpack(item):
    """Return a clip for a dict of the library datasets, with samples and sampling rate."""
    if isinstance(item, dict) and {"array", "sampling_rate"} <= item.keys():
        return Clip(item["array"], item["sampling_rate"])
    return item


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
    if type(X).__module__.partition(".")[0] == "polars":
        # a frame of one column, or a column
        X = X.to_pandas() if hasattr(X, "columns") else X.to_list()
    if isinstance(X, pd.DataFrame) and X.shape[1] == 1:
        column = X.iloc[:, 0]
        holds_items = column.dtype == object or pd.api.types.is_string_dtype(column.dtype)
        return column.tolist() if holds_items else X
    if isinstance(X, np.ndarray) and X.ndim == 2 and X.shape[1] == 1 and X.dtype.kind in "OUT":
        first = X.flat[0] if X.size else None
        return X[:, 0] if is_path(first) or np.ndim(first) else X
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
    is_item = is_path(first) or isinstance(first, dict) or first is None or np.ndim(first) > 0
    return is_text or is_list or is_item


def _check_block(estimator, X, kind, reset, dtype):
    """Validate a 2-D array of clips, or a 2-D or 3-D one of sequences, with scikit-learn."""
    if kind == "sequences" and getattr(X, "ndim", 2) == 3:
        # n_features_in_ is not set, since the lengths of sequences may differ
        block = check_array(X, dtype=np.float32, allow_nd=True)
    else:
        if kind != "sequences" and isinstance(X, np.ndarray) and X.dtype.kind in "iu":
            X = to_amplitudes(X)
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
    array = array.astype(np.float32, copy=False) if kind == "sequences" else to_amplitudes(array)
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
