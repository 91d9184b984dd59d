"""Figure: loss and accuracy of a net after each epoch."""

from typing import Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from sk_ser._estimators import fitted_parts
from sk_ser.inspection._style import FONT_SIZE, MARKERS, PALETTE, add_legend, finish, make_axes

#: Columns that a history must have.
_NEEDED = ("epoch", "train_loss", "train_accuracy")
#: Number of epochs up to which each has a marker.
_FEW_EPOCHS = 25


class TrainingCurveDisplay:
    """Loss and accuracy of a net after each epoch, in training and in validation.

    Make it with :meth:`from_estimator` or :meth:`from_history`.

    Parameters
    ----------
    history : DataFrame
        One row per epoch: ``epoch`` from 1, ``train_loss`` and ``train_accuracy``, and with
        early stopping ``valid_loss`` and ``valid_accuracy``; accuracies from 0 to 1.
        ``history.attrs["validation"]`` describes the validation clips in the legend, such as
        "unseen speakers" or "seen speakers".
    estimator : str, default=None
        Name of the classifier.

    Attributes
    ----------
    best_epoch_ : int or None
        Epoch of the lowest validation loss, whose weights early stopping keeps; None
        without validation.
    ax_ : list of Axes
        Axes of the figure, after :meth:`plot`: loss, accuracy.
    figure_ : Figure
        The figure.

    Examples
    --------
    >>> import pandas as pd
    >>> from sk_ser.inspection import TrainingCurveDisplay
    >>> history = pd.DataFrame(
    ...     {
    ...         "epoch": [1, 2, 3],
    ...         "train_loss": [1.4, 0.9, 0.5],
    ...         "train_accuracy": [0.3, 0.6, 0.9],
    ...         "valid_loss": [1.4, 1.1, 1.2],
    ...         "valid_accuracy": [0.3, 0.5, 0.5],
    ...     }
    ... )
    >>> history.attrs["validation"] = "unseen speakers"
    >>> display = TrainingCurveDisplay.from_history(history).plot()
    >>> display.best_epoch_
    2
    >>> [line.get_label() for line in display.ax_[0].lines]
    ['training', 'validation (unseen speakers)', 'best epoch: 2']
    """

    def __init__(self, history, *, estimator=None):
        self.history = history
        self.estimator = estimator

    @classmethod
    def from_estimator(cls, estimator: BaseEstimator) -> Self:
        """Take the history of a fitted neural classifier.

        Parameters
        ----------
        estimator : estimator
            A classifier of ``sk_ser.neural``, or an estimator that holds a fitted one, such as a
            pipeline, a search (``best_estimator_``), a meta-estimator (``estimator_``), or a
            nesting of these. Of several the first is taken.

        Returns
        -------
        TrainingCurveDisplay
            Not yet drawn.

        Raises
        ------
        NotFittedError
            If the classifier, or the estimator that holds it, is not fitted.
        ValueError
            If it has no history, or its history cannot be drawn.

        Examples
        --------
        >>> from sk_ser.inspection import TrainingCurveDisplay
        >>> TrainingCurveDisplay.from_estimator(model).plot()  # doctest: +SKIP
        """
        net = _find_net(estimator)
        display = cls.from_history(net.history_)
        display.estimator = type(net).__name__
        return display

    @classmethod
    def from_history(cls, history: pd.DataFrame) -> Self:
        """Take the history of a training.

        Parameters
        ----------
        history : DataFrame
            ``history_`` of a neural classifier, or a table with its columns.

        Returns
        -------
        TrainingCurveDisplay
            Not yet drawn.

        Raises
        ------
        ValueError
            If it is not a DataFrame, lacks a column, or has no epoch.
        """
        if not isinstance(history, pd.DataFrame):
            raise ValueError(
                f"history is of type {type(history).__name__}, where a DataFrame with one row per "
                "epoch is needed, such as history_ of a neural classifier."
            )
        missing = [name for name in _NEEDED if name not in history]
        if missing:
            raise ValueError(
                f"history lacks {missing}, and has {list(history)}. Pass the columns of history_ "
                "of a neural classifier."
            )
        if not history["epoch"].notna().any():
            raise ValueError("history has no epoch. Fit with max_epochs >= 1.")
        return cls(history)

    @property
    def best_epoch_(self) -> int | None:
        """Epoch of the lowest validation loss, the first of several; None without validation."""
        epochs, loss = self._column("epoch"), self._column("valid_loss")
        loss[np.isnan(epochs)] = np.nan
        return None if np.isnan(loss).all() else int(epochs[np.nanargmin(loss)])

    def plot(self, ax: object = None, *, title: str | None = None) -> Self:
        """Draw loss to the left and accuracy to the right, with the best epoch marked.

        Parameters
        ----------
        ax : sequence of two Axes, default=None
            Axes to draw on: loss, accuracy; a new figure by default.
        title : str, default=None
            Title of the figure; by default the name of the classifier, if it is known, on a new
            figure.

        Returns
        -------
        TrainingCurveDisplay
            Itself.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        ValueError
            If the number of axes is not two.
        """
        self.figure_, self.ax_ = make_axes(self, ax, (6.8, 2.9), n_columns=2)
        for each, quantity in zip(self.ax_, ("loss", "accuracy"), strict=True):
            self._draw(each, quantity)
            self._label(each, quantity)
        # in axes, the line of the best epoch passes behind the legend
        inside = {} if ax is None else {"frameon": True, "framealpha": 0.9, "edgecolor": "none"}
        add_legend(self.figure_, self.ax_[0], is_new=ax is None, **inside)
        title = title or (self.estimator if ax is None else None)
        if title:
            self.figure_.suptitle(title, fontsize=FONT_SIZE + 1)
        return self

    def _column(self, name):
        """Return a column as numbers, NaN where there is none."""
        if name not in self.history:
            return np.full(len(self.history), np.nan)
        values = self.history[name].to_numpy(dtype=float, na_value=np.nan)
        return np.where(np.isfinite(values), values, np.nan)

    def _draw(self, ax, quantity):
        speakers = self.history.attrs.get("validation")
        validation = f"validation ({speakers})" if speakers else "validation"
        epochs = self._column("epoch")
        for number, (part, label) in enumerate([("train", "training"), ("valid", validation)]):
            values = self._column(f"{part}_{quantity}") * (1 if quantity == "loss" else 100)
            if np.isnan(values).all():
                continue
            marked = _marked(values)
            # lines differ, too, for prints without colour
            line = {"color": PALETTE[number], "linestyle": ("--", "-")[number], "linewidth": 1.5}
            dots = {"marker": MARKERS[number] if marked else "", "markersize": 3.5}
            ax.plot(epochs, values, markevery=marked, label=label, **line, **dots)
        if self.best_epoch_ is not None:
            line = {"color": "0.35", "linestyle": ":", "linewidth": 1.3, "zorder": 1}
            ax.axvline(self.best_epoch_, label=f"best epoch: {self.best_epoch_}", **line)

    def _label(self, ax, quantity):
        epochs = self._column("epoch")
        ax.set_xlim(np.nanmin(epochs) - 0.5, np.nanmax(epochs) + 0.5)
        # one epoch has one tick, because two would be halves
        ax.xaxis.get_major_locator().set_params(integer=True, min_n_ticks=1)
        ax.grid(axis="y", color="0.9", linewidth=0.8)
        finish(ax, x="Epoch", y="Loss" if quantity == "loss" else "Accuracy (%)")
        losses = np.append(self._column("train_loss"), self._column("valid_loss"))
        if quantity == "accuracy":
            # room for a line at 100 %
            ax.set_ylim(0, 102)
        elif np.nanmin(losses, initial=0) >= 0:
            ax.set_ylim(0, 1.08 * np.nanmax(losses, initial=0) or 1)


def _marked(values):
    """Return the epochs with a marker: all of a few, and those without a neighbour."""
    if len(values) <= _FEW_EPOCHS:
        return list(range(len(values)))
    missing = np.isnan(np.pad(values, 1, constant_values=np.nan))
    return np.flatnonzero(missing[:-2] & ~missing[1:-1] & missing[2:]).tolist()


def _find_net(estimator):
    """Return the first fitted classifier within an estimator that has a history."""
    for part in fitted_parts(estimator):
        if hasattr(part, "history_"):
            return part
    name = type(estimator).__name__
    if hasattr(estimator, "fit"):
        check_is_fitted(estimator, msg=f"{name} is not fitted and has no history_ yet. Call fit.")
    raise ValueError(
        f"{name} has no history_: only neural classifiers keep one. Pass one of sk_ser.neural, or "
        "an estimator that holds a fitted one, such as a pipeline, or a search with refit=True."
    )
