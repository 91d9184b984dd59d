"""Run all checks on an evaluation, and report the findings."""

from collections.abc import Sequence

import pandas as pd
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator
from tqdm.auto import tqdm

from sk_ser.leakage._about import describe
from sk_ser.leakage._evaluation import Evaluation
from sk_ser.leakage._finding import SEVERITIES, Finding, NotChecked
from sk_ser.leakage._registry import check_names, choose_checks
from sk_ser.leakage._report import LeakageReport
from sk_ser.leakage._tables import tabulate_confidence, tabulate_groups, tabulate_sets

#: What no check can find, whatever data it has.
BLIND_SPOTS = (
    "Choices made by hand leave no trace: clips left out, the best of several seeds or epochs "
    "reported, a front end chosen after looking at test clips.",
    "Whether the corpus resembles the use: acted emotions, other languages, rooms and microphones.",
    "Whether labels are right.",
)
_TABLES = {
    "groups": tabulate_groups,
    "calibration": tabulate_confidence,
    "prediction sets": tabulate_sets,
}


def audit(
    estimator: BaseEstimator,
    X: ArrayLike,
    y: ArrayLike,
    *,
    groups: ArrayLike | None,
    protocol: object = None,
    n_splits: int = 5,
    metadata: pd.DataFrame | None = None,
    checks: Sequence[str] | None = None,
    random_state: int = 0,
    n_jobs: int | None = None,
    verbose: bool = False,
) -> LeakageReport:
    """Search for every reason why a result may overestimate the score on new speakers.

    Parameters
    ----------
    estimator : classifier
        Is cloned for every fit and never changed.
    X : array-like of length n_clips
        Paths, clips, sequences or vectors. Paths are best: steps that were applied before X
        cannot be checked.
    y : array-like of shape (n_clips,)
        Emotions.
    groups : array-like of shape (n_clips,) or None
        Speaker of each clip.
    protocol : str, splitter, iterable of (train, test) or None, default=None
        Folds of the result, as :func:`~sk_ser.model_selection.compare_protocols` takes them.
        None: "speaker-independent" where speakers are known, "random" where they are not.
    n_splits : int, default=5
        Folds of a named protocol.
    metadata : DataFrame or None, default=None
        One row per clip, such as a corpus's ``frame``. The columns ``path``, ``sentence``,
        ``session``, ``repetition``, ``corpus`` and ``sex`` are used where they exist.
    checks : sequence of str or None, default=None
        Names of checks: "test_set", "preprocessing", "duplicates", "trivial_facts",
        "lookup", "speaker_identity", "dependence", "selection", "population", and those added by
        :func:`~sk_ser.leakage.register_check`. None for all.
    random_state : int, default=0
        Seed of all random draws.
    n_jobs : int or None, default=None
        Fits, or clips, at a time.
    verbose : bool, default=False
        Whether to show a progress bar over the checks.

    Returns
    -------
    LeakageReport
        Findings, the most severe first, and the checks that could not be done. A check that
        raises an exception is one of the latter.

    Raises
    ------
    ValueError
        If lengths differ, folds cannot be drawn, or a check is unknown.
    TypeError
        If `estimator` is not a classifier, or `protocol` is an int.
    FoldError
        If the model cannot be fitted in any fold.

    References
    ----------
    .. [1] S. Kapoor and A. Narayanan, "Leakage and the reproducibility crisis in
       machine-learning-based science", Patterns 4(9), 2023.

    Examples
    --------
    >>> from sk_ser.classifiers import make_svm
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.features import MFCC, Functionals, make_clip_pipeline
    >>> from sk_ser.leakage import audit
    >>> speech = make_emotional_speech(6, 3, ("anger", "fear", "neutral"), random_state=0)
    >>> model = make_svm(make_clip_pipeline(MFCC(), Functionals()))
    >>> report = audit(model, speech.data, speech.target, groups=speech.groups, protocol="random")
    >>> report.is_severe
    True
    >>> report.findings[0].check
    'dependence'
    """
    chosen = choose_checks(checks)
    folds = {"protocol": protocol, "n_splits": n_splits, "random_state": random_state}
    evaluation = Evaluation(
        estimator, X, y, groups=groups, metadata=metadata, n_jobs=n_jobs, **folds
    )
    # no report can be made without the scores: an error here is raised
    comparison = evaluation.comparison
    found, failed = _attempt(chosen, evaluation, verbose)
    unwanted = {name: "not requested" for name in check_names() if name not in chosen}
    tables, without = _attempt(_TABLES, evaluation)
    findings = [finding for name in found for finding in found[name]]
    return LeakageReport(
        findings=sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity)),
        not_checked=failed | unwanted | without,
        blind_spots=list(BLIND_SPOTS),
        comparison=comparison,
        about=describe(evaluation),
        tables={name: table for made in tables.values() for name, table in made.items()},
    )


def _attempt(jobs, evaluation, verbose=False):
    """Return what each of some jobs makes, and the reasons of those that cannot be done."""
    made, failed = {}, {}
    for name, job in tqdm(jobs.items(), unit="check", disable=not verbose):
        try:
            made[name] = _check_result(job(evaluation))
        except NotChecked as reason:
            failed[name] = str(reason)
        except Exception as error:
            failed[name] = f"{type(error).__name__}: {error}"
    return made, failed


def _check_result(made):
    """Return tables, or a list of findings."""
    if isinstance(made, dict):
        return made
    made = list(made)
    for one in made:
        if not isinstance(one, Finding):
            raise TypeError(f"the check returned {one!r}, which is not a Finding")
    return made
