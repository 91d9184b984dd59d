"""EMO-DB: ten German actors, seven emotions, ten texts."""

import re

from sk_ser.datasets._table import Grammar, load_table

_NAME = re.compile(
    r"(?P<speaker>03|08|09|1[0-6])(?P<text>a0[12457]|b0[1239]|b10)(?P<emotion>[WLEAFTN])"
    r"(?P<version>[a-z]?)",
    re.IGNORECASE,
)
#: Letters of the German words: Wut, Langeweile, Ekel, Angst, Freude, Trauer, neutral.
_EMOTIONS = {
    "W": "anger",
    "L": "boredom",
    "E": "disgust",
    "A": "fear",
    "F": "happiness",
    "T": "sadness",
    "N": "neutral",
}
_SPEAKERS = {
    "03": ("male", 31),
    "08": ("female", 34),
    "09": ("female", 21),
    "10": ("male", 32),
    "11": ("male", 26),
    "12": ("male", 30),
    "13": ("female", 32),
    "14": ("female", 35),
    "15": ("male", 25),
    "16": ("female", 31),
}

_DESCR = """\
EMO-DB: Berlin Database of Emotional Speech

What        10 actors (5 women, 5 men) say 10 texts in 7 emotions; of some 800 recordings the 535
            are published that listeners recognised and found natural. 16 kHz.
Language    German
Licence     CC0-1.0 or CC BY 4.0, depending on where it is published
Source      http://emodb.bilderbar.info
Reference   F. Burkhardt, A. Paeschke, M. Rolfes, W. Sendlmeier and B. Weiss (2005), A Database
            of German Emotional Speech, Proceedings of Interspeech, 1517-1520.
Name        speaker (2 digits), text (3), emotion (German initial), version (letter)
Speakers    03, 10, 11, 12 and 15 are men; 08, 09, 13, 14 and 16 women.
Sentences   The ten texts, a01 to b10. The version is in the column repetition.

Quirks
- The letters are German: A is Angst (fear), not anger, which is W (Wut).
- Classes are unequal (127 of anger, 46 of disgust), as are speakers.
- Every text is in every split unless texts are split too.
"""


def _parse(path):
    match = _NAME.fullmatch(path.stem)
    if match is None:
        return None
    sex, age = _SPEAKERS[match["speaker"]]
    return {
        "emotion": _EMOTIONS[match["emotion"].upper()],
        "speaker": match["speaker"],
        "sex": sex,
        "sentence": match["text"].lower(),
        "repetition": match["version"].lower() or None,
        "age": age,
        "_key": path.stem.lower(),
    }


GRAMMAR = Grammar(
    name="emodb",
    parse=_parse,
    pattern="speaker, text, emotion and version, unseparated",
    example="03a01Fa.wav",
    descr=_DESCR,
)


def load_emodb(source, *, duplicates="drop", extract_to=None, return_X_y=False):
    """Load EMO-DB, acted German sentences in seven emotions [1]_.

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
    .. [1] F. Burkhardt et al. (2005), Proceedings of Interspeech, 1517-1520,
       https://doi.org/10.21437/Interspeech.2005-446. CC0-1.0 or CC BY 4.0.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from sk_ser.datasets import load_emodb
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     pathlib.Path(folder, "03a01Fa.wav").touch()
    ...     bunch = load_emodb(folder)
    >>> bunch.frame.loc[0, ["emotion", "speaker", "sex", "sentence"]].tolist()
    ['happiness', '03', 'male', 'a01']
    """
    return load_table(
        source, GRAMMAR, duplicates=duplicates, extract_to=extract_to, return_X_y=return_X_y
    )
