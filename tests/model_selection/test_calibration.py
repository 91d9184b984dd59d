"""Confidence is compared with the share of right answers, bin by bin."""

import numpy as np
import pytest

from sk_ser.model_selection import calibration_error, reliability_table

CLASSES = ["anger", "joy"]


def predict(n_clips, share_of):
    """Probabilities, and labels that are right as often as a function of confidence says."""
    rng = np.random.default_rng(0)
    sure = rng.uniform(0.5, 1.0, size=n_clips)
    right = rng.random(n_clips) < share_of(sure)
    return np.where(right, "anger", "joy"), np.column_stack([sure, 1 - sure])


def test_a_model_that_is_as_good_as_it_says_has_no_error():
    y, proba = predict(100_000, lambda sure: sure)
    assert calibration_error(y, proba, classes=CLASSES) < 0.01


def test_one_that_is_always_sure_errs_by_what_it_gets_wrong():
    proba = np.tile([1.0, 0.0], (10, 1))
    y = np.array(["anger"] * 7 + ["joy"] * 3)
    assert calibration_error(y, proba, classes=CLASSES) == pytest.approx(0.3)


def test_bins_are_averaged_by_their_clips():
    # 60 % sure and right in half, 90 % sure and always right
    proba = np.array([[0.6, 0.4]] * 6 + [[0.9, 0.1]] * 2)
    y = ["anger", "joy"] * 3 + ["anger"] * 2
    table = reliability_table(y, proba, classes=CLASSES, n_bins=5)
    assert table["n_clips"].tolist() == [0, 0, 6, 0, 2]
    np.testing.assert_allclose(table["accuracy"], [np.nan, np.nan, 0.5, np.nan, 1.0])
    error = calibration_error(y, proba, classes=CLASSES, n_bins=5)
    assert error == pytest.approx((6 * 0.1 + 2 * 0.1) / 8)


@pytest.mark.parametrize("n_bins", [1, 2, 10, 15])
def test_every_clip_is_in_a_bin_whose_edges_hold_its_confidence(n_bins):
    y, proba = predict(500, lambda sure: sure**2)
    table = reliability_table(y, proba, classes=CLASSES, n_bins=n_bins)
    assert table["n_clips"].sum() == 500
    used = table[table["n_clips"] > 0]
    assert (used["low"] - 1e-9 <= used["confidence"]).all()
    assert (used["confidence"] <= used["high"] + 1e-9).all()


@pytest.mark.parametrize(
    ("proba", "n_bins", "message"),
    [
        ([[0.5, 0.5]], 10, r"proba has the shape \(1, 2\).*it must be \(2, 2\)"),
        ([[0.5, 0.9], [0.1, 0.9]], 10, "no probabilities, which are 0 or more and sum to 1"),
        ([[1.5, -0.5], [0.1, 0.9]], 10, "no probabilities"),
        ([[np.nan, 0.5], [0.1, 0.9]], 10, "no probabilities"),
        ([[0.5, 0.5], [0.1, 0.9]], 0, "n_bins=0 must be a whole number from 1"),
    ],
)
def test_what_is_no_probability_is_told(proba, n_bins, message):
    with pytest.raises(ValueError, match=message):
        reliability_table(["anger", "joy"], proba, classes=CLASSES, n_bins=n_bins)
