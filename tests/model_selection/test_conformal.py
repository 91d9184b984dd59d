"""Prediction sets reach their coverage where clips are alike, and not on unseen speakers."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, LeaveOneGroupOut
from sklearn.svm import SVC

from sk_ser.model_selection import (
    EvaluationWarning,
    conformal_coverage,
    conformal_threshold,
    prediction_sets,
    sets_above,
)


def draws(n_clips, seed=0, n_classes=4):
    """Probabilities, and labels drawn from them."""
    rng = np.random.default_rng(seed)
    proba = rng.dirichlet([0.6] * n_classes, size=n_clips)
    below = proba.cumsum(axis=1) < rng.random((n_clips, 1))
    return below.sum(axis=1).clip(max=n_classes - 1), proba


def voices(n_speakers=30, n_clips=20, spread=3.0):
    """Two emotions that each voice has in places of its own, as far apart as `spread`."""
    rng = np.random.default_rng(0)
    speakers, y = np.repeat(range(n_speakers), n_clips), np.arange(n_speakers * n_clips) % 2
    places = rng.normal(scale=spread, size=(n_speakers, 2, 4)) + np.array([[[1.0], [-1.0]]])
    X = places[speakers, y] + rng.normal(size=(len(y), 4))
    return X, np.array(["angry", "calm"])[y], speakers


def coverage_of(sets, y):
    return sets[np.arange(len(y)), y].mean()


@pytest.mark.parametrize("method", ["lac", "aps"])
@pytest.mark.parametrize("coverage", [0.8, 0.9, 0.95])
def test_exchangeable_clips_are_covered_as_promised_on_average(method, coverage):
    covered = []
    for seed in range(40):
        y, proba = draws(600, seed)
        sets = prediction_sets(
            proba[:200], y[:200], proba[200:], coverage=coverage, method=method, random_state=seed
        )
        covered.append(coverage_of(sets, y[200:]))
    # Promised is between coverage and coverage + 1 / 201.
    error = np.std(covered) / np.sqrt(40)
    assert coverage - 3 * error <= np.mean(covered) <= coverage + 1 / 201 + 3 * error


def test_the_threshold_of_lac_is_the_order_statistic_by_hand():
    # 19 calibration clips of scores 0.01 .. 0.19: at 90 % the 18th of them, 0.18.
    score = np.arange(1, 20) / 100
    proba = np.column_stack([1 - score, score])
    test = np.array([[0.83, 0.17], [0.81, 0.19]])
    sets = prediction_sets(proba, np.zeros(19), test, classes=[0, 1])
    assert sets.tolist() == [[True, False], [False, False]]


def test_more_coverage_takes_larger_sets_that_hold_the_smaller():
    y, proba = draws(600)
    small, large = (
        prediction_sets(proba[:200], y[:200], proba[200:], coverage=c) for c in (0.7, 0.95)
    )
    assert (large | ~small).all()
    assert large.sum() > small.sum()


def test_aps_is_drawn_by_the_random_state():
    y, proba = draws(400)
    one, again, other = (
        prediction_sets(proba[:200], y[:200], proba[200:], method="aps", random_state=seed)
        for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(one, again)
    assert (one != other).any()


def test_columns_are_told_by_classes_in_any_order():
    y, proba = draws(300)
    names = np.array(["angry", "calm", "happy", "sad"])
    sets = prediction_sets(proba[:200], names[y[:200]], proba[200:])
    turned = prediction_sets(
        proba[:200, ::-1], names[y[:200]], proba[200:, ::-1], classes=names[::-1]
    )
    np.testing.assert_array_equal(sets, turned[:, ::-1])


def test_calibration_clips_may_lack_a_class():
    y, proba = draws(300)
    kept = y != 3
    sets = prediction_sets(proba[kept], y[kept], proba, classes=range(4))
    assert sets.shape == (300, 4)


def test_new_voices_are_covered_less_than_promised_unless_calibration_voices_are_new_too():
    X, y, speakers = voices()
    found = conformal_coverage(
        RandomForestClassifier(30), X, y, groups=speakers, random_state=0
    ).set_index(["protocol", "calibration"])
    random = found.loc["random", "seen speakers"]
    seen, unseen = (
        found.loc["speaker-independent", f"{which} speakers"] for which in ("seen", "unseen")
    )
    assert random["coverage"] > 0.88
    assert seen["coverage_high"] < 0.9
    assert unseen["coverage"] > 0.85
    assert unseen["set_size"] > seen["set_size"]


def test_voices_that_are_all_alike_break_no_promise():
    X, y, speakers = voices(spread=0)
    found = conformal_coverage(LogisticRegression(), X, y, groups=speakers, random_state=0)
    assert found["coverage"].between(0.87, 0.94).all()


def test_rows_say_what_was_calibrated_on_and_tested():
    X, y, speakers = voices(n_speakers=10)
    found = conformal_coverage(
        LogisticRegression(), X, y, groups=speakers, coverage=0.8, random_state=0
    )
    assert found["protocol"].tolist() == ["random", "speaker-independent", "speaker-independent"]
    assert found["calibration"].tolist() == ["seen speakers", "seen speakers", "unseen speakers"]
    assert found["promised"].tolist() == [0.8] * 3
    assert found["n_clips"].tolist() == [200] * 3
    assert found["n_speakers"].tolist() == [10] * 3
    # A quarter of four fifths.
    assert found["n_calibration"].tolist() == [40] * 3
    assert (found["coverage_low"] <= found["coverage"]).all()
    assert (found["coverage"] <= found["coverage_high"]).all()
    assert found["set_size"].between(0, 2).all()


def test_the_same_random_state_gives_the_same_whatever_the_number_of_processes():
    X, y, speakers = voices(n_speakers=10)
    one, again = (
        conformal_coverage(
            RandomForestClassifier(5), X, y, groups=speakers, random_state=0, n_jobs=n_jobs
        )
        for n_jobs in (None, 2)
    )
    assert one.equals(again)


def test_a_search_inside_is_handed_the_speakers_it_is_fitted_on():
    X, y, speakers = voices(n_speakers=8)
    search = GridSearchCV(LogisticRegression(), {"C": [0.1, 1]}, cv=LeaveOneGroupOut())
    found = conformal_coverage(search, X, y, groups=speakers, random_state=0)
    assert found["n_clips"].tolist() == [160] * 3


def test_a_class_that_a_model_was_not_fitted_on_is_in_no_set_and_counts_as_not_held():
    X, y, speakers = voices(n_speakers=8)
    # Sorted first and last: neither may shift the columns of the others.
    for name in ("a class", "z class"):
        labels = np.where((speakers == 0) & (y == "calm"), name, y)
        with pytest.warns(EvaluationWarning, match=f"class '{name}' is in no training part"):
            found = conformal_coverage(
                LogisticRegression(),
                X,
                labels,
                groups=speakers,
                protocols="leave-one-speaker-out",
                random_state=0,
            )
        # The ten clips of that class, of 160, are never held.
        assert (found["coverage"] <= 150 / 160).all()


def test_speakers_need_not_be_known_for_a_random_split():
    X, y, _ = voices(n_speakers=10)
    found = conformal_coverage(
        LogisticRegression(), X, y, groups=None, protocols="random", random_state=0
    )
    assert len(found) == 1
    assert found["coverage_low"].isna().all()
    assert found["n_speakers"].tolist() == [0]


def test_two_speakers_leave_no_unseen_speaker_to_calibrate_on():
    X, y, speakers = voices(n_speakers=2, n_clips=100)
    with pytest.warns(EvaluationWarning, match="trained on one speaker, so no unseen speaker"):
        found = conformal_coverage(LogisticRegression(), X, y, groups=speakers, random_state=0)
    assert found["calibration"].tolist() == ["seen speakers", "seen speakers"]


@pytest.mark.parametrize(
    "options, message",
    [
        ({"coverage": 1.0}, r"coverage=1\.0: it must be between 0 and 1"),
        ({"coverage": 0.99}, "coverage=0.99 takes at least 99 calibration clips"),
        ({"method": "raps"}, r"method='raps': it must be one of \('lac', 'aps'\)"),
    ],
)
def test_what_cannot_be_promised_is_refused(options, message):
    X, y, speakers = voices(n_speakers=6)
    with pytest.raises(ValueError, match=message):
        conformal_coverage(LogisticRegression(), X, y, groups=speakers, random_state=0, **options)


def test_what_predicts_labels_alone_is_refused():
    X, y, speakers = voices(n_speakers=6)
    with pytest.raises(TypeError, match=r"SVC.* has no predict_proba"):
        conformal_coverage(SVC(), X, y, groups=speakers)


@pytest.mark.parametrize("method", ["lac", "aps"])
@pytest.mark.parametrize("n_classes", [3, 6])
@pytest.mark.parametrize("coverage", [0.7, 0.8, 0.9, 0.95])
@pytest.mark.parametrize("decimals", [1, 15])
def test_sets_are_those_of_mapie(method, n_classes, coverage, decimals):
    mapie = pytest.importorskip("mapie.classification")
    for seed in range(5):
        y, proba = draws(200, seed, n_classes)
        # few decimals make ties, and probabilities of 0
        proba = np.round(proba, decimals) + (decimals == 1) * 0.1 * (proba < 0.05)
        proba /= proba.sum(axis=1, keepdims=True)
        machine = mapie.SplitConformalClassifier(
            Given(np.arange(n_classes)), confidence_level=coverage, conformity_score=method,
            prefit=True, random_state=seed,
        )  # fmt: skip
        machine.conformalize(proba[:100], y[:100])
        options = {"include_last_label": "randomized"} if method == "aps" else {}
        _, expected = machine.predict_set(proba[100:], conformity_score_params=options)
        sets = prediction_sets(
            proba[:100], y[:100], proba[100:], classes=range(n_classes), coverage=coverage,
            method=method, random_state=seed,
        )  # fmt: skip
        np.testing.assert_array_equal(sets, expected[:, :, 0])


class Given(ClassifierMixin, BaseEstimator):
    """A fitted classifier whose X is its probabilities."""

    def __init__(self, classes):
        self.classes = classes

    @property
    def classes_(self):
        return self.classes

    def __sklearn_is_fitted__(self):
        return True

    def fit(self, X, y):
        return self

    def predict_proba(self, X):
        return X

    def predict(self, X):
        return self.classes[X.argmax(axis=1)]


def test_two_classes_have_adaptive_sets_too():
    y, proba = draws(2_000, n_classes=2)
    sets = prediction_sets(proba[:1_000], y[:1_000], proba[1_000:], method="aps", random_state=0)
    assert coverage_of(sets, y[1_000:]) == pytest.approx(0.9, abs=0.02)


def test_the_threshold_alone_makes_the_sets_of_lac():
    y, proba = draws(400)
    names = np.array(list("abcd"))
    threshold = conformal_threshold(proba[:200], names[y[:200]], classes=names, coverage=0.8)
    sets = prediction_sets(proba[:200], names[y[:200]], proba[200:], coverage=0.8)
    np.testing.assert_array_equal(sets_above(proba[200:], threshold), sets)


def test_too_few_clips_have_the_threshold_0_that_keeps_every_class():
    assert conformal_threshold([[0.9, 0.1]] * 8, [0] * 8, classes=[0, 1], coverage=0.9) == 0
    assert sets_above([[1.0, 0.0]], 0.0).all()
    with pytest.raises(ValueError, match="coverage=1: it must be between 0 and 1"):
        conformal_threshold([[0.9, 0.1]], [0], classes=[0, 1], coverage=1)


def test_sets_need_not_be_empty():
    assert sets_above([[0.6, 0.4], [0.9, 0.1]], 0.8).tolist() == [[False, False], [True, False]]
    assert sets_above([[0.6, 0.4]], 0.8, never_empty=True).tolist() == [[True, False]]
