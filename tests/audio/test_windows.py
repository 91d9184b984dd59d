"""A long recording, a window at a time."""

from fractions import Fraction

import numpy as np
import pytest
import soundfile as sf

from sk_ser.audio import decode, decode_windows, duration_of
from sk_ser.exceptions import AudioError


@pytest.fixture
def stereo(tmp_path, make_noise):
    samples = np.asarray(make_noise(42_000)).reshape(-1, 2)
    sf.write(tmp_path / "stereo.flac", samples, 8_000, "PCM_24")
    return tmp_path / "stereo.flac"


@pytest.mark.parametrize("hop", [1.0, 0.5, 0.3])
def test_windows_are_parts_of_the_whole(hop, stereo):
    whole, rate = decode(stereo)
    windows = list(decode_windows(stereo, window=1.0, hop=hop))
    for start, samples, window_rate in windows:
        begin = round(start * rate)
        assert window_rate == rate
        np.testing.assert_array_equal(samples, whole[begin : begin + rate])
    starts = [start for start, _, _ in windows]
    np.testing.assert_allclose(np.diff(starts), hop, atol=1e-3)


def test_the_rest_is_a_window_if_it_is_half_as_long_or_all_there_is(stereo):
    def lengths(window):
        return [len(samples) for _, samples, _ in decode_windows(stereo, window=window, hop=window)]

    # 21,000 samples at 8 kHz
    assert lengths(1.0) == [8_000, 8_000, 5_000]
    assert lengths(2.0) == [16_000]
    assert lengths(9.0) == [21_000]


def test_memory_holds_a_window_and_not_the_recording(stereo, monkeypatch):
    monkeypatch.setattr(
        "sk_ser.audio._windows.decode", lambda path: pytest.fail("decoded as a whole")
    )
    assert len(list(decode_windows(stereo, window=0.1, hop=0.1))) == 26


def test_what_libsndfile_cannot_read_is_decoded_whole(tmp_path, make_tone):
    av = pytest.importorskip("av")
    path = tmp_path / "tone.m4a"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=16_000, layout="mono")
        tone = np.asarray(make_tone(440, 3.0))[np.newaxis].astype(np.float32)
        frame = av.AudioFrame.from_ndarray(tone, format="fltp", layout="mono")
        frame.sample_rate = 16_000
        frame.time_base = Fraction(1, 16_000)
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    windows = list(decode_windows(path, window=1.0, hop=1.0))
    assert [start for start, _, _ in windows] == [0.0, 1.0, 2.0]
    assert duration_of(path) == pytest.approx(3.0, abs=0.15)


def test_what_cannot_be_read_is_an_error_that_names_it(tmp_path):
    (tmp_path / "text.wav").write_text("not audio")
    for name in ("text.wav", "nowhere.wav"):
        with pytest.raises(AudioError, match=name):
            list(decode_windows(tmp_path / name, window=1.0, hop=1.0))
        assert duration_of(tmp_path / name) is None


@pytest.mark.parametrize("window, hop", [(0, 1), (1, 0), (1, 2), ("1", 1), (float("nan"), 1)])
def test_lengths_out_of_range_are_refused_at_once(window, hop, stereo):
    with pytest.raises(ValueError, match=r"window=|hop="):
        decode_windows(stereo, window=window, hop=hop)


def test_the_duration_is_told_by_the_header(stereo):
    assert duration_of(stereo) == 21_000 / 8_000
