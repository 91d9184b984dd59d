"""Clips and sequences know what their numbers mean, whatever is done to them."""

import base64
import copy
import io
import pickle
import re

import joblib
import numpy as np
import pandas as pd
import pytest
import soundfile as sf

from sk_ser.audio import Clip
from sk_ser.features import FrameSequence

CLIP = Clip(np.linspace(-1, 1, 1_000), 8_000)
SEQUENCE = FrameSequence(np.arange(12).reshape(4, 3), "abc", 50.0, [-3, -2, -1, 0])


def dump_and_load(array, tmp_path, **settings):
    joblib.dump(array, tmp_path / "array", compress=settings.pop("compress", 0))
    return joblib.load(tmp_path / "array", **settings)


# Clip


def test_a_clip_is_a_float32_array():
    clip = Clip([1, 2, 3])
    assert isinstance(clip, np.ndarray)
    assert clip.dtype == np.float32
    assert clip.sampling_rate == 16_000
    assert CLIP.duration == 0.125
    assert Clip(np.zeros((3, 4_000)), 8_000).duration == 0.5


@pytest.mark.parametrize(
    "change",
    [
        lambda clip: clip[10:20],
        lambda clip: clip[::-1],
        lambda clip: clip[clip > 0],
        lambda clip: clip[[1, 2]],
        lambda clip: clip[np.newaxis],
        lambda clip: 2 * clip,
        lambda clip: clip - clip.mean(),
        lambda clip: clip + np.ones(1_000),
        lambda clip: np.ones(1_000) + clip,
        lambda clip: clip / clip,
        np.abs,
        np.clip(CLIP, -0.5, 0.5).__add__,
        lambda clip: clip.copy(),
        lambda clip: clip.astype(float),
        lambda clip: clip.reshape(2, -1),
        lambda clip: np.roll(clip, 3),
        lambda clip: np.tile(clip, 2),
        copy.copy,
        copy.deepcopy,
        lambda clip: pickle.loads(pickle.dumps(clip)),
        lambda clip: pickle.loads(pickle.dumps(clip, protocol=2)),
        lambda clip: pickle.loads(pickle.dumps(Clip(np.zeros((2, 3)), 8_000)))[1],
    ],
)
def test_the_rate_goes_with_it(change):
    changed = change(CLIP)
    assert isinstance(changed, Clip)
    assert changed.sampling_rate == 8_000


def test_the_rate_goes_with_it_in_place():
    clip = CLIP.copy()
    clip *= 2
    clip += 1
    clip[3:5] = 0
    assert clip.sampling_rate == 8_000


@pytest.mark.parametrize("compress", [0, 3])
@pytest.mark.parametrize("mmap_mode", [None, "r"])
@pytest.mark.filterwarnings("ignore:mmap_mode .* is not compatible:UserWarning")
def test_the_rate_goes_to_disk_and_back(tmp_path, compress, mmap_mode):
    loaded = dump_and_load(CLIP, tmp_path, compress=compress, mmap_mode=mmap_mode)
    assert isinstance(loaded, Clip)
    assert loaded.sampling_rate == 8_000
    np.testing.assert_array_equal(loaded, CLIP)


def test_the_rate_goes_to_a_worker_and_back():
    # above 1 MB joblib hands arrays over as files
    long = Clip(np.ones(400_000), 8_000)
    clips = joblib.Parallel(n_jobs=2)(joblib.delayed(copy.copy)(clip) for clip in (CLIP, long))
    assert [clip.sampling_rate for clip in clips] == [8_000, 8_000]
    np.testing.assert_array_equal(clips[0], CLIP)


@pytest.mark.parametrize(
    "reduce",
    [
        np.mean, np.max, np.sum, np.std, np.median, np.ptp, np.linalg.norm, len, np.argmax,
        lambda clip: clip.mean(), lambda clip: clip.min(), lambda clip: clip[3],
        lambda clip: clip @ clip, lambda clip: np.percentile(clip, 5), lambda clip: clip.any(),
        np.add.reduce,
    ],
)  # fmt: skip
def test_what_is_one_number_is_a_number(reduce):
    value = reduce(CLIP)
    assert np.isscalar(value)
    assert not isinstance(value, np.ndarray)


@pytest.mark.parametrize(
    "join",
    [
        lambda clip: np.concatenate([clip, clip]),
        lambda clip: np.hstack((clip, clip)),
        lambda clip: np.stack([clip, clip]),
        lambda clip: np.pad(clip, 5),
        lambda clip: np.pad(clip, (0, 5), mode="reflect"),
        lambda clip: np.append(clip, np.zeros(3)),
        lambda clip: np.concatenate([np.zeros(3, np.float32), clip]),
        lambda clip: np.roll(clip, 3),
        lambda clip: np.tile(clip, 2),
        lambda clip: np.split(clip, 2)[1],
        lambda clip: np.clip(clip, -0.5, 0.5),
        np.flip,
        lambda clip: clip[::-1],
        lambda clip: clip[3:9],
        lambda clip: clip[[0, 2, 5]],
        lambda clip: clip[clip > 0],
        lambda clip: clip * 0.5 - clip.mean(),
        copy.deepcopy,
        lambda clip: pickle.loads(pickle.dumps(clip)),
    ],
)
def test_the_rate_is_kept(join):
    clip = Clip(np.sin(np.arange(100)), 8_000)
    assert (type(join(clip)), join(clip).sampling_rate) == (Clip, 8_000)


def test_clips_of_two_rates_are_not_joined():
    others = [CLIP, Clip(CLIP, CLIP.sampling_rate + 1)]
    for join in (np.concatenate, np.stack, np.hstack, lambda clips: np.append(*clips)):
        with pytest.raises(ValueError, match="clips have the sampling rates"):
            join(others)


def test_each_second_sample_has_half_the_rate():
    clip = Clip(np.zeros((2, 90)), 8_000)
    assert clip[0][::2].sampling_rate == clip[:, ::-2].sampling_rate == 4_000
    assert clip[::2].sampling_rate == 8_000
    with pytest.raises(ValueError, match="each 3th sample"):
        clip[0][::3]


def test_plain_arrays_have_no_rate():
    assert type(np.array(CLIP)) is type(np.asarray(CLIP)) is np.ndarray


@pytest.mark.parametrize(
    "dtype, smallest, middle",
    [(np.int16, -(2**15), 0), (np.int32, -(2**31), 0), (np.int8, -128, 0), (np.uint8, 0, 128)],
)
def test_integers_are_scaled_by_their_type(dtype, smallest, middle):
    assert Clip(np.array([smallest, middle], dtype)).tolist() == [-1.0, 0.0]


def test_other_numbers_are_amplitudes():
    for samples in ([0, 1], np.array([0, 1]), [0.0, 1.0], np.array([False, True])):
        assert Clip(samples).tolist() == [0.0, 1.0]


@pytest.mark.parametrize("rate", [0, -8_000, 22_050.5, float("nan")])
def test_a_rate_that_cannot_be_is_refused(rate):
    with pytest.raises(ValueError, match=f"sampling_rate={rate}: it must be a whole number > 0"):
        Clip([0.0], rate)


def test_clips_of_one_rate_and_length_stack():
    other = Clip(CLIP, 16_000)
    assert CLIP.stacks_with(CLIP)
    assert not CLIP.stacks_with(other)
    assert not CLIP.stacks_with(CLIP[:-1])
    assert Clip.stack([CLIP, CLIP]).shape == (2, 1_000)
    assert Clip.stack([CLIP, CLIP]).sampling_rate == 8_000


# Playing


def played(clip):
    """Decode what a notebook would play."""
    sound = re.search(r'<audio controls src="data:audio/wav;base64,([^"]+)"', clip._repr_html_())
    return sf.read(io.BytesIO(base64.b64decode(sound[1])))


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100])
def test_a_notebook_plays_a_clip_as_it_is_to_16_bits(rate):
    clip = Clip(np.random.default_rng(0).uniform(-0.99, 0.99, rate // 2), rate)
    samples, sampling_rate = played(clip)
    assert sampling_rate == rate
    np.testing.assert_allclose(samples, clip, rtol=0, atol=0.5 / 32_768 + 1e-9)


def test_a_quiet_clip_stays_quiet():
    np.testing.assert_allclose(played(0.01 * CLIP)[0], 0.01 * CLIP, rtol=0, atol=1 / 32_768)


@pytest.mark.parametrize("factor", [1, 1.001, 3, 32_768, 1e38])
def test_full_scale_and_more_is_made_softer_and_does_not_wrap(factor):
    np.testing.assert_allclose(played(CLIP * np.float32(factor))[0], CLIP, rtol=0, atol=1 / 32_768)


def test_below_the_player_stands_how_long_and_at_what_rate():
    assert CLIP._repr_html_().endswith("<div>0.125 s at 8000 Hz</div>")


@pytest.mark.parametrize(
    "clip",
    [
        CLIP[:1], CLIP[::2], CLIP.astype(float), CLIP.astype(np.float16), 0 * CLIP,
        Clip(np.ones(600 * 8_000), 8_000),
    ],
    ids=["one sample", "a slice", "double", "half", "silence", "ten minutes"],
)  # fmt: skip
def test_what_is_a_waveform_can_be_played(clip):
    samples, _ = played(clip)
    np.testing.assert_allclose(samples, clip, rtol=0, atol=1 / 32_768)


@pytest.mark.parametrize(
    "clip",
    [
        Clip(np.zeros((2, 100))), Clip(np.zeros((1, 100))), Clip(0.5), CLIP[:0],
        Clip([0, np.nan]), Clip([0, np.inf]), Clip(np.zeros(600 * 8_000 + 1), 8_000),
        Clip(np.zeros(10), 2_999), Clip(np.zeros(10), 10**10),
        CLIP > 0, np.argsort(CLIP), CLIP.astype(complex),
    ],
    ids=[
        "two clips", "one clip of several", "no axis", "empty", "NaN", "infinite",
        "more than ten minutes", "rate too low", "rate too high", "mask", "order", "complex",
    ],
)  # fmt: skip
def test_what_cannot_be_played_is_shown_as_numbers(clip):
    assert isinstance(clip, Clip)
    assert clip._repr_html_() is None


# FrameSequence


def test_a_sequence_is_float32_and_may_know_nothing():
    plain = FrameSequence([[1, 2]])
    assert plain.dtype == np.float32
    assert plain.names is plain.level is plain.frame_rate is None


@pytest.mark.parametrize(
    "key, level",
    [
        (slice(1, 3), [-2, -1]),
        (slice(None, None, -1), [0, -1, -2, -3]),
        (slice(0, 0), []),
        ([0, 3], [-3, 0]),
        (np.array([0, 3]), [-3, 0]),
        (np.array([True, False, False, True]), [-3, 0]),
        ((slice(1, 3), Ellipsis), [-2, -1]),
    ],
)
def test_whole_frames_keep_their_names_and_levels(key, level):
    part = SEQUENCE[key]
    assert part.names == ("a", "b", "c")
    assert part.level.tolist() == level
    assert part.frame_rate == 50.0


@pytest.mark.parametrize(
    "key",
    [
        (slice(None), slice(1, 3)),
        (slice(1, 3), slice(1, 3)),
        (slice(None), [2, 0]),
        np.newaxis,
        (slice(None), np.newaxis),
        (slice(None), 1),
        (Ellipsis, 1),
    ],
    ids=str,
)
def test_parts_of_frames_forget_what_no_longer_fits(key):
    part = SEQUENCE[key]
    assert part.names is None
    assert part.level is None


def test_a_clip_of_a_block_is_a_sequence():
    block = FrameSequence.stack([SEQUENCE, 2 * SEQUENCE])
    assert block.shape == (2, 4, 3)
    assert block.level.shape == (2, 4)
    for one in (block[1], list(block)[1]):
        assert one.names == ("a", "b", "c")
        assert one.level.tolist() == [-3, -2, -1, 0]
        np.testing.assert_array_equal(one, 2 * SEQUENCE)
    assert block[:1].level.shape == (1, 4)


@pytest.mark.parametrize(
    "change",
    [
        copy.copy, copy.deepcopy, lambda s: s + 0, lambda s: s.copy(), lambda s: s.astype(float),
        lambda s: pickle.loads(pickle.dumps(s)),
    ],
)  # fmt: skip
def test_everything_goes_with_it(change, tmp_path):
    for changed in (change(SEQUENCE), dump_and_load(SEQUENCE, tmp_path)):
        assert changed.names == ("a", "b", "c")
        assert changed.frame_rate == 50.0
        np.testing.assert_array_equal(changed.level, SEQUENCE.level)
        np.testing.assert_array_equal(changed, SEQUENCE)


def test_sequences_of_one_shape_and_name_stack():
    assert SEQUENCE.stacks_with(SEQUENCE + 1)
    assert not SEQUENCE.stacks_with(SEQUENCE[1:])
    assert not SEQUENCE.stacks_with(FrameSequence(SEQUENCE, "abd"))


# Tables


@pytest.mark.parametrize("index", [None, pd.Index(["x", "y", "z"]), pd.Index([5, 3, 9])])
def test_sequences_come_back_from_their_table(index):
    sequences = [SEQUENCE, SEQUENCE[:0], 2 * SEQUENCE[1:]]
    table = FrameSequence.to_table(sequences, index)
    assert table.columns.tolist() == ["a", "b", "c"]
    back = FrameSequence.from_table(table)
    assert [len(one) for one in back] == [4, 0, 3]
    for one, other in zip(back, sequences, strict=True):
        np.testing.assert_array_equal(one, other)
        np.testing.assert_array_equal(one.level, other.level)
        assert one.names == other.names
        assert one.frame_rate == (pytest.approx(50.0) if len(other) else None)


def test_clips_that_their_index_does_not_tell_apart_are_told_by_place():
    table = FrameSequence.to_table([SEQUENCE, SEQUENCE], pd.Index(["x", "x"]))
    assert [len(one) for one in FrameSequence.from_table(table)] == [4, 4]


def test_clips_make_a_column():
    table = Clip.to_table([CLIP, CLIP[:5]], pd.Index(["x", "x"]))
    assert table.index.tolist() == ["x", "x"]
    assert table["clip"].iloc[1].sampling_rate == 8_000
