"""What all neural classifiers share: X taken apart, a net trained, probabilities."""

from abc import ABC, abstractmethod
from typing import NamedTuple

import numpy as np
import pandas as pd
import torch
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_consistent_length, check_random_state
from sklearn.utils.class_weight import compute_class_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, _check_y, check_is_fitted
from skorch.helper import predefined_split

from sk_ser._compat import CachedParamNames
from sk_ser._containers import check_items
from sk_ser.neural._batches import Batches, Sequences
from sk_ser.neural._callbacks import KeepBest, Record, make_schedule
from sk_ser.neural._devices import find_device, memory_told_of, seeded
from sk_ser.neural._merge import merge_repeated
from sk_ser.neural._net import Net, SoftCrossEntropy
from sk_ser.neural._rules import TRAINING_RULES, is_true
from sk_ser.neural._state import pack_net, unpack_net
from sk_ser.neural._validation import hold_out

_RECORDED = (
    "epoch",
    "train_loss",
    "train_accuracy",
    "valid_loss",
    "valid_accuracy",
    "valid_uar",
    "learning_rate",
    "seconds",
)


class _Plan(NamedTuple):
    """Parameters that one fit may have other than the estimator's own."""

    max_epochs: int
    schedule: str | None
    early_stopping: bool | str


class NeuralClassifier(CachedParamNames, ClassifierMixin, BaseEstimator, ABC):
    """Base of classifiers that train a torch module on sequences.

    A subclass stores its parameters in ``__init__``, names its module in `_module`, and
    implements :meth:`_layers`.
    """

    #: What holds of the parameters that only this class has.
    _rules = ()
    #: Class of the torch module, whose ``forward(x, lengths)`` returns logits.
    _module = None

    @abstractmethod
    def _layers(self, n_channels, n_classes):
        """Return the arguments that the module is made with."""

    def fit(self, X, y, groups=None, sample_weight=None):
        """Train the net.

        Parameters
        ----------
        X : array-like of length n_clips
            Sequences of shape (n_frames, n_channels) in a list, a 3-D array, or a 2-D
            array with a univariate sequence a row. Sequences without frames, as of
            files that could not be read, are left out.
        y : array-like of shape (n_clips,)
            Labels of any kind, of two classes at least.
        groups : array-like of shape (n_clips,), default=None
            Speaker of each clip: early stopping then validates on speakers that the
            net is not trained on.
        sample_weight : array-like of shape (n_clips,), default=None
            Multiplied by the class weights. A weight of 2 is worth giving the clip
            twice, and 0 leaving it out.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If X or y cannot be learnt from, or a parameter cannot be.
        FloatingPointError
            If training diverges.
        MemoryError
            If the device's memory does not hold a batch.
        """
        goes_on = self.warm_start and hasattr(self, "net_")
        return self._fit(X, y, groups, sample_weight, goes_on=goes_on)

    def partial_fit(self, X, y, classes=None, sample_weight=None):
        """Train for one epoch more, at a constant learning rate, on all clips of X.

        Parameters
        ----------
        X : array-like of length n_clips
            As `fit` takes them.
        y : array-like of shape (n_clips,)
            Labels.
        classes : array-like of shape (n_classes,), default=None
            All labels that there will be; those of y by default. The first call counts.
        sample_weight : array-like of shape (n_clips,), default=None
            Multiplied by the class weights.

        Returns
        -------
        self
        """
        one = {"max_epochs": 1, "schedule": None, "early_stopping": False}
        goes_on = hasattr(self, "net_")
        return self._fit(X, y, None, sample_weight, goes_on=goes_on, classes=classes, **one)

    def _fit(self, X, y, groups, sample_weight, *, goes_on, classes=None, **instead):
        name = type(self).__name__
        self._check_params()
        plan = _Plan(**{key: getattr(self, key) for key in _Plan._fields} | instead)
        device = find_device(self.device, name)
        items = self._check_clips(X, reset=not goes_on)
        y = self._check_labels(y, classes, goes_on)
        check_consistent_length(items, y, groups)
        codes = np.searchsorted(self.classes_, y)
        groups = None if groups is None else np.asarray(groups)
        weights = _check_sample_weight(sample_weight, items, ensure_non_negative=True)
        rows, weights = merge_repeated(items, codes, groups, weights)
        if len(rows) == 0:
            raise ValueError(
                f"{name}: no clip is left to learn from: all have zero frames or a sample_weight "
                "of 0."
            )
        items, codes = [items[row] for row in rows], codes[rows]
        groups = None if groups is None else groups[rows]
        if not goes_on:
            self.class_prior_ = np.bincount(codes, weights, len(self.classes_)) / weights.sum()
        targets = self._targets(codes, weights)
        with memory_told_of(name, device, self.batch_size):
            self._train(items, targets, groups, device, plan, goes_on)
        return self

    def _train(self, items, targets, groups, device, plan, goes_on):
        seed = check_random_state(self.random_state).randint(2**31 - 1)
        n_done = len(self.net_.history) if goes_on else 0
        double = items[0].dtype == np.float64 and device.type == "cpu"
        train = Sequences(items, targets, torch.float64 if double else torch.float32)
        valid = voices = None
        if plan.early_stopping:
            codes, by = targets.argmax(axis=1), plan.early_stopping
            *rows, voices = hold_out(codes, groups, by, self.validation_fraction, seed)
            train, valid = (train.take(part) for part in rows)
        with seeded(seed + n_done, device):
            rng = np.random.default_rng([seed, n_done])
            net = self._make_net(train, valid, device, rng, plan)
            if goes_on:
                net.go_on_from(self.net_)
            net.run(train)
        self.net_ = net
        self.n_parameters_ = net.n_parameters()
        self.history_ = _tabulate(net.history, voices)

    def _make_net(self, train, valid, device, rng, plan):
        batches = Batches(train, self.batch_size)
        n_steps = plan.max_epochs * len(batches)
        monitor = "train_loss" if valid is None else "valid_loss"
        callbacks = [Record(self.verbose)]
        callbacks += make_schedule(plan.schedule, self.learning_rate, n_steps, monitor)
        if valid is not None:
            callbacks.append(KeepBest(self.patience))
        layers = self._layers(train.items[0].shape[1], len(self.classes_))
        net = Net(
            self._module,
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

    def predict_proba(self, X):
        """Predict the probability of each class.

        Parameters
        ----------
        X : array-like of length n_clips
            As `fit` takes them.

        Returns
        -------
        ndarray of shape (n_clips, n_classes)
            In the order of `classes_`. Of a sequence without frames, the classes'
            shares of the training clips.
        """
        check_is_fitted(self)
        items = self._check_clips(X, reset=False)
        result = np.tile(self.class_prior_, (len(items), 1))
        rows = [row for row, item in enumerate(items) if len(item)]
        if rows:
            net = self._placed_net()
            data = Sequences([items[row] for row in rows], dtype=net.dtype())
            with memory_told_of(type(self).__name__, net.device, self.batch_size):
                result[rows] = net.probabilities(data, self.batch_size)
        return result

    def predict(self, X):
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
        """Move the net to where it is to compute: the GPU it was trained on may not be here."""
        try:
            device = find_device(self.device, type(self).__name__)
        except ValueError:
            device = torch.device("cpu")
        return self.net_.move(str(device))

    def _check_clips(self, X, reset):
        """Take X apart into (n_frames, n_channels) arrays of equally many channels."""
        dtype = (np.float64, np.float32)
        items = check_items(self, X, "sequences", reset=reset, dtype=dtype)
        n_channels = items[0].shape[1]
        if reset:
            self.n_channels_in_ = n_channels
        elif n_channels != self.n_channels_in_:
            raise ValueError(
                f"{type(self).__name__}: X has {n_channels} channels a frame, and had "
                f"{self.n_channels_in_} in fit. Describe these clips as those were."
            )
        return items

    def _check_labels(self, y, classes, goes_on):
        name = type(self).__name__
        if y is None:
            raise ValueError(f"{name} requires y to be passed, but the target y is None.")
        y = _check_y(y)
        check_classification_targets(y)
        if not goes_on:
            self.classes_ = np.unique(y if classes is None else classes)
        if len(self.classes_) < 2:
            raise ValueError(
                f"{name}: y holds one class only, {self.classes_.tolist()}. Give it clips of two "
                "classes at least."
            )
        strangers = np.setdiff1d(y, self.classes_)
        if len(strangers):
            raise ValueError(
                f"{name}: y holds {strangers.tolist()}, which the net does not know. It was made "
                f"for {self.classes_.tolist()}; name all in the first call, or begin anew with "
                "warm_start=False."
            )
        return y

    def _targets(self, codes, weights):
        """Put each clip's weight, which is 1 on average, in the column of its class."""
        shares = np.bincount(codes, weights, len(self.classes_))
        if self.class_weight == "balanced":
            # by weight and not by number, so that a weight of 2 is a clip given twice
            factors = shares.sum() / (len(shares) * np.where(shares > 0, shares, np.inf))
        else:
            names = self.classes_
            factors = compute_class_weight(self.class_weight, classes=names, y=names)
        weights = weights * factors[codes]
        targets = np.zeros((len(codes), len(self.classes_)))
        targets[np.arange(len(codes)), codes] = weights / weights.mean()
        return targets

    def _check_params(self):
        for name, holds, wanted in [*TRAINING_RULES, *self._rules]:
            value = getattr(self, name)
            if not is_true(holds, value):
                raise ValueError(f"{type(self).__name__}: {name}={value!r} must be {wanted}.")
        for augmenter in self.augmenters or ():
            if not hasattr(augmenter, "augment"):
                raise ValueError(
                    f"{type(self).__name__}: augmenters holds {augmenter!r}, which has no method "
                    "augment. Give it augmenters of sequences, such as SpecAugment()."
                )

    def __getstate__(self):
        # plain values, which any format can hold and any device take; the table is made of them
        state = dict(super().__getstate__())
        if "net_" in state:
            voices = state.pop("history_").attrs["validation"]
            state["net_"] = pack_net(self.net_) | {"validation": voices}
        return state

    def __setstate__(self, state):
        state = dict(state)
        if "net_" in state:
            packed = state["net_"]
            state["net_"] = unpack_net(packed, self._module)
            state["history_"] = _tabulate(state["net_"].history, packed["validation"])
        super().__setstate__(state)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = True
        tags.input_tags.three_d_array = True
        return tags


def _tabulate(history, voices):
    """Lay the record out as a table, a row an epoch."""
    table = pd.DataFrame([dict(epoch) for epoch in history])
    table = table[[name for name in _RECORDED if name in table]]
    table.attrs["validation"] = voices
    return table
