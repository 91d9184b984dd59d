"""Alpha ratio, Hammarberg index and slopes: known spectra, openSMILE, and what is refused."""

import numpy as np
import pytest
import soundfile
from scipy.stats import spearmanr

from sk_ser.audio import Clip
from sk_ser.features import SpectralBalance

N_FFT = 512
ONE_FRAME = {"n_fft": N_FFT, "hop_length": N_FFT, "window": "boxcar", "center": False}


def describe(clip, *measures, **settings):
    settings = {"n_fft": N_FFT, "hop_length": 160} | settings
    return SpectralBalance(measures or SpectralBalance().measures, **settings).fit_transform([clip])


def tones(rate=16_000, **amplitudes):
    """Tones by frequency, such as ``hz500=0.1``, at the centres of bins."""
    time = np.arange(rate) / rate
    return Clip(
        sum(a * np.sin(2 * np.pi * int(name[2:]) * time) for name, a in amplitudes.items()), rate
    )


def of_spectrum(db):
    """One frame whose spectrum has these levels in dB, one value a bin."""
    phases = np.random.default_rng(0).uniform(0, 2 * np.pi, len(db))
    phases[[0, -1]] = 0
    samples = np.fft.irfft(10 ** (db / 20) * np.exp(1j * phases))
    return Clip(0.5 * samples / np.abs(samples).max(), 16_000)


@pytest.mark.parametrize("db", [-40, -20, 0, 6])
def test_of_two_tones_the_ratios_are_their_levels(db):
    clip = tones(hz500=0.2, hz3000=0.2 * 10 ** (db / 20))
    alpha, hammarberg = describe(clip, "alpha_ratio", "hammarberg")[0, 10]
    assert alpha == pytest.approx(db, abs=0.05)
    assert hammarberg == pytest.approx(-db, abs=0.05)


def test_the_bands_of_the_ratios():
    # the alpha ratio ends at 1 kHz, the Hammarberg index at 2 kHz, both at 5 kHz
    clip = tones(hz750=0.1, hz1500=0.1, hz6000=0.5)
    alpha, hammarberg = describe(clip, "alpha_ratio", "hammarberg")[0, 10]
    assert alpha == pytest.approx(0, abs=0.01)
    assert hammarberg > 50
    assert describe(tones(hz31=0.5, hz750=0.1, hz3000=0.1), "alpha_ratio", n_fft=4_096)[
        0, 10
    ].item() == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("slope", [-60, -12, 0, 30])
def test_the_slopes_are_those_of_the_spectrum(slope):
    khz = np.fft.rfftfreq(N_FFT, 1 / 16_000) / 1_000
    db = slope * np.minimum(khz, 0.5) - slope * np.clip(khz - 0.5, 0, 1)
    found = describe(of_spectrum(db), "slope_0_500", "slope_500_1500", **ONE_FRAME)[0, 0]
    assert found == pytest.approx([slope, -slope], abs=0.05)


def test_no_measure_depends_on_the_level(make_noise):
    clip = make_noise(16_000)
    loud, faint = describe(clip), describe(Clip(np.asarray(clip) * 1e-4))
    np.testing.assert_allclose(loud, faint, rtol=1e-3, atol=1e-3)


def test_silence_is_flat():
    assert not describe(Clip(np.zeros(8_000))).any()


def test_an_empty_band_is_80_db_below():
    assert describe(tones(hz3000=0.5), "hammarberg")[0, 10].item() == pytest.approx(-80, abs=0.1)


def test_names_are_those_of_the_measures_in_their_order():
    names = ["slope_0_500", "alpha_ratio"]
    assert SpectralBalance(names).get_feature_names_out().tolist() == names


@pytest.mark.parametrize("measures", ["alpha_ratio", (), ("tilt",)])
def test_unknown_measures_are_refused(measures):
    with pytest.raises(ValueError, match=r"measures=.*a sequence of some of"):
        SpectralBalance(measures).fit([Clip(np.ones(1_000))])


@pytest.mark.parametrize(
    ("rate", "n_fft", "message"),
    [
        (4_000, 512, r"hammarberg needs 1 bins from 2000 to 5000 Hz\. A sampling rate of 4000"),
        (16_000, 32, r"slope_0_500 needs 2 bins .*Raise n_fft, or leave slope_0_500 out"),
    ],
)
def test_a_band_without_bins_is_an_error_with_the_remedy(rate, n_fft, message):
    measures = ("hammarberg",) if rate == 4_000 else ("slope_0_500",)
    with pytest.raises(ValueError, match=message):
        describe(Clip(np.ones(4_000), rate), *measures, n_fft=n_fft)


def test_at_8_khz_the_bands_end_at_half_the_rate():
    alpha = describe(tones(8_000, hz500=0.1, hz3000=0.1), "alpha_ratio", n_fft=256)[0, 10]
    assert alpha.item() == pytest.approx(0, abs=0.01)


@pytest.mark.corpus
def test_opensmile_on_speech(corpora):
    opensmile = pytest.importorskip("opensmile")
    smile = opensmile.Smile(
        opensmile.FeatureSet.eGeMAPSv02, opensmile.FeatureLevel.LowLevelDescriptors
    )
    names = ["alphaRatio_sma3", "hammarbergIndex_sma3", "slope0-500_sma3", "slope500-1500_sma3"]
    found, expected = [], []
    for path in sorted((corpora / "emodb").rglob("*.flac"))[::90]:
        samples, rate = soundfile.read(path, dtype="float32")
        frames = describe(Clip(samples, rate), win_length=320, window="hamming")[0, 1:]
        theirs = smile.process_signal(samples, rate)[names].to_numpy()
        n = min(len(frames), len(theirs))
        # openSMILE averages over three frames
        smooth = np.lib.stride_tricks.sliding_window_view(frames[:n], 3, axis=0).mean(axis=-1)
        found.append(smooth[1:-1])
        expected.append(theirs[2 : n - 2])
    found, expected = np.concatenate(found), np.concatenate(expected)
    correlations = [
        spearmanr(ours, theirs)[0] for ours, theirs in zip(found.T, expected.T, strict=True)
    ]
    # openSMILE counts the bin below 50 Hz, and weights the slope from 500 Hz on differently
    assert (correlations >= np.array([0.95, 0.99, 0.95, 0.85])).all(), correlations
    assert np.median(found[:, :2] - expected[:, :2], axis=0) == pytest.approx(0, abs=1)
