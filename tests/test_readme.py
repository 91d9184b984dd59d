"""The README and the user guide: figures, file names, commands and code blocks."""

import importlib
import importlib.util
import pkgutil
import re
from pathlib import Path

import pytest

import sk_ser

ROOT = Path(__file__).parents[1]
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in [
        *(ROOT / f"{name}.md" for name in ("README", "ARCHITECTURE", "CONTRIBUTING", "SECURITY")),
        *sorted((ROOT / "docs").glob("*.md")),
    ]
}
README = PAGES["README.md"]
GUIDE = {name: page for name, page in PAGES.items() if name == "README.md" or "/" in name}
EVERYTHING = "\n".join(GUIDE.values())
EXTRAS = ("distributed", "matplotlib", "optuna", "optuna_integration", "skorch", "xgboost")


def _load_tables():
    path = ROOT / "benchmarks" / "tables.py"
    spec = importlib.util.spec_from_file_location("tables", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TABLES = _load_tables()


def _words(text):
    return " ".join(text.split())


def _commands(page):
    blocks = re.findall(r"```bash\n(.*?)```", page, flags=re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line]


def _anchors(page):
    titles = re.findall(r"^#+ (.*)$", page, flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("table", TABLES.TABLES, ids=lambda table: table.__name__)
def test_each_table_equals_the_measured_results(table):
    assert table() in EVERYTHING


@pytest.mark.parametrize(
    "name",
    [
        "augmentation",
        "descriptors",
        "descriptors_librosa_1",
        "grid_search",
        "neural",
        "parallel",
    ],
)
def test_figures_of_speed_equal_the_measured_results(name):
    for verdict in TABLES.read(name)["requirements"]:
        assert f"{verdict['value']:.3g}" in EVERYTHING, verdict["what"]


@pytest.mark.parametrize("name", GUIDE)
def test_each_page_with_a_table_of_corpora_states_their_sizes(name):
    page = _words(GUIDE[name])
    rows = re.findall(r"^\|.*", GUIDE[name], flags=re.MULTILINE)
    shown = {key for key, corpus in TABLES.NAMES.items() for row in rows if f"| {corpus} |" in row}
    if shown and name not in ("docs/api.md", "docs/corpora.md"):
        assert [key for key in shown if TABLES.CORPORA[key] not in page] == []


def test_the_readme_has_at_most_150_lines():
    assert len(README.splitlines()) <= 150


@pytest.mark.parametrize("name", PAGES)
def test_named_files_and_links_exist(name):
    scripts = set(re.findall(r"(?:benchmarks|examples)/[\w/]+\.(?:py|json)", PAGES[name]))
    assert [script for script in scripts if not (ROOT / script).is_file()] == []
    for link, anchor in re.findall(r"\]\(([\w./-]*?\.md)(?:#([\w-]+))?\)", PAGES[name]):
        target = ((ROOT / name).parent / link).resolve().relative_to(ROOT).as_posix()
        assert (ROOT / target).is_file(), link
        assert not anchor or anchor in _anchors(PAGES[target]), f"{link}#{anchor}"


def test_the_index_links_to_every_page():
    linked = set(re.findall(r"\]\((\w+\.md)\)", PAGES["docs/index.md"]))
    assert linked | {"index.md"} == {Path(name).name for name in GUIDE} - {"README.md"}


def test_ci_runs_the_commands_of_the_readme():
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    commands = [line for line in _commands(README) if line.startswith("pip install")]
    assert len(commands) == 2
    for command in commands:
        for part in command.split("&&"):
            assert part.strip().removeprefix("pip install") in ci


def test_the_readme_and_tox_install_the_same_extras():
    extras = re.search(r"^extras = (.*)$", (ROOT / "tox.ini").read_text(), flags=re.MULTILINE)
    assert f".[{extras[1].replace(', ', ',')}]" in README


@pytest.mark.parametrize("name", GUIDE)
def test_commands_name_subcommands_and_options_that_exist(name):
    typer = pytest.importorskip("typer")
    from sk_ser.cli import app

    commands = typer.main.get_command(app).commands
    for line in _commands(GUIDE[name]):
        for call in re.findall(r"sk-ser (\w[^|#&]*)", line):
            subcommand, *rest = call.split()
            options = {option for p in commands[subcommand].params for option in p.opts}
            used = {word.partition("=")[0] for word in rest if re.match(r"--?[a-z]", word)}
            assert used <= options, line


def test_the_page_of_names_is_complete():
    for extra in ("fastapi", "matplotlib", "skorch"):
        pytest.importorskip(extra)
    rows = re.findall(r"^\| `(sk_ser\.\w+)` \| (.*) \|$", PAGES["docs/api.md"], flags=re.MULTILINE)
    listed = {module: set(re.findall(r"`(\w+)`", names)) for module, names in rows}
    for module, names in listed.items():
        room = importlib.import_module(module)
        assert names == set(getattr(room, "__all__", names)), module
        assert [name for name in names if not hasattr(room, name)] == [], module
    public = {info.name for info in pkgutil.iter_modules(sk_ser.__path__) if info.name[0] != "_"}
    assert {f"sk_ser.{name}" for name in public - {"app", "cli"}} == set(listed)


@pytest.mark.parametrize("name", GUIDE)
def test_code_blocks_compile_and_their_imports_work(name):
    blocks = re.findall(r"```python\n(.*?)```", GUIDE[name], flags=re.DOTALL)
    for block in blocks:
        compile(block, name, "exec")
        imports = re.findall(r"^from .*?(?:\(.*?\)|$)", block, re.MULTILINE | re.DOTALL)
        imports += re.findall(r"^import .*$", block, re.MULTILINE)
        for extra in EXTRAS:
            if re.search(rf"^(?:from|import) {extra}\b", "\n".join(imports), re.MULTILINE):
                pytest.importorskip(extra)
        if "from sk_ser.neural" in block:
            pytest.importorskip("skorch")
        exec("\n".join(imports), {})
