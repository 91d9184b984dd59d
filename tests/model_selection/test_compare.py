"""Several protocols at once: known gaps, any X, and every fault by its name."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import sklearn
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import StackingClassifier
from sklearn.exceptions import FitFailedWarning
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.feature_selection import SelectFromModel
from sklearn.frozen import FrozenEstimator
from sklearn.metrics import cohen_kappa_score, f1_score, make_scorer
from sklearn.model_selection import GridSearchCV, RepeatedStratifiedKFold, StratifiedGroupKFold
from sklearn.naive_bayes import GaussianNB, MultinomialNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from sk_ser.model_selection import EvaluationWarning, FoldError, compare_protocols, uar_scorer
from tests.model_selection.mocks import Chancer, Memoriser, Truthful, pairs

X, Y, SPEAKERS = pairs()


def compare(estimators=None, X=X, y=Y, groups=SPEAKERS, **options):
    estimators = Memoriser() if estimators is None else estimators
    return compare_protocols(
        estimators,
        X,
        y,
        groups=groups,
        **({"random_state": 0, "scoring": "uar"} | options),
    )


def test_a_model_that_memorises_voices_is_perfect_at_random_and_at_chance_on_new_ones():
    found = compare(n_splits=4, scoring=("uar", "accuracy", "f1_macro"))
    random, independent = found.table.to_dict("records")
    assert random["uar"] == random["accuracy"] == random["f1_macro"] == 1
    assert independent["uar"] == found.chance == 0.25
    assert (random["seen"], independent["seen"]) == (1, 0)
    (gap,) = found.gap.to_dict("records")
    assert gap["gap"] == gap["gap_low"] == gap["gap_high"] == 75
    assert (gap["reference"], gap["protocol"]) == ("random", "speaker-independent")


def test_a_model_that_knows_has_no_gap():
    found = compare(Truthful(), X=list(Y))
    assert found.table["uar"].tolist() == [1, 1]
    assert found.gap["gap"].tolist() == [0]


def test_the_table_tells_what_was_tested():
    row = compare().row("Memoriser", "speaker-independent")
    assert row[["n_folds", "n_speakers", "n_clips"]].tolist() == [5, 8, 160]
    assert row["fit_seconds"] > 0


def test_every_score_is_of_the_pooled_predictions_and_uar_comes_first():
    found = compare(Chancer(), scoring=("f1_macro", "recall_macro"))
    assert found.settings["scoring"] == ["uar", "f1_macro", "recall_macro"]
    for row in found.table.itertuples():
        rows = found.predictions[found.predictions["protocol"] == row.protocol]
        expected = f1_score(rows["y_true"], rows["y_pred"], average="macro")
        assert row.f1_macro == pytest.approx(expected)
        assert row.uar == row.recall_macro
        assert row.f1_macro_low < row.f1_macro < row.f1_macro_high


def test_scores_of_your_own_have_no_interval():
    found = compare(Chancer(), scoring={"kappa": make_scorer(cohen_kappa_score)})
    assert "kappa_low" not in found.table
    assert found.table["kappa"].abs().max() < 0.3
    assert found.folds["kappa"].notna().all()


def test_fold_scores_do_not_mind_classes_that_the_fold_lacks():
    # The last speaker alone is bored, so most folds lack the class.
    y = np.where((SPEAKERS >= 6) & (Y == "sad"), "bored", Y)
    found = compare(Chancer(), y=y, scoring=("recall_macro", "balanced_accuracy", "f1_macro"))
    assert np.isfinite(found.folds[["uar", "recall_macro", "f1_macro"]]).all(axis=None)


RAGGED = [np.full(1 + i % 5, float(i)) for i in range(len(Y))]
PATHS = [f"{speaker:02d}-{emotion}.wav" for speaker, emotion in zip(SPEAKERS, Y, strict=True)]


@pytest.mark.parametrize(
    "clips",
    [
        X,
        RAGGED,
        PATHS,
        np.array(PATHS),
        pd.Series(PATHS),
        pd.Series(PATHS, index=np.arange(160)[::-1]),
        pd.Series(PATHS).values,
        pd.DataFrame(X, columns=["speaker", "label"]),
    ],
    ids=lambda clips: type(clips).__name__,
)
def test_anything_that_scikit_learn_can_index_does(clips):
    found = compare(DummyClassifier(), X=clips)
    assert found.table["n_clips"].tolist() == [160, 160]


@pytest.mark.parametrize("kind", [list, pd.Series, lambda v: pd.Series(v).array, pd.Categorical])
def test_labels_and_speakers_come_in_any_container(kind):
    names = [f"actor {speaker}" for speaker in SPEAKERS]
    found = compare(y=kind(Y), groups=kind(names))
    assert found.predictions["speaker"].unique().tolist()[0] == "actor 0"
    assert found.table["uar"].tolist() == [1, 0.25]


def test_whole_numbers_are_labels_too():
    found = compare(X=X, y=X[:, 1])
    assert found.classes == [0, 1, 2, 3]
    assert found.table["uar"].tolist() == [1, 0.25]


def test_text_is_split_before_anything_is_learned_from_it():
    # Each path names its emotion, so bags of words are enough.
    model = make_pipeline(CountVectorizer(), MultinomialNB())
    found = compare(model, X=PATHS)
    assert found.estimators == ["MultinomialNB"]
    assert found.table["uar"].tolist() == [1, 1]


@pytest.mark.parametrize("kind", [dict, list])
def test_estimators_come_by_name(kind):
    found = compare(kind({"b": Memoriser(), "a": DummyClassifier()}.items()))
    assert found.estimators == ["b", "a"]
    assert found.gap["estimator"].tolist() == ["b", "a"]
    assert found.gap["gap"].tolist() == [75, 0]


@pytest.mark.parametrize("routing", [False, True])
def test_a_grouped_grid_search_runs_inside_each_fold(routing):
    grid = {"max_depth": [1, 3]}
    search = GridSearchCV(
        DecisionTreeClassifier(), grid, cv=StratifiedGroupKFold(3), scoring=uar_scorer, n_jobs=None
    )
    with sklearn.config_context(enable_metadata_routing=routing):
        found = compare(search)
    assert found.failures == []


def test_the_same_random_state_gives_the_same_numbers_with_any_n_jobs():
    runs = [compare(Chancer(), n_jobs=n_jobs, random_state=7) for n_jobs in (None, 2)]
    one, other = (run.table.drop(columns="fit_seconds") for run in runs)
    pd.testing.assert_frame_equal(one, other)
    pd.testing.assert_frame_equal(runs[0].gap, runs[1].gap)
    assert not compare(Chancer(), random_state=8).table["uar"].equals(one["uar"])


@pytest.mark.parametrize("random_state", [None, np.random.RandomState(3)])
def test_a_seed_that_was_drawn_is_kept_and_repeats_the_run(random_state):
    found = compare(Chancer(), random_state=random_state)
    again = compare(Chancer(), random_state=found.settings["random_state"])
    pd.testing.assert_frame_equal(found.predictions, again.predictions)


def test_the_order_of_protocols_says_what_gaps_are_taken_from():
    protocols = {"even and odd": {speaker: speaker % 2 for speaker in range(8)}, "random": "random"}
    found = compare(protocols=protocols)
    assert found.gap[["reference", "protocol"]].to_numpy().tolist() == [["even and odd", "random"]]
    assert found.gap["gap"].tolist() == [-75]


def test_gaps_are_over_the_speakers_that_both_protocols_tested():
    one_half = [(np.flatnonzero(SPEAKERS > 3), np.flatnonzero(SPEAKERS < 4))]
    found = compare(protocols={"random": "random", "half": one_half})
    assert found.gap["n_speakers"].tolist() == [4]
    assert found.table["n_speakers"].tolist() == [8, 4]


def test_one_protocol_has_no_gap():
    found = compare(protocols="random")
    assert found.protocols == ["random"]
    assert found.gap.empty


def test_clips_tested_repeatedly_are_counted_once():
    found = compare(protocols={"repeated": RepeatedStratifiedKFold(n_splits=2, n_repeats=2)})
    assert found.table[["n_folds", "n_clips"]].to_numpy().tolist() == [[4, 160]]
    assert len(found.predictions) == 320


def test_without_speakers_there_is_a_score_and_no_interval():
    found = compare(groups=None, protocols="random")
    row = found.table.iloc[0]
    assert row["uar"] == 1
    assert np.isnan(row[["uar_low", "uar_high", "seen"]].astype(float)).all()
    assert row["n_speakers"] == 0
    found = compare(groups=None, protocols={"a": "random", "b": "random"})
    assert found.gap["gap"].tolist() == [0]
    assert np.isnan(found.gap["gap_low"]).all()


def test_one_speaker_has_a_score_no_interval_and_a_warning():
    with pytest.warns(EvaluationWarning, match="1 speaker. .* one alone has none. Add speakers"):
        found = compare(groups=np.zeros(160, int), protocols="random")
    assert np.isnan(found.table["uar_low"]).all()
    assert "1 speaker" in found.notes[0]


def test_two_speakers_have_an_interval_and_a_warning():
    with pytest.warns(EvaluationWarning, match="2 speakers. An interval over so few says next to"):
        found = compare(Chancer(), groups=SPEAKERS % 2)
    assert found.table["uar_low"].notna().all()
    assert found.notes[0].startswith("speaker-independent: 2 speakers for n_splits=5")


def test_a_speaker_with_a_single_clip_is_in_one_fold_and_has_a_result():
    speakers = np.r_[SPEAKERS[:-1], 99]
    found = compare(groups=speakers)
    rows = found.predictions[found.predictions["speaker"] == 99]
    assert rows.groupby("protocol").size().tolist() == [1, 1]
    # That clip's speaker has no other clip: 159 of 160 are seen.
    assert found.table["seen"][0] == pytest.approx(159 / 160)


def test_a_class_that_one_speaker_has_alone_is_warned_of_and_scores_0():
    y = np.where(SPEAKERS == 3, np.where(Y == "sad", "bored", Y), Y)
    with pytest.warns(EvaluationWarning, match="'bored' .* recall is 0 by construction. Only sp"):
        found = compare(Truthful(), X=list(Y), y=y)
    assert found.confusion("Truthful", "speaker-independent").loc["bored", "bored"] == 0


def test_a_class_rarer_than_the_folds_is_warned_of_and_scored():
    y = Y.copy()
    y[[0, 40]] = "bored"
    with pytest.warns(EvaluationWarning) as told:
        found = compare(y=y)
    assert [str(one.message).split(":")[0] for one in told] == ["random", "speaker-independent"]
    assert all("class 'bored' has 2 clips for 5 folds" in str(one.message) for one in told)
    assert found.table["uar"].notna().all()


def faulty(needs=0):
    return {"good": Truthful(), "picky": Truthful(needs=needs)}


def test_a_fold_that_fails_is_named_and_chained_and_costs_no_other_result():
    with pytest.raises(FoldError) as raised:
        compare(faulty(), X=list(Y))
    told = str(raised.value)
    assert told.startswith("1 of 20 fits failed, the first of them: estimator 'picky', protocol")
    assert "'speaker-independent', fold " in told
    assert "raise Picky" in told
    assert "Picky: no" in str(raised.value.__cause__)
    table = raised.value.comparison.table
    assert table["n_folds"].tolist() == [5, 5, 5, 4]
    assert table["uar"].tolist() == [1, 1, 1, 1]


def test_failures_can_be_a_warning():
    with pytest.warns(FitFailedWarning, match="1 of 20 fits failed"):
        found = compare(faulty(), X=list(Y), on_error="warn")
    assert len(found.failures) == 1
    assert found.failures[0].startswith("estimator 'picky', protocol 'speaker-independent', fold")
    assert found.notes == ["1 of 20 fits failed: see failures."]
    assert found.folds["uar"].isna().sum() == 1
    # The gap is over the speakers that are left.
    assert found.gap["n_speakers"].tolist()[0] == 8
    assert found.gap["n_speakers"].tolist()[1] < 8


def test_an_estimator_that_fails_throughout_has_a_row_without_scores():
    with pytest.warns(FitFailedWarning, match="10 of 20 fits failed"):
        found = compare(faulty(needs=99), X=list(Y), on_error="warn")
    assert found.table["uar"].isna().tolist() == [False, False, True, True]
    assert found.confusion("picky", "random").to_numpy().sum() == 0
    assert "picky" in repr(found)


@pytest.mark.parametrize("on_error", ["raise", "warn"])
def test_when_all_fails_there_is_nothing_to_return(on_error):
    with pytest.raises(FoldError, match="10 of 10 fits failed") as raised:
        compare(Truthful(needs=99), X=list(Y), on_error=on_error)
    assert raised.value.comparison is None


MISSING = np.array(Y, dtype=object)
MISSING[[3, 9]] = [None, np.nan]


@pytest.mark.parametrize(
    "options, message",
    [
        ({"y": Y[:-1]}, "y holds 159 labels and X holds 160 clips"),
        ({"groups": SPEAKERS[:-2]}, "groups holds 158 speakers and X holds 160 clips"),
        (
            {"y": MISSING},
            r"y: 2 of 160 labels are missing .*, the first at position 3",
        ),
        ({"groups": MISSING}, "groups: 2 of 160 speakers are missing"),
        ({"y": pd.Series(MISSING)}, "2 of 160 labels are missing"),
        ({"y": ["calm"] * 160}, "y: all clips have the label 'calm', and at least two"),
        ({"y": np.linspace(0, 1, 160)}, "its values are continuous, not classes"),
        ({"y": np.column_stack([Y, Y])}, r"y: its shape is \(160, 2\). Pass one label a clip"),
        ({"groups": [1, "1"] * 80}, "groups: text and numbers are mixed"),
        ({"groups": None}, "needs the speakers, and groups is None"),
        ({"groups": ["x"] * 160}, "all clips have the speaker 'x', and at least two"),
        ({"estimators": {}}, "estimators is empty"),
        ({"estimators": [("a", Memoriser()), ("a", Memoriser())]}, "two are called 'a'"),
        ({"scoring": "uaar"}, "'uaar' is not a valid scoring value"),
        ({"scoring": "roc_auc_ovr"}, "'roc_auc_ovr' cannot score predicted labels"),
        ({"scoring": {"f": f1_score}}, "'f' cannot score predicted labels.*make_scorer"),
        ({"n_splits": 1}, "n_splits=1: it must be a whole number from 2"),
        ({"confidence_level": 95}, "confidence_level=95: it must be between 0 and 1"),
        ({"on_error": "ignore"}, "on_error='ignore': it must be one of .'raise', 'warn'"),
    ],
)
def test_bad_input_is_named_before_anything_is_fitted(options, message):
    with pytest.raises(ValueError, match=message):
        compare(**options)


@pytest.mark.parametrize(
    "estimators", [Memoriser, {"a": "svm"}, [Memoriser()], 3, [(1, Memoriser())]]
)
def test_what_is_no_estimator_is_a_type_error(estimators):
    with pytest.raises(TypeError, match=r"Pass (an instance|one estimator)"):
        compare(estimators)


def test_nothing_heavy_is_loaded():
    code = (
        "import sys, sk_ser.model_selection, sk_ser.inspection;"
        "print({'matplotlib', 'torch', 'librosa'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "set()"


# Fitted parts


FITTED = StandardScaler().fit(np.random.default_rng(0).normal(size=(9, 2)))


@pytest.mark.parametrize(
    "estimator",
    [
        FrozenEstimator(GaussianNB().fit([[0, 1], [1, 0]], ["happy", "sad"])),
        make_pipeline(FrozenEstimator(FITTED), GaussianNB()),
        StackingClassifier(
            [("nb", GaussianNB().fit([[0, 1], [1, 0]], [0, 1]))], GaussianNB(), cv="prefit"
        ),
        make_pipeline(SelectFromModel(GaussianNB(), prefit=True), GaussianNB()),
        GridSearchCV(make_pipeline(FrozenEstimator(FITTED), GaussianNB()), {}, cv=2),
    ],
    ids=["frozen", "frozen step", "stacking", "selection", "in a search"],
)
def test_parts_that_stay_fitted_are_refused(estimator):
    y, speakers = np.tile(["happy", "sad"], 20), np.repeat(list("abcd"), 10)
    x = np.random.default_rng(0).normal(size=(40, 2))
    with pytest.raises(ValueError, match="is fitted already and stays so"):
        compare_protocols(estimator, x, y, groups=speakers, random_state=0)


def test_parts_that_were_fitted_on_other_recordings_can_be_allowed():
    y, speakers = np.tile(["happy", "sad"], 20), np.repeat(list("abcd"), 10)
    x = np.random.default_rng(0).normal(size=(40, 2))
    frozen = make_pipeline(FrozenEstimator(FITTED), GaussianNB())
    found = compare_protocols(frozen, x, y, groups=speakers, random_state=0, allow_prefitted=True)
    assert len(found.table) == 2


def test_a_fitted_estimator_is_fitted_anew():
    y, speakers = np.tile(["happy", "sad"], 20), np.repeat(list("abcd"), 10)
    x = np.random.default_rng(0).normal(size=(40, 2))
    fitted = make_pipeline(FITTED, GaussianNB()).fit(x, y)
    assert len(compare_protocols(fitted, x, y, groups=speakers, random_state=0).table) == 2


# Notes


def test_few_speakers_are_noted():
    y, speakers = np.tile(["happy", "sad"], 30), np.repeat(["a", "b", "c"], 20)
    x = np.random.default_rng(0).normal(size=(60, 2))
    found = compare_protocols(
        GaussianNB(), x, y, groups=speakers, protocols="speaker-independent", random_state=0
    )
    assert any("an interval over 3 speakers is valid only if" in note for note in found.notes)
    assert found.table["uar_low"].notna().all()


def test_other_numbers_of_training_clips_are_noted():
    y, speakers = np.tile(["happy", "sad"], 40), np.repeat(list("abcd"), 20)
    x = np.random.default_rng(0).normal(size=(80, 2))
    options = {"groups": speakers, "random_state": 0}
    found = compare_protocols(GaussianNB(), x, y, n_splits=4, **options)
    assert not any("in training" in note for note in found.notes)
    found = compare_protocols(GaussianNB(), x, y, n_splits=10, **options)
    wanted = "speaker-independent: 60 clips are in training, 72 under random: the gap is also due"
    assert any(wanted in note for note in found.notes)
