"""Support vector machine for standardised vectors."""

from dataclasses import dataclass
from numbers import Integral
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import issparse
from sklearn import get_config
from sklearn.base import BaseEstimator
from sklearn.calibration import CalibratedClassifierCV
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from sk_ser._compat import check_y
from sk_ser._containers import take_rows
from sk_ser._pipelines import pipeline_of, standardise_vectors
from sk_ser._random import draw_seed

_KERNELS = {"linear": {"kernel": "poly", "degree": 1}, "rbf": {"kernel": "rbf"}}


class WeightedSVC(SVC):
    """SVC whose ``gamma="scale"`` counts each sample as often as its weight says."""

    def fit(self, X, y, sample_weight=None):
        """Fit the machine, as SVC does."""
        if sample_weight is None or self.gamma != "scale":
            return super().fit(X, y, sample_weight)
        columns = StandardScaler(with_mean=False).fit(X, sample_weight=sample_weight)
        variance = columns.var_.mean() + columns.mean_.var()
        try:
            self.gamma = 1 / (columns.n_features_in_ * variance) if variance > 0 else 1.0
            return super().fit(X, y, sample_weight)
        finally:
            self.gamma = "scale"


@dataclass(eq=False, repr=False, kw_only=True)
class CalibratedSVC(CalibratedClassifierCV):
    """Support vector machine with probabilities, whose parameters are those of SVC.

    It is a :class:`~sklearn.calibration.CalibratedClassifierCV` around a
    :class:`~sklearn.svm.SVC`. Platt's method [1]_ turns decision values of training samples
    that were left out into probabilities.

    Parameters
    ----------
    C : float, default=1.0
        Inverse strength of the regularisation, above 0.
    kernel : str or callable, default="rbf"
        As SVC takes it.
    degree : int, default=3
        Degree of the kernel "poly".
    gamma : {"scale", "auto"} or float, default="scale"
        Coefficient of the kernels "rbf", "poly" and "sigmoid".
    coef0 : float, default=0.0
        Constant term of the kernels "poly" and "sigmoid".
    tol : float, default=1e-7
        Tolerance at which the solver stops. With the 1e-3 of SVC and of :func:`make_svm`, the
        order of the samples changes the fourth digit of the probabilities.
    svc_class_weight : "balanced", dict or None, default=None
        The ``class_weight`` of SVC. It has another name here because the calibration restores
        the shares of the classes among the training samples.
    random_state : int, RandomState instance or None, default=None
        Seed of the folds, if `cv` is an int or None. None: the same folds for the same samples.
    cv : int, splitter, iterable or None, default=None
        Folds of the calibration, as :func:`make_svm` takes them. None: five folds, some of
        which may lack a class with fewer than five samples.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        Labels in the order of the probabilities.
    calibrated_classifiers_ : list
        Pairs of a fitted SVC and its calibration.
    n_features_in_ : int
        Number of features seen in `fit`.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Names of the features, if `fit` was given a DataFrame.

    See Also
    --------
    make_svm : A pipeline that ends in this class, with ``probability=True``.

    References
    ----------
    .. [1] J. Platt, "Probabilistic outputs for support vector machines and comparisons to
       regularized likelihood methods", Advances in Large Margin Classifiers, 1999.

    Examples
    --------
    >>> from sk_ser.classifiers import CalibratedSVC
    >>> X, y = [[0.0], [1.0], [2.0], [3.0]] * 5, ["low", "low", "high", "high"] * 5
    >>> machine = CalibratedSVC(C=10.0).fit(X, y)
    >>> machine.predict([[0.2]]).tolist(), machine.predict_proba([[0.2]]).shape
    (['low'], (1, 2))
    """

    C: float = 1.0
    kernel: Any = "rbf"
    degree: int = 3
    gamma: float | str = "scale"
    coef0: float = 0.0
    tol: float = 1e-7
    svc_class_weight: Any = None
    random_state: Any = None
    cv: Any = None

    # what CalibratedClassifierCV takes as parameters is fixed here, or follows from the others
    method = "sigmoid"
    n_jobs = None

    @property
    def ensemble(self):
        """Whether each fold has a machine of its own."""
        # with ensemble=False, scikit-learn does not pass groups to the splitter
        return not (self.cv is None or isinstance(self.cv, Integral))

    @property
    def estimator(self):
        """The machine that is calibrated, not fitted."""
        params = self.get_params(deep=False)
        del params["cv"]
        machine = WeightedSVC(class_weight=params.pop("svc_class_weight"), **params)
        if get_config()["enable_metadata_routing"]:
            machine.set_fit_request(sample_weight=True)
        return machine

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        **fit_params: object,
    ) -> Self:
        """Fit the machine, and calibrate it on samples left out.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Vectors.
        y : array-like of shape (n_samples,)
            Labels.
        sample_weight : array-like of shape (n_samples,), default=None
            A weight of 2 equals giving the sample twice.
        **fit_params
            Metadata, such as ``groups`` for the folds where metadata are routed.

        Returns
        -------
        self
        """
        if y is None:
            raise ValueError("CalibratedSVC requires y to be passed, but the target y is None.")
        y = check_y(y)
        X = X.tocsr() if issparse(X) else X if hasattr(X, "iloc") else np.asarray(X)
        per_row = {"sample_weight": sample_weight} | fit_params
        per_row = {name: np.asarray(one) for name, one in per_row.items() if one is not None}
        aligned = all(np.shape(one) == (len(y),) for one in per_row.values())
        if self.ensemble or not aligned or X.shape[:1] != (len(y),):
            # another splitter has rows of its own, and scikit-learn names what is wrong
            return super().fit(X, y, sample_weight, **fit_params)
        # scikit-learn does not shuffle an int's folds, which would be speakers in sorted rows
        rows = _shuffled(X, y, self.random_state)
        per_row = {name: one[rows] for name, one in per_row.items()}
        return super().fit(take_rows(X, rows), y[rows], **per_row)


def _shuffled(X, y, random_state):
    """Shuffle rows so that their order does not matter; rows that cannot be fitted stay in order.

    They are sorted along a random direction first. Rounding errors, as of a scaler that saw them in
    another order, do not change this order as they would change a hash.
    """
    rng = np.random.default_rng(0 if random_state is None else draw_seed(random_state))
    try:
        along = np.ravel(X @ rng.normal(size=X.shape[1])).astype(float)
    except (IndexError, TypeError, ValueError):
        return np.arange(len(y))
    codes = np.unique(y, return_inverse=True)[1]
    return np.lexsort([codes, along])[rng.permutation(len(y))]


def make_svm(
    front_end: BaseEstimator | None = None,
    *,
    C: float = 1.0,
    kernel: str = "linear",
    class_weight: str | dict | None = "balanced",
    probability: bool = False,
    calibration_cv: object = 5,
    random_state: int | np.random.RandomState | None = None,
) -> Pipeline:
    """Build a pipeline that ends in a support vector machine.

    Parameters
    ----------
    front_end : transformer or None, default=None
        What turns a clip into a vector, such as
        :func:`~sk_ser.features.make_front_end` returns; the pipeline then takes paths
        or clips. None: the pipeline takes vectors.
    C : float, default=1.0
        Inverse strength of the regularisation, above 0. Both kernels are divided by the number
        of features, so the same C suits 10 features and 10,000; try 0.1 to 10.
    kernel : {"linear", "rbf"}, default="linear"
        Linear generalises better to unseen speakers where features outnumber clips.
    class_weight : "balanced", dict or None, default="balanced"
        Weights of the classes; "balanced" gives all classes the same weight, as UAR does.
    probability : bool, default=False
        Whether the pipeline has ``predict_proba``. Decision values are then calibrated by
        Platt's method on held-out folds of the training clips. The pipeline has no
        ``decision_function`` then.
    calibration_cv : int, splitter or iterable, default=5
        Folds of that calibration. With an int, the folds are stratified and shuffled, so the
        order of the clips does not matter, and one machine is fitted on all training clips. With
        a splitter or an iterable, each fold has a machine of its own, and their probabilities are
        averaged. A splitter that takes groups gets them if scikit-learn's metadata routing is
        enabled.
    random_state : int, RandomState instance or None, default=None
        Seed of the folds of the calibration. The machine is deterministic.

    Returns
    -------
    Pipeline
        Of the steps

        - the front end, named after its class in lower case (``clippipeline``),
        - ``simpleimputer``: replaces NaN, the vectors of clips that could not be read, by the
          mean over the training clips,
        - ``standardscaler``: zero mean, unit variance over the training clips,
        - ``svc``: :class:`~sklearn.svm.SVC` or, with ``probability=True``,
          :class:`CalibratedSVC`. ``svc__C`` is the parameter to tune of both.

    Raises
    ------
    ValueError
        If the kernel is not known.

    Notes
    -----
    The linear kernel is a polynomial one of degree 1, ``gamma * <x, x'>`` with
    ``gamma = 1 / (n_features * variance)``, so that C has the same scale with both kernels.

    Examples
    --------
    >>> from sk_ser.classifiers import make_svm
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.features import MFCC, Functionals, make_clip_pipeline
    >>> speech = make_emotional_speech(n_speakers=2, n_sentences=2, random_state=0)
    >>> model = make_svm(make_clip_pipeline(MFCC(), Functionals()), C=3.0)
    >>> model = model.fit(speech.data, speech.target)
    >>> model.predict(speech.data[:1]).tolist()
    ['anger']
    """
    if kernel not in _KERNELS:
        raise ValueError(f"make_svm: kernel={kernel!r} must be one of {tuple(_KERNELS)}.")
    params = {"C": C, "random_state": random_state, "gamma": "scale", **_KERNELS[kernel]}
    if probability:
        params |= {"tol": 1e-3, "svc_class_weight": class_weight, "cv": calibration_cv}
        machine = CalibratedSVC(**params)
    else:
        machine = SVC(**params, class_weight=class_weight)
    return pipeline_of(front_end, [*standardise_vectors(), ("svc", machine)])
