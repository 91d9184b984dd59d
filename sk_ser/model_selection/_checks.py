"""Checks of the input of an evaluation; each error names the fault and the remedy."""

import warnings
from collections.abc import Mapping
from numbers import Integral
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from sklearn.utils import indexable
from sklearn.utils.multiclass import type_of_target

#: Plurals that are not the singular and an s.
_PLURALS = {"corpus": "corpora"}


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
    y, groups, metadata : array-like
        As of :func:`check_labels`, :func:`check_groups` and :func:`check_metadata`.

    Returns
    -------
    Clips
        X as something that can be indexed, the others as these functions return them.
    """
    (X,) = indexable(X)
    # a sparse matrix has no length
    n_clips = X.shape[0] if hasattr(X, "shape") else len(X)
    labels, speakers = check_labels(y, n_clips), check_groups(groups, n_clips)
    return Clips(X, labels, speakers, check_metadata(metadata, n_clips))


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
    found = np.unique(y)
    if len(found) < 2:
        raise ValueError(
            f"y: all {n_clips} clips are {found[0].item()!r}. A comparison needs at least two "
            "classes."
        )
    return y


def check_groups(groups, n_clips):
    """Speakers as a 1-D array, as many as there are clips and none missing.

    Parameters
    ----------
    groups : array-like of shape (n_clips,) or None
        Speaker of each clip.
    n_clips : int
        Length of X.

    Returns
    -------
    ndarray of shape (n_clips,) or None
        The speakers; None if there were none.

    Raises
    ------
    ValueError
        If lengths differ, or speakers are missing.
    """
    return None if groups is None else one_per_clip(groups, "groups", "speaker", n_clips)


def check_metadata(metadata, n_clips):
    """Further columns for each clip, as many rows as there are clips.

    Parameters
    ----------
    metadata : DataFrame, dict of str to array-like, or None
        Such as a corpus's ``frame``.
    n_clips : int
        Length of X.

    Returns
    -------
    DataFrame, dict or None
        The same. The values of a column are checked when a protocol reads it.

    Raises
    ------
    TypeError
        If its columns have no names.
    ValueError
        If lengths differ.
    """
    if metadata is None or isinstance(metadata, Mapping):
        return metadata
    if not hasattr(metadata, "columns"):
        raise TypeError(
            f"metadata is a {type(metadata).__name__}, whose columns have no names. Pass a "
            "DataFrame, such as corpus.frame, or a dict of columns."
        )
    if len(metadata) != n_clips:
        raise ValueError(
            f"metadata holds {len(metadata)} rows and X holds {n_clips} clips. Pass one row for "
            "each clip, in the same order."
        )
    return metadata


def take_column(metadata, name, n_clips, *, protocol):
    """One column of the metadata, with none of its values missing.

    Parameters
    ----------
    metadata : DataFrame, dict or None
        As :func:`check_metadata` returned it.
    name : str
        The column.
    n_clips : int
        Length of X.
    protocol : str
        The protocol that reads it.

    Returns
    -------
    ndarray of shape (n_clips,)
        The values.

    Raises
    ------
    ValueError
        If there is no such column, or values are missing.
    """
    columns = () if metadata is None else getattr(metadata, "columns", metadata)
    known = [str(column) for column in columns]
    if name not in known:
        has = f"metadata has no column {name!r} (it has {', '.join(known)})"
        raise ValueError(
            f"protocol {protocol!r} needs the {name} of each clip, and "
            f"{'metadata is None' if metadata is None else has}. Pass a DataFrame with a column "
            f"{name!r}, such as metadata=corpus.frame."
        )
    return one_per_clip(metadata[name], f"metadata[{name!r}]", name, n_clips)


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
    raw, several = np.asarray(values, dtype=object), _PLURALS.get(what, f"{what}s")
    if raw.ndim != 1:
        raise ValueError(
            f"{argument}: its shape is {raw.shape}. Pass one {what} a clip, a 1-D sequence."
        )
    if len(raw) != n_clips:
        raise ValueError(
            f"{argument} holds {len(raw)} {several} and X holds {n_clips} clips. "
            f"Pass one {what} for each clip, in the same order."
        )
    missing = np.flatnonzero(pd.isna(raw))
    if len(missing):
        raise ValueError(
            f"{argument}: {len(missing)} of {n_clips} {several} are missing (None or NaN), the "
            f"first at position {missing[0]}. Leave those clips out, or fill in the values."
        )
    kinds = {str if isinstance(value, str) else float for value in raw}
    if len(kinds) > 1:
        raise ValueError(f"{argument}: text and numbers are mixed. Write every {what} one way.")
    return np.array(raw.tolist())


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
