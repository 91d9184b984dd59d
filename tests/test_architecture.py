"""The arrows between rooms point one way, and importing costs no more than it must."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import sk_ser

ROOT = Path(sk_ser.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))

#: What each room may know of the package, beside itself, `exceptions` and the modules at its root
#: that begin with an underscore.
MAY_IMPORT = {
    "audio": set(),
    "datasets": {"audio"},
    "features": {"audio"},
    "augmentation": {"audio"},
    "classifiers": set(),
    "neural": {"augmentation", "baselines", "model_selection"},
    "baselines": {"model_selection"},
    "model_selection": set(),
    "duplicates": {"audio"},
    "leakage": {"audio", "duplicates", "model_selection", "reports"},
    "reports": {"inspection", "model_selection", "persistence"},
    "recognition": {"audio", "features", "model_selection"},
    "inspection": {"model_selection", "audio", "features"},
    "service": {"audio", "persistence", "recognition", "reports"},
    "persistence": {"audio", "model_selection", "recognition"},
    "training": {"baselines", "datasets", "model_selection", "persistence"},
}
#: Rooms that no other room may import.
ENTRANCES = {"cli", "app", "service", "__main__"}
OPTIONAL = [
    "torch",
    "librosa",
    "matplotlib",
    "xgboost",
    "skorch",
    "skops",
    "optuna",
    "av",
    "mapie",
    "sounddevice",
    "distributed",
    "ray",
    "fastapi",
    "streamlit",
]


def imports_of(path):
    """List the absolute names of what a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def rooms_imported_by(path):
    """Name the rooms, and the public modules beside them, that a module imports."""
    names = (name.split(".") for name in imports_of(path))
    found = {parts[1] for parts in names if parts[0] == "sk_ser" and len(parts) > 1}
    return {name for name in found if (ROOT / name).is_dir() or (ROOT / f"{name}.py").is_file()}


def room_of(path):
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_knows_only_those_below_it(room):
    allowed = MAY_IMPORT[room] | {room, "exceptions"}
    for path in (ROOT / room).rglob("*.py"):
        strangers = {name for name in rooms_imported_by(path) - allowed if name[0] != "_"}
        assert not strangers, f"{path.relative_to(ROOT)} imports {sorted(strangers)}"


def test_every_room_has_its_arrows():
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - ENTRANCES
    assert rooms <= set(MAY_IMPORT), "say in MAY_IMPORT what the new room may know"


def test_what_all_rooms_share_knows_none_of_them():
    # __init__ is what a user enters by, and no room's to import
    for path in {*ROOT.glob("_[!_]*.py"), ROOT / "exceptions.py"}:
        public = {name for name in rooms_imported_by(path) if name[0] != "_"}
        assert public <= {"exceptions"}, f"{path.name} imports {sorted(public)}"


def test_no_room_imports_the_entrances():
    for path in MODULES:
        if room_of(path) not in ENTRANCES:
            entered = rooms_imported_by(path) & ENTRANCES
            assert not entered, f"{path.relative_to(ROOT)} imports {sorted(entered)}"


def test_rooms_are_entered_by_their_front_door():
    for path in MODULES:
        for name in imports_of(path):
            parts = name.split(".")
            private = parts[0] == "sk_ser" and len(parts) > 2 and parts[2].startswith("_")
            if private and parts[1] in MAY_IMPORT and parts[1] != room_of(path):
                raise AssertionError(f"{path.relative_to(ROOT)} imports {name}")


def test_no_module_is_imported_from_tests_or_benchmarks():
    for path in MODULES:
        outside = {name.split(".")[0] for name in imports_of(path)} & {"tests", "benchmarks"}
        assert not outside, path


def loaded_by(code):
    """Name the modules that a new process holds after running code."""
    process = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"{code}; import sys; print(*sys.modules)"],
        env={key: value for key, value in os.environ.items() if key != "SCIPY_ARRAY_API"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return set(process.stdout.split())


@pytest.mark.parametrize("rooms", [[], sorted(set(MAY_IMPORT) - {"neural"})], ids=["none", "all"])
def test_importing_loads_nothing_optional(rooms):
    # the neural room is for those who have its extra
    names = ["sk_ser", *(f"sk_ser.{room}" for room in rooms if (ROOT / room).is_dir())]
    assert loaded_by(f"import {', '.join(names)}").isdisjoint(OPTIONAL)
