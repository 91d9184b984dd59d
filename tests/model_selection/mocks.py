"""Classifiers of which one knows what they will answer."""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin


class Memoriser(ClassifierMixin, BaseEstimator):
    """Knows the label of every (speaker, label) pair it was fitted on, and no other.

    X holds such pairs. Of a new voice it says the first class, always: a recall
    of 1 for that class and 0 for the others, hence a UAR of exactly chance.
    """

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        self.seen_ = {tuple(pair): label for pair, label in zip(X, y, strict=True)}
        return self

    def predict(self, X):
        return np.array([self.seen_.get(tuple(pair), self.classes_[0]) for pair in X])


class Truthful(ClassifierMixin, BaseEstimator):
    """Says what X holds, and fails when it is asked to train without speaker `needs`."""

    def __init__(self, needs=None):
        self.needs = needs

    def fit(self, X, y, groups=None):
        if self.needs is not None and self.needs not in groups:
            raise Picky("no", needed=self.needs)
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        return np.asarray(X)


class Picky(Exception):
    """An error that cannot leave its process: what it holds cannot be pickled."""

    def __init__(self, text, *, needed):
        super().__init__(text)
        self.needed = lambda: needed


class Chancer(ClassifierMixin, BaseEstimator):
    """Guesses from its own random_state."""

    def __init__(self, random_state=None):
        self.random_state = random_state

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        return np.random.default_rng(self.random_state).choice(self.classes_, len(X))


def pairs(n_speakers=8, n_classes=4, n_clips=5):
    """(speaker, label) pairs, labels and speakers of a balanced corpus."""
    speakers = np.repeat(np.arange(n_speakers), n_classes * n_clips)
    labels = np.tile(np.repeat(np.arange(n_classes), n_clips), n_speakers)
    emotions = np.array(["angry", "calm", "happy", "sad", "bored"])[labels]
    return np.column_stack([speakers, labels]), emotions, speakers
