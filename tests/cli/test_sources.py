"""What a user names: corpora, manifests and models, and what is wrong with them."""

import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sk_ser import cli
from sk_ser.cli._sources import load_corpora, load_model
from sk_ser.exceptions import CorpusError, CorpusWarning, ModelFileError

run = CliRunner().invoke


def test_what_is_wrong_with_a_manifest_is_said(tmp_path):
    manifest = tmp_path / "clips.csv"
    manifest.write_text("file,label\na.wav,anger\n")
    result = run(cli.app, ["train", str(manifest), "-o", str(tmp_path / "m.skops")])
    assert result.exit_code == 2
    assert "no column" in " ".join(result.output.split())


def test_a_folder_that_is_no_corpus_has_both_reasons(tmp_path):
    (tmp_path / "notes.txt").write_text("no recording")
    with pytest.raises(CorpusError) as caught:
        load_corpora([tmp_path])
    assert isinstance(caught.value.__cause__, CorpusError)
    result = run(cli.app, ["train", str(tmp_path), "-o", str(tmp_path / "m.skops")])
    assert result.exit_code == 2
    assert "Cause: " in result.output


def test_a_model_is_read_once(model, monkeypatch):
    read, real = [], Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read.append(path) or real(path))
    trained = load_model(model)
    assert read == [model]
    assert trained.threshold == 0.2


def test_a_model_that_is_missing_is_an_error_with_fields(tmp_path):
    with pytest.raises(ModelFileError) as caught:
        load_model(tmp_path / "nowhere.skops")
    assert caught.value.path == tmp_path / "nowhere.skops"
    assert caught.value.reason == "no such file"


def test_speakers_that_are_not_known_are_told_of(tmp_path, corpus_files):
    with zipfile.ZipFile(tmp_path / "clips.zip", "w") as archive:
        for number, path in enumerate(corpus_files.iterdir()):
            archive.write(path, f"{'anger' if number % 2 else 'calm'}/clip{number}.wav")
    with pytest.warns(CorpusWarning), pytest.raises(CorpusError, match="speakers are not known"):
        load_corpora([tmp_path / "clips.zip"])
