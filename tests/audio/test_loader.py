"""Each step of the loader, on sounds whose answer is known, from any container of paths."""

from pathlib import Path

import librosa
import numpy as np
import pandas as pd
import pytest
import soundfile
from sklearn.base import clone

from sk_ser.audio import AudioLoader, Clip, decode
from sk_ser.exceptions import AudioError, AudioWarning
from sk_ser.features import MFCC, Functionals, make_clip_pipeline, make_front_end


def load(item, **settings):
    return AudioLoader(**settings).fit_transform([item])[0]


def rms_db(clip):
    return 20 * np.log10(np.sqrt(np.mean(np.square(clip, dtype=float))))


def peak_frequency(clip):
    spectrum = np.abs(np.fft.rfft(np.asarray(clip) * np.hanning(len(clip))))
    return spectrum.argmax() * clip.sampling_rate / len(clip)


# Resampling


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 48_000, 96_000, 192_000])
def test_resampling_keeps_the_tone(write, make_tone, rate):
    clip = load(write("x.wav", make_tone(1_000, 0.5, rate), rate))
    assert clip.sampling_rate == 16_000
    assert clip.dtype == np.float32
    assert clip.duration == pytest.approx(0.5, abs=1e-3)
    assert peak_frequency(clip) == pytest.approx(1_000, abs=2)
    np.testing.assert_allclose(clip[1_000:-1_000].std(), 0.5 / 2**0.5, rtol=0.01)


def test_resampling_does_not_fold_what_is_beyond_half_the_rate(make_tone):
    clip = load(make_tone(12_000, 0.5, 44_100), sampling_rate=16_000)
    assert rms_db(clip[1_000:-1_000]) < -90


def test_no_sampling_rate_keeps_each_files_own(write, make_tone):
    rates = [16_000, 44_100]
    paths = [write(f"{rate}.wav", make_tone(500, 0.2, rate), rate) for rate in rates]
    clips = AudioLoader(None).fit_transform(paths)
    assert [clip.sampling_rate for clip in clips] == rates


def test_a_file_at_the_wanted_rate_keeps_its_samples(write, make_noise):
    noise = make_noise()
    path = write("x.wav", noise, subtype="FLOAT")
    np.testing.assert_array_equal(load(path, remove_dc=False), noise)


# Channels


def test_mix_is_the_mean_of_all_channels(write):
    samples = np.random.default_rng(0).uniform(-1, 1, (500, 8)).astype(np.float32)
    path = write("x.wav", samples, subtype="FLOAT")
    np.testing.assert_allclose(load(path, remove_dc=False), samples.mean(axis=1), atol=1e-6)


@pytest.mark.parametrize("channel", [0, 1, 7, np.int64(2)])
def test_one_channel(write, channel):
    samples = np.random.default_rng(0).uniform(-1, 1, (500, 8)).astype(np.float32)
    path = write("x.wav", samples, subtype="FLOAT")
    np.testing.assert_array_equal(load(path, mono=channel, remove_dc=False), samples[:, channel])


def test_a_channel_that_is_not_there_names_the_file(write, make_noise):
    path = write("x.wav", make_noise())
    with pytest.raises(AudioError, match=r"x\.wav.*mono=1.*there are 1"):
        load(path, mono=1)


# Silence, level, offset, duration


def test_trim_is_librosas(make_noise):
    clip = Clip(np.r_[np.zeros(9_000), make_noise(), np.zeros(5_000)])
    expected = librosa.effects.trim(np.asarray(clip), top_db=30)[0]
    np.testing.assert_array_equal(load(clip, trim=30, remove_dc=False), expected)


def test_peak_level(make_tone):
    assert np.abs(load(make_tone(440, amplitude=0.03), level="peak")).max() == 1.0


@pytest.mark.parametrize("level", [-23.0, -40, 0])
def test_rms_level(make_noise, level):
    assert rms_db(load(make_noise(), level=level)) == pytest.approx(level, abs=1e-3)


@pytest.mark.parametrize("level", ["peak", -23.0])
def test_silence_stays_silence(level):
    assert not load(Clip(np.zeros(1_000)), level=level).any()


def test_level_is_that_of_the_resampled_and_trimmed_clip(make_noise):
    clip = Clip(np.r_[np.zeros(20_000), make_noise(20_000), np.zeros(20_000)], 22_050)
    assert rms_db(load(clip, trim=30, level=-20.0)) == pytest.approx(-20, abs=1e-3)


def test_offset_and_duration_cut():
    ramp = Clip(np.arange(1_000) / 1_000, 1_000)
    clip = load(ramp, sampling_rate=None, remove_dc=False, offset=0.2, duration=0.3)
    np.testing.assert_array_equal(clip, ramp[200:500])


def test_duration_pads_with_zeros_at_the_end():
    ramp = Clip(np.arange(1, 101) / 100, 1_000)
    clip = load(ramp, sampling_rate=None, remove_dc=False, duration=0.5)
    np.testing.assert_array_equal(clip[:100], ramp)
    assert clip.shape == (500,)
    assert not clip[100:].any()


def test_offset_comes_after_trimming(make_tone):
    clip = Clip(np.r_[np.zeros(32_000), make_tone(500)])
    late = load(clip, trim=30, offset=0.5)
    assert 0.4 < late.duration < 0.6
    assert rms_db(late) == pytest.approx(rms_db(make_tone(500)), abs=0.1)


def test_duration_makes_all_clips_one_array(make_tone):
    clips = AudioLoader(duration=0.5).fit_transform([make_tone(440, 0.3), make_tone(440, 0.9)])
    assert isinstance(clips, Clip)
    assert clips.shape == (2, 8_000)
    assert clips.sampling_rate == 16_000


@pytest.mark.parametrize("duration", [None, 1.0])
def test_a_clip_that_offset_leaves_nothing_of_cannot_be_read(write, make_tone, duration):
    path = write("short.wav", make_tone(440, 0.5))
    with pytest.raises(AudioError, match=r"short\.wav: nothing is left of 8000.*offset=0.5"):
        load(path, offset=0.5, duration=duration)


@pytest.mark.parametrize("settings", [{}, {"level": -23.0}, {"level": "peak"}, {"trim": 30}])
def test_a_clip_that_resampling_leaves_nothing_of_cannot_be_read(settings):
    with pytest.raises(AudioError, match="nothing is left"):
        load(Clip([0.5], 192_000), sampling_rate=8_000, **settings)


def test_one_sample_is_a_clip():
    assert load(Clip([0.5]), trim=30, level="peak", remove_dc=False).tolist() == [1.0]


# Containers


@pytest.fixture
def paths(write, make_tone):
    """Four recordings of different lengths."""
    return [write(f"{n}.wav", make_tone(440, 0.1 * n)) for n in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    "contain",
    [
        list,
        tuple,
        lambda paths: [str(path) for path in paths],
        lambda paths: np.array([str(path) for path in paths]),
        lambda paths: np.array([str(path) for path in paths], dtype=np.dtypes.StringDType()),
        lambda paths: np.array(paths, dtype=object),
        lambda paths: pd.Series([str(path) for path in paths]),
        lambda paths: pd.Series([str(path) for path in paths], index=[7, 7, 1, 0]),
        lambda paths: pd.Series([str(path) for path in paths]).values,
        lambda paths: pd.Series([str(path) for path in paths], dtype="category"),
        lambda paths: pd.Series(paths, dtype=object),
        lambda paths: pd.Index([str(path) for path in paths]),
    ],
)
def test_any_container_of_paths(paths, contain):
    clips = AudioLoader().fit_transform(contain(paths))
    assert [len(clip) for clip in clips] == [1_600, 3_200, 4_800, 6_400]


def test_paths_and_waveforms_side_by_side(paths, make_tone):
    clips = AudioLoader().fit_transform([paths[0], make_tone(440, 0.2), np.ones(100), [0.5, 0.5]])
    assert [len(clip) for clip in clips] == [1_600, 3_200, 100, 2]
    assert all(isinstance(clip, Clip) for clip in clips)


def test_bare_arrays_are_taken_at_16_khz():
    assert AudioLoader(8_000).fit_transform(np.ones((2, 16_000))).shape == (2, 8_000)


def test_clips_of_one_array_keep_their_rate():
    clips = AudioLoader(8_000).fit_transform(Clip(np.ones((2, 32_000)), 32_000))
    assert clips.shape == (2, 8_000)
    assert clips.sampling_rate == 8_000


def test_a_path_and_its_waveform_give_the_same_clip(write, make_noise):
    noise = make_noise(22_050, 22_050)
    settings = {"trim": 30, "level": -20.0, "duration": 0.5}
    path = write("x.wav", noise, 22_050, subtype="FLOAT")
    np.testing.assert_array_equal(load(path, **settings), load(noise, **settings))


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA])
@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("contain", [list, pd.Series, lambda X: pd.Series(X, dtype="str").values])
def test_a_missing_path_is_named_by_its_place(paths, missing, place, contain):
    X = [str(path) for path in paths]
    X[place] = missing
    with pytest.raises(ValueError, match=rf"AudioLoader: X\[{place}\] is (None|nan|<NA>)"):
        AudioLoader().fit(contain(X))


@pytest.mark.parametrize("X", ["x.wav", Path("x.wav"), b"x.wav", {"x.wav"}, {"x.wav": 1}], ids=repr)
def test_one_path_is_no_list_of_paths(X):
    with pytest.raises(
        ValueError, match=r"AudioLoader: X is .*x.wav.*a list with one item per clip"
    ):
        AudioLoader().fit(X)


@pytest.mark.parametrize("X", [[], (), pd.Series([], dtype="str"), np.empty((0, 5))])
def test_no_clips_at_all(X):
    with pytest.raises(ValueError, match=r"0 sample\(s\)"):
        AudioLoader().fit(X)


@pytest.mark.parametrize(
    "item, message",
    [
        (np.array([0.0, np.nan]), r"X\[1\] contains NaN or infinity"),
        (np.array([0.0, np.inf]), r"X\[1\] contains NaN or infinity"),
        (np.zeros((3, 2)), r"X\[1\] has 2 axes"),
        (np.zeros(3, complex), "Complex data not supported"),
        (3.0, r"X\[1\] is 3.0, which is not a clip"),
    ],
)
def test_a_waveform_that_is_none_is_named_by_its_place(item, message):
    with pytest.raises(ValueError, match=message):
        AudioLoader().fit([np.ones(5), item])


def test_missing_paths_are_not_what_fit_looks_for():
    # a fold of a search is fitted on paths whose files are read in transform
    assert AudioLoader().fit(["missing.wav"])


# Tables


def test_clips_make_a_table_with_the_index_of_the_paths(paths):
    X = pd.Series([str(path) for path in paths], index=list("abca"))
    table = AudioLoader().set_output(transform="pandas").fit_transform(X)
    assert table.columns.tolist() == ["clip"]
    assert table.index.tolist() == list("abca")
    assert [len(clip) for clip in table["clip"]] == [1_600, 3_200, 4_800, 6_400]
    again = AudioLoader(8_000).fit_transform(table)
    assert [clip.sampling_rate for clip in again] == [8_000] * 4


# Parameters


@pytest.mark.parametrize(
    "wrong",
    [
        {"sampling_rate": 0},
        {"sampling_rate": -1},
        {"sampling_rate": "16000"},
        {"sampling_rate": 22_050.5},
        {"sampling_rate": float("nan")},
        {"mono": "left"},
        {"mono": -1},
        {"mono": True},
        {"mono": 0.0},
        {"trim": 0},
        {"trim": -30.0},
        {"trim": float("nan")},
        {"trim": True},
        {"level": "loud"},
        {"level": float("inf")},
        {"offset": -0.1},
        {"offset": None},
        {"duration": 0},
        {"duration": -1.0},
        {"duration": "1 s"},
        {"on_error": "ignore"},
    ],
    ids=str,
)
@pytest.mark.parametrize("method", ["fit", "transform"])
def test_bad_parameters_are_named_with_what_they_must_be(wrong, method):
    ((name, value),) = wrong.items()
    with pytest.raises(ValueError, match=rf"AudioLoader: {name}={value!r} must be "):
        getattr(AudioLoader(**wrong), method)([np.ones(5)])


def test_parameters_of_numpy_are_as_good():
    settings = {"sampling_rate": np.int64(8_000), "trim": np.float32(30), "duration": np.int32(1)}
    assert load(Clip(np.ones(16_000)), **settings).shape == (8_000,)


# Real files


@pytest.mark.corpus
def test_files_that_break_naive_loaders(corpora):
    paths = sorted((corpora / "quirks").glob("*.wav"))
    clips = AudioLoader(trim=30, level="peak").fit_transform(paths)
    assert len(clips) == 5
    for clip in clips:
        assert clip.sampling_rate == 16_000
        assert 0.5 < clip.duration < 3.5
        assert np.abs(clip).max() == pytest.approx(1, abs=1e-6)


@pytest.mark.corpus
def test_resampling_agrees_with_librosas(corpora):
    path = corpora / "quirks" / "OAF_food_fear.wav"
    samples, rate = decode(path)
    expected = librosa.resample(samples[:, 0], orig_sr=rate, target_sr=16_000, res_type="soxr_hq")
    # librosa rounds the length up, and fills with a zero
    found = load(path, remove_dc=False)
    np.testing.assert_allclose(found, expected[: len(found)], atol=1e-6)
    assert len(expected) - len(found) <= 1


# The mean


@pytest.mark.parametrize("offset", [0.001, -0.04, 0.5])
def test_an_offset_of_the_device_changes_nothing(make_tone, offset, tmp_path):
    clip = make_tone(220, amplitude=0.08)
    soundfile.write(tmp_path / "x.wav", np.asarray(clip) + offset, 16_000, subtype="FLOAT")
    for settings in ({}, {"trim": 30}, {"level": -23.0}, {"sampling_rate": 8_000}):
        found = load(tmp_path / "x.wav", **settings)
        np.testing.assert_allclose(found, load(clip, **settings), atol=2e-6)
    kept = load(tmp_path / "x.wav", remove_dc=False)
    assert kept.mean() == pytest.approx(offset, abs=1e-6)


def test_features_do_not_depend_on_an_offset(make_tone):
    rng = np.random.default_rng(0)
    clip = Clip(0.08 * np.sin(np.arange(16_000) / 9) * np.hanning(16_000)) + Clip(
        1e-4 * rng.normal(size=16_000)
    )
    describe = make_front_end()
    found = describe.fit_transform([clip, clip + np.float32(0.001)])
    scale = np.maximum(np.abs(found[0]), 1)
    assert np.max(np.abs(found[1] - found[0]) / scale) < 0.02


# Rates that are kept


@pytest.mark.parametrize("as_paths", [True, False])
def test_a_clip_of_a_rate_that_fit_did_not_see_is_warned_of(tmp_path, as_paths):
    items = {}
    for rate in (8_000, 16_000, 48_000):
        clip = Clip(np.sin(np.arange(rate) / 9), rate)
        soundfile.write(tmp_path / f"{rate}.wav", np.asarray(clip), rate)
        items[rate] = str(tmp_path / f"{rate}.wav") if as_paths else clip
    front_end = make_clip_pipeline(AudioLoader(None), MFCC(3), Functionals())
    for fit in (front_end.fit, front_end.fit_transform, clone(front_end["audioloader"]).fit):
        fit([items[8_000], items[48_000]])
    loader = AudioLoader(None).fit([items[8_000], items[48_000]])
    assert loader.sampling_rates_ == front_end["audioloader"].sampling_rates_ == (8_000, 48_000)
    for step in (front_end, loader):
        step.transform([items[48_000]])
        with pytest.warns(AudioWarning, match="rate is 16000 Hz, and fit saw 8000, 48000 Hz"):
            step.transform([items[16_000]])
    AudioLoader(16_000).fit([items[8_000]]).transform([items[48_000]])
