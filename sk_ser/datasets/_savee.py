"""SAVEE: four British men, seven emotions."""

import re

from sk_ser.datasets._table import Grammar, load_table

_NAME = re.compile(
    r"(?:(?P<speaker>DC|JE|JK|KL)_)?(?P<emotion>sa|su|[adfhn])(?P<number>\d\d)", re.IGNORECASE
)
_SPEAKERS = ("DC", "JE", "JK", "KL")
_EMOTIONS = {
    "a": "anger",
    "d": "disgust",
    "f": "fear",
    "h": "happiness",
    "n": "neutral",
    "sa": "sadness",
    "su": "surprise",
}
#: The first sentences of every emotion are the same; the others are its own.
_N_COMMON = 3

_DESCR = """\
SAVEE: Surrey Audio-Visual Expressed Emotion

What        Four men say 15 TIMIT sentences in each of 6 emotions and 30 neutral ones: 480
            clips at 44.1 kHz.
Language    English (British)
Licence     Free for research, on registration
Source      http://kahlan.eps.surrey.ac.uk/savee/
Reference   S. Haq and P. J. B. Jackson (2010), Multimodal emotion recognition, in W. Wang (ed.),
            Machine Audition: Principles, Algorithms and Systems, IGI Global, 398-423.
Name        emotion letters and sentence number, after the speaker's initials or below a folder
            with that name.
Speakers    DC, JE, JK and KL; all men.
Sentences   Numbers count within an emotion. Sentences 1 to 3 are common to all emotions
            (common-01), the others are the emotion's own (anger-04).

Quirks
- The neutral sentences from 4 on include those that belong to single emotions. The names do
  not say which, so a sentence may be anger-04 and again some neutral-XX: a split by sentence
  is not watertight here.
"""


def _parse(path):
    match = _NAME.fullmatch(path.stem)
    if match is None:
        return None
    speaker = (match["speaker"] or path.parent.name).upper()
    emotion, number = _EMOTIONS[match["emotion"].lower()], int(match["number"])
    if speaker not in _SPEAKERS or not 1 <= number <= (30 if emotion == "neutral" else 15):
        return None
    return {
        "emotion": emotion,
        "speaker": speaker,
        "sex": "male",
        "sentence": f"{'common' if number <= _N_COMMON else emotion}-{number:02d}",
        "_key": (speaker, emotion, number),
    }


GRAMMAR = Grammar(
    name="savee",
    parse=_parse,
    pattern="speaker_emotion and number, or speaker/emotion and number",
    example="DC_sa01.wav",
    descr=_DESCR,
)


def load_savee(source, *, duplicates="drop", extract_to=None, return_X_y=False):
    """Load SAVEE, acted English sentences in seven emotions [1]_.

    Parameters
    ----------
    source : path-like
        Folder of the corpus, with the speaker in the file name (``DC_a01.wav``) or in the
        folder's (``DC/a01.wav``), or its ``.zip``.
    duplicates : {"drop", "keep"}, default="drop"
        Leave out a recording that is there twice, or keep every copy.
    extract_to : path-like, optional
        Where a zip is extracted; by default beside it.
    return_X_y : bool, default=False
        Return ``(data, target)`` alone.

    Returns
    -------
    bunch : Bunch
        ``data`` : ndarray of str, shape (n_clips,), paths; ``target`` : ndarray of str,
        shape (n_clips,), emotions; ``groups`` : ndarray of str, shape (n_clips,),
        speakers; ``frame`` : DataFrame of shape (n_clips, 8);
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
    .. [1] S. Haq and P. J. B. Jackson (2010), Multimodal emotion recognition, in Machine
       Audition, IGI Global, 398-423, http://kahlan.eps.surrey.ac.uk/savee/. Free for
       research.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from sk_ser.datasets import load_savee
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     pathlib.Path(folder, "DC_sa01.wav").touch()
    ...     bunch = load_savee(folder)
    >>> bunch.frame.loc[0, ["emotion", "speaker", "sentence"]].tolist()
    ['sadness', 'DC', 'common-01']
    """
    return load_table(
        source, GRAMMAR, duplicates=duplicates, extract_to=extract_to, return_X_y=return_X_y
    )
