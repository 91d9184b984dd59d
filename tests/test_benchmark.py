"""The main job, on a corpus small enough to run here in seconds."""

import json
import subprocess
import sys

import numpy as np
import pytest
import soundfile as sf

from sk_ser.benchmark import read_results, run_benchmark
from sk_ser.datasets import load_corpus, make_emotional_speech
from sk_ser.persistence import load, read_header


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """A corpus of files, so that the models must read them again."""
    folder = tmp_path_factory.mktemp("corpus")
    speech = make_emotional_speech(4, 3, ("anger", "neutral", "sadness"), random_state=0)
    for number, (clip, emotion, speaker) in enumerate(
        zip(speech.data, speech.target, speech.groups, strict=True)
    ):
        path = folder / speaker / emotion / f"{number}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        sf.write(path, clip, clip.sampling_rate)
    return load_corpus(folder, name="small")


@pytest.fixture(scope="module")
def results(corpus, tmp_path_factory):
    out = tmp_path_factory.mktemp("results")
    return out, run_benchmark([corpus], out, models=("svm",), n_splits=2)


def test_it_compares_both_protocols(results):
    _, comparisons = results
    assert comparisons["small"].protocols == ["random", "speaker-independent"]
    assert comparisons["small"].row("svm", "random")["seen"] == 1.0
    assert comparisons["small"].row("svm", "speaker-independent")["seen"] == 0.0


def test_what_it_returns_can_be_read_from_its_file(results):
    out, comparisons = results
    again = read_results(out / "results.json")
    assert again["small"].table.equals(comparisons["small"].table)
    assert again["small"].predictions.equals(comparisons["small"].predictions)


def test_the_file_says_what_was_run_on_what(results, corpus):
    out, _ = results
    written = json.loads((out / "results.json").read_text())
    assert {"python", "numpy", "scikit-learn"} <= set(written["versions"])
    entry = written["corpora"]["small"]
    assert (entry["n_clips"], entry["n_speakers"]) == (36, 4)
    assert len(entry["sha256"]) == 64
    assert set(entry["tuned"]["svm"]) == {"svc__C"}


def test_a_second_corpus_is_added_to_the_results(results, corpus):
    out, _ = results
    speech = make_emotional_speech(2, 6, ("anger", "sadness"), random_state=1)
    with pytest.warns(UserWarning, match="2 speakers"):
        run_benchmark([speech], out, models=("svm",), n_splits=2)
    assert list(read_results(out / "results.json")) == ["small", "synthetic"]


def test_plots_are_made_for_screen_and_paper(results):
    pytest.importorskip("matplotlib")
    out, _ = results
    for plot in ("labels", "gap", "confusion_svm"):
        for suffix in (".png", ".pdf"):
            assert (out / "small" / (plot + suffix)).stat().st_size > 1_000


def test_the_tuned_pipeline_predicts_from_files_in_a_new_process(results, corpus):
    out, _ = results
    path = out / "small" / "svm.skops"
    model = load(path)
    assert (model.predict(corpus.data) == corpus.target).mean() > 0.9
    code = (
        "import sys; from sk_ser.persistence import load\n"
        "print(load(sys.argv[1]).predict(sys.argv[2:]).tolist())"
    )
    again = subprocess.run(
        [sys.executable, "-c", code, path, *corpus.data[:3]],
        capture_output=True,
        text=True,
        check=True,
    )
    assert again.stdout.strip() == str(model.predict(corpus.data[:3]).tolist())


def test_the_header_of_a_model_has_its_data_scores_and_parameters(results, corpus):
    out, comparisons = results
    header = read_header(out / "small" / "svm.skops")
    assert header["training"]["n_clips"] == 36
    scores = header["protocols"]["scores"]
    assert scores["random"]["uar"] == comparisons["small"].row("svm", "random")["uar"]
    written = json.loads((out / "results.json").read_text())["corpora"]["small"]
    assert header["tuned"] == written["tuned"]["svm"]
    assert header["training"]["sha256"] == written["sha256"]


def test_the_same_seed_gives_the_same_numbers(results, corpus, tmp_path):
    _, comparisons = results
    again = run_benchmark([corpus], tmp_path, models=("svm",), n_splits=2, n_jobs=2)
    columns = ["uar", "uar_low", "uar_high", "accuracy", "f1_macro"]
    np.testing.assert_array_equal(
        again["small"].table[columns], comparisons["small"].table[columns]
    )


def test_nets_stand_in_one_leaderboard_with_the_machine(corpus, tmp_path):
    pytest.importorskip("skorch")
    found = run_benchmark([corpus], tmp_path, models=("svm", "gru", "dense"), n_splits=2)["small"]
    assert found.estimators == ["svm", "gru", "dense"]
    for name in found.estimators:
        assert found.row(name, "speaker-independent")["seen"] == 0.0
        assert found.row(name, "random")["uar"] > 0.4
    loaded = load(tmp_path / "small" / "gru.skops")
    assert loaded.predict(corpus.data[:2]).shape == (2,)
