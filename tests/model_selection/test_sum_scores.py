"""Scores as sums: those of scikit-learn, numbers as well as labels, and all that takes them."""

import pickle

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import get_scorer, mean_absolute_error

from sk_ser.model_selection import (
    SumScore,
    compare_protocols,
    group_results,
    sign_flip_test,
    speaker_interval,
)
from sk_ser.model_selection._scores import SUM_SCORES, check_sum_score, score
from sk_ser.model_selection._uar import uar_scorer
from tests.model_selection.mocks import Chancer, Memoriser, pairs
from tests.model_selection.predicted import PROTOCOL, comparison_of

SPEAKERS = np.repeat(list("abcdefgh"), 25)


def moments(y, p, classes=None):
    return np.stack([np.ones_like(y), y, p, y**2, p**2, y * p], axis=-1)


def concordance(total):
    n, y, p, yy, pp, yp = np.moveaxis(total, -1, 0)
    return 2 * (n * yp - y * p) / (n * (yy + pp) - 2 * y * p)


def distance(y, p, classes=None):
    return np.column_stack([np.abs(y - p), np.ones(len(y))])


def mean(total):
    return total[..., 0] / total[..., 1]


CCC = SumScore("ccc", moments, concordance)
MAE = SumScore("mae", distance, mean, greater_is_better=False)


def missed(y_true, y_pred, classes):
    return np.column_stack([y_true != y_pred, np.ones(len(y_true))])


ERROR = SumScore("error", missed, mean, greater_is_better=False)


def numbers(seed=0):
    rng = np.random.default_rng(seed)
    y = rng.normal(3, 1, size=len(SPEAKERS))
    return y, 0.7 * y + rng.normal(1, 0.4, size=len(y))


def by_definition(y, p):
    """Lin's concordance correlation coefficient, from means and variances."""
    covariance = np.mean((y - y.mean()) * (p - p.mean()))
    return 2 * covariance / (y.var() + p.var() + (y.mean() - p.mean()) ** 2)


def test_clips_are_counted_by_speaker_and_class():
    y_true, y_pred, speakers = ["a", "a", "b"], ["a", "b", "b"], [7, 7, 9]
    sums = SUM_SCORES["f1_macro"].by_speaker(y_true, y_pred, speakers)
    # hits, support and predictions of the classes a and b
    assert sums.tolist() == [[[1, 0], [2, 0], [1, 1]], [[0, 1], [0, 1], [0, 1]]]


@pytest.mark.parametrize("name", SUM_SCORES)
@pytest.mark.parametrize("present", [4, 3])
def test_scores_of_labels_are_those_of_scikit_learn(name, present):
    rng = np.random.default_rng(present)
    scorer = uar_scorer if name == "uar" else get_scorer(name)
    for _ in range(20):
        y_true = rng.integers(present, size=30)
        y_pred = rng.integers(5, size=30)
        expected = score(scorer, y_true, y_pred)
        assert SUM_SCORES[name](y_true, y_pred) == pytest.approx(expected, abs=1e-12)


def test_no_clips_have_no_score():
    assert np.isnan(SUM_SCORES["uar"]([], []))


def test_numbers_are_scored_by_sums_too():
    y, p = numbers()
    assert CCC(y, p) == pytest.approx(by_definition(y, p), abs=1e-12)
    assert MAE(y, p) == pytest.approx(mean_absolute_error(y, p), abs=1e-12)


def test_an_interval_of_a_score_of_numbers_is_the_jackknife_clip_by_clip():
    y, p = numbers()
    sums = CCC.by_speaker(y, p, SPEAKERS)
    assert sums.shape == (8, 6)
    low, high = speaker_interval(sums, CCC.value, confidence_level=0.8)
    without = [by_definition(y[one != SPEAKERS], p[one != SPEAKERS]) for one in "abcdefgh"]
    reach = stats.t.ppf(0.9, 7) * np.sqrt(7 * np.var(without))
    wanted = by_definition(y, p) + np.array([-reach, reach])
    assert (low, high) == pytest.approx(wanted, abs=1e-12)


def test_a_comparison_takes_a_score_of_your_own_with_an_interval():
    X, y, speakers = pairs()
    found = compare_protocols(
        {"memory": Memoriser(), "chance": Chancer()}, X, y, groups=speakers, n_splits=4,
        scoring=["accuracy", ERROR], random_state=0,
    )  # fmt: skip
    assert found.settings["scoring"] == ["uar", "accuracy", "error"]
    table = found.table
    np.testing.assert_allclose(table["error"], 1 - table["accuracy"])
    np.testing.assert_allclose(table["error_low"], 1 - table["accuracy_high"])
    grouped = group_results(found, scoring=[ERROR, "uar"])
    np.testing.assert_array_equal(
        grouped["worst"],
        grouped["error"] == grouped.groupby(["estimator", "protocol"])["error"].transform("max"),
    )


def test_a_name_of_your_own_keeps_the_interval():
    X, y, speakers = pairs()
    found = compare_protocols(
        Chancer(), X, y, groups=speakers, scoring={"mine": "accuracy", "b": ERROR},
        random_state=0,
    )  # fmt: skip
    assert {"mine_low", "b_low"} <= set(found.table)


def test_speakers_can_be_flipped_for_numbers():
    y, p = numbers()
    rng = np.random.default_rng(2)
    worse = p + rng.normal(0, 1, size=len(p))
    found = comparison_of(y, SPEAKERS, good=p, bad=worse)
    result = sign_flip_test(found, ("good", PROTOCOL), ("bad", PROTOCOL), scoring=CCC)
    assert result.difference == pytest.approx(by_definition(y, p) - by_definition(y, worse))
    assert (result.p_value, result.n_differing) == (2 / 2**8, 8)


def test_a_score_can_be_pickled():
    again = pickle.loads(pickle.dumps(CCC))
    assert again(*numbers()) == CCC(*numbers())


def test_scores_without_sums_are_refused_where_sums_are_needed():
    assert check_sum_score(CCC) is CCC
    with pytest.raises(ValueError, match=r"'roc_auc' is not a function of sums.*SumScore"):
        check_sum_score("roc_auc")
