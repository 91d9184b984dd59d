"""What a worker says: no path of the server is in it."""

import pandas as pd
import pytest
import soundfile as sf

from sk_ser.service._worker import answer_of, without_paths


@pytest.mark.parametrize(
    "text, wanted",
    [
        ("/tmp/a/b.wav: cannot be decoded.", "the file: cannot be decoded."),
        ("[Errno 2] No such file: '/srv/models/secret.npy'", "[Errno 2] No such file: '…'"),
        ("see C:\\Users\\me\\x.wav now", "see … now"),
        ("Error in WAV/W64/RF64 file", "Error in WAV/W64/RF64 file"),
        ("silent: -80 dB of full scale", "silent: -80 dB of full scale"),
        ("1/2 of it", "1/2 of it"),
    ],
)
def test_paths_are_left_out_and_all_else_is_left(text, wanted):
    assert without_paths(text, "/tmp/a/b.wav", "the file") == wanted


def test_an_error_is_all_there_is_to_say():
    table = pd.DataFrame([{"path": "/tmp/x", "emotion": None, "a": 0.0, "error": "/tmp/x: bad"}])
    assert answer_of(table, ["a"]) == {"error": "the file: bad"}


def test_a_model_without_probabilities_has_none(clip):
    table = pd.DataFrame([{"path": str(clip), "emotion": "a", "error": None}])
    assert answer_of(table, ["a", "b"]) == {
        "emotion": "a",
        "probabilities": None,
        "prediction_set": None,
        "duration": sf.info(clip).duration,
    }


def test_duration_is_what_is_there_whatever_the_header_says(clip, tmp_path):
    content = bytearray(clip.read_bytes())[:-8_000]
    (tmp_path / "cut.wav").write_bytes(content)
    table = pd.DataFrame([{"path": str(tmp_path / "cut.wav"), "emotion": "a", "error": None}])
    assert answer_of(table, ["a"])["duration"] == pytest.approx(sf.info(clip).duration - 0.25)
