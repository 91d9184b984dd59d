"""The pitch of made voices is the one they were made with; noise has none."""

import numpy as np
import pytest
import soxr

from sk_ser.audio import Clip, decode
from sk_ser.datasets import load_emodb, make_emotional_speech
from sk_ser.features import FundamentalFrequency


def voice(f0, rate=16_000, seconds=1.0, n_harmonics=12, tilt=1.0):
    """Harmonics of f0 (a number, or one a sample) with random phases."""
    n_samples = round(seconds * rate)
    phase = 2 * np.pi * np.cumsum(np.broadcast_to(f0, n_samples)) / rate
    rng = np.random.default_rng(0)
    parts = [
        np.sin(k * phase + rng.uniform(0, 6)) / k**tilt
        for k in range(1, n_harmonics + 1)
        if k * np.max(f0) < rate / 2
    ]
    return Clip(0.1 * sum(parts), rate)


def track(clip, **settings):
    found = FundamentalFrequency(**({"unit": "hz"} | settings)).fit_transform([clip])[0]
    return np.asarray(found)[3:-3].T


@pytest.mark.parametrize("f0", [65, 80, 100, 133.3, 160, 200, 250, 300, 350, 400, 480])
@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050])
def test_f0_of_a_harmonic_voice(f0, rate):
    hz, voicing = track(voice(f0, rate))
    np.testing.assert_allclose(hz, f0, rtol=0.01)
    assert (voicing > 0.9).all()


@pytest.mark.parametrize("f0", [80, 120, 200, 400])
def test_no_octave_errors_where_the_fundamental_is_missing_or_faint(f0):
    full = voice(f0, tilt=0.0)
    time = np.arange(16_000) / 16_000
    without = Clip(sum(np.sin(2 * np.pi * f0 * k * time + k) for k in (2, 3, 4, 5)), 16_000)
    for clip in (full, without):
        np.testing.assert_allclose(track(clip)[0], f0, rtol=0.01)


@pytest.mark.parametrize("f0", [273.5, 288.3, 314.2, 343.8, 377.1, 403.0, 428.9, 462.2])
@pytest.mark.parametrize("rate", [16_000, 22_050])
def test_no_octave_errors_where_the_period_of_a_bright_voice_lies_between_two_lags(f0, rate):
    hz, _ = track(voice(f0, rate, n_harmonics=20, tilt=0.5))
    np.testing.assert_allclose(hz, f0, rtol=0.01)


def test_a_tone_has_a_pitch(make_tone):
    np.testing.assert_allclose(track(make_tone(220))[0], 220, rtol=0.01)


def test_a_glide_is_followed():
    f0 = np.geomspace(100, 300, 16_000)
    hz, _ = track(voice(f0, n_harmonics=6))
    times = np.arange(3, 3 + len(hz)) * 512
    np.testing.assert_allclose(hz, f0[times], rtol=0.02)


def test_white_noise_has_no_voice(make_noise):
    _, voicing = track(make_noise(32_000))
    assert (voicing > 0).mean() < 0.1


def test_noise_lowers_the_voicing():
    clean = voice(150)
    noise = np.random.default_rng(0).normal(size=len(clean))
    for ratio_db in (20, 10):
        loud = clean.std() * 10 ** (-ratio_db / 20)
        hz, voicing = track(Clip(clean + loud * noise, 16_000))
        np.testing.assert_allclose(hz, 150, rtol=0.02)
        # the autocorrelation at the period is the voice's share of the power (Boersma, eq. 4)
        share = 1 / (1 + 10 ** (-ratio_db / 10))
        assert np.median(voicing) == pytest.approx(share, abs=0.02)


@pytest.mark.parametrize("seed", [0, 1])
def test_synthetic_speech_has_the_pitch_it_was_made_with(seed):
    bunch = make_emotional_speech(4, 1, random_state=seed)
    for clip, truth in zip(bunch.data, bunch.frame["f0_mean"], strict=True):
        hz, voicing = track(clip, fmax=600.0)
        heard = np.exp(np.average(np.log(hz), weights=voicing > 0.7))
        # vowels are not all of the melody
        assert heard == pytest.approx(truth, rel=0.2)


def test_semitones_count_from_a0():
    semitones, _ = track(voice(110), unit="semitone")
    np.testing.assert_allclose(semitones, 24, atol=0.1)


def test_pauses_are_bridged_in_straight_lines():
    clip = Clip(np.r_[voice(100), np.zeros(16_000), voice(200)], 16_000)
    found = FundamentalFrequency().fit_transform([clip])[0]
    f0, voicing = np.asarray(found).T
    pause = slice(35, 59)
    assert not voicing[pause].any()
    steps = np.diff(f0[pause])
    np.testing.assert_allclose(steps, steps[0], rtol=1e-3)
    assert steps[0] > 0


@pytest.mark.parametrize("unit", ["hz", "semitone"])
@pytest.mark.parametrize("samples", [np.zeros(5_000), np.full(5_000, 0.3), [0.5], np.zeros(3)])
def test_without_any_voice_all_is_0(unit, samples):
    found = FundamentalFrequency(unit=unit).fit_transform([Clip(samples)])[0]
    assert np.isfinite(found).all()
    assert not found[1:-1].any()


@pytest.mark.parametrize("factor", [1e-4, 1.0, 30.0])
def test_loudness_does_not_matter(factor):
    np.testing.assert_allclose(track(Clip(factor * voice(150)))[0], 150, rtol=0.01)


def test_voicing_is_a_share(make_noise):
    for clip in (make_noise(500), voice(150), Clip(make_noise() * 1e-20)):
        _, voicing = np.asarray(FundamentalFrequency().fit_transform([clip])[0]).T
        assert (voicing >= 0).all()
        assert (voicing <= 1).all()


@pytest.mark.corpus
def test_real_voices_are_where_voices_are(corpora):
    # TESS: two women; RAVDESS: odd actors are male, even ones female
    from sk_ser.audio import AudioLoader

    def median_f0(paths):
        clips = AudioLoader(trim=30).fit_transform(paths)
        f0 = [track(clip)[0][track(clip)[1] > 0.7] for clip in clips]
        return np.median(np.concatenate(f0))

    neutral = "03-01-01-01-0?-0?"
    men = sorted(corpora.glob(f"ravdess/Actor_0[135]/{neutral}-0[135].flac"))
    women = sorted(corpora.glob(f"ravdess/Actor_0[246]/{neutral}-0[246].flac"))
    assert 85 < median_f0(men) < 155 < 165 < median_f0(women) < 255


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100, 48_000])
@pytest.mark.parametrize("frame_length", [64, 1_024, 4_096])
@pytest.mark.parametrize("center", [True, False])
def test_low_voices_are_found_at_any_rate_and_frame_length(rate, frame_length, center):
    settings = {"frame_length": frame_length, "hop_length": rate // 100, "center": center}
    f0, voicing = track(voice(66, rate), **settings)
    inner = slice(8, -8)
    np.testing.assert_allclose(f0[inner], 66, rtol=0.01)
    assert (voicing[inner] > 0.9).all()


def test_frequencies_beyond_half_the_rate_are_refused_by_name():
    with pytest.raises(ValueError, match=r"fmax=500.0 Hz must be below half.* 1000 Hz"):
        FundamentalFrequency().fit_transform([Clip(np.ones(999), 1_000)])


@pytest.mark.parametrize("hop_length", [80, 160, 512])
def test_a_larger_step_jumps_at_less_cost(hop_length):
    # an octave up in the middle of a voice, after a glide of no length
    clip = Clip(np.r_[voice(110), voice(220)], 16_000)
    f0, _ = track(clip, hop_length=hop_length)
    middle = len(f0) // 2
    np.testing.assert_allclose(f0[middle // 2], 110, rtol=0.01)
    np.testing.assert_allclose(f0[middle + middle // 2], 220, rtol=0.01)


def test_a_loud_neighbour_does_not_make_silence_voiced():
    # within one frame of the voice, but not within half a period of its centre
    clip = Clip(np.r_[voice(200), 1e-4 * voice(200)], 16_000)
    _, voicing = track(clip, hop_length=80)
    after = 16_000 // 80 + 20_000 // 1_000 // 80
    assert not voicing[after + 8 :].any()


# Praat


@pytest.mark.oracle
@pytest.mark.corpus
@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 48_000])
def test_voicing_and_pitch_are_praats(corpora, rate):
    parselmouth = pytest.importorskip("parselmouth")
    differs, gross, n_frames, n_voiced = 0, 0, 0, 0
    for path in load_emodb(corpora / "emodb").data[::20]:
        samples, found = decode(path, mono="mix")
        samples = soxr.resample(samples[:, 0] - samples.mean(), found, rate)
        hop = round(0.01 * rate)
        ours = FundamentalFrequency(unit="hz", hop_length=hop).transform_clip(Clip(samples, rate))
        sound = parselmouth.Sound(samples.astype(float), rate)
        pitch = sound.to_pitch_ac(time_step=hop / rate, pitch_floor=60.0, pitch_ceiling=500.0)
        praats = pitch.selected_array["frequency"]
        place = np.rint(pitch.xs() * rate / hop).astype(int)
        f0, voicing = np.asarray(ours)[place].T
        voiced = (voicing > 0) & (praats > 0)
        differs += np.count_nonzero((voicing > 0) != (praats > 0))
        gross += np.count_nonzero(np.abs(f0[voiced] / praats[voiced] - 1) > 0.2)
        n_frames, n_voiced = n_frames + len(praats), n_voiced + np.count_nonzero(voiced)
    assert differs / n_frames < 0.035
    assert gross / n_voiced < 0.01


@pytest.mark.parametrize(
    "wrong",
    [{"fmin": 0}, {"fmax": 60.0}, {"unit": "Hz"}, {"frame_length": 8}, {"hop_length": 0}],
    ids=str,
)
def test_bad_parameters_are_named(wrong):
    ((name, value),) = wrong.items()
    with pytest.raises(ValueError, match=f"FundamentalFrequency: {name}={value!r} must be "):
        FundamentalFrequency(**wrong).fit([np.ones(5)])
