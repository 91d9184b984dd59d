"""The parts of a report, as blocks of a document of :mod:`sk_ser.reports`."""

import pandas as pd

from sk_ser._text import percent_of
from sk_ser.leakage._finding import TAXONOMY


def show_findings(findings, n_rows):
    """Show findings, each with its remedy and the first rows of its evidence.

    Parameters
    ----------
    findings : list of Finding
    n_rows : int
        Rows of evidence to show of each.

    Returns
    -------
    list of tuple
    """
    blocks, before = [], pd.DataFrame()
    for finding in findings:
        heading = f"{finding.severity}: {finding.check} ({finding.kind}, {TAXONOMY[finding.kind]})"
        blocks += [
            ("item", heading, finding.severity),
            ("text", finding.message),
            ("text", f"Remedy: {finding.remedy}"),
        ]
        if finding.evidence is None:
            continue
        # findings of one check may share a table
        is_known = finding.evidence.equals(before)
        before = finding.evidence
        blocks += [("text", "Evidence: as above.")] if is_known else show_table(before, n_rows)
    return blocks or [("text", "None.")]


def show_unchecked(not_checked, blind_spots=()):
    """List the checks that were not done, and what no check can find.

    Parameters
    ----------
    not_checked : dict of str to str
        Reasons by name.
    blind_spots : sequence of str, default=()

    Returns
    -------
    list of tuple
    """
    lines = [f"not checked ({name}): {reason}." for name, reason in not_checked.items()]
    return [("list", [*lines, *blind_spots])]


def show_table(frame, n_rows=None):
    """Show the first rows of a DataFrame, and say how many more there are.

    Parameters
    ----------
    frame : DataFrame
    n_rows : int or None, default=None
        Rows to show; None for all.

    Returns
    -------
    list of tuple
    """
    rows = frame.head(n_rows).astype(object).to_numpy().tolist()
    cells = [[f"{v:.3f}" if isinstance(v, float) else str(v) for v in row] for row in rows]
    left = len(frame) - len(rows)
    more = [("text", f"{left} more rows of evidence are in the JSON.")] if left else []
    return [("table", list(map(str, frame.columns)), cells), *more]


def show_settings(about):
    """Show what is needed to repeat the audit.

    Parameters
    ----------
    about : dict
        As of :func:`~sk_ser.leakage._about.describe`.

    Returns
    -------
    list of tuple
    """
    versions = ", ".join(f"{name} {version}" for name, version in about["versions"].items())
    classes = ", ".join(f"{name} {count}" for name, count in about["classes"].items())
    digests = [[name, digest or "not a file"] for name, digest in about["sha256"].items()]
    counts = f"{about['n_clips']} clips, {about['n_speakers'] or 'unknown'} speakers"
    lines = [
        f"{counts}, {about['n_folds']} folds",
        f"clips of each class: {classes}",
        f"seed {about['random_state']}",
        versions,
    ]
    hashes = ("details", "SHA-256 of each clip", ["clip", "SHA-256"], digests)
    return [("list", lines), ("code", about["estimator"]), hashes]


def summarise_tables(tables):
    """Summarise results by group, calibration and prediction sets in a few rows each.

    Parameters
    ----------
    tables : dict of str to DataFrame
        As of a report.

    Returns
    -------
    dict of str to DataFrame of str
        By title.
    """
    makers = {
        "groups": ("Results by group", _best_and_worst),
        "calibration": ("Confidence and accuracy", _calibration),
        "coverage": ("Coverage of prediction sets", _coverage),
    }
    found = {
        title: pd.DataFrame.from_dict(make(tables[name]), orient="index")
        for name, (title, make) in makers.items()
        if name in tables
    }
    return {title: table for title, table in found.items() if len(table)}


def _best_and_worst(groups):
    rows = {}
    for by, part in groups.groupby("by", sort=False):
        if len(part) > 1:
            ordered = part.sort_values("uar", kind="stable")
            for which, row in (("worst", ordered.iloc[0]), ("best", ordered.iloc[-1])):
                rows[f"{by}: {which} of {len(part)}"] = {
                    "group": row["group"],
                    "folds": row["protocol"],
                    "UAR, %": percent_of(row),
                    "speakers": row["n_speakers"],
                    "clips": row["n_clips"],
                }
    return rows


def _calibration(calibration):
    return {
        row["protocol"]: {
            "confidence, %": f"{100 * row['confidence']:.1f}",
            "accuracy, %": f"{100 * row['accuracy']:.1f}",
            "expected calibration error, points": f"{100 * row['ece']:.1f}",
        }
        for _, row in calibration.iterrows()
    }


def _coverage(coverage):
    return {
        row["protocol"]
        if row["protocol"] == row["calibrated_on"]
        else f"{row['protocol']}, calibrated on {row['calibrated_on']}": {
            "nominal coverage, %": f"{100 * row['promised']:.0f}",
            "coverage, %": percent_of(row, "coverage"),
            "emotions per set": f"{row['set_size']:.1f}",
        }
        for _, row in coverage.iterrows()
    }
