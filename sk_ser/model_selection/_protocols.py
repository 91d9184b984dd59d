"""Evaluation protocols: a name, and the folds drawn for it."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold, check_cv

from sk_ser._random import draw_seed
from sk_ser.model_selection._checks import check_data, warn
from sk_ser.model_selection._named_protocols import pair_speakers_with_sentences
from sk_ser.model_selection._protocol_registry import ProtocolData, ProtocolPlan, plan_protocol
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
    protocol, X, y, groups=None, *, n_splits: int = 5, random_state=None, metadata=None
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
    X, y, groups, metadata = check_data(X, y, groups, metadata)
    name = protocol if isinstance(protocol, str) else "protocol"
    drawn = draw_protocols(
        {name: protocol}, X, y, groups,
        n_splits=n_splits, seed=draw_seed(random_state), metadata=metadata,
    )  # fmt: skip
    if len(drawn) > 1:
        raise ValueError(
            f"draw_folds: {name!r} stands for {len(drawn)} protocols. Pass one of them."
        )
    warn(drawn[0].faults)
    return drawn[0].folds


def draw_protocols(protocols, X, y, groups, *, n_splits, seed, metadata=None):
    """Draw the folds of each protocol.

    Parameters
    ----------
    protocols : str, sequence of str, or dict of str to object
        Names, or names with what they stand for, as
        :func:`~sk_ser.model_selection.compare_protocols` takes them.
    X : array-like of shape (n_clips, ...)
        Clips.
    y : ndarray of shape (n_clips,)
        Labels.
    groups : ndarray of shape (n_clips,) or None
        Speakers.
    n_splits : int
        Folds of the named protocols.
    seed : int
        For the named protocols that shuffle.
    metadata : DataFrame, dict or None, default=None
        Sentence and corpus of each clip, for the named protocols that need them.

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
    data = ProtocolData(y, groups, metadata)
    drawn = []
    for given, value in _by_name(protocols).items():
        for name, plan in _plan(given, value, data, n_splits, seed).items():
            plan.splitter = _as_splitter(name, plan.splitter)
            folds = _draw(name, plan, X, y)
            protocol = Protocol(name, folds, plan.notes, plan.faults)
            _drop_empty(protocol)
            protocol.faults += _untrainable(protocol, y, groups)
            if isinstance(plan.splitter, StratifiedKFold | StratifiedGroupKFold):
                protocol.faults += _rare(name, y, plan.splitter.get_n_splits())
            if isinstance(plan.splitter, SpeakerSentenceFolds):
                protocol.notes.append(_trained_on_less(protocol, len(y)))
            drawn.append(protocol)
    _check_apart([protocol.name for protocol in drawn])
    return drawn


def _check_apart(names):
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise ValueError(f"protocols: two are called {twice[0]!r}. Give each its own name.")


def _by_name(protocols):
    if isinstance(protocols, str):
        protocols = (protocols,)
    if isinstance(protocols, Mapping):
        named = dict(protocols)
    else:
        named = {}
        for name in protocols:
            if not isinstance(name, str):
                raise TypeError(
                    f"protocols holds {name!r}, which has no name. Pass a dict: "
                    'protocols={"random": "random", "mine": splitter}.'
                )
            named[name] = name
    if not named:
        raise ValueError("protocols is empty. Pass at least one.")
    return named


def _plan(name, value, data, n_splits, seed):
    """Plan what was given under a name; the pairs of corpora are several protocols."""
    if isinstance(value, str):
        plans = plan_protocol(value, data, n_splits, seed)
        # Several protocols have names of their own.
        return plans if set(plans) != {value} else {name: plans[value]}
    splitter = _as_splitter(name, value)
    if isinstance(splitter, SpeakerSentenceFolds):
        pairs = pair_speakers_with_sentences(replace(data, protocol=name))
        return {name: ProtocolPlan(splitter, pairs)}
    return {name: ProtocolPlan(splitter, data.groups)}


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


def _draw(name, plan, X, y):
    splitter = plan.splitter
    everything = np.arange(len(y))
    with warnings.catch_warnings():
        # Every splitter gets the speakers, also one that ignores them.
        warnings.filterwarnings("ignore", message="The groups parameter is ignored by")
        # _rare warns of it, and names the class.
        warnings.filterwarnings("ignore", message="The least populated class in y")
        try:
            folds = [
                (everything[train], everything[test])
                for train, test in splitter.split(X, y, plan.groups)
            ]
        except (ValueError, IndexError, TypeError) as error:
            raise ValueError(
                f"protocol {name!r}: no folds can be drawn from these {len(y)} clips by "
                f"{splitter!r}: {error}"
            ) from error
    if not folds:
        raise ValueError(f"protocol {name!r}: {splitter!r} yields no folds.")
    return folds


def _drop_empty(protocol):
    """Leave out folds without test clips: few speakers in many folds can make them."""
    kept = [(train, test) for train, test in protocol.folds if len(train) and len(test)]
    empty = len(protocol.folds) - len(kept)
    if empty:
        protocol.folds = kept
        protocol.faults.append(
            f"{protocol.name}: {empty} folds had no training or no test clips and were left out. "
            "Ask for fewer folds."
        )
    if not kept:
        raise ValueError(f"protocol {protocol.name!r}: every fold is empty. Check its indices.")


def _trained_on_less(protocol, n_clips):
    """Note how much is left to train on where clips are in neither part."""
    share = np.mean([len(train) for train, _ in protocol.folds]) / n_clips
    return (
        f"{protocol.name}: its {len(protocol.folds)} folds train on {100 * share:.0f} % of the "
        "clips, because those that share only a speaker or a sentence with the test clips are "
        "left out. Part of a gap to a protocol that trains on more is due to that."
    )


def _rare(name, y, n_splits):
    """Name classes that some folds do not test."""
    classes, counts = np.unique(y, return_counts=True)
    return [
        f"{name}: class {label!r} has {count} clips for {n_splits} folds, so not every fold "
        "tests it. Add clips, or ask for fewer folds."
        for label, count in zip(classes.tolist(), counts, strict=True)
        if count < n_splits
    ]


def _untrainable(protocol, y, groups):
    """Name classes never trained on when tested: their recall is 0 whatever the model."""
    faults = []
    for label in np.unique(y).tolist():
        of_class = y == label
        tested = [train for train, test in protocol.folds if of_class[test].any()]
        if not tested or any(of_class[train].any() for train in tested):
            continue
        who = "" if groups is None else f" Only speaker {groups[of_class][0].item()!r} has it."
        alone = groups is not None and len(np.unique(groups[of_class])) == 1
        faults.append(
            f"{protocol.name}: class {label!r} is in no training part of a fold that tests it, "
            f"so its recall is 0 by construction.{who if alone else ''} Leave the class out, or "
            "add clips of it by others."
        )
    return faults


def share_seen(train, test, groups):
    """Share of the test clips whose speaker is also in the training part.

    Parameters
    ----------
    train, test : ndarray of int
        Indices of the clips.
    groups : ndarray of shape (n_clips,) or None
        Speakers.

    Returns
    -------
    float
        From 0, every test speaker is unseen, to 1, none is; NaN without speakers.
    """
    return np.nan if groups is None else float(np.isin(groups[test], groups[train]).mean())
