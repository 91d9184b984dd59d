"""The corrected resampled t-test: the paper's formula by hand, and what it refuses."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_rel

from sk_ser.model_selection import EvaluationWarning, corrected_t_test

# Differences 1, 3, 2, 4, 0 of mean 2 and variance 2.5; five folds of five times 20 clips.
A, B = np.array([61.0, 63, 62, 64, 60]), np.full(5, 60.0)
FOLDS = {"n_train": 80, "n_test": 20}


def test_it_is_the_formula_of_the_paper_by_hand():
    # 2 / sqrt((1/5 + 20/80) * 2.5) = 2 / sqrt(1.125)
    found = corrected_t_test(A, B, **FOLDS)
    assert found.statistic == pytest.approx(2 / np.sqrt(1.125))
    assert found.difference == 2
    assert found.df == 4


def test_p_is_that_of_students_t():
    # Of 4 degrees of freedom the distribution has a closed form.
    t = 2 / np.sqrt(1.125)
    root = np.sqrt(1 + t**2 / 4)
    upper = 0.5 - 0.375 * (t / root) * (1 - t**2 / root**2 / 12)
    assert corrected_t_test(A, B, **FOLDS).p_value == pytest.approx(2 * upper)


def test_the_interval_is_the_mean_and_the_root_times_a_tabled_quantile():
    found = corrected_t_test(A, B, **FOLDS)
    half = 2.776445 * np.sqrt(1.125)
    assert (found.low, found.high) == pytest.approx((2 - half, 2 + half), abs=1e-5)
    narrow = corrected_t_test(A, B, **FOLDS, confidence_level=0.5)
    assert found.low < narrow.low < narrow.high < found.high


def test_without_test_clips_it_would_be_the_plain_paired_test():
    found = corrected_t_test(A, B, n_train=1e12, n_test=1)
    plain = ttest_rel(A, B)
    assert found.statistic == pytest.approx(plain.statistic)
    assert found.p_value == pytest.approx(plain.pvalue)
    interval = plain.confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))


def test_folds_that_differ_in_size_count_by_their_mean():
    one = corrected_t_test(A, B, **FOLDS)
    other = corrected_t_test(A, B, n_train=[70, 80, 90, 80, 80], n_test=[10, 20, 30, 20, 20])
    assert one == other


def test_overlapping_folds_call_equal_models_different_no_more_often_than_promised():
    # Two equally good models; scores of folds share 0.2 of their variance, as for 5 folds.
    rng = np.random.default_rng(0)
    shared = rng.normal(scale=np.sqrt(0.2), size=(1_000, 1))
    differences = shared + rng.normal(scale=np.sqrt(0.8), size=(1_000, 5))
    zeros = np.zeros(5)
    found = [corrected_t_test(d, zeros, **FOLDS).p_value < 0.05 for d in differences]
    plain = [ttest_rel(d, zeros).pvalue < 0.05 for d in differences]
    assert np.mean(found) < 0.07
    assert np.mean(plain) > 0.1


@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=20),
    st.integers(1, 1_000),
)
def test_the_interval_and_p_tell_the_same_and_swapping_turns_the_sign(scores, n_test):
    a, b = np.array(scores).T
    if np.ptp(a - b) < 1e-6:
        return
    one = corrected_t_test(a, b, n_train=1_000, n_test=n_test)
    other = corrected_t_test(b, a, n_train=1_000, n_test=n_test)
    assert (one.p_value < 0.05) == (one.low > 0 or one.high < 0)
    assert one.p_value == pytest.approx(other.p_value)
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low))


def test_two_models_that_never_differ_are_alike():
    found = corrected_t_test(A, A, **FOLDS)
    assert (found.statistic, found.p_value, found.difference) == (0, 1, 0)


def test_a_difference_that_never_varies_cannot_be_tested():
    with pytest.warns(EvaluationWarning, match="all 5 differences are 0.1"):
        found = corrected_t_test(B + 0.1, B, **FOLDS)
    assert np.isnan([found.statistic, found.p_value, found.low, found.high]).all()
    assert found.difference == pytest.approx(0.1)


def test_it_reads_as_one_reports_it():
    assert str(corrected_t_test(A, B, **FOLDS)) == (
        "difference +2.000 [-0.945, +4.945], t(4) = 1.89, p = 0.13 (corrected t-test)"
    )


@pytest.mark.parametrize(
    "arguments, message",
    [
        ((A, B[:4]), r"scores_b: its shape is \(4,\)\. .* on the same folds"),
        ((A[:1], B[:1]), r"scores_a: its shape is \(1,\). .* there are at least two"),
        ((A, [0.1, 0.2, np.nan, 0.3, 0.4]), "scores_b: the score of fold 2 is not a number"),
    ],
)
def test_scores_that_cannot_be_paired_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        corrected_t_test(*arguments, **FOLDS)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"n_train": 0}, "n_train=0.0: pass one number of clips for all 5 folds"),
        ({"n_test": [1, 2]}, r"n_test=\[1\. 2\.\]: pass one number of clips for all 5 folds"),
        ({"confidence_level": 95}, "confidence_level=95: it must be between 0 and 1"),
    ],
)
def test_options_out_of_range_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        corrected_t_test(A, B, **(FOLDS | options))
