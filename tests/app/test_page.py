"""The page as Streamlit runs it, without a browser."""

import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("streamlit")
pytest.importorskip("matplotlib")

import joblib
from sklearn.dummy import DummyClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from streamlit.testing.v1 import AppTest

import sk_ser
from sk_ser.audio import AUDIO_SUFFIXES
from sk_ser.features import make_front_end
from sk_ser.persistence import save


class MyClassifier(GaussianNB):
    """A class of the user's own."""


SCRIPT = Path(sk_ser.__file__).parent / "app" / "_page.py"


@pytest.fixture
def open_page(monkeypatch):
    """Open the page on a model, as sk-ser app does."""

    def open_page(model, max_mb=2, max_minutes=1, trusted=()):
        argv = [str(SCRIPT), str(model), str(max_mb), str(max_minutes), *trusted]
        monkeypatch.setattr(sys, "argv", argv)
        return AppTest.from_file(str(SCRIPT), default_timeout=60).run()

    return open_page


@pytest.fixture
def upload(recordings):
    def upload(page, name, as_name=None):
        content = (recordings / name).read_bytes()
        page.file_uploader[0].set_value((as_name or name, content, "audio/wav"))
        return page.run()

    return upload


def seen(page):
    """All text of a page."""
    assert not page.exception
    kinds = ("title", "subheader", "markdown", "caption", "error", "warning", "info")
    texts = [str(one.value) for kind in kinds for one in getattr(page, kind)]
    texts += [one.proto.body for one in page.get("html")]
    return "\n".join(texts).replace("\\", "").replace("\N{NO-BREAK SPACE}", " ")


def test_what_the_model_is_worth_stands_there_before_anything_is_asked(open_page, model_file):
    text = seen(open_page(model_file))
    assert "Trained on 36 recordings of 4 speakers" in text
    assert "Unseen speakers" in text
    assert "Random split" in text
    assert "interval" in text
    assert "Not intended for" in text


def test_a_recording_gets_its_emotion_and_a_confidence_for_each(open_page, upload, model_file):
    page = upload(open_page(model_file), "angry.wav")
    text = seen(page)
    assert "Most likely: anger" in text
    for emotion in ("anger", "neutral", "sadness"):
        assert f">{emotion}" in text
    assert page.get("audio")
    assert page.get("image") or page.get("imgs")
    assert not page.error


def test_a_set_is_shown_when_it_is_unsure(open_page, upload, trained, tmp_path):
    prediction_set = {"coverage": 0.9, "threshold": 0.0, "speakers": "unseen"}
    header = trained.header | {"prediction_set": prediction_set}
    page = upload(open_page(save(trained.model, tmp_path / "m.skops", header=header)), "angry.wav")
    (warning,) = page.warning
    assert "Unsure: anger" in seen(page)
    assert "among these in 90 % of cases" in warning.value


def test_a_long_recording_is_shown_over_time(open_page, upload, model_file):
    page = upload(open_page(model_file), "long.wav")
    text = seen(page)
    assert "Overall: " in text
    assert "Over time" in text
    assert len(page.get("vega_lite_chart")) == 1
    (table,) = page.dataframe
    assert "silence" in set(table.value["emotion"])
    assert len(page.get("download_button")) == 1


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("bad.wav", "cannot be decoded"),
        ("silent.wav", "silent"),
        ("short.wav", "too short"),
        ("too-long.flac", "too long: 70.0 s, and 60 s are allowed"),
        ("huge.wav", "too large: 3.0 MB, and 2 MB are allowed"),
    ],
)
def test_what_is_wrong_with_a_recording_is_said(open_page, upload, model_file, name, problem):
    page = upload(open_page(model_file), name)
    (error,) = page.error
    assert name in error.value.replace("\\", "")
    assert problem in error.value.replace("\\", "")
    assert not page.subheader
    assert str(model_file.parent) not in seen(page)
    assert "Most likely: anger" in seen(upload(page, "angry.wav")), "and the next one is heard"


def test_the_name_of_a_file_is_no_markup(open_page, upload, model_file):
    page = upload(open_page(model_file), "bad.wav", as_name="![x](http://a) **b** :red[c].wav")
    assert r"\!\[x\]\(http\://a\) \*\*b\*\* \:red\[c\].wav" in page.error[0].value


def test_a_voice_is_heard_from_the_microphone(open_page, recordings, model_file):
    page = open_page(model_file)
    if not hasattr(page, "audio_input"):
        pytest.skip("this Streamlit's AppTest cannot speak; the test in a browser does")
    page.radio[0].set_value("Microphone").run()
    assert not page.file_uploader
    content = (recordings / "angry.wav").read_bytes()
    page.audio_input[0].set_value(("audio.wav", content, "audio/wav")).run()
    assert "Most likely: anger" in seen(page)


def test_a_recording_is_heard_once_however_often_its_page_is_drawn(
    open_page, upload, model_file, monkeypatch
):
    import sk_ser.app._recording as recording

    heard = []
    real = recording.analyse
    monkeypatch.setattr(recording, "analyse", lambda *a, **k: heard.append(a[2]) or real(*a, **k))
    page = upload(open_page(model_file), "angry.wav").run().run()
    assert heard == ["angry.wav"]
    upload(page, "angry.flac")
    assert heard == ["angry.wav", "angry.flac"]


def test_what_a_file_does_not_say_is_said_to_be_not_known(open_page, upload, bare_file):
    page = open_page(bare_file)
    text = seen(page)
    assert "training data are not known" in text
    assert "scores on unseen speakers are not known" in text
    text = seen(upload(page, "long.wav"))
    assert "Overall: " in text
    assert "This model gives no confidence" in text
    assert "%" not in page.subheader[0].value


def test_a_header_of_someone_else_does_not_break_the_page(open_page, upload, trained, tmp_path):
    header = {"calibration": 1, "intended_use": 2, "limits": [3], "more": {"a": [None]}}
    page = open_page(save(trained.model, tmp_path / "m.skops", header=header))
    assert "not known" in seen(page)
    assert "Most likely: anger" in seen(upload(page, "angry.wav"))


@pytest.mark.filterwarnings("ignore::sk_ser.exceptions.ModelFileWarning")
def test_a_model_that_joblib_saved_is_heard_too(open_page, upload, trained, tmp_path):
    joblib.dump(trained.model, tmp_path / "model.joblib")
    page = upload(open_page(tmp_path / "model.joblib"), "angry.wav")
    text = seen(page)
    assert "Most likely: anger" in text
    assert "Whether the confidence is calibrated is not known" in text


def test_labels_may_be_numbers(open_page, upload, speech, tmp_path):
    numbers = {"anger": 0, "neutral": 1, "sadness": 2}
    model = make_pipeline(make_front_end(), GaussianNB())
    model.fit(speech.data, [numbers[name] for name in speech.target])
    page = upload(open_page(save(model, tmp_path / "m.skops")), "long.wav")
    assert page.subheader[0].value.startswith("Overall: ")
    assert ">0</th>" in seen(page)


@pytest.mark.parametrize("content", [None, b"", b"no model", b"PK\x03\x04 half of one"])
def test_a_model_that_cannot_be_used_is_said_so_plainly(open_page, tmp_path, content):
    path = tmp_path / "secret" / "broken.skops"
    path.parent.mkdir()
    if content is not None:
        path.write_bytes(content)
    page = open_page(path)
    (error,) = page.error
    assert "broken.skops cannot be used" in error.value.replace("\\", "")
    assert "secret" not in seen(page)
    assert not page.file_uploader


def test_a_model_that_takes_no_files_is_refused(open_page, tmp_path):
    model = DummyClassifier().fit(np.zeros((2, 1)), ["anger", "fear"])
    page = open_page(save(model, tmp_path / "m.skops"))
    assert "does not take files" in page.error[0].value


def test_a_model_with_a_type_of_ones_own_needs_its_name(open_page, upload, speech, tmp_path):
    model = make_pipeline(make_front_end(), MyClassifier()).fit(speech.data, speech.target)
    path = save(model, tmp_path / "m.skops", trusted=[MyClassifier])
    assert "not trusted" in open_page(path).error[0].value
    page = open_page(path, trusted=[f"{MyClassifier.__module__}.MyClassifier"])
    assert not page.error
    assert "Most likely: anger" in seen(upload(page, "angry.wav"))


def test_a_model_is_loaded_once_for_all(open_page, model_file, monkeypatch):
    import streamlit

    from sk_ser import persistence

    streamlit.cache_resource.clear()
    loaded = []
    real = persistence.load_model
    monkeypatch.setattr(
        persistence, "load_model", lambda path, **k: loaded.append(path) or real(path, **k)
    )
    open_page(model_file)
    open_page(model_file).run()
    assert len(loaded) == 1


def test_the_page_takes_what_the_decoder_takes(open_page, trained, tmp_path):
    page = open_page(save(trained.model, tmp_path / "m.skops"))
    (uploader,) = page.get("file_uploader")
    assert set(uploader.proto.type) >= set(AUDIO_SUFFIXES)
