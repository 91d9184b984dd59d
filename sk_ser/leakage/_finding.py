"""What a check has to say: how bad it is, what of, the evidence, and the remedy."""

from dataclasses import dataclass, field

import pandas as pd

#: From worst to least.
SEVERITIES = ("severe", "warning", "note")

#: Types of leakage by Kapoor and Narayanan, and one that is none of theirs.
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
    """Raised by a check that lacks what it needs; the message says what that is."""


@dataclass(frozen=True)
class Finding:
    """One thing that makes a result say something else than it seems to.

    Parameters
    ----------
    check : str
        Which check found it.
    severity : {"severe", "warning", "note"}
        "severe": the result does not stand. "warning": a reader has to know. "note": worth
        knowing.
    kind : str
        Type of leakage in the taxonomy of Kapoor and Narayanan [1]_ (table 1): "L1.1" no
        test set, "L1.2" pre-processing, "L1.3" feature selection, "L1.4" duplicates, "L2"
        illegitimate features, "L3.1" temporal leakage, "L3.2" dependence of training and
        test, "L3.3" sampling bias.
    message : str
        What was found, in a sentence or two, with its figures.
    remedy : str
        What to do.
    figures : dict of str to (float, int or [float, float])
        Numbers of the message; an interval is a pair. UAR are from 0 to 1.
    evidence : DataFrame or None
        Files, counts and the like, a row each.

    References
    ----------
    .. [1] S. Kapoor and A. Narayanan, "Leakage and the reproducibility crisis in
       machine-learning-based science", Patterns 4(9), 2023.

    Examples
    --------
    >>> from sk_ser.leakage import Finding
    >>> found = Finding(
    ...     "population", "warning", "L3.3", "There are 4 speakers.", "Add speakers.", {"n": 4}
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
        if self.severity not in SEVERITIES:
            raise ValueError(f"severity={self.severity!r} must be one of {SEVERITIES}.")
        if self.kind not in TAXONOMY:
            raise ValueError(f"kind={self.kind!r} must be one of {tuple(TAXONOMY)}.")

    def __repr__(self):
        return f"{self.severity} ({self.kind}, {self.check}): {self.message} {self.remedy}"

    def to_dict(self):
        """Return all of it in types that JSON has.

        Returns
        -------
        dict
            The attributes by name; the evidence as a list of rows.
        """
        rows = [] if self.evidence is None else self.evidence.to_dict("records")
        plain = {name: getattr(self, name) for name in ("check", "severity", "kind", "message")}
        return plain | {"remedy": self.remedy, "figures": self.figures, "evidence": rows}
