"""How a net learned: loss and accuracy, epoch by epoch."""

import numpy as np
import pandas as pd
from sklearn.exceptions import NotFittedError
from sklearn.utils.validation import check_is_fitted

from sk_ser.inspection._style import FONT_SIZE, MARKERS, PALETTE, make_axes, strip

#: What a history cannot do without.
_NEEDED = ("epoch", "train_loss", "train_accuracy")
#: Up to this many epochs each has a marker; more would hide the line.
_FEW_EPOCHS = 25


class TrainingCurveDisplay:
    """Loss and accuracy of a net after each epoch, in training and in validation.

    Make it with :meth:`from_estimator` or :meth:`from_history`.

    Parameters
    ----------
    history : DataFrame
        A row an epoch: ``epoch`` from 1, ``train_loss`` and ``train_accuracy``, and with
        early stopping ``valid_loss`` and ``valid_accuracy``; accuracies from 0 to 1.
        ``history.attrs["validation"]`` says, if it is known, what the validation clips
        are to the net: "unheard voices" or "heard voices".
    estimator : str, default=None
        Name of the classifier.

    Attributes
    ----------
    best_epoch_ : int or None
        Epoch of the lowest validation loss, to which early stopping goes back; None
        without validation.
    ax_ : list of Axes
        What was drawn on, after :meth:`plot`: loss, accuracy.
    figure_ : Figure
        Their figure.

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
    >>> history.attrs["validation"] = "unheard voices"
    >>> display = TrainingCurveDisplay.from_history(history).plot()
    >>> display.best_epoch_
    2
    >>> [line.get_label() for line in display.ax_[0].lines]
    ['training', 'validation (unheard voices)', 'best epoch: 2']
    """

    def __init__(self, history, *, estimator=None):
        self.history = history
        self.estimator = estimator

    @classmethod
    def from_estimator(cls, estimator):
        """Take the history of a fitted neural classifier.

        Parameters
        ----------
        estimator : estimator
            A classifier of ``sk_ser.neural``, or what holds a fitted one: a pipeline that
            ends in it, a search (``best_estimator_``), a meta-estimator (``estimator_``),
            or any of these in one another.

        Returns
        -------
        TrainingCurveDisplay
            Not yet drawn.

        Raises
        ------
        NotFittedError
            If the classifier, or what holds it, is not fitted.
        ValueError
            If it keeps no history, or its history cannot be drawn.

        Examples
        --------
        >>> from sk_ser.inspection import TrainingCurveDisplay
        >>> TrainingCurveDisplay.from_estimator(model).plot()  # doctest: +SKIP
        """
        net = _unwrap(estimator)
        display = cls.from_history(net.history_)
        display.estimator = type(net).__name__
        return display

    @classmethod
    def from_history(cls, history):
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
            If it is no DataFrame, lacks a column, or has no epoch.
        """
        if not isinstance(history, pd.DataFrame):
            raise ValueError(
                f"history is of type {type(history).__name__}, where a DataFrame with a row an "
                "epoch must be, as history_ of a neural classifier is."
            )
        missing = [name for name in _NEEDED if name not in history]
        if missing:
            raise ValueError(
                f"history lacks {missing}, and has {list(history)}. Give it the columns that "
                "history_ of a neural classifier has."
            )
        if not history["epoch"].notna().any():
            raise ValueError("history has no epoch: nothing was trained. Fit with max_epochs >= 1.")
        return cls(history)

    @property
    def best_epoch_(self):
        """Epoch of the lowest validation loss, the first of several; None without validation."""
        epochs, loss = self._column("epoch"), self._column("valid_loss")
        loss[np.isnan(epochs)] = np.nan
        return None if np.isnan(loss).all() else int(epochs[np.nanargmin(loss)])

    def plot(self, ax=None, *, title=None):
        """Draw loss to the left and accuracy to the right, with the best epoch marked.

        Parameters
        ----------
        ax : sequence of two Axes, default=None
            To draw on: loss, accuracy; by default on a new figure.
        title : str, default=None
            Above all of it; by default the classifier's name, if it is known, on a new
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
            If there are not two axes.
        """
        self.figure_, self.ax_ = make_axes(
            ax, (6.8, 2.9), purpose="TrainingCurveDisplay.plot", n_columns=2
        )
        for each, (quantity, factor) in zip(
            self.ax_, [("loss", 1), ("accuracy", 100)], strict=True
        ):
            self._draw(each, quantity, factor)
            self._label_epochs(each)
        self._label_values()
        self._add_legend(self.figure_ if ax is None else self.ax_[0])
        title = title or (self.estimator if ax is None else None)
        if title:
            self.figure_.suptitle(title, fontsize=FONT_SIZE + 1)
        return self

    def _column(self, name):
        """Take a column as numbers; what is missing, or no number, is NaN."""
        if name not in self.history:
            return np.full(len(self.history), np.nan)
        values = self.history[name].to_numpy(dtype=float, na_value=np.nan)
        return np.where(np.isfinite(values), values, np.nan)

    def _draw(self, ax, quantity, factor):
        voices = self.history.attrs.get("validation")
        validation = f"validation ({voices})" if voices else "validation"
        epochs = self._column("epoch")
        for number, (part, label) in enumerate([("train", "training"), ("valid", validation)]):
            values = factor * self._column(f"{part}_{quantity}")
            if np.isnan(values).all():
                continue
            marked = _marked(values)
            ax.plot(
                epochs,
                values,
                color=PALETTE[number],
                # A print without colour tells them apart by their lines.
                linestyle=("--", "-")[number],
                linewidth=1.5,
                marker=MARKERS[number] if marked else "",
                markersize=3.5,
                markevery=marked,
                label=label,
            )
        if self.best_epoch_ is not None:
            ax.axvline(
                self.best_epoch_,
                color="0.35",
                linestyle=":",
                linewidth=1.3,
                zorder=1,
                label=f"best epoch: {self.best_epoch_}",
            )

    def _label_epochs(self, ax):
        epochs = self._column("epoch")
        ax.set_xlim(np.nanmin(epochs) - 0.5, np.nanmax(epochs) + 0.5)
        # One epoch is one tick: two would have to be halves.
        ax.xaxis.get_major_locator().set_params(integer=True, min_n_ticks=1)
        ax.set_xlabel("Epoch", fontsize=FONT_SIZE)
        ax.grid(axis="y", color="0.9", linewidth=0.8)
        strip(ax)

    def _label_values(self):
        loss, accuracy = self.ax_
        loss.set_ylabel("Loss", fontsize=FONT_SIZE)
        losses = np.append(self._column("train_loss"), self._column("valid_loss"))
        if np.nanmin(losses, initial=0) >= 0:
            loss.set_ylim(0, 1.08 * np.nanmax(losses, initial=0) or 1)
        accuracy.set_ylabel("Accuracy (%)", fontsize=FONT_SIZE)
        # A line at 100 % has a width.
        accuracy.set_ylim(0, 102)

    def _add_legend(self, place):
        """Put the legend below a new figure, where it hides nothing, or into axes given."""
        handles, labels = self.ax_[0].get_legend_handles_labels()
        below = {"loc": "outside lower center", "ncols": 3, "frameon": False}
        # The line of the best epoch may pass behind it, and not through its text.
        inside = {"framealpha": 0.9, "edgecolor": "none"}
        how = below if place is self.figure_ else inside
        place.legend(handles, labels, fontsize=FONT_SIZE, **how)


def _marked(values):
    """Choose the epochs that get a marker: all of a few, and those that no line leads to."""
    if len(values) <= _FEW_EPOCHS:
        return list(range(len(values)))
    missing = np.isnan(np.pad(values, 1, constant_values=np.nan))
    return np.flatnonzero(missing[:-2] & ~missing[1:-1] & missing[2:]).tolist()


def _unwrap(estimator):
    """Find what has the history, in whatever holds it."""
    path = [estimator]
    while not hasattr(path[-1], "history_"):
        inner = _inside(path[-1])
        if inner is None:
            raise _lacks_history(path)
        path.append(inner)
    return path[-1]


def _inside(estimator):
    for name in ("best_estimator_", "estimator_"):
        if hasattr(estimator, name):
            return getattr(estimator, name)
    return estimator.steps[-1][1] if hasattr(estimator, "steps") else None


def _lacks_history(path):
    name, *around = [type(one).__name__ for one in reversed(path)]
    where = name + "".join(f" in {holder}" for holder in around)
    if hasattr(path[-1], "fit"):
        try:
            check_is_fitted(path[-1])
        except NotFittedError:
            return NotFittedError(f"{where} is not fitted and has no history_ yet. Call fit.")
    if getattr(path[-1], "refit", True) is False:
        return ValueError(f"{where} keeps no best_estimator_. Say refit=True, and fit it.")
    return ValueError(
        f"{where} has no history_: only neural classifiers keep one. Give it one of sk_ser.neural, "
        "or what holds one as its last step, its best_estimator_ or its estimator_."
    )
