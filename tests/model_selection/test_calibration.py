"""Calibration: counted by hand, a calibrated predictor, and one that is too sure."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import accuracy_score, brier_score_loss

from sk_ser.model_selection import (
    calibration_error_floor,
    calibration_scores,
    expected_calibration_error,
    reliability_curve,
)

EMOTIONS = np.array(["angry", "calm", "happy", "sad"])


def draws(n_clips=40_000, seed=0):
    """Probabilities, and labels that are drawn from them: perfect calibration."""
    rng = np.random.default_rng(seed)
    proba = rng.dirichlet([0.4] * 4, size=n_clips)
    below = proba.cumsum(axis=1) < rng.random((n_clips, 1))
    return EMOTIONS[below.sum(axis=1).clip(max=3)], proba


def sharpened(proba, power):
    """Make them surer than they have reason to be."""
    return proba**power / (proba**power).sum(axis=1, keepdims=True)


def test_it_is_counted_by_hand():
    # Two bins: sure at 0.95 and 0.85, one right; sure at 0.6, right.
    y = ["angry", "calm", "angry"]
    proba = [[0.95, 0.05], [0.85, 0.15], [0.4, 0.6]]
    curve = reliability_curve(["angry", "calm", "calm"], proba, n_bins=4)
    assert curve["n_clips"].tolist() == [1, 2]
    assert curve["confidence"].tolist() == pytest.approx([0.6, 0.9])
    assert curve["accuracy"].tolist() == [1, 0.5]
    assert curve[["low", "high"]].to_numpy().tolist() == [[0.5, 0.75], [0.75, 1]]
    error = expected_calibration_error(["angry", "calm", "calm"], proba, n_bins=4)
    assert error == pytest.approx(1 / 3 * 0.4 + 2 / 3 * 0.4)
    assert expected_calibration_error(y, proba, n_bins=1) == pytest.approx(0.8 - 1 / 3)


def test_the_upper_edge_is_in_a_bin():
    curve = reliability_curve(
        ["a", "a", "a"], [[0.5, 0.5], [0.75, 0.25], [1, 0]], n_bins=4, classes=["a", "b"]
    )
    assert curve["high"].tolist() == [0.5, 0.75, 1]


def test_a_calibrated_predictor_has_next_to_no_error():
    y, proba = draws()
    assert expected_calibration_error(y, proba) < 0.01
    assert expected_calibration_error(y, proba, classwise=True) < 0.01
    assert expected_calibration_error(y, proba, strategy="quantile") < 0.01


def test_one_that_is_too_sure_has_the_error_by_which_it_is_too_sure():
    y, proba = draws()
    sure = sharpened(proba, 3)
    found = calibration_scores(y, sure)
    assert found["confidence"] - found["accuracy"] > 0.1
    # Too sure in every bin, so the mean difference is the difference of means.
    assert found["ece"] == pytest.approx(found["confidence"] - found["accuracy"], abs=0.005)
    assert found["classwise_ece"] > 0.03


def test_always_sure_and_half_right_is_half_wrong():
    proba = np.tile([1.0, 0.0], (10, 1))
    assert expected_calibration_error(["a", "b"] * 5, proba) == 0.5


def test_guessing_by_frequency_is_calibrated():
    y = ["angry"] * 30 + ["calm"] * 70
    proba = np.tile([0.3, 0.7], (100, 1))
    found = calibration_scores(y, proba)
    assert found["ece"] == pytest.approx(0)
    assert found["classwise_ece"] == pytest.approx(0)
    assert found["brier"] == pytest.approx(2 * 0.3 * 0.7)


def test_chance_alone_makes_an_error_in_few_clips():
    errors = [expected_calibration_error(*draws(100, seed)) for seed in range(20)]
    assert np.mean(errors) > 0.05


def test_classwise_bins_are_those_of_scikit_learn():
    y, proba = draws(2_000)
    curve = reliability_curve(y, proba, n_bins=10, classwise=True)
    for number, emotion in enumerate(EMOTIONS):
        part = curve[curve["class"] == emotion]
        right, confidence = calibration_curve(y == emotion, proba[:, number], n_bins=10)
        np.testing.assert_allclose(part["accuracy"], right)
        np.testing.assert_allclose(part["confidence"], confidence)
        assert part["n_clips"].sum() == 2_000


def test_classwise_error_is_the_mean_of_each_class_against_the_rest():
    y, proba = draws(500)
    proba = sharpened(proba, 2)
    curve = reliability_curve(y, proba, classwise=True)
    errors = [
        np.average((part["accuracy"] - part["confidence"]).abs(), weights=part["n_clips"])
        for _, part in curve.groupby("class")
    ]
    assert expected_calibration_error(y, proba, classwise=True) == pytest.approx(np.mean(errors))


def test_accuracy_and_brier_are_those_of_scikit_learn():
    y, proba = draws(300)
    found = calibration_scores(y, proba)
    assert found["accuracy"] == accuracy_score(y, EMOTIONS[proba.argmax(axis=1)])
    one_by_one = [brier_score_loss(y == e, p) for e, p in zip(EMOTIONS, proba.T, strict=True)]
    assert found["brier"] == pytest.approx(sum(one_by_one))
    codes = np.searchsorted(EMOTIONS, y)
    assert found["brier"] == pytest.approx(((proba - np.eye(4)[codes]) ** 2).sum(axis=1).mean())


@given(st.integers(0, 1_000), st.integers(1, 30), st.sampled_from(["uniform", "quantile"]))
def test_bins_hold_every_clip_once_and_errors_are_bounded(seed, n_bins, strategy):
    y, proba = draws(50, seed)
    options = {"n_bins": n_bins, "strategy": strategy, "classes": EMOTIONS}
    curve = reliability_curve(y, proba, **options)
    assert curve["n_clips"].sum() == 50
    assert ((curve["low"] <= curve["confidence"]) & (curve["confidence"] <= curve["high"])).all()
    error = expected_calibration_error(y, proba, **options)
    top = proba.max(axis=1).mean() - (EMOTIONS[proba.argmax(axis=1)] == y).mean()
    # However it is binned, it is no less than the difference of means.
    assert abs(top) - 1e-9 <= error <= 1


def test_quantile_bins_hold_about_equally_many():
    y, proba = draws(1_000)
    n_clips = reliability_curve(y, proba, n_bins=10, strategy="quantile")["n_clips"]
    assert n_clips.between(99, 101).all()


def test_clips_that_are_all_equally_sure_are_one_bin():
    proba = np.tile([0.3, 0.7], (10, 1))
    curve = reliability_curve(["a", "b"] * 5, proba, strategy="quantile")
    assert curve["n_clips"].tolist() == [10]


def test_columns_are_told_by_a_table_or_by_classes():
    y, proba = draws(200)
    found = calibration_scores(y, proba)
    turned = pd.DataFrame(proba[:, ::-1], columns=EMOTIONS[::-1])
    # the floor is simulated
    for again in (
        calibration_scores(y, turned),
        calibration_scores(y, proba[:, ::-1], classes=EMOTIONS[::-1]),
    ):
        assert again == pytest.approx(found | {"ece_floor": again["ece_floor"]})
        assert again["ece_floor"] == pytest.approx(found["ece_floor"], rel=0.05)


def test_single_precision_probabilities_are_taken():
    y, proba = draws(200)
    found = calibration_scores(y, proba.astype(np.float32))
    assert found == pytest.approx(calibration_scores(y, proba), abs=1e-3)


@pytest.mark.parametrize(
    "y, proba, options, message",
    [
        (["a", "b"], [[1, 0]], {}, r"y_proba: its shape is \(1, 2\) for 2 labels"),
        (["a"], [[1, 0]], {}, "its shape is .1, 2. for 1 labels and 1 classes.*model's classes_"),
        (["c"], [[1, 0]], {"classes": ["a", "b"]}, "y_true holds 'c', which is not among"),
        (["a", "b"], [[1, 0], [2, -1]], {}, "y_proba: row 1 does not hold probabilities"),
        (["a", "b"], [[1, 0], [np.nan, 1]], {}, "y_proba: row 1 does not hold probabilities"),
        (["a", "b"], [[1, 0], [0.4, 0.4]], {}, "row 1 .* sum to 1. Pass what predict_proba"),
        (["a", "b"], [[1, 0], [0, 1]], {"n_bins": 0}, "n_bins=0: it must be a whole number"),
        (["a", "b"], [[1, 0], [0, 1]], {"strategy": "equal"}, "strategy='equal': it must be one"),
    ],
)
def test_what_is_no_probability_is_refused(y, proba, options, message):
    with pytest.raises(ValueError, match=message):
        reliability_curve(y, proba, **options)


# The least ECE


@pytest.mark.parametrize("n_clips, low, high", [(100, 0.1, 0.14), (10_000, 0.008, 0.016)])
def test_the_floor_falls_with_the_number_of_clips(n_clips, low, high):
    proba = np.random.default_rng(0).dirichlet(np.ones(4), size=n_clips)
    assert low < calibration_error_floor(proba) < high


def test_a_calibrated_model_has_an_error_about_the_floor():
    rng = np.random.default_rng(0)
    proba = rng.dirichlet(np.ones(4), size=500)
    floor = calibration_error_floor(proba)
    errors = []
    for _ in range(50):
        y = (rng.random((500, 1)) > proba.cumsum(axis=1)).sum(axis=1)
        errors.append(expected_calibration_error(y, proba, classes=range(4)))
    assert np.mean(errors) == pytest.approx(floor, rel=0.1)
    found = calibration_scores(y, proba, classes=range(4))["ece_floor"]
    assert found == pytest.approx(floor, rel=1e-9)


def test_certain_probabilities_have_no_floor():
    assert calibration_error_floor(np.eye(4)) == 0
