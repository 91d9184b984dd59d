"""Whether the model's own features tell who speaks."""

import numpy as np
from sklearn.base import clone
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.feature_selection import VarianceThreshold
from sklearn.impute import SimpleImputer
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from sk_ser.leakage._finding import Finding, NotChecked
from sk_ser.model_selection import uar_score


def check_speaker_identity(evaluation):
    """Measure how well the features that the classifier sees predict the speaker.

    They do so nearly always. Where speakers are on both sides of the split, this is what a
    classifier may use in place of the emotion; where they are not, it is worth a note.

    Parameters
    ----------
    evaluation : Evaluation
        What to look at.

    Returns
    -------
    list of Finding

    Raises
    ------
    NotChecked
        If speakers are not known, or features are no vectors.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from sk_ser.leakage import Evaluation, check_speaker_identity
    >>> rng = np.random.default_rng(0)
    >>> y, speakers = np.arange(80) % 2, np.arange(80) // 10
    >>> X = rng.normal(size=(80, 3)) + 9 * rng.normal(size=(8, 3))[speakers]
    >>> found = check_speaker_identity(Evaluation(GaussianNB(), X, y, groups=speakers, cv=5))
    >>> found[0].severity, found[0].figures["uar_speaker"] > 0.9
    ('warning', True)
    """
    speakers = evaluation.groups
    if speakers is None:
        raise NotChecked("groups is None: nobody says who speaks")
    counts = np.unique(speakers, return_counts=True)[1]
    if len(counts) < 2 or counts.min() < 2:
        raise NotChecked("there are speakers of one clip only")
    X = _vectors(evaluation)
    model = make_pipeline(
        SimpleImputer(keep_empty_features=True),
        VarianceThreshold(),
        StandardScaler(),
        LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto"),
    )
    folds = StratifiedKFold(min(5, counts.min()), shuffle=True, random_state=0)
    predicted = cross_val_predict(model, X, speakers, cv=folds)
    uar, chance = float(uar_score(speakers, predicted)), 1 / len(counts)
    if uar < chance + 0.2 * (1 - chance):
        return []
    is_heard = "speaker" in evaluation.factors and evaluation.shared("speaker") > 0
    return [
        Finding(
            "speaker_identity",
            "warning" if is_heard else "note",
            "L2",
            f"The features tell who speaks: a linear classifier names the speaker of a clip with a "
            f"UAR of {uar:.3f} (chance {chance:.3f})"
            + (", and speakers are on both sides of the split." if is_heard else "."),
            "Split by speaker. Normalising by speaker or by clip (MeanNormalizer) takes some of it "
            "away.",
            {"uar_speaker": uar, "chance_speaker": chance},
        )
    ]


def _vectors(evaluation):
    """Find what the last step sees, where it is one vector a clip."""
    X = evaluation.features
    if not isinstance(X, np.ndarray) and not hasattr(X, "iloc"):
        raise NotChecked("the features are sequences, not one vector a clip")
    values = np.asarray(X)
    if values.ndim != 2 or not np.issubdtype(values.dtype, np.number):
        raise NotChecked("the features are no table of numbers")
    tail = evaluation.tail
    if isinstance(tail, Pipeline) and len(tail) > 1 and values.shape[1] > 5_000:
        # raw samples, say: what the steps before the last make of them is smaller
        values = clone(tail[:-1]).fit_transform(values, evaluation.y)
    return values
