"""Given folds of speakers, such as those of a publication."""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import ArrayLike
from sklearn.model_selection import LeaveOneGroupOut


class SpeakerFolds(LeaveOneGroupOut):
    """Test the speakers of one given fold at a time, train on the others.

    Use it to compare results with published ones. Speakers of each fold reproduce a result
    better than a seed does. scikit-learn's ``PredefinedSplit`` takes a fold for each clip;
    this takes a fold for each speaker, and so fits any selection of a corpus's clips, also the
    training part of an outer fold.

    Parameters
    ----------
    folds : sequence of sets, or mapping of speaker to fold
        Either the speakers of each fold, or the fold of each speaker. Speakers must have the
        type of `groups`: ``1`` is not ``"01"``. Speakers without clips are ignored.

    Examples
    --------
    The six folds of RAVDESS's 24 actors, balanced by sex, that are common in the literature:

    >>> from sk_ser.model_selection import SpeakerFolds
    >>> ravdess = SpeakerFolds([
    ...     {1, 11, 20, 21}, {4, 10, 12, 14}, {8, 9, 19, 23},
    ...     {3, 5, 7, 24}, {2, 15, 16, 18}, {6, 13, 17, 22},
    ... ])
    >>> actors = [actor for actor in range(1, 25) for _ in range(60)]
    >>> ravdess.get_n_splits(groups=actors)
    6
    >>> train, test = next(ravdess.split(actors, groups=actors))
    >>> sorted({actors[clip] for clip in test})
    [1, 11, 20, 21]
    """

    def __init__(self, folds):
        self.folds = folds

    def split(
        self, X: ArrayLike, y: ArrayLike | None = None, groups: ArrayLike | None = None
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield the clips of each fold, in the order in which folds were given.

        Parameters
        ----------
        X : array-like of shape (n_clips, ...)
            Only its length is used.
        y : array-like of shape (n_clips,), default=None
            Not used.
        groups : array-like of shape (n_clips,)
            Speaker of each clip.

        Yields
        ------
        train, test : ndarray of int
            Indices of the clips.

        Raises
        ------
        ValueError
            If a speaker is in no fold or in two, or fewer than two folds have clips.
        """
        numbers = self._fold_of_clips(groups)
        if len(np.unique(numbers)) < 2:
            raise ValueError(
                "SpeakerFolds: all clips are by speakers of one fold, which leaves no clip to "
                "train on. At least two folds need speakers that have clips."
            )
        return super().split(X, y, numbers)

    def get_n_splits(
        self,
        X: ArrayLike | None = None,
        y: ArrayLike | None = None,
        groups: ArrayLike | None = None,
    ) -> int:
        """Count the folds that have clips.

        Parameters
        ----------
        X, y : object, default=None
            Not used.
        groups : array-like of shape (n_clips,)
            Speaker of each clip.

        Returns
        -------
        int
            Number of folds.
        """
        return len(np.unique(self._fold_of_clips(groups)))

    def _fold_of_clips(self, groups):
        if groups is None:
            raise ValueError("SpeakerFolds: groups is None. Pass the speaker of each clip.")
        numbers = _fold_of_speakers(self.folds)
        speakers = np.asarray(groups).tolist()
        unknown = sorted(set(speakers) - set(numbers), key=str)
        if unknown:
            raise ValueError(
                f"SpeakerFolds: no fold holds {len(unknown)} of the speakers, the first of them "
                f"{unknown[0]!r}. The folds hold {sorted(numbers, key=str)[:3]}...: give every "
                "speaker a fold, spelled as in groups."
            )
        return np.array([numbers[speaker] for speaker in speakers])


def _fold_of_speakers(folds):
    """Return the number of each speaker's fold, from either form of folds."""
    if isinstance(folds, Mapping):
        names = list(dict.fromkeys(folds.values()))
        return {speaker: names.index(fold) for speaker, fold in folds.items()}
    numbers = {}
    for number, fold in enumerate(folds):
        for speaker in fold:
            if speaker in numbers:
                raise ValueError(
                    f"SpeakerFolds: speaker {speaker!r} is in folds {numbers[speaker]} and "
                    f"{number} (from 0). Keep it in one."
                )
            numbers[speaker] = number
    return numbers
