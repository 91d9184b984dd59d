"""Find recordings that occur more than once."""

from itertools import combinations, product
from numbers import Real

import pandas as pd
from numpy.typing import ArrayLike

from sk_ser._clipwise import run_clip, settle_problems
from sk_ser._containers import check_items
from sk_ser._parallel import run_in_order
from sk_ser.audio import AudioLoader
from sk_ser.duplicates._exact import content_hash, group_equal
from sk_ser.duplicates._fingerprint import fingerprint
from sk_ser.duplicates._near import find_near

_ON_ERROR = ("raise", "warn", "skip")


def find_duplicates(
    X: ArrayLike,
    *,
    near: bool = True,
    threshold: float = 0.85,
    on_error: str = "warn",
    n_jobs: int | None = None,
) -> pd.DataFrame:
    r"""Find recordings that occur in X more than once, unchanged or altered.

    If one copy is in the training part of a split and the other in the test part, the model has
    already seen the answer. Exact duplicates have the same samples at the same rate, whatever
    their file names, containers and tags are. Near duplicates are copies that were encoded,
    resampled, amplified, mixed with noise, shifted, padded, trimmed, stretched (0.9 to 1.1) or
    changed in pitch (up to 2 semitones), and clips cut from one recording that share most of
    the shorter clip's sound. Another take of the same sentence by the same speaker in the same
    emotion is not a duplicate.

    Parameters
    ----------
    X : array-like of length n_clips
        Paths (str or Path; a list, NumPy array or pandas column), or waveforms of shape
        (n_samples,), or an array of shape (n_clips, n_samples).
    near : bool, default=True
        Whether to search for near duplicates as well.
    threshold : float, default=0.85
        Least similarity of near duplicates, within (0, 1].
    on_error : {"raise", "warn", "skip"}, default="warn"
        What happens with clips that cannot be read, after all others have been compared.
        "raise" lists them in an :class:`AudioError`, "warn" in an :class:`AudioWarning`.
    n_jobs : int or None, default=None
        Processes, as joblib counts them: None is 1, -1 is all cores. The result does not
        depend on it.

    Returns
    -------
    DataFrame of shape (n_pairs, 4)
        One row per pair, in ascending order. Columns: ``first`` and ``second``, the positions
        of the clips in X, the lower one first; ``kind``, "exact" or "near"; ``similarity`` in
        [0, 1], 1 for exact duplicates.

    Raises
    ------
    AudioError
        If a clip cannot be read and ``on_error="raise"``. All such clips are named.
    ValueError
        If a parameter is out of range, or X is not a container of clips.

    Notes
    -----
    A clip is described by how far each of 121 bands (110 Hz to 3.6 kHz, 24 per octave) stands
    out from its surroundings, every 16 ms. The magnitude of the description's Fourier
    transform does not depend on shifts in time or pitch [1]_. Products of these magnitudes,
    which are cheap for all pairs, select candidates. Candidates are aligned in speed, time and
    pitch. Their similarity is the correlation r of the aligned descriptions times the
    correlation q of the places where they agree least. An overlap of less than 2.2 s increases
    the distance from 1, because two takes may agree on a single word:
    :math:`1 - (1 - r q) \max(1, 2.2 / d)` for an overlap of d seconds.

    Clips with less than 0.4 s of sound, or with constant sound, have exact duplicates only. Of
    short clips only copies that changed little are found. Of sounds longer than 8 s the first
    8 s are compared. The 32 most promising pairs of a clip are aligned: of more than 32 copies
    each one is found, but not each pair. Takes of a synthetic voice, such as
    :func:`~sk_ser.datasets.make_emotional_speech` makes with ``n_repetitions``, may differ in
    little more than speed and pitch, and then count as copies. A description takes 11 kB and
    another 7.5 kB per second of sound in memory.

    References
    ----------
    .. [1] T. Bertin-Mahieux and D. P. W. Ellis (2012), Large-scale cover song recognition
       using the 2D Fourier transform magnitude, ISMIR.

    Examples
    --------
    >>> from sk_ser.audio import Clip
    >>> from sk_ser.augmentation import AddNoise
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.duplicates import find_duplicates
    >>> clips = make_emotional_speech(2, 1, ["anger", "sadness"], random_state=0).data
    >>> noisy = AddNoise(20.0, random_state=0).transform_clip(clips[3])
    >>> found = find_duplicates([*clips, clips[1].copy(), noisy])
    >>> found[["first", "second", "kind"]]
       first  second   kind
    0      1       4  exact
    1      3       5   near
    """
    _check(threshold, on_error)
    # problems are reported after all other clips have been compared
    loader = AudioLoader(None, remove_dc=False, on_error="raise")
    items = check_items(loader, X, "paths")
    tasks = [(loader, item, position, near) for position, item in enumerate(items)]
    described = run_in_order(_describe, tasks, n_jobs=n_jobs)
    hashes, prints, problems = zip(*described, strict=True)
    groups = group_equal(hashes)
    rows = [(*pair, "exact", 1.0) for group in groups for pair in combinations(group, 2)]
    if near:
        rows += _near_rows(groups, prints, threshold, n_jobs)
    settle_problems([problem for problem in problems if problem], on_error)
    table = pd.DataFrame(sorted(rows), columns=["first", "second", "kind", "similarity"])
    types = {"first": int, "second": int, "kind": str, "similarity": float}
    return table.astype(types)


def _check(threshold, on_error):
    is_number = isinstance(threshold, Real) and not isinstance(threshold, bool)
    if not is_number or not 0 < threshold <= 1:
        raise ValueError(f"find_duplicates: threshold={threshold!r} must be within (0, 1].")
    if on_error not in _ON_ERROR:
        raise ValueError(f"find_duplicates: on_error={on_error!r} must be one of {_ON_ERROR}.")


def _describe(loader, item, position, near):
    """Read a clip, and return its hash, fingerprint and problem."""
    clip, problem = run_clip([loader], item, position)
    if problem:
        return None, None, problem
    return content_hash(clip), fingerprint(clip) if near else None, None


def _near_rows(groups, prints, threshold, n_jobs):
    """Compare one clip of each group of equal clips, and report the result for all of them."""
    groups = [group for group in groups if prints[group[0]] is not None]
    found = find_near([prints[group[0]] for group in groups], threshold, n_jobs)
    return [
        (*sorted(pair), "near", value)
        for (one, other), value in found.items()
        for pair in product(groups[one], groups[other])
    ]
