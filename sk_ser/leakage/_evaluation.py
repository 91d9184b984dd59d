"""What is audited: an estimator, clips and folds, and the scores that several checks ask for."""

import os
import warnings
from functools import cached_property

import numpy as np
import pandas as pd
from sklearn.base import clone, is_classifier
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold
from sklearn.pipeline import Pipeline
from sklearn.utils import indexable
from sklearn.utils.validation import _num_samples

from sk_ser._containers import is_path
from sk_ser.leakage._finding import NotChecked
from sk_ser.model_selection import SpeakerSentenceFolds, compare_protocols

#: Columns of a corpus's table that clips of both sides may have in common.
FACTORS = ("speaker", "sentence", "session", "repetition", "corpus")


class Evaluation:
    """An evaluation to be audited: who is asked, on which clips, in which folds.

    Parameters
    ----------
    estimator : classifier
        Cloned for every fit. One that is fitted may be asked about what it was fitted on.
    X : array-like of length n_clips
        Paths, clips, sequences or vectors.
    y : array-like of shape (n_clips,)
        Emotions.
    groups : array-like of shape (n_clips,) or None
        Speaker of each clip.
    cv : splitter, iterable of (train, test), int or None, default=None
        Folds that the result is of. An int: so many random folds, as scikit-learn draws
        them. None: five folds of speakers, or random ones where speakers are not known.
    metadata : DataFrame or None, default=None
        A row a clip, as a corpus's ``frame``: ``path``, ``sentence``, ``session``,
        ``repetition``, ``corpus``, ``sex``, as far as they are known.
    random_state : int, default=0
        Seed of whatever is drawn.
    n_jobs : int or None, default=None
        Fits at a time.

    Attributes
    ----------
    folds : list of (ndarray, ndarray)
        Rows of the training and of the test clips.
    features : array-like of length n_clips
        X behind the steps at the head of the pipeline that learn nothing: computed once.
    factors : dict of str to ndarray of shape (n_clips,)
        What clips may have in common: speakers, and what the metadata hold.

    Examples
    --------
    >>> from sk_ser.classifiers import make_svm
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.features import MFCC, Functionals, make_clip_pipeline
    >>> from sk_ser.leakage import Evaluation
    >>> speech = make_emotional_speech(6, 2, random_state=0)
    >>> model = make_svm(make_clip_pipeline(MFCC(), Functionals()))
    >>> evaluation = Evaluation(
    ...     model, speech.data, speech.target, groups=speech.groups, cv=5, metadata=speech.frame
    ... )
    >>> list(evaluation.factors)
    ['speaker', 'sentence']
    >>> len(evaluation.folds)
    5
    """

    def __init__(
        self, estimator, X, y, *, groups, cv=None, metadata=None, random_state=0, n_jobs=None
    ):
        (self.X,) = indexable(X)
        self.estimator = estimator
        self.y = np.asarray(y)
        self.groups = None if groups is None else np.asarray(groups)
        self.metadata = metadata
        self.random_state = random_state
        self.n_jobs = n_jobs
        self._check()
        self.folds = self._draw(cv)

    def _check(self):
        n_clips = _num_samples(self.X)
        for name in ("y", "groups", "metadata"):
            values = getattr(self, name)
            if values is not None and len(values) != n_clips:
                raise ValueError(
                    f"{name} holds {len(values)} rows, X {n_clips} clips. Pass one for each clip, "
                    "in the same order."
                )
        if not is_classifier(self.estimator):
            raise TypeError(
                f"estimator is {self.estimator!r}. Pass an instance of a scikit-learn classifier."
            )
        if self.metadata is not None and not isinstance(self.metadata, pd.DataFrame):
            raise TypeError(
                f"metadata is a {type(self.metadata).__name__}. Pass a DataFrame with a row a "
                "clip, as a corpus's frame is."
            )

    def _draw(self, cv):
        if cv is None:
            if self.groups is None:
                return self._stratified(5)
            return self.group_folds(self.groups)
        if isinstance(cv, int):
            return self._stratified(cv)
        if hasattr(cv, "split"):
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", message="The groups parameter is ignored by")
                folds = list(cv.split(self.X, self.y, self.groups))
        else:
            folds = [tuple(fold) for fold in cv]
        rows = np.arange(len(self.y))
        return [(rows[train], rows[test]) for train, test in folds]

    def _stratified(self, n_splits):
        folds = StratifiedKFold(n_splits, shuffle=True, random_state=self.random_state)
        return list(folds.split(self.y, self.y))

    def group_folds(self, groups, n_splits=5):
        """Draw folds that no group is on both sides of; of one group each, if they are few."""
        n_groups = len(np.unique(groups))
        if n_groups < 2:
            raise NotChecked(f"all clips are of one: {np.unique(groups).tolist()}")
        folds = StratifiedGroupKFold(
            min(n_splits, n_groups), shuffle=True, random_state=self.random_state
        )
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="The least populated class in y")
            return [f for f in folds.split(self.y, self.y, groups) if len(f[0]) and len(f[1])]

    @cached_property
    def recordings(self):
        """Paths or clips: X itself, or the files that metadata name; None where there are none."""
        first = self.X.iloc[0] if hasattr(self.X, "iloc") else self.X[0]
        if is_path(first) or (np.ndim(first) == 1 and getattr(first, "sampling_rate", None)):
            return self.X
        if self.metadata is not None and "path" in self.metadata:
            paths = [str(path) for path in self.metadata["path"]]
            return paths if all(map(os.path.isfile, paths)) else None
        return None

    @cached_property
    def holds_recordings(self):
        """Whether X itself is recordings, of which nothing was learnt yet."""
        return self.recordings is not None and self.recordings is self.X

    @cached_property
    def table(self):
        """X as a table of numbers, float64; None where it is none."""
        if self.holds_recordings or isinstance(self.X, list):
            return None
        values = np.asarray(self.X)
        is_table = values.ndim == 2 and np.issubdtype(values.dtype, np.number)
        return values.astype(np.float64) if is_table else None

    def name_of(self, row):
        """Name one clip, by its path where there is one."""
        if self.metadata is not None and "path" in self.metadata:
            return str(self.metadata["path"].iloc[row])
        item = self.X.iloc[row] if hasattr(self.X, "iloc") else self.X[row]
        return str(item) if is_path(item) else f"X[{row}]"

    @cached_property
    def factors(self):
        """What clips may have in common, by name; what no two clips, or all, have is left out."""
        found = {} if self.groups is None else {"speaker": self.groups}
        for name in FACTORS[1:] if self.metadata is not None else ():
            if name in self.metadata and self.metadata[name].notna().all():
                found[name] = self.metadata[name].astype(str).to_numpy()
        if "repetition" in found:
            # takes of one thing: the same number of a take means nothing by itself
            same = [found[name] for name in ("speaker", "sentence") if name in found]
            found["repetition"] = np.array(
                ["\t".join(map(str, row)) for row in zip(*same, self.y, strict=True)]
            )
        return {
            name: values
            for name, values in found.items()
            if 1 < len(np.unique(values)) < len(values)
        }

    @cached_property
    def _split_pipeline(self):
        """The steps that learn nothing, and what is behind them."""
        steps = list(self.estimator.steps) if isinstance(self.estimator, Pipeline) else []
        head = []
        while len(steps) > 1 and getattr(steps[0][1], "transform_clip", None):
            head.append(steps.pop(0))
        return (Pipeline(head) if head else None), (Pipeline(steps) if head else self.estimator)

    @property
    def tail(self):
        """The estimator behind the steps that learn nothing."""
        return self._split_pipeline[1]

    @cached_property
    def features(self):
        """X behind the steps that learn nothing."""
        head, _ = self._split_pipeline
        return self.X if head is None else head.fit_transform(self.X)

    def shared(self, factor):
        """Share of the test clips of which training clips have the same speaker, sentence, ..."""
        values = self.factors[factor]
        hits = [np.isin(values[test], values[train]) for train, test in self.folds]
        return float(np.mean(np.concatenate(hits)))

    @cached_property
    def protocols(self):
        """Folds by name: as given, and without what these have on both sides."""
        protocols = {"as given": self.folds}
        for factor, values in self.factors.items():
            if self.shared(factor) > 0:
                protocols[self.without(factor)] = self._folds_without(factor, values)
        if self.tests_new_speakers:
            # beside voices never heard, what it would be on heard ones
            protocols["random"] = self._stratified(len(self.folds))
        return protocols

    @property
    def tests_new_speakers(self):
        """Whether no test clip's speaker was trained on, as far as is known."""
        return "speaker" in self.factors and self.shared("speaker") == 0

    def without(self, factor):
        """Name the protocol that has none of a factor on both sides, nor more than is given."""
        both = factor == "sentence" and self.tests_new_speakers
        return "speaker-and-sentence-independent" if both else f"{factor}-independent"

    def _folds_without(self, factor, values):
        if self.without(factor) == f"{factor}-independent":
            return self.group_folds(values)
        n_speakers = len(np.unique(self.groups))
        folds = SpeakerSentenceFolds(
            min(len(self.folds), n_speakers), 2, shuffle=True, random_state=self.random_state
        )
        pairs = np.column_stack([self.groups.astype(str), values])
        return list(folds.split(self.y, self.y, pairs))

    @cached_property
    def comparison(self):
        """Scores of the estimator under all `protocols`; gaps are taken from "as given"."""
        with warnings.catch_warnings():
            # what these warn of is what checks report
            warnings.simplefilter("ignore")
            return compare_protocols(
                {"model": clone(self.tail)},
                self.features,
                self.y,
                groups=self.groups,
                protocols=self.protocols,
                on_error="warn",
                random_state=self.random_state,
                n_jobs=self.n_jobs,
            )

    def score_of(self, estimator, X, y=None):
        """Score another estimator on other data in the audited folds."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return compare_protocols(
                {"model": estimator},
                X,
                self.y if y is None else y,
                groups=self.groups,
                protocols={"as given": self.folds},
                random_state=self.random_state,
            ).row("model", "as given")

    @property
    def chance(self):
        """UAR of guessing."""
        return 1 / len(np.unique(self.y))
