"""A model and what it does not know, in files; and recordings, good and bad."""

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from sk_ser.classifiers import make_svm
from sk_ser.datasets import make_emotional_speech
from sk_ser.features import make_front_end
from sk_ser.persistence import save
from sk_ser.training import train_model

RATE = 16_000


@pytest.fixture(scope="session")
def speech():
    """Three emotions of four speakers."""
    return make_emotional_speech(4, 3, ("anger", "neutral", "sadness"), random_state=0)


@pytest.fixture(scope="session")
def trained(speech, tmp_path_factory):
    """What sk-ser train makes."""
    return train_model(speech, n_splits=2, memory=tmp_path_factory.mktemp("features"))


@pytest.fixture(scope="session")
def model_file(trained, tmp_path_factory):
    """A file that says all of its model."""
    folder = tmp_path_factory.mktemp("secret-folder")
    return save(trained.model, folder / "model.skops", header=trained.header)


@pytest.fixture(scope="session")
def bare_file(speech, tmp_path_factory):
    """A file that says nothing of its model, which has no probabilities."""
    model = make_svm(make_front_end()).fit(speech.data, speech.target)
    return save(model, tmp_path_factory.mktemp("secret-folder") / "bare.skops")


def encode(samples, suffix="wav", rate=RATE):
    """Make a file's bytes."""
    file = io.BytesIO()
    sf.write(file, samples, rate, format=suffix)
    return file.getvalue()


@pytest.fixture(scope="session")
def recordings(speech, tmp_path_factory):
    """Folder of files to upload."""
    folder = tmp_path_factory.mktemp("recordings")
    angry = speech.data[list(speech.target).index("anger")]
    several = np.concatenate([*speech.data[:6], np.zeros(4 * RATE), *speech.data[6:9]])
    noise = np.random.default_rng(0).normal(scale=0.1, size=70 * 8_000)
    contents = {
        "angry.wav": encode(angry),
        "angry.flac": encode(angry, "flac"),
        "angry.mp3": encode(angry, "mp3"),
        "long.wav": encode(several),
        "too-long.flac": encode(noise, "flac", 8_000),
        "silent.wav": encode(np.zeros(RATE)),
        "short.wav": encode(angry[:800]),
        "bad.wav": b"no recording at all",
        "empty.wav": b"",
        "notes.txt": b"no recording, and says so",
        "huge.wav": bytes(3 * 2**20),
    }
    for name, content in contents.items():
        Path(folder, name).write_bytes(content)
    return folder
