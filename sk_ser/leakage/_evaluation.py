"""Evaluation: the estimator, clips and folds of an audit, and the scores that checks need."""

import os
import warnings
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass
from functools import cached_property
from numbers import Integral

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, clone, is_classifier
from sklearn.pipeline import Pipeline
from sklearn.utils import indexable

from sk_ser._containers import is_path
from sk_ser.model_selection import compare_protocols, draw_folds

#: Columns of the metadata that training and test clips may share.
FACTORS = ("speaker", "sentence", "session", "repetition", "corpus")
#: Share of training clips from which two protocols train on about as many.
_AS_MANY = 0.95


@dataclass(eq=False, repr=False)
class Evaluation:
    """An evaluation to audit: an estimator, clips, folds, and the scores that checks need.

    Parameters
    ----------
    estimator : classifier
        Is cloned for every fit. A fitted one is also scored on the clips as it is.
    X : array-like of length n_clips
        Paths, clips, sequences or vectors.
    y : array-like of shape (n_clips,)
        Emotions.
    groups : array-like of shape (n_clips,) or None
        Speaker of each clip.
    protocol : str, splitter, iterable of (train, test) or None, default=None
        Folds of the result, as :func:`~sk_ser.model_selection.compare_protocols` takes them.
        None: "speaker-independent" where speakers are known, "random" where they are not.
    n_splits : int, default=5
        Folds of a named protocol.
    metadata : DataFrame or None, default=None
        One row per clip, such as a corpus's ``frame``. The columns ``path``, ``sentence``,
        ``session``, ``repetition``, ``corpus`` and ``sex`` are used where they exist.
    random_state : int, default=0
        Seed of all random draws.
    n_jobs : int or None, default=None
        Fits at a time.

    Attributes
    ----------
    tail : classifier
        The estimator behind the first steps of the pipeline that learn nothing.
    folds : list of (ndarray, ndarray)
        Rows of the training and of the test clips.
    features : array-like of length n_clips
        X behind the first steps of the pipeline that learn nothing, computed once.
    factors : dict of str to ndarray of shape (n_clips,)
        What clips may have in common: speakers, and columns of the metadata.

    Raises
    ------
    ValueError
        If lengths differ, or folds cannot be drawn.
    TypeError
        If `estimator` is not a classifier, `protocol` is an int, or `metadata` is not a
        DataFrame.

    Examples
    --------
    >>> from sk_ser.classifiers import make_svm
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.features import MFCC, Functionals, make_clip_pipeline
    >>> from sk_ser.leakage import Evaluation
    >>> speech = make_emotional_speech(6, 2, random_state=0)
    >>> model = make_svm(make_clip_pipeline(MFCC(), Functionals()))
    >>> evaluation = Evaluation(
    ...     model, speech.data, speech.target, groups=speech.groups, metadata=speech.frame
    ... )
    >>> list(evaluation.factors)
    ['speaker', 'sentence']
    >>> len(evaluation.folds)
    5
    """

    estimator: BaseEstimator
    X: ArrayLike
    y: ArrayLike
    _: KW_ONLY
    groups: ArrayLike | None
    protocol: object = None
    n_splits: int = 5
    metadata: pd.DataFrame | None = None
    random_state: int = 0
    n_jobs: int | None = None

    def __post_init__(self):
        if not is_classifier(self.estimator):
            raise TypeError(
                f"estimator is {self.estimator!r}. Pass an instance of a scikit-learn classifier."
            )
        if isinstance(self.protocol, Integral):
            raise TypeError(
                f"protocol={self.protocol!r} does not say how clips are split. Pass "
                f'protocol="speaker-independent" or "random", and n_splits={self.protocol!r}.'
            )
        (self.X,) = indexable(self.X)
        self.y = np.asarray(self.y)
        self.groups = None if self.groups is None else np.asarray(self.groups)
        default = "random" if self.groups is None else "speaker-independent"
        protocol = default if self.protocol is None else self.protocol
        # drawing checks the lengths of y, groups and metadata
        self.folds = self._draw(protocol, self.groups, self.n_splits)
        everything = range(len(self.y)) if self.metadata is None else None
        self.metadata = pd.DataFrame(self.metadata, index=everything)
        self._head, self.tail = _split_pipeline(self.estimator)

    def _draw(self, protocol, groups, n_splits):
        """Draw the folds that compare_protocols draws."""
        options = {"n_splits": n_splits, "random_state": self.random_state}
        # the checks report what these warnings are about
        with warnings.catch_warnings(action="ignore"):
            return draw_folds(protocol, self.X, self.y, groups, metadata=self.metadata, **options)

    @cached_property
    def recordings(self):
        """Paths or clips: X itself, or the files in the metadata; None where there are none."""
        if self.holds_recordings:
            return self.X
        paths = list(map(str, self.metadata.get("path", ())))
        return paths if paths and all(map(os.path.isfile, paths)) else None

    @cached_property
    def holds_recordings(self):
        """Whether X itself holds recordings, so that nothing was fitted on it before."""
        first = self.item(0)
        return is_path(first) or (np.ndim(first) == 1 and hasattr(first, "sampling_rate"))

    @cached_property
    def table(self):
        """X as a table of numbers, float64; None where it is not a table."""
        values = None if self.holds_recordings else as_numbers(self.X)
        return None if values is None or values.ndim != 2 else values.astype(np.float64)

    def item(self, row: int) -> object:
        """Return one item of X: a path, a clip, a sequence or a vector."""
        return self.X.iloc[row] if hasattr(self.X, "iloc") else self.X[row]

    def name_of(self, row: int) -> str:
        """Return the path of a clip, or its position in X."""
        if "path" in self.metadata:
            return str(self.metadata["path"].iloc[row])
        item = self.item(row)
        return str(item) if is_path(item) else f"X[{row}]"

    @cached_property
    def factors(self):
        """What clips may share, by name, except columns of one value or of unique values."""
        found = {} if self.groups is None else {"speaker": self.groups}
        for name in FACTORS[1:]:
            if name in self.metadata and self.metadata[name].notna().all():
                found[name] = self.metadata[name].astype(str).to_numpy()
        if "repetition" in found:
            # takes of one utterance: the number of a take alone means nothing
            same = [found[name] for name in ("speaker", "sentence") if name in found]
            takes = ["\t".join(map(str, row)) for row in zip(*same, self.y, strict=True)]
            found["repetition"] = np.array(takes)
        return {name: v for name, v in found.items() if 1 < len(np.unique(v)) < len(v)}

    @cached_property
    def features(self):
        """X behind the first steps, which learn nothing."""
        return self._head.fit_transform(self.X) if self._head else self.X

    def shared(self, factor: str) -> float:
        """Share of the test clips whose speaker, sentence, ... is also in training."""
        values = self.factors[factor]
        hits = [np.isin(values[test], values[train]) for train, test in self.folds]
        return float(np.mean(np.concatenate(hits)))

    @cached_property
    def protocols(self):
        """Folds by name: as given, and without what these share between training and test."""
        protocols = {"as given": self.folds}
        for factor in self.factors:
            if self.shared(factor) > 0:
                with suppress(ValueError):  # no such folds exist
                    protocols[self.without(factor)] = self._folds_without(factor)
        if self.tests_new_speakers:
            # beside unseen speakers, the score on seen ones
            with suppress(ValueError):
                n_splits = max(2, len(self.folds))
                protocols["random"] = self._draw("random", self.groups, n_splits)
        return protocols

    @property
    def tests_new_speakers(self) -> bool:
        """Whether no fold trains on a speaker that it tests, as far as speakers are known."""
        return "speaker" in self.factors and self.shared("speaker") == 0

    def without(self, factor: str) -> str:
        """Name the protocol that shares neither a factor nor more than the folds as given."""
        both = factor == "sentence" and self.tests_new_speakers
        return "speaker-and-sentence-independent" if both else f"{factor}-independent"

    def _folds_without(self, factor):
        protocol = self.without(factor)
        if protocol == f"{factor}-independent":
            # any factor can be split as speakers are
            return self._draw("speaker-independent", self.factors[factor], 5)
        n_splits = max(2, min(len(self.folds), len(np.unique(self.groups))))
        return self._draw(protocol, self.groups, n_splits)

    @cached_property
    def comparison(self):
        """Scores, and probabilities if the estimator gives them, under all `protocols`.

        Gaps are relative to "as given". Each fold is fitted once.
        """
        probabilities = hasattr(self.estimator, "predict_proba")
        options = {"probabilities": probabilities, "on_error": "warn", "n_jobs": self.n_jobs}
        return self._compare(clone(self.tail), self.features, self.protocols, **options)

    def gap_of_equal_sizes(self, protocol: str) -> pd.Series | None:
        """Measure a gap again, where the folds as given train on as many clips as a protocol.

        Parameters
        ----------
        protocol : str
            One of `protocols`.

        Returns
        -------
        Series or None
            A row of a comparison's gaps. None if the folds as given train on about as many clips.
        """
        folds = self.protocols[protocol]
        given, other = (np.mean([len(train) for train, _ in f]) for f in (self.folds, folds))
        if other > _AS_MANY * given:
            return None
        rng = np.random.default_rng(self.random_state)
        smaller = [(self._draw_part(train, other / given, rng), test) for train, test in self.folds]
        protocols = {"as given": smaller, protocol: folds}
        found = self._compare(clone(self.tail), self.features, protocols, on_error="warn")
        return None if found.gap.empty else found.gap.iloc[0]

    def _draw_part(self, rows, share, rng):
        """Draw a share of the rows of each class."""
        labels = self.y[rows]
        by_class = [rng.permutation(rows[labels == label]) for label in np.unique(labels)]
        return np.sort(
            np.concatenate([part[: max(1, round(share * len(part)))] for part in by_class])
        )

    def score_of(self, estimator: BaseEstimator, X: ArrayLike) -> pd.Series:
        """Score another estimator on other data in the audited folds.

        Parameters
        ----------
        estimator : classifier
        X : array-like of shape (n_clips, ...)

        Returns
        -------
        Series
            A row of a comparison's table.
        """
        found = self._compare(estimator, X, {"as given": self.folds})
        return found.row("model", "as given")

    def right_in_first_fold(self, rows: ArrayLike, copies: ArrayLike) -> np.ndarray:
        """Fit the first fold, and say which clips and which copies of them it predicts right.

        Parameters
        ----------
        rows : array-like of int
            Test clips of the first fold.
        copies : array-like
            A copy of each, as X holds clips.

        Returns
        -------
        ndarray of bool of shape (2, n_rows)
            Clips, and their copies.
        """
        described = self._head.transform(copies) if self._head else copies
        X, n_clips = _append(self.features, described), len(self.y)
        tested = np.r_[rows, n_clips + np.arange(len(rows))]
        folds = {"copies": [(self.folds[0][0], tested)]}
        rows = np.r_[np.arange(n_clips), rows]
        found = self._compare(clone(self.tail), X, folds, rows=rows)
        table = found.predictions.set_index("index").loc[tested]
        return (table["y_true"] == table["y_pred"]).to_numpy().reshape(2, -1)

    def _compare(self, estimator, X, protocols, *, rows=slice(None), **options):
        groups = None if self.groups is None else self.groups[rows]
        options |= {"groups": groups, "random_state": self.random_state}
        # the checks report what these warnings, and refusals, are about
        with warnings.catch_warnings(action="ignore"):
            return compare_protocols(
                {"model": estimator},
                X,
                self.y[rows],
                protocols=protocols,
                allow_prefitted=True,
                **options,
            )

    @property
    def chance(self) -> float:
        """UAR of guessing, from 0 to 1."""
        return 1 / len(np.unique(self.y))


def as_numbers(X):
    """Return X as an array of numbers with a row for each clip; None where it is not one."""
    values = None if isinstance(X, list) else np.asarray(X)
    is_one = values is not None and values.ndim > 1 and np.issubdtype(values.dtype, np.number)
    return values if is_one else None


def _append(X, more):
    if isinstance(X, pd.DataFrame):
        return pd.concat([X, pd.DataFrame(more, columns=X.columns)], ignore_index=True)
    if isinstance(X, np.ndarray) and X.dtype != object:
        return np.concatenate([X, more])
    return [*X, *more]


def _split_pipeline(estimator):
    """Return the first steps, which learn nothing, and the estimator behind them."""
    steps = estimator.steps if isinstance(estimator, Pipeline) else []
    n_head = 0
    while n_head < len(steps) - 1 and hasattr(steps[n_head][1], "transform_clip"):
        n_head += 1
    return (estimator[:n_head], estimator[n_head:]) if n_head else (None, estimator)
