"""The registry of baselines: what is in it, what is added, what is refused."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline

from sk_ser.baselines import (
    Baseline,
    baseline_names,
    fill_cache,
    fit_baseline,
    get_baseline,
    make_baseline,
    make_baselines,
    register_baseline,
)
from sk_ser.benchmark import run_benchmark
from sk_ser.datasets import make_emotional_speech
from sk_ser.features import make_front_end, make_sequence_front_end
from sk_ser.persistence import load
from sk_ser.tuning import make_search_space

EMOTIONS = ("anger", "neutral", "sadness")


@pytest.fixture(scope="module")
def speech():
    return make_emotional_speech(4, 3, EMOTIONS, random_state=0)


def make_bayes(front_end, *, random_state=None, **params):
    return make_pipeline(front_end, GaussianNB(**params))


BAYES = Baseline(
    name="bayes",
    make=make_bayes,
    front_end=make_front_end,
    grid={"gaussiannb__var_smoothing": [1e-9, 1e-3]},
    search_space={"GaussianNB": {"var_smoothing": ("float", 1e-9, 1e-1, "log")}},
)


@pytest.fixture
def bayes(monkeypatch):
    """Register a baseline for one test."""
    from sk_ser.baselines import _registry

    monkeypatch.setattr(_registry, "_BASELINES", dict(_registry._BASELINES))
    register_baseline(BAYES)
    return "bayes"


def test_names_come_in_the_order_of_registration(bayes):
    assert baseline_names()[:2] == ["svm", "xgboost"]
    assert baseline_names()[-1] == bayes


def test_names_are_filtered_by_task(bayes):
    register_baseline(replace(BAYES, name="regressor", tasks=("regression",)))
    assert "regressor" not in baseline_names("classification")
    assert baseline_names("regression") == ["regressor"]


def test_a_registered_baseline_is_benchmarked_and_its_model_loads(bayes, speech, tmp_path):
    results = run_benchmark([speech], tmp_path, models=(bayes,), n_splits=2)["synthetic"]
    assert results.row(bayes, "speaker-independent")["uar"] > 0.4
    model = load(tmp_path / "synthetic" / "bayes.skops")
    assert model.predict(speech.data[:3]).shape == (3,)


def test_its_search_space_is_known(bayes):
    pytest.importorskip("optuna")
    space = make_search_space(make_baseline(bayes).estimator)
    assert space["gaussiannb__var_smoothing"].log


def test_a_baseline_is_made_without_being_registered():
    model = make_baseline(replace(BAYES, name="own"), memory="cache", random_state=3)
    assert isinstance(model, GridSearchCV)
    assert model.estimator[0].memory == "cache"
    assert model.cv.random_state == 3


def test_a_name_is_given_once(bayes):
    with pytest.raises(ValueError, match="a baseline has the name 'bayes'"):
        register_baseline(BAYES)


def test_only_baselines_are_registered():
    with pytest.raises(TypeError, match="must be a Baseline"):
        register_baseline({"name": "bayes"})


def test_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match=r"'forest' is not known.*svm"):
        make_baselines(("svm", "forest"))


@pytest.mark.parametrize("name", ["cnn", "lstm", "bilstm", "gru", "dense"])
def test_every_net_is_a_baseline_from_paths_to_labels(name):
    pytest.importorskip("skorch")
    model = make_baseline(name, random_state=3)
    assert model[-1].random_state == 3
    assert model[-1].class_weight == "balanced"
    if name in ("lstm", "bilstm"):
        assert model[-1].bidirectional == (name == "bilstm")


@pytest.mark.parametrize("name", ["svm", "cnn"])
def test_grids_and_spaces_name_parameters_that_exist(name):
    if name == "cnn":
        pytest.importorskip("skorch")
    baseline = get_baseline(name)
    model = baseline.make_pipeline(baseline.make_front_end())
    assert set(baseline.grid) <= set(model.get_params())
    assert set(baseline.search_space) & {type(step).__name__ for _, step in model.steps}


def test_features_are_computed_once_and_the_model_needs_no_cache(speech, tmp_path):
    baselines = make_baselines((BAYES,), memory=tmp_path)
    fill_cache(baselines, speech)
    model, chosen = fit_baseline(clone(baselines["bayes"]), speech)
    assert set(chosen) == {"gaussiannb__var_smoothing"}
    assert model[0].memory is None
    assert (model.predict(speech.data) == speech.target).mean() > 0.8


def test_a_net_from_outside_is_a_baseline_that_is_saved_and_loaded(speech, tmp_path):
    pytest.importorskip("skorch")
    from sk_ser.persistence import save
    from tests.baselines.nets import MeanClassifier

    mean = Baseline(
        name="mean",
        make=MeanClassifier.make_pipeline,
        front_end=make_sequence_front_end,
        params={"max_epochs": 3, "device": "cpu"},
        extra="neural",
    )
    model, _ = fit_baseline(make_baseline(mean, random_state=0), speech)
    assert [name for name, _ in model.steps] == ["clippipeline", "sequencescaler", "meanclassifier"]
    own = {"trusted": [MeanClassifier]}
    again = load(save(model, tmp_path / "mean.skops", **own), **own)
    np.testing.assert_array_equal(
        again.predict_proba(speech.data), model.predict_proba(speech.data)
    )
