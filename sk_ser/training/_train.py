"""Train a baseline on a corpus, with calibrated probabilities and prediction sets."""

import sys
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.pipeline import Pipeline
from sklearn.utils import Bunch

from sk_ser._estimators import is_search, name_steps
from sk_ser.baselines import fill_cache, fit_baseline, make_baselines
from sk_ser.datasets import clean_corpora
from sk_ser.exceptions import CorpusError
from sk_ser.model_selection import (
    ProtocolComparison,
    TuningFolds,
    compare_protocols,
    conformal_threshold,
    cross_predict,
)
from sk_ser.persistence import describe_training
from sk_ser.training._calibrated import METHOD, CalibratedModel, response_of


class Training(NamedTuple):
    """Result of :func:`train_model`.

    Attributes
    ----------
    model : Pipeline
        Fitted on the whole corpus, with calibrated probabilities.
    header : dict
        Header to save with the model.
    comparison : ProtocolComparison or None
        Scores on seen and on unseen speakers.

    Examples
    --------
    >>> from sk_ser.training import Training
    >>> Training._fields
    ('model', 'header', 'comparison')
    """

    model: Any
    header: dict
    comparison: ProtocolComparison | None


def train_model(
    corpus: Bunch,
    model: str = "svm",
    *,
    evaluate: bool = True,
    coverage: float = 0.9,
    n_splits: int = 5,
    on_error: str = "skip",
    memory: object = None,
    random_state: int = 0,
    n_jobs: int | None = None,
    verbose: bool = False,
    on_evaluated: Callable | None = None,
) -> Training:
    r"""Train a baseline on a whole corpus, with probabilities calibrated on unseen speakers.

    The baseline is tuned and scored under a random and a speaker-independent protocol, as in
    :func:`~sk_ser.benchmark.run_benchmark`, then tuned and fitted on all clips. Two more things
    are learnt from its scores for clips of speakers that were left out of training:

    - probabilities, by temperature scaling [1]_, :math:`p = \mathrm{softmax}(z / T)`, which does
      not change the predicted labels (by Platt's method before scikit-learn 1.8);
    - the threshold of prediction sets [2]_: for n clips and a `coverage` of c, the
      :math:`\lceil c (n + 1) \rceil`-th largest probability of a clip's own label.

    Parameters
    ----------
    corpus : Bunch
        As the loaders of :mod:`sk_ser.datasets` return it; speakers must be known.
    model : str or Baseline, default="svm"
        Name of a baseline, one of :func:`~sk_ser.baselines.baseline_names`, or a baseline itself.
    evaluate : bool, default=True
        Whether to score it. False skips the evaluation.
    coverage : float, default=0.9
        Share of clips whose prediction set contains the correct label, within (0, 1).
    n_splits : int, default=5
        Folds of each protocol and of the calibration.
    on_error : {"skip", "raise"}, default="skip"
        What to do about unusable recordings, as in :func:`~sk_ser.datasets.clean_corpora`.
        Recordings of two speakers are left out in any case.
    memory : str, Path or None, default=None
        Where to keep each clip's features. None: each fit computes them again.
    random_state : int, default=0
        Seed of everything random.
    n_jobs : int or None, default=None
        Number of clips, and then of fits, at a time.
    verbose : bool, default=False
        Whether to show the current step on stderr, with progress bars.
    on_evaluated : callable or None, default=None
        Called with the comparison as soon as it is computed.

    Returns
    -------
    Training
        ``model``: a pipeline from files to probabilities, without a cache. ``header``: the
        entries of :func:`~sk_ser.persistence.describe_training`, ``tuned`` (values that were
        chosen), ``calibration`` (``method``, ``speakers``) and ``prediction_set`` (``coverage``,
        ``threshold``, ``speakers``). ``speakers`` is "unseen", or "seen" if the corpus has one
        speaker. ``comparison``: the scores.

    Raises
    ------
    CorpusError
        If the speakers of the corpus are not known, or only one has an emotion.
    ValueError
        If a parameter is out of range.

    Notes
    -----
    Clips of one speaker are similar, so the coverage holds on average over speakers like those of
    the corpus, and not for each speaker.

    References
    ----------
    .. [1] C. Guo et al., "On calibration of modern neural networks", ICML 2017, equation 9.
    .. [2] M. Sadinle, J. Lei and L. Wasserman, "Least ambiguous set-valued classifiers with bounded
       error levels", Journal of the American Statistical Association 114, 2019.

    Examples
    --------
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.training import train_model
    >>> speech = make_emotional_speech(4, 2, ("anger", "sadness"), random_state=0)
    >>> trained = train_model(speech, evaluate=False, n_splits=2)
    >>> trained.model.predict(speech.data[:1]).tolist()
    ['anger']
    >>> trained.header["prediction_set"]["speakers"]
    'unseen'
    """
    _check(corpus, coverage)
    (corpus,) = clean_corpora([corpus], on_error=on_error, n_jobs=n_jobs)
    _check_emotions(corpus)
    show = partial(_show, corpus.name, verbose)
    progress = {"n_jobs": n_jobs, "verbose": verbose}
    baselines = make_baselines((model,), memory=memory, random_state=random_state)
    (baseline,) = baselines.values()
    _settle_ties(baseline)
    if memory is not None:
        show(f"features of {len(corpus.data)} clips")
        fill_cache(baselines, corpus, **progress)
    comparison = None
    if evaluate:
        show("evaluation")
        options = {"groups": corpus.groups, "n_splits": n_splits, "random_state": random_state}
        comparison = compare_protocols(baselines, corpus.data, corpus.target, **options, **progress)
        if on_evaluated is not None:
            on_evaluated(comparison)
    folds = TuningFolds(n_splits, random_state=random_state)
    show("calibration on speakers left out")
    scores = _scores_left_out(baseline, corpus, folds, **progress)
    show("fit on all clips")
    pipeline, chosen = fit_baseline(clone(baseline), corpus, n_jobs)
    calibrated = CalibratedModel(clone(pipeline[1:]), folds, method=METHOD)
    calibrated.calibrate(pipeline[1:], scores, corpus.target)
    header = describe_training(corpus, comparison) | {"tuned": chosen}
    header |= _describe_calibration(calibrated, scores, corpus, coverage)
    return Training(Pipeline([pipeline.steps[0], *name_steps([calibrated])]), header, comparison)


def _check(corpus, coverage):
    if corpus.groups is None:
        raise CorpusError(
            f"{corpus.name}: its speakers are not known, and without them a model cannot be "
            "scored on unseen speakers. Pass them: load_corpus(..., speaker=)."
        )
    if not 0 < coverage < 1:
        raise ValueError(f"train_model: coverage={coverage!r} must be between 0 and 1.")


def _check_emotions(corpus):
    """Refuse an emotion that no model could learn without one of the speakers."""
    speakers = pd.Series(corpus.groups).groupby(np.asarray(corpus.target)).nunique()
    if len(speakers) < 2:
        raise CorpusError(f"{corpus.name}: all recordings are {speakers.index[0]!r}")
    rare = speakers.index[speakers < min(2, len(np.unique(corpus.groups)))]
    if len(rare):
        names = ", ".join(map(repr, rare))
        raise CorpusError(
            f"{corpus.name}: only one speaker has {names}, so no model can be scored on it for "
            "unseen speakers",
            remedy="Leave the emotion out, or add recordings of other speakers.",
        )


def _show(corpus, verbose, step):
    if verbose:
        print(f"{corpus}: {step}", file=sys.stderr)


def _settle_ties(baseline):
    """Let an SVC settle ties by its decision values, which calibrated probabilities follow."""
    model = getattr(baseline, "estimator", baseline)
    if "svc__break_ties" in model.get_params():
        model.set_params(svc__break_ties=True)


def _scores_left_out(baseline, corpus, folds, **progress):
    """Score each clip by the baseline, tuned and fitted without the clip's speaker."""
    X, y, speakers = corpus.data, corpus.target, corpus.groups
    scores = cross_predict(
        baseline,
        X,
        y,
        # as in fit_baseline, only a search is given the speakers
        groups=speakers if is_search(baseline) else None,
        protocol=list(folds.split(X, y, speakers)),
        method=response_of(baseline),
        **progress,
    )
    return scores.to_numpy()


def _describe_calibration(calibrated, scores, corpus, coverage):
    """Make the entries of the header on probabilities and prediction sets."""
    speakers = "unseen" if len(np.unique(corpus.groups)) > 1 else "seen"
    proba = calibrated.calibrated_proba(scores)
    threshold = conformal_threshold(
        proba, corpus.target, classes=calibrated.classes_, coverage=coverage
    )
    return {
        "calibration": {"method": METHOD, "speakers": speakers},
        "prediction_set": {"coverage": coverage, "threshold": threshold, "speakers": speakers},
    }
