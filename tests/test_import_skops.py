"""Importing skops does not import all that scikit-learn could be used with."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

CODE = """
import sys
from sk_ser._import_skops import import_skops
assert import_skops().dumps
print(*sys.modules)
"""


def loaded(code):
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_what_no_model_needs_is_not_loaded():
    modules = loaded(CODE)
    assert "skops.io" in modules
    assert modules.isdisjoint({"torch", "dask", "cupy"})


def test_without_it_it_would_be():
    # the day that this fails, the module is of no use any more
    if find_spec("torch") is None:
        pytest.skip("torch is not installed")
    assert "torch" in loaded("import sys, skops.io; print(*sys.modules)")


def test_what_was_hidden_can_be_imported_afterwards():
    if find_spec("torch") is None:
        pytest.skip("torch is not installed")
    assert "torch.nn" in loaded(CODE.replace("print", "import torch; print"))
