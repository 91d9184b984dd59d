"""The base of every stateless step: it sees one clip at a time and learns nothing."""

import warnings
from functools import cache

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils._set_output import _get_output_config

from sk_ser._arrays import Clip
from sk_ser._containers import check_items, is_frame_table, is_path, pack
from sk_ser.exceptions import AudioError, AudioWarning


class KnowsItsParameters:
    """Mixin that reads the names of a class's parameters once.

    scikit-learn reads the signature whenever it clones or sets parameters: for a front
    end of many descriptors, thousands of times in a search.
    """

    @classmethod
    @cache
    def _get_param_names(cls):
        return super()._get_param_names()


class ClipwiseTransformer(KnowsItsParameters, TransformerMixin, BaseEstimator):
    """Transformer whose result for a clip depends on that clip alone.

    A subclass stores its parameters in ``__init__``, says in `_takes` what its X
    holds, and implements :meth:`transform_clip` and ``get_feature_names_out``. It
    can neither learn nor leak, so a :class:`~sk_ser.features.ClipPipeline` may
    hold it.
    """

    _takes = "clips"

    def fit(self, X, y=None):
        """Check X and the parameters, and note names; there is nothing to learn.

        Parameters
        ----------
        X : array-like of length n_clips
            One item a clip.
        y : None
            Ignored.

        Returns
        -------
        self
        """
        self.check_params()
        first = check_items(self, X, self._takes, reset=True)[0]
        if self._takes == "sequences":
            names = first.names or [f"x{number}" for number in range(first.shape[1])]
            self.descriptor_names_in_ = np.array(names, dtype=object)
        return self

    def transform(self, X):
        """Transform each clip by itself.

        Parameters
        ----------
        X : array-like of length n_clips
            One item a clip.

        Returns
        -------
        list of ndarray, or ndarray
            One result a clip, in one array where all are equally long. Of a 2-D array,
            an array is always made: one of objects, where lengths differ.
        """
        self.check_params()
        items = check_items(self, X, self._takes)
        return contain(self, [self.transform_clip(item) for item in items], X)

    def check_params(self):
        """Raise ValueError on a parameter that cannot be; the default has none."""

    def check(self, name, holds, wanted):
        """Raise ValueError on the named parameter unless it holds."""
        if not holds:
            value = getattr(self, name)
            raise ValueError(f"{type(self).__name__}: {name}={value!r} must be {wanted}.")

    def __sklearn_is_fitted__(self):
        return True

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        tags.input_tags.two_d_array = True
        tags.input_tags.three_d_array = self._takes == "sequences"
        tags.input_tags.string = self._takes == "paths"
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags


def contain(estimator, results, X):
    """Pack results, as a table where ``set_output(transform="pandas")`` asks for one.

    Vectors are left to scikit-learn. Clips and sequences are ragged, so they make
    tables of their own: a column of clips, or a row a frame.
    """
    wanted = _get_output_config("transform", estimator)["dense"]
    if wanted != "default" and hasattr(results[0], "to_table"):
        return results[0].to_table(results, _index_of(X))
    rows, index = pack(results), _index_of(X)
    if wanted == "pandas" and index is not None:
        # scikit-learn would give each clip's row the index of a frame, or none
        return pd.DataFrame(rows, index=index)
    is_block = isinstance(X, np.ndarray) and X.ndim > 1
    return _as_objects(rows) if is_block and isinstance(rows, list) else rows


def _as_objects(items):
    """Keep items of different lengths in an array of objects: of an array, an array is made."""
    array = np.empty(len(items), dtype=object)
    for position, item in enumerate(items):
        array[position] = item
    return array


def _index_of(X):
    """Labels of the clips of X, where it has labels."""
    if is_frame_table(X):
        return X.index.unique("clip")
    index = getattr(X, "index", None)
    return None if callable(index) else index


def run_steps(steps, item):
    """Take one item through stateless steps, of this package or another."""
    for step in steps:
        if hasattr(step, "transform_clip"):
            item = step.transform_clip(item)
        else:
            item = _run_other(step, item)
    return item


def _run_other(step, item):
    """Take one item through a step of another package, which knows nothing of its tags."""
    batch = np.asarray(item)[np.newaxis]
    unreadable = batch.ndim == 2 and batch.size > 0 and np.isnan(batch).all()
    result = np.asarray(step.transform(np.zeros_like(batch) if unreadable else batch))[0]
    if unreadable:
        return np.full(result.shape, np.nan, np.float32)
    if hasattr(item, "tag_like") and result.shape == item.shape:
        return result.astype(np.float32, copy=False).view(type(item)).tag_like(item)
    return result


def run_clip(steps, item, position, compute=None, catch=AudioError):
    """Take one item through stateless steps, whether it can be read or not.

    Parameters
    ----------
    steps : sequence of transformers
        Of this package, or any other that need no fit.
    item : str, Path or ndarray
        One item of X.
    position : int
        Its place in X, to name it by where it has no path.
    compute : callable, default=None
        What to call on the item in place of ``run_steps(steps, item)``.
    catch : type, default=AudioError
        Which errors are the clip's own; ``Exception`` for all of them. Others are raised.

    Returns
    -------
    result : ndarray or None
        What the last step makes of the item; of an empty clip, where it cannot be read
        and the first step's ``on_error`` lets that pass.
    problem : str or None
        What was wrong with the item.
    """
    try:
        return (compute(item) if compute else run_steps(steps, item)), None
    except AudioError as error:
        problem = str(error) if is_path(item) else f"X[{position}]: {error}"
        is_fatal = getattr(steps[0], "on_error", "raise") == "raise"
        return None if is_fatal else run_steps(steps[1:], Clip(np.empty(0))), problem
    except Exception as error:
        if isinstance(error, catch):
            return None, f"{type(error).__name__}: {error}"
        error.add_note(f"This was clip {position} of X{f', {item}' if is_path(item) else ''}.")
        raise


def settle_problems(problems, on_error):
    """Raise, warn of or pass over what went wrong, naming every clip."""
    if not problems or on_error == "skip":
        return
    report = "\n".join([f"{len(problems)} clip(s) cannot be read:", *problems])
    if on_error == "raise":
        raise AudioError(problems[0] if len(problems) == 1 else report)
    warnings.warn(report, AudioWarning, stacklevel=3)
