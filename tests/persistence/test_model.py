"""A model in a file: whole, with a header, loaded without running code."""

import numpy as np
import pytest
from sklearn.naive_bayes import GaussianNB

from sk_ser.classifiers import make_svm
from sk_ser.datasets import make_emotional_speech
from sk_ser.features import MFCC, Functionals, make_clip_pipeline
from sk_ser.persistence import load, read_header, save


@pytest.fixture(scope="module")
def speech():
    return make_emotional_speech(4, 3, ("anger", "neutral", "sadness"), random_state=0)


def test_a_loaded_model_predicts_the_same(speech, tmp_path):
    model = make_svm(make_clip_pipeline(MFCC(), Functionals()), probability=True)
    model.fit(speech.data, speech.target)
    path = save(model, tmp_path / "svm.skops")
    np.testing.assert_array_equal(
        load(path).predict_proba(speech.data), model.predict_proba(speech.data)
    )


def test_the_header_is_read_without_the_model(tmp_path):
    model = GaussianNB().fit([[0.0], [1.0]], ["calm", "angry"])
    header = read_header(save(model, tmp_path / "m.skops", header={"sampling_rate": 8_000}))
    assert header["classes"] == ["angry", "calm"]
    assert header["sampling_rate"] == 8_000
    assert header["kind"] == "skops"
