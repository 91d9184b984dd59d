"""The synthetic corpus has the parameters asked for, and makes a random split optimistic."""

import re

import numpy as np
import pytest
from scipy.fft import dct
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from sk_ser.audio import Clip
from sk_ser.datasets._synthetic import EXPRESSIONS, TRAITS, make_emotional_speech

CORPUS_COLUMNS = [
    "path", "emotion", "speaker", "sex", "sentence", "intensity", "repetition", "corpus"
]  # fmt: skip


@pytest.fixture(scope="module")
def corpus():
    return make_emotional_speech(4, 2, random_state=0)


def features(clip):
    """Cepstrum, log-F0 and level at 8 kHz, mean and spread, and the length."""
    frames = np.lib.stride_tricks.sliding_window_view(np.asarray(clip), 256)[::100]
    power = np.abs(np.fft.rfft(frames * np.hanning(256), 512)) ** 2
    # Bands of constant ratio do for the mel scale.
    edges = np.unique(np.geomspace(6, 256, 24).astype(int))
    bands = np.add.reduceat(power, edges[:-1], axis=1)
    cepstrum = dct(np.log(bands + 1e-7), norm="ortho", axis=1)[:, :13]
    level = np.log(power.mean(axis=1) + 1e-9)
    r = np.fft.irfft(power)[:, 13:134]
    f0 = -np.log2(13 + r[level > level.max() - 5].argmax(axis=1))
    columns = [np.concatenate([x.mean(axis=0), x.std(axis=0)])
               for x in (cepstrum, level[:, None], f0[:, None])]  # fmt: skip
    return np.concatenate([*columns, [len(clip) / clip.sampling_rate]])


def scores(speaker_effect, seed, **kwargs):
    """UAR under a random and under a speaker-independent split."""
    settings = {"n_sentences": 5, "duration": 0.8, "sampling_rate": 8_000} | kwargs
    bunch = make_emotional_speech(speaker_effect=speaker_effect, random_state=seed, **settings)
    X = np.array([features(clip) for clip in bunch.data])
    model = make_pipeline(StandardScaler(), SVC(C=10))
    random = StratifiedKFold(4, shuffle=True, random_state=seed)
    unseen = StratifiedGroupKFold(4, shuffle=True, random_state=seed)
    splits = (random.split(X, bunch.target), unseen.split(X, bunch.target, bunch.groups))
    return [
        cross_val_score(model, X, bunch.target, cv=list(split), scoring="balanced_accuracy").mean()
        for split in splits
    ]


@pytest.fixture(scope="module")
def scores_by_effect():
    """Mean over two seeds of both scores at each speaker_effect."""
    return {s: np.mean([scores(s, seed) for seed in (0, 1)], axis=0) for s in (0, 1, 2, 4)}


def test_a_random_split_is_more_optimistic_the_more_speakers_differ(scores_by_effect):
    gap = {s: random - unseen for s, (random, unseen) in scores_by_effect.items()}
    assert abs(gap[0]) < 0.05
    assert gap[1] > gap[0] + 0.12
    assert gap[2] > gap[1] + 0.08
    # Here unseen speakers are at chance level, so the gap hardly grows. It must not close.
    assert gap[4] > gap[1] + 0.08


def test_at_the_default_there_is_a_gap_and_unseen_speakers_are_above_chance(scores_by_effect):
    random, unseen = scores_by_effect[1]
    assert random > 0.8
    assert 0.4 < unseen < 0.85
    assert random - unseen > 0.12


def test_equal_speakers_leave_no_gap_where_emotions_are_hard_too():
    found = [scores(0, seed, emotion_effect=0.1, duration=0.6) for seed in (0, 1)]
    random, unseen = np.mean(found, axis=0)
    assert 0.3 < unseen < 0.95  # neither at chance nor at the ceiling
    # A random fold lacks a sentence here and there in an emotion, which costs it a little.
    assert -0.15 < random - unseen < 0.05


def test_without_emotion_no_split_is_above_chance():
    random, unseen = scores(1, 0, emotion_effect=0, duration=0.6)
    assert unseen == pytest.approx(0.2, abs=0.1)
    # Below chance, that is: all like a test clip, by that voice, have the other labels.
    assert random < 0.2


def test_without_speaker_effect_parameters_do_not_depend_on_the_speaker():
    frame = make_emotional_speech(
        6, 3, ["anger", "neutral"], duration=0.5, speaker_effect=0, random_state=0
    ).frame
    for name, trait in TRAITS.items():
        between = frame.groupby(["emotion", "speaker"])[name].mean().groupby("emotion").std()
        scale = frame[name].abs().mean() * np.log(2) if trait.octaves else 1
        if name != "level":  # turned down where it overloads
            assert (between / scale < 2 * trait.clip).all(), name


def test_table_is_that_of_a_corpus_followed_by_the_parameters(corpus):
    assert list(corpus.frame.columns) == CORPUS_COLUMNS + list(TRAITS)
    assert corpus.frame["path"][1] == "s01/anger/sentence_2_rep_1"
    assert corpus.frame["path"].is_unique
    np.testing.assert_array_equal(corpus.target, corpus.frame["emotion"])
    np.testing.assert_array_equal(corpus.groups, corpus.frame["speaker"])
    assert corpus.target.dtype.kind == corpus.groups.dtype.kind == "U"
    assert set(corpus.frame["sex"]) == {"female", "male"}
    assert "40 clips" in corpus.DESCR
    assert list(corpus.sentences) == ["sentence_1", "sentence_2"]


def test_clips_are_within_full_scale_and_not_silent(corpus):
    for clip in corpus.data:
        assert isinstance(clip, Clip)
        assert clip.dtype == np.float32
        assert clip.sampling_rate == 16_000
        assert np.isfinite(clip).all()
        assert 0.01 < np.abs(clip).max() <= 1
        assert abs(clip.mean()) < 1e-3
        assert np.abs(clip[:100]).max() < 0.01  # begins and ends in the room's noise
        assert np.abs(clip[-100:]).max() < 0.05
    assert len({len(clip) for clip in corpus.data}) > 20
    assert np.mean([clip.duration for clip in corpus.data]) == pytest.approx(1.5, rel=0.3)


def test_parameters_are_those_measured_in_the_clips(corpus):
    n_syllables = corpus.frame["sentence"].map(
        {k: len(re.findall("[AEIOU][A-Z]", v)) for k, v in corpus.sentences.items()}
    )
    lengths = np.array([clip.duration for clip in corpus.data])
    levels = [20 * np.log10(np.sqrt(np.mean(np.square(clip)))) for clip in corpus.data]
    np.testing.assert_allclose(lengths, n_syllables / corpus.frame["speech_rate"], atol=1e-3)
    np.testing.assert_allclose(levels, corpus.frame["level"], atol=0.1)
    for name, trait in TRAITS.items():
        low, high = trait.limits
        assert corpus.frame[name].between(low - 10 * (name == "level"), high).all()


def test_emotions_differ_as_in_the_literature():
    frame = make_emotional_speech(
        12, 1, list(EXPRESSIONS), duration=0.5, speaker_effect=0.3, random_state=0
    ).frame
    mean = frame.groupby("emotion").mean(numeric_only=True)
    assert mean["level"].idxmax() == "anger"
    assert mean["level"].idxmin() == "sadness"
    assert mean["spectral_tilt"].idxmin() == "anger"
    assert mean["speech_rate"].idxmax() == mean["jitter"].idxmax() == "fear"
    assert mean["f0_range"].idxmin() == "boredom"
    for emotion in ("anger", "fear", "happiness", "surprise"):
        assert mean.loc[emotion, "f0_mean"] > 1.2 * mean.loc["neutral", "f0_mean"]


def test_women_have_higher_voices_and_shorter_tracts():
    frame = make_emotional_speech(10, 1, ["neutral"], duration=0.5, random_state=0).frame
    mean = frame.groupby("sex")[["f0_mean", "tract_length"]].mean()
    assert mean.loc["female", "f0_mean"] > 1.4 * mean.loc["male", "f0_mean"]
    assert mean.loc["female", "tract_length"] < 0.9 * mean.loc["male", "tract_length"]


@pytest.mark.parametrize("state", [7, np.random.RandomState])
def test_same_seed_same_bits_other_seed_other_bits(state):
    def make(seed):
        seed = seed if state == 7 else state(seed)
        return make_emotional_speech(2, 1, ["fear"], duration=0.5, random_state=seed)

    first, again, other = make(7), make(7), make(8)
    for a, b in zip(first.data, again.data, strict=True):
        np.testing.assert_array_equal(a, b)
    assert first.frame.equals(again.frame)
    assert not np.array_equal(first.data[0][:2_000], other.data[0][:2_000])


def test_more_of_everything_leaves_the_clips_that_were_there():
    few = make_emotional_speech(1, 1, ["fear"], duration=0.5, random_state=0)
    many = make_emotional_speech(
        2, 2, ["anger", "fear"], n_repetitions=2, duration=0.5, random_state=0
    )
    assert len(many.data) == 16
    same = many.frame["path"].tolist().index(few.frame["path"][0])
    np.testing.assert_array_equal(many.data[same], few.data[0])


def test_speaker_effect_moves_the_same_people_apart():
    def f0(effect):
        frame = make_emotional_speech(
            6, 1, ["neutral"], duration=0.5, speaker_effect=effect, random_state=0
        ).frame
        return np.log2(frame["f0_mean"])

    assert np.corrcoef(f0(0.5), f0(1.0))[0, 1] > 0.95
    assert f0(1.0).std() == pytest.approx(2 * f0(0.5).std(), rel=0.2)


def test_return_X_y_gives_clips_and_emotions():
    data, target = make_emotional_speech(
        1, 1, ["fear", "anger"], duration=0.5, random_state=0, return_X_y=True
    )
    assert len(data) == 2
    assert target.tolist() == ["fear", "anger"]


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100])
def test_sampling_rate_travels_with_the_clips(rate):
    (clip,) = make_emotional_speech(
        1, 1, ["fear"], duration=0.5, sampling_rate=rate, noise_level=None, random_state=0
    ).data
    assert clip.sampling_rate == rate
    assert 0.2 < clip.duration < 1.0


def test_huge_effects_stay_within_the_range_of_a_voice():
    bunch = make_emotional_speech(
        2, 1, ["anger"], duration=0.5, speaker_effect=1_000.0, random_state=0
    )
    assert all(np.isfinite(clip).all() and np.abs(clip).max() <= 1 for clip in bunch.data)


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"n_speakers": 0}, "n_speakers=0.*whole number of 1 or more"),
        ({"n_sentences": 1.5}, "n_sentences=1.5.*whole number"),
        ({"n_repetitions": -1}, "n_repetitions=-1.*1 or more"),
        ({"emotions": ["anger", "envy"]}, "envy.*unknown.*boredom, calm"),
        ({"emotions": []}, "none given.*anger"),
        ({"emotions": ["anger", "anger"]}, "twice.*once"),
        ({"speaker_effect": -0.1}, "speaker_effect=-0.1.*0 or more"),
        ({"emotion_effect": np.nan}, "emotion_effect=nan.*0 or more"),
        ({"duration": 0.1}, "duration=0.1.*0.5 or more"),
        ({"sampling_rate": 4_000}, "sampling_rate=4000.*8000 or more"),
        ({"noise_level": "loud"}, "noise_level='loud'.*number"),
    ],
)
def test_bad_parameters_are_named_with_the_remedy(wrong, message):
    with pytest.raises(ValueError, match=message):
        make_emotional_speech(**wrong)
