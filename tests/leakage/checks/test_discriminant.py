"""The discriminant analysis of many features is scikit-learn's."""

import numpy as np
import pytest
import sklearn.covariance
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from sk_ser.leakage.checks._discriminant import ledoit_wolf, predict_classes


@pytest.mark.parametrize(
    ("n_clips", "n_features", "n_classes"),
    [(60, 200, 5), (80, 300, 2), (37, 300, 10), (100, 150, 30), (90, 40, 3)],
)
def test_it_predicts_what_scikit_learn_predicts(n_clips, n_features, n_classes):
    rng = np.random.default_rng(0)
    means = 0.3 * rng.normal(size=(n_classes, n_features))
    y, y_test = np.arange(n_clips) % n_classes, np.arange(300) % n_classes
    scale = np.linspace(0.5, 2, n_features)
    X = (rng.normal(size=(n_clips, n_features)) + means[y]) * scale
    X[y == 0, 3] = 1.0
    X_test = (rng.normal(size=(300, n_features)) + means[y_test]) * scale
    expected = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto").fit(X, y)
    found = predict_classes(X, np.array(list("abcdefghijklmnopqrstuvwxyzABCD"))[y], X_test)
    names = np.array(list("abcdefghijklmnopqrstuvwxyzABCD"))
    assert (found == names[expected.predict(X_test)]).all()


def test_shrinkage_is_that_of_ledoit_and_wolf():
    X = np.random.default_rng(0).normal(size=(20, 50))
    X -= X.mean(axis=0)
    covariance, shrinkage = sklearn.covariance.ledoit_wolf(X)
    found, variance = ledoit_wolf(X)
    assert found == pytest.approx(shrinkage)
    assert variance == pytest.approx(np.trace(covariance) / 50)


def test_a_clip_for_each_class_gives_no_covariance():
    X = np.eye(4, 9)
    assert len(predict_classes(X, np.arange(4), X)) == 4
