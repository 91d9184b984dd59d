"""A classifier that learns from augmented copies as well, made of what it is fitted on."""

import numpy as np
from sklearn.base import ClassifierMixin, MetaEstimatorMixin, clone
from sklearn.pipeline import _name_estimators
from sklearn.utils import check_consistent_length, get_tags
from sklearn.utils.metadata_routing import UNUSED, MetadataRouter, MethodMapping
from sklearn.utils.metaestimators import _BaseComposition, available_if
from sklearn.utils.validation import _check_sample_weight, check_is_fitted

from sk_ser._compat import CachedParamNames
from sk_ser.augmentation._copies import (
    chain_of,
    check_plan,
    make_copies,
    put_together,
    take_apart,
)
from sk_ser.augmentation._fit_params import fit_params
from sk_ser.augmentation._inner_splits import refuse_inner_splits
from sk_ser.augmentation._seeds import digest


def _estimator_has(name):
    """Make a check of whether the estimator has a method, fitted or not."""

    def check(self):
        # raises AttributeError, with its own message, where it has not
        getattr(getattr(self, "estimator_", self.estimator), name)
        return True

    return check


class AugmentedClassifier(CachedParamNames, MetaEstimatorMixin, ClassifierMixin, _BaseComposition):
    """Fit a classifier on clips and augmented copies of them.

    Copies that are made before a split lie on both sides of it, and a classifier that
    recognises a clip it has heard scores well on nothing. Here they are made in ``fit``, of
    what ``fit`` gets, and so of training clips only, in whatever cross-validation or search
    this stands; prediction sees clips as they are.

    Parameters
    ----------
    estimator : classifier
        What learns: of clips, a pipeline that begins with descriptors; of sequences, one that
        takes these.
    augmenters : list of augmenter, or of lists of them
        Copy number k (from 0) goes through entry ``k % len(augmenters)``; an entry that is
        a list through all its augmenters in turn. Their own `random_state` has no say.
    n_copies : int, default=1
        Copies of each clip, beside the clip itself; 0 for no augmentation.
    random_state : int, RandomState instance or None, default=None
        Seed. With an int, a clip has the same copies in every fold, whichever clips are
        beside it, so that a :class:`~sk_ser.features.ClipPipeline` with `memory` in the
        estimator describes each once. None draws anew in each ``fit``.

    Attributes
    ----------
    estimator_ : classifier
        Fitted on clips and copies.
    classes_ : ndarray of shape (n_classes,)
        Labels, in the order of the probabilities.
    n_features_in_ : int
        Number of samples of each clip, if `fit` saw a 2-D array.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Names of the columns, if `fit` saw a 2-D DataFrame.

    Notes
    -----
    Parameters of augmenters are called after their classes in lower case, such as
    ``addnoise__snr`` (``addnoise-1__snr``, ``addnoise-2__snr`` where there are several), and
    can be tuned, as `n_copies` can.

    An estimator that holds clips out itself would hold out copies of those it learns from. So
    a search, calibration or stacking belongs around this, not inside: one inside is
    refused, and so is early stopping, except where groups keep copies and clip together. What
    takes groups gets them; if none are given, each clip and its copies are one.

    All copies are in memory at a time.

    Examples
    --------
    >>> from sk_ser.augmentation import AddNoise, AugmentedClassifier, PitchShift
    >>> from sk_ser.classifiers import make_svm
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.features import MFCC, Functionals, make_clip_pipeline
    >>> speech = make_emotional_speech(n_speakers=2, n_sentences=2, random_state=0)
    >>> svm = make_svm(make_clip_pipeline(MFCC(), Functionals()))
    >>> augmenters = [AddNoise(snr=20.0), [PitchShift(), AddNoise()]]
    >>> model = AugmentedClassifier(svm, augmenters, n_copies=2, random_state=0)
    >>> model.fit(speech.data, speech.target).predict(speech.data[:1]).tolist()
    ['anger']
    """

    # routed on to the estimator, and of no use here
    __metadata_request__fit = {"groups": UNUSED, "sample_weight": UNUSED}

    def __init__(self, estimator, augmenters, n_copies=1, *, random_state=None):
        self.estimator = estimator
        self.augmenters = augmenters
        self.n_copies = n_copies
        self.random_state = random_state

    def fit(self, X, y, *, groups=None, sample_weight=None):
        """Make copies, and fit a clone of the estimator on clips and copies.

        Parameters
        ----------
        X : array-like of length n_clips
            Clips in a list, a 2-D array or a table; sequences where the augmenters take
            those.
        y : array-like of shape (n_clips,)
            Labels; a copy has its clip's.
        groups : array-like of shape (n_clips,), default=None
            Group, such as the speaker, of each clip; a copy has its clip's. Handed to the
            estimator if it takes groups. If it does and none are given, clips that differ
            are groups of their own.
        sample_weight : array-like of shape (n_clips,), default=None
            Weight of each clip; a copy has its clip's.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If X holds paths, a parameter cannot be, the estimator would split clips from
            their copies, or it takes no weights and there are some.
        """
        items = take_apart(self, X, y, check_plan(self))
        check_consistent_length(items, y, groups, sample_weight)
        digests = [digest(item) for item in items]
        params = self._fit_params(items, digests, groups, sample_weight)
        plan = self.augmenters, self.n_copies, self.random_state
        copies = make_copies(items, digests, *plan)
        rows = put_together(self, [*items, *copies], X)
        self.estimator_ = clone(self.estimator).fit(rows, self._for_copies(y), **params)
        self.classes_ = self.estimator_.classes_
        return self

    def _fit_params(self, items, digests, groups, sample_weight):
        """Gather what else the estimator is fitted with, a row a clip or copy."""
        if sample_weight is not None:
            sample_weight = _check_sample_weight(sample_weight, items)
        siblings = None
        if self.n_copies > 0:
            refuse_inner_splits(self, len(items) * (1 + self.n_copies))
            # clips that are given twice have equal copies, and so are one
            numbers = {mark: number for number, mark in enumerate(digests)}
            siblings = [numbers[mark] for mark in digests]
        metadata = [self._for_copies(one) for one in (groups, siblings, sample_weight)]
        return fit_params(self, *metadata)

    def _for_copies(self, values):
        """Repeat what belongs to the clips for each round of copies."""
        if values is None:
            return None
        return np.concatenate([np.asarray(values)] * (1 + self.n_copies))

    @available_if(_estimator_has("predict"))
    def predict(self, X):
        """Predict the label of each clip.

        Parameters
        ----------
        X : array-like of length n_clips
            What the estimator takes.

        Returns
        -------
        ndarray of shape (n_clips,)
        """
        check_is_fitted(self)
        return self.estimator_.predict(X)

    @available_if(_estimator_has("predict_proba"))
    def predict_proba(self, X):
        """Predict the probability of each class.

        Parameters
        ----------
        X : array-like of length n_clips
            What the estimator takes.

        Returns
        -------
        ndarray of shape (n_clips, n_classes)
            In the order of `classes_`.
        """
        check_is_fitted(self)
        return self.estimator_.predict_proba(X)

    @available_if(_estimator_has("predict_log_proba"))
    def predict_log_proba(self, X):
        """Predict the logarithm of the probability of each class.

        Parameters
        ----------
        X : array-like of length n_clips
            What the estimator takes.

        Returns
        -------
        ndarray of shape (n_clips, n_classes)
            In the order of `classes_`.
        """
        check_is_fitted(self)
        return self.estimator_.predict_log_proba(X)

    @available_if(_estimator_has("decision_function"))
    def decision_function(self, X):
        """Compute the decision value of each class.

        Parameters
        ----------
        X : array-like of length n_clips
            What the estimator takes.

        Returns
        -------
        ndarray of shape (n_clips, n_classes) or (n_clips,)
            In the order of `classes_`; of the second of two.
        """
        check_is_fitted(self)
        return self.estimator_.decision_function(X)

    @property
    def _named_augmenters(self):
        if not isinstance(self.augmenters, (list, tuple)):
            return []
        return _name_estimators([one for entry in self.augmenters for one in chain_of(entry)])

    @_named_augmenters.setter
    def _named_augmenters(self, named):
        augmenters = iter([augmenter for _, augmenter in named])
        self.augmenters = [
            [next(augmenters) for _ in entry]
            if isinstance(entry, (list, tuple))
            else next(augmenters)
            for entry in self.augmenters
        ]

    def get_params(self, deep=True):
        """Get the parameters and, if `deep`, those of the estimator and the augmenters."""
        return self._get_params("_named_augmenters", deep=deep)

    def set_params(self, **params):
        """Set parameters such as ``addnoise__snr``, or replace an augmenter by its name."""
        if "augmenters" in params:
            # first, for other names may be those of the new ones
            self.augmenters = params.pop("augmenters")
        self._set_params("_named_augmenters", **params)
        return self

    def get_metadata_routing(self):
        """Say what is routed where: all that ``fit`` gets, to the estimator's.

        Returns
        -------
        MetadataRouter
        """
        mapping = MethodMapping().add(caller="fit", callee="fit")
        router = MetadataRouter(owner=type(self).__name__).add_self_request(self)
        return router.add(estimator=self.estimator, method_mapping=mapping)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        inner = get_tags(self.estimator)
        kinds = {getattr(one, "_takes", "clips") for _, one in self._named_augmenters}
        tags.input_tags.two_d_array = True
        tags.input_tags.three_d_array = "sequences" in kinds
        tags.classifier_tags = inner.classifier_tags or tags.classifier_tags
        tags.non_deterministic = inner.non_deterministic
        return tags
