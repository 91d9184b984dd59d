"""Every classifier goes through the same searches, folds, votes and files: all are alike."""

import subprocess
import sys
from importlib.util import find_spec

import joblib
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import StackingClassifier, VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold, cross_validate

from sk_ser.augmentation import AddNoise, AugmentedClassifier
from sk_ser.classifiers import make_svm, make_xgboost
from sk_ser.datasets import make_emotional_speech
from sk_ser.features import (
    MFCC,
    FrameAverage,
    Functionals,
    MelSpectrogram,
    make_clip_pipeline,
)
from sk_ser.model_selection import uar_scorer

NETS = ("cnn", "lstm", "bilstm", "gru", "dense")
NAMES = ["svm", "augmented svm"]
if find_spec("xgboost"):
    NAMES.append("xgboost")
if find_spec("skorch"):
    NAMES += [*NETS, "augmented gru"]
needs_optuna = pytest.mark.skipif(not find_spec("optuna"), reason="needs Optuna")
each = pytest.mark.parametrize("name", NAMES)

FOLDS = StratifiedGroupKFold(2)
SMALL = {"max_epochs": 2, "device": "cpu"}


def vectors():
    return make_clip_pipeline(MFCC(), Functionals(("mean", "std")))


def make(name):
    """Make a pipeline from clips to probabilities."""
    if name.startswith("augmented "):
        learner = make_svm(vectors()) if name.endswith("svm") else make("gru")
        model = AugmentedClassifier(learner, [AddNoise(20.0)], random_state=0)
        # it is calibrated from without: within, on copies of what it is trained on, is refused
        return CalibratedClassifierCV(model, cv=2) if name.endswith("svm") else model
    if name == "svm":
        return make_svm(vectors(), probability=True, random_state=0)
    if name == "xgboost":
        return make_xgboost(vectors(), n_estimators=5, random_state=0)
    from sk_ser.neural import make_net

    if name == "dense":
        return make_net("dense", vectors(), hidden_layer_sizes=(8,), random_state=0, **SMALL)
    bands = make_clip_pipeline(MelSpectrogram(n_mels=12, scale="db"), FrameAverage(4))
    return make_net(name, bands, channels=(8,), pool_size=2, random_state=0, **SMALL)


def find_param(model, *wanted):
    """Name the first parameter that ends in one of these."""
    return next(p for w in wanted for p in model.get_params() if p.endswith(f"__{w}"))


@pytest.fixture(scope="module")
def speech():
    return make_emotional_speech(4, 3, ("anger", "neutral", "sadness"), random_state=0)


@pytest.fixture(scope="module")
def data(speech):
    return speech.data, speech.target


def makes_sense(model, X, classes):
    proba = model.predict_proba(X)
    assert proba.shape == (len(X), len(classes))
    np.testing.assert_allclose(proba.sum(axis=1), 1.0, rtol=1e-5)
    assert set(model.predict(X)) <= set(classes)


@each
def test_grid_search(name, data, speech):
    model = make(name)
    param = find_param(model, "C", "max_depth", "learning_rate")
    values = [1, 3] if not param.endswith("learning_rate") else [1e-3, 1e-2]
    search = GridSearchCV(model, {param: values}, cv=FOLDS, scoring=uar_scorer, error_score="raise")
    search.fit(*data, groups=speech.groups)
    assert search.best_params_[param] in values
    makes_sense(search, data[0], search.classes_)


@each
def test_cross_validation_by_speaker(name, data, speech):
    scores = cross_validate(
        make(name), *data, groups=speech.groups, cv=FOLDS, scoring=uar_scorer, error_score="raise"
    )
    assert np.isfinite(scores["test_score"]).all()


@needs_optuna
@pytest.mark.filterwarnings("ignore:.*experimental")
@pytest.mark.filterwarnings("ignore:.optuna.terminator. module has been deprecated")
@each
def test_optuna_search(name, data, speech):
    from optuna_integration import OptunaSearchCV

    from sk_ser.tuning import make_search_space

    model = make(name)
    space = make_search_space(model)
    # sizes stay small
    space = {n: d for n, d in space.items() if not n.endswith(("size", "layers", "estimators"))}
    search = OptunaSearchCV(
        model, space, cv=FOLDS, n_trials=2, scoring=uar_scorer, random_state=0, error_score="raise"
    )
    search.fit(*data, groups=speech.groups)
    assert set(search.best_params_) == set(space)
    makes_sense(search, data[0], search.classes_)


@each
def test_calibration(name, data, speech):
    folds = list(FOLDS.split(*data, speech.groups))
    model = CalibratedClassifierCV(make(name), cv=folds).fit(*data)
    makes_sense(model, data[0], model.classes_)


@each
def test_stacking(name, data, speech):
    folds = list(FOLDS.split(*data, speech.groups))
    members = [("it", make(name)), ("other", make_svm(vectors()))]
    model = StackingClassifier(members, LogisticRegression(max_iter=1000), cv=folds).fit(*data)
    makes_sense(model, data[0], model.classes_)


@each
def test_voting(name, data):
    members = [("it", make(name)), ("svm", make("svm"))]
    model = VotingClassifier(members, voting="soft").fit(*data)
    makes_sense(model, data[0], model.classes_)


@each
def test_a_clone_fits_the_same_and_a_new_process_predicts_the_same(name, data, tmp_path):
    model = make(name).fit(*data)
    expected = model.predict_proba(data[0])
    np.testing.assert_array_equal(clone(model).fit(*data).predict_proba(data[0]), expected)
    paths = [str(tmp_path / f"{what}.joblib") for what in ("model", "clips", "result")]
    joblib.dump(model, paths[0])
    joblib.dump(data[0], paths[1])
    code = (
        "import joblib, sys; m, X, out = sys.argv[1:]\n"
        "joblib.dump(joblib.load(m).predict_proba(joblib.load(X)), out)"
    )
    subprocess.run([sys.executable, "-c", code, *paths], check=True)
    np.testing.assert_array_equal(joblib.load(paths[2]), expected)
