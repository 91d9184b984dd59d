"""sk-ser features: a table of what recordings are like."""

import os
import signal
import time

import joblib
import numpy as np
import pandas as pd
import pytest
import soundfile as sf
from typer.testing import CliRunner

from sk_ser import cli
from sk_ser.features import make_front_end
from sk_ser.persistence import load, save

run = CliRunner().invoke


def features(*arguments):
    return run(cli.app, ["features", *map(str, arguments)])


def test_a_corpus_becomes_a_table_of_facts_and_features(corpus, tmp_path):
    result = features(corpus, "-o", tmp_path / "new" / "table.csv")
    assert result.exit_code == 0, result.output
    table = pd.read_csv(tmp_path / "new" / "table.csv", dtype={"speaker": str})
    front_end = make_front_end()
    names = front_end.get_feature_names_out().tolist()
    assert table.columns[:3].tolist() == ["path", "emotion", "speaker"]
    assert table.columns[-2220:].tolist() == names
    assert sorted(table["speaker"].unique()) == ["03", "08", "09", "10"]
    np.testing.assert_allclose(table[names], front_end.transform(table["path"]), rtol=1e-4)


def test_parquet_keeps_every_bit(corpus, tmp_path, model):
    pytest.importorskip("pyarrow")
    assert features(corpus, "-o", tmp_path / "t.parquet", "--model", model).exit_code == 0
    table = pd.read_parquet(tmp_path / "t.parquet")
    front_end = load(model)[0]
    values = table[front_end.get_feature_names_out().tolist()]
    assert values.dtypes.eq("float32").all()
    np.testing.assert_array_equal(values, front_end.transform(table["path"].tolist()))


def test_without_pyarrow_it_says_what_to_install_before_anything_is_computed(
    corpus, tmp_path, monkeypatch
):
    import sys

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.delitem(sys.modules, "pyarrow.parquet", raising=False)
    result = features(corpus, "-o", tmp_path / "t.parquet")
    assert result.exit_code == 2
    assert 'pip install "sk_ser[parquet]"' in " ".join(result.output.split())


def test_recordings_of_no_corpus_have_their_path_alone(corpus, tmp_path, model):
    folder = tmp_path / "any"
    folder.mkdir()
    for number, path in enumerate(sorted(corpus.iterdir())[:3]):
        os.link(path, folder / f"recording {number}.wav")
    result = features(folder, "-o", tmp_path / "t.csv", "--model", model)
    assert result.exit_code == 0, result.output
    table = pd.read_csv(tmp_path / "t.csv")
    assert table.columns[1].startswith("mfcc_0")
    assert [path.rpartition("/")[2] for path in table["path"]] == [
        f"recording {number}.wav" for number in range(3)
    ]


def test_emotions_are_told_where_folders_tell_them_and_speakers_need_not_be(
    corpus, tmp_path, model
):
    for emotion in ("anger", "sadness"):
        (tmp_path / "own" / emotion).mkdir(parents=True)
        os.link(next(corpus.iterdir()), tmp_path / "own" / emotion / "a.wav")
    result = features(tmp_path / "own", "-o", tmp_path / "t.csv", "--model", model)
    assert result.exit_code == 0, result.output
    table = pd.read_csv(tmp_path / "t.csv")
    assert table["emotion"].tolist() == ["anger", "sadness"]
    assert "speaker" not in table


@pytest.mark.parametrize("name", ["t.csv", "t.parquet"])
def test_one_bad_file_is_named_and_the_rest_are_done(name, corpus, tmp_path, model):
    if name.endswith("parquet"):
        pytest.importorskip("pyarrow")
    n_files = len(list(corpus.iterdir()))
    bad = sorted(corpus.iterdir())[5]
    bad.unlink()
    bad.write_text("not audio")
    out = tmp_path / name
    result = features(corpus, "-o", out, "--model", model)
    assert result.exit_code == 1
    assert f"{bad.name}: cannot be decoded" in result.stderr.replace("\n", "")
    assert f"1 of {n_files} files are not in the table" in result.stderr
    table = pd.read_csv(out) if name.endswith("csv") else pd.read_parquet(out)
    assert len(table) == n_files - 1
    assert not table["path"].str.contains(bad.name).any()
    assert table.filter(like="mfcc").notna().all(axis=None)


@pytest.mark.parametrize("name", ["t.csv", "t.parquet"])
def test_names_that_are_no_text_are_no_obstacle(name, corpus, tmp_path, model):
    if name.endswith("parquet"):
        pytest.importorskip("pyarrow")
    (tmp_path / "any").mkdir()
    os.link(next(corpus.iterdir()), os.fsencode(tmp_path) + b"/any/\xff\xe9.wav")
    result = features(tmp_path / "any", "-o", tmp_path / name, "--model", model)
    assert result.exit_code == 0, result.output


def test_a_net_has_a_row_a_frame(corpus, tmp_path):
    pytest.importorskip("skorch")
    from sk_ser.audio import AudioLoader
    from sk_ser.features import MelSpectrogram, make_clip_pipeline
    from sk_ser.neural import make_net

    front_end = make_clip_pipeline(AudioLoader(), MelSpectrogram(n_mels=8, hop_length=800))
    net = make_net("gru", front_end, max_epochs=1, random_state=0, device="cpu")
    paths = sorted(map(str, corpus.glob("*.wav")))
    save(net.fit(paths, [path[-6] for path in paths]), tmp_path / "net.skops")
    result = features(corpus, "-o", tmp_path / "t.csv", "--model", tmp_path / "net.skops")
    assert result.exit_code == 0, result.output
    table = pd.read_csv(tmp_path / "t.csv")
    frames = table[table["path"] == paths[1]]
    assert frames["time"].diff().dropna().round(6).eq(0.05).all()
    expected = front_end.transform(paths[1:2])[0]
    np.testing.assert_allclose(frames.filter(like="mel_"), expected, rtol=1e-4)


@pytest.mark.parametrize("name", ["t.csv", "t.parquet"])
def test_ctrl_c_leaves_a_table_of_what_was_finished(name, start, corpus, tmp_path, model):
    if name.endswith("parquet"):
        pytest.importorskip("pyarrow")
    folder = tmp_path / "many"
    folder.mkdir()
    clip = np.tile(sf.read(next(corpus.iterdir()))[0], 20)
    for number in range(260):
        sf.write(folder / f"{number:03d}.wav", clip, 16_000)
    out = tmp_path / name
    process = start("features", folder, "-o", out, "--model", model, "-j", "1")
    part = out.with_name(f"{name}.part")
    while not (part.exists() and part.stat().st_size > 1000):
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    process.wait(timeout=60)
    assert process.returncode == 130
    assert "Stopped" in process.stderr.read()
    table = pd.read_csv(out) if name.endswith("csv") else pd.read_parquet(out)
    assert len(table) in (64, 128, 192, 256)
    assert table.filter(like="mfcc").notna().all(axis=None)


@pytest.mark.parametrize(
    "arguments, fault",
    [
        (["{corpus}", "-o", "t.xlsx"], "must end in .parquet or .csv"),
        (["{corpus}", "-o", "t.csv", "--model", "{vectors}"], "does not describe files"),
        (["{empty}", "-o", "t.csv"], "no recordings"),
    ],
)
def test_what_cannot_begin_ends_with_2(arguments, fault, corpus, tmp_path):
    from sklearn.naive_bayes import GaussianNB

    (tmp_path / "empty").mkdir()
    joblib.dump(GaussianNB().fit([[0.0], [1.0]], ["a", "b"]), tmp_path / "v.joblib")
    places = {"corpus": corpus, "empty": tmp_path / "empty", "vectors": tmp_path / "v.joblib"}
    result = features(*[argument.format(**places) for argument in arguments])
    assert result.exit_code == 2
    assert fault in " ".join(result.output.split())
