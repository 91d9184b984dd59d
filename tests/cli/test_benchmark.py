"""sk-ser benchmark: what a user types, sees and is told."""

import importlib.util

import soundfile as sf
from typer.testing import CliRunner

from sk_ser import cli
from sk_ser.benchmark import read_results
from sk_ser.cli import _benchmark as benchmark_command
from sk_ser.cli._sources import load_corpora

run = CliRunner().invoke


def benchmark(*arguments):
    return run(cli.app, ["benchmark", "--models", "svm", "--folds", "2", "-j", "1", *arguments])


def test_a_known_corpus_is_recognised_and_scored(corpus, tmp_path):
    out = tmp_path / "out"
    result = benchmark(str(corpus), "--out", str(out))
    assert result.exit_code == 0, result.output
    assert "emodb" in result.output
    assert "unseen speakers" in result.output
    assert list(read_results(out / "results.json")) == ["emodb"]
    assert (out / "emodb" / "svm.skops").exists()


def test_a_folder_of_emotions_without_speakers_is_refused_with_the_remedy(tmp_path):
    for emotion in ("anger", "sadness"):
        (tmp_path / emotion).mkdir()
        sf.write(tmp_path / emotion / "a.wav", [0.1] * 800, 8_000)
    result = benchmark(str(tmp_path), "--out", str(tmp_path / "out"))
    assert result.exit_code == 2
    assert "the clips of each speaker into one folder" in " ".join(result.output.split())


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
    result = benchmark(str(corpus), "--out", str(tmp_path / "out"), "--on-error", "raise")
    assert result.exit_code == 2
    assert "03a02Ta.wav" in result.output.replace("\n", "")


def test_an_unknown_model_is_refused():
    result = run(cli.app, ["benchmark", "--models", "forest"])
    assert result.exit_code == 2
    assert "'forest' is not known" in result.output


def test_without_xgboost_it_goes_on_and_says_so(corpus, tmp_path, monkeypatch):
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        benchmark_command, "find_spec", lambda name: None if name == "xgboost" else find_spec(name)
    )
    options = ["--folds", "2", "-j", "1", "--out", str(tmp_path)]
    result = run(cli.app, ["benchmark", str(corpus), *options])
    assert "sk_ser[boost]" in result.output
    assert read_results(tmp_path / "results.json")["emodb"].estimators == ["svm"]


def test_two_corpora_of_one_name_are_told_apart(corpus, tmp_path):
    for path in corpus.iterdir():
        samples, rate = sf.read(path)
        (tmp_path / "other").mkdir(exist_ok=True)
        sf.write(tmp_path / "other" / path.name, 0.5 * samples, rate)
    names = [found.name for found in load_corpora([corpus, tmp_path / "other"])]
    assert names == ["emodb", "emodb-2"]


def test_results_of_another_kind_are_not_lost(corpus, tmp_path):
    (tmp_path / "results.json").write_text('{"mine": 1}')
    result = benchmark(str(corpus), "--out", str(tmp_path))
    assert result.exit_code == 2
    assert "is not of a benchmark" in " ".join(result.output.split())
    assert (tmp_path / "results.json").read_text() == '{"mine": 1}'
