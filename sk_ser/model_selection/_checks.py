"""What an evaluation asks of its input, each fault with a name and a remedy."""

import warnings
from collections.abc import Mapping

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline
from sklearn.utils.multiclass import type_of_target


class EvaluationWarning(UserWarning):
    """A score is defined, and says less than it seems to; the message says why."""


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
    y = _one_per_clip(y, "y", "label", n_clips)
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
    return None if groups is None else _one_per_clip(groups, "groups", "speaker", n_clips)


def check_metadata(metadata, n_clips):
    """Metadata as a table with a row a clip.

    Parameters
    ----------
    metadata : DataFrame or None
        What is known of each clip.
    n_clips : int
        Length of X.

    Returns
    -------
    DataFrame or None
        The same.

    Raises
    ------
    TypeError
        If it is no table.
    ValueError
        If lengths differ.
    """
    if metadata is not None and not isinstance(metadata, pd.DataFrame):
        raise TypeError(
            f"metadata is a {type(metadata).__name__}. Pass a DataFrame with a row a clip, as a "
            "corpus's frame is."
        )
    if metadata is not None and len(metadata) != n_clips:
        raise ValueError(
            f"metadata holds {len(metadata)} rows and X holds {n_clips} clips. Pass one row for "
            "each clip, in the same order."
        )
    return metadata


def _one_per_clip(values, argument, what, n_clips):
    # pandas looks for None and NaN before NumPy turns them into the text "nan".
    raw = np.asarray(values, dtype=object)
    if raw.ndim != 1:
        raise ValueError(
            f"{argument}: its shape is {raw.shape}. Pass one {what} a clip, a 1-D sequence."
        )
    if len(raw) != n_clips:
        raise ValueError(
            f"{argument} holds {len(raw)} {what}s and X holds {n_clips} clips. "
            f"Pass one {what} for each clip, in the same order."
        )
    missing = np.flatnonzero(pd.isna(raw))
    if len(missing):
        raise ValueError(
            f"{argument}: {len(missing)} of {n_clips} {what}s are missing (None or NaN), the "
            f"first at position {missing[0]}. Leave those clips out, or say what they are."
        )
    kinds = {str if isinstance(value, str) else float for value in raw}
    if len(kinds) > 1:
        raise ValueError(f"{argument}: text and numbers are mixed. Write every {what} one way.")
    return np.array(raw.tolist())


def check_estimators(estimators):
    """Estimators by name, however they were given.

    Parameters
    ----------
    estimators : estimator, list of (str, estimator), or dict
        One that has no name gets its class's, a pipeline its last step's.

    Returns
    -------
    dict of str to estimator
        In the order given.

    Raises
    ------
    ValueError
        If there are none, or two have one name.
    TypeError
        If one cannot be fitted or cannot predict.
    """
    if hasattr(estimators, "fit"):
        last = estimators.steps[-1][1] if isinstance(estimators, Pipeline) else estimators
        estimators = {type(last).__name__: estimators}
    if not isinstance(estimators, Mapping):
        estimators = _from_pairs(estimators)
    if not estimators:
        raise ValueError("estimators is empty. Pass at least one.")
    for name, estimator in estimators.items():
        if isinstance(estimator, type) or not all(
            hasattr(estimator, method) for method in ("fit", "predict", "get_params")
        ):
            raise TypeError(
                f"estimators: {name!r} is {estimator!r}, which lacks fit, predict or get_params. "
                "Pass an instance of a scikit-learn classifier."
            )
    return dict(estimators)


def _from_pairs(estimators):
    try:
        pairs = [(name, estimator) for name, estimator in estimators]
        names = [name for name, _ in pairs]
        if not all(isinstance(name, str) for name in names):
            raise TypeError
    except TypeError as error:
        raise TypeError(
            f"estimators is {estimators!r}. Pass one estimator, a list of (name, estimator), "
            "or a dict."
        ) from error
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise ValueError(f"estimators: two are called {twice[0]!r}. Give each its own name.")
    return dict(pairs)


def warn(messages):
    """Say each of `messages` once, where the caller of the public function stands.

    Parameters
    ----------
    messages : sequence of str
        What is to be said.
    """
    for message in messages:
        warnings.warn(message, EvaluationWarning, stacklevel=3)
