"""One rule for the recordings of corpora: usable, and under one speaker."""

import hashlib
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.utils import Bunch

from sk_ser._containers import is_path
from sk_ser._parallel import run_tasks
from sk_ser._speakers import find_speaker_fault
from sk_ser.audio import Clip, check_usable, decode
from sk_ser.datasets._report import warn_user
from sk_ser.datasets._table import bunch_of_frame
from sk_ser.exceptions import AudioError, CorpusError

#: Recordings that a worker gets at a time.
_CHUNK = 32


def clean_corpora(
    corpora: Sequence[Bunch], *, on_error: str = "skip", n_jobs: int | None = None
) -> list[Bunch]:
    """Leave out recordings that are unusable, or that another speaker has as well.

    A recording is unusable if it cannot be decoded, is shorter than 0.1 s or silent, as in
    :func:`~sk_ser.recognition.predict_files`. Two recordings are the same if their samples are,
    whatever their files are called and wherever they lie. Under two speakers, or in two corpora,
    they would be in training and test data at once, so only the first is kept. Copies of one
    speaker in one corpus stay: a split by speakers keeps them together.

    Parameters
    ----------
    corpora : sequence of Bunch
        As the loaders return them.
    on_error : {"skip", "raise"}, default="skip"
        Whether an unusable recording is left out with a warning, or ends the work.
    n_jobs : int or None, default=None
        Recordings to decode at a time, as joblib counts them.

    Returns
    -------
    list of Bunch
        Those of which recordings remain. What was left out is in ``bunch.skipped``.

    Raises
    ------
    CorpusError
        If nothing remains, speakers are no people, one recording has two emotions, or a recording
        is unusable and `on_error` is "raise".

    Warns
    -----
    CorpusWarning
        If recordings are left out.

    Examples
    --------
    >>> from sk_ser.datasets import clean_corpora, make_emotional_speech
    >>> speech = make_emotional_speech(2, 2, ("anger", "sadness"), random_state=0)
    >>> (clean,) = clean_corpora([speech])
    >>> len(clean.data) == len(speech.data)
    True
    """
    if on_error not in ("skip", "raise"):
        raise ValueError(f'clean_corpora: on_error={on_error!r} must be "skip" or "raise".')
    first, cleaned = {}, []
    for corpus in corpora:
        fault = corpus.groups is not None and find_speaker_fault(corpus.groups)
        if fault:
            raise CorpusError(f"{corpus.name}: {fault}")
        reasons = _reasons(corpus, first, on_error, n_jobs)
        kept = [reason is None for reason in reasons]
        if any(kept):
            cleaned.append(corpus if all(kept) else _without(corpus, kept, reasons))
        if not all(kept):
            _warn(corpus, reasons)
    if not cleaned:
        raise CorpusError("no usable recording remains", remedy="Pass other recordings.")
    return cleaned


def _reasons(corpus, first, on_error, n_jobs):
    """Return for each recording the reason to leave it out, or None."""
    items = list(corpus.data)
    chunks = [items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK)]
    found = sorted(run_tasks(_describe_all, [(chunk,) for chunk in chunks], n_jobs=n_jobs))
    described = [one for _, chunk in found for one in chunk]
    speakers = [None] * len(items) if corpus.groups is None else corpus.groups
    reasons = []
    for row, (digest, fault) in enumerate(described):
        if fault and on_error == "raise":
            raise CorpusError(fault, path=_place(corpus, row), remedy="Remove it, or skip it.")
        where = (_place(corpus, row), corpus.name, speakers[row], corpus.target[row])
        reasons.append(fault or _same(first.setdefault(digest, where), where))
    return reasons


def _same(known, where):
    """Describe the recording that is the same as another, if it leaks; None if it does not."""
    path, *of_whom, emotion = known
    if of_whom == list(where[1:3]):
        return None
    if emotion != where[3] and known[1] == where[1]:
        raise CorpusError(
            f"it is the same recording as {path}, as {str(where[3])!r} and {str(emotion)!r}",
            path=where[0],
            remedy="Keep one of the two.",
        )
    speaker = "" if of_whom[1] is None else f", of speaker {of_whom[1]}"
    return f"the same recording as {path}{speaker}"


def _place(corpus, row):
    item = corpus.data[row]
    return str(item) if is_path(item) else f"X[{row}]"


def _describe_all(items):
    return [_describe(item) for item in items]


def _describe(item):
    """Return a hash of the samples, and what makes a recording unusable, or None."""
    try:
        samples, rate = decode(item, mono="mix") if is_path(item) else (item, item.sampling_rate)
        clip = check_usable(Clip(np.ravel(samples), rate))
    except AudioError as error:
        return None, error.message
    return hashlib.sha256(f"{rate}".encode() + np.asarray(clip).tobytes()).hexdigest(), None


def _without(corpus, kept, reasons):
    """Return a corpus without some recordings, which are listed in ``skipped``."""
    left_out = pd.DataFrame(
        [
            {"path": _place(corpus, row), "reason": reason, "copy_of": None}
            for row, reason in enumerate(reasons)
            if reason is not None
        ],
        dtype=object,
    )
    skipped = [part for part in (corpus.get("skipped"), left_out) if part is not None and len(part)]
    frame = corpus.frame[kept].reset_index(drop=True)
    about = corpus.name, corpus.get("DESCR", ""), corpus.get("licences", {})
    clean = bunch_of_frame(frame, pd.concat(skipped, ignore_index=True), *about)
    if not is_path(corpus.data[0]):
        clean.data = [item for item, keep in zip(corpus.data, kept, strict=True) if keep]
    clean.left_out = dict(Counter(map(_kind, filter(None, reasons))))
    return clean


def _kind(reason):
    """Return the kind of a reason, for counts."""
    return "copies" if reason.startswith("the same recording") else "unusable"


def _warn(corpus, reasons):
    """Warn of what is left out, by reason."""
    rows = [row for row, reason in enumerate(reasons) if reason]
    named = [f"{_place(corpus, row)}: {reasons[row]}" for row in rows[:3]]
    more = f" and {len(rows) - 3} more" if len(rows) > 3 else ""
    warn_user(
        f"{corpus.name}: {len(rows)} of {len(reasons)} recordings are left out: "
        f"{'; '.join(named)}{more}."
    )
