"""What a worker answers: no path of the server is in it."""

import pytest
import soundfile as sf
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from sk_ser.audio import AudioLoader
from sk_ser.exceptions import AudioWarning
from sk_ser.features import MFCC, Functionals, make_clip_pipeline
from sk_ser.recognition import TrainedModel, predict_files
from sk_ser.service._worker import answer_of


def test_an_answer_is_what_predict_files_predicts(model, clip):
    trained = TrainedModel(model, {"prediction_set": {"threshold": 0.2}})
    (table,) = predict_files(trained, [clip])
    answer = answer_of(trained, str(clip), 10.0)
    assert answer["emotion"] == table["emotion"][0]
    assert answer["probabilities"] == {name: table[name][0] for name in model.classes_}
    assert answer["prediction_set"] == table["prediction_set"][0]
    assert answer["duration"] == sf.info(clip).duration


def test_an_error_is_the_whole_answer(model, tmp_path):
    path = tmp_path / "secret.wav"
    path.write_text("not audio")
    answer = answer_of(TrainedModel(model), str(path), 10.0)
    assert list(answer) == ["error"]
    assert answer["error"].startswith("cannot be decoded")
    assert "secret" not in answer["error"]


def test_an_error_of_a_step_names_its_class_only(model, speech, clip):
    def refuse(rows):
        raise RuntimeError("/srv/secret/weights.npy is missing")

    front_end = make_clip_pipeline(AudioLoader(), MFCC(3), Functionals())
    model = make_pipeline(front_end, GaussianNB()).fit(speech.data, speech.target)
    front_end.steps.append(("refuse", FunctionTransformer(refuse)))
    answer = answer_of(TrainedModel(model), str(clip), 10.0)
    assert answer == {"error": "the recording cannot be processed (RuntimeError)"}


def test_a_model_without_probabilities_has_none(speech, clip):
    front_end = make_clip_pipeline(AudioLoader(), MFCC(3), Functionals())
    model = make_pipeline(front_end, GaussianNB()).fit(speech.data, speech.target)
    trained = TrainedModel(model)
    trained.has_probabilities = False
    answer = answer_of(trained, str(clip), 10.0)
    assert answer["probabilities"] is answer["prediction_set"] is None
    assert answer["emotion"] in set(speech.target)


def test_duration_is_what_is_decoded_whatever_the_header_says(model, clip, tmp_path):
    (tmp_path / "cut.wav").write_bytes(clip.read_bytes()[:-8_000])
    with pytest.warns(AudioWarning, match="truncated"):
        answer = answer_of(TrainedModel(model), str(tmp_path / "cut.wav"), 10.0)
    assert answer["duration"] == pytest.approx(sf.info(clip).duration - 0.25)
