"""Models that have learnt from synthetic speech, and a stream to predict."""

import numpy as np
import pytest
import soundfile as sf

from sk_ser.audio import AudioLoader
from sk_ser.classifiers import make_svm
from sk_ser.datasets import make_emotional_speech
from sk_ser.features import MFCC, Functionals, make_clip_pipeline, make_front_end


@pytest.fixture(scope="session")
def speech():
    return make_emotional_speech(2, 4, ("anger", "neutral", "sadness"), random_state=0)


@pytest.fixture(scope="session")
def stream(speech):
    """Six seconds of several emotions, at 16 kHz."""
    return np.concatenate([np.asarray(clip) for clip in speech.data[::5]])[: 6 * 16_000]


@pytest.fixture(scope="session")
def quick(speech):
    """A model that takes a millisecond."""
    front_end = make_clip_pipeline(AudioLoader(8_000), MFCC(5), Functionals())
    return make_svm(front_end, probability=True).fit(speech.data, speech.target)


@pytest.fixture(scope="session")
def svm(speech):
    return make_svm(make_front_end(), probability=True).fit(speech.data, speech.target)


@pytest.fixture
def offline(tmp_path):
    """Predict a part of a recording by writing it to a file of its own."""

    def predict(model, samples, sampling_rate=16_000, subtype="FLOAT"):
        path = tmp_path / "window.wav"
        sf.write(path, samples, sampling_rate, subtype=subtype)
        return model.predict_proba([path])[0]

    return predict
