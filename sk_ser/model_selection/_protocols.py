"""Evaluation protocols: a name, and the folds that it stands for."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold, check_cv

from sk_ser.model_selection._named_protocols import (
    Clips,
    Plan,
    pair_speakers_with_sentences,
    plan_named,
)
from sk_ser.model_selection._speaker_folds import SpeakerFolds
from sk_ser.model_selection._speaker_sentence_folds import SpeakerSentenceFolds


@dataclass
class Protocol:
    """Folds drawn for one set of clips.

    Parameters
    ----------
    name : str
        What the result calls it.
    folds : list of (ndarray, ndarray)
        Indices of the training and of the test clips.
    notes : list of str
        What a reader of the result has to know.
    faults : list of str
        Notes that are worth a warning.
    """

    name: str
    folds: list
    notes: list = field(default_factory=list)
    faults: list = field(default_factory=list)


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
        Sentence and corpus of each clip, for the named protocols that ask for them.

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
    clips = Clips(y, groups, metadata)
    drawn = []
    for given, value in _by_name(protocols).items():
        for name, plan in _plan(given, value, clips, n_splits, seed).items():
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


def _plan(name, value, clips, n_splits, seed):
    """Plan whatever was given under a name; the pairs of corpora are several protocols."""
    if isinstance(value, str):
        plans = plan_named(value, clips, n_splits, seed)
        # Pairs of corpora have names of their own.
        return plans if len(plans) > 1 else {name: plans[value]}
    splitter = _as_splitter(name, value)
    if isinstance(splitter, SpeakerSentenceFolds):
        return {name: Plan(splitter, pair_speakers_with_sentences(clips, name))}
    return {name: Plan(splitter, clips.groups)}


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
        # Every splitter is handed the speakers; those that ignore them need not say so.
        warnings.filterwarnings("ignore", message="The groups parameter is ignored by")
        # Said by _rare, with the class named.
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
    """Tell how much is left to train on where clips are in neither part."""
    share = np.mean([len(train) for train, _ in protocol.folds]) / n_clips
    return (
        f"{protocol.name}: its {len(protocol.folds)} folds train on {100 * share:.0f} % of the "
        "clips, for those that share just a speaker or a sentence with the test clips are left "
        "out. Part of a gap to a protocol that trains on more is due to that."
    )


def _rare(name, y, n_splits):
    """Name classes that some folds will have to test without, or not test at all."""
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


def heard(train, test, groups):
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
        From 0, every test voice is new, to 1, none is; NaN without speakers.
    """
    return np.nan if groups is None else float(np.isin(groups[test], groups[train]).mean())
