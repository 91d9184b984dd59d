"""Checks of the input of an evaluation; each error names the fault and the remedy."""

import warnings
from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from sklearn.utils import indexable
from sklearn.utils.multiclass import type_of_target

from sk_ser._speakers import find_speaker_fault


class EvaluationWarning(UserWarning):
    """A score is defined but must be read with care, for the reason given."""


class Clips(NamedTuple):
    """What is known of the clips of an evaluation, as :func:`check_clips` returns it."""

    X: Any
    y: np.ndarray
    groups: np.ndarray | None
    metadata: Any = None


def check_clips(X, y, groups, metadata=None):
    """Check all that is known of the clips.

    Parameters
    ----------
    X : array-like of shape (n_clips, ...)
        Clips.
    y : array-like of shape (n_clips,)
        Labels of at least two classes.
    groups : array-like of shape (n_clips,) or None
        Speakers.
    metadata : DataFrame, dict of str to array-like, or None, default=None
        Further columns. The values of a column are checked when a protocol reads it.

    Returns
    -------
    Clips
        X as something that can be indexed, y and groups as arrays.

    Raises
    ------
    ValueError
        If lengths differ, values are missing, or labels are not classes.
    TypeError
        If the columns of the metadata have no names.
    """
    (X,) = indexable(X)
    # a sparse matrix has no length
    n_clips = X.shape[0] if hasattr(X, "shape") else len(X)
    y = check_labels(y, n_clips)
    if groups is not None:
        groups = one_per_clip(groups, "groups", "speaker", n_clips)
        fault = find_speaker_fault(groups)
        if fault:
            raise ValueError(f"groups: {fault}")
    if metadata is not None and not isinstance(metadata, Mapping):
        if not hasattr(metadata, "columns"):
            raise TypeError(
                f"metadata is a {type(metadata).__name__}, whose columns have no names. Pass a "
                "DataFrame, such as corpus.frame, or a dict of columns."
            )
        _check_length(metadata, "metadata", "row", n_clips)
    return Clips(X, y, groups, metadata)


def check_labels(y, n_clips):
    """Labels as a 1-D array, as many as there are clips and none missing.

    Parameters
    ----------
    y : array-like of shape (n_clips,)
        Labels.
    n_clips : int
        Length of X.

    Returns
    -------
    ndarray of shape (n_clips,)
        The labels.

    Raises
    ------
    ValueError
        If lengths differ, labels are missing, or they are not classes.
    """
    y = one_per_clip(y, "y", "label", n_clips)
    if type_of_target(y) not in ("binary", "multiclass"):
        raise ValueError(
            f"y: its values are {type_of_target(y)}, not classes. Pass one label a clip, "
            "text or whole numbers."
        )
    return check_several(y, "y", "label")


def check_several(values, argument, what, otherwise=""):
    """Refuse values that are all the same.

    Parameters
    ----------
    values : ndarray of shape (n_clips,)
        Such as speakers.
    argument, what : str
        Name of the argument or of what needs several, and of one value, for errors.
    otherwise : str, default=""
        What the user can do but add clips, for errors.

    Returns
    -------
    ndarray of shape (n_clips,)
        The same.
    """
    if len(np.unique(values)) < 2:
        raise ValueError(
            f"{argument}: all clips have the {what} {values[0].item()!r}, and at least two "
            f"{_plural(what)} are needed. Add clips of another{otherwise}."
        )
    return values


def one_per_clip(values, argument, what, n_clips):
    """Values as a 1-D array, as many as there are clips and none missing.

    Parameters
    ----------
    values : array-like of shape (n_clips,)
        Text or numbers.
    argument, what : str
        Name of the argument and of one value, for errors.
    n_clips : int
        Length of X.

    Returns
    -------
    ndarray of shape (n_clips,)
        The values.

    Raises
    ------
    ValueError
        If lengths differ, values are missing, or text and numbers are mixed.
    """
    # pandas looks for None and NaN before NumPy turns them into the text "nan".
    raw = np.asarray(values, dtype=object)
    if raw.ndim != 1:
        raise ValueError(
            f"{argument}: its shape is {raw.shape}. Pass one {what} a clip, a 1-D sequence."
        )
    _check_length(raw, argument, what, n_clips)
    missing = np.flatnonzero(pd.isna(raw))
    if len(missing):
        raise ValueError(
            f"{argument}: {len(missing)} of {n_clips} {_plural(what)} are missing (None or NaN), "
            f"the first at position {missing[0]}. Leave those clips out, or fill in the values."
        )
    if len({isinstance(value, str) for value in raw}) > 1:
        raise ValueError(f"{argument}: text and numbers are mixed. Write every {what} one way.")
    return np.array(raw.tolist())


def _check_length(values, argument, what, n_clips):
    if len(values) != n_clips:
        raise ValueError(
            f"{argument} holds {len(values)} {_plural(what)} and X holds {n_clips} clips. "
            f"Pass one {what} for each clip, in the same order."
        )


def _plural(what):
    return "corpora" if what == "corpus" else f"{what}s"


def refuse_unknown_speakers(predictions, purpose):
    """Refuse predictions of a comparison that was made without speakers."""
    if predictions["speaker"].isna().any():
        raise ValueError(
            f"{purpose}: comparison has no speakers. Pass groups to compare_protocols."
        )


def refuse_repeats(names, argument):
    """Refuse a list in which a name occurs twice."""
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise ValueError(f"{argument}: two are called {twice[0]!r}. Give each its own name.")


def check_choice(name, value, choices):
    """Refuse an option that is not one of the choices."""
    if value not in choices:
        raise ValueError(f"{name}={value!r}: it must be one of {choices}.")


def check_share(name, value):
    """Refuse an option that is not between 0 and 1."""
    if not isinstance(value, Real) or not 0 < value < 1:
        raise ValueError(f"{name}={value!r}: it must be between 0 and 1.")


def check_whole_number(name, value, least):
    """Refuse an option that is not a whole number, or below the least."""
    if not isinstance(value, Integral) or value < least:
        raise ValueError(f"{name}={value!r}: it must be a whole number from {least}.")


def warn(messages):
    """Warn of each of `messages`, at the caller of the public function.

    Parameters
    ----------
    messages : sequence of str
        Texts of the warnings.
    """
    for message in messages:
        warnings.warn(message, EvaluationWarning, stacklevel=3)
