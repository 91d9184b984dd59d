"""What a protocol is planned from, and the plan."""

from dataclasses import dataclass, field

import numpy as np

from sk_ser.model_selection._checks import check_several, one_per_clip

_OTHERWISE = ', or use protocols="random"'


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

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.model_selection import ProtocolData
    >>> data = ProtocolData(np.array(["angry", "calm"]), metadata={"room": ["x", "y"]})
    >>> data.several("room").tolist()
    ['x', 'y']
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
        known = [] if self.metadata is None else [*map(str, self.metadata)]
        if name not in known:
            raise ValueError(
                f"protocol {self.protocol!r} needs the {name} of each clip, and metadata has no "
                f"column {name!r} (it has {', '.join(known) or 'none'}). Pass a DataFrame with "
                "that column, such as metadata=corpus.frame."
            )
        return one_per_clip(self.metadata[name], f"metadata[{name!r}]", name, len(self.y))

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
        if self.groups is None:
            raise ValueError(
                f"protocol {self.protocol!r} needs the speakers, and groups is None. Pass the "
                f"speaker of each clip as groups{_OTHERWISE}."
            )
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
        return check_several(values, f"protocol {self.protocol!r}", what, _OTHERWISE)


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

    Examples
    --------
    >>> from sklearn.model_selection import LeaveOneGroupOut
    >>> from sk_ser.model_selection import ProtocolPlan
    >>> ProtocolPlan(LeaveOneGroupOut(), notes=["One room a fold."]).notes
    ['One room a fold.']
    """

    splitter: object
    groups: np.ndarray | None = None
    notes: list = field(default_factory=list)
    faults: list = field(default_factory=list)
