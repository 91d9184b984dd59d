"""Tasks that a dying worker took with it are done all the same."""

import os
import signal
import time

import joblib
import numpy as np
import pytest
from sklearn.model_selection import GridSearchCV

from sk_ser._parallel import count_workers, persist, run_in_order, run_tasks
from sk_ser.features import MFCC, Functionals, make_clip_pipeline

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill so")
BACKENDS = ["loky", "threading", "multiprocessing", "sequential"]


def double(number):
    return 2 * number


def die_once(number, fatal, folder):
    """Take the worker down at one of the tasks, the first time that it comes."""
    if number == fatal:
        try:
            (folder / "died").touch(exist_ok=False)
        except FileExistsError:
            return 2 * number
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.02)
    return 2 * number


def die(number):
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def fail(number):
    raise KeyError("of its own")


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("n_jobs", [None, 1, 2])
def test_every_task_is_done_once_on_every_backend(backend, n_jobs):
    with joblib.parallel_config(backend=backend):
        found = list(run_tasks(double, [(number,) for number in range(20)], n_jobs=n_jobs))
        ordered = run_in_order(double, [(number,) for number in range(20)], n_jobs=n_jobs)
    assert sorted(found) == [(number, 2 * number) for number in range(20)]
    assert ordered == [2 * number for number in range(20)]


def test_there_may_be_nothing_to_do():
    assert run_in_order(double, [], n_jobs=2) == []


def test_a_worker_that_is_killed_costs_time_only(tmp_path):
    tasks = [(number, 7, tmp_path) for number in range(20)]
    with pytest.warns(RuntimeWarning, match=r"A worker died \(TerminatedWorkerError\): \d+ tasks"):
        found = run_in_order(die_once, tasks, n_jobs=2)
    assert found == [2 * number for number in range(20)]


def test_what_is_done_is_not_done_again(tmp_path):
    tasks = [(number, 19, tmp_path) for number in range(20)]
    with pytest.warns(RuntimeWarning, match=r"A worker died .*: [1-9] tasks will be run again"):
        run_in_order(die_once, tasks, n_jobs=2)


@pytest.mark.slow
def test_a_task_that_kills_every_worker_ends_it_in_the_end():
    with (
        pytest.warns(RuntimeWarning, match="A worker died"),
        pytest.raises(joblib.externals.loky.process_executor.TerminatedWorkerError),
    ):
        run_in_order(die, [(number,) for number in range(6)], n_jobs=2)


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_a_task_that_fails_is_not_tried_again(n_jobs):
    with pytest.raises(KeyError, match="of its own"):
        run_in_order(fail, [(0,), (1,)], n_jobs=n_jobs)


class DieOnce(MFCC):
    """Descriptors that take the process down once: as a lack of memory might."""

    def __init__(self, folder=None):
        super().__init__(4)
        self.folder = folder

    def describe(self, frames):
        if self.folder and not (self.folder / "died").exists():
            (self.folder / "died").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().describe(frames)


def test_an_extraction_outlives_its_worker(tmp_path):
    rng = np.random.default_rng(0)
    clips = [rng.normal(size=2_000).astype(np.float32) for _ in range(30)]
    wanted = make_clip_pipeline(MFCC(4), Functionals()).transform(clips)
    mortal = make_clip_pipeline(DieOnce(tmp_path), Functionals(), n_jobs=2)
    with pytest.warns(RuntimeWarning, match="A worker died"):
        np.testing.assert_array_equal(mortal.transform(clips), wanted)


@pytest.mark.slow
def test_a_search_is_begun_again(tmp_path):
    from sklearn.svm import SVC

    class Mortal(SVC):
        def fit(self, X, y):
            if not (tmp_path / "died").exists():
                (tmp_path / "died").touch()
                os.kill(os.getpid(), signal.SIGKILL)
            return super().fit(X, y)

    X, y = np.random.default_rng(0).normal(size=(20, 2)), [0, 1] * 10
    search = GridSearchCV(Mortal(), {"C": [1.0, 2.0]}, cv=2, n_jobs=2)
    with pytest.warns(RuntimeWarning, match="all of it will be run again"):
        persist(search.fit, X, y)
    assert len(search.cv_results_["params"]) == 2


def test_what_fails_for_itself_is_not_begun_again():
    with pytest.raises(KeyError, match="of its own"):
        persist(fail, 0)


def test_workers_are_counted_as_joblib_does():
    assert [count_workers(n_jobs) for n_jobs in (None, 1, 3)] == [1, 1, 3]
