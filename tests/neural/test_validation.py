"""Early stopping looks at voices that the net does not learn from, or says that it does not."""

import warnings

import numpy as np
import pytest

from sk_ser.model_selection import EvaluationWarning
from sk_ser.neural._validation import hold_out

SPEAKERS = np.repeat(np.arange(6), 10)
CODES = np.tile(np.arange(5), 12)


@pytest.mark.parametrize("seed", range(10))
def test_speakers_are_on_one_side(seed):
    train, valid, voices = hold_out(CODES, SPEAKERS, True, 0.2, seed)
    assert voices == "unseen speakers"
    assert set(SPEAKERS[train]).isdisjoint(SPEAKERS[valid])
    assert sorted([*train, *valid]) == list(range(60))
    assert set(CODES[train]) == set(CODES[valid]) == set(range(5))
    assert 0.1 <= len(valid) / 60 <= 0.35


def test_two_speakers_are_one_and_the_other():
    train, valid, _ = hold_out(CODES, SPEAKERS % 2, True, 0.2, 0)
    assert len(set(SPEAKERS[train] % 2)) == len(set(SPEAKERS[valid] % 2)) == 1


@pytest.mark.parametrize(
    ("groups", "why"),
    [(None, "groups is None"), (np.zeros(60), "groups has one speaker")],
)
def test_speakers_seen_in_training_are_warned_of(groups, why):
    with pytest.warns(
        EvaluationWarning, match=f"early_stopping=True, but {why}.*fit.X, y, groups="
    ):
        train, valid, voices = hold_out(CODES, groups, True, 0.2, 0)
    assert voices == "seen speakers"
    assert len(valid) == 12
    assert set(CODES[train]) == set(CODES[valid])


def test_clips_at_random_are_no_surprise_to_one_who_asks_for_them():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        train, valid, voices = hold_out(CODES, SPEAKERS, "clips", 0.2, 0)
    assert voices == "seen speakers"
    assert set(SPEAKERS[train]) & set(SPEAKERS[valid])


def test_no_class_is_missing_in_training_where_that_can_be():
    # the one clip of class 1 must be learnt from, whichever speaker has it
    codes = np.zeros(60, int)
    codes[5] = 1
    for seed in range(10):
        train, _, _ = hold_out(codes, SPEAKERS, True, 0.2, seed)
        assert 1 in codes[train]


@pytest.mark.parametrize("fraction", [0.1, 0.25, 0.5])
def test_about_the_fraction_is_held_out(fraction):
    codes = np.tile(np.arange(4), 250)
    _, valid, _ = hold_out(codes, np.arange(1_000) // 20, True, fraction, 0)
    assert len(valid) / 1_000 == pytest.approx(fraction, abs=0.03)


@pytest.mark.parametrize("by", [True, "clips"])
def test_a_seed_repeats_the_choice(by):
    first, again = (hold_out(CODES, SPEAKERS, by, 0.2, 0)[1].tolist() for _ in range(2))
    assert first == again


def test_another_seed_chooses_other_clips():
    first, other = (hold_out(CODES, None, "clips", 0.2, seed)[1].tolist() for seed in (0, 3))
    assert first != other
