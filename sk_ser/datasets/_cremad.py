"""CREMA-D: 91 American actors, six emotions, twelve sentences."""

import re

from sk_ser.datasets._labels import harmonise_emotion
from sk_ser.datasets._table import Grammar, load_table

_NAME = re.compile(
    r"(?P<actor>10(?:0[1-9]|[1-8]\d|9[01]))"
    r"_(?P<sentence>IEO|TIE|IOM|IWW|TAI|MTI|IWL|ITH|DFA|ITS|TSI|WSI)"
    r"_(?P<emotion>ANG|DIS|FEA|HAP|NEU|SAD)_(?P<intensity>LO|MD|HI|XX?)",
    re.IGNORECASE,
)
_INTENSITIES = {"LO": "low", "MD": "medium", "HI": "high", "X": "unspecified", "XX": "unspecified"}
#: The women among the 91 actors, from the corpus's own VideoDemographics.csv.
_WOMEN = frozenset(
    1000 + actor
    for actor in (
        *(2, 3, 4, 6, 7, 8, 9, 10, 12, 13, 18, 20, 21, 24, 25, 28, 29, 30, 37, 43, 46, 47, 49),
        *(52, 53, 54, 55, 56, 58, 60, 61, 63, 72, 73, 74, 75, 76, 78, 79, 82, 84, 89, 91),
    )
)

_DESCR = """\
CREMA-D: Crowd-sourced Emotional Multimodal Actors Dataset

What        91 actors (43 women, 48 men, 20 to 74 years old) say 12 sentences in 6 emotions, one
            of the sentences at three intensities: 7442 clips at 16 kHz.
Language    English (American)
Licence     Open Database License (ODbL) 1.0
Source      https://github.com/CheyneyComputerScience/CREMA-D
Reference   H. Cao, D. G. Cooper, M. K. Keutmann, R. C. Gur, A. Nenkova and R. Verma (2014),
            CREMA-D: Crowd-sourced Emotional Multimodal Actors Dataset, IEEE Transactions on
            Affective Computing 5(4), 377-390.
Name        actor_sentence_emotion_intensity; the emotion is the one intended, not the one heard.
Speakers    "1001" to "1091", with their sex as in the corpus's VideoDemographics.csv.

Quirks
- Older copies hold 1040_ITH_SAD_X, which means XX (intensity not specified).
- AudioMP3 and AudioWAV hold the same recordings: one of the two is kept, WAV first, because
  some of the MP3 files are blank.
- The repository keeps audio in Git LFS: a plain download holds text pointers named .wav.
"""


def _parse(path):
    match = _NAME.fullmatch(path.stem)
    if match is None:
        return None
    actor, sentence = match["actor"], match["sentence"].upper()
    emotion = harmonise_emotion(match["emotion"])
    intensity = _INTENSITIES[match["intensity"].upper()]
    return {
        "emotion": emotion,
        "speaker": actor,
        "sex": "female" if int(actor) in _WOMEN else "male",
        "sentence": sentence,
        "intensity": intensity,
        "_key": (actor, sentence, emotion, intensity),
        "_rank": 1 if path.suffix.lower() == ".mp3" else 0,
    }


GRAMMAR = Grammar(
    name="cremad",
    parse=_parse,
    pattern="actor_sentence_emotion_intensity",
    example="1001_DFA_ANG_XX.wav",
    descr=_DESCR,
)


def load_cremad(source, *, duplicates="drop", extract_to=None, return_X_y=False):
    """Load CREMA-D, acted English sentences in six emotions [1]_.

    Parameters
    ----------
    source : path-like
        Folder of the corpus, nested in any way, or its ``.zip``.
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
    .. [1] H. Cao et al. (2014), IEEE Transactions on Affective Computing 5(4), 377-390,
       https://doi.org/10.1109/TAFFC.2014.2336244. ODbL 1.0.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from sk_ser.datasets import load_cremad
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     pathlib.Path(folder, "1001_DFA_ANG_XX.wav").touch()
    ...     bunch = load_cremad(folder)
    >>> bunch.frame.loc[0, ["emotion", "speaker", "sex", "intensity"]].tolist()
    ['anger', '1001', 'male', 'unspecified']
    """
    return load_table(
        source, GRAMMAR, duplicates=duplicates, extract_to=extract_to, return_X_y=return_X_y
    )
