"""URDU: people in talk shows, four emotions, unscripted."""

import re

from sk_ser.datasets._table import Grammar, load_table

_NAME = re.compile(
    r"(?P<speaker>S(?P<sex>[MF])\d+)_F(?P<file>\d+)_(?P<emotion>[AHNS])(?P<number>\d+)",
    re.IGNORECASE,
)
_EMOTIONS = {"A": "anger", "H": "happiness", "N": "neutral", "S": "sadness"}

_DESCR = """\
URDU: Urdu-language emotional speech

What        Utterances from Urdu talk shows in 4 emotions: 400 clips, 100 of each, at 44.1 kHz.
            Spontaneous speech, so there are no sentences to tell apart.
Language    Urdu
Licence     Research only, as its authors state
Source      https://github.com/siddiquelatif/URDU-Dataset
Reference   S. Latif, A. Qayyum, M. Usman and J. Qadir (2018), Cross Lingual Speech Emotion
            Recognition: Urdu vs. Western Languages, International Conference on Frontiers of
            Information Technology, 88-93.
Name        speaker_file_label, in a folder per emotion or without one: the label's letter
            says the emotion.
Speakers    SM1 (a man), SF3 (a woman). The names hold 29, while the authors speak of 38.

Quirks
- Speakers have from 2 to 80 clips and few emotions each: who speaks nearly tells the emotion,
  so a split that mixes speakers flatters, and a stratified one by speaker needs few folds.
"""


def _parse(path):
    match = _NAME.fullmatch(path.stem)
    if match is None:
        return None
    return {
        "emotion": _EMOTIONS[match["emotion"].upper()],
        "speaker": match["speaker"].upper(),
        "sex": {"M": "male", "F": "female"}[match["sex"].upper()],
        "_key": path.stem.upper(),
    }


GRAMMAR = Grammar(
    name="urdu",
    parse=_parse,
    pattern="speaker_file_label",
    example="SM1_F11_A011.wav",
    descr=_DESCR,
)


def load_urdu(source, *, duplicates="drop", extract_to=None, return_X_y=False):
    """Load URDU, unscripted Urdu speech in four emotions [1]_.

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
    .. [1] S. Latif et al. (2018), International Conference on Frontiers of Information
       Technology, 88-93, https://arxiv.org/abs/1812.10411. Research only.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from sk_ser.datasets import load_urdu
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     pathlib.Path(folder, "SM1_F11_A011.wav").touch()
    ...     bunch = load_urdu(folder)
    >>> bunch.frame.loc[0, ["emotion", "speaker", "sex"]].tolist()
    ['anger', 'SM1', 'male']
    """
    return load_table(
        source, GRAMMAR, duplicates=duplicates, extract_to=extract_to, return_X_y=return_X_y
    )
