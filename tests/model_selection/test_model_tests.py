"""Tests of two models say p as it is by hand, and that few speakers can say nothing."""

import numpy as np
import pytest
from scipy import stats
from sklearn.base import BaseEstimator, ClassifierMixin

from sk_ser.model_selection import (
    EvaluationWarning,
    compare_protocols,
    corrected_t_test,
    sign_flip_test,
)

# Corrected resampled t-test


def test_it_is_the_formula_of_the_paper():
    a, b = np.array([0.7, 0.8, 0.75, 0.9]), np.array([0.6, 0.75, 0.7, 0.8])
    found = corrected_t_test(a, b, n_train=90, n_test=30)
    d = a - b
    t = d.mean() / np.sqrt((1 / 4 + 30 / 90) * d.var(ddof=1))
    assert found.statistic == pytest.approx(t)
    assert found.p_value == pytest.approx(2 * stats.t.sf(t, 3))
    assert found.difference == pytest.approx(0.075)
    assert found.low < found.difference < found.high


def test_without_test_clips_it_is_students():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 10))
    found = corrected_t_test(a, b, n_train=1, n_test=0)
    theirs = stats.ttest_rel(a, b)
    assert found.p_value == pytest.approx(theirs.pvalue)
    interval = theirs.confidence_interval()
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))


def test_the_interval_excludes_0_where_p_is_below_005():
    rng = np.random.default_rng(0)
    for _ in range(50):
        a, b = rng.normal(0.8, size=6), rng.normal(size=6)
        found = corrected_t_test(a, b, n_train=4, n_test=1)
        assert (found.p_value < 0.05) == (found.low > 0 or found.high < 0)


def test_overlap_that_is_not_corrected_finds_what_is_not_there():
    # models that are alike, on splits whose test parts overlap
    rng = np.random.default_rng(0)
    naive, corrected = [], []
    for _ in range(200):
        hits = rng.random((2, 60)) < 0.7
        tests = [rng.choice(60, 20, replace=False) for _ in range(15)]
        a, b = ([one[test].mean() for test in tests] for one in hits)
        naive.append(stats.ttest_rel(a, b).pvalue < 0.05)
        corrected.append(corrected_t_test(a, b, n_train=40, n_test=20).p_value < 0.05)
    assert np.mean(naive) > 0.2
    assert np.mean(corrected) < np.mean(naive) / 2


def test_equal_scores_differ_by_nothing():
    found = corrected_t_test([0.5, 0.6], [0.5, 0.6], n_train=8, n_test=2)
    assert (found.difference, found.p_value) == (0.0, 1.0)
    assert corrected_t_test([0.6, 0.6], [0.5, 0.5], n_train=8, n_test=2).p_value < 1e-6


@pytest.mark.parametrize("scores", [([0.5], [0.5]), ([0.5, 0.6], [0.5]), ([[0.5]], [[0.5]])])
def test_scores_must_be_of_the_same_folds(scores):
    with pytest.raises(ValueError, match="Pass the scores of both models on the same folds"):
        corrected_t_test(*scores, n_train=8, n_test=2)


# Sign-flip test over speakers


class Knows(ClassifierMixin, BaseEstimator):
    """Right with a probability, in a way that hangs on the clip."""

    def __init__(self, share=1.0, seed=0):
        self.share = share
        self.seed = seed

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        right = np.array([np.random.default_rng([self.seed, int(r)]).random() for r in X[:, 1]])
        truth = X[:, 0].astype(int)
        return np.where(right < self.share, truth, 1 - truth)


def compare(n_speakers, **models):
    y, speakers = np.arange(8 * n_speakers) % 2, np.repeat(np.arange(n_speakers), 8)
    X = np.column_stack([y, np.arange(len(y))])
    return compare_protocols(
        models, X, y, groups=speakers, protocols="leave-one-speaker-out", n_bootstrap=10,
        random_state=0,
    )  # fmt: skip


def run(comparison, *names, **options):
    return sign_flip_test(comparison, *names, protocol="leave-one-speaker-out", **options)


def test_four_speakers_can_say_an_eighth_at_best_and_that_is_told():
    comparison = compare(4, right=Knows(1.0), wrong=Knows(0.0))
    with pytest.warns(EvaluationWarning, match="with 4 speakers no p can be below 0.125"):
        found = run(comparison, "right", "wrong")
    assert found.difference == 1.0
    assert found.p_value == found.smallest_p == 0.125


def test_ten_speakers_tell_right_from_wrong():
    found = run(compare(10, right=Knows(1.0), wrong=Knows(0.0)), "right", "wrong")
    assert found.p_value == found.smallest_p == 2 / 2**10


def test_it_is_the_same_the_other_way_round():
    comparison = compare(8, one=Knows(0.8, 1), other=Knows(0.6, 2))
    there, back = run(comparison, "one", "other"), run(comparison, "other", "one")
    assert there.difference == -back.difference
    assert there.p_value == pytest.approx(back.p_value)


def test_models_that_are_alike_are_seldom_told_apart():
    found = [
        run(compare(8, one=Knows(0.7, 2 * n), other=Knows(0.7, 2 * n + 1)), "one", "other").p_value
        for n in range(25)
    ]
    assert np.mean(np.array(found) < 0.05) <= 0.12


def test_many_speakers_are_drawn_from_with_a_seed():
    comparison = compare(20, one=Knows(0.8, 1), other=Knows(0.6, 2))
    options = {"n_resamples": 500}
    found = [run(comparison, "one", "other", random_state=seed, **options) for seed in (0, 0, 1)]
    assert found[0] == found[1]
    assert found[0].p_value >= found[0].smallest_p == 2 / 501
    exact = run(comparison, "one", "other", n_resamples=2**20)
    assert found[2].p_value == pytest.approx(exact.p_value, abs=0.05)


def test_names_and_speakers_must_be_known():
    comparison = compare(6, one=Knows(), other=Knows())
    with pytest.raises(ValueError, match="estimator 'third' was not compared"):
        run(comparison, "one", "third")
    with pytest.raises(ValueError, match="protocol 'speaker-independent' was not compared"):
        sign_flip_test(comparison, "one", "other")
