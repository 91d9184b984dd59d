"""Hashes follow from content, and not from paths, folders or order."""

import hashlib

import numpy as np
import pytest

from sk_ser._content import content_digest, corpus_sha256, recording_sha256


def test_a_digest_is_of_bytes_and_of_the_label():
    array = np.arange(6, dtype=np.float32)
    digest = content_digest(array)
    assert len(digest) == 16
    assert digest == content_digest(array.reshape(2, 3))
    assert digest != content_digest(array, "(2, 3)")
    assert digest != content_digest(array[::-1])


def test_a_view_has_the_digest_of_its_copy():
    array = np.arange(12, dtype=np.float32)[::2]
    assert content_digest(array) == content_digest(array.copy())


def test_a_file_has_the_hash_that_sha256sum_prints(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(b"RIFF")
    expected = hashlib.sha256(b"RIFF").hexdigest()
    assert recording_sha256(path) == recording_sha256(str(path)) == expected


def test_a_clip_is_hashed_as_little_endian_float32():
    clip = np.array([0.0, 1.0])
    expected = hashlib.sha256(clip.astype("<f4").tobytes()).hexdigest()
    assert recording_sha256(clip) == expected


def test_a_corpus_is_hashed_in_any_order_and_folder(tmp_path):
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir()
        for name in "ab":
            (tmp_path / folder / name).write_bytes(name.encode())
    paths = [tmp_path / "one" / name for name in "ab"]
    moved = [tmp_path / "other" / name for name in "ba"]
    hashed = corpus_sha256(paths, ["angry", "calm"])
    assert hashed == corpus_sha256(moved, ["calm", "angry"])
    assert hashed != corpus_sha256(paths, ["calm", "angry"])


def test_each_recording_has_one_label():
    with pytest.raises(ValueError, match="shorter"):
        corpus_sha256([np.zeros(2)], [])
