"""Workers that crash, hang or cannot begin: what is answered, and who takes their place."""

import asyncio
import os
import signal
import threading
import time

import pytest
from sklearn.linear_model import LogisticRegression

from sk_ser.service import create_app
from sk_ser.service._app import Service
from tests.service.conftest import served

pytest.importorskip("fastapi")
pytest.importorskip("uvicorn")
pytest.importorskip("python_multipart")


@pytest.fixture(scope="module")
def frail_app(model_file):
    """A service of one worker, whose files may wait and take a second, and one may wait."""
    return create_app(model_file, max_concurrency=1, max_waiting=1, timeout=1.0)


@pytest.fixture(scope="module")
def frail(frail_app):
    with served(frail_app) as client:
        yield client


def pid_of(app):
    (pid,) = app.state.service.crew.pids
    return pid


def wait_until_well(client):
    """Wait until a worker has the model again; one that died while idle is replaced when asked."""
    for _ in range(200):
        if client.get("/health")[0] == 200 or client.predict(b"no audio")[0] == 422:
            return
        time.sleep(0.05)
    pytest.fail("no worker took the place")


def test_a_worker_that_died_while_idle_costs_no_answer(frail, frail_app, clip):
    before = pid_of(frail_app)
    os.kill(before, signal.SIGKILL)
    time.sleep(0.2)
    assert frail.predict(clip.read_bytes())[0] == 200
    assert pid_of(frail_app) != before


def test_a_file_that_a_worker_dies_of_is_told_so_and_the_next_is_answered(frail, frail_app, clip):
    wait_until_well(frail)
    pid = pid_of(frail_app)
    os.kill(pid, signal.SIGSTOP)
    # it dies while it is asked
    threading.Timer(0.3, os.kill, (pid, signal.SIGKILL)).start()
    status, _, answer = frail.predict(clip.read_bytes())
    assert (status, answer["error"]["code"]) == (503, "busy")
    assert "was replaced" in answer["error"]["message"]
    wait_until_well(frail)
    assert frail.predict(clip.read_bytes())[0] == 200


def test_health_reports_that_no_worker_runs(frail, frail_app):
    wait_until_well(frail)
    os.kill(pid_of(frail_app), signal.SIGKILL)
    time.sleep(0.2)
    status, _, answer = frail.get("/health")
    assert (status, answer["status"], answer["workers"]) == (503, "no worker", 0)


def test_a_worker_that_hangs_is_given_up_in_time_and_replaced(frail, frail_app, clip):
    wait_until_well(frail)
    n_replaced = frail.get("/health")[2]["replaced"]
    os.kill(pid_of(frail_app), signal.SIGSTOP)  # like a decoder that never ends
    start = time.perf_counter()
    status, _, answer = frail.predict(clip.read_bytes())
    assert time.perf_counter() - start < 5
    assert (status, answer["error"]["code"]) == (504, "timed_out")
    wait_until_well(frail)
    assert frail.get("/health")[2]["replaced"] == n_replaced + 1
    assert frail.predict(clip.read_bytes())[0] == 200


def test_more_than_may_wait_are_told_to_come_back(frail, frail_app, clip):
    wait_until_well(frail)
    os.kill(pid_of(frail_app), signal.SIGSTOP)
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(frail.predict(clip.read_bytes())))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    busy = [(headers, answer) for status, headers, answer in answers if status == 503]
    assert len(busy) >= 4
    for headers, answer in busy:
        assert int(headers["Retry-After"]) >= 1
        assert answer["error"]["code"] == "busy"
    wait_until_well(frail)


def test_a_model_that_takes_no_files_is_told_at_the_start():
    model = LogisticRegression().fit([[0.0], [1.0]], ["a", "b"])
    service = Service(model, (), 1, 10.0, 10.0)
    with pytest.raises(ValueError, match="does not take files"):
        asyncio.run(service.start())
    assert not service.folder.exists()


def test_a_model_may_be_given_itself(model, clip):
    with served(create_app(model, max_concurrency=1)) as client:
        status, _, answer = client.predict(clip.read_bytes())
    assert (status, answer["emotion"]) == (200, "anger")
    assert answer["prediction_set"] is None
