"""A recording of any length, format and rate becomes a table."""

import numpy as np
import pytest
import soundfile as sf

from sk_ser.exceptions import AudioError
from sk_ser.streaming import StreamingPredictor, emotion_over_time


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".ogg"])
def test_it_tabulates_what_a_stream_gives(quick, stream, tmp_path, suffix):
    path = tmp_path / f"call{suffix}"
    sf.write(path, np.stack([stream, stream[::-1]], axis=1), 22_050)
    samples, rate = sf.read(path, dtype="float32")
    table = emotion_over_time(quick, path, window=1.0, hop=0.3, smoothing=0.5)
    predictor = StreamingPredictor(quick, 1.0, 0.3, sampling_rate=rate, smoothing=0.5)
    found = list(predictor.stream([samples]))
    assert table.columns.tolist() == ["start", "end", "emotion", *quick.classes_]
    assert table["emotion"].tolist() == [one.emotion for one in found]
    np.testing.assert_array_equal(table["end"], [one.end for one in found])
    np.testing.assert_array_equal(table[quick.classes_], [one.smoothed for one in found])


def test_the_last_row_ends_with_the_recording(quick, stream, tmp_path):
    sf.write(tmp_path / "a.wav", stream[:50_000], 16_000)
    table = emotion_over_time(quick, tmp_path / "a.wav", window=1.0, hop=0.5)
    assert table["end"].iloc[-1] == 50_000 / 16_000
    sf.write(tmp_path / "b.wav", stream[:5_000], 16_000)
    table = emotion_over_time(quick, tmp_path / "b.wav", window=1.0)
    assert table[["start", "end"]].to_numpy().tolist() == [[0.0, 0.3125]]


def test_a_sample_that_is_not_finite_costs_its_windows_only(quick, stream, tmp_path):
    broken = stream.copy()
    broken[:100] = np.nan
    sf.write(tmp_path / "a.wav", broken, 16_000, subtype="FLOAT")
    table = emotion_over_time(quick, tmp_path / "a.wav", window=1.0, hop=0.5)
    assert table["anger"].isna().tolist() == [True] + [False] * (len(table) - 1)
    assert table["emotion"].isna().tolist() == table["anger"].isna().tolist()


def test_a_file_that_cannot_be_read_is_named(quick, tmp_path):
    (tmp_path / "a.wav").write_bytes(b"no sound")
    with pytest.raises(AudioError, match=r"a\.wav: cannot be decoded"):
        emotion_over_time(quick, tmp_path / "a.wav")
