"""The base of every stateless step, which transforms one clip at a time."""

import warnings
from abc import ABC, abstractmethod
from collections.abc import Sequence
from numbers import Integral
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, TransformerMixin

from sk_ser._arrays import Clip
from sk_ser._compat import CachedParamNames, output_container
from sk_ser._containers import check_items, is_frame_table, is_path, pack
from sk_ser.exceptions import AudioError, AudioWarning

#: Remedy for a programmer whose loader raises on a file that has no remedy of its own.
_REMEDY = 'Remove the file or pass on_error="skip".'


class CheckedParams:
    """Mixin that validates parameters, and words the errors alike."""

    def check(self, name: str, holds: bool, wanted: str) -> None:
        """Raise ValueError about a parameter unless `holds`.

        Parameters
        ----------
        name : str
            Name of the parameter.
        holds : bool
            Whether its value is valid.
        wanted : str
            The valid values, such as ``"> 0 Hz"``.
        """
        if not holds:
            value = getattr(self, name)
            raise ValueError(f"{type(self).__name__}: {name}={value!r} must be {wanted}.")

    def check_whole(self, name: str, least: int, unit: str = "") -> None:
        """Raise ValueError unless a parameter is a whole number of at least `least`."""
        value = getattr(self, name)
        is_whole = isinstance(value, Integral) and not isinstance(value, bool) and value >= least
        self.check(name, is_whole, f"a whole number{unit} >= {least}")

    def check_some_of(self, name: str, known: Sequence[str]) -> None:
        """Raise ValueError unless a parameter is a sequence of some of the known names."""
        value = getattr(self, name)
        is_sequence = not isinstance(value, str) and len(value) > 0
        self.check(name, is_sequence and set(value) <= set(known), f"a sequence of some of {known}")


class ClipwiseTransformer(CheckedParams, CachedParamNames, TransformerMixin, BaseEstimator, ABC):
    """Transformer whose result for a clip depends on that clip alone.

    It learns nothing and cannot leak, so it may be a step of a
    :class:`~sk_ser.features.ClipPipeline`.

    A subclass stores its parameters in ``__init__`` and implements :meth:`transform_clip`.
    It sets the class attribute `takes` to "paths", "clips" (the default) or "sequences".
    If its columns are not those of its input, it implements :meth:`get_feature_names_out`;
    if its parameters have a range, :meth:`check_params`.

    Attributes
    ----------
    n_features_in_ : int
        Number of samples, or frames, of each clip, if `fit` saw a 2-D array.
    descriptor_names_in_ : ndarray of shape (n_descriptors,)
        Names of the descriptors that `fit` saw, if it takes sequences; ``x0``, … if they had
        none.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.features import ClipwiseTransformer
    >>> class Rectifier(ClipwiseTransformer):
    ...     '''Replace amplitudes by their absolute values.'''
    ...
    ...     def transform_clip(self, clip):
    ...         return np.abs(clip)
    >>> Rectifier().fit_transform([np.array([0.5, -0.25])]).tolist()
    [[0.5, 0.25]]
    """

    takes = "clips"

    def fit(self, X: ArrayLike, y: ArrayLike | None = None) -> Self:
        """Validate X and the parameters, and store names. Nothing is learnt.

        Parameters
        ----------
        X : array-like of length n_clips
            One item per clip.
        y : None
            Ignored.

        Returns
        -------
        self
        """
        self.check_params()
        first = check_items(self, X, self.takes, reset=True)[0]
        if self.takes == "sequences":
            self.descriptor_names_in_ = np.array(names_of(first), dtype=object)
        return self

    def transform(self, X: ArrayLike) -> ArrayLike:
        """Transform each clip.

        Parameters
        ----------
        X : array-like of length n_clips
            One item per clip.

        Returns
        -------
        list of ndarray, or ndarray
            One result per clip; a single array if all are equally long. A 2-D array always
            yields an array, of objects if lengths differ.
        """
        self.check_params()
        items = check_items(self, X, self.takes)
        outcomes = [run_clip([self], item, position) for position, item in enumerate(items)]
        problems = [problem for _, problem in outcomes if problem]
        settle_problems(problems, getattr(self, "on_error", "raise"))
        return contain(self, [result for result, _ in outcomes], X)

    @abstractmethod
    def transform_clip(self, item: ArrayLike | str | Path) -> np.ndarray:
        """Transform one path, clip or sequence."""

    def check_params(self) -> None:
        """Validate the parameters; raise ValueError. The default accepts all."""

    def get_feature_names_out(self, input_features: ArrayLike | None = None) -> np.ndarray:
        """Name the columns: those of the sequences, or "clip".

        Parameters
        ----------
        input_features : array-like of str, default=None
            Names of the descriptors. None takes those that `fit` saw.

        Returns
        -------
        ndarray of shape (n_columns,)
        """
        if self.takes != "sequences":
            return np.array(["clip"], dtype=object)
        if input_features is None:
            input_features = getattr(self, "descriptor_names_in_", ["x0"])
        return np.asarray(input_features, dtype=object)

    def __sklearn_is_fitted__(self):
        return True

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        tags.input_tags.two_d_array = True
        tags.input_tags.three_d_array = self.takes == "sequences"
        tags.input_tags.string = self.takes == "paths"
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags


def names_of(sequence):
    """List the names of the columns; x0 and so on, if they have none."""
    return sequence.names or [f"x{number}" for number in range(sequence.shape[1])]


def columns_of(estimator, sequence):
    """Find the columns whose names begin with one of the prefixes of an estimator.

    Parameters
    ----------
    estimator : estimator
        Its `prefixes` are a sequence of str, or None for all columns.
    sequence : FrameSequence of shape (n_frames, n_descriptors)

    Returns
    -------
    ndarray of int

    Raises
    ------
    ValueError
        If there is no such column.
    """
    names, prefixes = names_of(sequence), estimator.prefixes
    if prefixes is None:
        return np.arange(len(names))
    columns = np.flatnonzero([name.startswith(tuple(prefixes)) for name in names])
    if len(columns) == 0:
        known = ", ".join(sequence.names[:5]) if sequence.names else "they have none"
        raise ValueError(
            f"{type(estimator).__name__}: prefixes={prefixes!r} match none of the descriptors' "
            f"names ({known}). Use others, or None."
        )
    return columns


def contain(estimator, results, X):
    """Pack results, into a table if ``set_output(transform="pandas")`` asks for one.

    scikit-learn makes the tables of vectors. Clips and sequences are ragged and have tables of
    their own: a column of clips, or one row per frame.
    """
    wanted = output_container(estimator)
    if wanted != "default" and hasattr(results[0], "to_table"):
        return results[0].to_table(results, _index_of(X))
    rows, index = pack(results), _index_of(X)
    if wanted == "pandas" and index is not None:
        # scikit-learn would index the rows by frame, or not at all
        return pd.DataFrame(rows, index=index)
    is_block = isinstance(X, np.ndarray) and X.ndim > 1
    return _as_objects(rows) if is_block and isinstance(rows, list) else rows


def _as_objects(items):
    """Put items of different lengths into an array of objects."""
    array = np.empty(len(items), dtype=object)
    for position, item in enumerate(items):
        array[position] = item
    return array


def _index_of(X):
    """Return the index of X, or None."""
    if is_frame_table(X):
        return X.index.unique("clip")
    index = getattr(X, "index", None)
    return None if callable(index) else index


def run_steps(steps, item):
    """Run one item through stateless steps, of this package or another."""
    for step in steps:
        is_clipwise = hasattr(step, "transform_clip")
        item = step.transform_clip(item) if is_clipwise else _run_other(step, item)
    return item


def _run_other(step, item):
    """Run one item through a step of another package, and keep the item's attributes."""
    batch = np.asarray(item)[np.newaxis]
    unreadable = batch.ndim == 2 and batch.size > 0 and np.isnan(batch).all()
    result = np.asarray(step.transform(np.zeros_like(batch) if unreadable else batch))[0]
    if unreadable:
        return np.full(result.shape, np.nan, np.float32)
    if hasattr(item, "tag_like") and result.shape == item.shape:
        return result.astype(np.float32, copy=False).view(type(item)).tag_like(item)
    return result


def run_clip(steps, item, position, *, catch=AudioError):
    """Run one item through stateless steps, and return its error where it fails.

    Parameters
    ----------
    steps : sequence of transformers
        Of this package, or any other that need no fit.
    item : str, Path or ndarray
        One item of X.
    position : int
        Its position in X, which names it where it has no path.
    catch : type, default=AudioError
        Errors that are returned; ``Exception`` for all. Others are raised.

    Returns
    -------
    result : ndarray or None
        Result of the last step; that of an empty clip, if the item cannot be read and the
        first step's ``on_error`` permits it.
    problem : Exception or None
        The error. Of an :class:`~sk_ser.exceptions.AudioError` the path is the item, or
        ``X[position]``.
    """
    try:
        return run_steps(steps, item), None
    except AudioError as error:
        problem = error.at(item if is_path(item) else f"X[{position}]").with_traceback(None)
        is_fatal = getattr(steps[0], "on_error", "raise") == "raise"
        return None if is_fatal else run_steps(steps[1:], Clip(np.empty(0))), problem
    except Exception as error:
        if isinstance(error, catch):
            # a traceback would keep the clip in memory
            return None, error.with_traceback(None)
        error.add_note(f"This was clip {position} of X{f', {item}' if is_path(item) else ''}.")
        raise


def settle_problems(problems, on_error):
    """Raise, warn of or skip the errors of clips.

    Parameters
    ----------
    problems : list of AudioError
        From :func:`run_clip`.
    on_error : {"raise", "warn", "skip"}
        The error that is raised, and the warning, name every clip.
    """
    if not problems or on_error == "skip":
        return
    report = "\n".join([f"{len(problems)} clip(s) cannot be read:", *map(str, problems)])
    if on_error == "warn":
        warnings.warn(report, AudioWarning, stacklevel=3)
    elif len(problems) > 1:
        raise AudioError(report.removesuffix("."), remedy=_REMEDY)
    else:
        (one,) = problems
        error = AudioError(one.reason, path=one.path, remedy=one.remedy or _REMEDY)
        raise error from one.__cause__


def message_of(error):
    """Describe the error of a clip for a table that names the clip beside it.

    Parameters
    ----------
    error : Exception
        From :func:`run_clip`.

    Returns
    -------
    str
        Reason and remedy of an AudioError, without the path; class and text of any other.
    """
    if isinstance(error, AudioError):
        return error.message
    return f"{type(error).__name__}: {error}"
