"""What a user has: a corpus in a folder, a model in a file, a shell."""

import shutil
import signal
import subprocess
import sys

import joblib
import pytest
import soundfile as sf

from sk_ser.audio import AudioLoader
from sk_ser.classifiers import make_svm
from sk_ser.datasets import make_emotional_speech
from sk_ser.features import MFCC, Functionals, make_clip_pipeline
from sk_ser.persistence import save

EMOTIONS = ["anger", "neutral", "sadness"]


@pytest.fixture(scope="session")
def corpus_files(tmp_path_factory):
    """EMO-DB in small: two sentences, three emotions, four speakers."""
    speech = make_emotional_speech(4, 2, EMOTIONS, random_state=0)
    letters = {"anger": "W", "neutral": "N", "sadness": "T"}
    folder = tmp_path_factory.mktemp("corpora") / "emodb"
    folder.mkdir()
    for clip, row in zip(speech.data, speech.frame.itertuples(), strict=True):
        speaker = {"s01": "03", "s02": "08", "s03": "09", "s04": "10"}[row.speaker]
        text = ["a01", "a02"][speech.frame["sentence"].unique().tolist().index(row.sentence)]
        path = folder / f"{speaker}{text}{letters[row.emotion]}a.wav"
        sf.write(path, clip, clip.sampling_rate)
    return folder


@pytest.fixture
def corpus(corpus_files, tmp_path):
    """Copy the corpus, for the test to spoil."""
    folder = tmp_path / "emodb"
    folder.mkdir()
    for path in corpus_files.iterdir():
        shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="session")
def model(corpus_files, tmp_path_factory):
    """A small model that knows the corpus, with probabilities and prediction sets."""
    paths = sorted(map(str, corpus_files.glob("*.wav")))
    front_end = make_clip_pipeline(AudioLoader(), MFCC(13), Functionals())
    model = make_svm(front_end, probability=True, calibration_cv=2)
    model.fit(paths, [{"W": "anger", "N": "neutral", "T": "sadness"}[p[-6]] for p in paths])
    folder = tmp_path_factory.mktemp("models")
    joblib.dump(model, folder / "model.joblib")
    sets = {"prediction_set": {"coverage": 0.9, "threshold": 0.2}}
    return save(model, folder / "model.skops", header=sets)


def _hear_ctrl_c():
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def start():
    """Start sk-ser as a shell does, in a process group that Ctrl-C reaches."""
    started = []

    def start(*arguments, **options):
        code = "from sk_ser.cli import app; app(prog_name='sk-ser')"
        process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # tests that run in the background inherit that Ctrl-C is ignored
            preexec_fn=_hear_ctrl_c,
            **options,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
