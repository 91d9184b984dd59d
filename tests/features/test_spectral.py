"""Statistics of the spectrum are librosa's, and known for tones, noise and silence."""

from itertools import pairwise

import librosa
import numpy as np
import pytest
import soxr

from sk_ser.audio import Clip
from sk_ser.features import SpectralStatistics

SETTINGS = [
    {},
    {"n_fft": 512, "hop_length": 160},
    {"n_fft": 1_024, "win_length": 800, "hop_length": 300, "window": "hamming"},
    {"center": False, "n_fft": 600},
]
ALONE = ["centroid", "bandwidth", "rolloff", "flatness"]
# librosa refuses the default's last octave at 8 kHz, as we do
OCTAVES = {"n_bands": 4}

pytestmark = pytest.mark.filterwarnings("ignore:n_fft=:UserWarning")


def describe(clip, *statistics, **settings):
    return SpectralStatistics(statistics, **settings).fit_transform([clip])[0]


def oracle(clip, statistic, **settings):
    samples, rate = np.asarray(clip), {"sr": clip.sampling_rate}
    rate = {} if statistic == "flatness" else rate
    return getattr(librosa.feature, f"spectral_{statistic}")(y=samples, **rate, **settings)


@pytest.mark.parametrize("statistic", ALONE)
@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_librosa_on_signals(signal, statistic, settings, assert_librosa):
    expected = oracle(signal, statistic, **settings)
    found = describe(signal, statistic, **settings)
    # beside the peak of a pure tone there is nothing but rounding, and librosa's is finer:
    # it may tell a third of a bin in bandwidth and 1e-11 in flatness
    slack = {"bandwidth": 16_000 / settings.get("n_fft", 2_048) / 3, "flatness": 1e-11}
    share = max(1e-5, slack.get(statistic, 0) / np.abs(expected).max())
    assert_librosa(found, expected, share=share)


@pytest.mark.parametrize("statistic", ALONE)
@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_librosa_at_any_rate(speechlike, statistic, settings, assert_librosa):
    expected = oracle(speechlike, statistic, **settings)
    assert_librosa(describe(speechlike, statistic, **settings), expected)


@pytest.mark.parametrize("offset", [0.0, 0.1])
@pytest.mark.parametrize("settings", SETTINGS[:2], ids=str)
def test_what_was_resampled_from_half_the_rate_has_librosas_contrast(make_noise, offset, settings):
    clip = soxr.resample(make_noise(8_000) * 0.1, 8_000, 16_000).astype(np.float32)
    clip = Clip(clip + np.float32(offset))
    # only rounding errors are above 4 kHz, and the valleys of the last band are made of them
    found = describe(clip, "contrast", **settings)
    assert np.abs(found - oracle(clip, "contrast", **settings).T).max() < 0.1
    bandwidth = describe(clip, "bandwidth", **settings)[:, 0]
    np.testing.assert_allclose(bandwidth, oracle(clip, "bandwidth", **settings)[0], rtol=1e-3)


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_contrast_is_librosas(speechlike, settings, assert_librosa):
    expected = oracle(speechlike, "contrast", **OCTAVES, **settings)
    assert_librosa(describe(speechlike, "contrast", **OCTAVES, **settings), expected)


@pytest.mark.parametrize(
    "settings", [{}, {"n_bands": 3, "fmin": 100.0}, {"quantile": 0.2}, {"n_fft": 256}], ids=str
)
def test_contrast_of_signals_is_librosas(make_noise, settings, assert_librosa):
    noise = make_noise()
    assert_librosa(describe(noise, "contrast", **settings), oracle(noise, "contrast", **settings))


@pytest.mark.parametrize("share", [0.01, 0.5, 0.95])
def test_rolloff_at_any_share_is_librosas(make_noise, share, assert_librosa):
    noise = make_noise()
    expected = oracle(noise, "rolloff", roll_percent=share)
    assert_librosa(describe(noise, "rolloff", roll_percent=share), expected)


@pytest.mark.corpus
@pytest.mark.parametrize("statistic", [*ALONE, "contrast"])
def test_librosa_on_real_clips(real_clips, statistic, assert_librosa):
    # the valleys of a recording that was low-passed are rounding: 0.1 of some 50 dB
    share = 2e-3 if statistic == "contrast" else 1e-5
    for clip in real_clips:
        assert_librosa(describe(clip, statistic), oracle(clip, statistic), share=share)


@pytest.mark.parametrize("hz", [100, 440, 1_000, 3_000, 7_000])
def test_a_tone(make_tone, hz):
    found = describe(make_tone(hz), "centroid", "bandwidth", "rolloff", "flatness")[4:-4]
    resolution = 16_000 / 2_048
    np.testing.assert_allclose(found[:, 0], hz, rtol=0.01)
    assert (found[:, 1] < 10 * resolution).all()
    np.testing.assert_allclose(found[:, 2], hz, atol=2 * resolution)
    assert (found[:, 3] < 1e-3).all()


def test_noise_is_flat(make_noise):
    found = describe(make_noise(160_000), "centroid", "bandwidth", "rolloff", "flatness")[4:-4]
    # magnitudes are equally strong from 0 to 8 kHz
    np.testing.assert_allclose(
        found.mean(axis=0)[:3], [4_000, 8_000 / 12**0.5, 0.85 * 8_000], rtol=0.01
    )
    assert 0.5 < found[:, 3].mean() < 0.6  # exp(-Euler's constant) = 0.56


def test_flux_by_hand(make_noise):
    clip = Clip(np.r_[make_noise(3_000), 0.1 * make_noise(3_000, seed=1)])
    magnitude = np.abs(librosa.stft(np.asarray(clip), n_fft=512, hop_length=160)).T
    shares = magnitude / magnitude.sum(axis=1, keepdims=True)
    steps = [now - before for before, now in pairwise(shares)]
    expected = [0.0, *(np.sqrt(sum(step**2)) for step in steps)]
    found = describe(clip, "flux", n_fft=512, hop_length=160)
    np.testing.assert_allclose(found[:, 0], expected, rtol=1e-4)


def test_flux_of_what_does_not_change_is_0():
    period = np.random.default_rng(0).normal(size=512)
    flux = describe(Clip(np.tile(period, 20)), "flux", n_fft=1_024, hop_length=512)
    assert flux[0] == 0
    assert flux[3:-3].max() < 1e-6


def test_flux_does_not_depend_on_the_level(make_noise):
    noise = make_noise()
    np.testing.assert_allclose(
        describe(Clip(0.01 * noise), "flux"), describe(noise, "flux"), rtol=1e-4
    )


def test_silence():
    found = describe(
        Clip(np.zeros(5_000)), "centroid", "bandwidth", "rolloff", "flatness", "contrast", "flux"
    )
    np.testing.assert_allclose(found[0], [0, 0, 0, 1] + [0] * 8, rtol=1e-6)


def test_columns_come_in_the_order_asked_for(make_noise):
    noise = make_noise()
    both = SpectralStatistics(("flux", "contrast", "centroid"), n_bands=2)
    assert both.get_feature_names_out().tolist() == [
        "spectral_flux", "spectral_contrast_0", "spectral_contrast_1", "spectral_contrast_2",
        "spectral_centroid",
    ]  # fmt: skip
    found = both.fit_transform([noise])[0]
    np.testing.assert_array_equal(found[:, 0], describe(noise, "flux")[:, 0])
    np.testing.assert_array_equal(found[:, 4], describe(noise, "centroid")[:, 0])


def test_octaves_beyond_half_the_rate_are_refused_by_name():
    with pytest.raises(ValueError, match=r"n_bands=6 octaves from fmin=200.0.*4000.0 Hz. Reduce"):
        describe(Clip(np.ones(8_000), 8_000), "contrast")


@pytest.mark.parametrize(
    "wrong",
    [
        {"statistics": "centroid"},
        {"statistics": ()},
        {"statistics": ("centre",)},
        {"roll_percent": 0},
        {"roll_percent": 85},
        {"n_bands": 0},
        {"fmin": 0.0},
        {"quantile": 1},
    ],
    ids=str,
)
def test_bad_parameters_are_named(wrong):
    ((name, _),) = wrong.items()
    with pytest.raises(ValueError, match=f"SpectralStatistics: {name}=.* must be "):
        SpectralStatistics(**wrong).fit([np.ones(5)])
