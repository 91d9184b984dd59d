"""Base class of all neural classifiers: checks of X and y, training, probabilities, saving."""

import inspect
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
import torch
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.pipeline import Pipeline
from sklearn.utils import Bunch, check_consistent_length, check_random_state
from sklearn.utils.class_weight import compute_class_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted
from skorch.helper import predefined_split

from sk_ser._compat import CachedParamNames, check_sample_weight, check_y
from sk_ser._containers import check_items
from sk_ser._estimators import name_steps
from sk_ser._pipelines import pipeline_of
from sk_ser.neural._batches import Batches, Sequences
from sk_ser.neural._callbacks import KeepBest, Record, make_schedule
from sk_ser.neural._devices import explain_memory, find_device, seeded
from sk_ser.neural._make_net import augmenters_for
from sk_ser.neural._merge import merge_repeated
from sk_ser.neural._net import Net, SoftCrossEntropy
from sk_ser.neural._rules import TRAINING_RULES, check_channels, check_params
from sk_ser.neural._scaler import SequenceScaler
from sk_ser.neural._state import pack_net, unpack_net
from sk_ser.neural._validation import hold_out

#: Columns of ``history_``, in their order.
_COLUMNS = [
    "epoch",
    "train_loss",
    "train_accuracy",
    "valid_loss",
    "valid_accuracy",
    "valid_uar",
    "learning_rate",
    "seconds",
]


@dataclass(eq=False, repr=False, kw_only=True)
class NeuralClassifier(CachedParamNames, ClassifierMixin, BaseEstimator, ABC):
    """Base class of classifiers that train a torch module on sequences.

    It trains with AdamW [1]_ on padded batches, and has all that does not depend on the layers:
    class and sample weights, mixup, augmentation, early stopping, saving. A subclass names its
    module and its parameters, see the example.

    Parameters
    ----------
    dropout : float, default=0.2
        Share of the values that are dropped, within [0, 1).
    max_epochs : int, default=40
        Passes over the training clips.
    batch_size : int, default=32
        Largest number of clips in a batch, in training and prediction. Clips of similar length
        share a batch.
    learning_rate : float, default=1e-3
        Highest step size of AdamW, above 0.
    weight_decay : float, default=0.01
        Share of the weights that AdamW subtracts in a step of size 1, 0 or more.
    schedule : {"one-cycle", "cosine", "plateau"} or None, default="one-cycle"
        Learning rate over time: up and down [2]_, down along a half wave, divided by five when
        the loss has not fallen for five epochs, or constant.
    max_grad_norm : float or None, default=1.0
        Gradients with a larger Euclidean norm are scaled down to it. None: none is.
    label_smoothing : float, default=0.0
        Share of each clip's weight that is spread over all classes, within [0, 1).
    mixup : float, default=0.0
        Alpha of mixup [3]_: pairs of clips of a batch are blended, with a share drawn from
        Beta(alpha, alpha); 0 for no mixup.
    augmenters : sequence of augmenter or None, default=None
        Applied one after another to each training clip in each epoch, such as
        :class:`~sk_ser.augmentation.SpecAugment`.
    class_weight : "balanced", dict or None, default=None
        Weights of the classes; "balanced" gives all classes the same weight, as UAR does.
    early_stopping : bool or "clips", default=False
        Whether to leave clips out of training, stop when the loss on them has not fallen for
        `patience` epochs, and restore the weights of the epoch with the lowest loss. With True
        these are clips of other speakers, if ``fit`` is given `groups`; with "clips" they are
        drawn at random from all speakers, as in many publications.
    validation_fraction : float, default=0.2
        Approximate share of clips to leave out, within (0, 0.5].
    patience : int, default=10
        Number of epochs without a lower loss after which training stops.
    device : str, default="auto"
        Device to compute on; "auto" is CUDA if there is a GPU, otherwise the CPU. A loaded net
        predicts on the CPU where its device is missing.
    mixed_precision : bool, default=True
        Whether CUDA computes in half precision where this is safe.
    warm_start : bool, default=False
        Whether ``fit`` continues from the weights of the previous ``fit``.
    verbose : bool, default=False
        Whether to show a progress bar with the remaining time.
    random_state : int, RandomState instance or None, default=None
        Seed of weights, order, dropout and everything else that is random.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        Labels in the order of the probabilities.
    class_prior_ : ndarray of shape (n_classes,)
        Shares of the classes among the training clips, by weight.
    net_ : skorch.NeuralNet
        The trained net; ``net_.module_`` is the torch module.
    history_ : DataFrame
        One row per epoch: ``epoch``, ``train_loss``, ``train_accuracy``, ``valid_loss``,
        ``valid_accuracy``, ``valid_uar`` (the last three with early stopping),
        ``learning_rate``, ``seconds``. ``history_.attrs["validation"]`` is "unseen speakers" or
        "seen speakers", or None without early stopping.
    n_parameters_ : int
        Number of values in the net: weights and running statistics.
    n_channels_in_ : int
        Number of values per frame seen in `fit`.
    n_features_in_ : int
        Number of columns, if `fit` was given a 2-D array.

    See Also
    --------
    sk_ser.baselines.register_baseline : Offers a net by name.

    Notes
    -----
    Arithmetic is in single precision, and in double for a 2-D float64 array on the CPU.
    Needs the extra ``neural``.

    A subclass is a dataclass, as below, or stores its parameters and those of this class in an
    ``__init__`` of its own. It has

    - ``module``: class of the torch module. It is made with ``n_channels``, ``n_classes`` and
      those parameters of the classifier that it takes by their name. Its ``forward(x, lengths)``
      returns logits; ``x`` has the shape (n_clips, n_frames, n_channels) and is padded with
      zeros, ``lengths`` has the number of frames of each clip and stays on the CPU;
    - ``rules``, optional: what :meth:`fit` checks, as tuples ``(parameter, is_allowed, wanted)``;
    - :meth:`make_steps`, optional: what stands before the net in :meth:`make_pipeline`.

    References
    ----------
    .. [1] I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", ICLR 2019.
    .. [2] L. N. Smith and N. Topin, "Super-convergence", 2018, arXiv:1708.07120.
    .. [3] H. Zhang et al., "mixup: Beyond empirical risk minimization", ICLR 2018.

    Examples
    --------
    A net of one layer over the mean of all frames, as a class, in a pipeline and as a baseline:

    >>> from dataclasses import dataclass
    >>> from torch import nn
    >>> from sk_ser.baselines import Baseline, make_baseline
    >>> from sk_ser.features import make_sequence_front_end
    >>> from sk_ser.neural import NeuralClassifier
    >>> class MeanNet(nn.Module):
    ...     def __init__(self, n_channels, n_classes, dropout):
    ...         super().__init__()
    ...         self.layers = nn.Sequential(nn.Dropout(dropout), nn.Linear(n_channels, n_classes))
    ...
    ...     def forward(self, x, lengths):
    ...         return self.layers(x.sum(dim=1) / lengths[:, None].to(x))
    >>> @dataclass(eq=False, repr=False, kw_only=True)
    ... class MeanClassifier(NeuralClassifier):
    ...     module = MeanNet
    >>> mean = Baseline(
    ...     name="mean",
    ...     make=MeanClassifier.make_pipeline,
    ...     front_end=make_sequence_front_end,
    ...     params={"max_epochs": 5},
    ...     extra="neural",
    ... )
    >>> [name for name, _ in make_baseline(mean).steps]
    ['clippipeline', 'sequencescaler', 'meanclassifier']
    """

    dropout: float = 0.2
    max_epochs: int = 40
    batch_size: int = 32
    learning_rate: float = 1e-3
    weight_decay: float = 0.01
    schedule: str | None = "one-cycle"
    max_grad_norm: float | None = 1.0
    label_smoothing: float = 0.0
    mixup: float = 0.0
    augmenters: Sequence | None = None
    class_weight: Any = None
    early_stopping: bool | str = False
    validation_fraction: float = 0.2
    patience: int = 10
    device: str = "auto"
    mixed_precision: bool = True
    warm_start: bool = False
    verbose: bool = False
    random_state: Any = None

    #: Rules for the parameters of a subclass: name, test, description.
    rules = ()

    @property
    @abstractmethod
    def module(self):
        """Class of the torch module."""

    def module_params(self, n_channels: int, n_classes: int) -> dict:
        """Return the arguments of the torch module.

        Parameters
        ----------
        n_channels : int
            Number of values per frame.
        n_classes : int
            Number of logits.

        Returns
        -------
        dict
            These two, and those attributes of the classifier that the module takes by their name.
        """
        taken = inspect.signature(self.module).parameters
        own = {name: getattr(self, name) for name in taken if hasattr(self, name)}
        return own | {"n_channels": n_channels, "n_classes": n_classes}

    @classmethod
    def make_pipeline(
        cls,
        front_end: BaseEstimator | None = None,
        *,
        class_weight: str | dict | None = "balanced",
        random_state: int | np.random.RandomState | None = None,
        **params: object,
    ) -> Pipeline:
        """Build a pipeline that ends in this classifier.

        Parameters
        ----------
        front_end : transformer or None, default=None
            What turns a clip into the input of the net. None: the pipeline takes this input.
        class_weight : "balanced", dict or None, default="balanced"
            Weights of the classes.
        random_state : int, RandomState instance or None, default=None
            Seed of the net.
        **params
            Other parameters of the classifier.

        Returns
        -------
        Pipeline
            Of the steps

            - the front end, named after its class in lower case (``clippipeline``),
            - ``sequencescaler``: zero mean, unit variance of each channel over the training
              clips' frames; for :class:`DenseClassifier` ``simpleimputer`` and
              ``standardscaler``, as in :func:`~sk_ser.classifiers.make_svm`,
            - the classifier, named after its class in lower case (``gruclassifier``). Nets over
              sequences mask and warp their training sequences, see `augmenters`.
        """
        steps, defaults = cls.make_steps(front_end)
        net = cls(**defaults | params, class_weight=class_weight, random_state=random_state)
        return pipeline_of(front_end, steps + name_steps([net]))

    @classmethod
    def make_steps(cls, front_end: BaseEstimator) -> tuple[list, dict]:
        """Return what stands before the net in :meth:`make_pipeline`, and the net's defaults.

        Parameters
        ----------
        front_end : transformer or None

        Returns
        -------
        steps : list of (str, transformer)
        params : dict
            Default parameters of the net.
        """
        return name_steps([SequenceScaler()]), {"augmenters": augmenters_for(front_end)}

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        groups: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Train the net.

        Parameters
        ----------
        X : array-like of length n_clips
            Sequences of shape (n_frames, n_channels) in a list, a 3-D array, or a 2-D
            array with a univariate sequence per row. Sequences without frames, such as those
            of files that could not be read, are left out.
        y : array-like of shape (n_clips,)
            Labels of any kind, of at least two classes.
        groups : array-like of shape (n_clips,), default=None
            Speaker of each clip. Early stopping then validates on speakers that the net is not
            trained on.
        sample_weight : array-like of shape (n_clips,), default=None
            Multiplied by the class weights. A weight of 2 equals giving the clip twice, a weight
            of 0 leaving it out.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If X, y or a parameter is not valid.
        FloatingPointError
            If training diverges.
        MemoryError
            If the memory of the device is too small for a batch.
        """
        continues = self.warm_start and hasattr(self, "net_")
        return self._fit(X, y, groups, sample_weight, continues=continues)

    def partial_fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        classes: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Train for one more epoch, at a constant learning rate, on all clips of X.

        Parameters
        ----------
        X : array-like of length n_clips
            As `fit` takes them.
        y : array-like of shape (n_clips,)
            Labels.
        classes : array-like of shape (n_classes,), default=None
            All labels that later calls may have; those of y by default. Only the first call
            uses it.
        sample_weight : array-like of shape (n_clips,), default=None
            Multiplied by the class weights.

        Returns
        -------
        self
        """
        one = {"max_epochs": 1, "schedule": None, "early_stopping": False}
        continues = hasattr(self, "net_")
        return self._fit(X, y, None, sample_weight, continues=continues, classes=classes, **one)

    def _fit(self, X, y, groups, sample_weight, *, continues, classes=None, **instead):
        name = type(self).__name__
        self._check_params()
        plan = Bunch(**self.get_params(deep=False) | instead)
        device = find_device(self.device, name)
        items = self.check_clips(X, reset=not continues)
        y = self._check_labels(y, classes, continues)
        check_consistent_length(items, y, groups)
        codes = np.searchsorted(self.classes_, y)
        weights = check_sample_weight(sample_weight, items, ensure_non_negative=True)
        rows, weights = merge_repeated(items, codes, groups, weights)
        if len(rows) == 0:
            raise ValueError(
                f"{name}: no clip is left to train on: all have zero frames or a sample_weight "
                "of 0."
            )
        items, codes = [items[row] for row in rows], codes[rows]
        groups = None if groups is None else np.asarray(groups)[rows]
        if not continues:
            self.class_prior_ = np.bincount(codes, weights, len(self.classes_)) / weights.sum()
        targets = self._targets(codes, weights)
        with explain_memory(name, device, self.batch_size):
            self._train(items, targets, groups, device, plan, continues)
        return self

    def _train(self, items, targets, groups, device, plan, continues):
        seed = check_random_state(self.random_state).randint(2**31 - 1)
        n_done = len(self.net_.history) if continues else 0
        double = items[0].dtype == np.float64 and device.type == "cpu"
        train = Sequences(items, targets, torch.float64 if double else torch.float32)
        valid = speakers = None
        if plan.early_stopping:
            codes, by = targets.argmax(axis=1), plan.early_stopping
            *rows, speakers = hold_out(codes, groups, by, self.validation_fraction, seed)
            train, valid = (train.take(part) for part in rows)
        with seeded(seed + n_done, device):
            rng = np.random.default_rng([seed, n_done])
            net = self._make_net(train, valid, device, rng, plan)
            if continues:
                net.continue_from(self.net_)
            net.run(train)
        self.net_ = net
        tensors = net.module_.state_dict().values()
        self.n_parameters_ = sum(one.numel() for one in tensors if one.is_floating_point())
        self.history_ = _tabulate(net.history, speakers)

    def _make_net(self, train, valid, device, rng, plan):
        batches = Batches(train, self.batch_size)
        n_steps = plan.max_epochs * len(batches)
        monitor = "train_loss" if valid is None else "valid_loss"
        callbacks = [Record(self.verbose)]
        callbacks += make_schedule(plan.schedule, self.learning_rate, n_steps, monitor)
        if valid is not None:
            callbacks.append(KeepBest(self.patience))
        layers = self.module_params(train.items[0].shape[1], len(self.classes_))
        net = Net(
            self.module,
            criterion=SoftCrossEntropy,
            criterion__label_smoothing=self.label_smoothing,
            optimizer=torch.optim.AdamW,
            optimizer__weight_decay=self.weight_decay,
            lr=self.learning_rate,
            max_epochs=plan.max_epochs,
            batch_size=self.batch_size,
            iterator_train=Batches,
            iterator_train__rng=rng,
            iterator_train__augmenters=tuple(self.augmenters or ()),
            iterator_train__mixup=self.mixup,
            iterator_valid=Batches,
            train_split=None if valid is None else predefined_split(valid),
            callbacks=callbacks,
            device=str(device),
            max_grad_norm=self.max_grad_norm,
            mixed_precision=self.mixed_precision,
            **{f"module__{name}": value for name, value in layers.items()},
        )
        net.initialize()
        net.module_.to(train.dtype)
        return net

    def predict_proba(self, X: ArrayLike) -> np.ndarray:
        """Predict the probability of each class.

        Parameters
        ----------
        X : array-like of length n_clips
            As `fit` takes them.

        Returns
        -------
        ndarray of shape (n_clips, n_classes)
            In the order of `classes_`. For a sequence without frames, the shares of the classes
            among the training clips.
        """
        check_is_fitted(self)
        items = self.check_clips(X, reset=False)
        result = np.tile(self.class_prior_, (len(items), 1))
        rows = [row for row, item in enumerate(items) if len(item)]
        if rows:
            net = self._placed_net()
            with explain_memory(type(self).__name__, net.device, self.batch_size):
                result[rows] = net.probabilities([items[row] for row in rows], self.batch_size)
        return result

    def predict(self, X: ArrayLike) -> np.ndarray:
        """Predict the label of each clip.

        Parameters
        ----------
        X : array-like of length n_clips
            As `fit` takes them.

        Returns
        -------
        ndarray of shape (n_clips,)
        """
        best = self.predict_proba(X).argmax(axis=1)
        return self.classes_[best]

    def _placed_net(self):
        """Move the net to its device, or to the CPU where the device is missing."""
        try:
            device = find_device(self.device, type(self).__name__)
        except ValueError:
            device = torch.device("cpu")
        return self.net_.move(str(device))

    def check_clips(self, X: ArrayLike, reset: bool) -> list:
        """Turn X into a list of arrays (n_frames, n_channels) with the same number of channels."""
        dtype = (np.float64, np.float32)
        items = check_items(self, X, "sequences", reset=reset, dtype=dtype)
        check_channels(self, items, reset=reset)
        return items

    def _check_labels(self, y, classes, continues):
        name = type(self).__name__
        if y is None:
            raise ValueError(f"{name} requires y to be passed, but the target y is None.")
        y = check_y(y)
        check_classification_targets(y)
        if not continues:
            self.classes_ = np.unique(y if classes is None else classes)
        if len(self.classes_) < 2:
            raise ValueError(
                f"{name}: y has only one class, {self.classes_.tolist()}. Pass clips of at least "
                "two classes."
            )
        unknown = np.setdiff1d(y, self.classes_)
        if len(unknown):
            raise ValueError(
                f"{name}: y has the classes {unknown.tolist()}, but the net was made for "
                f"{self.classes_.tolist()}. Pass all classes in the first call, or start again "
                "with warm_start=False."
            )
        return y

    def _targets(self, codes, weights):
        """Put the weight of each clip, which is 1 on average, in the column of its class."""
        shares = np.bincount(codes, weights, len(self.classes_))
        if self.class_weight == "balanced":
            # by weight and not by number, so that a weight of 2 equals a clip given twice
            factors = shares.sum() / (len(shares) * np.where(shares > 0, shares, np.inf))
        else:
            names = self.classes_
            factors = compute_class_weight(self.class_weight, classes=names, y=names)
        weights = weights * factors[codes]
        targets = np.zeros((len(codes), len(self.classes_)))
        targets[np.arange(len(codes)), codes] = weights / weights.mean()
        return targets

    def _check_params(self):
        check_params(self, [*TRAINING_RULES, *self.rules])
        for augmenter in self.augmenters or ():
            if not hasattr(augmenter, "augment"):
                raise ValueError(
                    f"{type(self).__name__}: augmenters has {augmenter!r}, which has no method "
                    "augment. Pass augmenters of sequences, such as SpecAugment()."
                )

    def __getstate__(self):
        # as plain values, for any file format and any device; they include the table
        state = dict(super().__getstate__())
        if "net_" in state:
            speakers = state.pop("history_").attrs["validation"]
            state["net_"] = pack_net(self.net_) | {"validation": speakers}
        return state

    def __setstate__(self, state):
        if "net_" in state:
            packed, net = state["net_"], unpack_net(state["net_"], self.module)
            state = state | {"net_": net, "history_": _tabulate(net.history, packed["validation"])}
        super().__setstate__(state)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = True
        tags.input_tags.three_d_array = True
        return tags


def _tabulate(history, speakers):
    """Make a table of the history, one row per epoch."""
    table = pd.DataFrame([dict(epoch) for epoch in history]).filter(items=_COLUMNS)
    table.attrs["validation"] = speakers
    return table
