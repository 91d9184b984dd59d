"""Chunks laid end to end are the whole recording, whatever its format."""

import numpy as np
import pytest
import soundfile as sf

from sk_ser.audio import decode, decode_chunks
from sk_ser.exceptions import AudioError


@pytest.fixture
def stereo():
    return np.random.default_rng(0).normal(scale=0.1, size=(30_000, 2))


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".ogg", ".mp3", ".aiff"])
@pytest.mark.parametrize("seconds", [0.01, 0.7, 100])
def test_chunks_make_up_the_file(tmp_path, stereo, suffix, seconds):
    path = tmp_path / f"a{suffix}"
    sf.write(path, stereo, 16_000)
    chunks, rate = decode_chunks(path, seconds)
    chunks = list(chunks)
    samples, wanted_rate = decode(path)
    assert rate == wanted_rate
    # libsndfile's MP3 decoder rounds otherwise after each read
    tolerance = 1e-6 if suffix == ".mp3" else 0
    np.testing.assert_allclose(np.concatenate(chunks), samples, rtol=0, atol=tolerance)
    assert {len(chunk) for chunk in chunks[:-1]} <= {round(seconds * 16_000)}
    assert chunks[0].dtype == np.float32


def test_what_only_pyav_reads_comes_in_chunks_too(tmp_path, stereo):
    av = pytest.importorskip("av")
    path = tmp_path / "a.m4a"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("aac", rate=16_000, layout="stereo")
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(stereo.T.astype(np.float32)), format="fltp", layout="stereo"
        )
        frame.sample_rate = 16_000
        file.mux([*stream.encode(frame), *stream.encode(None)])
    chunks, rate = decode_chunks(path, 0.5)
    assert rate == 16_000
    np.testing.assert_array_equal(np.concatenate(list(chunks)), decode(path)[0])


def test_samples_that_are_not_finite_are_handed_on(tmp_path):
    sf.write(tmp_path / "a.wav", np.array([0.0, np.nan, np.inf]), 8_000, subtype="FLOAT")
    (chunk,) = decode_chunks(tmp_path / "a.wav")[0]
    np.testing.assert_array_equal(chunk[:, 0], [0, np.nan, np.inf])


@pytest.mark.parametrize(
    "content, message",
    [(None, "no such file"), (b"", "the file is empty"), (b"no sound", "cannot be decoded")],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path, content, message):
    path = tmp_path / "a.wav"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(AudioError, match=rf"a\.wav: {message}"):
        decode_chunks(path)


def test_a_file_without_samples_is_named(tmp_path):
    sf.write(tmp_path / "a.wav", np.zeros(0), 8_000)
    with pytest.raises(AudioError, match=r"a\.wav: no samples"):
        decode_chunks(tmp_path / "a.wav")


def test_chunks_of_no_length_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"seconds=0 must be > 0 s"):
        decode_chunks(tmp_path / "a.wav", seconds=0)


def test_a_file_that_breaks_off_says_where(tmp_path, stereo):
    path = tmp_path / "a.flac"
    sf.write(path, stereo, 16_000)
    content = bytearray(path.read_bytes())
    content[len(content) // 2 :] = b"\xff" * (len(content) - len(content) // 2)
    path.write_bytes(content)
    with pytest.raises(AudioError, match=r"a\.flac: cannot be decoded"):
        list(decode_chunks(path)[0])


@pytest.mark.parametrize("mono", ["mix", 1])
def test_one_channel_is_that_of_the_whole(tmp_path, stereo, mono):
    sf.write(tmp_path / "a.wav", stereo, 16_000, "FLOAT")
    chunks, _ = decode_chunks(tmp_path / "a.wav", 0.3, mono=mono)
    whole, _ = decode(tmp_path / "a.wav", mono=mono)
    np.testing.assert_array_equal(np.concatenate(list(chunks)), whole)


def test_a_channel_that_is_not_there_is_named(tmp_path, stereo):
    sf.write(tmp_path / "a.wav", stereo, 16_000)
    chunks, _ = decode_chunks(tmp_path / "a.wav", mono=2)
    with pytest.raises(AudioError, match=r"a\.wav: no channel 2, as mono=2 asks: there are 2"):
        next(chunks)
