"""What the audit found, to read, to send and to compute from."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from sk_ser.inspection import render_page
from sk_ser.leakage._finding import SEVERITIES, TAXONOMY, Finding
from sk_ser.model_selection import ProtocolComparison

#: Rows of evidence that a reader is shown; the JSON has all.
_SHOWN = 12
_TITLES = {
    "groups": "For whom it works",
    "calibration": "How sure it is, and how often right",
    "coverage": "What a promise of 90 % is worth: sets of emotions",
}


@dataclass(repr=False)
class LeakageReport:
    """Findings of an audit, with the scores that they are made of.

    Made by :func:`~sk_ser.leakage.audit`.

    Parameters
    ----------
    findings : list of Finding
        The worst first.
    not_checked : dict of str to str
        Checks that were not done, and why.
    blind_spots : list of str
        What no check can see.
    comparison : ProtocolComparison
        Scores in the audited folds ("as given"), and in folds that have nothing on both sides.
    about : dict
        The estimator, counts, seed, versions, and the SHA-256 of each clip.
    tables : dict of str to DataFrame
        What could be made of "groups" (results by speaker, sex, sentence, ...), "probabilities",
        "reliability", "calibration", "prediction_sets" and "coverage".

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
    def is_severe(self):
        """Whether there is a finding for which the result does not stand."""
        return any(finding.severity == "severe" for finding in self.findings)

    @property
    def counts(self):
        """Number of findings of each severity."""
        return {s: sum(finding.severity == s for finding in self.findings) for s in SEVERITIES}

    @property
    def verdict(self):
        """One sentence to begin with."""
        row = self.comparison.row("model", "as given")
        uar = f"UAR {100 * row.uar:.1f} % in the folds as given"
        if self.is_severe:
            return f"{uar} does not stand: {self.counts['severe']} severe finding(s)."
        if self.counts["warning"]:
            return f"{uar}: no severe finding, {self.counts['warning']} warning(s)."
        return f"{uar}: nothing was found against it."

    def __repr__(self):
        lines = [self.verdict, repr(self.comparison), ""]
        lines += [repr(finding) for finding in self.findings]
        lines += [f"not checked ({name}): {reason}." for name, reason in self.not_checked.items()]
        return "\n".join(lines)

    def _repr_html_(self):
        return f"<pre>{self!r}</pre>".replace("<pre><", "<pre>&lt;")

    def to_dict(self):
        """Return all of it in types that JSON has; :meth:`from_dict` is the way back.

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
    def from_dict(cls, plain):
        """Make the report that :meth:`to_dict` was called on.

        Parameters
        ----------
        plain : dict
            As it came from :meth:`to_dict`, or out of a JSON file.

        Returns
        -------
        LeakageReport
        """
        findings = []
        for finding in plain["findings"]:
            rows = finding["evidence"]
            findings.append(Finding(**finding | {"evidence": pd.DataFrame(rows) if rows else None}))
        comparison = ProtocolComparison.from_dict(plain["comparison"])
        tables = {name: pd.DataFrame(columns) for name, columns in plain["tables"].items()}
        rest = {name: plain[name] for name in ("not_checked", "blind_spots", "about")}
        return cls(findings=findings, comparison=comparison, tables=tables, **rest)

    def to_json(self, path=None):
        """Write everything, every prediction included: each figure can be computed again.

        Parameters
        ----------
        path : str, Path or None, default=None
            File to write to as well.

        Returns
        -------
        str
        """
        return _write(json.dumps(_plain(self.to_dict()), indent=1), path)

    def to_markdown(self, path=None):
        """Write the findings as Markdown, for an issue, a pull request or an appendix.

        Parameters
        ----------
        path : str, Path or None, default=None
            File to write to as well.

        Returns
        -------
        str
        """
        lines = ["# Leakage audit", "", self.verdict, "", "## Findings", ""]
        for finding in self.findings:
            lines += [
                f"- **{finding.severity}** ({finding.kind}, {finding.check}): {finding.message}",
                f"  *Remedy:* {finding.remedy}",
            ]
        lines += [] if self.findings else ["None."]
        lines += ["", "## Scores", "", *_markdown_table(self.comparison.summary().T), ""]
        for title, table in self.headlines().items():
            lines += [f"## {title}", "", *_markdown_table(table), ""]
        lines += ["## Not checked", ""]
        lines += [f"- {name}: {reason}." for name, reason in self.not_checked.items()]
        lines += [f"- {text}" for text in self.blind_spots]
        lines += ["", "## How to repeat it", "", *self._facts()]
        return _write("\n".join(lines) + "\n", path)

    def headlines(self):
        """Say for whom the model works, and what its confidence is worth, in a few rows.

        Returns
        -------
        dict of str to DataFrame of str
            By title, as far as the tables could be made: the best and the worst group of each
            kind, calibration under each protocol, and the coverage of prediction sets.
        """
        makers = {"groups": _best_and_worst, "calibration": _in_points, "coverage": _covered}
        found = {
            name: make(self.tables[name]) for name, make in makers.items() if name in self.tables
        }
        return {_TITLES[name]: table for name, table in found.items() if len(table)}

    def _facts(self):
        about = self.about
        versions = ", ".join(f"{name} {value}" for name, value in about["versions"].items())
        return [
            f"- {about['n_clips']} clips, {about['n_speakers']} speakers, {about['n_folds']} folds",
            f"- seed {about['random_state']}",
            f"- {versions}",
        ]

    def to_html(self, path=None):
        """Write one page that holds everything it shows, plots included.

        Needs the extra ``plot``.

        Parameters
        ----------
        path : str, Path or None, default=None
            File to write to as well.

        Returns
        -------
        str

        Raises
        ------
        ImportError
            If jinja2 or matplotlib is not installed.
        """
        return _write(render_page(self, taxonomy=TAXONOMY, n_shown=_SHOWN), path)


def _best_and_worst(groups):
    rows = {}
    for by, part in groups.groupby("by", sort=False):
        if len(part) > 1:
            ordered = part.sort_values("uar", kind="stable")
            for which, row in (("worst", ordered.iloc[0]), ("best", ordered.iloc[-1])):
                rows[f"{by}: {which} of {len(part)}"] = {
                    "group": row["group"],
                    "folds": row["protocol"],
                    "UAR, %": _percent(row, "uar"),
                    "speakers": str(row["n_speakers"]),
                    "clips": str(row["n_clips"]),
                }
    return pd.DataFrame.from_dict(rows, orient="index")


def _in_points(calibration):
    rows = {
        row["protocol"]: {
            "confidence, %": f"{100 * row['confidence']:.1f}",
            "accuracy, %": f"{100 * row['accuracy']:.1f}",
            "expected calibration error, points": f"{100 * row['ece']:.1f}",
        }
        for _, row in calibration.iterrows()
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def _covered(coverage):
    rows = {
        row["protocol"]
        if row["protocol"] == row["calibrated_on"]
        else f"{row['protocol']}, calibrated on {row['calibrated_on']}": {
            "promised, %": f"{100 * row['promised']:.0f}",
            "held, %": _percent(row, "coverage"),
            "emotions in a set": f"{row['set_size']:.1f}",
        }
        for _, row in coverage.iterrows()
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def _percent(row, name):
    value, low, high = (100 * row[f"{name}{end}"] for end in ("", "_low", "_high"))
    return f"{value:.1f}" if pd.isna(low) else f"{value:.1f} [{low:.1f}, {high:.1f}]"


def _write(text, path):
    if path is not None:
        Path(path).write_text(text, encoding="utf-8")
    return text


def _plain(value):
    """Make NumPy's numbers Python's, and NaN null."""
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and np.isnan(value) else value


def _markdown_table(frame):
    header = ["", *map(str, frame.columns)]
    rows = [
        [str(name), *map(str, row)] for name, row in zip(frame.index, frame.to_numpy(), strict=True)
    ]
    lines = [header, ["---"] * len(header), *rows]
    return ["| " + " | ".join(line) + " |" for line in lines]
