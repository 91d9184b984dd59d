"""Any container of clips or sequences goes in, and comes out one item a clip."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import BaseEstimator

from sk_ser._containers import check_items, is_path, pack
from sk_ser.audio import Clip
from sk_ser.features import FrameSequence


class Asking(BaseEstimator):
    """Ask for items."""


def check(X, kind, **settings):
    return check_items(Asking(), X, kind, **settings)


RAGGED = [np.ones(5), np.ones(7, np.float32), np.arange(3)]


@pytest.mark.parametrize(
    "contain",
    [
        list,
        tuple,
        pd.Series,
        lambda X: pd.Series(X, index=[5, 5, 2]),
        lambda X: np.array(X, dtype=object),
        lambda X: pd.Series(X).values,
        lambda X: [part.tolist() for part in X],
        lambda X: pd.DataFrame({"clip": X}),
    ],
)
@pytest.mark.parametrize("kind", ["paths", "clips"])
def test_any_container_of_waveforms(contain, kind):
    items = check(contain(RAGGED), kind)
    assert [len(item) for item in items] == [5, 7, 3]
    assert all(isinstance(item, Clip) and item.dtype == np.float32 for item in items)


@pytest.mark.parametrize("contain", [np.asarray, pd.DataFrame, lambda X: X.astype(int).tolist()])
def test_a_block_is_a_clip_a_row(contain):
    items = check(contain(np.ones((3, 5))), "clips")
    assert [item.shape for item in items] == [(5,)] * 3
    assert all(isinstance(item, Clip) for item in items)


def test_a_block_of_sequences():
    items = check(np.ones((3, 5, 2)), "sequences")
    assert [item.shape for item in items] == [(5, 2)] * 3


def test_a_flat_block_of_sequences_has_one_descriptor():
    for X in (np.ones((3, 5)), [np.ones(5)] * 3):
        assert [item.shape for item in check(X, "sequences")] == [(5, 1)] * 3


def test_what_items_know_is_kept():
    block = Clip(np.ones((2, 5)), 8_000)
    assert [clip.sampling_rate for clip in check(block, "clips")] == [8_000] * 2
    sequences = FrameSequence(np.ones((2, 5, 1)), ["a"], 50.0, np.zeros((2, 5)))
    for one in check(sequences, "sequences"):
        assert one.names == ("a",)
        assert one.level.shape == (5,)


def test_the_length_of_a_block_is_learnt_and_held_to():
    asking = Asking()
    check_items(asking, np.ones((3, 5)), "clips", reset=True)
    assert asking.n_features_in_ == 5
    with pytest.raises(ValueError, match="X has 6 features, but Asking is expecting 5"):
        check_items(asking, np.ones((3, 6)), "clips")
    assert len(check_items(asking, [np.ones(6)], "clips")) == 1


@pytest.mark.parametrize(
    "X, kind, message",
    [
        ([], "clips", r"0 sample\(s\)"),
        (np.empty((0, 4)), "clips", r"0 sample\(s\)"),
        (np.ones(5), "clips", "Expected 2D array"),
        (np.ones((2, 2, 2)), "clips", "dim 3"),
        (np.ones((2, 2, 2, 2)), "sequences", "dim|axes"),
        ([np.ones((2, 2, 2))], "sequences", r"X\[0\] has 3 axes. One of the sequences has 2"),
        (["a.wav"], "clips", r"X\[0\] is a path \('a.wav'\), but clips are needed"),
        (["a.wav"], "sequences", "but sequences are needed. Put an AudioLoader"),
        ([np.ones(3), "a.wav"], "clips", r"X\[1\] is a path"),
        ([np.ones(3), None], "clips", r"X\[1\] is None, which is not a clip"),
        ([np.ones(3), np.full(3, np.nan)], "clips", r"X\[1\] contains NaN"),
        (np.full((2, 3), np.inf), "clips", "infinity"),
        ([np.ones(3) * 1j], "clips", "Complex data not supported"),
        ("a.wav", "paths", "Asking: X is 'a.wav'. X must be a list"),
        (FrameSequence(np.ones((3, 1)), ["a"]), "sequences", "X is one sequence"),
        ([np.ones((3, 1)), np.ones((3, 2))], "sequences", r"X\[1\] has 2 descriptors"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(X, kind, message):
    with pytest.raises(ValueError, match=message):
        check(X, kind)


@settings(deadline=None)
@given(lengths=st.lists(st.integers(1, 6), min_size=1, max_size=5), rate=st.integers(1, 99_999))
def test_packing_and_checking_come_back_to_the_same(lengths, rate):
    clips = [Clip(np.arange(length), rate) for length in lengths]
    packed = pack(clips)
    assert isinstance(packed, Clip if len(set(lengths)) == 1 else list)
    for one, other in zip(check(packed, "clips"), clips, strict=True):
        np.testing.assert_array_equal(one, other)
        assert one.sampling_rate == rate


def test_clips_of_different_rates_are_not_packed():
    assert isinstance(pack([Clip([1.0], 8_000), Clip([1.0], 16_000)]), list)


def test_vectors_are_packed():
    assert type(pack([np.ones(3), np.ones(3)])) is np.ndarray


def test_paths():
    assert is_path("a.wav")
    assert not is_path(b"a.wav")
    assert not is_path(np.ones(2))
