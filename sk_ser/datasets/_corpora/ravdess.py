"""24 North American actors, eight emotions, two statements.

24 actors (12 women, 12 men) speak two statements in 8 emotions, at two intensities (neutral at
one) and twice each: 1440 spoken clips at 48 kHz. The statements are "Kids are talking by the
door" (kids) and "Dogs are sitting by the door" (dogs). Speakers are "01" to "24"; odd numbers are
men.

Quirks
- Channel 02 is sung and is left out unless songs=True.
- Modality 01 (sound and picture) is the same performance as 03 (sound). One of the two is
  kept, 03 first. Modality 02 has no sound and is left out.
- A widely copied archive holds every clip twice, the second time under
  audio_speech_actors_01-24/. One of the two is kept.
- Actor 07's two repetitions of 03-01-03-01-02 are the same samples under two names.
- There are two statements only, so every sentence is in every split.
"""

from dataclasses import replace
from pathlib import Path

from sklearn.utils import Bunch

from sk_ser.datasets._declaration import Corpus, odd_numbers_are_men
from sk_ser.datasets._registry import load, register_corpus

_SUNG = """23 North American actors, six emotions, two statements, sung.

The songs of RAVDESS: 23 of its 24 actors sing two statements in 6 emotions, at two intensities
(neutral at one) and twice each: 1012 clips at 48 kHz.

Quirks
- The actors are those of RAVDESS: 01 is one person in both, and in a concatenation of both.
- Actor 18 has no songs.
"""
#: Preference among the modalities of one performance: sound, sound and picture, picture.
_MODALITIES = {"03": 0, "01": 1, "02": 2}


def _silent(facts):
    return "a video without sound" if facts["_rank"] == 2 else None


def _silent_or_sung(facts):
    sung = "sung, not spoken; songs=True keeps it"
    return sung if facts["channel"] == "song" else _silent(facts)


def _performed(facts, path):
    """Refuse what RAVDESS lacks: a strong neutral, and songs of disgust or surprise."""
    strong_neutral = (facts["emotion"], facts["intensity"]) == ("neutral", "strong")
    sung = facts["channel"] == "song" and facts["emotion"] in ("disgust", "surprise")
    return None if strong_neutral or sung else facts


_RAVDESS = Corpus(
    name="ravdess",
    title="RAVDESS: Ryerson Audio-Visual Database of Emotional Speech and Song",
    language="English (North American)",
    licence="CC BY-NC-SA 4.0",
    source="https://zenodo.org/records/1188976",
    reference="S. R. Livingstone and F. A. Russo (2018), The Ryerson Audio-Visual Database of "
    "Emotional Speech and Song (RAVDESS), PLoS ONE 13(5): e0196391, "
    "https://doi.org/10.1371/journal.pone.0196391.",
    about=__doc__,
    form="modality-channel-emotion-intensity-statement-repetition-actor",
    example="03-01-06-01-02-01-12.wav",
    pattern=r"(?P<_rank>\d\d)-(?P<channel>\d\d)-(?P<emotion>\d\d)-(?P<intensity>\d\d)"
    r"-(?P<sentence>\d\d)-(?P<repetition>\d\d)-(?P<speaker>\d\d)",
    tables={
        "_rank": _MODALITIES,
        "channel": {"01": "speech", "02": "song"},
        "emotion": {
            **{"01": "neutral", "02": "calm", "03": "happiness", "04": "sadness"},
            **{"05": "anger", "06": "fear", "07": "disgust", "08": "surprise"},
        },
        "intensity": {"01": "normal", "02": "strong"},
        "sentence": {"01": "kids", "02": "dogs"},
        "repetition": {"01": "1", "02": "2"},
        "sex": odd_numbers_are_men(24),
    },
    complete=_performed,
    leave_out=_silent_or_sung,
)
register_corpus(_RAVDESS)


def _spoken(facts):
    spoken = "spoken, not sung; load_ravdess loads it"
    return spoken if facts["channel"] == "speech" else _silent(facts)


load_ravdess_song = register_corpus(
    replace(
        _RAVDESS,
        name="ravdess_song",
        title="RAVDESS, songs: Ryerson Audio-Visual Database of Emotional Speech and Song",
        about=_SUNG,
        example="03-02-06-01-02-01-12.wav",
        leave_out=_spoken,
        people="ravdess",
    )
)


def load_ravdess(
    source: str | Path,
    *,
    songs: bool = False,
    duplicates: str = "drop",
    extract_to: str | Path | None = None,
    return_X_y: bool = False,
) -> Bunch | tuple:
    """Load RAVDESS: Ryerson Audio-Visual Database of Emotional Speech and Song.

    Parameters
    ----------
    source : path-like
        Folder of the corpus, nested in any way, or its ``.zip``.
    songs : bool, default=False
        Keep the sung clips too (channel 02). The column ``channel`` distinguishes them.
    duplicates, extract_to, return_X_y
        As in :func:`load`.

    Returns
    -------
    bunch : Bunch
        As of :func:`load`. ``frame`` has the further column ``channel``, "speech" or "song".
        ``DESCR`` describes the corpus.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from sk_ser.datasets import load_ravdess
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     pathlib.Path(folder, "03-01-05-02-01-02-12.wav").touch()
    ...     bunch = load_ravdess(folder)
    >>> bunch.frame.loc[0, ["emotion", "speaker", "sex", "intensity"]].tolist()
    ['anger', '12', 'female', 'strong']
    """
    corpus = replace(_RAVDESS, leave_out=_silent) if songs else _RAVDESS
    options = {"duplicates": duplicates, "extract_to": extract_to, "return_X_y": return_X_y}
    return load(corpus, source, **options)
