"""Synthetic emotional speech with adjustable differences between speakers and emotions."""

from collections.abc import Sequence
from itertools import product
from numbers import Integral, Real
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.utils import Bunch, check_random_state

from sk_ser.audio import Clip
from sk_ser.datasets._table import COLUMNS
from sk_ser.datasets._voice import CONSONANTS, VOWELS, Segment, melody, speak

_PEAK = 0.99
_PAUSE = Segment(None, 0.08)
_MELODY = ("f0_mean", "f0_range", "f0_final")
_VOICE = ("tract_length", "spectral_tilt", "breathiness", "jitter", "shimmer")
#: In Hz. Below it F3 of a short vocal tract has no room under the Nyquist frequency.
_LOWEST_SAMPLING_RATE = 8_000
_DESCR = """\
Synthetic emotional speech

What        {n_speakers} speakers say {n_sentences} sentences in {n_emotions} emotions,
            {n_repetitions} time(s) each: {n_clips} clips at {sampling_rate} Hz.
Made by     sk_ser.datasets.make_emotional_speech, a source-filter synthesiser
Effects     speaker_effect={speaker_effect}, emotion_effect={emotion_effect}
Truth       The columns of frame behind "corpus" hold the parameters of each clip.
Quirk       No person was recorded: scores on this corpus say nothing about real speech.
"""


class Trait(NamedTuple):
    """A property of speech: its value in neutral speech, and how far it varies.

    The spreads are half the distance from men to women, then standard deviations between
    speakers, between a speaker's expressions of emotions, and between clips. They are in octaves,
    ``reference * 2 ** deviation``, or in the trait's unit. ``limits``: the range of a voice.
    """

    reference: float
    octaves: bool
    sex: float
    speaker: float
    expression: float
    clip: float
    limits: tuple


# Between the sexes: Peterson & Barney 1952, most of an octave in F0, 19% in formants.
TRAITS = {
    "f0_mean": Trait(159.0, True, 0.40, 0.12, 0.22, 0.02, (60, 600)),  # Hz
    "f0_range": Trait(7.0, True, 0.0, 0.25, 0.50, 0.06, (0.5, 24)),  # semitones
    "f0_final": Trait(-0.3, False, 0.0, 0.1, 0.2, 0.04, (-1, 1)),  # heights of an accent
    "speech_rate": Trait(4.0, True, 0.0, 0.12, 0.19, 0.02, (1.5, 9)),  # syllables per second
    "level": Trait(-30.0, False, 0.0, 2.5, 4.0, 0.4, (-55, -12)),  # dB of full scale
    "spectral_tilt": Trait(12.0, False, 0.0, 2.5, 4.0, 0.3, (0, 30)),  # dB lost at 3 kHz
    "breathiness": Trait(-30.0, False, 2.0, 2.5, 3.0, 0.4, (-50, -10)),  # dB of the pulses
    "jitter": Trait(0.006, True, 0.0, 0.3, 0.4, 0.06, (0.001, 0.05)),  # fraction of a period
    "shimmer": Trait(0.04, True, 0.0, 0.25, 0.3, 0.06, (0.005, 0.2)),  # fraction of an amplitude
    "tract_length": Trait(16.0, True, -0.126, 0.04, 0.02, 0.002, (11, 21)),  # cm
}

# Differences of emotions from neutral speech, in the order and unit of the traits. Directions:
# Murray & Arnott 1993, Banse & Scherer 1996, Scherer 2003; a smile's tract: Tartter 1980.
EXPRESSIONS = {
    #             f0   range  final  rate  level  tilt breath jitter shimmer tract
    "anger":    (+0.43, +0.8,  0.0, +0.26, +10.0, -9.0, -4.0, +0.6, +0.5,  0.00),
    "boredom":  (-0.25, -1.2,  0.0, -0.30,  -4.0, +3.0,  0.0,  0.0,  0.0,  0.00),
    "calm":     (-0.10, -0.5,  0.0, -0.25,  -4.0, +3.0, +4.0,  0.0,  0.0,  0.00),
    "disgust":  (-0.20, +0.2, -0.4, -0.45,  -3.0,  0.0,  0.0, +1.0, +0.8,  0.00),
    "fear":     (+0.65, +0.3,  0.0, +0.45,  +1.0, -1.0, +6.0, +1.6, +0.7,  0.00),
    "happiness": (+0.55, +1.1, +0.4, +0.20, +5.0, -5.0,  0.0,  0.0,  0.0, -0.05),
    "neutral":  (0.0,) * len(TRAITS),
    "sadness":  (-0.25, -0.9,  0.0, -0.45,  -8.0, +6.0, +6.0, +0.4,  0.0, +0.03),
    "surprise": (+0.65, +1.3, +1.1,  0.00,  +4.0, -4.0,  0.0,  0.0,  0.0,  0.00),
}  # fmt: skip


def make_emotional_speech(
    n_speakers: int = 8,
    n_sentences: int = 4,
    emotions: Sequence[str] = ("anger", "fear", "happiness", "neutral", "sadness"),
    *,
    n_repetitions: int = 1,
    speaker_effect: float = 1.0,
    emotion_effect: float = 1.0,
    duration: float = 1.5,
    sampling_rate: int = 16_000,
    noise_level: float | None = -70.0,
    random_state: int | np.random.RandomState | None = None,
    return_X_y: bool = False,
) -> Bunch | tuple:
    r"""Synthesise a corpus of acted emotional speech with known parameters.

    Every speaker speaks every sentence in every emotion. A trait of a clip (mean F0, level,
    ...; in octaves or in its own unit) is

    .. math:: t = t_0 + e\,m_{emotion} + s\,(b_{speaker} + e\,i_{speaker, emotion}) + c_{clip}

    with `e` the `emotion_effect` and `s` the `speaker_effect`. Speakers differ in voice,
    :math:`b`, and in how they express each emotion, :math:`i`. The larger `s`, the more a model
    gains from training on the speakers that it is tested on, and the more optimistic a random
    split is. At `s` = 0 all speakers are the same, and a random split is unbiased. At `e` = 0
    labels are independent of clips, and every split gives chance level.

    Parameters
    ----------
    n_speakers : int, default=8
        Number of speakers, alternately women and men.
    n_sentences : int, default=4
        Number of sentences, each a sequence of phones, the same for all speakers.
    emotions : sequence of str
        Of "anger", "boredom", "calm", "disgust", "fear", "happiness", "neutral", "sadness"
        and "surprise"; five of them by default.
    n_repetitions : int, default=1
        Number of clips of each sentence in each emotion, by each speaker.
    speaker_effect : float, default=1.0
        How much speakers differ, in [0, inf). Above 2 or so, scores on unseen speakers are at
        chance level.
    emotion_effect : float, default=1.0
        How much emotions differ, in [0, inf). 1 corresponds to acted emotions.
    duration : float, default=1.5
        Mean length of a neutral clip in seconds, 0.5 or more. A syllable takes 0.25 s.
    sampling_rate : int, default=16000
        Samples per second, in Hz, 8000 or more.
    noise_level : float or None, default=-70.0
        Power of the added white noise in dB of full scale. None: no noise.
    random_state : int, RandomState instance or None, default=None
        An int gives the same clips bit by bit. It also fixes the speakers: the same seed with
        another `speaker_effect` gives the same voices, closer together or further apart, and
        with more speakers, sentences or emotions, the same clips and additional ones.
    return_X_y : bool, default=False
        Return ``(data, target)`` alone.

    Returns
    -------
    bunch : Bunch
        ``data`` : list of :class:`~sk_ser.audio.Clip`, float32 within [-1, 1], of different
        lengths; ``target`` : ndarray of str, shape (n_clips,), emotions; ``groups`` : ndarray
        of str, shape (n_clips,), speakers; ``frame`` : DataFrame of shape (n_clips, 18), the
        columns of every corpus (``path`` is a name without a file) and the parameters:
        ``f0_mean`` (geometric, Hz), ``f0_range`` (semitones), ``f0_final`` (rise at the end,
        in accents), ``speech_rate`` (syllables/s), ``level`` (dB of full scale, RMS),
        ``spectral_tilt`` (dB lost at 3 kHz), ``breathiness`` (dB of the pulses), ``jitter``
        and ``shimmer`` (local, fraction), ``tract_length`` (cm); ``sentences`` : dict of the
        phones of each sentence; ``name``; ``DESCR``.

    Raises
    ------
    ValueError
        If a parameter is out of its range, or an emotion is unknown or given twice.

    References
    ----------
    .. [1] D. H. Klatt and L. C. Klatt (1990), Analysis, synthesis, and perception of voice
       quality variations among female and male talkers, JASA 87.
    .. [2] G. E. Peterson and H. L. Barney (1952), Control methods used in a study of the
       vowels, JASA 24.
    .. [3] I. R. Murray and J. L. Arnott (1993), Toward the simulation of emotion in synthetic
       speech, JASA 93.
    .. [4] R. Banse and K. R. Scherer (1996), Acoustic profiles in vocal emotion expression,
       Journal of Personality and Social Psychology 70.
    .. [5] K. R. Scherer (2003), Vocal communication of emotion, Speech Communication 40.

    Examples
    --------
    >>> from sk_ser.datasets import make_emotional_speech
    >>> bunch = make_emotional_speech(2, 1, ["anger", "sadness"], random_state=0)
    >>> bunch.frame["path"].tolist()[:2]
    ['s01/anger/sentence_1_rep_1', 's01/sadness/sentence_1_rep_1']
    >>> bool(bunch.frame["level"][0] > bunch.frame["level"][1])
    True
    """
    emotions = _check_emotions(emotions)
    counts = {"n_speakers": n_speakers, "n_sentences": n_sentences, "n_repetitions": n_repetitions}
    _check(Integral, 1, **counts)
    _check(Integral, _LOWEST_SAMPLING_RATE, sampling_rate=sampling_rate)
    effects = {"speaker_effect": speaker_effect, "emotion_effect": emotion_effect}
    _check(Real, 0, **effects)
    _check(Real, 0.5, duration=duration)
    _check(Real, -np.inf, noise_level=-np.inf if noise_level is None else noise_level)
    seed = check_random_state(random_state).randint(2**31 - 1)
    sentences = [_draw_sentence(duration, _stream(seed, 0, k)) for k in range(n_sentences)]
    people = [_draw_person(k, _stream(seed, 1, k)) for k in range(n_speakers)]
    takes = product(range(n_speakers), emotions, range(n_sentences), range(n_repetitions))
    data, rows = [], []
    for who, emotion, what, take in takes:
        rng = _stream(seed, 2, who, list(EXPRESSIONS).index(emotion), what, take)
        traits = _draw_traits(people[who], emotion, speaker_effect, emotion_effect, rng)
        samples = _record(sentences[what], traits, sampling_rate, noise_level, rng)
        data.append(Clip(samples, sampling_rate))
        rows.append(_describe(who, emotion, what, take) | traits)
    frame = pd.DataFrame(rows)
    target, groups = (frame[name].to_numpy(dtype=str) for name in ("emotion", "speaker"))
    sentences = {f"sentence_{k + 1}": " ".join(s) for k, s in enumerate(sentences)}
    sizes = {"n_clips": len(data), "n_emotions": len(emotions), "sampling_rate": sampling_rate}
    bunch = Bunch(data=data, target=target, groups=groups, frame=frame, name="synthetic")
    bunch |= {"sentences": sentences, "DESCR": _DESCR.format(**sizes, **counts, **effects)}
    return (data, target) if return_X_y else bunch


def _check(kind, least, **values):
    for name, value in values.items():
        if not isinstance(value, kind) or not least <= value < np.inf:
            a = "a whole number" if kind is Integral else "a number"
            raise ValueError(f"{name}={value!r}: out of range. Give {a} of {least} or more.")


def _check_emotions(emotions):
    emotions = [emotions] if isinstance(emotions, str) else list(emotions)
    unknown = [e for e in emotions if e not in EXPRESSIONS]
    if unknown or not emotions or len(set(emotions)) < len(emotions):
        known = ", ".join(EXPRESSIONS)
        fault = f"{unknown} unknown" if unknown else "none given, or one given twice"
        raise ValueError(f"emotions={emotions}: {fault}. Give each once, out of: {known}.")
    return emotions


def _stream(seed, *key):
    """Return a generator for one sentence, speaker or clip, independent of the others."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


def _draw_sentence(duration, rng):
    """Draw ARPAbet phones, 1 behind a stressed vowel."""
    # Phones are balanced. Otherwise sentences would differ more than emotions do.
    n = max(2, round(TRAITS["speech_rate"].reference * duration) + rng.integers(-1, 2))
    kinds = ([*CONSONANTS, ""], ["1", ""], list(VOWELS))
    onsets, stresses, vowels = (
        np.concatenate([rng.permutation(kind) for _ in range(-(-n // len(kind)))])[:n]
        for kind in kinds
    )
    syllables = zip(onsets, stresses, vowels, strict=True)
    return [str(p) for onset, stress, vowel in syllables for p in (onset, vowel + stress) if p]


def _draw_person(number, rng):
    """Draw a speaker's deviations, (n_traits,), and those of each emotion, dict of (n_traits,)."""
    spreads = np.array([(t.sex, t.speaker, t.expression) for t in TRAITS.values()]).T
    voice = (-1) ** number * spreads[0] + spreads[1] * rng.standard_normal(len(TRAITS))
    own_ways = spreads[2] * rng.standard_normal((len(EXPRESSIONS), len(TRAITS)))
    return voice, dict(zip(EXPRESSIONS, own_ways, strict=True))


def _draw_traits(person, emotion, speaker_effect, emotion_effect, rng):
    """Draw the values of all traits in a clip, by the equation of `make_emotional_speech`."""
    voice, own_ways = person
    deviations = emotion_effect * np.array(EXPRESSIONS[emotion])
    deviations += speaker_effect * (voice + emotion_effect * own_ways[emotion])
    deviations += [t.clip * rng.standard_normal() for t in TRAITS.values()]
    values = {}
    for (name, t), deviation in zip(TRAITS.items(), deviations, strict=True):
        ratio = 2.0 ** np.clip(deviation, -10, 10)  # a huge effect would overflow
        value = t.reference * ratio if t.octaves else t.reference + deviation
        values[name] = float(np.clip(value, *t.limits))
    return values


def _say(phones, traits, sampling_rate, rng):
    """Synthesise a sentence: durations of the phones, melody, waveform."""
    segments, accents = [_PAUSE], [0.0]
    for phone in phones:
        stressed = phone.endswith("1")
        for s in (CONSONANTS | VOWELS)[phone.rstrip("1")]:
            seconds = s.seconds * (1.3 if stressed else 1.0) * np.exp(0.03 * rng.standard_normal())
            segments.append(s._replace(seconds=seconds))
            accents.append(stressed * (1 + 0.1 * rng.standard_normal()))
    segments, accents = [*segments, _PAUSE], [*accents, 0.0]
    n_syllables = sum(phone.rstrip("1") in VOWELS for phone in phones)
    stretch = n_syllables / traits["speech_rate"] / sum(s.seconds for s in segments)
    segments = [s._replace(seconds=s.seconds * stretch) for s in segments]
    f0 = melody(segments, accents, **{name: traits[name] for name in _MELODY})
    voice = {name: traits[name] for name in _VOICE}
    return speak(segments, f0, sampling_rate=sampling_rate, rng=rng, **voice)


def _record(phones, traits, sampling_rate, noise_level, rng):
    """Scale speech to its level and add noise; scale both, and the level, to full scale."""
    speech = _say(phones, traits, sampling_rate, rng)
    samples = speech * 10 ** (traits["level"] / 20) / np.sqrt(np.mean(speech**2))
    if noise_level is not None:
        samples += 10 ** (noise_level / 20) * rng.standard_normal(len(samples))
    gain = min(1.0, _PEAK / np.abs(samples).max())
    traits["level"] += 20 * float(np.log10(gain))
    return gain * samples


def _describe(who, emotion, what, take):
    """Return the columns that every corpus has."""
    speaker, sentence = f"s{who + 1:02d}", f"sentence_{what + 1}"
    sex, path = "male" if who % 2 else "female", f"{speaker}/{emotion}/{sentence}_rep_{take + 1}"
    values = (path, emotion, speaker, sex, sentence, "normal", take + 1, "synthetic")
    return dict(zip(COLUMNS, values, strict=True))
