"""From a corpus's files to a table, without copies, and from the table to a Bunch."""

import pandas as pd
from sklearn.utils import Bunch

from sk_ser.datasets._files import is_audio
from sk_ser.datasets._report import describe_found, name_some, warn_user
from sk_ser.exceptions import CorpusError

#: Columns of every corpus's table, in this order; a corpus may add more behind them.
COLUMNS = ("path", "emotion", "speaker", "sex", "sentence", "intensity", "repetition", "corpus")

#: Largest share of names that fit the pattern with values that the corpus does not have.
_MOST_AGAINST = 0.01
#: Largest share, and number, of names that do not fit the pattern.
_MOST_UNFIT, _STRAY = 0.1, 3
UNFIT = "the name does not fit the corpus's pattern"
COPY = 'copy of another file, which would leak from training to test; duplicates="keep" keeps it'


def read_table(folder, files, corpus, *, duplicates="drop"):
    """Read a corpus from some of a folder's files.

    Parameters
    ----------
    folder : Path
    files : list of PurePosixPath
        Relative to the folder, in the order of the rows.
    corpus : Corpus
    duplicates : {"drop", "keep"}

    Returns
    -------
    bunch : Bunch

    Raises
    ------
    CorpusError
        If no file fits, all that fit are to be left out, or too many names speak against the
        corpus.
    """
    if duplicates not in ("drop", "keep"):
        raise ValueError(f'duplicates={duplicates!r}: it must be "drop" or "keep".')
    rows, skipped = [], []
    for file in filter(is_audio, files):
        # With the folder's own path: it may be the folder of one speaker.
        facts = corpus.facts(folder / file)
        reason = UNFIT if facts is None else corpus.leave_out and corpus.leave_out(facts)
        if reason:
            skipped.append({"path": str(file), "reason": reason})
        else:
            rows.append({"path": str(file), **facts})
    if not rows:
        raise _nothing_found(folder, files, corpus, skipped)
    _check_explained(folder, [file for file in files if is_audio(file)], corpus, skipped)
    if duplicates == "drop":
        rows, copies = _set_copies_aside(rows)
        skipped += copies
    rows = [{fact: row[fact] for fact in row if not fact.startswith("_")} for row in rows]
    return make_bunch(folder, rows, skipped, corpus.name, corpus.descr, corpus.licence)


def _check_explained(folder, files, corpus, skipped):
    """Raise CorpusError if names speak against a corpus: it would be read with wrong labels."""
    unfit = [item["path"] for item in skipped if item["reason"] == UNFIT]
    against = [path for path in unfit if corpus.contradicts(folder / path)]
    what = f"they have what {corpus.name} does not have"
    if len(against) <= max(_STRAY, _MOST_AGAINST * len(files)):
        against, what = unfit, f"they do not fit the names of {corpus.name}"
        if len(against) <= max(_STRAY, _MOST_UNFIT * len(files)):
            return
    raise CorpusError(
        f"{len(against)} of {len(files)} recordings speak against {corpus.name}: {what}, as "
        f"{name_some(against)}",
        path=folder,
        remedy="Read a corpus of your own with load_corpus, or pass the folder of this corpus.",
    )


def _set_copies_aside(rows):
    """Keep one row of each recording: by rank, then the least nested, then the first."""
    best = {}
    for row in sorted(rows, key=lambda row: (row.get("_rank", 0), row["path"].count("/"))):
        best.setdefault(row["_key"], row)
    copies = [
        {"path": row["path"], "reason": COPY, "copy_of": best[row["_key"]]["path"]}
        for row in rows
        if row is not best[row["_key"]]
    ]
    return [row for row in rows if row is best[row["_key"]]], copies


def make_bunch(folder, rows, skipped, name, descr, licence=None):
    """Make the Bunch of a corpus from its rows, and warn of the files left out.

    Parameters
    ----------
    folder : Path
        Base of the rows' relative paths.
    rows : list of dict
        ``path``, ``emotion`` and further columns.
    skipped : list of dict
        ``path`` and ``reason``, and ``copy_of`` for copies.
    name, descr, licence : str

    Returns
    -------
    bunch : Bunch
        ``groups`` is None unless every row has a speaker.
    """
    left_out = pd.DataFrame(skipped, columns=["path", "reason", "copy_of"])
    if skipped:
        _warn_left_out(name, skipped, n_files=len(rows) + len(skipped))
    frame = pd.DataFrame([dict.fromkeys(COLUMNS) | row for row in rows])
    for table, column in ((frame, "path"), (left_out, "path"), (left_out, "copy_of")):
        # an absolute path stays as it is
        table[column] = table[column].map(lambda path: str(folder / path), na_action="ignore")
    # A manifest may have a column corpus.
    frame["corpus"] = frame["corpus"].fillna(name)
    return bunch_of_frame(frame, left_out, name, descr, {name: licence})


def bunch_of_frame(frame, skipped, name, descr, licences):
    """Make a Bunch whose arrays are columns of the frame.

    They are NumPy arrays of fixed-width text. Every splitter can index those, and joblib
    hashes them by content, which it does not do for arrays of Python strings.
    """
    speaker = frame["speaker"]
    return Bunch(
        data=frame["path"].to_numpy(dtype=str),
        target=frame["emotion"].to_numpy(dtype=str),
        groups=None if speaker.isna().any() else speaker.to_numpy(dtype=str),
        frame=frame,
        skipped=skipped,
        name=name,
        DESCR=descr,
        licences=licences,
    )


def _warn_left_out(name, skipped, n_files):
    by_reason = pd.DataFrame(skipped).groupby("reason", sort=False)["path"]
    reasons = [f"{len(paths)} ({name_some(paths)}): {reason}" for reason, paths in by_reason]
    warn_user(
        f"{name}: {len(skipped)} of {n_files} recordings left out. "
        f"{'. '.join(reasons)}. All are listed in bunch.skipped."
    )


def _nothing_found(folder, files, corpus, skipped):
    """Error for a folder without a recording to keep."""
    reasons = [item["reason"] for item in skipped if item["reason"] != UNFIT]
    if reasons:
        reason = f"all {len(reasons)} files of {corpus.name} are left out: {reasons[0]}"
        return CorpusError(reason, path=folder)
    return CorpusError(
        f"no recording of {corpus.name}; {describe_found(files)}",
        path=folder,
        remedy=f"Expected names such as {corpus.example!r} ({corpus.form}), in folders nested in "
        "any way. find_corpora finds the known corpora in a folder, and load_corpus reads one "
        "of your own.",
    )
