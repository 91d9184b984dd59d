"""Finding: one threat to the validity of a result, with its evidence and remedy."""

from dataclasses import dataclass, field
from typing import Self

import pandas as pd

#: From the most to the least severe.
SEVERITIES = ("severe", "warning", "note")

#: Types of leakage by Kapoor and Narayanan.
TAXONOMY = {
    "L1.1": "no clean separation of training and test set: no test set",
    "L1.2": "no clean separation: pre-processing on training and test set",
    "L1.3": "no clean separation: feature selection on training and test set",
    "L1.4": "no clean separation: duplicates in the dataset",
    "L2": "the model uses features that are not legitimate",
    "L3.1": "the test set is not of the distribution of interest: temporal leakage",
    "L3.2": "the test set is not of the distribution of interest: training and test samples "
    "depend on each other",
    "L3.3": "the test set is not of the distribution of interest: sampling bias in the test set",
}


class NotChecked(Exception):  # noqa: N818
    """Raised by a check that cannot run; the message gives the reason."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Finding:
    """A threat to the validity of a result.

    All parameters are passed by keyword.

    Parameters
    ----------
    check : str
        Name of the check that made it.
    severity : {"severe", "warning", "note"}
        "severe": the result is invalid. "warning": the result must not be reported without
        it. "note": for information.
    kind : str
        Type of leakage in the taxonomy of Kapoor and Narayanan [1]_ (table 1): "L1.1" no
        test set, "L1.2" pre-processing, "L1.3" feature selection, "L1.4" duplicates, "L2"
        illegitimate features, "L3.1" temporal leakage, "L3.2" dependence of training and
        test, "L3.3" sampling bias.
    message : str
        One or two sentences that state the problem with its figures.
    remedy : str
        How to correct it.
    figures : dict of str to (float, int or [float, float])
        Numbers of the message. An interval is a pair. UAR is from 0 to 1.
    evidence : DataFrame or None
        Files, counts and the like, one per row.

    Raises
    ------
    ValueError
        If the severity or the kind is unknown.

    References
    ----------
    .. [1] S. Kapoor and A. Narayanan, "Leakage and the reproducibility crisis in
       machine-learning-based science", Patterns 4(9), 2023.

    Examples
    --------
    >>> from sk_ser.leakage import Finding
    >>> found = Finding(
    ...     check="population",
    ...     severity="warning",
    ...     kind="L3.3",
    ...     message="There are 4 speakers.",
    ...     remedy="Add speakers.",
    ...     figures={"n": 4},
    ... )
    >>> found
    warning (L3.3, population): There are 4 speakers. Add speakers.
    >>> found.to_dict()["figures"]
    {'n': 4}
    """

    check: str
    severity: str
    kind: str
    message: str
    remedy: str
    figures: dict = field(default_factory=dict)
    evidence: pd.DataFrame | None = None

    def __post_init__(self):
        for name, known in (("severity", SEVERITIES), ("kind", tuple(TAXONOMY))):
            if getattr(self, name) not in known:
                raise ValueError(f"{name}={getattr(self, name)!r} must be one of {known}.")

    def __repr__(self):
        return f"{self.severity} ({self.kind}, {self.check}): {self.message} {self.remedy}"

    def to_dict(self) -> dict:
        """Return the attributes by name, in types that JSON has.

        Returns
        -------
        dict
            The evidence is a list of rows.
        """
        rows = [] if self.evidence is None else self.evidence.to_dict("records")
        return vars(self) | {"evidence": rows}

    @classmethod
    def from_dict(cls, plain: dict) -> Self:
        """Make the finding that :meth:`to_dict` was called on.

        Parameters
        ----------
        plain : dict
            As :meth:`to_dict` returns it, or from a JSON file.

        Returns
        -------
        Finding
        """
        rows = plain["evidence"]
        return cls(**plain | {"evidence": pd.DataFrame(rows) if rows else None})
