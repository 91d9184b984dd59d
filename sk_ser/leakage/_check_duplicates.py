"""The same audio twice, and where the two lie."""

import numpy as np
import pandas as pd

from sk_ser.leakage._duplicates import find_duplicates
from sk_ser.leakage._finding import Finding, NotChecked

#: A pair or two that are less alike than this may be by chance.
_SURE, _SEVERAL = 0.9, 3


def check_duplicates(evaluation, *, near=True):
    """Find recordings, or vectors, that are there twice: across a split, speakers or labels.

    Parameters
    ----------
    evaluation : Evaluation
        What to look at.
    near : bool, default=True
        Whether to look for near duplicates of recordings, too: other encodings, rates, levels,
        noise, shifts, and stretched or shifted copies.

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
    >>> twice = [np.tile(X, (2, 1)), np.tile(y, 2), np.tile(speakers, 2)]
    >>> evaluation = Evaluation(GaussianNB(), twice[0], twice[1], groups=twice[2], cv=5)
    >>> check_duplicates(evaluation)[0].severity
    'severe'
    """
    pairs = _pairs(evaluation, near)
    if pairs.empty:
        return []
    across = _lie_across(evaluation, pairs)
    speakers = _differ(pairs, evaluation.groups)
    labels = _differ(pairs, evaluation.y)
    return [
        *_finding(evaluation, pairs, across, "severe", "of which one is trained on where the other "
                  "is tested", "Keep one of each, or keep both on one side of every split: give "
                  "them one group."),
        *_finding(evaluation, pairs, speakers, "severe", "under two speakers' names",
                  "Find out who speaks; two names may be one person. Merge the names, and leave "
                  "one of each pair out."),
        *_finding(evaluation, pairs, labels, "warning", "under two labels",
                  "Find out which is right, or leave both out."),
        *_finding(evaluation, pairs, ~(across | speakers | labels), "warning",
                  "on one side of every split", "Leave one of each pair out: it counts twice."),
    ]  # fmt: skip


def _pairs(evaluation, near):
    if evaluation.recordings is not None:
        return find_duplicates(evaluation.recordings, near=near, n_jobs=evaluation.n_jobs)
    values = np.asarray(evaluation.X) if not isinstance(evaluation.X, list) else None
    if values is None or values.ndim < 2 or not np.issubdtype(values.dtype, np.number):
        raise NotChecked("X holds sequences, and metadata have no column path with files")
    return _equal_rows(values.reshape(len(values), -1))


def _equal_rows(values):
    _, place = np.unique(values, axis=0, return_inverse=True)
    place = place.ravel()  # NumPy 2.0 gives it an axis more
    order = np.argsort(place, kind="stable")
    first, second = order[:-1], order[1:]
    same = place[first] == place[second]
    return pd.DataFrame(
        {"first": first[same], "second": second[same], "kind": "exact", "similarity": 1.0}
    )


def _lie_across(evaluation, pairs):
    """Mark pairs of which one is trained on where the other is tested."""
    first, second = pairs["first"].to_numpy(), pairs["second"].to_numpy()
    across = np.zeros(len(pairs), dtype=bool)
    for train, test in evaluation.folds:
        trained, tested = (np.isin(np.arange(len(evaluation.y)), rows) for rows in (train, test))
        across |= (trained[first] & tested[second]) | (tested[first] & trained[second])
    return across


def _differ(pairs, values):
    if values is None:
        return np.zeros(len(pairs), dtype=bool)
    return values[pairs["first"]] != values[pairs["second"]]


def _finding(evaluation, pairs, mask, severity, where, remedy):
    if not mask.any():
        return []
    chosen = pairs[mask]
    if len(chosen) < _SEVERAL and chosen["similarity"].max() < _SURE:
        severity = "warning"
    exact = int((chosen["kind"] == "exact").sum())
    evidence = pd.DataFrame(
        {
            "first": [evaluation.name_of(row) for row in chosen["first"]],
            "second": [evaluation.name_of(row) for row in chosen["second"]],
            "kind": chosen["kind"].to_numpy(),
            "similarity": chosen["similarity"].to_numpy(),
        }
    )
    clips = len(np.union1d(chosen["first"], chosen["second"]))
    return [
        Finding(
            "duplicates",
            severity,
            "L1.4",
            f"{len(chosen)} pair{'s' * (len(chosen) > 1)} of clips ({exact} exact, "
            f"{len(chosen) - exact} nearly) are the same audio {where}: {clips} of "
            f"{len(evaluation.y)} clips.",
            remedy,
            {"n_pairs": len(chosen), "n_exact": exact, "n_clips": clips},
            evidence,
        )
    ]
