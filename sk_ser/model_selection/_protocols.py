"""Evaluation protocols: a name, and the folds drawn for it."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.model_selection import check_cv

from sk_ser._random import draw_seed
from sk_ser.model_selection._checks import check_clips, refuse_repeats, warn
from sk_ser.model_selection._fold_facts import add_facts
from sk_ser.model_selection._named_protocols import plan_protocol
from sk_ser.model_selection._protocol_plan import ProtocolData
from sk_ser.model_selection._speaker_folds import SpeakerFolds
from sk_ser.model_selection._speaker_sentence_folds import SpeakerSentenceFolds


@dataclass
class Protocol:
    """Folds drawn for one set of clips.

    Parameters
    ----------
    name : str
        Its name in results.
    folds : list of (ndarray, ndarray)
        Indices of the training and of the test clips.
    notes : list of str
        What to know before quoting a number.
    faults : list of str
        Notes that are also warned of.
    """

    name: str
    folds: list
    notes: list = field(default_factory=list)
    faults: list = field(default_factory=list)


def draw_folds(
    protocol: object,
    X: ArrayLike,
    y: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    n_splits: int = 5,
    random_state: int | np.random.RandomState | None = None,
    metadata: pd.DataFrame | None = None,
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Draw the folds of one protocol.

    They are the folds of :func:`~sk_ser.model_selection.compare_protocols` and
    :func:`~sk_ser.model_selection.cross_predict` for the same arguments.

    Parameters
    ----------
    protocol : str, splitter, or other folds
        One protocol, as ``compare_protocols`` takes it.
    X : array-like of shape (n_clips, ...)
        Clips.
    y : array-like of shape (n_clips,)
        Emotions.
    groups : array-like of shape (n_clips,), default=None
        Speaker of each clip.
    n_splits : int, default=5
        Folds of a named protocol.
    random_state : int, RandomState instance or None, default=None
        Seed of protocols that shuffle.
    metadata : DataFrame or dict, default=None
        Columns that some protocols need, as for ``compare_protocols``.

    Returns
    -------
    list of (ndarray, ndarray)
        Indices of the training and of the test clips of each fold.

    Raises
    ------
    ValueError
        If the name is unknown or stands for several protocols, or if its folds cannot be
        drawn from this data.
    TypeError
        If something stands for no folds.

    Warns
    -----
    EvaluationWarning
        As ``compare_protocols``.

    Examples
    --------
    >>> from sk_ser.model_selection import draw_folds
    >>> y, speakers = ["angry", "calm"] * 3, ["a", "a", "b", "b", "c", "c"]
    >>> for train, test in draw_folds("leave-one-speaker-out", y, y, speakers):
    ...     print(train, test)
    [2 3 4 5] [0 1]
    [0 1 4 5] [2 3]
    [0 1 2 3] [4 5]
    """
    clips = check_clips(X, y, groups, metadata)
    drawn = draw_protocol(protocol, clips, n_splits=n_splits, seed=draw_seed(random_state))
    warn(drawn.faults)
    return drawn.folds


def draw_protocol(protocol, clips, *, n_splits, seed, name="protocol"):
    """Draw the folds of one protocol.

    Parameters
    ----------
    protocol : str, splitter, or other folds
        As :func:`draw_protocols` takes them.
    clips : Clips
        The clips.
    n_splits, seed : int
        As of :func:`draw_protocols`.
    name : str, default="protocol"
        What to call it, unless it has a name.

    Returns
    -------
    Protocol

    Raises
    ------
    ValueError
        If it stands for several protocols.
    """
    if isinstance(protocol, str) and name == "protocol":
        name = protocol
    drawn = draw_protocols({name: protocol}, clips, n_splits=n_splits, seed=seed)
    if len(drawn) > 1:
        raise ValueError(f"{protocol!r} stands for {len(drawn)} protocols. Pass one of them.")
    return drawn[0]


def draw_protocols(protocols, clips, *, n_splits, seed):
    """Draw the folds of each protocol.

    Parameters
    ----------
    protocols : str, sequence of str, or dict of str to object
        Names, or names with what they stand for, as
        :func:`~sk_ser.model_selection.compare_protocols` takes them.
    clips : Clips
        The clips.
    n_splits : int
        Folds of the named protocols.
    seed : int
        For the named protocols that shuffle.

    Returns
    -------
    list of Protocol
        In the order given; a name may stand for several.

    Raises
    ------
    ValueError
        If a name is unknown, or its folds cannot be drawn from this data.
    TypeError
        If something stands for no folds.
    """
    data = ProtocolData(clips.y, clips.groups, clips.metadata)
    drawn = []
    for given, value in _by_name(protocols).items():
        for name, plan in plan_protocol(given, value, data, n_splits, seed).items():
            plan.splitter = _as_splitter(name, plan.splitter)
            if isinstance(plan.splitter, SpeakerSentenceFolds) and np.ndim(plan.groups) < 2:
                plan.groups = _pair_with_sentences(replace(data, protocol=name))
            drawn.append(_draw(name, plan, clips))
            add_facts(drawn[-1], plan.splitter, clips)
    refuse_repeats([protocol.name for protocol in drawn], "protocols")
    return drawn


def _by_name(protocols):
    if not isinstance(protocols, Mapping):
        protocols = [protocols] if isinstance(protocols, str) else list(protocols)
        nameless = [protocol for protocol in protocols if not isinstance(protocol, str)]
        if nameless:
            raise TypeError(
                f"protocols holds {nameless[0]!r}, which has no name. Pass a dict: "
                'protocols={"random": "random", "mine": splitter}.'
            )
        protocols = dict(zip(protocols, protocols, strict=True))
    if not protocols:
        raise ValueError("protocols is empty. Pass at least one.")
    return protocols


def _pair_with_sentences(data):
    """Make groups of two columns, as SpeakerSentenceFolds takes them."""
    pairs = np.empty((len(data.y), 2), dtype=object)
    pairs[:, 0], pairs[:, 1] = data.speakers(), data.several("sentence")
    return pairs


def _as_splitter(name, value):
    if hasattr(value, "split"):
        return value
    if isinstance(value, Mapping):
        return SpeakerFolds(value)
    try:
        parts = list(value)
    except TypeError as error:
        raise TypeError(
            f"protocol {name!r} is {value!r}. Pass a name, a splitter, (train, test) index "
            "pairs, a set of speakers for each fold, or the fold of each speaker."
        ) from error
    if parts and all(isinstance(part, set | frozenset) for part in parts):
        return SpeakerFolds(parts)
    return check_cv(parts)


def _draw(name, plan, clips):
    splitter, everything = plan.splitter, np.arange(len(clips.y))
    with warnings.catch_warnings():
        # Every splitter gets the speakers, also one that ignores them.
        warnings.filterwarnings("ignore", message="The groups parameter is ignored by")
        # rare_classes warns of it, and names the class.
        warnings.filterwarnings("ignore", message="The least populated class in y")
        try:
            folds = [
                (everything[train], everything[test])
                for train, test in splitter.split(clips.X, clips.y, plan.groups)
            ]
        except (ValueError, IndexError, TypeError) as error:
            raise ValueError(
                f"protocol {name!r}: no folds can be drawn from these {len(clips.y)} clips by "
                f"{splitter!r}: {error}"
            ) from error
    # Few speakers in many folds can make empty ones.
    kept = [(train, test) for train, test in folds if len(train) and len(test)]
    if not kept:
        raise ValueError(f"protocol {name!r}: every fold of {splitter!r} is empty.")
    protocol = Protocol(name, kept, [*plan.notes], [*plan.faults])
    if len(kept) < len(folds):
        protocol.faults.append(
            f"{name}: {len(folds) - len(kept)} folds had no training or no test clips and were "
            "left out. Ask for fewer folds."
        )
    return protocol
