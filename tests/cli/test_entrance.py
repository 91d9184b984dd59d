"""sk-ser itself: version, help, and what the shell completes."""

import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

import sk_ser
from sk_ser import cli
from sk_ser._plugins import load_plugins
from sk_ser.baselines import baseline_names

run = CliRunner().invoke
COMMANDS = ["train", "predict", "features", "benchmark", "audit"]


def test_it_tells_its_version():
    assert run(cli.app, ["--version"]).output.strip() == f"sk_ser {sk_ser.__version__}"


def test_its_help_names_every_command():
    output = run(cli.app, ["--help"]).output
    assert all(command in output for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_each_command_has_examples_and_they_can_be_typed(command):
    result = run(cli.app, [command, "--help"], env={"COLUMNS": "200"})
    assert result.exit_code == 0
    examples = result.output.partition("Examples:")[2].strip().splitlines()
    typed = [line.strip() for line in examples if f"sk-ser {command}" in line]
    assert typed
    for line in typed:
        options = [word for word in line.split() if word.startswith("--")]
        assert all(option in result.output.partition("Examples:")[0] for option in options)


def test_the_help_tells_the_status_that_scripts_can_use():
    for command in ("train", "predict", "features", "audit"):
        output = run(cli.app, [command, "--help"]).output
        assert "The exit status is 0 if" in " ".join(output.split())


@pytest.mark.parametrize("command", ["train", "benchmark"])
def test_the_help_lists_every_baseline(command):
    output = run(cli.app, [command, "--help"], env={"COLUMNS": "300"}).output
    assert ", ".join(baseline_names()[:7]) in " ".join(output.split())


def complete(words):
    """Ask what comes next, as the function that bash has been given does."""
    process = subprocess.run(
        [sys.executable, "-c", "from sk_ser.cli import app; app(prog_name='sk-ser')"],
        env=os.environ
        | {
            "_SK_SER_COMPLETE": "complete_bash",
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(words.split(" ")) - 1),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return process.stdout.split()


def test_the_shell_completes_commands_options_and_models():
    assert complete("sk-ser pre") == ["predict"]
    assert complete("sk-ser predict --c") == ["--csv"]
    assert set(complete("sk-ser train --model ")) == set(baseline_names()[:7])


def test_help_does_not_load_scikit_learn_or_pytorch():
    code = (
        "import sys\n"
        "from sk_ser.cli import app\n"
        "try: app(['train', '--help'], prog_name='sk-ser')\n"
        "except SystemExit: print({'sklearn', 'torch'} & set(sys.modules))"
    )
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert process.stdout.splitlines()[-1] == "set()"


def test_the_shell_does_not_wait_for_scikit_learn():
    code = (
        "import sys\n"
        "from sk_ser.cli import app\n"
        "try: app(prog_name='sk-ser')\n"
        "except SystemExit: print('sklearn' in sys.modules)"
    )
    words = {"COMP_WORDS": "sk-ser pre", "COMP_CWORD": "1", "_SK_SER_COMPLETE": "complete_bash"}
    process = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | words, capture_output=True, text=True
    )
    assert process.stdout.split() == ["predict", "False"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_is_given_what_completes(shell):
    process = subprocess.run(
        [sys.executable, "-c", "from sk_ser.cli import app; app(prog_name='sk-ser')"],
        env=os.environ | {"_SK_SER_COMPLETE": f"source_{shell}"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert f"complete_{shell}" in process.stdout


def test_plugins_are_loaded_before_a_command_and_one_that_fails_ends_none(tmp_path, monkeypatch):
    (tmp_path / "broken_plugin.py").write_text("raise ValueError('no such table')")
    info = tmp_path / "broken_plugin-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken_plugin\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[sk_ser]\nbroken = broken_plugin\n")
    monkeypatch.syspath_prepend(tmp_path)
    load_plugins.cache_clear()
    try:
        output = " ".join(run(cli.app, ["predict", "nowhere.skops", "."]).output.split())
    finally:
        load_plugins.cache_clear()
    assert "Note: The plugin 'broken' (broken_plugin) cannot be imported" in output
    assert "nowhere.skops: no such file" in output
