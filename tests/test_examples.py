"""Examples explain themselves, reject wrong arguments, and stay short."""

import runpy
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "examples"
SCRIPTS = sorted(FOLDER.glob("[!_]*.py"))
SYSTEMS = [path for path in SCRIPTS if path.stem.startswith(("four_", "ravdess", "tess", "three_"))]


@pytest.fixture(params=SCRIPTS, ids=lambda path: path.stem)
def run(request, monkeypatch):
    text = request.param.read_text(encoding="utf-8")
    for package, used in {"torch": "sk_ser.neural", "distributed": "distributed"}.items():
        if f"from {used} import" in text:
            pytest.importorskip(package)
    if "sk_ser.inspection" in text:
        pytest.importorskip("matplotlib")
    monkeypatch.syspath_prepend(FOLDER)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", [str(request.param), *arguments])
        with pytest.raises(SystemExit) as stop:
            runpy.run_path(str(request.param), run_name="__main__")
        return stop.value.code

    return run


def test_help_is_the_docstring(run, capsys):
    assert run("--help") == 0
    said = capsys.readouterr().out
    assert said.startswith("usage:")
    assert "python examples/" in said


@pytest.mark.parametrize("arguments", [["--no-such-option"], ["no-such-folder"]])
def test_wrong_arguments_are_a_usage_error(run, capsys, arguments):
    assert run(*arguments) == 2
    assert capsys.readouterr().err.startswith("usage:")


@pytest.mark.parametrize("path", SYSTEMS, ids=lambda path: path.stem)
def test_each_system_has_at_most_80_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 80
