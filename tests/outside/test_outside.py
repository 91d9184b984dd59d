"""A package of somebody else extends the library without editing it.

``duo_ser.py`` adds a corpus, a protocol, a check, a descriptor, a functional, an augmenter, a
net and two baselines. Here it is installed as a plugin of the command line and taken through
every command.
"""

import json
import os
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
import soundfile

from sk_ser.datasets import make_emotional_speech

pytest.importorskip("torch")
pytest.importorskip("skorch")

MODULE = Path(__file__).with_name("duo_ser.py")
ENTRY_POINTS = "[sk_ser]\nduo_ser = duo_ser\n"
#: What the module adds to the saved models.
TRUST = [
    f"duo_ser.{name}" for name in ("CrestFactor", "energy", "Clipping", "MeanClassifier", "MeanNet")
]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Install the module and its entry point in a folder of its own."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copy(MODULE, folder)
    info = folder / "duo_ser-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: duo_ser\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    return folder


@pytest.fixture(scope="module")
def duo(tmp_path_factory):
    """Write a corpus of four speakers in two cities under its official names."""
    folder = tmp_path_factory.mktemp("recordings")
    speech = make_emotional_speech(4, 3, ("anger", "sadness"), random_state=0)
    speakers = sorted(set(speech.groups))
    counts = {}
    for clip, emotion, speaker in zip(speech.data, speech.target, speech.groups, strict=True):
        number = speakers.index(speaker)
        name = f"{'bern' if number < 2 else 'graz'}_s{number}_{emotion[0].upper()}"
        counts[name] = counts.get(name, 0) + 1
        soundfile.write(folder / f"{name}_{counts[name]}.wav", clip, 16_000)
    return folder


@pytest.fixture(scope="module")
def run(site):
    """Run Python with the plugin installed, and return its output."""
    root = Path(__file__).parents[2]
    path = os.pathsep.join([str(site), str(root), os.environ.get("PYTHONPATH", "")])

    def _run(*arguments):
        done = subprocess.run(
            [sys.executable, *map(str, arguments)],
            env=os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1", "COLUMNS": "200"},
            capture_output=True,
            text=True,
            timeout=240,
        )
        assert done.returncode in (0, 1), done.stderr + done.stdout
        return done.stdout

    return _run


@pytest.fixture(scope="module")
def sk_ser(run):
    """Run a command of the command line with the plugin installed."""
    code = "import sys; from sk_ser.cli import app; app(prog_name='sk-ser')"
    return lambda *arguments: run("-c", code, *arguments)


@pytest.fixture(scope="module", params=["duo-logistic", "duo-net"])
def model(request, sk_ser, duo, tmp_path_factory):
    """Train a baseline from outside on the corpus from outside."""
    path = tmp_path_factory.mktemp("models") / f"{request.param}.skops"
    sk_ser("train", duo, "--model", request.param, "--folds", 2, "--jobs", 1, "-o", path)
    return path


def test_a_benchmark_takes_all_of_them(sk_ser, duo, tmp_path):
    models = ["--models", "duo-logistic,duo-net"]
    protocols = ["--protocols", "random,leave-one-city-out"]
    sk_ser("benchmark", duo, *models, *protocols, "--folds", 2, "--jobs", 1, "--out", tmp_path)
    results = json.loads((tmp_path / "results.json").read_text())
    table = pd.DataFrame(results["corpora"]["duo"]["comparison"]["table"])
    assert set(table["estimator"]) == {"duo-logistic", "duo-net"}
    assert set(table["protocol"]) == {"random", "leave-one-city-out"}
    assert table["uar"].min() > 0.7  # anger and sadness of synthetic speech differ clearly
    assert (tmp_path / "duo" / "duo-net.skops").is_file()


def test_a_trained_model_predicts_where_its_types_are_trusted(sk_ser, model, duo):
    trust = [option for name in TRUST for option in ("--trust", name)]
    table = pd.read_json(StringIO(sk_ser("predict", model, duo, "--json", *trust)), lines=True)
    assert len(table) == 24
    spoken = table["path"].str.extract(r"_([AS])_\d\.wav$")[0]
    assert (spoken == table["emotion"].str[0].str.upper()).mean() > 0.8


def test_a_trained_model_is_refused_where_they_are_not(sk_ser, model, duo):
    with pytest.raises(AssertionError, match=r"duo_ser\.\w+"):
        sk_ser("predict", model, duo)


def test_an_audit_runs_the_check(sk_ser, duo, tmp_path):
    sk_ser("audit", duo, "--checks", "cities", "--out", tmp_path, "--jobs", 1)
    (results,) = tmp_path.rglob("results.json")
    found = json.loads(results.read_text())
    messages = [finding["message"] for finding in found["findings"]]
    assert messages == ["The recordings are from 2 cities."]


def test_models_survive_saving_in_python(run, duo):
    code = f"""
import numpy as np, tempfile
import duo_ser
from sk_ser.baselines import make_baseline
from sk_ser.persistence import load, save
corpus = duo_ser.load_duo({str(duo)!r})
for name in ("duo-logistic", "duo-net"):
    model = make_baseline(name, random_state=0).fit(corpus.data, corpus.target)
    with tempfile.TemporaryDirectory() as folder:
        path = save(model, folder + "/model.skops", trusted={TRUST!r})
        again = load(path, trusted={TRUST!r})
    before, after = (m.predict_proba(corpus.data) for m in (model, again))
    assert np.array_equal(before, after)
print("equal")
"""
    assert "equal" in run("-c", code)
