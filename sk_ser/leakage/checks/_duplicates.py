"""Check: copies of recordings, across a split, under two speakers or under two labels."""

import numpy as np
import pandas as pd

from sk_ser.duplicates import find_duplicates
from sk_ser.leakage._evaluation import Evaluation, as_numbers
from sk_ser.leakage._finding import Finding, NotChecked
from sk_ser.leakage.checks._vectors import can_be_chance, close_rows, equal_rows

#: Fewer pairs than `_SEVERAL` that are less similar than `_SURE` may be a coincidence.
_SURE, _SEVERAL = 0.9, 3


def check_duplicates(evaluation: Evaluation, *, near: bool = True) -> list[Finding]:
    """Find recordings, or vectors, that occur twice: across a split, speakers or labels.

    Parameters
    ----------
    evaluation : Evaluation
        The audited evaluation.
    near : bool, default=True
        Whether to search for near duplicates of recordings as well: other encodings, rates,
        levels, noise, shifts, and stretched or pitch-shifted copies.

    Returns
    -------
    list of Finding

    Raises
    ------
    NotChecked
        If X holds neither recordings nor vectors.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from sk_ser.leakage import Evaluation, check_duplicates
    >>> rng = np.random.default_rng(0)
    >>> X, y, speakers = rng.normal(size=(30, 3)), np.arange(30) % 2, np.arange(30) % 10
    >>> X, y, speakers = np.tile(X, (2, 1)), np.tile(y, 2), np.tile(speakers, 2)
    >>> evaluation = Evaluation(GaussianNB(), X, y, groups=speakers, protocol="random")
    >>> check_duplicates(evaluation)[0].severity
    'severe'
    """
    pairs, by_chance = _pairs(evaluation, near)
    across = _lie_across(evaluation, pairs)
    speakers, labels = _differ(pairs, evaluation.groups), _differ(pairs, evaluation.y)
    kinds = [
        (across, "severe", "and a fold trains on one and tests the other",
         "Keep one of each pair, or give both one group, so that no split separates them."),
        (speakers, "severe", "under two speakers' names",
         "Find out who speaks: two names may be one person. Merge the names, and leave one of "
         "each pair out."),
        (labels, "warning", "under two labels",
         "Find out which label is right, or leave both out."),
        (~(across | speakers | labels), "warning", "and on the same side of every split",
         "Leave one of each pair out: it counts twice."),
    ]  # fmt: skip
    found = [_finding(evaluation, pairs[mask], *rest) for mask, *rest in kinds if mask.any()]
    return [*found, *_coincidence(by_chance)]


def _pairs(evaluation, near):
    """Return pairs of the same clip, and the number of equal rows that chance can make."""
    if evaluation.recordings is not None:
        return find_duplicates(evaluation.recordings, near=near, n_jobs=evaluation.n_jobs), 0
    values = as_numbers(evaluation.X)
    if values is None:
        raise NotChecked("X holds sequences, and metadata have no column path with files")
    values = values.reshape(len(values), -1).astype(np.float64)
    pairs, by_chance = equal_rows(values), 0
    if len(pairs) and can_be_chance(values, len(pairs)):
        pairs, by_chance = pairs[:0], len(pairs)
    if near:
        pairs = pd.concat([pairs, close_rows(values)], ignore_index=True)
    return pairs, by_chance


def _coincidence(n_pairs):
    if n_pairs:
        yield Finding(
            check="duplicates",
            severity="note",
            kind="L1.4",
            message=f"{n_pairs} pair{'s' * (n_pairs > 1)} of rows of X are equal, but X has so few "
            "different values that this can be chance.",
            remedy="Audit the recordings, or compare their files by content.",
            figures={"n_pairs": n_pairs},
        )


def _lie_across(evaluation, pairs):
    """Mark pairs of which a fold trains on one and tests the other."""
    first, second = pairs["first"].to_numpy(), pairs["second"].to_numpy()
    across = np.zeros(len(pairs), dtype=bool)
    for train, test in evaluation.folds:
        for one, other in ((first, second), (second, first)):
            across |= np.isin(one, train) & np.isin(other, test)
    return across


def _differ(pairs, values):
    if values is None:
        return np.zeros(len(pairs), dtype=bool)
    return values[pairs["first"]] != values[pairs["second"]]


def _finding(evaluation, pairs, severity, where, remedy):
    if len(pairs) < _SEVERAL and pairs["similarity"].max() < _SURE:
        severity = "note"
    n_exact = int((pairs["kind"] == "exact").sum())
    n_clips = len(np.union1d(pairs["first"], pairs["second"]))
    names = {side: pairs[side].map(evaluation.name_of) for side in ("first", "second")}
    return Finding(
        check="duplicates",
        severity=severity,
        kind="L1.4",
        message=f"{len(pairs)} pair{'s' * (len(pairs) > 1)} of clips ({n_exact} exact, "
        f"{len(pairs) - n_exact} nearly) are the same audio {where}: {n_clips} of "
        f"{len(evaluation.y)} clips.",
        remedy=remedy,
        figures={"n_pairs": len(pairs), "n_exact": n_exact, "n_clips": n_clips},
        evidence=pairs.assign(**names).reset_index(drop=True),
    )
