"""make_svm: a pipeline of named steps whose C does not depend on the number of features."""

import pickle

import joblib
import numpy as np
import pytest
from sklearn import config_context
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.model_selection import (
    GridSearchCV,
    StratifiedGroupKFold,
    StratifiedKFold,
    cross_validate,
)
from sklearn.svm import SVC

from sk_ser.classifiers import CalibratedSVC, make_svm
from sk_ser.features import MFCC, Functionals, make_clip_pipeline
from sk_ser.model_selection import uar_scorer


def test_its_steps_are_named_as_documented(vectors):
    model = make_svm(make_clip_pipeline(MFCC(), Functionals()))
    assert [name for name, _ in model.steps] == [
        "clippipeline",
        "simpleimputer",
        "standardscaler",
        "svc",
    ]


@pytest.mark.parametrize("kernel", ["linear", "rbf"])
@pytest.mark.parametrize("probability", [False, True])
def test_it_learns_labels_by_name(vectors, kernel, probability):
    X, y, speakers = vectors
    model = make_svm(kernel=kernel, probability=probability)
    scores = cross_validate(
        model, X, y, groups=speakers, cv=StratifiedGroupKFold(4), scoring=uar_scorer
    )
    assert scores["test_score"].mean() > 0.9
    assert hasattr(model.fit(X, y), "predict_proba") == probability
    assert set(model.predict(X)) == {"anger", "calm", "fear"}


def test_probabilities_are_in_the_order_of_the_classes(vectors):
    X, y, _ = vectors
    model = make_svm(probability=True).fit(X, y)
    probabilities = model.predict_proba(X)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    sure = probabilities.max(axis=1) > 0.8
    assert sure.mean() > 0.5
    assert (model.classes_[probabilities.argmax(axis=1)] == y)[sure].all()


def test_the_linear_kernel_is_linear_with_a_c_per_feature(vectors):
    X, y, _ = vectors
    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    ours = make_svm(C=2.0, class_weight=None).fit(X, y)
    linear = SVC(kernel="linear", C=2.0 / X.shape[1]).fit(Z, y)
    np.testing.assert_allclose(ours.decision_function(X), linear.decision_function(Z), atol=1e-3)


def test_c_means_the_same_for_repeated_features(vectors):
    X, y, _ = vectors
    once, often = make_svm().fit(X, y), make_svm().fit(np.tile(X, 50), y)
    np.testing.assert_allclose(
        once.decision_function(X), often.decision_function(np.tile(X, 50)), atol=5e-3
    )


def test_balanced_weights_find_a_rare_class():
    rng = np.random.default_rng(1)
    y = np.array(["common"] * 190 + ["rare"] * 10)
    X = rng.normal(size=(200, 2)) + 1.0 * (y == "rare")[:, np.newaxis]
    recalls = [
        (make_svm(class_weight=weight).fit(X, y).predict(X) == y)[y == "rare"].mean()
        for weight in (None, "balanced")
    ]
    assert recalls[0] < 0.3 < 0.6 < recalls[1]


def test_a_clip_that_could_not_be_read_is_predicted_as_the_mean_clip(vectors):
    X, y, _ = vectors
    model = make_svm().fit(X, y)
    missing = model.decision_function([[np.nan] * 3])
    np.testing.assert_allclose(missing, model.decision_function([X.mean(axis=0)]), atol=1e-6)


def test_calibration_keeps_speakers_apart_where_groups_are_routed(vectors):
    X, y, speakers = vectors
    with config_context(enable_metadata_routing=True):
        model = make_svm(probability=True, calibration_cv=StratifiedGroupKFold(4))
        model.fit(X, y, groups=speakers)
    assert model.score(X, y) > 0.9


@pytest.mark.parametrize("seed", [None, 0])
def test_the_order_of_the_clips_does_not_change_the_probabilities(vectors, seed):
    X, y, speakers = vectors
    by_speaker = np.argsort(speakers, kind="stable")
    mixed = np.random.default_rng(0).permutation(len(y))
    model = make_svm(probability=True, random_state=seed)
    proba = [clone(model).fit(X[rows], y[rows]).predict_proba(X) for rows in (by_speaker, mixed)]
    np.testing.assert_allclose(*proba, rtol=1e-9)
    weights = np.linspace(1, 2, len(y))
    weighted = [
        clone(model).fit(X[rows], y[rows], svc__sample_weight=weights[rows]).predict_proba(X)
        for rows in (by_speaker, mixed)
    ]
    np.testing.assert_allclose(*weighted, rtol=1e-9)
    assert not np.allclose(weighted[0], proba[0], rtol=1e-6)


def test_another_seed_calibrates_on_other_folds(vectors):
    X, y, _ = vectors
    proba = [
        make_svm(probability=True, random_state=seed).fit(X, y).predict_proba(X) for seed in (0, 1)
    ]
    assert not np.allclose(*proba, rtol=1e-6)


@pytest.mark.parametrize("cv", [StratifiedKFold(3)])
def test_probabilities_are_those_of_scikit_learns_calibration(vectors, cv):
    X, y, _ = vectors
    svc = make_svm(C=2.0, kernel="rbf")[-1]
    expected = CalibratedClassifierCV(svc, cv=cv, ensemble=True).fit(X, y)
    found = make_svm(C=2.0, kernel="rbf", probability=True, calibration_cv=cv)[-1].fit(X, y)
    np.testing.assert_array_equal(found.predict_proba(X), expected.predict_proba(X))
    np.testing.assert_array_equal(found.predict(X), expected.predict(X))
    again = pickle.loads(pickle.dumps(found))
    np.testing.assert_array_equal(again.predict_proba(X), expected.predict_proba(X))
    np.testing.assert_array_equal(clone(found).fit(X, y).predict_proba(X), again.predict_proba(X))


def test_sample_weights_reach_the_machine(vectors):
    X, y, _ = vectors
    weight = np.where(y == "anger", 5.0, 1.0)
    plain, weighted = CalibratedSVC().fit(X, y), CalibratedSVC().fit(X, y, sample_weight=weight)
    assert not np.array_equal(plain.predict_proba(X), weighted.predict_proba(X))
    with config_context(enable_metadata_routing=True):
        routed = CalibratedSVC().fit(X, y, sample_weight=weight)
    np.testing.assert_array_equal(routed.predict_proba(X), weighted.predict_proba(X))


@pytest.mark.parametrize("probability", [False, True])
def test_it_is_tuned_cloned_and_dumped(vectors, tmp_path, probability):
    X, y, speakers = vectors
    search = GridSearchCV(
        make_svm(probability=probability),
        {"svc__C": [0.1, 1.0]},
        cv=StratifiedGroupKFold(4),
        n_jobs=2,
        scoring=uar_scorer,
    ).fit(X, y, groups=speakers)
    joblib.dump(search.best_estimator_, tmp_path / "model.joblib")
    again = joblib.load(tmp_path / "model.joblib")
    assert (again.predict(X) == search.predict(X)).all()


def test_an_unknown_kernel_is_refused():
    with pytest.raises(ValueError, match=r"kernel='sigmoid'.*linear"):
        make_svm(kernel="sigmoid")


def test_one_class_only_is_refused(vectors):
    X, _, _ = vectors
    with pytest.raises(ValueError, match="class"):
        make_svm().fit(X, ["calm"] * len(X))
