"""The report of an audit: to read, to share, and to compute from."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd

from sk_ser._text import percent_of, with_interval
from sk_ser.leakage._document import (
    show_findings,
    show_settings,
    show_table,
    show_unchecked,
    summarise_tables,
)
from sk_ser.leakage._finding import SEVERITIES, Finding
from sk_ser.model_selection import ProtocolComparison
from sk_ser.reports import comparison_figures, print_document, to_html, to_markdown, to_text

#: Rows of evidence that a page and a terminal show; the JSON has all.
_ON_A_PAGE, _IN_A_TERMINAL = 12, 5


@dataclass(repr=False)
class LeakageReport:
    """Findings of an audit, with the scores that they are based on.

    Made by :func:`~sk_ser.leakage.audit`.

    Parameters
    ----------
    findings : list of Finding
        The most severe first.
    not_checked : dict of str to str
        Checks that were not done, and the reason of each.
    blind_spots : list of str
        What no check can find.
    comparison : ProtocolComparison
        Scores in the audited folds ("as given"), and in folds that have nothing in common
        between training and test.
    about : dict
        The estimator, counts, seed, versions, and the SHA-256 of each clip.
    tables : dict of str to DataFrame
        As far as they can be made: "groups" (results by speaker, sex, sentence, ...),
        "reliability", "calibration", "prediction_sets" and "coverage". Probabilities are in the
        comparison.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from sk_ser.leakage import audit
    >>> rng = np.random.default_rng(0)
    >>> X, y, speakers = rng.normal(size=(80, 3)), np.arange(80) % 2, np.arange(80) % 20 // 2
    >>> report = audit(GaussianNB(), X, y, groups=speakers)
    >>> report.is_severe
    False
    >>> report.not_checked["trivial_facts"]
    'X holds vectors or sequences, and metadata have no column path with files that exist'
    """

    findings: list
    not_checked: dict
    blind_spots: list
    comparison: ProtocolComparison
    about: dict
    tables: dict = field(default_factory=dict)

    @property
    def is_severe(self) -> bool:
        """Whether a finding makes the result invalid."""
        return any(finding.severity == "severe" for finding in self.findings)

    @property
    def counts(self) -> dict[str, int]:
        """Number of findings of each severity."""
        return {s: sum(finding.severity == s for finding in self.findings) for s in SEVERITIES}

    @property
    def verdict(self) -> str:
        """One sentence that sums the report up."""
        score = "The model could not be fitted in the folds as given"
        if "as given" in self.comparison.protocols:
            value = 100 * self.comparison.row("model", "as given").uar
            score = f"UAR {value:.1f} % in the folds as given"
        if self.is_severe:
            return f"{score}. The result is not valid: {self.counts['severe']} severe finding(s)."
        if self.counts["warning"]:
            return f"{score}: no severe finding, {self.counts['warning']} warning(s)."
        return f"{score}: no severe finding and no warning."

    def __repr__(self):
        scores = [("code", repr(self.comparison)), ("text", "")]
        return to_text([("text", self.verdict), *scores, *self._in_short()])

    def _repr_html_(self):
        return to_html([("text", self.verdict), *self._scores(), *self._in_short()], page=False)

    def print(self, console: object) -> None:
        """Print the verdict, the findings and what was not checked in a terminal.

        Parameters
        ----------
        console : rich.console.Console
        """
        print_document([("heading", self.verdict), *self._in_short()], console)

    def to_dict(self) -> dict:
        """Return the report in types that JSON has; :meth:`from_dict` reads it.

        Returns
        -------
        dict
        """
        return {
            "verdict": self.verdict,
            "findings": [finding.to_dict() for finding in self.findings],
            "not_checked": self.not_checked,
            "blind_spots": self.blind_spots,
            "about": self.about,
            "comparison": self.comparison.to_dict(),
            "tables": {name: table.to_dict("list") for name, table in self.tables.items()},
        }

    @classmethod
    def from_dict(cls, plain: dict) -> Self:
        """Make the report that :meth:`to_dict` was called on.

        Parameters
        ----------
        plain : dict
            As :meth:`to_dict` returns it, or from a JSON file.

        Returns
        -------
        LeakageReport
        """
        return cls(
            findings=[Finding.from_dict(finding) for finding in plain["findings"]],
            comparison=ProtocolComparison.from_dict(plain["comparison"]),
            tables={name: pd.DataFrame(columns) for name, columns in plain["tables"].items()},
            **{name: plain[name] for name in ("not_checked", "blind_spots", "about")},
        )

    def to_json(self, path: str | Path | None = None) -> str:
        """Write the report as JSON, with all predictions, so that each figure can be recomputed.

        Parameters
        ----------
        path : str, Path or None, default=None
            File to write, too.

        Returns
        -------
        str
        """
        return _write(json.dumps(_plain(self.to_dict()), indent=1), path)

    def to_markdown(self, path: str | Path | None = None) -> str:
        """Write the report as Markdown, for an issue, a pull request or an appendix.

        Parameters
        ----------
        path : str, Path or None, default=None
            File to write, too.

        Returns
        -------
        str
        """
        return _write(to_markdown(self._document()), path)

    def to_html(self, path: str | Path | None = None) -> str:
        """Write the report as one page with its figures, which loads nothing else.

        Parameters
        ----------
        path : str, Path or None, default=None
            File to write, too.

        Returns
        -------
        str

        Raises
        ------
        ImportError
            If matplotlib is not installed, which the extra ``plot`` provides.
        """
        tables = {name: self.tables.get(name) for name in ("reliability", "calibration")}
        return _write(to_html(self._document(comparison_figures(self.comparison, **tables))), path)

    def headlines(self) -> dict[str, pd.DataFrame]:
        """Summarise results by group, calibration and prediction sets.

        Returns
        -------
        dict of str to DataFrame of str
            By title, as far as the tables could be made: the best and the worst group of each
            kind, calibration under each protocol, and the coverage of prediction sets.
        """
        return summarise_tables(self.tables)

    def _in_short(self):
        findings = show_findings(self.findings, _IN_A_TERMINAL)
        return [*findings, *show_unchecked(self.not_checked)]

    def _document(self, figures=()):
        blocks = [("title", "Leakage audit"), ("text", self.verdict), ("heading", "Findings")]
        blocks += show_findings(self.findings, _ON_A_PAGE)
        blocks += self._scores()
        for title, table in self.headlines().items():
            blocks += [("heading", title), *show_table(table.reset_index(names=""))]
        blocks += [("heading", "Figures"), *figures] if figures else []
        blocks += [("heading", "Not checked"), *show_unchecked(self.not_checked, self.blind_spots)]
        return [*blocks, ("heading", "How to repeat it"), *show_settings(self.about)]

    def _scores(self):
        gaps = self.comparison.gap[["protocol", "gap", "gap_low", "gap_high"]]
        rows = []
        for _, row in self.comparison.table.merge(gaps, "left", "protocol").iterrows():
            seen = "" if pd.isna(row["seen"]) else f"{100 * row['seen']:.0f}"
            interval = (row["gap"], row["gap_low"], row["gap_high"])
            gap = "" if pd.isna(row["gap"]) else with_interval(*interval, spec="+.1f")
            accuracy = f"{100 * row['accuracy']:.1f}"
            rows.append([row["protocol"], percent_of(row), accuracy, seen, gap])
        text = (
            "UAR (unweighted average recall) in %, with a 95 % interval over speakers. Chance is "
            f"{100 * self.comparison.chance:.1f} %. The gap is by how many points the UAR of the "
            "folds as given is higher."
        )
        header = ["protocol", "UAR", "accuracy", "speakers seen in training, %", "gap"]
        return [("heading", "Scores"), ("text", text), ("table", header, rows)]


def _write(text, path):
    if path is not None:
        Path(path).write_text(text, encoding="utf-8")
    return text


def _plain(value):
    """Turn NumPy's numbers into Python's, and NaN into None."""
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and np.isnan(value) else value
