"""Sets of emotions that hold the right one as often as was promised, by MAPIE."""

import warnings

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin

from sk_ser._optional import import_optional
from sk_ser.model_selection._calibration import check_proba

_METHODS = ("lac", "aps")


class _Given(ClassifierMixin, BaseEstimator):
    """A fitted classifier whose X is its probabilities: MAPIE wants an estimator."""

    def __init__(self, classes):
        self.classes = classes

    @property
    def classes_(self):
        return self.classes

    def __sklearn_is_fitted__(self):
        return True

    def fit(self, X, y):
        return self

    def predict_proba(self, X):
        return X

    def predict(self, X):
        return self.classes[X.argmax(axis=1)]


def prediction_sets(
    proba_calibration,
    y_calibration,
    proba_test,
    *,
    classes=None,
    coverage=0.9,
    method="lac",
    random_state=None,
):
    """Split conformal prediction: for each clip, the emotions that it may be.

    From clips that the model was not fitted on (the calibration clips) it is learnt how
    much must be added to the most probable class so that the set holds the label in a share
    `coverage` of clips [1]_. That is promised, for any model and any number of clips, **if
    calibration and test clips are exchangeable**: it does not hold for voices that are new
    where the calibration clips' were not. :func:`~sk_ser.model_selection.conformal_coverage`
    measures by how much it then fails.

    The computation is that of `MAPIE <https://mapie.readthedocs.io>`_'s
    ``SplitConformalClassifier``, which the extra ``conformal`` installs.

    Parameters
    ----------
    proba_calibration : DataFrame or array-like of shape (n_calibration, n_classes)
        Probabilities of the calibration clips.
    y_calibration : array-like of shape (n_calibration,)
        Their labels.
    proba_test : DataFrame or array-like of shape (n_test, n_classes)
        Probabilities of the clips that sets are asked for.
    classes : array-like of shape (n_classes,), default=None
        Class of each column. By default the columns of a DataFrame, otherwise the sorted
        labels.
    coverage : float, default=0.9
        Share of clips whose set is to hold the label, between 0 and 1.
    method : {"lac", "aps"}, default="lac"
        "lac": classes more probable than a threshold (least ambiguous sets [2]_), the
        smallest sets; some may be empty. "aps": the most probable classes until their sum
        passes a threshold, the last of them by chance (adaptive prediction sets [3]_):
        larger sets, of which some may be empty too, and whose size tells better how hard a
        clip is; for three classes or more.
    random_state : int, RandomState instance or None, default=None
        Of that chance.

    Returns
    -------
    ndarray of bool of shape (n_test, n_classes)
        Whether a class is in the clip's set.

    Raises
    ------
    ImportError
        If MAPIE is not installed.
    ValueError
        If there are too few calibration clips for the coverage, shapes differ, rows are no
        probabilities, or an option is out of range.

    References
    ----------
    .. [1] V. Vovk, A. Gammerman, G. Shafer, Algorithmic Learning in a Random World,
       Springer, 2005.
    .. [2] M. Sadinle, J. Lei, L. Wasserman, "Least Ambiguous Set-Valued Classifiers with
       Bounded Error Levels", JASA 114, 2019, pp. 223-234.
    .. [3] Y. Romano, M. Sesia, E. J. Candès, "Classification with Valid and Adaptive
       Coverage", Proc. NeurIPS, 2020.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.model_selection import prediction_sets
    >>> rng = np.random.default_rng(0)
    >>> proba = rng.dirichlet([0.5] * 3, size=2_000)
    >>> y = np.array([rng.choice(3, p=row) for row in proba])
    >>> sets = prediction_sets(proba[:1_000], y[:1_000], proba[1_000:], coverage=0.9)
    >>> sets[np.arange(1_000), y[1_000:]].mean().round(2)
    np.float64(0.9)
    """
    if method not in _METHODS:
        raise ValueError(f"method={method!r}: it must be one of {_METHODS}.")
    codes, proba, classes = check_proba(
        y_calibration, proba_calibration, classes, "proba_calibration"
    )
    # Their labels are not known, nor needed: any will do.
    _, proba_test, _ = check_proba(
        np.resize(classes, len(proba_test)), proba_test, classes, "proba_test"
    )
    check_coverage(coverage, len(codes))
    if method == "aps" and len(np.unique(codes)) < 3:
        raise ValueError(
            'method="aps" needs calibration clips of at least three classes, and there are '
            f'{len(np.unique(codes))}. Take method="lac".'
        )
    mapie = import_optional("mapie.classification", extra="conformal", purpose="prediction_sets")
    machine = mapie.SplitConformalClassifier(
        _Given(np.arange(len(classes))),
        confidence_level=coverage,
        conformity_score=method,
        prefit=True,
        random_state=random_state,
    )
    with warnings.catch_warnings():
        # The calibration clips may lack a class, which leaves the coverage as it is.
        warnings.filterwarnings("ignore", message=".*less labels than your training dataset")
        machine.conformalize(proba, codes)
    # Without chance, "aps" would hold too much: its scores on the calibration clips have it.
    options = {"include_last_label": "randomized"} if method == "aps" else {}
    _, sets = machine.predict_set(proba_test, conformity_score_params=options)
    return np.asarray(sets[:, :, 0], dtype=bool)


def check_coverage(coverage, n_calibration):
    """Refuse a coverage that so few calibration clips cannot promise.

    Parameters
    ----------
    coverage : float
        Between 0 and 1.
    n_calibration : int
        Calibration clips.

    Raises
    ------
    ValueError
        If it is out of range, or ``(n + 1) * coverage`` exceeds n: the set would have to
        hold every class.
    """
    if not 0 < coverage < 1:
        raise ValueError(f"coverage={coverage!r}: it must be between 0 and 1.")
    needed = int(np.ceil(coverage / (1 - coverage) - 1e-9))
    if n_calibration < needed:
        raise ValueError(
            f"coverage={coverage:g} takes at least {needed} calibration clips, and there are "
            f"{n_calibration}. Calibrate on more clips, or promise less."
        )
