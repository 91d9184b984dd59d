"""Flat against nested: what is luck, what each is tuned on, and what is no search."""

import json

import numpy as np
import pandas as pd
import pytest
import sklearn
from sklearn.dummy import DummyClassifier
from sklearn.exceptions import FitFailedWarning
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    PredefinedSplit,
    RandomizedSearchCV,
)
from sklearn.pipeline import make_pipeline
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from sk_ser.classifiers import make_svm
from sk_ser.datasets import load_emodb
from sk_ser.features import make_front_end
from sk_ser.inspection import GapDisplay
from sk_ser.model_selection import (
    FoldError,
    ProtocolComparison,
    TuningFolds,
    compare_protocols,
    selection_optimism,
    uar_score,
    uar_scorer,
)

RNG = np.random.default_rng(0)
SPEAKERS = np.repeat(np.arange(12), 10)
Y = RNG.choice(["angry", "calm"], 120)
NOISE = RNG.normal(size=(120, 3))
SKILL = NOISE + 4 * (Y == "calm")[:, np.newaxis]
FOLDS = GroupKFold(4)


def search_of(estimator=None, grid=None, cv=FOLDS, scoring=uar_scorer, **options):
    estimator = estimator or DecisionTreeClassifier(random_state=0)
    grid = {"max_depth": [1, 2, 3]} if grid is None else grid
    return GridSearchCV(estimator, grid, cv=cv, scoring=scoring, **options)


def guesses(n):
    grid = {"random_state": range(n)}
    return search_of(DummyClassifier(strategy="uniform"), grid, GroupKFold(2))


def measure(search, X=SKILL, y=Y, groups=SPEAKERS, **options):
    options = {"random_state": 0, "scoring": "uar"} | options
    return selection_optimism(search, X, y, groups=groups, **options)


def uars(found):
    return found.table.set_index("protocol")["uar"]


def test_the_best_of_many_guesses_flatters_and_nested_it_is_at_chance():
    nested, gaps = [], []
    for seed in range(6):
        y = np.random.default_rng(seed).choice(["angry", "calm"], 120)
        found = measure(guesses(30), X=NOISE, y=y)
        nested.append(uars(found)["nested"])
        gaps.append(found.gap["gap"].item())
    assert np.mean(nested) == pytest.approx(0.5, abs=0.06)
    assert min(gaps) > 0
    assert np.mean(gaps) > 8


def test_more_guesses_flatter_more():
    few, many = (uars(measure(guesses(n), X=NOISE))["flat"] for n in (2, 100))
    assert few < many


def test_one_setting_leaves_nothing_to_choose_and_no_gap():
    found = measure(search_of(grid={"max_depth": [2]}))
    assert found.gap["gap"].tolist() == [0]
    assert found.gap[["gap_low", "gap_high"]].to_numpy().tolist() == [[0, 0]]


def test_flat_is_what_the_search_reports():
    search = search_of().fit(SKILL, Y, groups=SPEAKERS)
    found = measure(search_of())
    assert found.settings["best_score"] == pytest.approx(search.best_score_)
    assert found.settings["best_params"] == {"max_depth": repr(search.best_params_["max_depth"])}
    of_folds = found.folds.loc[found.folds["protocol"] == "flat", "uar"]
    assert of_folds.mean() == pytest.approx(search.best_score_)


def test_nested_is_what_comparing_protocols_with_the_search_gives():
    found = measure(search_of())
    other = compare_protocols(
        search_of(), SKILL, Y, groups=SPEAKERS, protocols={"nested": FOLDS},
        random_state=0, scoring="uar",
    )  # fmt: skip
    nested = found.predictions.query("protocol == 'nested'").reset_index(drop=True)
    pd.testing.assert_frame_equal(nested, other.predictions)


def test_the_gap_is_flat_less_nested_over_the_same_clips_and_speakers():
    found = measure(guesses(30), X=NOISE)
    (gap,) = found.gap.to_dict("records")
    assert (gap["reference"], gap["protocol"]) == ("flat", "nested")
    assert gap["gap"] == pytest.approx(100 * (uars(found)["flat"] - uars(found)["nested"]))
    assert gap["gap_low"] <= gap["gap"] <= gap["gap_high"]
    assert gap["n_speakers"] == 12
    flat, nested = (part for _, part in found.predictions.groupby("protocol"))
    assert flat["index"].tolist() == nested["index"].tolist()
    assert uar_score(flat["y_true"], flat["y_pred"]) == uars(found)["flat"]


def test_what_was_chosen_is_told():
    found = measure(search_of())
    assert len(found.settings["chosen"]) == found.settings["n_splits"] == 4
    assert found.notes[0].startswith("flat: the search reports best_score=")
    assert found.notes[1].startswith("nested: chosen were max_depth=")
    assert "Note: nested: chosen were" in repr(found)


def test_it_can_be_drawn_and_written_down():
    pytest.importorskip("matplotlib")
    found = measure(search_of(DecisionTreeClassifier(), {"splitter": ["best", "random"]}))
    again = ProtocolComparison.from_dict(json.loads(json.dumps(found.to_dict(), allow_nan=False)))
    assert again.settings == found.settings
    assert GapDisplay.from_comparison(again).plot().ax_.get_legend() is not None


def test_the_same_random_state_gives_the_same_numbers_with_any_n_jobs():
    search = search_of(DecisionTreeClassifier(splitter="random"))
    one, other = (measure(search, X=NOISE, n_jobs=n_jobs) for n_jobs in (None, 2))
    pd.testing.assert_frame_equal(one.predictions, other.predictions)


@pytest.mark.parametrize(
    "cv", ["speaker-independent", GroupKFold(3), [{0, 1, 2, 3, 4, 5}, set(range(6, 12))]]
)
def test_the_folds_may_be_others_than_the_search_s_own(cv):
    found = measure(search_of(cv=TuningFolds(random_state=0)), cv=cv, n_splits=3)
    assert found.table["n_folds"].tolist() == [found.settings["n_splits"]] * 2
    assert found.table["seen"].tolist() == [0, 0]


def test_a_search_by_number_of_folds_hears_every_voice_and_it_shows():
    found = measure(search_of(cv=3))
    assert (found.table["seen"] > 0).all()


@pytest.mark.parametrize("routing", [False, True])
def test_inner_folds_are_of_the_outer_fold_s_training_speakers(routing):
    seen = []

    class Spy(GroupKFold):
        def split(self, X, y=None, groups=None):
            seen.append(len(np.unique(groups)))
            yield from super().split(X, y, groups)

    with sklearn.config_context(enable_metadata_routing=routing):
        measure(search_of(cv=Spy(3)), cv=FOLDS)
    assert seen == [9, 9, 9, 9]


def test_other_searches_will_do():
    search = RandomizedSearchCV(
        make_pipeline(DecisionTreeClassifier()),
        {"decisiontreeclassifier__max_depth": [1, 2, 3]},
        n_iter=2, cv=FOLDS, scoring=uar_scorer,
    )  # fmt: skip
    assert uars(measure(search))["nested"] > 0.9


def test_the_search_given_is_left_as_it_is():
    search = search_of()
    measure(search)
    assert search.cv is FOLDS
    assert not hasattr(search, "best_score_")


def test_without_speakers_there_are_scores_and_no_intervals():
    found = measure(search_of(cv=3), groups=None)
    assert found.gap["gap"].notna().all()
    assert found.table["uar_low"].isna().all()


class Hungry(DummyClassifier):
    """Fails on few clips, as the inner folds of a nested search have."""

    def fit(self, X, y):
        if len(y) < 80:
            raise ValueError("too few")
        return super().fit(X, y)


@pytest.mark.parametrize("on_error", ["raise", "warn"])
def test_folds_that_fail_are_named_and_cost_no_other_result(on_error):
    search = search_of(Hungry(), {"strategy": ["prior"]}, error_score="raise")
    message = "4 of 8 fits failed, the first of them: estimator 'GridSearchCV', protocol 'nested'"
    if on_error == "raise":
        with pytest.raises(FoldError, match=message) as raised:
            measure(search)
        found = raised.value.comparison
    else:
        with pytest.warns(FitFailedWarning, match=message):
            found = measure(search, on_error="warn")
    assert found.table["n_folds"].tolist() == [4, 0]
    assert found.settings["chosen"] == [None] * 4
    assert found.notes[1] == "nested: all folds failed."


@pytest.mark.parametrize(
    "search, error, message",
    [
        (SVC(), TypeError, "search is SVC.., which is not a search. Pass a GridSearchCV"),
        (make_pipeline(search_of()), TypeError, "not a Pipeline that holds one"),
        ({"a": search_of(), "b": search_of()}, ValueError, "there are 2. Pass one at a time"),
        (search_of(refit=False), ValueError, "refit=False leaves no model to predict with"),
        (search_of(cv=[([0], [1])]), ValueError, "its cv are indices of clips"),
        (search_of(cv=PredefinedSplit([0, 1] * 60)), ValueError, "its cv are indices of clips"),
    ],
)
def test_what_is_no_search_is_named(search, error, message):
    with pytest.raises(error, match=message):
        measure(search)


def test_a_protocol_that_is_several_is_refused():
    corpora = {"corpus": np.where(SPEAKERS < 6, "a", "b")}
    with pytest.raises(ValueError, match="'cross-corpus' stands for 2 protocols"):
        measure(search_of(), cv="cross-corpus", metadata=corpora)


@pytest.mark.corpus
def test_a_few_sound_settings_flatter_little_on_real_voices(corpora):
    corpus = load_emodb(corpora / "emodb")
    X = make_front_end(n_jobs=2).transform(corpus.data)
    search = search_of(make_svm(), {"svc__C": [0.3, 1.0, 3.0]}, TuningFolds(random_state=0))
    found = measure(search, X, corpus.target, corpus.groups, cv="leave-one-speaker-out")
    assert uars(found)["nested"] > 0.74
    assert abs(found.gap["gap"].item()) < 3
