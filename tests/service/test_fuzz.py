"""A slice of what `benchmarks/fuzz.py` does: whatever is wrong with a file, there is an answer."""

import importlib.util
import re
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from sk_ser.recognition import predict_files
from sk_ser.service import create_app
from tests.service.conftest import served

SEED, N = 1, 120
BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def mutants():
    spec = importlib.util.spec_from_file_location("_mutants", BENCHMARKS / "_mutants.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def originals(mutants, speech):
    return mutants.encode_all(np.asarray(speech.data[0]), 16_000)


@pytest.fixture(scope="module")
def damaged(mutants, originals):
    """Label, suffix and content of damaged files; 17 has no divisor in common with the rest."""
    return [mutants.mutant(originals, SEED, 17 * number) for number in range(N)]


def test_every_format_and_every_damage_is_in_it(mutants, originals):
    labels = [mutants.mutant(originals, 0, number)[0] for number in range(2_000)]
    assert len(set(labels)) == len(originals) * len(mutants.DAMAGES)


def test_a_seed_and_a_number_make_the_same_file(mutants, originals):
    for number in range(30):
        assert mutants.mutant(originals, 3, number) == mutants.mutant(originals, 3, number)
    contents = {mutants.mutant(originals, seed, 0)[2] for seed in range(5)}
    assert len(contents) > 1


def test_originals_are_heard_in_every_format(originals, model, tmp_path):
    paths = []
    for name, (suffix, content) in originals.items():
        paths.append(tmp_path / f"{name}{suffix}")
        paths[-1].write_bytes(content)
    (table,) = predict_files(model, paths)
    assert table["error"].tolist() == [None] * len(paths)
    assert (table["emotion"] == "anger").mean() > 0.8


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_predict_files_answers_whatever_is_damaged(damaged, model, tmp_path):
    paths = []
    for number, (_, suffix, content) in enumerate(damaged):
        paths.append(tmp_path / f"{number}{suffix}")
        paths[-1].write_bytes(content)
    answers, start = [], time.perf_counter()
    for table in predict_files(model, paths, batch_size=1, max_duration=10.0):
        assert time.perf_counter() - start < 5, damaged[len(answers)][0]
        answers.append((table["emotion"].iloc[0], table["error"].iloc[0]))
        start = time.perf_counter()
    for (label, *_), (emotion, error) in zip(damaged, answers, strict=True):
        assert (emotion is None) == (error is not None), label
        # a sentence about the file, not what some line of code ran into
        assert error is None or not re.match(r"\w+Error\b", error), (label, error)
    counts = Counter(error is None for _, error in answers)
    assert min(counts.values()) > N / 10, "all alike: the files are not what they should be"


def test_so_does_the_service_without_a_crash(damaged, client, app):
    folder = str(app.state.service.folder)
    for label, suffix, content in damaged:
        start = time.perf_counter()
        status, _, answer = client.predict(content, name=f"clip{suffix}")
        assert time.perf_counter() - start < 5, label
        assert status in (200, 413, 422), (label, answer)
        assert ("error" in answer) == (status != 200)
        assert folder not in str(answer), label
    health = client.get("/health")[2]
    assert (health["workers"], health["replaced"]) == (1, 0)


@pytest.mark.slow
def test_small_files_that_are_large_inside_are_refused_in_time(mutants, originals, model_file):
    with served(create_app(model_file, max_concurrency=1, max_bytes=2**25)) as client:
        for label, (suffix, content) in mutants.bombs(originals).items():
            start = time.perf_counter()
            status, _, answer = client.predict(content, name=f"clip{suffix}")
            assert time.perf_counter() - start < 5, label
            assert status in (200, 422), (label, answer)
        assert client.get("/health")[2]["replaced"] == 0
