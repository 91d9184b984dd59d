"""The audit: every check, one report."""

from tqdm.auto import tqdm

from sk_ser.leakage._about import describe
from sk_ser.leakage._check_dependence import check_dependence
from sk_ser.leakage._check_duplicates import check_duplicates
from sk_ser.leakage._check_population import check_population
from sk_ser.leakage._check_preprocessing import check_preprocessing
from sk_ser.leakage._check_selection import check_selection
from sk_ser.leakage._check_speaker_identity import check_speaker_identity
from sk_ser.leakage._check_test_set import check_test_set
from sk_ser.leakage._check_trivial_facts import check_trivial_facts
from sk_ser.leakage._evaluation import Evaluation
from sk_ser.leakage._finding import SEVERITIES, NotChecked
from sk_ser.leakage._report import LeakageReport
from sk_ser.leakage._tables import tabulate_confidence, tabulate_groups, tabulate_sets

#: Checks by name, in the order in which they run.
CHECKS = {
    "test_set": check_test_set,
    "preprocessing": check_preprocessing,
    "duplicates": check_duplicates,
    "trivial_facts": check_trivial_facts,
    "speaker_identity": check_speaker_identity,
    "dependence": check_dependence,
    "selection": check_selection,
    "population": check_population,
}
#: What no check can see, whatever is handed over.
BLIND_SPOTS = (
    "What was done by hand leaves no trace: clips left out, seeds or epochs tried and the best of "
    "them reported, a front end chosen after looking at test clips.",
    "Whether the corpus is like the use: acted emotions, other languages, rooms and microphones.",
    "Whether labels are right.",
)


def audit(
    estimator,
    X,
    y,
    *,
    groups,
    cv=None,
    metadata=None,
    checks=None,
    random_state=0,
    n_jobs=None,
    verbose=False,
):
    """Look for every reason why a result may be better than it would be on a new voice.

    Parameters
    ----------
    estimator : classifier
        Cloned for every fit, and never changed.
    X : array-like of length n_clips
        Paths, clips, sequences or vectors. The earlier the better: what came before X is not
        seen.
    y : array-like of shape (n_clips,)
        Emotions.
    groups : array-like of shape (n_clips,) or None
        Speaker of each clip.
    cv : splitter, iterable of (train, test), int or None, default=None
        Folds that the result is of. An int: so many random folds. None: five folds of
        speakers.
    metadata : DataFrame or None, default=None
        A row a clip, as a corpus's ``frame``: ``path``, ``sentence``, ``session``,
        ``repetition``, ``corpus``, ``sex``, as far as they are known.
    checks : sequence of str or None, default=None
        Which of "test_set", "preprocessing", "duplicates", "trivial_facts",
        "speaker_identity", "dependence", "selection" and "population"; None for all.
    random_state : int, default=0
        Seed of whatever is drawn.
    n_jobs : int or None, default=None
        Fits, or clips, at a time.
    verbose : bool, default=False
        Whether to show which check is running.

    Returns
    -------
    LeakageReport
        Findings, the worst first, and what could not be checked.

    Raises
    ------
    ValueError
        If lengths differ, or a check is not known.
    TypeError
        If `estimator` is no classifier.

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
    >>> speech = make_emotional_speech(6, 3, ("anger", "neutral", "sadness"), random_state=0)
    >>> model = make_svm(make_clip_pipeline(MFCC(), Functionals()))
    >>> report = audit(model, speech.data, speech.target, groups=speech.groups, cv=3)
    >>> report.is_severe
    True
    >>> report.findings[0].check
    'dependence'
    """
    unknown = sorted(set(checks or ()) - set(CHECKS))
    if unknown:
        raise ValueError(f"checks: {unknown[0]!r} is not known. Choose from {tuple(CHECKS)}.")
    evaluation = Evaluation(
        estimator,
        X,
        y,
        groups=groups,
        cv=cv,
        metadata=metadata,
        random_state=random_state,
        n_jobs=n_jobs,
    )
    findings, not_checked = [], {}
    chosen = [name for name in CHECKS if checks is None or name in checks]
    for name in tqdm(chosen, unit="check", disable=not verbose):
        try:
            findings += CHECKS[name](evaluation)
        except NotChecked as reason:
            not_checked[name] = str(reason)
    not_checked |= {name: "not asked for" for name in CHECKS if name not in chosen}
    tables, untold = _tabulate(evaluation)
    findings.sort(key=lambda finding: SEVERITIES.index(finding.severity))
    return LeakageReport(
        findings=findings,
        not_checked=not_checked | untold,
        blind_spots=list(BLIND_SPOTS),
        comparison=evaluation.comparison,
        about=describe(evaluation),
        tables=tables,
    )


def _tabulate(evaluation):
    """Make the tables that can be made; tell why others cannot."""
    tables, untold = {}, {}
    try:
        tables["groups"] = tabulate_groups(evaluation)
    except NotChecked as reason:
        untold["groups"] = str(reason)
    try:
        tables |= tabulate_confidence(evaluation)
    except NotChecked as reason:
        return tables, untold | {"calibration": str(reason), "prediction sets": str(reason)}
    try:
        tables |= tabulate_sets(evaluation, tables["probabilities"])
    except NotChecked as reason:
        untold["prediction sets"] = str(reason)
    return tables, untold
