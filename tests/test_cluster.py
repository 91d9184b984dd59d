"""Beyond one machine nothing changes but where it runs."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import joblib
import numpy as np
import pytest
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold, cross_val_score
from sklearn.svm import SVC

from sk_ser._parallel import count_workers, persist, run_in_order
from sk_ser.classifiers import make_svm
from sk_ser.datasets import make_emotional_speech
from sk_ser.features import MFCC, Functionals, make_clip_pipeline
from sk_ser.model_selection import compare_protocols, uar_scorer

distributed = pytest.importorskip("distributed")

pytestmark = [
    # of libraries that Dask uses, and of clips that travel with their tasks
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Sending large graph"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
EXAMPLE = Path(__file__).parents[1] / "examples" / "on_a_cluster.py"
FOLDS = StratifiedGroupKFold(3)


@pytest.fixture(scope="module")
def speech():
    return make_emotional_speech(4, 4, ("anger", "neutral", "sadness"), random_state=0)


@pytest.fixture(scope="module")
def client():
    """A cluster of two processes of one thread each."""
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@pytest.fixture
def dask(client):
    client.wait_for_workers(2, timeout=60)
    with joblib.parallel_config(backend="dask"):
        yield client


def front_end(memory=None):
    return make_clip_pipeline(MFCC(8), Functionals(), memory=memory)


def search(speech, memory=None):
    grid = {"svc__C": [0.1, 1.0], "clippipeline__mfcc__n_mfcc": [6, 8]}
    found = GridSearchCV(make_svm(front_end(memory)), grid, cv=FOLDS, scoring=uar_scorer)
    return found.fit(speech.data, speech.target, groups=speech.groups)


def compare(speech):
    found = compare_protocols(
        {"svm": make_svm(front_end())}, speech.data, speech.target, groups=speech.groups,
        n_splits=3, random_state=0,
    )  # fmt: skip
    return found.predictions


@pytest.fixture(scope="module")
def here(speech):
    """What one process finds."""
    return {
        "vectors": front_end().transform(speech.data),
        "search": search(speech).cv_results_["mean_test_score"],
        "compare": compare(speech),
    }


def test_extraction_gives_the_same(dask, speech, here, tmp_path):
    np.testing.assert_array_equal(front_end().transform(speech.data), here["vectors"])
    kept = front_end(tmp_path)
    np.testing.assert_array_equal(kept.transform(speech.data), here["vectors"])
    np.testing.assert_array_equal(kept.transform(speech.data), here["vectors"])


def test_cross_validation_gives_the_same(dask, speech):
    def score():
        return cross_val_score(
            make_svm(front_end()), speech.data, speech.target,
            groups=speech.groups, cv=FOLDS, scoring=uar_scorer,
        )  # fmt: skip

    there = score()
    with joblib.parallel_config(backend="sequential"):
        np.testing.assert_array_equal(score(), there)


@pytest.mark.parametrize("is_kept", [False, True])
def test_a_search_gives_the_same(dask, speech, here, tmp_path, is_kept):
    found = search(speech, tmp_path if is_kept else None)
    np.testing.assert_array_equal(found.cv_results_["mean_test_score"], here["search"])


def test_protocols_give_the_same(dask, speech, here):
    assert compare(speech).equals(here["compare"])


def test_a_task_of_a_worker_gives_nothing_out_again(dask, speech):
    assert count_workers(None) == 2
    assert dask.submit(count_workers, None).result() == 1
    assert run_in_order(inner_backend, [(), ()], n_jobs=None) == ["SequentialBackend"] * 2


def inner_backend():
    return type(joblib.parallel.get_active_backend()[0]).__name__


# A worker dies


def sum_slowly(array, fatal, folder):
    if fatal and not (folder / "died").exists():
        (folder / "died").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return float(array.sum())


def test_a_task_carries_its_arrays_so_that_dask_can_give_it_out_again(dask, tmp_path):
    """An argument of more than 1 kB joblib would put on one worker, to be lost with it."""
    tasks = [(np.full(5_000, float(number)), number == 5, tmp_path) for number in range(12)]
    found = run_in_order(sum_slowly, tasks, n_jobs=2)
    assert (tmp_path / "died").exists()
    assert found == [5_000.0 * number for number in range(12)]


class Mortal(SVC):
    """A machine that takes its worker down once."""

    def __init__(self, folder=None, C=1.0):
        super().__init__(C=C)
        self.folder = folder

    def fit(self, X, y):
        if not (self.folder / "died").exists():
            (self.folder / "died").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().fit(X, y)


@pytest.mark.filterwarnings("ignore:A worker died")
def test_a_search_whose_arrays_are_lost_is_begun_again(dask, tmp_path):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(400, 5)), np.tile([0, 1], 200)
    grid = {"C": [0.1, 1.0, 10.0]}
    found = GridSearchCV(Mortal(tmp_path), grid, cv=3)
    persist(found.fit, X, y)
    with joblib.parallel_config(backend="sequential"):
        wanted = GridSearchCV(SVC(), grid, cv=3).fit(X, y)
    np.testing.assert_array_equal(
        found.cv_results_["mean_test_score"], wanted.cv_results_["mean_test_score"]
    )


@pytest.mark.parametrize(
    "error",
    [
        distributed.client.FutureCancelledError("key", "scheduler-connection-lost"),
        distributed.KilledWorker("task", None, 3),
    ],
)
def test_what_dask_says_of_a_dead_worker_is_known(error):
    errors = [error]

    def work():
        if errors:
            raise errors.pop()
        return "done"

    with pytest.warns(RuntimeWarning, match=f"A worker died .{type(error).__name__}"):
        assert persist(work) == "done"


@pytest.mark.slow
@pytest.mark.parametrize("after", [0.05, 0.3, 0.8])
@pytest.mark.filterwarnings("ignore:A worker died")
def test_protocols_outlive_a_worker(dask, speech, here, after):
    process = next(iter(dask.run(os.getpid).values()))
    killer = threading.Timer(after, os.kill, [process, signal.SIGKILL])
    killer.start()
    assert compare(speech).equals(here["compare"])
    killer.join()


@pytest.mark.slow
def test_the_example_gives_the_same_numbers_though_a_worker_is_killed(tmp_path):
    found = {}
    for name, options in {"whole": [], "killed": ["--kill"]}.items():
        out = tmp_path / name
        command = [sys.executable, str(EXAMPLE), "--out", str(out), *options]
        process = subprocess.run(command, capture_output=True, text=True, timeout=300)
        assert process.returncode == 0, process.stderr
        assert ("killing the worker" in process.stdout) == (name == "killed")
        table = json.loads((out / "results.json").read_text())["corpora"]["synthetic"]
        found[name] = table["tuned"], without_seconds(table["comparison"])
    assert found["whole"] == found["killed"]


def without_seconds(comparison):
    """Drop how long fits took, which no two runs have in common."""
    text = json.dumps(comparison)
    dropped = json.loads(text, object_hook=lambda d: {k: d[k] for k in d if "seconds" not in k})
    return json.dumps(dropped, sort_keys=True)


@pytest.mark.slow
def test_ray_runs_it_unchanged(speech, here):
    ray = pytest.importorskip("ray")
    pytest.importorskip("ray.util.joblib").register_ray()
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        with joblib.parallel_config(backend="ray", n_jobs=2):
            vectors = make_clip_pipeline(MFCC(8), Functionals(), n_jobs=2).transform(speech.data)
            np.testing.assert_array_equal(vectors, here["vectors"])
            scores = search(speech).cv_results_["mean_test_score"]
            np.testing.assert_array_equal(scores, here["search"])
            assert compare(speech).equals(here["compare"])
    finally:
        ray.shutdown()
