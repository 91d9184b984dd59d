"""RAVDESS: 24 North American actors, eight emotions, two statements."""

import re
from dataclasses import replace

from sk_ser.datasets._table import Grammar, load_table

_NAME = re.compile(
    r"(?P<modality>0[1-3])-(?P<channel>0[12])-(?P<emotion>0[1-8])-(?P<intensity>0[12])"
    r"-(?P<statement>0[12])-(?P<repetition>0[12])-(?P<actor>0[1-9]|1\d|2[0-4])"
)
_EMOTIONS = {
    "01": "neutral",
    "02": "calm",
    "03": "happiness",
    "04": "sadness",
    "05": "anger",
    "06": "fear",
    "07": "disgust",
    "08": "surprise",
}
_STATEMENTS = {"01": "kids", "02": "dogs"}
_VIDEO_ONLY = "02"
_AUDIO_ONLY = "03"

_DESCR = """\
RAVDESS: Ryerson Audio-Visual Database of Emotional Speech and Song

What        24 actors (12 women, 12 men) say two statements in 8 emotions, at two intensities
            (neutral at one) and twice each: 1440 spoken clips at 48 kHz.
Language    English (North American)
Licence     CC BY-NC-SA 4.0
Source      https://zenodo.org/records/1188976
Reference   S. R. Livingstone and F. A. Russo (2018), The Ryerson Audio-Visual Database of
            Emotional Speech and Song (RAVDESS), PLoS ONE 13(5): e0196391.
Name        modality-channel-emotion-intensity-statement-repetition-actor
Sentences   kids: "Kids are talking by the door"; dogs: "Dogs are sitting by the door"
Speakers    "01" to "24"; odd numbers are men.

Quirks
- Channel 02 is sung and is left out unless songs=True.
- Modality 01 (sound and picture) is the same performance as 03 (sound): one of the two is
  kept, 03 first. Modality 02 has no sound and is left out.
- A widely copied archive holds every clip twice, the second time under
  audio_speech_actors_01-24/: one of the two is kept.
- Actor 07's two repetitions of 03-01-03-01-02 are the same samples under two names.
- Two statements only, so every sentence is in every split.
"""


def _parse(path):
    match = _NAME.fullmatch(path.stem)
    if match is None:
        return None
    actor = match["actor"]
    return {
        "emotion": _EMOTIONS[match["emotion"]],
        "speaker": actor,
        "sex": "male" if int(actor) % 2 else "female",
        "sentence": _STATEMENTS[match["statement"]],
        "intensity": {"01": "normal", "02": "strong"}[match["intensity"]],
        "repetition": str(int(match["repetition"])),
        "channel": {"01": "speech", "02": "song"}[match["channel"]],
        "_modality": match["modality"],
        "_key": path.stem[3:],
        "_rank": 0 if match["modality"] == _AUDIO_ONLY else 1,
    }


def _silent(facts):
    return "a video without sound" if facts["_modality"] == _VIDEO_ONLY else None


def _silent_or_sung(facts):
    sung = "sung, not spoken; songs=True keeps it"
    return sung if facts["channel"] == "song" else _silent(facts)


GRAMMAR = Grammar(
    name="ravdess",
    parse=_parse,
    pattern="modality-channel-emotion-intensity-statement-repetition-actor",
    example="03-01-06-01-02-01-12.wav",
    descr=_DESCR,
    leave_out=_silent_or_sung,
)


def load_ravdess(source, *, songs=False, duplicates="drop", extract_to=None, return_X_y=False):
    """Load RAVDESS, acted English speech in eight emotions [1]_.

    Parameters
    ----------
    source : path-like
        Folder of the corpus, nested in any way, or its ``.zip``.
    songs : bool, default=False
        Keep the sung clips too (channel 02). The column ``channel`` tells them apart.
    duplicates : {"drop", "keep"}, default="drop"
        What to do with a recording that is there twice, as in the archive that repeats
        all clips under ``audio_speech_actors_01-24/``. Copies in a training and a test
        fold make any score worthless, so they are left out and counted in a warning.
    extract_to : path-like, optional
        Where a zip is extracted; by default beside it.
    return_X_y : bool, default=False
        Return ``(data, target)`` alone.

    Returns
    -------
    bunch : Bunch
        ``data`` : ndarray of str, shape (n_clips,), paths; ``target`` : ndarray of str,
        shape (n_clips,), emotions; ``groups`` : ndarray of str, shape (n_clips,),
        speakers; ``frame`` : DataFrame of shape (n_clips, 9), with ``channel`` behind
        the columns common to all corpora; ``skipped`` : DataFrame of files left out,
        with the reason; ``name``; ``DESCR``: licence, source and quirks.

    Raises
    ------
    CorpusError
        If there is no such path, no file fits, or the archive is unsafe or damaged.

    Warns
    -----
    CorpusWarning
        If recordings were left out.

    References
    ----------
    .. [1] S. R. Livingstone and F. A. Russo (2018), PLoS ONE 13(5): e0196391,
       https://doi.org/10.1371/journal.pone.0196391. CC BY-NC-SA 4.0.

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
    grammar = replace(GRAMMAR, leave_out=_silent) if songs else GRAMMAR
    return load_table(
        source, grammar, duplicates=duplicates, extract_to=extract_to, return_X_y=return_X_y
    )
