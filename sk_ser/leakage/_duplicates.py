"""The front door: clips in, pairs that are one recording out."""

from itertools import combinations, product
from numbers import Real

import pandas as pd

from sk_ser._clipwise import run_clip, settle_problems
from sk_ser._containers import check_items
from sk_ser._parallel import run_in_order
from sk_ser.audio import AudioLoader
from sk_ser.leakage._exact import content_hash, group_equal
from sk_ser.leakage._fingerprint import fingerprint
from sk_ser.leakage._near import find_near

_ON_ERROR = ("raise", "warn", "skip")
#: Clips that are sent to a worker at a time.
_CHUNK = 16


def find_duplicates(X, *, near=True, threshold=0.85, on_error="warn", n_jobs=None):
    r"""Find recordings that are in X more than once, as they are or made over.

    A copy on the other side of a split is an answer that the model has seen. Exact duplicates
    have the same samples at the same rate, whatever their files' names, containers and tags.
    Near duplicates are copies that were encoded, resampled, made louder or noisier, shifted,
    padded, trimmed, stretched (0.9 to 1.1) or changed in pitch (up to 2 semitones), and
    clips cut from one recording so that they share most of the shorter one's sound. Another
    take of the same sentence, by the same speaker in the same emotion, is no duplicate.

    Parameters
    ----------
    X : array-like of length n_clips
        Paths (str or Path; a list, NumPy array or pandas column), or waveforms of shape
        (n_samples,), or an array of shape (n_clips, n_samples).
    near : bool, default=True
        Whether to look for near duplicates, too.
    threshold : float, default=0.85
        Least similarity of near duplicates, within (0, 1].
    on_error : {"raise", "warn", "skip"}, default="warn"
        What to do about clips that cannot be read, once all the others are compared. "raise"
        names all of them in an :class:`AudioError`, "warn" in an :class:`AudioWarning`.
    n_jobs : int or None, default=None
        Clips to work on at a time, as joblib counts them: None is 1, -1 all cores. The
        result is the same for any number.

    Returns
    -------
    DataFrame of shape (n_pairs, 4)
        A row a pair, in ascending order: ``first`` and ``second``, the clips' places in X,
        the lower one first; ``kind``, "exact" or "near"; ``similarity`` in [0, 1], 1 for
        exact duplicates.

    Raises
    ------
    AudioError
        Naming every clip that cannot be read, if ``on_error="raise"``.
    ValueError
        If a parameter is out of its range, or X is no container of clips.

    Notes
    -----
    A clip is described by how far each of 121 bands (110 Hz to 3.6 kHz, 24 an octave) stands
    out from its surroundings, every 16 ms. The magnitude of the description's Fourier
    transform, which knows of no shift in time or pitch [1]_, finds candidates: products of
    these vectors for all pairs are cheap. Candidates are aligned in speed, time and pitch.
    Their similarity is the correlation r of the aligned descriptions times that of the
    places where they agree the least, q; where less than 2.2 s lie upon each other, it falls
    short of 1 by as much more, for a word is soon said alike:
    :math:`1 - (1 - r q) \max(1, 2.2 / d)` for d seconds.

    Clips with less than 0.4 s of sound, or none that changes, have exact duplicates only, and
    of short ones the copies that changed little are found. Of sounds longer than 8 s their
    first 8 s are compared. The 32 most promising pairs of a clip are aligned: of more than 32
    copies each is found, but not each pair of them. Takes of a synthetic voice, such as
    :func:`~sk_ser.datasets.make_emotional_speech` with ``n_repetitions`` makes, may differ by
    little more than speed and pitch, and then count as copies. In memory, a description takes
    11 kB and 7.5 kB for each second.

    References
    ----------
    .. [1] T. Bertin-Mahieux and D. P. W. Ellis (2012), Large-scale cover song recognition
       using the 2D Fourier transform magnitude, ISMIR.

    Examples
    --------
    >>> from sk_ser.audio import Clip
    >>> from sk_ser.augmentation import AddNoise
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.leakage import find_duplicates
    >>> clips = make_emotional_speech(2, 1, ["anger", "sadness"], random_state=0).data
    >>> noisy = AddNoise(20.0, random_state=0).transform_clip(clips[3])
    >>> found = find_duplicates([*clips, clips[1].copy(), noisy])
    >>> found[["first", "second", "kind"]]
       first  second   kind
    0      1       4  exact
    1      3       5   near
    """
    _check(threshold, on_error)
    # whatever fails is kept until all others are compared
    loader = AudioLoader(None, on_error="raise")
    items = check_items(loader, X, "paths")
    hashes, prints, problems = _describe(loader, items, near, n_jobs)
    groups = group_equal(hashes)
    rows = [(*pair, "exact", 1.0) for group in groups for pair in combinations(group, 2)]
    if near:
        rows += _near_rows(groups, prints, threshold, n_jobs)
    settle_problems(problems, on_error)
    return _to_table(rows)


def _check(threshold, on_error):
    is_number = isinstance(threshold, Real) and not isinstance(threshold, bool)
    if not is_number or not 0 < threshold <= 1:
        raise ValueError(f"find_duplicates: threshold={threshold!r} must be within (0, 1].")
    if on_error not in _ON_ERROR:
        raise ValueError(f"find_duplicates: on_error={on_error!r} must be one of {_ON_ERROR}.")


def _describe(loader, items, near, n_jobs):
    """Read each clip once: its hash, its fingerprint, and what was wrong with it."""
    tasks = list(enumerate(items))
    chunks = [tasks[start : start + _CHUNK] for start in range(0, len(tasks), _CHUNK)]
    found = run_in_order(
        _describe_chunk, [(loader, chunk, near) for chunk in chunks], n_jobs=n_jobs
    )
    hashes, prints, problems = zip(*(one for chunk in found for one in chunk), strict=True)
    return hashes, prints, [problem for problem in problems if problem]


def _describe_chunk(loader, tasks, near):
    return [_describe_clip(loader, item, position, near) for position, item in tasks]


def _describe_clip(loader, item, position, near):
    clip, problem = run_clip([loader], item, position)
    if problem:
        return None, None, problem
    return content_hash(clip), fingerprint(clip) if near else None, None


def _near_rows(groups, prints, threshold, n_jobs):
    """Compare one clip of each group of equal ones; what it resembles they all do."""
    groups = [group for group in groups if prints[group[0]] is not None]
    found = find_near([prints[group[0]] for group in groups], threshold, n_jobs)
    return [
        (*sorted(pair), "near", value)
        for (one, other), value in found.items()
        for pair in product(groups[one], groups[other])
    ]


def _to_table(rows):
    table = pd.DataFrame(sorted(rows), columns=["first", "second", "kind", "similarity"])
    types = {"first": int, "second": int, "kind": str, "similarity": float}
    return table.astype(types)
