"""Several corpora as one, with one vocabulary of emotions and no speaker confused."""

import os
from itertools import count

import pandas as pd

from sk_ser.datasets._labels import harmonise_emotion
from sk_ser.datasets._report import name_some, warn_user
from sk_ser.datasets._table import bunch_of_frame
from sk_ser.exceptions import CorpusError


def concat_corpora(*bunches, shared_emotions_only=False, label_map=None):
    """Put corpora together, under common emotion names and with speakers kept apart.

    Parameters
    ----------
    *bunches : Bunch
        As the loaders return them, one or more; of one, the labels are harmonised.
    shared_emotions_only : bool, default=False
        Keep only the emotions that every corpus has. Otherwise an emotion that one
        corpus alone has gives its corpus away.
    label_map : dict of str to str, optional
        Names of your own for emotions, taken before the known ones and without regard
        to case, as ``{"calm": "neutral"}``.

    Returns
    -------
    bunch : Bunch
        As of the loaders. ``target`` holds names of :data:`EMOTIONS`, and unknown ones
        in lower case with ``_`` between words. ``groups``, and the table's ``speaker``,
        are ``corpus/speaker``, as ``ravdess/01``; a second corpus of the same name is
        ``ravdess-2``. ``groups`` is None if the speakers of any corpus are unknown.

    Raises
    ------
    CorpusError
        If a file is in two of the corpora, or no emotion is shared.

    Warns
    -----
    CorpusWarning
        If the speakers of some of the corpora are unknown.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from sk_ser.datasets import concat_corpora, load_emodb, load_tess
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name in ("OAF_back_happy.wav", "03a01Fa.wav"):
    ...         pathlib.Path(folder, pathlib.Path(name).stem).mkdir()
    ...         pathlib.Path(folder, pathlib.Path(name).stem, name).touch()
    ...     both = concat_corpora(
    ...         load_tess(f"{folder}/OAF_back_happy"), load_emodb(f"{folder}/03a01Fa")
    ...     )
    >>> both.target.tolist(), both.groups.tolist()
    (['happiness', 'happiness'], ['tess/OAF', 'emodb/03'])
    """
    if not bunches:
        raise CorpusError("concat_corpora: no corpora. Pass one or more Bunches of the loaders.")
    frames = [_harmonised(bunch.frame, label_map) for bunch in bunches]
    frames = _kept_apart(frames)
    _refuse_common_files(frames)
    if shared_emotions_only:
        frames = _shared(frames)
    frame = pd.concat(_without_empty_columns(frames), ignore_index=True)
    frame = frame.reindex(columns=list(dict.fromkeys(c for f in frames for c in f.columns)))
    names = list(dict.fromkeys(frame["corpus"]))
    without = [bunch.name for bunch in bunches if bunch.groups is None]
    if without:
        warn_user(
            f"concat_corpora: the speakers of {name_some(without)} are unknown, so groups is None. "
            "Give them with load_corpus(..., speaker=)."
        )
    skipped = pd.concat([bunch.skipped for bunch in bunches], ignore_index=True)
    descr = "\n\n".join(bunch.DESCR for bunch in bunches)
    return bunch_of_frame(frame, skipped, "+".join(names), descr)


def _harmonised(frame, label_map):
    emotions = [harmonise_emotion(emotion, label_map) for emotion in frame["emotion"]]
    return frame.assign(emotion=emotions)


def _kept_apart(frames):
    """Give every corpus a name of its own, and its speakers that name before theirs."""
    taken, apart = set(), []
    for frame in frames:
        new = {}
        for name in dict.fromkeys(frame["corpus"]):
            new[name] = next(n for n in _candidates(name) if n not in taken)
            taken.add(new[name])
        speakers = [
            None if pd.isna(speaker) else f"{new[name]}/{speaker.removeprefix(f'{name}/')}"
            for name, speaker in zip(frame["corpus"], frame["speaker"], strict=True)
        ]
        apart.append(frame.assign(speaker=speakers, corpus=frame["corpus"].map(new)))
    return apart


def _candidates(name):
    yield name
    yield from (f"{name}-{number}" for number in count(2))


def _refuse_common_files(frames):
    """Refuse a file that two corpora hold: it would be two speakers, and leak."""
    paths = pd.concat([frame["path"] for frame in frames]).map(os.path.realpath)
    common = paths[paths.duplicated()]
    if len(common):
        raise CorpusError(
            f"concat_corpora: {len(common)} files are in two of the corpora ({name_some(common)}). "
            "Pass each corpus once."
        )


def _shared(frames):
    """Keep the rows whose emotion is in every corpus, of each frame."""
    emotions = {
        corpus: set(part["emotion"]) for frame in frames for corpus, part in frame.groupby("corpus")
    }
    shared = set.intersection(*emotions.values())
    if not shared:
        have = "; ".join(f"{corpus}: {', '.join(sorted(has))}" for corpus, has in emotions.items())
        raise CorpusError(
            f"concat_corpora: no emotion is in every corpus ({have}). Give common names with "
            "label_map=."
        )
    return [frame[frame["emotion"].isin(shared)] for frame in frames]


def _without_empty_columns(frames):
    """Drop columns without a value, whose type pandas would otherwise have to guess."""
    return [frame.dropna(axis=1, how="all") for frame in frames]
