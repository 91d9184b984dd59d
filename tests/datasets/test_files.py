"""Which files of a folder are recordings."""

from pathlib import Path

import pytest

from sk_ser.datasets import list_recordings
from sk_ser.exceptions import CorpusError


@pytest.fixture
def folder(tmp_path):
    for name in ("b/2.WAV", "b/1.mp3", "a.flac", "notes.txt", ".hidden.wav", "__MACOSX/._a.wav"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def test_recordings_are_recognised_by_suffix_and_sorted(folder):
    found = list_recordings(folder)
    assert found == [folder / name for name in ("a.flac", "b/1.mp3", "b/2.WAV")]


def test_paths_begin_with_the_folder_as_it_was_given(folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert list_recordings("b") == [Path("b/1.mp3"), Path("b/2.WAV")]


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(CorpusError, match="nowhere"):
        list_recordings(tmp_path / "nowhere")
