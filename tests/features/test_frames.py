"""One analysis of a clip: librosa's spectra, each computed once."""

import librosa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sk_ser.audio import Clip
from sk_ser.features import Frames, Framing, _frames


@pytest.mark.filterwarnings("ignore:n_fft=:UserWarning")
@settings(deadline=None, max_examples=40)
@given(
    n_samples=st.integers(600, 3_000),
    n_fft=st.sampled_from([63, 64, 256, 600]),
    hop_length=st.integers(1, 700),
    share=st.floats(0.1, 1),
    window=st.sampled_from(["hann", "hamming", "boxcar", ("kaiser", 4.0)]),
    center=st.booleans(),
)
def test_power_is_librosas(n_samples, n_fft, hop_length, share, window, center):
    clip = Clip(np.random.default_rng(0).normal(size=n_samples))
    win_length = max(1, round(share * n_fft))
    framing = Framing(n_fft, hop_length, win_length, window, center)
    expected = np.abs(librosa.stft(np.asarray(clip), pad_mode="constant", **framing._asdict())) ** 2
    found = Frames(clip).power(framing)
    np.testing.assert_allclose(found, expected.T, rtol=1e-3, atol=1e-5 * expected.max())


@pytest.mark.parametrize("n_pulses", [1, 3, 8])
def test_lone_pulses_in_silence_are_librosas_to_the_last_bit(n_pulses):
    samples = np.zeros(16_000, np.float32)
    rng = np.random.default_rng(n_pulses)
    samples[rng.integers(7_000, 8_000, n_pulses)] = rng.normal(size=n_pulses)
    expected = np.abs(librosa.stft(samples)) ** 2
    np.testing.assert_array_equal(Frames(Clip(samples)).power(Framing()), expected.T)


@pytest.mark.parametrize("n_samples", [1, 2, 100, 2_047])
@pytest.mark.parametrize("center", [True, False])
def test_clips_shorter_than_a_frame_have_one(n_samples, center):
    frames = Frames(Clip(np.ones(n_samples)))
    framing = Framing(2_048, 2_048, None, "hann", center)
    assert frames.power(framing).shape == (1, 1_025)
    assert frames.level(framing).tolist() == [0.0]


@settings(deadline=None, max_examples=40)
@given(
    n_samples=st.integers(1, 900), frame_length=st.integers(2, 300), hop_length=st.integers(1, 400),
    center=st.booleans(),
)  # fmt: skip
def test_everything_has_the_same_number_of_frames(n_samples, frame_length, hop_length, center):
    frames = Frames(Clip(np.ones(n_samples)))
    framing = Framing(frame_length, hop_length, None, "hann", center)
    n_frames = len(frames.power(framing))
    assert n_frames == len(frames.level(framing))
    assert n_frames == len(frames.mean_square(frame_length, hop_length, center))
    assert n_frames == len(frames.cut(frame_length, hop_length, center))
    if center and frame_length % 2 == 0:
        assert n_frames == 1 + n_samples // hop_length


def test_each_result_is_computed_once(monkeypatch, make_noise):
    calls = []
    transform = _frames.rfft
    monkeypatch.setattr(_frames, "rfft", lambda *a, **k: calls.append(a) or transform(*a, **k))
    frames, framing = Frames(make_noise(8_000)), Framing(512, 256)
    first = frames.power(framing)
    n_calls = len(calls)
    frames.magnitude(framing)
    assert frames.power(Framing(512, 256)) is first
    assert len(calls) == n_calls
    frames.power(Framing(512, 128))
    assert len(calls) > n_calls


def test_magnitude_and_frequencies(make_tone):
    frames, framing = Frames(make_tone(1_000)), Framing(512, 256)
    np.testing.assert_allclose(frames.magnitude(framing) ** 2, frames.power(framing), rtol=1e-5)
    np.testing.assert_array_equal(
        frames.frequencies(framing), librosa.fft_frequencies(sr=16_000, n_fft=512)
    )


def test_level_is_relative_to_the_loudest_frame(make_noise):
    noise = make_noise(20_000)
    clip = Clip(np.r_[noise, 0.01 * noise, np.zeros(20_000)])
    level = Frames(clip).level(Framing(1_024, 512, None, "hann", False))
    assert level.max() == 0
    assert np.median(level[:36]) == pytest.approx(0, abs=1)
    assert np.median(level[42:75]) == pytest.approx(-40, abs=1)
    assert level[-1] == -120


def test_level_of_silence_is_0_so_that_no_frame_is_lost():
    assert not Frames(Clip(np.zeros(5_000))).level(Framing()).any()


def test_the_clip_is_left_alone(make_noise):
    noise = make_noise(3_000)
    before = noise.copy()
    Frames(noise).power(Framing())
    np.testing.assert_array_equal(noise, before)
