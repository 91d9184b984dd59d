"""Training: probabilities and prediction sets for unseen speakers."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.pipeline import Pipeline
from sklearn.utils import Bunch

from sk_ser.baselines import get_baseline
from sk_ser.datasets import make_emotional_speech
from sk_ser.exceptions import CorpusError
from sk_ser.leakage import audit
from sk_ser.persistence import load, save
from sk_ser.training import train_model
from sk_ser.training._calibrated import METHOD

EMOTIONS = ("anger", "neutral", "sadness")


@pytest.fixture(scope="module")
def speech():
    return make_emotional_speech(6, 3, EMOTIONS, random_state=0)


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def trained(speech, cache):
    return train_model(speech, n_splits=3, memory=cache)


def test_it_is_scored_on_seen_and_unseen_speakers(trained):
    assert trained.comparison.protocols == ["random", "speaker-independent"]
    assert trained.comparison.row("svm", "speaker-independent")["seen"] == 0.0
    assert trained.header["protocols"]["estimator"] == "svm"


def test_the_comparison_can_be_shown_before_the_end(speech, cache):
    seen = []
    train_model(speech, n_splits=2, memory=cache, on_evaluated=seen.append)
    assert seen[0].table["uar"].notna().all()


def test_its_answers_are_those_of_the_model_that_was_scored(trained, speech):
    if METHOD != "temperature":
        pytest.skip("before scikit-learn 1.8 Platt's method may change answers")
    described = trained.model[0].transform(speech.data)
    inner = trained.model[1].estimator_
    assert inner.predict(described).tolist() == trained.model.predict(speech.data).tolist()


def test_the_calibration_is_scikit_learns_on_the_same_folds(speech, cache):
    """A grid of one value: scikit-learn's class cannot tune in each fold."""
    svm = replace(get_baseline("svm"), grid={"svc__C": [1.0]})
    trained = train_model(speech, svm, evaluate=False, n_splits=3, memory=cache)
    from sk_ser.model_selection import TuningFolds

    X, y = speech.data, speech.target
    described = trained.model[0].transform(X)
    folds = list(TuningFolds(3, random_state=0).split(X, y, speech.groups))
    inner = trained.model[1].estimator_
    expected = CalibratedClassifierCV(clone(inner), method=METHOD, ensemble=False, cv=folds).fit(
        described, y
    )
    np.testing.assert_allclose(
        trained.model.predict_proba(X), expected.predict_proba(described), rtol=1e-3, atol=1e-5
    )


def test_the_header_says_which_speakers_it_was_calibrated_on(trained, speech, cache):
    assert trained.header["prediction_set"]["speakers"] == "unseen"
    assert trained.header["calibration"] == {"method": METHOD, "speakers": "unseen"}
    one = make_emotional_speech(1, 6, EMOTIONS, random_state=0)
    alone = train_model(one, evaluate=False, n_splits=2, memory=cache)
    assert alone.header["prediction_set"]["speakers"] == "seen"


def test_it_goes_through_a_file_and_into_new_folds(trained, speech, tmp_path):
    path = save(trained.model, tmp_path / "model.skops", header=trained.header)
    again = load(path)
    proba = trained.model.predict_proba(speech.data)
    np.testing.assert_array_equal(again.predict_proba(speech.data), proba)
    assert again[0].memory is None
    anew = clone(again).fit(speech.data[:36], speech.target[:36])
    assert anew.predict(speech.data[36:]).shape == (18,)


@pytest.mark.parametrize("emotions", [EMOTIONS[:2], EMOTIONS])
@pytest.mark.parametrize("name, needs", [("xgboost", "xgboost"), ("dense", "skorch")])
def test_each_kind_of_model_has_probabilities(name, needs, emotions, cache):
    pytest.importorskip(needs)
    speech = make_emotional_speech(4, 2, emotions, random_state=0)
    trained = train_model(speech, name, evaluate=False, n_splits=2, memory=cache)
    assert isinstance(trained.model, Pipeline)
    proba = trained.model.predict_proba(speech.data)
    np.testing.assert_allclose(proba.sum(axis=1), 1, rtol=1e-5)
    best = trained.model.classes_[proba.argmax(axis=1)]
    assert np.mean(best == speech.target) > 0.6


@pytest.mark.slow
@pytest.mark.parametrize("name", ["cnn", "lstm", "bilstm", "gru"])
def test_nets_over_sequences_have_probabilities_too(name, speech, cache, tmp_path):
    pytest.importorskip("skorch")
    trained = train_model(speech, name, evaluate=False, n_splits=2, memory=cache)
    proba = trained.model.predict_proba(speech.data)
    np.testing.assert_allclose(proba.sum(axis=1), 1, rtol=1e-5)
    again = load(save(trained.model, tmp_path / "net.skops", header=trained.header))
    np.testing.assert_allclose(again.predict_proba(speech.data), proba, rtol=1e-5)


def test_the_same_seed_gives_the_same_model(trained, speech, cache):
    again = train_model(speech, n_splits=3, memory=cache, evaluate=False)
    np.testing.assert_array_equal(
        again.model.predict_proba(speech.data), trained.model.predict_proba(speech.data)
    )


def test_a_corpus_without_speakers_is_refused(speech):
    with pytest.raises(CorpusError, match="speakers are not known"):
        train_model(Bunch(**speech | {"groups": None}))


@pytest.mark.parametrize("coverage", [0, 1, -0.1])
def test_a_coverage_out_of_range_is_refused(coverage, speech):
    with pytest.raises(ValueError, match="coverage="):
        train_model(speech, coverage=coverage)


def test_a_trained_model_can_be_audited(trained, speech):
    report = audit(
        trained.model,
        speech.data,
        speech.target,
        groups=speech.groups,
        protocol="random",
        n_splits=3,
    )
    severe = {finding.check for finding in report.findings if finding.severity == "severe"}
    assert "dependence" in severe
    assert "calibration" in report.tables
