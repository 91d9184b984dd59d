"""sk-ser: what a user types, sees and is told."""

import importlib.util

import pytest
import soundfile as sf
from typer.testing import CliRunner

import sk_ser
from sk_ser import cli
from sk_ser.benchmark import read_results
from sk_ser.cli import _benchmark as benchmark_command
from sk_ser.cli._sources import load_corpora
from sk_ser.datasets import make_emotional_speech

run = CliRunner().invoke


@pytest.fixture
def corpus(tmp_path):
    """EMO-DB in small: two sentences, three emotions, four speakers."""
    speech = make_emotional_speech(4, 2, ("anger", "neutral", "sadness"), random_state=0)
    letters = {"anger": "W", "neutral": "N", "sadness": "T"}
    folder = tmp_path / "emodb"
    folder.mkdir()
    for clip, row in zip(speech.data, speech.frame.itertuples(), strict=True):
        speaker = {"s01": "03", "s02": "08", "s03": "09", "s04": "10"}[row.speaker]
        text = ["a01", "a02"][speech.frame["sentence"].unique().tolist().index(row.sentence)]
        path = folder / f"{speaker}{text}{letters[row.emotion]}a.wav"
        sf.write(path, clip, clip.sampling_rate)
    return folder


def benchmark(*arguments):
    return run(cli.app, ["benchmark", "--models", "svm", "--folds", "2", "-j", "1", *arguments])


def test_it_tells_its_version():
    assert run(cli.app, ["--version"]).output.strip() == f"sk_ser {sk_ser.__version__}"


def test_its_help_names_the_command_and_the_corpora():
    assert "benchmark" in run(cli.app, ["--help"]).output
    assert "RAVDESS" in run(cli.app, ["benchmark", "--help"]).output


def test_a_known_corpus_is_recognised_and_scored(corpus, tmp_path):
    out = tmp_path / "out"
    result = benchmark(str(corpus), "--out", str(out))
    assert result.exit_code == 0, result.output
    assert "emodb" in result.output
    assert "unheard voices" in result.output
    assert list(read_results(out / "results.json")) == ["emodb"]
    assert (out / "emodb" / "svm.joblib").exists()


def test_a_folder_of_emotions_without_speakers_is_refused_with_the_remedy(tmp_path):
    for emotion in ("anger", "sadness"):
        (tmp_path / emotion).mkdir()
        sf.write(tmp_path / emotion / "a.wav", [0.1] * 800, 8_000)
    result = benchmark(str(tmp_path), "--out", str(tmp_path / "out"))
    assert result.exit_code == 2
    assert "folder of their own" in " ".join(result.output.split())


def test_files_left_out_are_noted_without_a_line_of_code(corpus, tmp_path):
    sf.write(corpus / "holiday.wav", [0.1] * 800, 8_000)
    result = benchmark(str(corpus), "--out", str(tmp_path / "out"))
    assert result.exit_code == 0
    assert "Note: " in result.output
    assert "holiday.wav" in result.output
    assert "cli.py" not in result.output


def test_a_folder_that_is_not_there_is_named(tmp_path):
    result = benchmark(str(tmp_path / "nowhere"))
    assert result.exit_code == 2
    assert "nowhere" in result.output


def test_a_broken_file_is_named(corpus, tmp_path):
    (corpus / "03a02Ta.wav").write_text("not audio at all")
    result = benchmark(str(corpus), "--out", str(tmp_path / "out"))
    assert result.exit_code == 2
    assert "03a02Ta.wav" in result.output.replace("\n", "")


def test_an_unknown_model_is_refused():
    result = run(cli.app, ["benchmark", "--models", "forest"])
    assert result.exit_code == 2
    assert "'forest' is not known" in result.output


def test_without_xgboost_it_goes_on_and_says_so(monkeypatch, capsys):
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        benchmark_command, "find_spec", lambda name: None if name == "xgboost" else find_spec(name)
    )
    assert benchmark_command._models(None) == ["svm"]
    assert "sk_ser[boost]" in capsys.readouterr().out


def test_two_corpora_of_one_name_are_told_apart(corpus):
    names = [found.name for found in load_corpora([corpus, corpus])]
    assert names == ["emodb", "emodb-2"]


def audit(*arguments):
    return run(cli.app, ["audit", "-j", "1", "--folds", "2", *arguments])


def test_an_audit_writes_its_page_and_ends_with_1_on_what_is_severe(corpus, tmp_path):
    out = tmp_path / "out"
    result = audit(str(corpus), "--out", str(out), "--split", "random")
    assert result.exit_code == 1, result.output
    assert "does not stand" in result.output
    assert "severe: " in result.output
    assert {"results.json", "audit.md"} <= {path.name for path in (out / "emodb").iterdir()}


def test_an_audit_that_finds_nothing_severe_ends_with_0(corpus, tmp_path):
    result = audit(str(corpus), "--out", str(tmp_path / "out"))
    assert result.exit_code == 0, result.output


def test_a_model_is_audited_from_its_file(corpus, tmp_path):
    import joblib

    from sk_ser.audio import AudioLoader
    from sk_ser.classifiers import make_svm
    from sk_ser.features import MFCC, Functionals, make_clip_pipeline

    paths = sorted(map(str, corpus.glob("*.wav")))
    model = make_svm(make_clip_pipeline(AudioLoader(), MFCC(), Functionals()))
    joblib.dump(model.fit(paths, [name[-6] for name in paths]), tmp_path / "model.joblib")
    result = audit(
        str(corpus), "--model", str(tmp_path / "model.joblib"), "-o", str(tmp_path / "o")
    )
    assert result.exit_code in (0, 1), result.output
    # an SVM of its own tells no probabilities; all checks were done
    assert result.output.count("not checked") == 2
    assert "not checked, calibration: the model gives no probabilities" in result.output


def test_what_cannot_be_audited_ends_with_2(corpus, tmp_path):
    assert audit(str(tmp_path / "nowhere")).exit_code == 2
    assert audit(str(corpus), "--split", "odd").exit_code == 2
    (tmp_path / "model.joblib").write_text("no model")
    result = audit(str(corpus), "--model", str(tmp_path / "model.joblib"))
    assert result.exit_code == 2
    assert "no model can be loaded" in " ".join(result.output.split())
