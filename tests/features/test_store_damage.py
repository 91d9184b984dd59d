"""Whatever happens to the cache: never a wrong feature, at worst one that is computed anew."""

import json
import os
import pickle
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from sk_ser.audio import Clip
from sk_ser.features import MFCC, Functionals, _cache_file, make_clip_pipeline
from sk_ser.features._cache_file import CacheFile
from sk_ser.features._store import RECENT, ResultStore

STEPS = [MFCC(4), Functionals()]
#: A worker that extracts clips with a cache, over and over, and holds the results to those without.
WORKER = """
import os, sys, warnings
import numpy as np
from sk_ser.audio import Clip
from sk_ser.features import MFCC, Functionals, _store, make_clip_pipeline
from sk_ser.features._store import RECENT, ResultStore

_store._BATCH = 4
folder, seed, n_rounds, on_warning, user = sys.argv[1:]
warnings.simplefilter(on_warning)
rng = np.random.default_rng(0)
clips = [Clip(rng.normal(size=2_000)) for _ in range(40)]
wanted = make_clip_pipeline(MFCC(4), Functionals()).transform(clips)
kept = make_clip_pipeline(MFCC(4), Functionals(), memory=folder)
rng = np.random.default_rng(int(seed))
if int(user):
    os.setgid(int(user))
    os.setuid(int(user))
print("ready", flush=True)
for _ in range(int(n_rounds)):
    RECENT.clear()
    order = rng.permutation(40)[: rng.integers(1, 40)]
    found = kept.transform([clips[i] for i in order])
    if not np.array_equal(found, wanted[order]):
        sys.exit("a wrong feature")
"""


@pytest.fixture(autouse=True)
def nothing_at_hand():
    """Neither what earlier tests have computed, nor what they could not lock."""
    forget()
    yield
    forget()


def forget():
    RECENT.clear()
    CacheFile.locked_at.clear()


@pytest.fixture(scope="module")
def clips():
    rng = np.random.default_rng(0)
    return [Clip(rng.normal(size=2_000)) for _ in range(40)]


@pytest.fixture(scope="module")
def truth(clips):
    return make_clip_pipeline(*STEPS).transform(clips)


@pytest.fixture
def file(tmp_path, clips):
    """A cache of all clips."""
    make_clip_pipeline(*STEPS, memory=tmp_path).transform(clips)
    forget()
    return tmp_path / "sk_ser" / "arrays.sqlite"


def read(store, clip):
    """Read the result of a clip from disk."""
    return store.disk.read(store.place(store.key(clip)))


def n_kept(folder, clips):
    """Count the clips whose result is on disk."""
    forget()
    with ResultStore(folder, STEPS) as store:
        return sum(read(store, clip) is not None for clip in clips)


def start(folder, seed, n_rounds, *, on_warning="error", user=0, **params):
    """Start a worker; of another user, if one is given by number."""
    command = [sys.executable, "-c", WORKER, folder, seed, n_rounds, on_warning, user]
    process = subprocess.Popen(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **params,
    )
    assert process.stdout.readline() == "ready\n", process.communicate()[1]
    return process


def end(process):
    """Wait for a worker that has found nothing wrong; return what it warned of."""
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return errors


# Several processes


def test_processes_on_one_cache_never_see_a_wrong_feature(tmp_path, clips):
    for process in [start(tmp_path, seed, 30) for seed in range(3)]:
        end(process)
    assert n_kept(tmp_path, clips) == 40


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill so")
def test_kill_9_in_the_middle_of_writing_beside_another_process(tmp_path, clips, truth):
    file = tmp_path / "sk_ser" / "arrays.sqlite"
    witness = start(tmp_path, 100, 10**6)
    rng = np.random.default_rng(0)
    for seed in range(5):
        victim = start(tmp_path, seed, 10**6)
        # an empty cache, so that there is something to write
        with sqlite3.connect(file, timeout=60) as database:
            database.execute("DELETE FROM results")
        database.close()
        time.sleep(rng.uniform(0, 0.05))
        os.kill(victim.pid, signal.SIGKILL)
        victim.communicate()
        np.testing.assert_array_equal(
            make_clip_pipeline(*STEPS, memory=tmp_path).transform(clips), truth
        )
        forget()
    assert witness.poll() is None, witness.communicate()[1]
    witness.kill()
    witness.communicate()
    with sqlite3.connect(file) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database.close()
    end(start(tmp_path, 0, 3))
    assert n_kept(tmp_path, clips) == 40


def test_threads_share_what_is_at_hand(tmp_path, clips, truth, monkeypatch):
    # room for three results, so that threads throw out what others look for
    monkeypatch.setattr(RECENT, "limit", 3 * truth[0].nbytes)

    def extract(seed):
        order = np.random.default_rng(seed).permutation(40)
        kept = make_clip_pipeline(*STEPS, memory=tmp_path)
        found = kept.transform([clips[i] for i in order])
        np.testing.assert_array_equal(found, truth[order])

    switch = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(extract, range(40)))
    finally:
        sys.setswitchinterval(switch)
    assert RECENT.n_bytes == 3 * truth[0].nbytes


# Damage


def overwrite(file, n_bytes, seed):
    """Put random bytes at random places."""
    rng = np.random.default_rng(seed)
    content = bytearray(file.read_bytes())
    for place in rng.integers(0, len(content), n_bytes):
        content[place] ^= rng.integers(1, 256)
    file.write_bytes(content)


@pytest.mark.parametrize("n_bytes", [1, 10, 1_000])
def test_flipped_bits_never_make_a_wrong_feature(file, clips, truth, n_bytes):
    whole = file.read_bytes()
    n_lost = 0
    for seed in range(40):
        file.write_bytes(whole)
        overwrite(file, n_bytes, seed)
        n_lost += n_kept_or_warned(file.parents[1], clips, truth) < 40
        extract_or_warn(file.parents[1], clips, truth)
    # the test must have hit something
    assert n_lost >= 5


def n_kept_or_warned(folder, clips, truth):
    """Count the results that are on disk, and hold each to the truth."""
    n_found = 0
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "memory: .* results cannot be cached")
        with ResultStore(folder, STEPS) as store:
            for clip, wanted in zip(clips, truth, strict=True):
                found = read(store, clip)
                if found is not None:
                    np.testing.assert_array_equal(found, wanted)
                    n_found += 1
    return n_found


def extract_or_warn(folder, clips, truth):
    forget()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "memory: .* results cannot be cached")
        found = make_clip_pipeline(*STEPS, memory=folder).transform(clips)
    np.testing.assert_array_equal(found, truth)


def test_each_flipped_bit_of_an_entry_is_noticed(file, clips, truth):
    with sqlite3.connect(file) as database:
        store = ResultStore(file.parents[1], STEPS)
        place = store.place(store.key(clips[0]))
        query = "SELECT content FROM results WHERE place = ?"
        (content,) = database.execute(query, [place]).fetchone()
        # each seventh, and so each bit of a byte in turn
        for bit in range(0, 8 * len(content), 7):
            flipped = bytearray(content)
            flipped[bit // 8] ^= 1 << bit % 8
            database.execute(
                "UPDATE results SET content = ? WHERE place = ?", [bytes(flipped), place]
            )
            database.commit()
            assert read(store, clips[0]) is None
    database.close()
    store.disk.close()
    extract_or_warn(file.parents[1], clips, truth)
    assert n_kept(file.parents[1], clips) == 40


@pytest.mark.parametrize("content", [None, 3, "text", b"", 1.5])
def test_an_entry_of_another_kind_is_computed_anew(file, clips, truth, content):
    with sqlite3.connect(file) as database:
        database.execute("UPDATE results SET content = ?", [content])
    database.close()
    assert n_kept(file.parents[1], clips) == 0
    extract_or_warn(file.parents[1], clips, truth)
    assert n_kept(file.parents[1], clips) == 40


def test_an_entry_in_another_ones_place_is_computed_anew(file, clips):
    store = ResultStore(file.parents[1], STEPS)
    first, second = (store.place(store.key(clip)) for clip in clips[:2])
    with sqlite3.connect(file) as database:
        database.execute("DELETE FROM results WHERE place = ?", [first])
        database.execute("UPDATE results SET place = ? WHERE place = ?", [first, second])
    database.close()
    assert n_kept(file.parents[1], clips) == 38


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.77, 0.99])
def test_a_truncated_file(file, clips, truth, share):
    os.truncate(file, int(share * file.stat().st_size))
    assert n_kept_or_warned(file.parents[1], clips, truth) < 40
    extract_or_warn(file.parents[1], clips, truth)
    extract_or_warn(file.parents[1], clips, truth)
    assert n_kept(file.parents[1], clips) == 40


class Attack:
    """Runs when it is unpickled."""

    def __reduce__(self):
        return os.mkdir, ("attacked",)


@pytest.mark.parametrize("protocol", [0, 2, 5])
def test_a_pickle_in_the_place_of_an_entry_is_not_loaded(
    file, clips, truth, tmp_path, monkeypatch, protocol
):
    monkeypatch.chdir(tmp_path)
    attack = pickle.dumps(Attack(), protocol)
    replace_entries(file, clips, {"header": attack.decode("latin-1"), "content": attack})
    assert n_kept(file.parents[1], clips) == 0
    extract_or_warn(file.parents[1], clips, truth)
    assert not (tmp_path / "attacked").exists()


def replace_entries(file, clips, values):
    """Replace columns of all entries, under a checksum that fits."""
    store = ResultStore(file.parents[1], STEPS)
    with sqlite3.connect(file) as database:
        for place in [store.place(store.key(clip)) for clip in clips]:
            query = "SELECT header, content FROM results WHERE place = ?"
            header, content = database.execute(query, [place]).fetchone()
            header, content = values.get("header", header), values.get("content", content)
            checksum = zlib.crc32(content, zlib.crc32(header.encode(), zlib.crc32(place)))
            row = [place, checksum, header, content]
            database.execute("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?)", row)
    database.close()


GOOD = {"class": "array", "dtype": "<f4", "shape": [8]}


@pytest.mark.parametrize(
    "header",
    [
        "", "[]", "null", "[" * 100_000, "{}",
        json.dumps(GOOD | {"class": "object"}),
        json.dumps(GOOD | {"dtype": "O"}),
        json.dumps(GOOD | {"dtype": "<f4,O"}),
        json.dumps(GOOD | {"dtype": [["a", "O"]]}),
        json.dumps(GOOD | {"shape": [10**18]}),
        json.dumps(GOOD | {"shape": [-1]}),
        json.dumps(GOOD | {"shape": [True]}),
        json.dumps(GOOD | {"shape": 8}),
        json.dumps(GOOD | {"class": "clip", "sampling_rate": 0}),
        json.dumps(GOOD | {"class": "clip", "sampling_rate": "16000"}),
        json.dumps(GOOD | {"class": "sequence", "names": 3, "frame_rate": None}),
        json.dumps(GOOD | {"class": "sequence", "names": None, "frame_rate": float("nan")}),
        json.dumps(GOOD | {"class": "sequence", "names": None, "frame_rate": 1, "level": [10**9]}),
    ],
    ids=lambda header: header[:60],
)  # fmt: skip
def test_a_description_of_no_array_is_computed_anew(file, clips, truth, header):
    replace_entries(file, clips, {"header": header})
    assert n_kept(file.parents[1], clips) == 0
    extract_or_warn(file.parents[1], clips, truth)
    assert n_kept(file.parents[1], clips) == 40


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER t AFTER INSERT ON results BEGIN DELETE FROM results; END",
        "CREATE TABLE other (a)",
        "CREATE VIEW v AS SELECT * FROM results",
    ],
)
def test_a_database_with_more_than_results_is_begun_anew(file, clips, truth, statement):
    with sqlite3.connect(file) as database:
        database.execute(statement)
    database.close()
    extract_or_warn(file.parents[1], clips, truth)
    extract_or_warn(file.parents[1], clips, truth)
    assert n_kept(file.parents[1], clips) == 40


def garbage(file):
    file.write_bytes(np.random.default_rng(0).bytes(100_000))


def another_database(file):
    file.unlink()
    with sqlite3.connect(file) as database:
        database.execute("CREATE TABLE results (a)")
    database.close()


@pytest.mark.parametrize("replace", [garbage, another_database])
def test_a_file_that_is_something_else_is_begun_anew(file, clips, truth, replace):
    replace(file)
    assert n_kept(file.parents[1], clips) == 0
    extract_or_warn(file.parents[1], clips, truth)
    assert n_kept(file.parents[1], clips) == 40


def test_a_foreign_journal_makes_no_wrong_feature(file, clips, truth):
    journal = file.with_name(file.name + "-journal")
    assert journal.exists()
    journal.write_bytes(np.random.default_rng(0).bytes(50_000))
    extract_or_warn(file.parents[1], clips, truth)


def test_a_file_that_is_replaced_under_an_open_connection(file, clips, truth):
    with ResultStore(file.parents[1], STEPS) as store:
        np.testing.assert_array_equal(read(store, clips[0]), truth[0])
        file.unlink()
        extract_or_warn(file.parents[1], clips[:20], truth[:20])
        for clip, wanted in zip(clips, truth, strict=True):
            found = read(store, clip)
            assert found is None or np.array_equal(found, wanted)
    assert n_kept(file.parents[1], clips) == 20


# No room, no right, no lock


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 256 KiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("only root can mount a disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_costs_time_only(small_disk, clips, truth):
    filler = small_disk / "filler"
    free = shutil.disk_usage(small_disk).free
    filler.write_bytes(bytes(free - 24 * 1024))
    with pytest.warns(UserWarning, match=r"results cannot be cached \(.*(full|I/O)"):
        found = make_clip_pipeline(*STEPS, memory=small_disk).transform(clips)
    np.testing.assert_array_equal(found, truth)
    assert "results cannot be cached" in end(start(small_disk, 0, 3, on_warning="always"))
    filler.unlink()
    extract_or_warn(small_disk, clips, truth)
    assert n_kept(small_disk, clips) == 40


def test_a_file_that_may_not_grow_costs_time_only(tmp_path, clips, truth):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (12_000, 12_000))

    errors = end(start(tmp_path, 0, 3, on_warning="always", preexec_fn=limit))
    assert "results cannot be cached" in errors
    extract_or_warn(tmp_path, clips, truth)
    assert n_kept(tmp_path, clips) == 40


NOBODY = 65_534
needs_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root acts for another user"
)


@pytest.mark.slow
@needs_root
def test_a_folder_of_another_user_is_neither_read_nor_written(clips):
    # other users cannot enter pytest's own folders
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        make_clip_pipeline(*STEPS, memory=folder).transform(clips)
        file = Path(folder) / "sk_ser" / "arrays.sqlite"
        before = file.read_bytes()
        os.chmod(file.parent, 0o755)
        errors = end(start(folder, 0, 3, on_warning="always", user=NOBODY))
        assert "results are not cached, since" in errors
        assert file.read_bytes() == before


@needs_root
@pytest.mark.parametrize("name", ["", "arrays.sqlite", "arrays.sqlite-journal"])
def test_what_another_user_owns_is_refused(file, clips, truth, name):
    os.chown(file.parent / name, NOBODY, -1)
    refuses(file, clips, truth, "belongs to another user")


@pytest.mark.parametrize("mode", [0o020, 0o002])
@pytest.mark.parametrize("name", ["", "arrays.sqlite"])
def test_what_others_may_write_to_is_refused(file, clips, truth, name, mode):
    path = file.parent / name
    path.chmod(path.stat().st_mode | mode)
    refuses(file, clips, truth, "can be written by other users")


def test_a_link_is_refused(file, clips, truth, tmp_path):
    elsewhere = file.rename(tmp_path / "elsewhere.sqlite")
    file.symlink_to(elsewhere)
    refuses(file, clips, truth, "is a link")


def refuses(file, clips, truth, reason):
    """Check that the features are right, and that the cache is neither read nor written."""
    before = file.read_bytes()
    forget()
    with pytest.warns(UserWarning, match=rf"not cached, since .*{reason}.* only you can write"):
        found = make_clip_pipeline(*STEPS, memory=file.parents[1]).transform(clips)
    np.testing.assert_array_equal(found, truth)
    assert file.read_bytes() == before


def test_a_cache_is_private_whatever_the_umask(tmp_path, clips):
    before = os.umask(0)
    try:
        make_clip_pipeline(*STEPS, memory=tmp_path / "cache").transform(clips)
    finally:
        os.umask(before)
    folder = tmp_path / "cache" / "sk_ser"
    modes = {path.name: path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())}
    assert modes == {"sk_ser": 0o700, "arrays.sqlite": 0o600, "arrays.sqlite-journal": 0o600}
    assert n_kept(tmp_path / "cache", clips) == 40


@pytest.mark.parametrize("lock", ["EXCLUSIVE", "IMMEDIATE"])
def test_a_lock_that_never_goes_is_waited_for_once(file, clips, truth, monkeypatch, lock):
    monkeypatch.setattr(_cache_file, "_LOCK_TIMEOUT", 0.3)
    database = sqlite3.connect(file, isolation_level=None)
    database.execute("DELETE FROM results")
    database.execute(f"BEGIN {lock}")
    kept = make_clip_pipeline(*STEPS, memory=file.parents[1])
    begin = time.monotonic()
    with pytest.warns(
        UserWarning, match=r"results cannot be cached \(database is locked\)"
    ) as told:
        np.testing.assert_array_equal(kept.transform(clips), truth)
    for _ in range(3):
        RECENT.clear()
        np.testing.assert_array_equal(kept.transform(clips), truth)
    assert time.monotonic() - begin < 3
    assert len(told) == 1
    database.execute("ROLLBACK")
    database.close()
    # after a rest, it is tried again
    monkeypatch.setattr(_cache_file, "_RETRY_AFTER", 0.0)
    RECENT.clear()
    kept.transform(clips)
    assert n_kept(file.parents[1], clips) == 40


def test_a_lock_that_goes_is_waited_for(file, clips, truth):
    database = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    database.execute("DELETE FROM results")
    database.execute("BEGIN EXCLUSIVE")
    unlock = threading.Timer(0.5, lambda: database.execute("ROLLBACK"))
    unlock.start()
    extract_or_warn(file.parents[1], clips, truth)
    unlock.join()
    database.close()
    assert n_kept(file.parents[1], clips) == 40
