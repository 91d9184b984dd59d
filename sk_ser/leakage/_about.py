"""What is needed to repeat an audit."""

import warnings
from pathlib import Path

import numpy as np

from sk_ser._containers import is_path
from sk_ser._content import recording_sha256
from sk_ser._versions import found_versions


def describe(evaluation):
    """Describe an evaluation, with versions, seed, and a hash of each clip.

    Parameters
    ----------
    evaluation : Evaluation
        The audited evaluation.

    Returns
    -------
    dict
        In types that JSON has.
    """
    speakers = evaluation.groups
    counts = zip(*np.unique(evaluation.y, return_counts=True), strict=True)
    items = evaluation.X if evaluation.recordings is None else evaluation.recordings
    items = items.to_numpy() if hasattr(items, "iloc") else items
    with warnings.catch_warnings(action="ignore"):
        estimator = repr(evaluation.estimator)
    return {
        "estimator": estimator,
        "n_clips": len(evaluation.y),
        "n_speakers": None if speakers is None else len(np.unique(speakers)),
        "classes": {str(label): int(count) for label, count in counts},
        "n_folds": len(evaluation.folds),
        "factors": list(evaluation.factors),
        "random_state": evaluation.random_state,
        "versions": found_versions(),
        "sha256": {evaluation.name_of(row): _hash(item) for row, item in enumerate(items)},
    }


def _hash(item):
    is_missing = is_path(item) and not Path(item).is_file()
    return None if is_missing else recording_sha256(item)
