"""The voice has the F0, periods, formants and loudness asked for."""

import numpy as np
import pytest
from scipy.linalg import solve_toeplitz
from scipy.signal import freqz, lfilter

from sk_ser.datasets._voice import (
    MALE_TRACT,
    VOWELS,
    Segment,
    filter_frames,
    glottal_pulses,
    melody,
    resonances,
    speak,
    tilt_spectrum,
)

RATE = 16_000


def sustained(vowel="AA", f0=120.0, seconds=0.6, **kwargs):
    posture = VOWELS[vowel][0]._replace(seconds=seconds)
    return speak([posture], np.array([f0]), sampling_rate=RATE, **kwargs)


def measured_f0(samples, rate=RATE):
    """F0 by the peak of the autocorrelation, refined by a parabola."""
    spectrum = np.abs(np.fft.rfft(samples, 2 * len(samples))) ** 2
    r = np.fft.irfft(spectrum)[: rate // 50]
    r /= len(samples) - np.arange(len(r))  # without bias to short lags
    first, last = rate // 600, rate // 55
    k = first + np.argmax(r[first:last] > 0.9 * r[first:last].max())
    k += np.argmax(r[k : k + 20])
    shift = 0.5 * (r[k - 1] - r[k + 1]) / (r[k - 1] - 2 * r[k] + r[k + 1])
    return rate / (k + shift)


def measured_formants(samples, order=12):
    """Peaks in Hz of the all-pole envelope, by the autocorrelation method."""
    x = np.append(samples[1:] - 0.95 * samples[:-1], 0) * np.hamming(len(samples))
    r = np.correlate(x, x, "full")[len(x) - 1 :][: order + 1]
    a = np.concatenate([[1], -solve_toeplitz(r[:-1], r[1:])])
    roots = np.roots(a)
    roots = roots[(roots.imag > 0) & (np.abs(roots) > 0.9)]
    return np.sort(np.angle(roots)) * RATE / (2 * np.pi)


def closures(pulses):
    """Instants in samples of the steepest rise of each cycle, between samples."""
    rise = np.diff(pulses)
    k = np.flatnonzero((rise[1:-1] > rise[:-2]) & (rise[1:-1] >= rise[2:]) & (rise[1:-1] > 1)) + 1
    weights = np.stack([rise[k - 1], rise[k], rise[k + 1]]).clip(0)
    return k + (weights[2] - weights[0]) / weights.sum(axis=0)


@pytest.mark.parametrize("f0", [80.0, 123.4, 210.0, 400.0])
@pytest.mark.parametrize("vowel", ["AA", "IY", "UW"])
def test_f0_is_the_one_asked_for(vowel, f0):
    voice = sustained(vowel, f0, jitter=0.005, shimmer=0.03, spectral_tilt=10, breathiness=-30)
    assert measured_f0(voice[1_000:-1_000]) == pytest.approx(f0, rel=0.01)


def test_without_jitter_and_shimmer_every_cycle_is_the_same():
    pulses = glottal_pulses(np.full(RATE, 100.0), RATE)
    np.testing.assert_allclose(pulses[160:-160], pulses[320:], atol=1e-6)


@pytest.mark.parametrize("jitter", [0.01, 0.03])
def test_jitter_is_the_mean_difference_of_neighbouring_periods(jitter):
    pulses = glottal_pulses(
        np.full(8 * RATE, 100.0), RATE, jitter=jitter, rng=np.random.default_rng(0)
    )
    periods = np.diff(closures(pulses))
    assert np.abs(np.diff(periods)).mean() / periods.mean() == pytest.approx(jitter, rel=0.15)
    assert periods.mean() == pytest.approx(160, rel=0.01)


def test_shimmer_is_the_mean_difference_of_neighbouring_amplitudes():
    pulses = glottal_pulses(
        np.full(8 * RATE, 100.0), RATE, shimmer=0.05, rng=np.random.default_rng(0)
    )
    depths = -pulses[: len(pulses) // 160 * 160].reshape(-1, 160).min(axis=1)[1:-1]
    assert np.abs(np.diff(depths)).mean() / depths.mean() == pytest.approx(0.05, rel=0.15)


def test_pulses_have_unit_power_and_no_constant_part():
    pulses = glottal_pulses(np.full(RATE, 100.0), RATE)
    assert np.mean(pulses**2) == pytest.approx(1, rel=0.05)
    assert abs(pulses.mean()) < 1e-3


def test_pulses_alias_less_than_bare_samples_would():
    f0 = 1_010.0  # its multiples fold between its harmonics, where they can be seen
    pulses = glottal_pulses(np.full(RATE, f0), RATE)
    phase = np.cumsum(np.full(RATE, f0 / RATE)) % 1
    x = np.maximum(0, 1 - (1 - phase) / 0.6)
    bare = (x * (2 - 3 * x)) / np.sqrt(0.6 * 2 / 15)
    low = np.arange(100, 4_000)
    between = low[np.abs(low - f0 * np.round(low / f0)) > 20]
    power = [np.abs(np.fft.rfft(y * np.hanning(RATE)))[between] ** 2 for y in (pulses, bare)]
    assert power[0].sum() < 0.1 * power[1].sum()


@pytest.mark.parametrize("length", [13.0, 15.0, 17.5])
def test_formants_go_as_one_over_the_length_of_the_tract(length):
    # A low F0, because few harmonics would sample the envelope sparsely.
    found = measured_formants(sustained("AA", 70.0, tract_length=length)[2_000:-2_000])
    for formant in (730, 1_090, 2_440, 3_500):
        expected = formant * MALE_TRACT / length
        assert np.abs(found - expected).min() < 0.06 * expected


def test_resonances_peak_at_their_frequencies_and_spare_the_nyquist_frequency():
    (a,) = resonances([[500.0, 1_500.0, 7_900.0]], [50.0, 50.0, 50.0], RATE)
    w, h = freqz([1], a, worN=8_000, fs=RATE)
    h = np.abs(h)
    peaks = w[1:-1][(h[1:-1] > h[:-2]) & (h[1:-1] > h[2:])]
    np.testing.assert_allclose(peaks, [500, 1_500], atol=5)


def test_filter_that_stays_the_same_is_the_plain_filter():
    source = np.random.default_rng(0).standard_normal(4_000)
    a = resonances([[500.0, 1_500.0]], [100.0, 150.0], RATE)
    filtered = filter_frames(source, np.repeat(a, 30, axis=0), np.full(30, 0.5), hop=160)
    np.testing.assert_allclose(filtered, lfilter([0.5], a[0], source), atol=1e-6)


@pytest.mark.parametrize("tilt", [3.0, 12.0, 30.0])
def test_tilt_is_lost_at_3_khz(tilt):
    impulse = np.zeros(RATE)
    impulse[0] = 1.0
    response = np.abs(np.fft.rfft(tilt_spectrum(impulse, tilt, RATE)))
    assert response[0] == pytest.approx(1, rel=1e-3)
    assert -20 * np.log10(response[3_000]) == pytest.approx(tilt, abs=0.1)


def test_melody_has_the_mean_and_range_asked_for():
    segments = [VOWELS["AA"][0]] * 6
    f0 = melody(segments, [0.0, 1.0, 0.0, 0.0, 1.0, 0.0], f0_mean=150, f0_range=9, f0_final=0.5)
    assert np.exp(np.log(f0).mean()) == pytest.approx(150)
    assert 12 * np.log2(f0.max() / f0.min()) == pytest.approx(9)


def test_breathiness_is_noise_between_the_harmonics():
    def between(breathiness):
        spectrum = np.abs(np.fft.rfft(sustained(f0=100.0, seconds=1.0, breathiness=breathiness)))
        return np.sum(spectrum[1_050:3_000:100] ** 2)

    assert between(-10) > 10 * between(-30)


def test_pause_is_silent_and_its_edges_do_not_click():
    vowel = VOWELS["AA"][0]._replace(seconds=0.3)
    samples = speak([vowel, Segment(None, 0.3), vowel], np.array([120.0]))
    rms = np.sqrt(np.mean(samples**2))
    assert np.abs(samples[7_500:9_000]).max() < 1e-3 * rms
    assert np.abs(np.diff(samples[4_700:9_700])).max() <= 1.05 * np.abs(np.diff(samples)).max()
    assert abs(samples.mean()) < 1e-3 * rms
