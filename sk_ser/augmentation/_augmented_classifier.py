"""A classifier that is fitted on clips and augmented copies of them."""

from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import ClassifierMixin, MetaEstimatorMixin, clone
from sklearn.utils import check_consistent_length, get_tags
from sklearn.utils.metadata_routing import UNUSED, MetadataRouter, MethodMapping
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from sk_ser._clipwise import CheckedParams
from sk_ser._compat import Composition, check_sample_weight
from sk_ser._estimators import name_steps
from sk_ser._random import content_seed
from sk_ser.augmentation._copies import chain_of, check_plan, make_copies, put_together, take_apart
from sk_ser.augmentation._inner_splits import refuse_inner_splits
from sk_ser.augmentation._metadata import fit_params


def _estimator_has(name):
    """Make a check that the estimator, fitted or not, has a method."""

    def check(self):
        # raises AttributeError, with the estimator's own message, if it has not
        getattr(getattr(self, "estimator_", self.estimator), name)
        return True

    return check


class AugmentedClassifier(CheckedParams, MetaEstimatorMixin, ClassifierMixin, Composition):
    """Fit a classifier on clips and augmented copies of them.

    Copies that are made before a split lie on both sides of it, and the test score then
    measures how well the classifier recognises training clips. Here they are made in ``fit``,
    from the clips passed to ``fit``, and so from training clips only, in any cross-validation
    or search. Prediction does not change clips.

    Parameters
    ----------
    estimator : classifier
        The classifier to fit. For clips, a pipeline that begins with descriptors; for
        sequences, one that takes sequences.
    augmenters : list of augmenter, or of lists of them
        Entry ``k % len(augmenters)`` is applied to copy number k (from 0). The augmenters of an
        entry that is a list are applied in turn. Their own `random_state` is not used.
    n_copies : int, default=1
        Copies per clip, in addition to the clip itself; 0 for no augmentation.
    random_state : int, RandomState instance or None, default=None
        Seed. With an int, a clip has the same copies in every fold, independently of the other
        clips, so that a :class:`~sk_ser.features.ClipPipeline` with `memory` in the estimator
        computes each only once. With None, each ``fit`` draws new copies.

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
    Parameters of augmenters are named after their classes in lower case, such as
    ``addnoise__snr`` (``addnoise-1__snr``, ``addnoise-2__snr`` if there are several), and can be
    tuned, as can `n_copies`.

    An estimator that holds out clips itself would hold out copies of those it learns from. So
    put a search, calibration or stacking around this estimator, not inside. One inside is
    refused, and so is early stopping, unless groups keep a clip and its copies together. Parts
    that take groups get them; if none are given, each clip and its copies are one group.

    All copies are in memory at the same time.

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

    _named = "_named_augmenters"
    # routed to the estimator and not used here
    __metadata_request__fit = {"groups": UNUSED, "sample_weight": UNUSED}

    def __init__(self, estimator, augmenters: list, n_copies: int = 1, *, random_state=None):
        self.estimator = estimator
        self.augmenters = augmenters
        self.n_copies = n_copies
        self.random_state = random_state

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        *,
        groups: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Make copies, and fit a clone of the estimator on clips and copies.

        Parameters
        ----------
        X : array-like of length n_clips
            Clips in a list, a 2-D array or a table; sequences, if the augmenters take
            sequences.
        y : array-like of shape (n_clips,)
            Labels; a copy has the label of its clip.
        groups : array-like of shape (n_clips,), default=None
            Group, such as the speaker, of each clip; a copy has the group of its clip. Passed
            to the estimator if it takes groups. If it does and none are given, each distinct
            clip is a group.
        sample_weight : array-like of shape (n_clips,), default=None
            Weight of each clip; a copy has the weight of its clip.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If X holds paths, if a parameter is invalid, if the estimator would split clips
            from their copies, or if there are weights and it takes none.
        """
        items = take_apart(self, X, y, check_plan(self))
        check_consistent_length(items, y, groups, sample_weight)
        digests = [content_seed(item) for item in items]
        params = self._fit_params(items, digests, groups, sample_weight)
        copies = make_copies(items, digests, self.augmenters, self.n_copies, self.random_state)
        rows = put_together(self, [*items, *copies], X)
        self.estimator_ = clone(self.estimator).fit(rows, self._for_copies(y), **params)
        self.classes_ = self.estimator_.classes_
        return self

    def _fit_params(self, items, digests, groups, sample_weight):
        """Make the other arguments of the estimator's fit, with one row per clip or copy."""
        if sample_weight is not None:
            sample_weight = check_sample_weight(sample_weight, items)
        siblings = None
        if self.n_copies > 0:
            refuse_inner_splits(self, len(items) * (1 + self.n_copies))
            # a clip that is given twice has equal copies, so both are one group
            numbers = {mark: number for number, mark in enumerate(digests)}
            siblings = [numbers[mark] for mark in digests]
        metadata = [self._for_copies(one) for one in (groups, siblings, sample_weight)]
        return fit_params(self, *metadata)

    def _for_copies(self, values):
        """Repeat an array of the clips for each round of copies."""
        if values is None:
            return None
        return np.concatenate([np.asarray(values)] * (1 + self.n_copies))

    @available_if(_estimator_has("predict"))
    def predict(self, X) -> np.ndarray:
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
    def predict_proba(self, X) -> np.ndarray:
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
    def predict_log_proba(self, X) -> np.ndarray:
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
    def decision_function(self, X) -> np.ndarray:
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
        """The augmenters in one list, of (name, augmenter)."""
        if not isinstance(self.augmenters, (list, tuple)):
            return []
        return name_steps([one for entry in self.augmenters for one in chain_of(entry)])

    @_named_augmenters.setter
    def _named_augmenters(self, named):
        # as many augmenters in each entry as before
        flat, augmenters = [augmenter for _, augmenter in named], []
        for entry in self.augmenters:
            size = len(chain_of(entry))
            augmenters.append(flat[:size] if isinstance(entry, (list, tuple)) else flat[0])
            flat = flat[size:]
        self.augmenters = augmenters

    def set_params(self, **params: object) -> Self:
        """Set parameters such as ``addnoise__snr``, or replace an augmenter by its name.

        Parameters
        ----------
        **params

        Returns
        -------
        self
        """
        if "augmenters" in params:
            # set first, since the other names may be those of the new augmenters
            self.augmenters = params.pop("augmenters")
        return super().set_params(**params)

    def get_metadata_routing(self) -> MetadataRouter:
        """Route the metadata of ``fit`` to the ``fit`` of the estimator.

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
        kinds = {getattr(one, "takes", "clips") for _, one in self._named_augmenters}
        tags.input_tags.two_d_array = True
        tags.input_tags.three_d_array = "sequences" in kinds
        tags.classifier_tags = inner.classifier_tags or tags.classifier_tags
        tags.non_deterministic = inner.non_deterministic
        return tags
