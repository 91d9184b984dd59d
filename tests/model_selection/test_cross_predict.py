"""Predictions by models that were not fitted on the clip, on the folds of a comparison."""

import numpy as np
import pandas as pd
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import FitFailedWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import (
    GridSearchCV,
    LeaveOneGroupOut,
    RepeatedKFold,
    cross_val_predict,
)
from sklearn.svm import SVC

from sk_ser.model_selection import (
    EvaluationWarning,
    FoldError,
    TuningFolds,
    compare_protocols,
    cross_predict,
    draw_folds,
)
from tests.model_selection.mocks import Truthful

RNG = np.random.default_rng(0)
SPEAKERS = np.repeat(np.arange(8), 12)
Y = np.tile(["angry", "calm", "sad"], 32)
X = RNG.normal(size=(96, 3)) + (Y == "angry")[:, np.newaxis]
OPTIONS = {"groups": SPEAKERS, "random_state": 3}


def predict_proba(*args, **options):
    return cross_predict(*args, method="predict_proba", **options)


def test_it_predicts_as_the_comparison_on_the_same_folds():
    for protocol in ("random", "speaker-independent"):
        proba = predict_proba(
            RandomForestClassifier(10), X, Y, protocol=protocol, n_splits=4, **OPTIONS
        )
        found = compare_protocols(
            RandomForestClassifier(10), X, Y, protocols=protocol, n_splits=4, **OPTIONS
        )
        by_clip = found.predictions.sort_values("index")
        assert proba.idxmax(axis=1).tolist() == by_clip["y_pred"].tolist()


def test_rows_are_clips_and_columns_are_classes():
    proba = predict_proba(LogisticRegression(), X, Y, **OPTIONS)
    assert proba.shape == (96, 3)
    assert proba.columns.tolist() == ["angry", "calm", "sad"]
    np.testing.assert_allclose(proba.sum(axis=1), 1)


def test_any_folds_that_a_comparison_takes_are_taken():
    one = predict_proba(LogisticRegression(), X, Y, protocol=LeaveOneGroupOut(), **OPTIONS)
    by_name = predict_proba(LogisticRegression(), X, Y, protocol="leave-one-speaker-out", **OPTIONS)
    by_sets = predict_proba(
        LogisticRegression(), X, Y, protocol=[{speaker} for speaker in range(8)], **OPTIONS
    )
    assert one.equals(by_name)
    assert one.equals(by_sets)


def test_a_search_inside_is_handed_the_training_speakers():
    search = GridSearchCV(LogisticRegression(), {"C": [0.1, 1]}, cv=LeaveOneGroupOut())
    assert predict_proba(search, X, Y, **OPTIONS).shape == (96, 3)


def test_clips_of_different_lengths_are_taken():
    class Shape(LogisticRegression):
        def fit(self, X, y):
            return super().fit([[len(x)] for x in X], y)

        def predict_proba(self, X):
            return super().predict_proba([[len(x)] for x in X])

    clips = [np.zeros(3 + (label == "sad")) for label in Y]
    proba = predict_proba(Shape(C=1e6), clips, Y, **OPTIONS)
    assert (proba.loc[Y == "sad", "sad"] > 0.9).all()


def test_speakers_need_not_be_known_for_a_random_split():
    proba = predict_proba(
        LogisticRegression(), X, Y, groups=None, protocol="random", random_state=0
    )
    search = GridSearchCV(LogisticRegression(), {"C": [1.0]}, cv=TuningFolds())
    again = predict_proba(search, X, Y, groups=None, protocol="random", random_state=0)
    np.testing.assert_allclose(proba, again)


def test_a_class_that_a_fold_is_not_trained_on_has_probability_zero_there():
    y = np.where((SPEAKERS == 0) & (Y == "sad"), "bored", Y)
    with pytest.warns(EvaluationWarning, match="class 'bored'") as said:
        proba = predict_proba(
            LogisticRegression(), X, y, protocol="leave-one-speaker-out", **OPTIONS
        )
    assert {one.category for one in said} == {EvaluationWarning}
    assert (proba.loc[SPEAKERS == 0, "bored"] == 0).all()
    assert (proba.loc[SPEAKERS != 0, "bored"] > 0).all()


def test_what_predicts_labels_alone_is_refused_with_the_remedy():
    with pytest.raises(TypeError, match=r"SVC\(\), which has no predict_proba. .*probability=True"):
        predict_proba(SVC(), X, Y, **OPTIONS)


def test_folds_that_test_a_clip_twice_are_refused():
    with pytest.raises(ValueError, match="'protocol' does not test every clip exactly once"):
        predict_proba(
            LogisticRegression(), X, Y, protocol=RepeatedKFold(n_splits=3, n_repeats=2), **OPTIONS
        )


@pytest.mark.parametrize("method", ["predict", "predict_proba", "decision_function"])
@pytest.mark.parametrize("n_classes", [2, 3])
def test_it_is_scikit_learns_cross_val_predict_on_the_same_folds(method, n_classes):
    kept = np.isin(Y, np.unique(Y)[:n_classes])
    data = X[kept], Y[kept]
    options = OPTIONS | {"groups": SPEAKERS[kept]}
    model = LinearDiscriminantAnalysis()
    found = cross_predict(model, *data, method=method, **options)
    folds = draw_folds("speaker-independent", *data, SPEAKERS[kept], random_state=3)
    expected = cross_val_predict(model, *data, cv=folds, method=method)
    assert found.to_numpy().reshape(expected.shape).tolist() == expected.tolist()
    if method == "predict":
        assert isinstance(found, pd.Series)
    else:
        columns = np.unique(data[1]).tolist()
        assert found.columns.tolist() == columns[-found.shape[1] :]


def test_decision_values_of_an_absent_class_are_scikit_learns_too():
    y = np.where((SPEAKERS == 0) & (Y == "sad"), "bored", Y)
    with pytest.warns(EvaluationWarning, match="class 'bored'"):
        found = cross_predict(
            LinearDiscriminantAnalysis(), X, y, method="decision_function",
            protocol="leave-one-speaker-out", **OPTIONS,
        )  # fmt: skip
    assert (found.loc[SPEAKERS == 0, "bored"] == np.finfo(float).min).all()


def test_a_comparison_with_probabilities_fits_no_fold_twice():
    class Counted(RandomForestClassifier):
        fits = 0

        def fit(self, *args, **kwargs):
            type(self).fits += 1
            return super().fit(*args, **kwargs)

    found = compare_protocols(Counted(5), X, Y, n_splits=4, probabilities=True, **OPTIONS)
    assert Counted.fits == 2 * 4
    assert len(found.probabilities) == len(found.predictions) == 2 * len(Y)
    for protocol, rows in found.probabilities.groupby("protocol"):
        expected = predict_proba(
            RandomForestClassifier(5), X, Y, protocol=protocol, n_splits=4, **OPTIONS
        )
        by_clip = rows.set_index("index").sort_index()[expected.columns]
        np.testing.assert_array_equal(by_clip, expected)


def test_probabilities_that_a_model_lacks_are_refused_before_anything_is_fitted():
    with pytest.raises(TypeError, match=r"SVC\(\), which has no predict_proba"):
        compare_protocols(SVC(), X, Y, probabilities=True, **OPTIONS)


def test_a_class_named_like_a_column_of_the_probabilities_is_refused():
    y = np.where(Y == "angry", "index", Y)
    with pytest.raises(ValueError, match="class 'index' has the name of a column"):
        compare_protocols(LinearDiscriminantAnalysis(), X, y, probabilities=True, **OPTIONS)
    assert "index" in compare_protocols(LinearDiscriminantAnalysis(), X, y, **OPTIONS).classes


def test_a_fold_that_fails_costs_its_own_clips_only():
    options = OPTIONS | {"protocol": "leave-one-speaker-out"}
    with pytest.warns(FitFailedWarning, match="1 of 8 fits failed, .* protocol 'leave-one-sp"):
        found = cross_predict(Truthful(needs=3), list(Y), Y, on_error="warn", **options)
    assert found.isna().tolist() == (SPEAKERS == 3).tolist()
    assert (found[SPEAKERS != 3] == Y[SPEAKERS != 3]).all()
    with pytest.raises(FoldError) as raised:
        cross_predict(Truthful(needs=3), list(Y), Y, **options)
    pd.testing.assert_series_equal(raised.value.comparison, found)
    with pytest.raises(FoldError, match="8 of 8 fits failed"):
        cross_predict(Truthful(needs=99), list(Y), Y, on_error="warn", **options)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"method": "transform"}, r"method='transform': it must be one of \('predict', "),
        ({"on_error": "ignore"}, "on_error='ignore'"),
        ({"estimator": {"a": SVC(), "b": SVC()}}, "estimator: there are 2. Pass one at a time"),
    ],
)
def test_options_out_of_range_are_refused(options, message):
    estimator = options.pop("estimator", SVC())
    with pytest.raises(ValueError, match=message):
        cross_predict(estimator, X, Y, **OPTIONS, **options)


def test_an_svc_with_one_column_for_each_pair_of_classes_is_refused():
    y = np.array(["a", "b", "c", "d"])[np.arange(96) % 4]
    with pytest.raises(FoldError, match="decision_function_shape='ovr'"):
        cross_predict(
            SVC(decision_function_shape="ovo"), X, y, method="decision_function", **OPTIONS
        )
