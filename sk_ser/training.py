"""From a corpus to a model that says how sure it is, and how it does on voices never heard."""

import sys
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import sklearn
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.model_selection import GridSearchCV, cross_val_predict
from sklearn.pipeline import Pipeline
from sklearn.utils.fixes import parse_version

from sk_ser.benchmark import fill_cache, fit_baseline, make_baselines
from sk_ser.exceptions import CorpusError
from sk_ser.model_selection import ProtocolComparison, TuningFolds, compare_protocols
from sk_ser.persistence import describe_training

__all__ = ["Training", "train_model"]

#: One temperature for all classes, where scikit-learn has it, changes no answer and has one
#: parameter to learn.
_METHOD = "temperature" if parse_version(sklearn.__version__) >= parse_version("1.8") else "sigmoid"


class Training(NamedTuple):
    """What :func:`train_model` returns.

    Attributes
    ----------
    model : Pipeline
        Fitted on the whole corpus, with calibrated probabilities.
    header : dict
        What is to be saved with it.
    comparison : ProtocolComparison or None
        How it does on heard and on unheard voices.

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
    corpus,
    model="svm",
    *,
    evaluate=True,
    coverage=0.9,
    n_splits=5,
    memory=None,
    random_state=0,
    n_jobs=None,
    verbose=False,
    on_evaluated=None,
):
    r"""Train a baseline on all of a corpus, with probabilities that hold for new voices.

    The baseline is tuned and scored under a random and a speaker-independent protocol, as
    :func:`~sk_ser.benchmark.run_benchmark` does, then tuned and fitted on everything. What
    it says of each clip when that clip's speaker is left out of training makes two things more:

    - probabilities, by temperature scaling [1]_, :math:`p = \mathrm{softmax}(z / T)`, which changes
      no answer (by Platt's method before scikit-learn 1.8);
    - the threshold of prediction sets [2]_: for n clips and a `coverage` of c, the probability that
      :math:`\lceil c (n + 1) \rceil` of their right emotions reach.

    Parameters
    ----------
    corpus : Bunch
        As the loaders of :mod:`sk_ser.datasets` return it; speakers must be known.
    model : {"svm", "xgboost", "cnn", "lstm", "bilstm", "gru", "dense"}, default="svm"
        Which baseline. The nets need the extra ``neural``, xgboost needs ``boost``.
    evaluate : bool, default=True
        Whether to score it; without, nobody knows what it is worth.
    coverage : float, default=0.9
        Share of clips whose prediction set is to hold the right emotion.
    n_splits : int, default=5
        Folds of each protocol, and of the calibration.
    memory : str, Path or None, default=None
        Where to keep each clip's features. None: each fit describes the clips anew.
    random_state : int, default=0
        Seed of everything.
    n_jobs : int or None, default=None
        Clips, and then fits, at a time.
    verbose : bool, default=False
        Whether to show on stderr what is done, with progress bars.
    on_evaluated : callable or None, default=None
        Called with the comparison as soon as it is there, which may be long before the end.

    Returns
    -------
    Training
        ``model``, a pipeline from files to probabilities that needs no cache; ``header``
        with :func:`~sk_ser.persistence.describe_training`'s entries, ``prediction_set``
        (``coverage``, ``threshold``, ``voices``: "unheard", or "heard" where there is one
        speaker) and ``calibration`` (its method); ``comparison``.

    Raises
    ------
    CorpusError
        If the corpus's speakers are not known.
    ValueError
        If a parameter is out of range.

    Notes
    -----
    Clips of one speaker are alike, so the coverage is what it is on average over
    speakers like those of the corpus, not a guarantee for each.

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
    >>> trained.header["prediction_set"]["voices"]
    'unheard'
    """
    if corpus.groups is None:
        raise CorpusError(
            f"{corpus.name}: its speakers are not known, and without them nobody can tell how a "
            "model does on new ones. Say who speaks: load_corpus(..., speaker=)."
        )
    if not 0 < coverage < 1:
        raise ValueError(f"train_model: coverage={coverage!r} must be between 0 and 1.")
    tell = partial(print, file=sys.stderr) if verbose else (lambda text: None)
    baselines = make_baselines((model,), memory=memory, random_state=random_state)
    baseline = _untied(baselines[model])
    if memory is not None:
        tell(f"{corpus.name}: features of {len(corpus.data)} clips")
        fill_cache(baselines, corpus, n_jobs, verbose)
    comparison = None
    if evaluate:
        tell(f"{corpus.name}: evaluation")
        comparison = compare_protocols(
            {model: baseline},
            corpus.data,
            corpus.target,
            groups=corpus.groups,
            n_splits=n_splits,
            random_state=random_state,
            n_jobs=n_jobs,
            verbose=verbose,
        )
        if on_evaluated is not None:
            on_evaluated(comparison)
    with _clock(f"{corpus.name}: calibration on voices left out", verbose):
        scores = _scores_left_out(baseline, corpus, n_splits, random_state, n_jobs)
    with _clock(f"{corpus.name}: fit on everything", verbose):
        pipeline, chosen = fit_baseline(clone(baseline), corpus, n_jobs)
    calibrated, proba = _calibrate(pipeline[1:], scores, corpus.target)
    pipeline[0].set_params(memory=None, n_jobs=None, verbose=False)
    header = describe_training(corpus, comparison) | {
        "tuned": chosen,
        "calibration": {"method": _METHOD, "voices": _voices(corpus)},
        "prediction_set": {
            "coverage": coverage,
            "threshold": _threshold(proba, corpus.target, calibrated.classes_, coverage),
            "voices": _voices(corpus),
        },
    }
    name = type(calibrated).__name__.lower()
    return Training(Pipeline([pipeline.steps[0], (name, calibrated)]), header, comparison)


def _clock(text, verbose):
    """Show that something goes on, and for how long, where nobody knows when it ends."""
    console = Console(stderr=True, quiet=not verbose)
    progress = Progress(SpinnerColumn(), TextColumn(text), TimeElapsedColumn(), console=console)
    progress.add_task("")
    return progress


def _untied(baseline):
    """Let an SVC settle ties as its decision values do, which the calibration keeps."""
    if "svc__break_ties" in getattr(baseline, "estimator", baseline).get_params():
        baseline.estimator.set_params(svc__break_ties=True)
    return baseline


def _voices(corpus):
    return "unheard" if len(np.unique(corpus.groups)) > 1 else "heard"


def _scores_left_out(baseline, corpus, n_splits, random_state, n_jobs):
    """Ask the baseline about each clip, tuned and fitted without the clip's speaker."""
    folds = TuningFolds(n_splits, random_state=random_state)
    X, y, speakers = corpus.data, corpus.target, corpus.groups
    is_search = isinstance(baseline, GridSearchCV)
    return cross_val_predict(
        baseline,
        X,
        y,
        cv=list(folds.split(X, y, speakers)),
        method=_method_of(baseline),
        n_jobs=n_jobs,
        params={"groups": speakers} if is_search else None,
    )


def _method_of(classifier):
    """Name what scikit-learn calibrates: decision values before probabilities."""
    return "decision_function" if hasattr(classifier, "decision_function") else "predict_proba"


def _calibrate(classifier, scores, y):
    """Calibrate a fitted classifier on scores of clips that it did not see.

    scikit-learn would fit it once more in each fold to get these scores, and would not tell them.

    Returns
    -------
    calibrated : CalibratedClassifierCV
        Around the classifier.
    proba : ndarray of shape (n_clips, n_classes)
        Calibrated, of the scores.
    """
    stand_in = _Decisions if _method_of(classifier) == "decision_function" else _Probabilities
    everything = np.arange(len(y))
    calibrated = CalibratedClassifierCV(
        stand_in(), method=_METHOD, ensemble=False, cv=[(everything, everything)]
    )
    scores = scores.reshape(len(y), -1)
    proba = calibrated.fit(scores, y).predict_proba(scores)
    calibrated.calibrated_classifiers_[0].estimator = classifier
    if hasattr(calibrated, "n_features_in_"):
        del calibrated.n_features_in_
    # whoever fits it anew has other clips, and so other folds
    return calibrated.set_params(estimator=clone(classifier), cv=TuningFolds()), proba


class _Scores(ClassifierMixin, BaseEstimator):
    """Classifier whose X is what it says, and which has nothing to learn."""

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        scores = np.column_stack([-X, X]) if X.shape[1] == 1 else X
        return self.classes_[np.argmax(scores, axis=1)]


class _Decisions(_Scores):
    def decision_function(self, X):
        return X[:, 0] if X.shape[1] == 1 else X


class _Probabilities(_Scores):
    def predict_proba(self, X):
        return X


def _threshold(proba, y, classes, coverage):
    """Probability that the right emotions of enough clips reach."""
    right = np.sort(proba[np.arange(len(y)), np.searchsorted(classes, y)])[::-1]
    rank = int(np.ceil(coverage * (len(y) + 1)))
    return float(right[rank - 1]) if rank <= len(y) else 0.0
