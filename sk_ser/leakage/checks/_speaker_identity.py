"""Check: whether the model's features identify the speaker."""

import numpy as np
from sklearn.base import clone
from sklearn.feature_selection import VarianceThreshold
from sklearn.impute import SimpleImputer
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from sk_ser.leakage._evaluation import Evaluation, as_numbers
from sk_ser.leakage._finding import Finding, NotChecked
from sk_ser.leakage.checks._discriminant import predict_classes
from sk_ser.model_selection import uar_score

#: Columns from which features are taken behind the steps before the classifier.
_MANY = 5_000


def check_speaker_identity(evaluation: Evaluation) -> list[Finding]:
    """Measure how well the features of the classifier predict the speaker.

    They nearly always do. Where speakers are on both sides of the split, a classifier may use
    this instead of the emotion; where they are not, the finding is a note.

    Parameters
    ----------
    evaluation : Evaluation
        The audited evaluation.

    Returns
    -------
    list of Finding

    Raises
    ------
    NotChecked
        If speakers are not known, or features are not vectors.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from sk_ser.leakage import Evaluation, check_speaker_identity
    >>> rng = np.random.default_rng(0)
    >>> y, speakers = np.arange(80) % 2, np.arange(80) // 10
    >>> X = rng.normal(size=(80, 3)) + 9 * rng.normal(size=(8, 3))[speakers]
    >>> evaluation = Evaluation(GaussianNB(), X, y, groups=speakers, protocol="random")
    >>> found = check_speaker_identity(evaluation)
    >>> found[0].severity, found[0].figures["uar_speaker"] > 0.9
    ('warning', True)
    """
    speakers = evaluation.groups
    if speakers is None:
        raise NotChecked("groups is None, so speakers are not known")
    counts = np.unique(speakers, return_counts=True)[1]
    if len(counts) < 2 or counts.min() < 2:
        raise NotChecked("there is one speaker, or a speaker of one clip")
    uar, chance = _score(_vectors(evaluation), speakers, counts), 1 / len(counts)
    if uar < chance + 0.2 * (1 - chance):
        return []
    is_seen = "speaker" in evaluation.factors and evaluation.shared("speaker") > 0
    return [
        Finding(
            check="speaker_identity",
            severity="warning" if is_seen else "note",
            kind="L2",
            message="The features identify the speaker: a linear classifier predicts it with a UAR "
            f"of {uar:.3f} (chance {chance:.3f})"
            + (", and speakers are on both sides of the split." if is_seen else "."),
            remedy="Split by speaker. Normalising by speaker or by clip (MeanNormalizer) removes "
            "a part of it.",
            figures={"uar_speaker": uar, "chance_speaker": chance},
        )
    ]


def _score(X, speakers, counts):
    """Score a linear discriminant analysis of the speakers by cross-validation."""
    folds = StratifiedKFold(min(5, counts.min()), shuffle=True, random_state=0)
    steps = SimpleImputer(keep_empty_features=True), VarianceThreshold(), StandardScaler()
    scale = make_pipeline(*steps)
    predicted = np.empty_like(speakers)
    for train, test in folds.split(X, speakers):
        known = scale.fit_transform(X[train]), speakers[train]
        predicted[test] = predict_classes(*known, scale.transform(X[test]))
    return float(uar_score(speakers, predicted))


def _vectors(evaluation):
    """Return what the last step receives, where it is one vector per clip."""
    values = as_numbers(evaluation.features)
    if values is None or values.ndim != 2:
        raise NotChecked("the features are not a table of numbers, with one vector per clip")
    tail = evaluation.tail
    if isinstance(tail, Pipeline) and len(tail) > 1 and values.shape[1] > _MANY:
        # such as raw samples, of which the steps before the last make something smaller
        values = clone(tail[:-1]).fit_transform(values, evaluation.y)
    return values
