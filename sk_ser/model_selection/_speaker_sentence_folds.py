"""Folds whose test clips are new in two ways: who speaks, and what is said."""

from numbers import Integral

import numpy as np
from sklearn.model_selection import GroupKFold, LeaveOneGroupOut, StratifiedGroupKFold
from sklearn.utils import check_array, check_random_state


class SpeakerSentenceFolds(LeaveOneGroupOut):
    """Test new speakers who say new sentences.

    Speakers and sentences are parted into folds each. A fold of the result tests the clips in
    which some of the speakers say some of the sentences, and trains on the clips of other
    speakers that say other sentences; what has only one of both in common is in neither. A
    corpus with few sentences, as most acted ones are, otherwise has each of them in
    training, and what a model has learnt of the words is taken for the emotion.

    Parameters
    ----------
    n_speaker_folds : int, default=5
        Parts that the speakers make, at least 2.
    n_sentence_folds : int, default=2
        Parts that the sentences make, at least 2. With more of them training parts are larger
        and test parts smaller: ``n_speaker_folds * n_sentence_folds`` folds.
    shuffle : bool, default=False
        Whether speakers and sentences are parted at random.
    random_state : int, RandomState instance or None, default=None
        Seed, with `shuffle`.

    See Also
    --------
    SpeakerFolds : Given folds of speakers.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.model_selection import SpeakerSentenceFolds
    >>> speakers, sentences = np.repeat(list("abcd"), 6), np.tile([1, 2, 3], 8)
    >>> groups = np.column_stack([speakers, sentences])
    >>> folds = SpeakerSentenceFolds(n_speaker_folds=2, n_sentence_folds=3)
    >>> folds.get_n_splits(groups=groups)
    6
    >>> train, test = next(folds.split(speakers, groups=groups))
    >>> set(speakers[train]) & set(speakers[test]), set(sentences[train]) & set(sentences[test])
    (set(), set())
    """

    def __init__(self, n_speaker_folds=5, n_sentence_folds=2, *, shuffle=False, random_state=None):
        self.n_speaker_folds = n_speaker_folds
        self.n_sentence_folds = n_sentence_folds
        self.shuffle = shuffle
        self.random_state = random_state

    def split(self, X, y=None, groups=None):
        """Yield the clips of each fold.

        Parameters
        ----------
        X : array-like of shape (n_clips, ...)
            Only its length counts.
        y : array-like of shape (n_clips,), default=None
            Emotions; if given, parts of the speakers have about the same share of each.
        groups : array-like of shape (n_clips, 2)
            Speaker and sentence of each clip.

        Yields
        ------
        train, test : ndarray of int
            Indices of the clips. Folds without either are left out.

        Raises
        ------
        ValueError
            If groups are not pairs, or there are fewer speakers or sentences than parts.
        """
        yield from self._folds(y, groups)

    def get_n_splits(self, X=None, y=None, groups=None):
        """Count the folds.

        Parameters
        ----------
        X : object, default=None
            Not used.
        y : array-like of shape (n_clips,), default=None
            Emotions.
        groups : array-like of shape (n_clips, 2)
            Speaker and sentence of each clip.

        Returns
        -------
        int
            Number of folds.
        """
        return len(self._folds(y, groups))

    def _folds(self, y, groups):
        speakers, sentences = self._check(groups)
        rng = check_random_state(self.random_state) if self.shuffle else None
        of_speaker = _part(speakers, self.n_speaker_folds, y, rng)
        of_sentence = _part(sentences, self.n_sentence_folds, None, rng)
        folds = []
        for speaker in range(self.n_speaker_folds):
            for sentence in range(self.n_sentence_folds):
                tested, said = of_speaker == speaker, of_sentence == sentence
                train, test = np.flatnonzero(~tested & ~said), np.flatnonzero(tested & said)
                if len(train) and len(test):
                    folds.append((train, test))
        return folds

    def _check(self, groups):
        if groups is None:
            raise ValueError(
                "SpeakerSentenceFolds: groups is None. Pass the speaker and the sentence of each "
                "clip, numpy.column_stack([speakers, sentences])."
            )
        groups = check_array(groups, dtype=None, ensure_all_finite=False)
        if groups.shape[1] != 2:
            raise ValueError(
                f"SpeakerSentenceFolds: groups has {groups.shape[1]} columns. Pass two, the "
                "speaker and the sentence of each clip."
            )
        for column, what in enumerate(("speaker", "sentence")):
            wanted, n_there = getattr(self, f"n_{what}_folds"), len(np.unique(groups[:, column]))
            if not isinstance(wanted, Integral) or wanted < 2:
                raise ValueError(
                    f"SpeakerSentenceFolds: n_{what}_folds={wanted!r} must be a whole number "
                    "from 2."
                )
            if n_there < wanted:
                raise ValueError(
                    f"SpeakerSentenceFolds: n_{what}_folds={wanted}, and there are {n_there} "
                    f"{what}s. Ask for fewer folds, or add {what}s."
                )
        return groups[:, 0], groups[:, 1]


def _part(values, n_parts, y, rng):
    """Find the part that each clip is in; clips of one value are in one."""
    if rng is not None:
        # a splitter that does not shuffle, over names that were
        names, codes = np.unique(values, return_inverse=True)
        values = rng.permutation(len(names))[codes]
    splitter = GroupKFold(n_parts) if y is None else StratifiedGroupKFold(n_parts)
    parts = np.empty(len(values), dtype=int)
    for number, (_, rows) in enumerate(splitter.split(values, y, values)):
        parts[rows] = number
    return parts
