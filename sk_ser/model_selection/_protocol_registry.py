"""Protocols by name: what they are planned from, and how to add one."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from sk_ser.model_selection._checks import take_column


@dataclass(frozen=True)
class ProtocolData:
    """What a protocol may divide clips by.

    Parameters
    ----------
    y : ndarray of shape (n_clips,)
        Labels.
    groups : ndarray of shape (n_clips,) or None
        Speakers.
    metadata : DataFrame, dict or None
        Further columns.
    protocol : str
        Name of the protocol that is planned, for errors.
    """

    y: np.ndarray
    groups: np.ndarray | None = None
    metadata: object = None
    protocol: str = ""

    def column(self, name: str) -> np.ndarray:
        """Values of a column of the metadata.

        Parameters
        ----------
        name : str
            The column.

        Returns
        -------
        ndarray of shape (n_clips,)

        Raises
        ------
        ValueError
            If there is no such column, or values are missing.
        """
        return take_column(self.metadata, name, len(self.y), protocol=self.protocol)

    def speakers(self) -> np.ndarray:
        """Speakers, if there are at least two.

        Returns
        -------
        ndarray of shape (n_clips,)

        Raises
        ------
        ValueError
            If they are not known, or all clips are by one.
        """
        return self._several(self.groups, "speaker")

    def several(self, name: str) -> np.ndarray:
        """Values of a column of the metadata, if there are at least two.

        Parameters
        ----------
        name : str
            The column, such as ``"sentence"``.

        Returns
        -------
        ndarray of shape (n_clips,)

        Raises
        ------
        ValueError
            If they are not known, or all clips have the same.
        """
        return self._several(self.column(name), name)

    def _several(self, values, what):
        if values is None:
            raise ValueError(
                f"protocol {self.protocol!r} needs the speakers, and groups is None. Pass the "
                'speaker of each clip as groups, or use protocols=("random",) alone.'
            )
        if len(np.unique(values)) < 2:
            by = "by" if what == "speaker" else f"of the {what}"
            raise ValueError(
                f"protocol {self.protocol!r} needs at least two {what}s, and all clips are {by} "
                f'{values[0].item()!r}. Add a {what}, or use protocols=("random",) alone.'
            )
        return values


@dataclass
class ProtocolPlan:
    """How the folds of one protocol are drawn.

    Parameters
    ----------
    splitter : splitter, or iterable of (train, test)
        As of scikit-learn, or indices of clips.
    groups : ndarray of shape (n_clips,) or (n_clips, n_columns), or None, default=None
        Passed to the splitter as groups.
    notes : list of str
        What to know before quoting a number.
    faults : list of str
        Notes that are also warned of.
    """

    splitter: object
    groups: np.ndarray | None = None
    notes: list = field(default_factory=list)
    faults: list = field(default_factory=list)


_PLANS: dict[str, Callable] = {}


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
    """
    return list(_PLANS)


def plan_protocol(name, data, n_splits, seed):
    """Plan a protocol by its name.

    Parameters
    ----------
    name : str
        As :func:`protocol_names` lists it.
    data : ProtocolData
        What is known of the clips.
    n_splits : int
        Folds.
    seed : int
        For protocols that shuffle.

    Returns
    -------
    dict of str to ProtocolPlan
        One under the protocol's name, or several that it stands for.

    Raises
    ------
    ValueError
        If the name is unknown, or the protocol needs what is not known of the clips.
    """
    if name not in _PLANS:
        raise ValueError(
            f"protocol {name!r} is unknown. Known are {', '.join(_PLANS)}; pass any other as a "
            "dict of name to splitter."
        )
    planned = _PLANS[name](replace(data, protocol=name), n_splits, seed)
    planned = planned if isinstance(planned, dict) else {name: planned}
    return {
        key: plan if isinstance(plan, ProtocolPlan) else ProtocolPlan(plan, data.groups)
        for key, plan in planned.items()
    }
