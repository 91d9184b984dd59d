r"""Linear discriminant analysis with a shrunk covariance, for more features than clips.

scikit-learn solves a system of n_features equations, which takes minutes for thousands of
features. Here the covariance is the sum of a diagonal matrix, which the shrinkage adds, and of a
product :math:`Z^T Z` with a row of Z for each clip. The Woodbury identity then leaves a system
of n_clips equations with the same solution.
"""

import numpy as np
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis


def predict_classes(X, y, X_test):
    """Fit a linear discriminant analysis, and predict classes.

    The covariance is the mean over classes, each shrunk by as much as Ledoit and Wolf [1]_
    estimate, weighted by their frequency.

    Parameters
    ----------
    X : ndarray of shape (n_clips, n_features)
        Training clips.
    y : ndarray of shape (n_clips,)
        Their classes.
    X_test : ndarray of shape (n_test, n_features)
        Clips to predict.

    Returns
    -------
    ndarray of shape (n_test,)

    References
    ----------
    .. [1] O. Ledoit and M. Wolf, "Honey, I shrunk the sample covariance matrix", The Journal of
       Portfolio Management 30(4), 2004, pp. 110-119.
    """
    if X.shape[1] <= len(X):
        model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")
        return model.fit(X, y).predict(X_test)
    X = X.astype(np.float64)
    classes, code, counts = np.unique(y, return_inverse=True, return_counts=True)
    priors = counts / len(y)
    means = np.stack([X[code == number].mean(axis=0) for number in range(len(classes))])
    diagonal, rows = np.zeros(X.shape[1]), X - means[code]
    for number, prior in enumerate(priors):
        own = rows[code == number]
        deviations = own.std(axis=0)
        # a constant feature is not scaled
        scale = np.where(deviations > 10 * np.finfo(float).eps, deviations, 1.0)
        shrinkage, variance = ledoit_wolf(own / scale)
        diagonal += prior * shrinkage * variance * scale**2
        rows[code == number] *= np.sqrt(prior * (1 - shrinkage) / len(own))
    weights = _solve(diagonal, rows, means.T)
    offsets = np.log(priors) - 0.5 * np.einsum("cf,fc->c", means, weights)
    return classes[(X_test @ weights + offsets).argmax(axis=1)]


def ledoit_wolf(centred):
    """Estimate the shrinkage of the covariance of centred rows, and the mean variance."""
    n_clips, n_features = centred.shape
    gram = centred @ centred.T
    variance = np.trace(gram) / n_clips / n_features
    squares = np.sum(gram**2) / n_clips**2
    beta = (np.sum(np.diag(gram) ** 2) / n_clips - squares) / (n_clips * n_features)
    delta = squares / n_features - variance**2
    beta = min(beta, delta)
    return (beta / delta if beta > 0 else 0.0), variance


def _solve(diagonal, rows, right):
    """Solve (diagonal + rows.T @ rows) x = right."""
    if not diagonal.all():
        # no shrinkage: the solution of least norm
        inverse = np.linalg.pinv(rows)
        return inverse @ (inverse.T @ right)
    scaled = rows / diagonal
    inner = np.eye(len(rows)) + scaled @ rows.T
    return right / diagonal[:, np.newaxis] - scaled.T @ np.linalg.solve(inner, scaled @ right)
