"""sk-ser app: what Streamlit is told, and what a user is told."""

import sys

import pytest
from typer.testing import CliRunner

from sk_ser import cli
from sk_ser.cli._app import _arguments

run = CliRunner().invoke


@pytest.fixture
def started(monkeypatch):
    """What Streamlit is started with, instead of starting it."""
    pytest.importorskip("streamlit")
    pytest.importorskip("matplotlib")
    calls = []
    monkeypatch.setattr(sys, "argv", [])
    monkeypatch.setattr("runpy.run_module", lambda module, run_name: calls.append(sys.argv))
    return calls


def test_the_page_is_served_locally_with_limits_and_without_telemetry(started, tmp_path):
    model = tmp_path / "--odd name.skops"
    model.write_bytes(b"")
    options = ["--port", "8080", "--max-mb", "7", "--max-minutes", "0.5"]
    options += ["--trust", "mine.Net"]
    result = run(cli.app, ["app", *options, "--", str(model)])
    assert result.exit_code == 0, result.output
    (arguments,) = started
    assert arguments[:2] == ["streamlit", "run"]
    assert arguments[2].endswith("_page.py")
    assert arguments[arguments.index("--") + 1 :] == [str(model), "7", "0.5", "mine.Net"]
    assert {
        "--server.address=127.0.0.1",
        "--server.port=8080",
        "--server.headless=true",
        "--server.maxUploadSize=7",
        "--browser.gatherUsageStats=false",
        "--client.showErrorDetails=none",
    } <= set(arguments)


def test_streamlit_knows_each_option():
    pytest.importorskip("streamlit")
    from streamlit import config

    for argument in _arguments(8501, "127.0.0.1", 50)[1:]:
        config.get_option(argument.removeprefix("--").partition("=")[0])  # raises if it does not


def test_a_model_that_is_not_there_is_named_with_the_remedy(started, tmp_path):
    result = run(cli.app, ["app", str(tmp_path / "nowhere.skops")])
    assert result.exit_code == 2
    assert "nowhere.skops: no such file. sk-ser train writes a model" in " ".join(
        result.output.split()
    )
    assert not started


@pytest.mark.parametrize("package", ["streamlit", "matplotlib"])
def test_without_its_extra_it_says_what_to_install(monkeypatch, tmp_path, package):
    for name in [name for name in sys.modules if name.split(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    (tmp_path / "model.skops").write_bytes(b"")
    result = run(cli.app, ["app", str(tmp_path / "model.skops")])
    assert result.exit_code == 2
    assert 'pip install "sk_ser[app]"' in " ".join(result.output.split())
