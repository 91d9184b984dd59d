"""Gradient-boosted trees for labels of any kind."""

from dataclasses import dataclass, field
from typing import Any, Self

import joblib
import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.pipeline import Pipeline
from sklearn.utils import check_random_state
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from sk_ser._compat import check_sample_weight
from sk_ser._optional import import_optional
from sk_ser._pipelines import pipeline_of
from sk_ser.classifiers._trees import pack_trees, unpack_trees


@dataclass(eq=False, repr=False, kw_only=True)
class XGBoostClassifier(ClassifierMixin, BaseEstimator):
    """XGBoost's classifier, with labels of any kind and with class weights.

    :class:`xgboost.XGBClassifier` takes only the classes 0 to n - 1 and has no class weights.
    This class encodes the labels and turns class weights into sample weights.

    Parameters
    ----------
    n_estimators : int, default=100
        Number of boosting rounds; each grows one tree per class.
    learning_rate : float, default=0.2
        Factor that each tree's values are multiplied by, within (0, 1].
    max_depth : int, default=3
        Largest depth of a tree.
    min_child_weight : float, default=1.0
        Smallest sum of weights (Hessian) in a leaf.
    subsample : float, default=1.0
        Share of the clips that each tree is grown on, within (0, 1].
    colsample_bytree : float, default=1.0
        Share of the features that each tree is grown on, within (0, 1]. With thousands of
        features, 0.1 is faster and generalises no worse.
    reg_lambda : float, default=1.0
        L2 penalty on the values of the leaves.
    reg_alpha : float, default=0.0
        L1 penalty on the values of the leaves.
    gamma : float, default=0.0
        Smallest gain for a split.
    max_bin : int, default=64
        Largest number of thresholds that are tried for a feature.
    class_weight : "balanced", dict or None, default=None
        Weights of the classes; "balanced" gives all classes the same weight, as UAR does.
    device : str, default="cpu"
        Device to compute on: "cpu" or "cuda".
    n_jobs : int or None, default=None
        Number of threads, as joblib counts them: None is 1, -1 all cores.
    random_state : int, RandomState instance or None, default=None
        Seed of the subsampling.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        Labels in the order of the probabilities.
    xgb_ : xgboost.XGBClassifier
        Fitted classifier, whose classes are numbers.
    n_features_in_ : int
        Number of features seen in `fit`.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Names of the features, if `fit` was given a DataFrame.

    Notes
    -----
    NaN is a missing value: each split learns which branch it takes [1]_.
    Needs the extra ``boost``.

    References
    ----------
    .. [1] T. Chen and C. Guestrin, "XGBoost: A scalable tree boosting system", KDD
       2016, algorithm 3.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.classifiers import XGBoostClassifier
    >>> X, y = np.array([[0.0], [1.0], [2.0], [3.0]] * 5), np.array(["sad", "happy"] * 10)
    >>> XGBoostClassifier(n_estimators=10).fit(X, y).predict([[0.0], [1.0]]).tolist()
    ['sad', 'happy']
    """

    n_estimators: int = field(default=100, kw_only=False)
    learning_rate: float = 0.2
    max_depth: int = 3
    min_child_weight: float = 1.0
    subsample: float = 1.0
    colsample_bytree: float = 1.0
    reg_lambda: float = 1.0
    reg_alpha: float = 0.0
    gamma: float = 0.0
    max_bin: int = 64
    class_weight: Any = None
    device: str = "cpu"
    n_jobs: int | None = None
    random_state: Any = None

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Grow the trees.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Vectors; NaN is a missing value.
        y : array-like of shape (n_samples,)
            Labels of any kind, of at least two classes.
        sample_weight : array-like of shape (n_samples,), default=None
            Multiplied by the class weights.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If y has only one class.
        """
        xgboost = import_optional("xgboost", extra="boost", purpose="XGBoostClassifier")
        X, y = validate_data(self, X, y, dtype=np.float32, ensure_all_finite="allow-nan")
        check_classification_targets(y)
        self.classes_, codes = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(
                f"XGBoostClassifier: y has only one class, {self.classes_.tolist()}. "
                "Pass clips of at least two classes."
            )
        weights = check_sample_weight(sample_weight, X)
        weights = weights * compute_sample_weight(self.class_weight, y)
        self.xgb_ = xgboost.XGBClassifier(**self._xgb_params())
        rows, weights = _merge_repeated(X, codes, weights)
        self.xgb_.fit(X[rows], codes[rows], sample_weight=weights)
        return self

    def _xgb_params(self):
        own = {"class_weight", "n_jobs", "random_state"}
        params = {name: value for name, value in self.get_params().items() if name not in own}
        seed = check_random_state(self.random_state).randint(2**31 - 1)
        return params | {"random_state": seed, "n_jobs": joblib.effective_n_jobs(self.n_jobs)}

    def predict(self, X: ArrayLike) -> np.ndarray:
        """Predict the label of each row.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)

        Returns
        -------
        ndarray of shape (n_samples,)
        """
        best = self.predict_proba(X).argmax(axis=1)
        return self.classes_[best]

    def predict_proba(self, X: ArrayLike) -> np.ndarray:
        """Predict the probability of each class.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)

        Returns
        -------
        ndarray of shape (n_samples, n_classes)
            In the order of `classes_`.
        """
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float32, ensure_all_finite="allow-nan", reset=False)
        return self.xgb_.predict_proba(X)

    def __getstate__(self):
        # as plain values, in XGBoost's own format, which later versions read
        state = super().__getstate__()
        return state | {"xgb_": pack_trees(self.xgb_)} if "xgb_" in state else state

    def __setstate__(self, state):
        if "xgb_" in state:
            sizes = state["n_features_in_"], len(state["classes_"])
            trees = unpack_trees(state["xgb_"], *sizes, state["n_jobs"])
            state = state | {"xgb_": trees}
        super().__setstate__(state)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = True
        tags.input_tags.allow_nan = True
        return tags


def _merge_repeated(X, codes, weights):
    """Merge repeated rows, add up their weights, drop rows of weight 0, and sort the rest.

    XGBoost adds up in single precision, where the order of the rows changes the last digits.
    With sorted rows, the same clips in any order grow the same trees.
    """
    given = np.flatnonzero(weights > 0)
    content = np.column_stack([X[given], codes[given]]).astype(np.float32)
    as_bytes = content.view(np.dtype((np.void, content.strides[0]))).ravel()
    _, first, place = np.unique(as_bytes, return_index=True, return_inverse=True)
    return given[first], np.bincount(place.ravel(), weights[given])


def make_xgboost(
    front_end: BaseEstimator | None = None,
    *,
    colsample_bytree: float = 0.1,
    class_weight: str | dict | None = "balanced",
    **params: object,
) -> Pipeline:
    """Build a pipeline that ends in gradient-boosted trees.

    Parameters
    ----------
    front_end : transformer or None, default=None
        What turns a clip into a vector, such as
        :func:`~sk_ser.features.make_front_end` returns; the pipeline then takes paths
        or clips. None: the pipeline takes vectors.
    colsample_bytree : float, default=0.1
        Share of the features that each tree sees, within (0, 1].
    class_weight : "balanced", dict or None, default="balanced"
        Weights of the classes; "balanced" gives all classes the same weight, as UAR does.
    **params
        Other parameters of :class:`XGBoostClassifier`, such as ``random_state``.

    Returns
    -------
    Pipeline
        The front end, named after its class in lower case (``clippipeline``), and
        ``xgboostclassifier``; tune ``xgboostclassifier__max_depth`` and the like. It
        has ``predict_proba``.

    Examples
    --------
    >>> from sk_ser.classifiers import make_xgboost
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.features import MFCC, Functionals, make_clip_pipeline
    >>> speech = make_emotional_speech(n_speakers=2, n_sentences=2, random_state=0)
    >>> model = make_xgboost(make_clip_pipeline(MFCC(), Functionals()), n_estimators=20)
    >>> model.fit(speech.data, speech.target).predict_proba(speech.data[:1]).shape
    (1, 5)
    """
    params |= {"colsample_bytree": colsample_bytree, "class_weight": class_weight}
    trees = XGBoostClassifier(**params)
    return pipeline_of(front_end, [("xgboostclassifier", trees)])
