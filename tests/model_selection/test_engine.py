"""One fit at a time: tuned on training speakers, and what a failure leaves behind."""

import numpy as np
import pytest
import sklearn
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from sk_ser.model_selection._checks import Clips
from sk_ser.model_selection._engine import run_folds
from sk_ser.model_selection._protocols import Protocol
from tests.model_selection.mocks import Memoriser, Truthful

GROUPS = np.repeat(np.arange(6), 4)


def grouped_search(estimator=None, cv=None):
    grid = {"max_depth": [1, 2]} if estimator is None else {}
    cv = StratifiedGroupKFold(3) if cv is None else cv
    return GridSearchCV(estimator or DecisionTreeClassifier(), grid, cv=cv)


@pytest.mark.parametrize("routing", [False, True])
@pytest.mark.parametrize("in_pipeline", [False, True])
def test_a_grid_search_is_tuned_on_training_speakers_only(routing, in_pipeline):
    """The inner folds are of the outer fold's training speakers, and never mix them."""
    seen = []

    class Spy(StratifiedGroupKFold):
        def split(self, X, y=None, groups=None):
            for train, test in super().split(X, y, groups):
                seen.append((set(groups[train]), set(groups[test])))
                yield train, test

    search = grouped_search(cv=Spy(2))
    if in_pipeline:
        search = make_pipeline(StandardScaler(), search)
    fold = (np.flatnonzero(GROUPS > 1), np.flatnonzero(GROUPS <= 1))
    with sklearn.config_context(enable_metadata_routing=routing):
        (result,) = run(search, [fold], n_jobs=None)
    assert result.error is None
    assert len(seen) == 2
    for train, test in seen:
        assert train | test == {2, 3, 4, 5}
        assert not train & test


def run(estimator, folds, X=None, n_jobs=None, verbose=False, seed=0):
    X = np.random.default_rng(0).normal(size=(24, 2)) if X is None else X
    y = np.tile(["calm", "angry"], 12)
    return run_folds(
        {"model": estimator},
        [Protocol("mine", folds)],
        Clips(X, y, GROUPS),
        seed=seed,
        n_jobs=n_jobs,
        verbose=verbose,
    )


HALVES = [(np.arange(12), np.arange(12, 24)), (np.arange(12, 24), np.arange(12))]


def test_results_come_in_order_whichever_was_done_first():
    results = run(DecisionTreeClassifier(random_state=0), HALVES * 3, n_jobs=2)
    assert [result.fold for result in results] == list(range(6))
    assert all(result.fit_seconds > 0 for result in results)


def test_the_estimator_given_is_left_as_it_is():
    tree = DecisionTreeClassifier()
    run(tree, HALVES)
    assert tree.random_state is None
    assert not hasattr(tree, "tree_")


def test_a_fold_that_fails_leaves_the_others_and_keeps_its_error():
    good, bad = run(Truthful(needs=0), HALVES, X=["calm"] * 24)
    assert good.outputs["predict"].tolist() == ["calm"] * 12
    assert str(bad).startswith("estimator 'model', protocol 'mine', fold 1: RuntimeError: Picky")
    assert "raise Picky" in bad.details


@pytest.mark.parametrize(
    "answers, message",
    [
        (["calm"] * 24, None),
        ([0] * 24, "predict gave 0, but labels are like 'calm'"),
        ([None] * 24, "missing labels"),
        ([["calm", "angry"]] * 24, r"shape \(12, 2\) for 12 test clips"),
    ],
)
def test_predictions_that_are_no_labels_fail_the_fold(answers, message):
    result = run(Truthful(), HALVES, X=answers)[0]
    if message is None:
        assert result.error is None
    else:
        with pytest.raises(ValueError, match=message):
            raise result.error


def test_an_error_that_cannot_be_pickled_leaves_its_text():
    _, bad = run(Truthful(needs=0), HALVES, X=["calm"] * 24)
    assert isinstance(bad.error, RuntimeError)
    assert str(bad.error) == "Picky: no"


def test_other_errors_are_kept_as_they_are():
    class Raising(Memoriser):
        def fit(self, X, y):
            raise KeyError("x")

    assert isinstance(run(Raising(), HALVES)[0].error, KeyError)


def test_the_progress_bar_tells_the_time_left(capsys):
    run(Memoriser(), HALVES, verbose=True)
    told = capsys.readouterr().err
    assert "2/2" in told
    assert "<" in told
    run(Memoriser(), HALVES)
    assert capsys.readouterr().err == ""
