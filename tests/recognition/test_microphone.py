"""A microphone yields chunks until it is closed; a stub module replaces sounddevice."""

import sys
import threading
import types

import numpy as np
import pytest

from sk_ser.exceptions import AudioWarning
from sk_ser.recognition import StreamingPredictor, microphone


class PortAudioError(Exception):
    pass


class FakeStream:
    """A sound card that delivers numbered chunks from a thread of its own, as a real one does."""

    is_open = False
    has_played_all = threading.Event()
    overflow_at = None
    n_chunks = 1_000

    def __init__(self, *, samplerate, channels, device, dtype, blocksize, callback):
        if device == "none":
            raise PortAudioError("Invalid device")
        assert dtype == "float32"
        self.shape, self.callback = (blocksize, channels), callback

    def __enter__(self):
        FakeStream.is_open = True
        self.has_played_all.clear()
        self.thread = threading.Thread(target=self.play)
        self.thread.start()

    def __exit__(self, *exception):
        FakeStream.is_open = False
        self.thread.join()

    def play(self):
        buffer = np.empty(self.shape, np.float32)
        for number in range(self.n_chunks):
            if not FakeStream.is_open:
                return
            # the same memory each time, as PortAudio's is
            buffer[:] = number / 1_000
            status = types.SimpleNamespace(input_overflow=number == self.overflow_at)
            self.callback(buffer, len(buffer), None, status)
        self.has_played_all.set()


@pytest.fixture
def sound_card(monkeypatch):
    module = types.ModuleType("sounddevice")
    module.InputStream, module.PortAudioError = FakeStream, PortAudioError
    monkeypatch.setitem(sys.modules, "sounddevice", module)
    return FakeStream


def test_it_yields_chunk_after_chunk_and_closes_when_left(sound_card):
    chunks = microphone(8_000, seconds=0.05, channels=2, buffer=1e6)
    found = [next(chunks) for _ in range(5)]
    assert sound_card.is_open
    chunks.close()
    assert not sound_card.is_open
    assert [chunk.shape for chunk in found] == [(400, 2)] * 5
    np.testing.assert_allclose([chunk[0, 0] for chunk in found], np.arange(5) / 1_000)


def test_a_predictor_listens_to_it(sound_card, quick):
    predictions = StreamingPredictor(quick, 1.0, 0.5).stream(microphone(buffer=1e6))
    assert [next(predictions).end for _ in range(3)] == [1.0, 1.5, 2.0]
    predictions.close()


def test_lost_samples_are_told_of(sound_card, monkeypatch):
    monkeypatch.setattr(sound_card, "overflow_at", 1)
    chunks = microphone(buffer=1e6)
    with pytest.warns(AudioWarning, match=r"samples were lost in the sound card"):
        [next(chunks) for _ in range(10)]
    chunks.close()


def test_a_full_queue_does_not_grow(sound_card):
    chunks = microphone(seconds=0.1, buffer=0.3)
    next(chunks)
    assert sound_card.has_played_all.wait(30)
    with pytest.warns(AudioWarning, match=r"samples were lost in the queue"):
        assert len([next(chunks) for _ in range(2)]) == 2
    chunks.close()


def test_a_microphone_that_is_not_there_is_named(sound_card):
    with pytest.raises(OSError, match=r"device='none' cannot record.*python -m sounddevice"):
        next(microphone(device="none"))


def test_chunks_of_no_length_are_refused(sound_card):
    with pytest.raises(ValueError, match=r"seconds=0 must be > 0 s"):
        next(microphone(seconds=0))


def test_without_sounddevice_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(ImportError, match=r"sk_ser\[microphone\]"):
        next(microphone())


def test_without_portaudio_the_library_is_named(monkeypatch, tmp_path):
    (tmp_path / "sounddevice.py").write_text("raise OSError('PortAudio library not found')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    with pytest.raises(OSError, match=r"PortAudio library not found. Install.*libportaudio2"):
        next(microphone())
