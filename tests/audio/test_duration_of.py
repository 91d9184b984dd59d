"""How long a recording is, by its header."""

from fractions import Fraction

import numpy as np
import pytest
import soundfile as sf

from sk_ser.audio import duration_of


def test_the_duration_is_told_by_the_header(tmp_path):
    sf.write(tmp_path / "stereo.flac", np.zeros((21_000, 2)), 8_000, "PCM_24")
    assert duration_of(tmp_path / "stereo.flac") == 21_000 / 8_000


def test_what_libsndfile_cannot_read_has_a_header_too(tmp_path, make_tone):
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
    assert duration_of(path) == pytest.approx(3.0, abs=0.15)


def test_the_duration_of_an_unreadable_file_is_unknown(tmp_path):
    (tmp_path / "text.wav").write_text("not audio")
    assert duration_of(tmp_path / "text.wav") is None
    assert duration_of(tmp_path / "nowhere.wav") is None
