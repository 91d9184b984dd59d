"""sk-ser predict: what a user types, sees and is told, and what a script reads."""

import csv
import importlib
import io
import json
import os
import signal
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from sklearn.pipeline import make_pipeline
from typer.testing import CliRunner

from sk_ser import cli
from sk_ser.audio import AudioLoader
from sk_ser.features import MFCC, Functionals, make_clip_pipeline
from sk_ser.persistence import load, save

from .conftest import EMOTIONS

run = CliRunner().invoke


def predict(*arguments, **options):
    return run(cli.app, ["predict", *map(str, arguments)], **options)


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_each_file_has_a_line_with_its_emotion_and_probabilities(model, corpus):
    result = predict(model, corpus)
    assert result.exit_code == 0, result.output
    head, *lines = result.stdout.splitlines()
    assert head.split() == ["emotion", *EMOTIONS, "file"]
    assert len(lines) == len(list(corpus.iterdir()))
    for line in lines:
        emotion, *percent, path = line.split()
        marked = [int(one.rstrip("*")) for one in percent]
        assert emotion == EMOTIONS[int(np.argmax(marked))]
        assert 99 <= sum(marked) <= 101
        assert path.startswith(str(corpus))
        # the set of the header's threshold is starred
        assert all(one.endswith("*") for one, p in zip(percent, marked, strict=True) if p > 21)


def test_csv_holds_what_the_model_says(model, corpus):
    result = predict(model, corpus, "--csv")
    assert result.exit_code == 0
    rows = rows_of(result.stdout)
    assert list(rows[0]) == ["path", "emotion", *EMOTIONS, "prediction_set", "error"]
    paths = [row["path"] for row in rows]
    assert paths == sorted(map(str, corpus.iterdir()))
    found = [[float(row[emotion]) for emotion in EMOTIONS] for row in rows]
    np.testing.assert_allclose(found, load(model).predict_proba(paths), rtol=1e-4)
    assert all(row["prediction_set"].split("|")[0] == row["emotion"] for row in rows)


def test_json_is_an_object_a_line(model, corpus):
    (corpus / "bad.wav").write_text("not audio")
    result = predict(model, corpus, "--json")
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert list(records[0]) == ["path", "emotion", "probabilities", "prediction_set", "error"]
    assert set(records[0]["probabilities"]) == set(EMOTIONS)
    (bad,) = [record for record in records if record["path"].endswith("bad.wav")]
    assert bad["emotion"] is bad["probabilities"] is bad["prediction_set"] is None
    assert "cannot be decoded" in bad["error"]


@pytest.mark.parametrize("name, is_json", [("a/rows.csv", False), ("rows.jsonl", True)])
def test_a_file_is_written_in_the_format_of_its_name(name, is_json, model, corpus, tmp_path):
    result = predict(model, corpus, "-o", tmp_path / name)
    assert (result.exit_code, result.stdout) == (0, "")
    lines = (tmp_path / name).read_text().splitlines()
    assert lines[0].startswith('{"path"' if is_json else "path,emotion")


def test_one_bad_file_among_many_is_named_and_the_rest_are_done(model, corpus, tmp_path):
    good = sorted(corpus.iterdir())
    (corpus / "bad.wav").write_text("not audio")
    many = [good[number % len(good)] for number in range(300)]
    many.insert(137, corpus / "bad.wav")
    lines = "".join(f"{path}\n" for path in many)
    result = predict(model, "-", "--csv", "-j", "1", input=lines)
    assert result.exit_code == 1
    rows = rows_of(result.stdout)
    assert [row["path"] for row in rows] == list(map(str, many))
    assert [place for place, row in enumerate(rows) if row["error"]] == [137]
    assert all(row["emotion"] for place, row in enumerate(rows) if place != 137)
    assert "bad.wav: cannot be decoded" in result.stderr
    assert "1 of 301 files have no emotion" in result.stderr
    # named once, and where scripts do not read
    assert result.stderr.count("bad.wav") == 1


def test_bad_files_are_not_in_the_table_for_the_eye(model, corpus):
    result = predict(model, next(corpus.iterdir()), "nowhere.wav")
    assert result.exit_code == 1
    assert "nowhere.wav" not in result.stdout
    assert "nowhere.wav: no such file" in result.stderr


def test_long_files_are_an_error_of_theirs(model, corpus):
    sf.write(corpus / "long.wav", np.sin(np.arange(40_000)), 8_000)
    result = predict(model, corpus, "--max-duration", "4")
    assert result.exit_code == 1
    assert "long.wav: too long: 5.0 s" in result.stderr


def test_names_that_are_no_text_go_through(model, corpus):
    strange = os.fsencode(corpus) + b"/\xff\xe9.wav"
    os.link(next(corpus.glob("*.wav")), strange)
    out = corpus.parent / "rows.csv"
    assert predict(model, corpus, "-o", out).exit_code == 0
    assert strange in out.read_bytes()


@pytest.mark.parametrize(
    "arguments, fault",
    [
        (["nowhere.skops", "."], "nowhere.skops: no such file"),
        (["{model}", "{empty}"], "no recordings"),
        (["{model}", ".", "--csv", "--json"], "exclude each other"),
        (["{text}", "."], "not a file of sk_ser.persistence.save"),
        (["{model}", "a.wav", "-o", "{text}/rows.csv"], "text: not a folder"),
    ],
)
def test_what_cannot_begin_ends_with_2(arguments, fault, model, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "text").write_text("no model")
    places = {"model": model, "empty": tmp_path / "empty", "text": tmp_path / "text"}
    result = predict(*[argument.format(**places) for argument in arguments])
    assert result.exit_code == 2
    assert fault in " ".join(result.output.split())
    assert "Traceback" not in result.output


def test_a_model_that_joblib_saved_is_taken_with_a_warning(model, corpus):
    result = predict(model.with_suffix(".joblib"), corpus, "--csv")
    assert result.exit_code == 0
    assert "runs any code in it" in " ".join(result.stderr.split())


def wait_for(path, n_lines, process):
    for _ in range(600):
        if path.exists() and path.read_text().count("\n") >= n_lines:
            return
        assert process.poll() is None, process.communicate()
        time.sleep(0.1)
    pytest.fail(f"{path} never got {n_lines} lines")


@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_leaves_what_was_finished(jobs, start, model, corpus, tmp_path):
    out = tmp_path / "rows.csv"
    process = start("predict", model, "-", "-o", out, "-j", jobs)
    path = next(corpus.glob("*.wav"))
    # it goes on for ever: what is typed never ends
    process.stdin.write(f"{path}\n" * 70)
    process.stdin.flush()
    wait_for(tmp_path / "rows.csv.part", 65, process)
    os.killpg(process.pid, signal.SIGINT)
    process.wait(timeout=60)
    assert process.returncode == 130
    rows = rows_of(out.read_text())
    assert len(rows) == 64
    assert all(row["emotion"] for row in rows)
    errors = process.stderr.read()
    assert "Stopped. The finished rows are written." in errors
    if jobs == 1 or version("joblib") >= "1.5":
        # before, each of joblib's processes prints one
        assert "Traceback" not in errors


def test_no_bar_is_drawn_without_a_terminal(start, model, corpus):
    process = start("predict", model, corpus)
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 0
    assert output.startswith("emotion")
    assert errors == ""


def test_a_pipe_that_is_closed_early_does_no_harm(start, model, corpus):
    process = start("predict", model, "-", "--csv")
    process.stdin.write(f"{next(corpus.glob('*.wav'))}\n" * 128)
    process.stdin.flush()
    assert process.stdout.readline().startswith("path,emotion")
    process.stdout.close()
    process.stdin.close()
    process.wait(timeout=60)
    assert "Traceback" not in process.stderr.read()
    # conftest kills and reads what is left
    process.stdin = process.stdout = None


def test_a_type_of_ones_own_has_to_be_trusted_by_name(corpus, tmp_path, monkeypatch):
    (tmp_path / "my_package.py").write_text(
        "from sklearn.naive_bayes import GaussianNB\nclass Mine(GaussianNB): pass\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    mine = importlib.import_module("my_package").Mine
    front_end = make_clip_pipeline(AudioLoader(), MFCC(3), Functionals())
    paths = sorted(map(str, corpus.iterdir()))
    fitted = make_pipeline(front_end, mine()).fit(paths, [path[-6] for path in paths])
    path = save(fitted, tmp_path / "mine.skops", trusted=[mine])
    refused = predict(path, corpus)
    assert refused.exit_code == 2
    assert "not trusted" in refused.output
    assert predict(path, corpus, "--trust", "my_package.Mine").exit_code == 0
    features = ["features", str(corpus), "-o", str(tmp_path / "t.csv"), "--model", str(path)]
    assert run(cli.app, features).exit_code == 2
    assert run(cli.app, [*features, "--trust", "my_package.Mine"]).exit_code == 0
    audit = ["audit", str(corpus), "-o", str(tmp_path / "a"), "--checks", "population", "-j", "1"]
    audit += ["--folds", "2", "--model", str(path)]
    assert run(cli.app, audit).exit_code == 2
    assert run(cli.app, [*audit, "--trust", "my_package.Mine"]).exit_code in (0, 1)


# Nothing is lost


def test_an_output_that_is_an_input_is_refused(model, corpus):
    recordings = sorted(map(str, corpus.glob("*.wav")))
    before = {path: Path(path).read_bytes() for path in [*recordings, model]}
    for out, files in (
        (recordings[0], recordings[1:]),
        (recordings[0], recordings),
        (model, recordings),
    ):
        result = predict(model, "--csv", "-o", out, *files)
        assert result.exit_code == 2
        assert "the suffix of a recording" in result.stderr or "one of the inputs" in result.stderr
    assert before == {path: Path(path).read_bytes() for path in before}


def test_an_output_that_is_a_link_to_an_input_is_refused(model, corpus, tmp_path):
    recording = next(corpus.glob("*.wav"))
    (tmp_path / "link.csv").symlink_to(recording)
    os.link(recording, tmp_path / "same.csv")
    for name in ("link.csv", "same.csv"):
        for files, text in (((recording,), ""), (("-",), f"{recording}\n")):
            result = predict(model, *files, "-o", tmp_path / name, input=text)
            assert result.exit_code == 2
            assert "one of the inputs" in result.stderr or "exists and is not" in result.stderr
    assert recording.read_bytes()[:4] == b"RIFF"


@pytest.mark.parametrize("name", ["rows.csv", "rows.jsonl", "rows.txt"])
def test_a_file_of_another_kind_is_not_replaced(name, model, corpus, tmp_path):
    (tmp_path / name).write_text("my notes")
    result = predict(model, corpus, "-o", tmp_path / name)
    assert result.exit_code == 2
    assert "exists and is not" in result.stderr
    assert (tmp_path / name).read_text() == "my notes"


def test_a_table_of_before_is_replaced_once_the_new_one_is_whole(model, corpus, tmp_path):
    for _ in range(2):
        assert predict(model, corpus, "-o", tmp_path / "rows.csv").exit_code == 0
    assert [path.name for path in tmp_path.glob("rows*")] == ["rows.csv"]


def test_an_output_in_a_folder_that_cannot_be_is_found_out_before_the_work(model, corpus, tmp_path):
    (tmp_path / "text").write_text("")
    for out in (tmp_path / "text" / "rows.csv", tmp_path, tmp_path / ("a" * 300 + ".csv")):
        result = predict("no model", corpus, "-o", out)
        assert result.exit_code == 2
        assert "no model" not in result.stderr


def test_text_that_is_a_formula_is_quoted_for_spreadsheets(model, corpus, tmp_path, monkeypatch):
    monkeypatch.chdir(corpus)
    path = next(corpus.glob("*.wav")).rename(corpus / "=1+1.wav").name
    assert rows_of(predict(model, path, "--csv").stdout)[0]["path"] == "'=1+1.wav"
    assert rows_of(predict(model, path, "--csv", "--no-spreadsheet").stdout)[0]["path"] == path
    assert json.loads(predict(model, path, "--json").stdout)["path"] == path


@pytest.mark.parametrize("name", ["\x1b[31mred.wav", "two\nlines.wav", "\u202ereversed.wav"])
def test_names_do_not_control_the_terminal(name, model, corpus):
    next(corpus.glob("*.wav")).rename(corpus / name)
    (corpus / f"bad{name}").write_text("not audio")
    result = predict(model, corpus)
    for text in (result.stdout, result.stderr):
        assert name.encode("unicode_escape").decode() in text
        assert name not in text
    paths = [row["path"] for row in rows_of(predict(model, corpus, "--csv").stdout)]
    assert {str(corpus / name), str(corpus / f"bad{name}")} <= set(paths)


@pytest.mark.parametrize("arguments", [("-",), ("-", "--csv")])
def test_a_recording_piped_to_stdin_is_told_apart_from_paths(model, corpus, arguments):
    content = next(corpus.glob("*.wav")).read_bytes()
    result = predict(model, *arguments, input=content)
    assert result.exit_code == 2
    assert "stdin holds a recording" in " ".join(result.stderr.split())


def test_a_path_that_is_too_long_is_named(model, corpus):
    result = predict(model, "a" * 5_000 + ".wav", next(corpus.glob("*.wav")))
    assert result.exit_code in (1, 2)
    assert "too long" in result.stderr
    assert "Traceback" not in result.stderr
