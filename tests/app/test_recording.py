"""From an upload to what is shown, or to a message that names no path of the server."""

import tempfile
from pathlib import Path

import pandas as pd
import pytest
import soundfile as sf

pytest.importorskip("matplotlib")

from sk_ser.app._recording import WINDOW, analyse
from sk_ser.exceptions import AudioError
from sk_ser.recognition import TrainedModel, emotion_over_time, predict_files


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """Where temporary files go."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def listen(trained, recordings, name, **limits):
    content = (recordings / name).read_bytes()
    model = TrainedModel(trained.model, trained.header)
    return analyse(model, content, name, **{"max_minutes": 1, **limits})


def test_it_is_decoded_once(trained, recordings, monkeypatch):
    once, decoded = sf.SoundFile.__init__, []
    monkeypatch.setattr(
        sf.SoundFile,
        "__init__",
        lambda self, *args, **kwargs: decoded.append(1) or once(self, *args, **kwargs),
    )
    listen(trained, recordings, "long.wav")
    # once for the header and once for the samples
    assert len(decoded) == 2


@pytest.mark.parametrize("name", ["angry.wav", "angry.flac", "angry.mp3"])
def test_it_says_what_sk_ser_predict_says(trained, recordings, temporary, name):
    found = listen(trained, recordings, name)
    model = TrainedModel(trained.model, trained.header)
    table = next(predict_files(model, [recordings / name]))
    assert found.emotion == table["emotion"][0] == "anger"
    assert found.proba == {c: table[c][0] for c in ("anger", "neutral", "sadness")}
    assert found.prediction_set == table["prediction_set"][0]
    assert found.over_time is None
    assert found.picture.startswith(b"\x89PNG")
    assert list(temporary.iterdir()) == [], "nothing is left on disk"


def test_a_long_recording_is_told_over_time(trained, recordings):
    found = listen(trained, recordings, "long.wav")
    table = emotion_over_time(trained.model, recordings / "long.wav", window=3, hop=1)
    pd.testing.assert_frame_equal(found.over_time.drop(columns="prediction_set"), table)
    starts = found.over_time["start"]
    assert starts.iloc[0] == 0
    assert found.over_time["end"].iloc[-1] == pytest.approx(found.duration, abs=WINDOW)
    assert found.over_time["error"].notna().any(), "its silence"
    assert set(found.over_time["emotion"].dropna()) <= {"anger", "neutral", "sadness"}


def test_a_very_long_one_has_no_more_windows_than_can_be_seen(trained, recordings):
    found = listen(trained, recordings, "long.wav", max_windows=10)
    assert len(found.over_time) <= 11
    assert found.over_time["end"].iloc[-1] == pytest.approx(found.duration, abs=WINDOW)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("bad.wav", "cannot be decoded"),
        ("empty.wav", "the file is empty"),
        ("silent.wav", "silent"),
        ("short.wav", "too short"),
        ("too-long.flac", "too long: 70.0 s, and 60 s are allowed"),
    ],
)
def test_what_is_wrong_is_said_without_a_path(trained, recordings, temporary, name, problem):
    with pytest.raises(AudioError, match=problem) as caught:
        listen(trained, recordings, name)
    assert str(temporary) not in str(caught.value)
    assert "on_error" not in str(caught.value)
    assert list(temporary.iterdir()) == [], "nothing is left on disk"


def test_the_name_of_an_upload_is_no_path_here(trained, recordings, temporary):
    content = (recordings / "angry.wav").read_bytes()
    for name in ("../../../etc/passwd.wav", "a/b.wav", "nul\0.wav", ".wav", "x" * 400 + ".wav", ""):
        found = analyse(TrainedModel(trained.model), content, name, max_minutes=1)
        assert found.emotion == "anger"
    assert list(Path(temporary).iterdir()) == []


def test_m4a_without_its_decoder_says_what_to_install(trained, monkeypatch):
    import builtins

    real = builtins.__import__

    def without_av(name, *args, **kwargs):
        if name == "av":
            raise ModuleNotFoundError("No module named 'av'", name="av")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without_av)
    with pytest.raises(AudioError, match=r"sk_ser\[m4a\]"):
        analyse(TrainedModel(trained.model), b"\0\0\0\x20ftypM4A " * 9, "a.m4a", max_minutes=1)


def test_m4a_is_heard(trained, speech, tmp_path):
    av = pytest.importorskip("av")
    path = tmp_path / "angry.m4a"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=16_000, layout="mono")
        samples = speech.data[list(speech.target).index("anger")][None].astype("float32")
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
        frame.sample_rate = 16_000
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    found = analyse(TrainedModel(trained.model), path.read_bytes(), path.name, max_minutes=1)
    assert found.emotion == "anger"
