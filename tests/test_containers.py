"""Any container of clips or sequences goes in, and comes out one item a clip."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import BaseEstimator

from sk_ser._containers import check_items, is_path, pack
from sk_ser.audio import Clip
from sk_ser.exceptions import AudioWarning
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


# One column


PATHS = ["a.wav", "b.wav", "c.wav"]


@pytest.mark.parametrize(
    "contain",
    [
        lambda X: pd.DataFrame({"path": X}),
        lambda X: pd.DataFrame({"any": pd.Series(X, dtype=object)}),
        lambda X: np.array(X)[:, np.newaxis],
        lambda X: np.array(X, dtype=object)[:, np.newaxis],
        pd.Series,
    ],
)
def test_one_column_of_paths(contain):
    assert list(check(contain(PATHS), "paths")) == PATHS


def test_a_polars_frame_or_column_of_paths():
    polars = pytest.importorskip("polars")
    assert list(check(polars.DataFrame({"path": PATHS}), "paths")) == PATHS
    assert list(check(polars.Series(PATHS), "paths")) == PATHS


def test_dicts_of_samples_and_rate_are_clips():
    items = check([{"array": np.ones(9), "sampling_rate": 8_000, "path": "a.wav"}] * 2, "clips")
    assert [(type(item), item.sampling_rate, len(item)) for item in items] == [(Clip, 8_000, 9)] * 2


# Shapes and amplitudes


@pytest.mark.parametrize("shape", [(16_000, 2), (16_000, 1), (1_600, 8), (100_000, 1_000)])
def test_samples_in_rows_are_not_clips(shape):
    with pytest.raises(ValueError, match=r"rows of \d+ samples each.*Is it transposed"):
        check(np.zeros(shape), "paths")


@pytest.mark.parametrize("shape", [(2, 16_000), (1_000, 5), (1_599, 2)])
def test_clips_in_rows_are(shape):
    assert len(check(np.zeros(shape), "clips")) == shape[0]


@pytest.mark.parametrize("kind", ["paths", "clips"])
@pytest.mark.parametrize("X", [np.zeros(9), np.zeros(9, np.int16), Clip(np.zeros(9))])
def test_one_waveform_is_not_several_clips(X, kind):
    with pytest.raises(ValueError, match=r"one waveform of 9 samples. .*pass \[X\]"):
        check(X, kind)


def test_a_generator_is_refused_by_name():
    with pytest.raises(ValueError, match=r"X is a generator.*list\(X\)"):
        check((clip for clip in RAGGED), "clips")


@pytest.mark.parametrize("kind", ["paths", "clips"])
@pytest.mark.parametrize("dtype, scale", [(np.int16, 2**15), (np.int32, 2**31), (np.int8, 2**7)])
def test_integers_are_scaled_by_their_type(kind, dtype, scale):
    numbers = np.array([[-1, 0, 1], [3, 4, 5]], dtype)
    for X in (numbers, list(numbers), pd.Series(list(numbers))):
        for item, wanted in zip(check(X, kind), numbers / scale, strict=True):
            np.testing.assert_array_equal(item, wanted.astype(np.float32))


@pytest.mark.parametrize("contain", [list, np.asarray])
def test_samples_far_beyond_full_scale_are_warned_of(contain):
    X = np.array([[0.0, 0.5, -0.5], [0.0, 20_000.0, 1.0]])
    with pytest.warns(AudioWarning, match=r"X\[1\]: its largest amplitude is 2e\+04 times"):
        check(contain(X), "clips")
    check(contain(X), "sequences")
