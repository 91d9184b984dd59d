"""TESS: two Canadian women, seven emotions, the same 200 words."""

import re

from sk_ser.datasets._labels import harmonise_emotion
from sk_ser.datasets._table import Grammar, load_table

_NAME = re.compile(
    r"(?P<speaker>OAF|OA|YAF)_(?P<word>[a-z]+)_"
    r"(?P<emotion>angry|disgust|fear|happy|neutral|ps|pleasant_surprised?|sad)",
    re.IGNORECASE,
)
_AGES = {"OAF": 64, "YAF": 26}

_DESCR = """\
TESS: Toronto Emotional Speech Set

What        Two actresses say "Say the word ..." with 200 words in 7 emotions: 2800 clips at
            24.4 kHz.
Language    English (Canadian)
Licence     CC BY-NC-ND 4.0
Source      https://doi.org/10.5683/SP2/E8H2MF
Reference   M. K. Pichora-Fuller and K. Dupuis (2020), Toronto emotional speech set (TESS),
            Borealis.
Name        speaker_word_emotion; ps is pleasant surprise, here "surprise".
Speakers    OAF, 64 years old, and YAF, 26 years old; both women. Sentences are the words.

Quirks
- OA_bite_neutral is a misspelling: the speaker is OAF.
- A widely copied archive holds its own folder a second time inside itself: one copy of each
  recording is kept.
- Folders are spelt in several ways (OAF_Fear, YAF_fear); only file names are read.
- Some files named .wav are AIFF inside, and one has another sampling rate.
- Every word is said in every emotion, so it is in every split; with two speakers there are two
  folds, an old voice and a young one.
"""


def _parse(path):
    match = _NAME.fullmatch(path.stem)
    if match is None:
        return None
    speaker, word, emotion = match["speaker"].upper(), match["word"].lower(), match["emotion"]
    speaker = "OAF" if speaker == "OA" else speaker
    emotion = harmonise_emotion(emotion)
    return {
        "emotion": emotion,
        "speaker": speaker,
        "sex": "female",
        "sentence": word,
        "age": _AGES[speaker],
        "_key": (speaker, word, emotion),
    }


GRAMMAR = Grammar(
    name="tess",
    parse=_parse,
    pattern="speaker_word_emotion",
    example="OAF_back_angry.wav",
    descr=_DESCR,
)


def load_tess(source, *, duplicates="drop", extract_to=None, return_X_y=False):
    """Load TESS, acted English words in seven emotions [1]_.

    Parameters
    ----------
    source : path-like
        Folder of the corpus, nested in any way, or its ``.zip``.
    duplicates : {"drop", "keep"}, default="drop"
        What to do with a recording that is there twice, as in the archive that repeats
        its own folder inside itself and so has 5600 files. Copies in a training and a
        test fold make any score worthless, so they are left out and counted in a
        warning.
    extract_to : path-like, optional
        Where a zip is extracted; by default beside it.
    return_X_y : bool, default=False
        Return ``(data, target)`` alone.

    Returns
    -------
    bunch : Bunch
        ``data`` : ndarray of str, shape (n_clips,), paths; ``target`` : ndarray of str,
        shape (n_clips,), emotions; ``groups`` : ndarray of str, shape (n_clips,),
        speakers; ``frame`` : DataFrame of shape (n_clips, 9), with ``age`` in
        years behind the columns common to all corpora;
        ``skipped`` : DataFrame of files left out, with the reason; ``name``;
        ``DESCR``: licence, source and quirks.

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
    .. [1] M. K. Pichora-Fuller and K. Dupuis (2020), Toronto emotional speech set (TESS),
       Borealis, https://doi.org/10.5683/SP2/E8H2MF. CC BY-NC-ND 4.0.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from sk_ser.datasets import load_tess
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     pathlib.Path(folder, "OAF_back_angry.wav").touch()
    ...     bunch = load_tess(folder)
    >>> bunch.frame.loc[0, ["emotion", "speaker", "sentence"]].tolist()
    ['anger', 'OAF', 'back']
    """
    return load_table(
        source, GRAMMAR, duplicates=duplicates, extract_to=extract_to, return_X_y=return_X_y
    )
