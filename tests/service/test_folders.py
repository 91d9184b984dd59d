"""Folders of killed services are deleted, and no others."""

import os
import subprocess
import sys
import tempfile

import pytest

from sk_ser.service._folders import make_folder


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture
def dead():
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_what_a_killed_service_left_is_deleted(tmp_path, dead):
    left = tmp_path / f"sk-ser-{dead}-abc" / "x"
    left.mkdir(parents=True)
    (left / "upload.wav").write_text("somebody's voice")
    folder = make_folder()
    assert not left.parent.exists()
    assert folder.is_dir()
    assert folder.name.startswith(f"sk-ser-{os.getpid()}-")


def test_folders_of_others_stay(tmp_path, dead):
    running = make_folder()
    names = ["sk-ser-notes-of-mine", "sk-ser-12", f"other-{dead}-x", f"sk-ser-{os.getppid()}-x"]
    for name in names:
        (tmp_path / name).mkdir()
    (tmp_path / f"sk-ser-{dead}-file").write_text("a file")
    (tmp_path / f"sk-ser-{dead}-link").symlink_to(tmp_path / names[0])
    before = {path.name for path in tmp_path.iterdir()}
    make_folder()
    assert before <= {path.name for path in tmp_path.iterdir()}
    assert running.is_dir()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_folders_of_another_user_stay(tmp_path, dead):
    left = tmp_path / f"sk-ser-{dead}-abc"
    left.mkdir()
    os.chown(left, 65_534, -1)
    make_folder()
    assert left.is_dir()
