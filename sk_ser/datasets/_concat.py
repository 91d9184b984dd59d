"""Several corpora as one, with one vocabulary of emotions and distinct speakers."""

import os
from itertools import chain, count

import numpy as np
import pandas as pd
from sklearn.utils import Bunch

from sk_ser._content import recording_sha256
from sk_ser.datasets._labels import harmonise_emotion
from sk_ser.datasets._registry import known_corpora
from sk_ser.datasets._report import name_some, warn_user
from sk_ser.datasets._table import bunch_of_frame
from sk_ser.exceptions import CorpusError


def concat_corpora(
    *bunches: Bunch, shared_emotions_only: bool = False, label_map: dict[str, str] | None = None
) -> Bunch:
    """Concatenate corpora under common emotion names, with speakers kept distinct.

    Parameters
    ----------
    *bunches : Bunch
        One or more, as the loaders return them. The labels of a single corpus are harmonised.
    shared_emotions_only : bool, default=False
        Keep only the emotions that every corpus has. Otherwise an emotion that only one
        corpus has identifies that corpus.
    label_map : dict of str to str, default=None
        Your own names for emotions, such as ``{"calm": "neutral"}``. They take precedence over
        the known ones. Case is ignored.

    Returns
    -------
    bunch : Bunch
        As of the loaders. ``target`` holds names of :data:`EMOTIONS`; other names are in
        lower case with ``_`` between words. ``groups``, and the table's ``speaker``,
        are ``corpus/speaker``, such as ``ravdess/01``. The speakers of a known corpus are the same
        people wherever it lies; a second corpus of your own of the same name is ``own-2``.
        ``groups`` is None if the speakers of any corpus are unknown.

    Raises
    ------
    CorpusError
        If a recording is in two of the corpora, by path or content, or no emotion is shared.

    Warns
    -----
    CorpusWarning
        If the speakers of any corpus are unknown.

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
        raise CorpusError("concat_corpora: no corpora", remedy="Pass one Bunch or more.")
    frames = []
    for frame in (bunch.frame for bunch in bunches):
        emotions = [harmonise_emotion(emotion, label_map) for emotion in frame["emotion"]]
        frames.append(frame.assign(emotion=emotions))
    frames, licences = _kept_apart(frames, [bunch.get("licences", {}) for bunch in bunches])
    _refuse_common_files(frames)
    if shared_emotions_only:
        frames = _shared(frames)
    # pandas would have to guess the type of a column without values
    filled = [frame.dropna(axis=1, how="all") for frame in frames]
    frame = pd.concat(filled, ignore_index=True)
    frame = frame.reindex(columns=list(dict.fromkeys(c for f in frames for c in f.columns)))
    without = [bunch.name for bunch in bunches if bunch.groups is None]
    if without:
        warn_user(
            f"concat_corpora: the speakers of {name_some(without)} are unknown, so groups is None. "
            "Give them with load_corpus(..., speaker=)."
        )
    skipped = pd.concat([bunch.skipped for bunch in bunches], ignore_index=True)
    descr = "\n\n".join(bunch.DESCR for bunch in bunches)
    name = "+".join(dict.fromkeys(frame["corpus"]))
    return bunch_of_frame(frame, skipped, name, descr, licences)


def _kept_apart(frames, licences):
    """Name every corpus differently, prefix its speakers with the name, rename its licence."""
    renamed, apart = {}, []
    for frame, its_licences in zip(frames, licences, strict=True):
        new = {}
        for name in dict.fromkeys(frame["corpus"]):
            numbered = chain([name], (f"{name}-{number}" for number in count(2)))
            is_free = (one for one in numbered if one not in renamed)
            new[name] = name if name in known_corpora() else next(is_free)
            renamed[new[name]] = its_licences.get(name)
        # the songs of RAVDESS are sung by the speakers of RAVDESS
        known = known_corpora()
        people = {name: known[name].people if name in known else None for name in new}
        speakers = [
            None
            if pd.isna(speaker)
            else f"{people[name] or new[name]}/{speaker.removeprefix(f'{people[name] or name}/')}"
            for name, speaker in zip(frame["corpus"], frame["speaker"], strict=True)
        ]
        apart.append(frame.assign(speaker=speakers, corpus=frame["corpus"].map(new)))
    return apart, renamed


def _refuse_common_files(frames):
    """Refuse a recording that is in two corpora: it would have two speakers, and leak."""
    paths = pd.concat([frame["path"] for frame in frames], ignore_index=True).map(os.path.realpath)
    source = np.repeat(np.arange(len(frames)), [len(frame) for frame in frames])
    common = paths[paths.duplicated()]
    if common.empty:
        table = pd.DataFrame({"path": paths, "source": source, "size": paths.map(_size)})
        # only files of equal size can be equal, so few are read
        table = _in_several(table[table["size"] > 0], "size")
        common = _in_several(table.assign(sha256=table["path"].map(recording_sha256)), "sha256")
        common = common["path"][common.duplicated("sha256")]
    if len(common):
        raise CorpusError(
            f"concat_corpora: {len(common)} recordings are in two of the corpora "
            f"({name_some(common)})",
            remedy="Pass each corpus once; clean_corpora leaves such recordings out.",
        )


def _size(path):
    return os.path.getsize(path) if os.path.isfile(path) else 0


def _in_several(table, column):
    """Select the rows whose value of a column is in several sources."""
    return table[table.groupby(column)["source"].transform("nunique") > 1]


def _shared(frames):
    """Keep the rows whose emotion is in every corpus, of each frame."""
    emotions = {
        corpus: set(part["emotion"]) for frame in frames for corpus, part in frame.groupby("corpus")
    }
    shared = set.intersection(*emotions.values())
    if not shared:
        have = "; ".join(f"{corpus}: {', '.join(sorted(has))}" for corpus, has in emotions.items())
        raise CorpusError(
            f"concat_corpora: no emotion is in every corpus ({have})",
            remedy="Give common names with label_map=.",
        )
    return [frame[frame["emotion"].isin(shared)] for frame in frames]
