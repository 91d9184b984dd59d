"""sk-ser audit: what a user types, sees and is told."""

import shutil

from typer.testing import CliRunner

from sk_ser import cli
from sk_ser.leakage import Finding, _registry, register_check

run = CliRunner().invoke


def audit(*arguments):
    return run(cli.app, ["audit", "-j", "1", "--folds", "2", *arguments])


def test_an_audit_writes_its_page_and_ends_with_1_on_what_is_severe(corpus, tmp_path):
    out = tmp_path / "out"
    result = audit(str(corpus), "--out", str(out), "--protocol", "random")
    assert result.exit_code == 1, result.output
    assert "is not valid" in result.output
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
    # an SVM by itself gives no probabilities; all checks were done
    assert result.output.count("not checked") == 2
    assert "not checked (calibration): the model gives no probabilities" in result.output


def test_checks_are_chosen_by_name_registered_ones_included(corpus, tmp_path, monkeypatch):
    monkeypatch.setattr(_registry, "_CHECKS", dict(_registry._CHECKS))
    message = "The weather was not recorded."
    found = Finding(check="weather", severity="severe", kind="L2", message=message, remedy="")
    register_check("weather", lambda evaluation: [found])
    result = audit(str(corpus), "-o", str(tmp_path / "o"), "--checks", "weather, population")
    assert result.exit_code == 1, result.output
    assert message in result.output
    assert "not checked (duplicates): not requested" in result.output
    assert "not checked (population)" not in result.output


def test_a_report_names_the_files_of_a_pair(corpus, tmp_path):
    path = sorted(corpus.iterdir())[0]
    shutil.copy(path, copy := path.with_name(f"{path.stem[:-1]}b.wav"))
    out = tmp_path / "o"
    result = audit(str(corpus), "-o", str(out), "--checks", "duplicates")
    for text in (result.output, (out / "emodb" / "audit.md").read_text(encoding="utf-8")):
        assert str(path) in text
        assert str(copy) in text


def test_what_cannot_be_audited_ends_with_2(corpus, tmp_path):
    assert audit(str(tmp_path / "nowhere")).exit_code == 2
    assert audit(str(corpus), "--protocol", "odd").exit_code == 2
    assert audit(str(corpus), "--checks", "odd").exit_code == 2
    (tmp_path / "model.joblib").write_text("no model")
    result = audit(str(corpus), "--model", str(tmp_path / "model.joblib"))
    assert result.exit_code == 2
    assert "joblib cannot read it" in " ".join(result.output.split())
