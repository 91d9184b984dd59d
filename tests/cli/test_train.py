"""sk-ser train: a model in a file, a card beside it, and how good it is."""

import os
import shutil
import signal
import time
from pathlib import Path

import numpy as np
import pandas as pd
import soundfile as sf
from typer.testing import CliRunner

from sk_ser import cli
from sk_ser.persistence import load, read_header

run = CliRunner().invoke


def train(*arguments):
    return run(cli.app, ["train", "-j", "1", "--folds", "2", *map(str, arguments)])


def test_it_leaves_a_model_a_card_and_how_well_it_does(corpus, tmp_path):
    out = tmp_path / "new" / "model.skops"
    result = train(corpus, "-o", out)
    assert result.exit_code == 0, result.output
    assert result.stdout.index("unseen speakers") < result.stdout.index("random split")
    header = read_header(out)
    assert header["protocols"]["scores"]["speaker-independent"]["uar"] > 0.3
    assert header["training"]["n_speakers"] == 4
    assert header["prediction_set"]["coverage"] == 0.9
    assert header["prediction_set"]["speakers"] == "unseen"
    assert "speaker-independent" in out.with_suffix(".md").read_text()
    paths = sorted(map(str, corpus.iterdir()))
    proba = load(out).predict_proba(paths)
    np.testing.assert_allclose(proba.sum(axis=1), 1)


def test_what_it_trains_predicts_and_is_audited(corpus, tmp_path):
    out = tmp_path / "model.skops"
    assert train(corpus, "-o", out, "--no-evaluate").exit_code == 0
    predicted = run(cli.app, ["predict", str(out), str(corpus), "--csv"])
    assert predicted.exit_code == 0, predicted.output
    audited = run(
        cli.app,
        ["audit", str(corpus), "--model", str(out), "-o", str(tmp_path / "a"), "--folds", "2"],
    )
    assert audited.exit_code in (0, 1), audited.output


def test_without_evaluation_nothing_is_said_about_how_good_it_is(corpus, tmp_path):
    out = tmp_path / "model.skops"
    result = train(corpus, "-o", out, "--no-evaluate")
    assert result.exit_code == 0, result.output
    assert "UAR" not in result.output
    assert "protocols" not in read_header(out)


def test_several_corpora_are_one(corpus, tmp_path):
    for speaker in ("kim", "lee"):
        for emotion, code in (("anger", "W"), ("sadness", "T")):
            folder = tmp_path / "own" / speaker / emotion
            folder.mkdir(parents=True)
            for path in list(corpus.glob(f"*{code}a.wav"))[:3]:
                samples, rate = sf.read(path)
                # not the same recording
                sf.write(folder / path.name, 0.5 * samples if speaker == "kim" else -samples, rate)
    out = tmp_path / "model.skops"
    # names of files that two corpora share are no matter; files would be
    own = tmp_path / "own"
    for number, path in enumerate(sorted(own.rglob("*.wav"))):
        path.rename(path.with_name(f"{number}.wav"))
    result = train(corpus, own, "-o", out, "--no-evaluate", "--shared-emotions")
    assert result.exit_code == 0, result.output
    header = read_header(out)
    assert [one["name"] for one in header["training"]["corpora"]] == ["emodb", "own"]
    assert header["classes"] == ["anger", "sadness"]
    assert header["training"]["n_speakers"] == 6


def test_what_cannot_begin_ends_with_2(corpus, tmp_path):
    result = train(corpus, "--model", "forest")
    assert result.exit_code == 2
    assert "forest" in result.output
    assert train(tmp_path / "nowhere").exit_code == 2
    result = train(corpus, "-o", tmp_path / "model.md")
    assert result.exit_code == 2
    assert "the card has the same name" in " ".join(result.output.split())


def test_a_broken_file_is_named(corpus, tmp_path):
    bad = sorted(corpus.iterdir())[3]
    bad.unlink()
    bad.write_text("not audio at all")
    result = train(corpus, "-o", tmp_path / "model.skops", "--on-error", "raise")
    assert result.exit_code == 2
    assert bad.name in result.output.replace("\n", "")
    assert not (tmp_path / "model.skops").exists()


def test_unusable_recordings_are_named_left_out_and_counted(corpus, tmp_path):
    broken, silent, short, *_ = sorted(corpus.iterdir())
    broken.write_text("not audio at all")
    sf.write(silent, np.zeros(8_000), 8_000)
    sf.write(short, [0.5], 8_000)
    out = tmp_path / "model.skops"
    result = train(corpus, "-o", out, "--no-evaluate")
    assert result.exit_code == 0, result.output
    text = result.output.replace("\n", "")
    assert "3 of 24 recordings are left out" in text
    assert all(path.name in text for path in (broken, silent, short))
    training = read_header(out)["training"]
    assert (training["n_clips"], training["left_out"]) == (21, {"unusable": 3})
    assert "Left out: 3 unusable." in out.with_suffix(".md").read_text()


def test_the_same_corpus_as_folder_and_zip_is_one(corpus, tmp_path):
    shutil.make_archive(tmp_path / "emodb", "zip", corpus)
    out = tmp_path / "model.skops"
    result = train(corpus, tmp_path / "emodb.zip", "-o", out, "--no-evaluate")
    assert result.exit_code == 0, result.output
    assert "24 of 24 recordings are left out" in result.output.replace("\n", "")
    training = read_header(out)["training"]
    assert (training["n_clips"], training["n_speakers"]) == (24, 4)


def test_an_emotion_of_one_speaker_is_found_out_before_the_work(corpus, tmp_path):
    path = next(corpus.glob("03*T*.wav"))
    path.rename(path.with_name(path.name.replace("T", "E")))
    result = train(corpus, "-o", tmp_path / "model.skops")
    assert result.exit_code == 2
    assert "only one speaker has 'disgust'" in result.output.replace("\n", "")
    assert "UAR" not in result.output


def test_a_manifest_and_folders_of_ones_own_are_described_by_options(corpus, tmp_path):
    rows = [
        {"file": str(path), "label": "anger" if "W" in path.name else "joy", "who": path.name[:2]}
        for path in sorted(corpus.iterdir())
    ]
    pd.DataFrame(rows).to_csv(tmp_path / "own.csv", index=False)
    out = tmp_path / "a.skops"
    columns = "path=file,emotion=label,speaker=who"
    result = train(tmp_path / "own.csv", "-o", out, "--no-evaluate", "--columns", columns)
    assert result.exit_code == 0, result.output
    assert read_header(out)["training"]["n_speakers"] == 4
    flat = tmp_path / "flat"
    for row in rows:
        (flat / row["label"]).mkdir(parents=True, exist_ok=True)
        name = f"{row['who']}_{Path(row['file']).name[2:]}"
        shutil.copy(row["file"], flat / row["label"] / name)
    result = train(
        flat, "-o", out, "--no-evaluate", "--speaker", "/([0-9]+)_", "--layout", "emotion"
    )
    assert result.exit_code == 0, result.output
    assert read_header(out)["training"]["n_speakers"] == 4


def test_folders_of_a_split_are_not_speakers(corpus, tmp_path):
    for number, path in enumerate(sorted(corpus.iterdir())):
        name = ("train", "val", "test")[number % 3]
        folder = tmp_path / "kaggle" / name / ("anger" if "W" in path.name else "joy")
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, folder / f"{number}.wav")
    result = train(tmp_path / "kaggle", "-o", tmp_path / "m.skops")
    assert result.exit_code == 2
    assert "are parts of a data set" in " ".join(result.output.split())


def test_ctrl_c_leaves_no_half_a_model_and_keeps_features(start, corpus, tmp_path):
    out, cache = tmp_path / "model.skops", tmp_path / "cache"
    process = start("train", corpus, "-o", out, "--cache", cache, "-j", "1")
    while not list(cache.rglob("*.sqlite")):
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    process.wait(timeout=60)
    assert process.returncode == 130
    assert "Stopped. No model was written." in process.stderr.read()
    assert not out.exists()
    assert not out.with_suffix(".md").exists()


def test_a_file_of_another_kind_is_not_replaced(corpus, tmp_path):
    for name, out in (("README.md", "README.skops"), ("m.skops", "m.skops"), ("a.wav", "a.wav")):
        (tmp_path / name).write_text("mine")
        result = train(corpus, "-o", tmp_path / out, "--no-evaluate")
        assert result.exit_code == 2
        assert str(tmp_path / name) in result.stderr
        assert (tmp_path / name).read_text() == "mine"
    (tmp_path / "README.md").unlink()
    for _ in range(2):
        # a model and a card of before are replaced
        result = train(corpus, "-o", tmp_path / "README.skops", "--no-evaluate")
        assert result.exit_code == 0, result.output


def test_what_is_named_joblib_is_read_as_what_it_is(corpus, tmp_path):
    assert train(corpus, "-o", tmp_path / "m.joblib", "--no-evaluate").exit_code == 0
    result = run(cli.app, ["predict", str(tmp_path / "m.joblib"), str(corpus), "--csv"])
    assert result.exit_code == 0, result.output
