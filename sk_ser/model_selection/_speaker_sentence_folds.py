"""Folds that test unseen speakers on unseen sentences."""

from collections.abc import Iterator
from itertools import product

import numpy as np
from numpy.typing import ArrayLike
from sklearn.model_selection import BaseCrossValidator, GroupKFold, StratifiedGroupKFold
from sklearn.utils import check_random_state, indexable

from sk_ser.model_selection._checks import check_several, check_whole_number, one_per_clip


class SpeakerSentenceFolds(BaseCrossValidator):
    """Test held-out speakers saying held-out sentences.

    Where all speakers say the same few sentences, a split by speaker still tests a model on
    sentences that it was trained on. Here speakers are divided into folds, balanced by class,
    and sentences into folds of about equal size. Each pair of a fold of speakers and a fold of
    sentences is tested once. The model is trained on clips that share neither with the test
    clips; clips that share only one are in neither part. This is setting S4 of predictions
    about pairs, the hardest of them [1]_.

    A clip belongs to one fold of speakers and one of sentences, so over all folds it is
    tested once. Only if some speakers do not say some sentences, a fold may have no test or no
    training clips; it is left out, and so are its clips.

    Parameters
    ----------
    n_speaker_folds : int, default=5
        Folds of speakers, at least 2. With at most as many speakers, each is a fold.
    n_sentence_folds : int, default=2
        Folds of sentences, likewise. There are ``n_speaker_folds * n_sentence_folds`` fits,
        each on the share ``(1 - 1 / n_speaker_folds) * (1 - 1 / n_sentence_folds)`` of the
        clips: more folds train on more clips, and take longer.
    shuffle : bool, default=False
        Whether to divide speakers and sentences at random.
    random_state : int, RandomState instance or None, default=None
        Seed of the shuffling. Pass an int if some speakers do not say some sentences, because
        `get_n_splits` counts the folds that have clips.

    See Also
    --------
    SpeakerFolds : Given folds of speakers.

    Notes
    -----
    scikit-learn passes one array of groups to a splitter, so `groups` has two columns here.
    scikit-learn takes rows of it as of X, so it works in ``cross_validate``, in
    ``GridSearchCV`` and in one within the other, with and without metadata routing. Sentences
    as a parameter of the splitter would not fit the training part of an outer fold.

    References
    ----------
    .. [1] T. Pahikkala et al., "Toward more realistic drug-target interaction
       predictions", Briefings in Bioinformatics 16(2), 2015, pp. 325-337.

    Examples
    --------
    Four speakers say four sentences each; two folds of each make four:

    >>> import numpy as np
    >>> from sk_ser.model_selection import SpeakerSentenceFolds
    >>> speakers, sentences = np.repeat(list("abcd"), 4), np.tile(["w", "x", "y", "z"], 4)
    >>> groups = np.column_stack([speakers, sentences])
    >>> folds = SpeakerSentenceFolds(2, 2)
    >>> folds.get_n_splits(groups=groups)
    4
    >>> train, test = next(folds.split(speakers, groups=groups))
    >>> set(speakers[train]) & set(speakers[test]), set(sentences[train]) & set(sentences[test])
    (set(), set())
    >>> len(train), len(test)
    (4, 4)
    """

    # scikit-learn's way to request groups by default.
    __metadata_request__split = {"groups": True}

    def __init__(self, n_speaker_folds=5, n_sentence_folds=2, *, shuffle=False, random_state=None):
        self.n_speaker_folds = n_speaker_folds
        self.n_sentence_folds = n_sentence_folds
        self.shuffle = shuffle
        self.random_state = random_state

    def split(
        self, X: ArrayLike, y: ArrayLike | None = None, groups: ArrayLike | None = None
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield the clips of each fold.

        Parameters
        ----------
        X : array-like of shape (n_clips, ...)
            Only its length is used.
        y : array-like of shape (n_clips,), default=None
            Labels, by which folds of speakers are balanced; without labels, by number of
            clips.
        groups : DataFrame, or array-like of shape (n_clips, 2)
            Speaker and sentence of each clip: a table with columns ``speaker`` and
            ``sentence``, such as a corpus's ``frame``, or two columns in this order.

        Yields
        ------
        train, test : ndarray of int
            Indices of the clips.

        Raises
        ------
        ValueError
            If speakers or sentences are missing, there are fewer than two of either, or a
            parameter is out of range.
        """
        X, y, groups = indexable(X, y, groups)
        yield from self._folds(y, groups)

    def get_n_splits(
        self,
        X: ArrayLike | None = None,
        y: ArrayLike | None = None,
        groups: ArrayLike | None = None,
    ) -> int:
        """Count the folds that have both training and test clips.

        Parameters
        ----------
        X : object, default=None
            Not used.
        y : array-like of shape (n_clips,), default=None
            As for :meth:`split`.
        groups : DataFrame, or array-like of shape (n_clips, 2)
            As for :meth:`split`.

        Returns
        -------
        int
            Number of folds.
        """
        return sum(1 for _ in self._folds(y, groups))

    def _folds(self, y, groups):
        for name in ("n_speaker_folds", "n_sentence_folds"):
            check_whole_number(f"SpeakerSentenceFolds: {name}", getattr(self, name), 2)
        if not self.shuffle and self.random_state is not None:
            raise ValueError(
                f"SpeakerSentenceFolds: random_state={self.random_state!r} has no effect without "
                "shuffling. Pass shuffle=True, or omit it."
            )
        speakers, sentences = _two_columns(groups)
        rng = check_random_state(self.random_state) if self.shuffle else None
        by_speaker = _number(speakers, "speaker", self.n_speaker_folds, y, rng)
        by_sentence = _number(sentences, "sentence", self.n_sentence_folds, None, rng)
        for one, other in product(np.unique(by_speaker), np.unique(by_sentence)):
            speaker, sentence = by_speaker == one, by_sentence == other
            test = np.flatnonzero(speaker & sentence)
            train = np.flatnonzero(~speaker & ~sentence)
            # With two speakers and two sentences, at least one pair of folds has clips.
            if len(test) and len(train):
                yield train, test


def _number(values, what, n_folds, y, rng):
    """Return the number of each clip's fold; clips of one value are in one fold."""
    otherwise = ", or split by the other factor alone"
    check_several(values, "SpeakerSentenceFolds", what, otherwise)
    names, codes = np.unique(values, return_inverse=True)
    if rng is not None:
        # The splitters below follow the order of names, which is drawn here.
        codes = rng.permutation(len(names))[codes]
    if len(names) <= n_folds:
        return codes
    folds = GroupKFold(n_folds) if y is None else StratifiedGroupKFold(n_folds)
    numbers = np.empty(len(codes), dtype=int)
    for number, (_, test) in enumerate(folds.split(codes, y, codes)):
        numbers[test] = number
    return numbers


def _two_columns(groups):
    """Take speakers and sentences from a table or from two columns."""
    names = ["speaker", "sentence"]
    if set(names) <= set(getattr(groups, "columns", ())):
        groups = groups[names]
    table = np.asarray(groups, dtype=object)
    if table.ndim != 2 or table.shape[1] != 2:
        given = "None" if groups is None else f"of shape {table.shape}"
        raise ValueError(
            f"SpeakerSentenceFolds: groups is {given}. Pass two columns, the speaker and the "
            "sentence of each clip: a DataFrame with columns of these names, such as corpus.frame, "
            "or np.column_stack([speakers, sentences])."
        )
    return [
        one_per_clip(values, "SpeakerSentenceFolds: groups", what, len(table))
        for what, values in zip(names, table.T, strict=True)
    ]
