"""sk-ser audit: what a user types, sees and is told."""

from typer.testing import CliRunner

from sk_ser import cli

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
    # an SVM of its own tells no probabilities; all checks were done
    assert result.output.count("not checked") == 2
    assert "not checked (calibration): the model gives no probabilities" in result.output


def test_what_cannot_be_audited_ends_with_2(corpus, tmp_path):
    assert audit(str(tmp_path / "nowhere")).exit_code == 2
    assert audit(str(corpus), "--protocol", "odd").exit_code == 2
    (tmp_path / "model.joblib").write_text("no model")
    result = audit(str(corpus), "--model", str(tmp_path / "model.joblib"))
    assert result.exit_code == 2
    assert "no model can be loaded" in " ".join(result.output.split())
