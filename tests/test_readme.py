"""The README says what the benchmarks measured, and what it tells to run is there."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tables():
    path = ROOT / "benchmarks" / "readme_tables.py"
    spec = importlib.util.spec_from_file_location("readme_tables", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "table",
    [
        "main_job",
        "real_corpora",
        "five_systems",
        "ravdess_nets",
        "duplicates",
        "planted_leaks",
        "coverage",
        "protocols",
        "across",
        "optimism",
        "trained_models",
        "streaming",
        "service_load",
        "fuzz",
    ],
)
def test_its_tables_are_what_the_scripts_measured(tables, table):
    assert getattr(tables, table)() in README


def test_its_figures_of_speed_are_what_the_scripts_measured(tables):
    for name in ("augmentation", "descriptors", "grid_search", "neural", "parallel"):
        for verdict in tables.read(name)["requirements"]:
            assert f"{verdict['value']:.3g}" in README, (name, verdict["what"])


def test_the_files_it_names_are_there():
    named = set(re.findall(r"(?:benchmarks|examples)/[\w/]+\.(?:py|json)", README))
    named |= set(re.findall(r"\]\((\w+\.md)\)", README))
    assert named
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_ci_runs_its_two_commands():
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    commands = re.findall(r"^pip install .*$", README, flags=re.MULTILINE)
    assert len(commands) == 2
    for command in commands:
        for part in command.split("&&"):
            assert part.split("pip install")[-1].strip().removeprefix("-c") in ci


def test_its_python_is_python_and_its_imports_work():
    for extra in ("matplotlib", "optuna", "skorch", "xgboost"):
        pytest.importorskip(extra)
    for block in re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL):
        compile(block, "README.md", "exec")
        exec("\n".join(re.findall(r"^from .*?(?:\(.*?\)|$)", block, re.MULTILINE | re.DOTALL)), {})
