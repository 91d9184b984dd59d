"""Inner folds of a search: by speaker where there are several."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike
from sklearn.model_selection import LeaveOneGroupOut, StratifiedGroupKFold, StratifiedKFold

from sk_ser.model_selection._checks import check_whole_number


class TuningFolds(LeaveOneGroupOut):
    """Inner folds of a search: speaker-independent where there are at least two speakers.

    A search inside a speaker-independent fold should choose settings that are good for unseen
    speakers, and must not fail if the training set has fewer speakers than folds, as if one of
    TESS's two is left out. So this splits by
    :class:`~sklearn.model_selection.StratifiedGroupKFold` into `n_splits` folds, or as many as
    there are speakers if these are fewer; and by
    :class:`~sklearn.model_selection.StratifiedKFold` if groups are not given or name a single
    speaker.

    Parameters
    ----------
    n_splits : int, default=3
        Maximum number of folds, at least 2.
    random_state : int, RandomState instance or None, default=None
        Seed of the shuffling.

    Examples
    --------
    >>> from sk_ser.model_selection import TuningFolds
    >>> y, speakers = ["calm", "angry"] * 6, list("aabbccddeeff")
    >>> folds = TuningFolds(n_splits=3, random_state=0)
    >>> folds.get_n_splits(y, y, speakers), folds.get_n_splits(y, y, list("aaaaaabbbbbb"))
    (3, 2)
    >>> folds.get_n_splits(y, y, list("aaaaaaaaaaaa"))
    3
    """

    def __init__(self, n_splits=3, *, random_state=None):
        self.n_splits = n_splits
        self.random_state = random_state

    def split(
        self, X: ArrayLike, y: ArrayLike, groups: ArrayLike | None = None
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield the clips of each fold.

        Parameters
        ----------
        X : array-like of shape (n_clips, ...)
            Only its length is used.
        y : array-like of shape (n_clips,)
            Labels, by which the folds are balanced.
        groups : array-like of shape (n_clips,), default=None
            Speaker of each clip.

        Yields
        ------
        train, test : ndarray of int
            Indices of the clips.
        """
        kind = StratifiedKFold if _n_speakers(groups) < 2 else StratifiedGroupKFold
        n_splits = self.get_n_splits(X, y, groups)
        folds = kind(n_splits, shuffle=True, random_state=self.random_state)
        return folds.split(X, y, groups if kind is StratifiedGroupKFold else None)

    def get_n_splits(
        self,
        X: ArrayLike | None = None,
        y: ArrayLike | None = None,
        groups: ArrayLike | None = None,
    ) -> int:
        """Count the folds.

        Parameters
        ----------
        X, y : object, default=None
            Not used.
        groups : array-like of shape (n_clips,), default=None
            Speaker of each clip.

        Returns
        -------
        int
        """
        check_whole_number("TuningFolds: n_splits", self.n_splits, 2)
        n_speakers = _n_speakers(groups)
        return int(min(self.n_splits, n_speakers) if n_speakers >= 2 else self.n_splits)


def _n_speakers(groups):
    return 0 if groups is None else len(np.unique(np.asarray(groups)))
