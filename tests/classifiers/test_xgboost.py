"""XGBoostClassifier: labels by name, class weights, the same trees for the same clips."""

import builtins
import sys
from importlib.util import find_spec

import joblib
import numpy as np
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold, cross_validate

from sk_ser.classifiers import XGBoostClassifier, make_xgboost
from sk_ser.features import MFCC, Functionals, make_clip_pipeline
from sk_ser.model_selection import uar_scorer

needs_xgboost = pytest.mark.skipif(find_spec("xgboost") is None, reason="xgboost is not installed")


@needs_xgboost
def test_it_learns_labels_by_name(vectors):
    X, y, speakers = vectors
    scores = cross_validate(
        make_xgboost(n_estimators=20, random_state=0),
        X,
        y,
        groups=speakers,
        cv=StratifiedGroupKFold(4),
        scoring=uar_scorer,
    )
    assert scores["test_score"].mean() > 0.9


@needs_xgboost
@pytest.mark.parametrize(
    "labels", [["sad", "happy"], [3, -1], [True, False], ["sad", "happy", "calm"]]
)
def test_labels_of_any_kind_come_back_as_they_were(labels):
    y = np.array(labels * 10)
    X = (y[:, np.newaxis] == np.array(labels)).astype(float)
    model = XGBoostClassifier(n_estimators=20).fit(X, y)
    assert model.predict(X).dtype == y.dtype
    assert (model.predict(X) == y).all()
    assert model.predict_proba(X).shape == (len(y), len(labels))


@needs_xgboost
def test_balanced_weights_find_a_rare_class():
    rng = np.random.default_rng(1)
    y = np.array(["common"] * 380 + ["rare"] * 20)
    X = rng.normal(size=(400, 2)) + 1.5 * (y == "rare")[:, np.newaxis]
    recalls = []
    for weight in (None, "balanced"):
        model = XGBoostClassifier(15, max_depth=2, class_weight=weight).fit(X, y)
        recalls.append((model.predict(X) == y)[y == "rare"].mean())
    assert recalls[0] + 0.2 < recalls[1]


@needs_xgboost
def test_the_order_of_the_clips_does_not_matter(vectors):
    X, y, _ = vectors
    mixed = np.random.default_rng(0).permutation(len(y))
    model = make_xgboost(subsample=0.5, random_state=0)
    first = model.fit(X, y).predict_proba(X)
    np.testing.assert_array_equal(first, model.fit(X[mixed], y[mixed]).predict_proba(X))


@needs_xgboost
def test_a_missing_value_is_no_error(vectors):
    X, y, _ = vectors
    gaps = X.copy()
    gaps[::7] = np.nan
    assert make_xgboost().fit(gaps, y).predict(gaps[:1]).shape == (1,)


@needs_xgboost
def test_one_class_only_is_refused(vectors):
    X, _, _ = vectors
    with pytest.raises(ValueError, match=r"only one class, \['calm'\]"):
        XGBoostClassifier().fit(X, ["calm"] * len(X))


@needs_xgboost
def test_it_is_tuned_calibrated_and_dumped_with_its_front_end(vectors, tmp_path):
    _, y, speakers = vectors
    rng = np.random.default_rng(0)
    loudness = dict(zip(np.unique(y), [0.01, 0.1, 1.0], strict=True))
    clips = [loudness[label] * rng.normal(size=rng.integers(4_000, 6_000)) for label in y]
    front_end = make_clip_pipeline(MFCC(2), Functionals())
    model = make_xgboost(front_end, n_estimators=10, colsample_bytree=1.0)
    search = GridSearchCV(
        model, {"xgboostclassifier__max_depth": [1, 2]}, cv=StratifiedGroupKFold(2)
    ).fit(clips, y, groups=speakers)
    assert search.score(clips, y) == 1.0
    joblib.dump(search.best_estimator_, tmp_path / "model.joblib")
    again = joblib.load(tmp_path / "model.joblib")
    np.testing.assert_array_equal(again.predict_proba(clips), search.predict_proba(clips))
    assert CalibratedClassifierCV(model, cv=2).fit(clips, y).predict_proba(clips).shape == (60, 3)


def test_without_xgboost_the_error_names_the_extra(vectors, monkeypatch):
    import_module = builtins.__import__

    def without_xgboost(name, *args, **kwargs):
        if name.partition(".")[0] == "xgboost":
            raise ModuleNotFoundError("No module named 'xgboost'", name="xgboost")
        return import_module(name, *args, **kwargs)

    monkeypatch.setitem(sys.modules, "xgboost", None)
    monkeypatch.setattr(builtins, "__import__", without_xgboost)
    X, y, _ = vectors
    with pytest.raises(ImportError, match=r"sk_ser\[boost\]"):
        make_xgboost().fit(X, y)
