"""One model, asked three ways: by file, by window of a file, and by stream."""

import copy
import pickle

import numpy as np
import pandas as pd
import pytest
import soundfile as sf
from sklearn.ensemble import VotingClassifier
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from sk_ser.audio import AudioLoader, Clip
from sk_ser.classifiers import make_svm
from sk_ser.exceptions import AudioError
from sk_ser.features import MFCC, Functionals, make_clip_pipeline
from sk_ser.recognition import (
    Prediction,
    StreamingPredictor,
    TrainedModel,
    emotion_over_time,
    predict_files,
)

RATE = 16_000


def three_ways(model, samples, folder, rate=RATE):
    """Predict one second of sound as a file, a window and a stream; (probabilities, problem)."""
    model, path = TrainedModel.wrap(model), folder / "sound.wav"
    sf.write(path, samples, rate, subtype="FLOAT")
    tables = [
        pd.concat(predict_files(model, [path])),
        emotion_over_time(model, path, window=1, hop=1),
    ]
    for table in tables:
        (row,) = table.to_dict("records")
        yield np.array([row[name] for name in model.classes_]), row["error"]
    edges = np.cumsum([1, 0, 777, 3, 4_001])
    chunks = np.split(samples, edges)
    (one,) = StreamingPredictor(model, 1.0, 1.0, sampling_rate=rate).stream(chunks)
    yield one.probabilities, one.problem


def agree(answers):
    (first, problem), *others = answers
    for other, other_problem in others:
        np.testing.assert_array_equal(other, first)
        assert other_problem == problem
    return first, problem


@pytest.mark.parametrize("rate", [16_000, 44_100])
def test_a_file_its_window_and_its_stream_have_the_same_probabilities(svm, stream, tmp_path, rate):
    found, problem = agree(three_ways(svm, stream[:rate], tmp_path, rate))
    assert problem is None
    np.testing.assert_array_equal(found, svm.predict_proba([tmp_path / "sound.wav"])[0])


@pytest.mark.parametrize("mono", ["mix", 0, 1])
def test_channels_are_mixed_alike(speech, stream, tmp_path, mono):
    front_end = make_clip_pipeline(AudioLoader(RATE, mono=mono), MFCC(3), Functionals())
    model = make_svm(front_end, probability=True).fit(speech.data, speech.target)
    stereo = np.stack([stream[:RATE], stream[RATE : 2 * RATE]], axis=1)
    found, problem = agree(three_ways(model, stereo, tmp_path))
    assert problem is None
    np.testing.assert_array_equal(found, model.predict_proba([tmp_path / "sound.wav"])[0])


@pytest.mark.parametrize(
    "samples, problem",
    [
        (np.zeros(RATE), "silent"),
        (np.full(RATE, 0.3), "silent"),
        (np.sin(np.arange(1_000)), "too short: 0.062 s"),
    ],
)
def test_what_is_silent_or_too_short_is_so_in_every_way(quick, tmp_path, samples, problem):
    found, said = agree(three_ways(quick, samples.astype(np.float32), tmp_path))
    assert np.isnan(found).all()
    assert said.startswith(problem)


def test_what_a_step_raises_is_reported_in_every_way(speech, stream, tmp_path):
    def refuse(rows):
        raise RuntimeError("out of order")

    front_end = make_clip_pipeline(AudioLoader(), MFCC(3), Functionals())
    model = make_svm(front_end, probability=True).fit(speech.data, speech.target)
    front_end.steps.append(("refuse", FunctionTransformer(refuse)))
    _, problem = agree(three_ways(model, stream[:RATE], tmp_path))
    assert problem == "RuntimeError: out of order"


@pytest.mark.parametrize("n_samples", [15_000, 16_000, 23_999, 24_000, 31_999, 40_000, 45_000])
def test_a_file_and_its_stream_have_the_same_windows(quick, stream, tmp_path, n_samples):
    path = tmp_path / "sound.wav"
    sf.write(path, stream[:n_samples], RATE, subtype="FLOAT")
    table = emotion_over_time(quick, path, window=1.0, hop=0.3)
    chunks = np.split(stream[:n_samples], np.arange(1_111, n_samples, 1_111))
    found = list(StreamingPredictor(quick, 1.0, 0.3).stream(chunks))
    assert [(one.start, one.end) for one in found] == list(
        zip(table["start"], table["end"], strict=True)
    )
    np.testing.assert_array_equal(
        [one.probabilities for one in found], table[list(quick.classes_)].to_numpy()
    )


def test_a_window_with_nan_has_an_error_and_the_others_are_predicted(quick, stream):
    broken = stream[: 3 * RATE].copy()
    broken[20_000] = np.nan
    table = emotion_over_time(quick, Clip(broken, RATE), window=1, hop=1)
    assert table["error"].notna().tolist() == [False, True, False]
    assert table["error"][1].startswith("1 of 16000 samples are NaN or infinite")


def test_a_decoded_clip_is_predicted_as_its_file(svm, stream, tmp_path):
    path = tmp_path / "sound.flac"
    sf.write(path, stream, 22_050)
    model = TrainedModel(svm)
    clip = model.read(path)
    assert (clip.sampling_rate, len(clip)) == (22_050, len(stream))
    of_clip, of_path = model.predict([clip]) + model.predict([path])
    np.testing.assert_array_equal(of_clip.probabilities, of_path.probabilities)


def test_it_knows_what_it_was_trained_with(speech):
    loader = AudioLoader(8_000, mono=0)
    front_end = make_clip_pipeline(loader, MFCC(3), Functionals())
    svm = make_svm(front_end, probability=True).fit(speech.data, speech.target)
    model = TrainedModel(svm, {"prediction_set": {"threshold": 0.3}})
    assert (model.sampling_rate, model.channel, model.threshold) == (8_000, 0, 0.3)
    assert model.classes_.tolist() == ["anger", "neutral", "sadness"]
    assert model.loaders == [loader]
    assert model.front_end is front_end
    (found,) = model.predict([speech.data[0]])
    assert found.emotion in found.prediction_set


@pytest.mark.parametrize("sets", [None, 0.9, {"threshold": "high"}, ["threshold"]])
def test_a_header_may_hold_anything(quick, sets):
    assert TrainedModel(quick, {"prediction_set": sets}).threshold is None


def test_a_model_of_clips_predicts_clips_and_no_files(speech, tmp_path):
    svm = make_svm(make_clip_pipeline(MFCC(3), Functionals()), probability=True)
    model = TrainedModel(svm.fit(speech.data, speech.target), {"sampling_rate": RATE})
    assert (model.loaders, model.channel, model.sampling_rate) == ([], "mix", RATE)
    (found,) = model.predict([speech.data[0]])
    np.testing.assert_array_equal(found.probabilities, svm.predict_proba([speech.data[0]])[0])
    with pytest.raises(ValueError, match="does not take files: it has no AudioLoader"):
        model.predict(["clip.wav"])


def test_what_cannot_be_read_raises_where_one_file_is_asked_for(quick, tmp_path):
    with pytest.raises(AudioError, match=r"nowhere\.wav: no such file"):
        TrainedModel(quick).read(tmp_path / "nowhere.wav")


def test_a_model_that_is_not_fitted_or_no_classifier_is_refused(speech):
    front_end = make_clip_pipeline(AudioLoader(), MFCC(3), Functionals())
    with pytest.raises(NotFittedError):
        TrainedModel(make_svm(front_end))
    regression = make_pipeline(front_end, LinearRegression()).fit(speech.data, range(24))
    with pytest.raises(ValueError, match="not a classifier"):
        TrainedModel(regression)


def test_loaders_that_differ_are_found_however_deep(speech):
    models = [
        (str(mono), make_svm(
            make_clip_pipeline(AudioLoader(mono=mono), MFCC(3), Functionals()), probability=True
        ))
        for mono in ("mix", 1)
    ]  # fmt: skip
    vote = VotingClassifier(models, voting="soft").fit(speech.data, speech.target)
    model = TrainedModel(vote)
    with pytest.raises(ValueError, match=r"AudioLoaders differ in mono \('mix', 1\)"):
        model.check_takes_files()


def test_it_can_be_copied_and_pickled(quick, stream):
    model = TrainedModel(quick)
    clip = Clip(stream[:RATE], RATE)
    wanted = model.predict([clip])[0].probabilities
    for other in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        np.testing.assert_array_equal(other.predict([clip])[0].probabilities, wanted)


@pytest.mark.parametrize(
    "error, reason",
    [
        (AudioError("cannot be decoded", path="/srv/secret/a.wav"), "cannot be decoded"),
        (
            AudioError("no decoder", path="/srv/a.m4a", remedy="Install it."),
            "no decoder. Install it.",
        ),
        (
            OSError(2, "No such file", "/srv/secret/b.wav"),
            "cannot be processed (FileNotFoundError)",
        ),
        (ValueError("see C:\\Users\\me\\x.wav"), "cannot be processed (ValueError)"),
        (MemoryError(), "the recording needs too much memory"),
    ],
)
def test_what_strangers_are_told_has_no_path(error, reason):
    told = Prediction(error=error).public_problem
    assert told.endswith(reason)
    assert "secret" not in told
