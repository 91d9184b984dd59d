"""Loss and accuracy of each epoch, drawn."""

import matplotlib.figure
import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import FixedThresholdClassifier, GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sk_ser.inspection import TrainingCurveDisplay

NAN = float("nan")
X, Y = np.arange(20.0).reshape(10, 2), [0, 1] * 5


def make_history(n_epochs=4, *, valid=True, voices="unseen speakers"):
    epochs = np.arange(1, n_epochs + 1)
    history = pd.DataFrame(
        {
            "epoch": epochs,
            "train_loss": 2 / epochs,
            "train_accuracy": 1 - 0.8 / epochs,
            "learning_rate": 0.001,
            "seconds": 0.1,
        }
    )
    if valid:
        # falls to the third epoch, and rises from there
        history["valid_loss"] = 1 + 0.1 * abs(epochs - 3)
        history["valid_accuracy"] = 0.5 - 0.3 / epochs
        history["valid_uar"] = 0.4
    history.attrs["validation"] = voices if valid else None
    return history


class Net(ClassifierMixin, BaseEstimator):
    """Learns nothing, and keeps a history as a neural classifier does."""

    def __init__(self, n_epochs=4):
        self.n_epochs = n_epochs

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        self.history_ = make_history(self.n_epochs)
        return self

    def predict(self, X):
        return np.zeros(len(X), dtype=int)

    def predict_proba(self, X):
        return np.full((len(X), 2), 0.5)


def curves(ax):
    """Epochs and values of each line, by its label."""
    return {line.get_label(): np.transpose(line.get_xydata()).tolist() for line in ax.lines}


def labels_of(legend):
    return [text.get_text() for text in legend.get_texts()]


def draw(history, **options):
    return TrainingCurveDisplay.from_history(history).plot(**options)


# What is drawn


def test_loss_is_left_and_accuracy_right_in_training_and_validation():
    history = make_history()
    loss, accuracy = draw(history).ax_
    for ax, name, factor in ((loss, "loss", 1), (accuracy, "accuracy", 100)):
        drawn = curves(ax)
        for label, part in (("training", "train"), ("validation (unseen speakers)", "valid")):
            epochs, values = drawn[label]
            assert epochs == [1, 2, 3, 4]
            np.testing.assert_allclose(values, factor * history[f"{part}_{name}"])
    assert (loss.get_ylabel(), accuracy.get_ylabel()) == ("Loss", "Accuracy (%)")
    assert [ax.get_xlabel() for ax in (loss, accuracy)] == ["Epoch", "Epoch"]


def test_the_best_epoch_is_where_the_validation_loss_is_lowest():
    display = draw(make_history())
    assert display.best_epoch_ == 3
    for ax in display.ax_:
        assert curves(ax)["best epoch: 3"][0] == [3, 3]


def test_of_equal_losses_the_first_is_best_as_early_stopping_has_it():
    history = make_history()
    history["valid_loss"] = [2.0, 1.0, 1.0, 3.0]
    assert draw(history).best_epoch_ == 2


@pytest.mark.parametrize(
    "voices, label",
    [
        ("unseen speakers", "validation (unseen speakers)"),
        ("seen speakers", "validation (seen speakers)"),
        (None, "validation"),
    ],
)
def test_the_legend_says_whose_voices_validation_is_of(voices, label):
    (legend,) = draw(make_history(voices=voices)).figure_.legends
    assert labels_of(legend) == ["training", label, "best epoch: 3"]


def test_a_history_that_went_through_a_file_knows_no_voices(tmp_path):
    make_history().to_csv(tmp_path / "history.csv", index=False)
    display = draw(pd.read_csv(tmp_path / "history.csv"))
    assert "validation" in curves(display.ax_[0])


def test_without_validation_there_is_one_curve_and_no_best_epoch():
    display = draw(make_history(valid=False))
    assert display.best_epoch_ is None
    for ax in display.ax_:
        assert list(curves(ax)) == ["training"]
    assert labels_of(display.figure_.legends[0]) == ["training"]


def test_the_axes_hold_every_epoch_from_a_loss_of_zero_to_all_right():
    loss, accuracy = draw(make_history(40)).ax_
    assert loss.get_xlim() == accuracy.get_xlim() == (0.5, 40.5)
    assert loss.get_ylim() == (0, pytest.approx(1.08 * 4.7))  # the last epoch's in validation
    assert accuracy.get_ylim() == (0, 102)


def test_a_loss_below_zero_is_not_cut_off():
    history = make_history()
    history["train_loss"] = [1.0, 0.0, -1.0, -2.0]
    assert draw(history).ax_[0].get_ylim()[0] <= -2


# Little, and gaps


def test_one_epoch_is_a_dot_at_one_tick():
    display = draw(make_history(1))
    display.figure_.draw_without_rendering()
    for ax in display.ax_:
        assert ax.get_xlim() == (0.5, 1.5)
        assert [tick for tick in ax.get_xticks() if 0.5 <= tick <= 1.5] == [1]
        assert [line.get_marker() for line in ax.lines] == ["o", "s", "None"]


def test_few_epochs_have_markers_and_many_have_none():
    assert draw(make_history(25)).ax_[0].lines[0].get_markevery() == list(range(25))
    assert draw(make_history(26)).ax_[0].lines[0].get_marker() in ("", "None")


def test_epochs_without_a_number_are_gaps_and_one_between_gaps_is_a_dot():
    history = make_history(40)
    history.loc[[4, 5, 7, 8], "train_loss"] = NAN
    history.loc[2, ["valid_loss", "valid_accuracy"]] = NAN
    display = draw(history)
    train = display.ax_[0].lines[0]
    assert np.flatnonzero(np.isnan(train.get_ydata())).tolist() == [4, 5, 7, 8]
    assert train.get_markevery() == [6]
    assert display.best_epoch_ == 2


@pytest.mark.parametrize("broken", [NAN, np.inf, pd.NA])
def test_what_is_no_number_is_not_the_best_and_not_drawn(broken):
    history = make_history().astype({"valid_loss": "Float64", "train_loss": "Float64"})
    history.loc[2, ["valid_loss", "train_loss"]] = broken
    display = draw(history)
    assert display.best_epoch_ == 2
    assert np.isnan(display.ax_[0].lines[0].get_ydata()).tolist() == [False, False, True, False]
    display.figure_.draw_without_rendering()


def test_a_row_of_nothing_is_passed_over():
    history = make_history().astype({"epoch": float})
    history.loc[2] = NAN
    display = draw(history)
    assert display.best_epoch_ == 2
    assert display.ax_[0].get_xlim() == (0.5, 4.5)


def test_a_history_without_one_number_is_drawn_empty():
    history = make_history()
    history[["train_loss", "train_accuracy", "valid_loss", "valid_accuracy"]] = NAN
    display = draw(history)
    assert display.best_epoch_ is None
    assert display.ax_[0].get_ylim() == (0, 1)
    display.figure_.draw_without_rendering()


def test_the_history_is_left_as_it_is():
    history = make_history()
    history.loc[1, "valid_loss"] = np.inf
    before = history.copy()
    draw(history)
    pd.testing.assert_frame_equal(history, before)


# Where the history comes from


@pytest.mark.parametrize(
    "make",
    [
        Net,
        lambda: make_pipeline(StandardScaler(), Net()),
        lambda: GridSearchCV(Net(), {"n_epochs": [4]}, cv=2),
        lambda: make_pipeline(StandardScaler(), GridSearchCV(Net(), {"n_epochs": [4]}, cv=2)),
        lambda: GridSearchCV(make_pipeline(StandardScaler(), Net()), {}, cv=2),
        lambda: FixedThresholdClassifier(make_pipeline(StandardScaler(), Net())),
    ],
    ids=["net", "pipeline", "search", "search in pipeline", "pipeline in search", "estimator_"],
)
def test_the_net_is_found_in_whatever_holds_it(make):
    display = TrainingCurveDisplay.from_estimator(make().fit(X, Y))
    assert display.estimator == "Net"
    assert display.best_epoch_ == 3
    assert display.plot().figure_.get_suptitle() == "Net"


@pytest.mark.parametrize(
    "make, message",
    [
        (Net, "^Net is not fitted and has no history_ yet. Call fit."),
        (lambda: make_pipeline(StandardScaler(), Net()), "^Pipeline is not fitted"),
        (lambda: GridSearchCV(Net(), {}), "^GridSearchCV is not fitted"),
    ],
)
def test_what_is_not_fitted_is_named(make, message):
    with pytest.raises(NotFittedError, match=message):
        TrainingCurveDisplay.from_estimator(make())


@pytest.mark.parametrize(
    "make, message",
    [
        (LogisticRegression, "^LogisticRegression has no history_: only neural classifiers keep"),
        (
            lambda: GridSearchCV(make_pipeline(LogisticRegression()), {}, cv=2),
            "^GridSearchCV has no history_: only neural",
        ),
        (
            lambda: GridSearchCV(Net(), {}, cv=2, refit=False),
            "^GridSearchCV has no history_.* a search with refit=True",
        ),
    ],
)
def test_what_keeps_no_history_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        TrainingCurveDisplay.from_estimator(make().fit(X, Y))


def test_what_is_no_estimator_is_named():
    with pytest.raises(ValueError, match="DataFrame has no history_"):
        TrainingCurveDisplay.from_estimator(make_history())


def test_a_trained_net_is_drawn():
    pytest.importorskip("skorch", reason="skorch, of the extra neural, is not installed")
    from sk_ser.neural import CNNClassifier

    rng = np.random.default_rng(0)
    X, y, groups = rng.normal(size=(24, 12)), ["a", "b"] * 12, np.repeat([1, 2, 3, 4], 6)
    net = CNNClassifier((4,), max_epochs=3, early_stopping=True, random_state=0)
    display = TrainingCurveDisplay.from_estimator(net.fit(X, y, groups=groups)).plot()
    drawn = curves(display.ax_[0])
    assert list(drawn)[:2] == ["training", "validation (unseen speakers)"]
    assert drawn["training"] == [[1, 2, 3], net.history_["train_loss"].tolist()]
    assert display.best_epoch_ == 1 + net.history_["valid_loss"].argmin()


@pytest.mark.parametrize(
    "history, message",
    [
        ([{"epoch": 1}], "history is of type list, where a DataFrame"),
        (make_history().drop(columns="train_loss"), r"history lacks \['train_loss'\], and has"),
        (make_history()[:0], "history has no epoch"),
        (make_history().assign(epoch=NAN), "history has no epoch"),
    ],
)
def test_what_is_no_history_is_named(history, message):
    with pytest.raises(ValueError, match=message):
        TrainingCurveDisplay.from_history(history)


# Where it is drawn


def test_it_draws_on_axes_that_it_is_given():
    figure = matplotlib.figure.Figure()
    axes = figure.subplots(1, 2)
    display = TrainingCurveDisplay.from_estimator(Net().fit(X, Y)).plot(ax=axes)
    assert display.ax_ == list(axes)
    assert display.figure_ is figure
    assert figure.get_suptitle() == ""
    assert figure.legends == []
    assert labels_of(axes[0].get_legend())[0] == "training"


def test_one_axes_is_too_few():
    with pytest.raises(ValueError, match="ax holds 1 axes, and 2 are needed"):
        draw(make_history(), ax=matplotlib.figure.Figure().subplots())


def test_it_has_the_title_that_it_is_given():
    assert draw(make_history(), title="TESS").figure_.get_suptitle() == "TESS"
    assert draw(make_history()).figure_.get_suptitle() == ""


def test_nothing_is_left_open_in_pyplot():
    import matplotlib.pyplot as plt

    draw(make_history())
    assert plt.get_fignums() == []


@pytest.mark.parametrize("n_epochs", [1, 15, 300])
def test_no_text_hides_another(n_epochs, overlaps):
    display = draw(make_history(n_epochs), title="Three corpora, convolution and recurrence")
    assert overlaps(display.figure_) == []


@pytest.mark.parametrize("suffix, begin", [("pdf", b"%PDF"), ("png", b"\x89PNG")])
def test_files_can_be_written(suffix, begin, tmp_path):
    path = tmp_path / f"curve.{suffix}"
    draw(make_history()).figure_.savefig(path)
    assert path.read_bytes().startswith(begin)


def test_without_matplotlib_the_extra_is_named(no_matplotlib):
    with pytest.raises(ImportError, match=r'TrainingCurveDisplay.plot .* "sk_ser\[plot\]"'):
        draw(make_history())
