"""A slice of what `benchmarks/fuzz_models.py` does: a changed model loads or is refused."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from sk_ser.classifiers import make_svm
from sk_ser.exceptions import ModelFileError
from sk_ser.persistence import load, save

N = 60


@pytest.fixture(scope="module")
def mutate():
    path = Path(__file__).parents[2] / "benchmarks" / "_model_mutants.py"
    spec = importlib.util.spec_from_file_location("_model_mutants", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.mutate


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    x = np.random.default_rng(0).normal(size=(30, 3))
    model = make_svm().fit(x, np.tile(["anger", "joy", "sadness"], 10))
    return save(model, tmp_path_factory.mktemp("model") / "original.skops")


def test_a_changed_model_loads_or_is_refused_with_its_name(mutate, original, tmp_path):
    errors = []
    for number in range(N):
        changed = tmp_path / f"{number}.skops"
        mutate(original, changed, 7, number)
        try:
            load(changed)
        except ModelFileError as error:
            errors.append((changed.name, str(error)))
    assert len(errors) > N / 2
    assert all(name in error for name, error in errors)


def test_a_change_depends_on_seed_and_number_only(mutate, original, tmp_path):
    mutate(original, tmp_path / "a.skops", 7, 3)
    mutate(original, tmp_path / "b.skops", 7, 3)
    assert (tmp_path / "a.skops").read_bytes() == (tmp_path / "b.skops").read_bytes()
