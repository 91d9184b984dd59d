"""Flipping two models by speaker: exact p by hand, and where no p can mean anything."""

import itertools

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier

from sk_ser.model_selection import (
    EvaluationWarning,
    compare_protocols,
    sign_flip_test,
    uar_score,
)
from tests.model_selection.mocks import Memoriser, pairs
from tests.model_selection.predicted import PROTOCOL, comparison_of, right_at

GOOD, BAD = ("good", PROTOCOL), ("bad", PROTOCOL)
CLASSES = ["angry", "calm"]


def compared(n_speakers, good=1.0, bad=0.0, n_clips=10, seed=0):
    """Two models that are right in such a share of clips."""
    rng = np.random.default_rng(seed)
    speakers = np.repeat(np.arange(n_speakers), n_clips)
    y_true = np.tile(CLASSES, n_speakers * n_clips // 2)
    models = {
        name: right_at(rng.random(len(y_true)) < share, y_true, CLASSES)
        for name, share in (("good", good), ("bad", bad))
    }
    return comparison_of(y_true, speakers, **models)


def test_four_speakers_give_no_p_below_one_eighth_and_say_so():
    with pytest.warns(EvaluationWarning, match=r"of 4 speakers, .* no p below 0\.125"):
        found = sign_flip_test(compared(4), GOOD, BAD)
    assert found.p_value == found.smallest_p == 0.125
    assert (found.n_flips, found.exact, found.difference) == (16, True, 1)


def test_one_speaker_in_whom_they_differ_shows_nothing():
    y_true, speakers = np.tile(CLASSES, 20), np.repeat([0, 1], 20)
    right = {
        "good": right_at(np.ones(40, dtype=bool), y_true, CLASSES),
        "bad": right_at(speakers == 0, y_true, CLASSES),
    }
    with pytest.warns(EvaluationWarning, match="differ in 1 of 2 speakers"):
        found = sign_flip_test(comparison_of(y_true, speakers, **right), GOOD, BAD)
    assert (found.p_value, found.n_differing, found.difference) == (1.0, 1, 0.5)


@pytest.mark.parametrize("n_speakers", [6, 8, 10])
def test_the_smallest_p_is_that_of_one_flip_and_its_reverse(n_speakers):
    found = sign_flip_test(compared(n_speakers), GOOD, BAD)
    assert found.p_value == found.smallest_p == 2 / 2**n_speakers


@pytest.mark.parametrize("seed", range(6))
def test_it_is_the_share_of_all_flips_that_are_as_far_apart(seed):
    # As the docstring says it, clip by clip.
    found = compared(7, 0.55, 0.5, n_clips=30, seed=seed)
    rows = found.predictions
    good, bad = (rows[rows["estimator"] == name] for name in ("good", "bad"))
    y_true, speakers = good["y_true"].to_numpy(), good["speaker"].to_numpy()
    one, other = good["y_pred"].to_numpy(), bad["y_pred"].to_numpy()
    gaps = []
    for flips in itertools.product([False, True], repeat=7):
        flipped = np.array(flips)[speakers]
        pair = np.where(flipped, other, one), np.where(flipped, one, other)
        gaps.append(uar_score(y_true, pair[0]) - uar_score(y_true, pair[1]))
    result = sign_flip_test(found, GOOD, BAD)
    assert result.difference == pytest.approx(gaps[0])
    assert result.p_value == np.mean(np.abs(gaps) >= abs(gaps[0]) - 1e-12)


def test_the_order_of_the_two_turns_the_sign_alone():
    found = compared(8, 0.7, 0.5)
    one, other = sign_flip_test(found, GOOD, BAD), sign_flip_test(found, BAD, GOOD)
    assert one.difference == -other.difference
    assert one.p_value == other.p_value


def test_of_many_speakers_flips_are_drawn_and_come_near_the_exact_p():
    found = compared(12, 0.58, 0.5, n_clips=40)
    exact = sign_flip_test(found, GOOD, BAD)
    drawn = sign_flip_test(found, GOOD, BAD, n_resamples=2_000, random_state=0)
    assert exact.exact
    assert not drawn.exact
    assert 0.01 < exact.p_value < 0.99
    assert drawn.p_value == pytest.approx(exact.p_value, abs=0.03)


def test_the_same_random_state_draws_the_same():
    found = compared(30, 0.55, 0.5)
    options = {"n_resamples": 99}
    one, again = (sign_flip_test(found, GOOD, BAD, random_state=1, **options) for _ in range(2))
    assert one == again
    others = {sign_flip_test(found, GOOD, BAD, random_state=s, **options) for s in range(4)}
    assert len(others) > 1


def test_drawn_flips_never_give_a_p_of_zero():
    found = sign_flip_test(compared(30), GOOD, BAD, n_resamples=999, random_state=0)
    assert found.p_value == found.smallest_p == 2 / 1_000


def test_equal_models_are_found_different_no_more_often_than_promised():
    found = [
        sign_flip_test(compared(9, 0.5, 0.5, n_clips=30, seed=seed), GOOD, BAD).p_value
        for seed in range(200)
    ]
    assert np.mean(np.array(found) < 0.05) < 0.09
    assert np.mean(np.array(found) < 0.5) > 0.35


def test_clips_of_one_speaker_add_no_certainty():
    # A thousand clips each are no more speakers.
    with pytest.warns(EvaluationWarning, match=r"no p below 0\.25"):
        assert sign_flip_test(compared(3, n_clips=1_000), GOOD, BAD).p_value == 0.25


def test_speakers_in_whom_two_models_agree_do_not_count():
    y_true, speakers = np.tile(CLASSES, 40), np.repeat(np.arange(8), 10)
    bad = right_at(speakers > 2, y_true, CLASSES)
    found = comparison_of(y_true, speakers, good=y_true, bad=bad)
    with pytest.warns(EvaluationWarning, match=r"the two differ in 3 of 8 speakers, .* 0\.25"):
        result = sign_flip_test(found, GOOD, BAD)
    assert (result.n_speakers, result.n_differing, result.p_value) == (8, 3, 0.25)


def test_a_model_and_itself_do_not_differ():
    with pytest.warns(EvaluationWarning, match="no p below 1"):
        found = sign_flip_test(compared(8), GOOD, GOOD)
    assert (found.difference, found.p_value, found.n_differing) == (0, 1, 0)


def test_protocols_of_one_model_are_tested_on_the_gap_that_is_reported():
    X, y, speakers = pairs()
    found = compare_protocols(Memoriser(), X, y, groups=speakers, n_splits=4, random_state=0)
    protocols = ("random", "speaker-independent")
    result = sign_flip_test(found, *(("Memoriser", name) for name in protocols))
    assert 100 * result.difference == pytest.approx(found.gap["gap"].iloc[0])
    assert result.p_value == 2 / 2**8


def test_it_reads_as_one_reports_it():
    assert str(sign_flip_test(compared(6), GOOD, BAD)) == (
        "difference +100.0 points, p = 0.031 (smallest possible 0.031; all 64 flips of 6 of 6 "
        "speakers)"
    )


def test_names_that_were_not_compared_are_named():
    found = compared(6)
    with pytest.raises(ValueError, match=r"estimator 'svm' was not compared. Choose from \['good"):
        sign_flip_test(found, ("svm", PROTOCOL), BAD)
    with pytest.raises(ValueError, match=r"'good' must be \(estimator, protocol\)"):
        sign_flip_test(found, "good", BAD)


def test_without_speakers_there_is_nothing_to_flip():
    found = compare_protocols(
        {"a": DummyClassifier(), "b": DummyClassifier()},
        [[0]] * 20,
        CLASSES * 10,
        groups=None,
        protocols="random",
        random_state=0,
    )
    with pytest.raises(ValueError, match=r"comparison has no speakers\. Pass groups"):
        sign_flip_test(found, ("a", "random"), ("b", "random"))


def test_results_on_other_clips_cannot_be_paired():
    X, y, speakers = pairs()
    halves = np.arange(0, len(y), 2), np.arange(1, len(y), 2)
    protocols = {"even": [halves[::-1]], "odd": [halves]}
    found = compare_protocols(
        Memoriser(), X, y, groups=speakers, protocols=protocols, random_state=0
    )
    with pytest.raises(ValueError, match="were tested on no clip in common"):
        sign_flip_test(found, ("Memoriser", "even"), ("Memoriser", "odd"))


@pytest.mark.parametrize("missing", [0, 4, 8])
def test_clips_of_a_fold_that_failed_for_one_count_for_neither(missing):
    y_true, speakers = np.tile(CLASSES, 45), np.repeat(np.arange(9), 10)
    bad = right_at(speakers == missing, y_true, CLASSES)
    found = comparison_of(y_true, speakers, good=y_true, bad=bad)
    rows = found.predictions
    failed = (rows["estimator"] == "bad") & (rows["speaker"] == missing)
    found.predictions = rows[~failed]
    result = sign_flip_test(found, GOOD, BAD)
    assert (result.n_speakers, result.difference, result.p_value) == (8, 1, 2 / 2**8)


def test_too_few_flips_are_told_and_none_refused():
    found = compared(30)
    with pytest.warns(EvaluationWarning, match="Raise n_resamples"):
        sign_flip_test(found, GOOD, BAD, n_resamples=9, random_state=0)
    with pytest.raises(ValueError, match="n_resamples=0: it must be a whole number from 1"):
        sign_flip_test(found, GOOD, BAD, n_resamples=0)
