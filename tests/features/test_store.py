"""What is kept: on disk for all processes, in memory within bounds, never a wrong result."""

import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from copy import copy

import joblib
import numpy as np
import pytest

from sk_ser._clipwise import run_steps
from sk_ser.audio import Clip
from sk_ser.features import MFCC, Chroma, Functionals, _store
from sk_ser.features._store import RECENT, ResultStore


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Keep no more than 1000 bytes."""
    monkeypatch.setattr(RECENT, "limit", 1_000)
    RECENT.clear()
    yield
    RECENT.clear()


def compute(store, key, clip):
    result = run_steps(store.steps, clip)
    store.write(key, result)
    return result


@pytest.fixture
def store(tmp_path):
    return ResultStore(tmp_path, [MFCC(), Functionals()])


def result(value):
    return np.full(75, value, np.float32)  # 300 bytes


def test_the_least_recently_used_goes_first(store):
    for key in "abc":
        store.remember(key, result(ord(key)))
    store.recall("a")
    store.remember("d", result(0))
    assert store.recall("b") is None
    assert [store.recall(key)[0] for key in "acd"] == [ord("a"), ord("c"), 0]
    assert RECENT.n_bytes == 900


def test_what_exceeds_the_limit_is_not_kept(store):
    store.remember("a", result(1))
    store.remember("b", np.zeros(1_000))
    assert store.recall("b") is None
    assert store.recall("a") is not None


def test_keeping_twice_counts_once(store):
    store.remember("a", result(1))
    store.remember("a", result(1))
    assert RECENT.n_bytes == 300


def test_what_is_kept_cannot_be_written_on(store):
    given = result(1)
    store.remember("a", given)
    given[:] = 0
    assert (store.recall("a") == 1).all()


def test_other_steps_folders_and_parameters_do_not_mix(tmp_path, store):
    store.remember("a", result(1))
    assert ResultStore(tmp_path, [MFCC(), Functionals()]).recall("a") is not None
    assert ResultStore(tmp_path, [MFCC(19), Functionals()]).recall("a") is None
    assert ResultStore(tmp_path, [Chroma(), Functionals()]).recall("a") is None
    assert ResultStore(tmp_path / "b", [MFCC(), Functionals()]).recall("a") is None


def test_another_version_of_the_package_computes_anew(tmp_path, store, monkeypatch):
    store.remember("a", result(1))
    monkeypatch.setattr(_store, "__version__", "999")
    assert ResultStore(tmp_path, [MFCC(), Functionals()]).recall("a") is None


def test_a_missing_file_has_no_key(store, tmp_path):
    assert store.key(str(tmp_path / "missing.wav")) is None


def test_items_of_every_kind_have_keys_of_their_own(store, tmp_path):
    (tmp_path / "a.wav").touch()
    items = [
        tmp_path / "a.wav", Clip(np.ones(4)), Clip(np.ones(4), 8_000), Clip(np.ones(5)),
        np.ones((2, 2)), np.ones((4, 1)),
    ]  # fmt: skip
    keys = [store.key(item) for item in items]
    assert len(set(keys)) == len(keys)
    assert store.key(str(tmp_path / "a.wav")) == keys[0]


# On disk


@pytest.fixture
def kept(tmp_path, make_tone):
    """A store that has computed one clip and forgotten it in memory."""
    store = ResultStore(tmp_path, [MFCC(2), Functionals()])
    clip = make_tone(440)
    with store:
        result = compute(store, store.key(clip), clip)
    return store, clip, result


def test_a_result_is_on_disk_for_the_next_process(kept, tmp_path):
    _, clip, result = kept
    with ResultStore(tmp_path, [MFCC(2), Functionals()]) as again:
        np.testing.assert_array_equal(again.recall(again.key(clip)), result)


def test_nothing_is_on_disk_for_others(kept, tmp_path):
    _, clip, _ = kept
    for steps in ([MFCC(3), Functionals()], [MFCC(2), Functionals(("std",))]):
        with ResultStore(tmp_path, steps) as other:
            assert other.recall(other.key(clip)) is None


def test_a_connection_does_not_travel(kept):
    store, clip, result = kept
    store.recall(store.key(clip))
    RECENT.clear()
    with store, pickle.loads(pickle.dumps(store)) as again, copy(store) as twin:
        for one in (again, twin):
            RECENT.clear()
            np.testing.assert_array_equal(one.recall(one.key(clip)), result)
            assert one.disk.connect() is not store.disk.connect()


def test_threads_share_it(kept, tmp_path, make_tone):
    store, *_ = kept

    def keep(number):
        with copy(store) as own:
            clip = make_tone(100 + number)
            computed = compute(own, own.key(clip), clip)
            own.flush()
            return computed, own.recall(own.key(clip))

    with ThreadPoolExecutor(8) as pool:
        for computed, recalled in pool.map(keep, range(40)):
            np.testing.assert_array_equal(computed, recalled)


def test_processes_that_begin_at_the_same_moment_share_it(tmp_path):
    code = (
        "import sys, time, numpy as np\n"
        "from sk_ser.features import MFCC, Functionals\n"
        "from sk_ser.features._store import ResultStore\n"
        "store = ResultStore(sys.argv[1], [MFCC(2), Functionals()])\n"
        "print(flush=True)\n"
        "sys.stdin.read()\n"
        "for number in range(50):\n"
        "    store.write((sys.argv[2], number), np.full(1_000, number, np.float32))\n"
        "    store.flush()\n"
    )
    command = [sys.executable, "-W", "error", "-c", code, tmp_path]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    processes = [subprocess.Popen([*command, name], **pipes) for name in "abc"]
    for process in processes:
        process.stdout.readline()
    for process in processes:
        process.stdin.close()
    for process in processes:
        with process:
            assert process.wait(60) == 0
    with ResultStore(tmp_path, [MFCC(2), Functionals()]) as store:
        for name in "abc":
            assert all(
                (store.disk.read(store.place((name, number))) == number).all()
                for number in range(50)
            )


def test_a_process_that_is_killed_while_it_writes_harms_nothing(kept, tmp_path):
    store, clip, result = kept
    code = (
        "import sys, numpy as np\n"
        "from sk_ser.features import MFCC, Functionals\n"
        "from sk_ser.features._store import ResultStore\n"
        "store = ResultStore(sys.argv[1], [MFCC(2), Functionals()])\n"
        "for number in range(10**6):\n"
        "    store.write((number,), np.full(100_000, number, np.float32))\n"
        "    store.flush()\n"
        "    print(number, flush=True)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, tmp_path], stdout=subprocess.PIPE)
    for _ in range(20):
        process.stdout.readline()
    process.kill()
    process.communicate()
    with store:
        for number in range(19):
            assert (store.recall((number,)) == number).all()
        np.testing.assert_array_equal(store.recall(store.key(clip)), result)
        compute(store, ("again",), clip)


def test_where_nothing_can_be_written_results_are_still_computed(tmp_path, make_tone):
    (tmp_path / "sk_ser").write_text("in the way of the folder")
    store = ResultStore(tmp_path, [MFCC(2), Functionals()])
    result = compute(store, store.key(make_tone(440)), make_tone(440))
    with pytest.warns(UserWarning, match=r"results cannot be cached"):
        store.flush()
    assert result.shape == (4,)


def test_a_full_disk_loses_nothing_but_time(kept):
    store, clip, result = kept
    with store:
        store.disk.connect().execute("PRAGMA max_page_count = 1")
        store.write("large", np.zeros(100_000, np.float32))
        with pytest.warns(
            UserWarning, match=r"results cannot be cached \(database or disk is full"
        ):
            store.flush()
        assert store.recall("large") is None
        np.testing.assert_array_equal(store.recall(store.key(clip)), result)


def test_a_joblib_memory_that_keeps_nothing_is_respected(make_tone):
    store = ResultStore(joblib.Memory(None), [MFCC(2), Functionals()])
    key = store.key(make_tone(440))
    store.remember(key, result(1))
    assert store.recall(key) is None
    assert compute(store, key, make_tone(440)).shape == (4,)
