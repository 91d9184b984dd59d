"""Check the fitted arrays that compiled code of scikit-learn uses as sizes and indices.

scikit-learn checks the data that a model predicts, and not the model: an index beyond an array
would read outside its memory. Boosted trees and nets check themselves. Trees, and what searches
neighbours in a tree, are not trusted in the first place.
"""

import numpy as np
from sklearn.cluster import BisectingKMeans, KMeans, MiniBatchKMeans
from sklearn.neighbors import KNeighborsClassifier, RadiusNeighborsClassifier
from sklearn.svm import SVC, SVR, NuSVC, NuSVR, OneClassSVM

from sk_ser._estimators import fitted_parts, parts_of

_KERNELS = ("linear", "poly", "rbf", "sigmoid", "precomputed")


def check_parts(model):
    """Raise ValueError unless all parts of a model have valid parameters and consistent arrays.

    Parameters
    ----------
    model : object
        Built from an untrusted file, without a call of its methods.
    """
    for part in [*parts_of(model).values(), *fitted_parts(model)]:
        if hasattr(part, "check_params"):
            part.check_params()
        for kinds, check in _CHECKS:
            if isinstance(part, kinds):
                check(part, f"{type(part).__name__} is damaged")


def _check_svm(model, problem):
    """Check the support vectors, their numbers by class and their coefficients."""
    if not hasattr(model, "support_"):
        return
    vectors, support, counts = model.support_vectors_, model.support_, model._n_support
    is_classifier = isinstance(model, (SVC, NuSVC))
    n_classes = len(model.classes_) if is_classifier else 2
    n_pairs = n_classes * (n_classes - 1) // 2 if is_classifier else 1
    n_vectors = len(support)
    n_rows = model.shape_fit_[0]
    precomputed = model.kernel == "precomputed"
    fits = {
        "support_vectors_": vectors.shape
        == ((0, 0) if precomputed else (n_vectors, model.n_features_in_)),
        "support_": _within(support, n_rows),
        "_n_support": _within(counts, n_vectors + 1)
        and len(counts) == n_classes
        and counts[: n_classes if is_classifier else 1].sum() == n_vectors,
        "_dual_coef_": model._dual_coef_.shape == (n_classes - 1, n_vectors),
        "_intercept_": model._intercept_.shape == (n_pairs,),
        "_probA": len(model._probA) == len(model._probB) and len(model._probA) in (0, n_pairs),
        "kernel": callable(model.kernel) or model.kernel in _KERNELS,
        "shape_fit_": not precomputed or n_rows == model.n_features_in_,
        "_sparse": model._sparse is False,
    }
    _check(fits, problem)


def _check_neighbours(model, problem):
    """Check that each row has a label that is the number of a class."""
    if not hasattr(model, "_fit_X"):
        return
    several = isinstance(model.classes_, list)
    labels = model._y if several else np.reshape(model._y, (-1, 1))
    classes = model.classes_ if several else [model.classes_]
    columns = labels.shape == (len(model._fit_X), len(classes))
    numbers = columns and all(
        _within(column, len(known)) for column, known in zip(labels.T, classes, strict=True)
    )
    _check({"_y": numbers, "_fit_X": model._fit_X.shape[1] == model.n_features_in_}, problem)


def _check_centers(model, problem):
    if hasattr(model, "cluster_centers_"):
        centers = model.cluster_centers_
        fits = centers.ndim == 2 and centers.shape[1] == model.n_features_in_
        _check({"cluster_centers_": fits}, problem)


_CHECKS = (
    ((SVC, NuSVC, SVR, NuSVR, OneClassSVM), _check_svm),
    ((KNeighborsClassifier, RadiusNeighborsClassifier), _check_neighbours),
    ((KMeans, MiniBatchKMeans, BisectingKMeans), _check_centers),
)


def _within(numbers, end):
    """Check for an array of whole numbers from 0 that are smaller than `end`."""
    whole = isinstance(numbers, np.ndarray) and numbers.dtype.kind in "iu"
    return whole and bool(np.all((numbers >= 0) & (numbers < end)))


def _check(fits, problem):
    wrong = [name for name, fit in fits.items() if not fit]
    if wrong:
        raise ValueError(f"{problem}: {wrong[0]} does not fit the rest.")
