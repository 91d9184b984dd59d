"""Protocols by name: how the built-in ones draw their folds, and how to add one."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from sklearn.model_selection import LeaveOneGroupOut, StratifiedGroupKFold, StratifiedKFold

from sk_ser.model_selection._cross_corpus import plan_leave_one_corpus_out, plan_pairs
from sk_ser.model_selection._protocol_plan import ProtocolPlan
from sk_ser.model_selection._speaker_sentence_folds import SpeakerSentenceFolds


def _random(data, n_splits, seed):
    return StratifiedKFold(n_splits, shuffle=True, random_state=seed)


def _speaker_independent(data, n_splits, seed):
    return _by_group(data, data.speakers(), "speaker", n_splits, seed)


def _leave_one_speaker_out(data, n_splits, seed):
    return ProtocolPlan(LeaveOneGroupOut(), data.speakers())


def _sentence_independent(data, n_splits, seed):
    return _by_group(data, data.several("sentence"), "sentence", n_splits, seed)


def _by_group(data, values, what, n_splits, seed):
    n_values = len(np.unique(values))
    if n_values > n_splits:
        splitter = StratifiedGroupKFold(n_splits, shuffle=True, random_state=seed)
        return ProtocolPlan(splitter, values)
    note = (
        f"{data.protocol}: {n_values} {what}s for n_splits={n_splits}, so each {what} is a fold "
        f"(leave one {what} out)."
    )
    return ProtocolPlan(LeaveOneGroupOut(), values, [note])


def _speaker_and_sentence_independent(data, n_splits, seed):
    return SpeakerSentenceFolds(n_splits, 2, shuffle=True, random_state=seed)


def _leave_one_corpus_out(data, n_splits, seed):
    return plan_leave_one_corpus_out(data.column("corpus"), data.y, data.groups)


def _cross_corpus(data, n_splits, seed):
    return plan_pairs(data.column("corpus"), data.y, data.groups)


_PLANS = {
    "random": _random,
    "speaker-independent": _speaker_independent,
    "leave-one-speaker-out": _leave_one_speaker_out,
    "sentence-independent": _sentence_independent,
    "speaker-and-sentence-independent": _speaker_and_sentence_independent,
    "leave-one-corpus-out": _leave_one_corpus_out,
    "cross-corpus": _cross_corpus,
}


def register_protocol(name: str, plan: Callable) -> None:
    """Add a protocol, so that it can be used by its name like the built-in ones.

    Parameters
    ----------
    name : str
        Not taken yet.
    plan : callable
        ``plan(data, n_splits, seed)`` returns a splitter that gets the speakers as groups,
        indices of (train, test) clips, a :class:`~sk_ser.model_selection.ProtocolPlan`, or a
        dict of name to one of these if the protocol stands for several. `data` is a
        :class:`~sk_ser.model_selection.ProtocolData`.

    Returns
    -------
    None

    Raises
    ------
    ValueError
        If the name is taken by another plan.
    TypeError
        If `plan` cannot be called.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> from sklearn.model_selection import LeaveOneGroupOut
    >>> from sk_ser.model_selection import (
    ...     ProtocolPlan, compare_protocols, protocol_names, register_protocol
    ... )
    >>> def leave_one_room_out(data, n_splits, seed):
    ...     return ProtocolPlan(LeaveOneGroupOut(), data.several("room"))
    >>> register_protocol("leave-one-room-out", leave_one_room_out)
    >>> protocol_names()[-1]
    'leave-one-room-out'
    >>> found = compare_protocols(
    ...     DummyClassifier(), [[0]] * 8, ["angry", "calm"] * 4, groups=list("aabbccdd"),
    ...     metadata={"room": list("xxxxyyyy")}, protocols="leave-one-room-out", random_state=0,
    ... )
    >>> found.table["n_folds"].tolist()
    [2]
    """
    if not callable(plan):
        raise TypeError(f"register_protocol: {name!r} is {plan!r}, which cannot be called.")
    if _PLANS.setdefault(name, plan) is not plan:
        raise ValueError(f"register_protocol: {name!r} is taken. Choose another name.")


def protocol_names() -> list[str]:
    """List the names of all protocols.

    Returns
    -------
    list of str

    Examples
    --------
    >>> from sk_ser.model_selection import protocol_names
    >>> protocol_names()[:2]
    ['random', 'speaker-independent']
    """
    return list(_PLANS)


def plan_protocol(name, value, data, n_splits, seed):
    """Plan a protocol.

    Parameters
    ----------
    name : str
        What to call it in results, unless it stands for several.
    value : str, splitter, or other folds
        A name as :func:`protocol_names` lists it, or what gives folds itself.
    data : ProtocolData
        What is known of the clips.
    n_splits : int
        Folds of a named protocol.
    seed : int
        For named protocols that shuffle.

    Returns
    -------
    dict of str to ProtocolPlan
        One under `name`, or several that the protocol stands for.

    Raises
    ------
    ValueError
        If the name is unknown, or the protocol needs what is not known of the clips.
    """
    several = False
    if isinstance(value, str):
        if value not in _PLANS:
            raise ValueError(
                f"protocol {value!r} is unknown. Known are {', '.join(_PLANS)}; pass any other as "
                "a dict of name to splitter."
            )
        value = _PLANS[value](replace(data, protocol=value), n_splits, seed)
        several = isinstance(value, dict)
    return {
        key: plan if isinstance(plan, ProtocolPlan) else ProtocolPlan(plan, data.groups)
        for key, plan in (value if several else {name: value}).items()
    }
