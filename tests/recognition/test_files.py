"""Predictions from files and from windows of a file: one bad file never aborts a run."""

import numpy as np
import pandas as pd
import pytest
import soundfile as sf
from sklearn.ensemble import VotingClassifier
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from sk_ser.audio import AudioLoader, Clip, decode
from sk_ser.classifiers import make_svm
from sk_ser.datasets import make_emotional_speech
from sk_ser.exceptions import AudioError
from sk_ser.features import MFCC, Functionals, MelSpectrogram, make_clip_pipeline
from sk_ser.recognition import TrainedModel, emotion_over_time, predict_files

EMOTIONS = ["anger", "neutral", "sadness"]


def make_front_end(**loading):
    return make_clip_pipeline(AudioLoader(16_000, **loading), MFCC(13), Functionals())


def make_model(**loading):
    return make_pipeline(make_front_end(**loading), LogisticRegression(max_iter=2_000))


@pytest.fixture(scope="module")
def speech():
    return make_emotional_speech(3, 2, EMOTIONS, random_state=0)


@pytest.fixture(scope="module")
def files(speech, tmp_path_factory):
    """Eighteen recordings, as a user has them."""
    folder = tmp_path_factory.mktemp("recordings")
    paths = [folder / f"{number:02d}.wav" for number in range(len(speech.data))]
    for path, clip in zip(paths, speech.data, strict=True):
        sf.write(path, clip, clip.sampling_rate)
    return paths


@pytest.fixture(scope="module")
def model(files, speech):
    return make_model().fit(files, speech.target)


def predict(model, paths, **options):
    return pd.concat(predict_files(model, paths, **options))


BAD = {
    "missing.wav": (lambda path: None, "no such file"),
    "empty.wav": (lambda path: path.touch(), "empty"),
    "text.wav": (lambda path: path.write_text("no audio at all"), "cannot be decoded"),
    "folder.wav": (lambda path: path.mkdir(), "it is a folder"),
    "silent.wav": (lambda path: sf.write(path, np.zeros(16_000), 16_000), "silent"),
    "offset.wav": (lambda path: sf.write(path, np.full(16_000, 0.3), 16_000), "silent"),
    "short.wav": (lambda path: sf.write(path, np.sin(np.arange(800)), 16_000), "too short: 0.05 s"),
    "no_samples.wav": (lambda path: sf.write(path, np.zeros(0), 16_000), "no samples"),
    "long.wav": (lambda path: sf.write(path, np.sin(np.arange(90_000)), 8_000), "too long: 11.2 s"),
    "nan.wav": (lambda path: sf.write(path, [np.nan] * 9_000, 8_000, "FLOAT"), "NaN"),
}


@pytest.fixture
def bad(tmp_path):
    for name, (make, _) in BAD.items():
        make(tmp_path / name)
    return [tmp_path / name for name in BAD]


def test_columns_are_path_emotion_the_classes_and_error(model, files):
    table = predict(model, files)
    assert table.columns.tolist() == ["path", "emotion", *EMOTIONS, "error"]
    assert table["path"].tolist() == list(map(str, files))
    assert table.index.tolist() == list(range(len(files)))


def test_they_are_what_the_model_says(model, files):
    table = predict(model, files, batch_size=5)
    np.testing.assert_allclose(table[EMOTIONS], model.predict_proba(files), rtol=1e-5)
    assert table["emotion"].tolist() == model.predict(files).tolist()
    assert table["error"].isna().all()


@pytest.mark.parametrize(
    "loading",
    [
        {"trim": 30.0, "level": -23.0, "offset": 0.1, "duration": 0.8},
        {"level": "peak", "on_error": "skip"},
    ],
)
def test_so_they_are_with_any_way_of_loading(loading, files, speech):
    model = make_model(**loading).fit(files, speech.target)
    np.testing.assert_allclose(
        predict(model, files)[EMOTIONS], model.predict_proba(files), rtol=1e-5
    )


def test_each_bad_file_has_its_reason_and_all_others_their_emotion(model, files, bad):
    mixed = [*files[:9], *bad, *files[9:]]
    table = predict(model, mixed, max_duration=10, batch_size=7).set_index("path")
    good = table.loc[list(map(str, files))]
    assert good["emotion"].tolist() == model.predict(files).tolist()
    for path, (_, reason) in zip(bad, BAD.values(), strict=True):
        row = table.loc[str(path)]
        assert row["emotion"] is None
        assert row[EMOTIONS].isna().all()
        assert reason in row["error"]
        # what the row says already, and what only code can do, is not in it
        assert str(path) not in row["error"]
        assert "on_error" not in row["error"]


def test_a_batch_of_bad_files_alone_is_no_trouble(model, bad):
    assert predict(model, bad, max_duration=10)["emotion"].isna().all()


def test_what_is_no_path_has_its_row(model, files):
    table = predict(model, [files[0], None, 3])
    assert table["error"].tolist() == [
        None,
        "neither a path nor a clip: None",
        "neither a path nor a clip: 3",
    ]


def test_any_error_of_a_step_is_the_clips_own(files, speech):
    def fussy(rows):
        if len(rows) and np.allclose(rows[0], described[4]):
            raise RuntimeError("I cannot stand it")
        return rows

    described = make_front_end().transform(files)
    front_end = make_front_end()
    model = make_pipeline(front_end, LogisticRegression(max_iter=2_000)).fit(files, speech.target)
    front_end.steps.append(("fussy", FunctionTransformer(fussy)))
    table = predict(model, files)
    assert table["error"].dropna().to_dict() == {4: "RuntimeError: I cannot stand it"}


def test_any_error_of_the_classifier_is_the_clips_own(files, speech):
    class Fussy(LogisticRegression):
        def predict_proba(self, X):
            if np.any(np.all(np.isclose(X, described[4]), axis=1)):
                raise RuntimeError("I cannot stand it")
            return super().predict_proba(X)

    described = make_front_end().transform(files)
    model = make_pipeline(make_front_end(), Fussy(max_iter=2_000)).fit(files, speech.target)
    table = predict(model, files)
    assert table["error"].dropna().to_dict() == {4: "RuntimeError: I cannot stand it"}
    assert table["emotion"].notna().sum() == len(files) - 1


def test_batches_come_as_they_are_done(model, files):
    def endless():
        while True:
            yield from files

    batches = predict_files(model, endless(), batch_size=4)
    assert [len(next(batches)) for _ in range(3)] == [4, 4, 4]


def test_processes_change_nothing(model, files, bad):
    mixed = [*files, *bad]
    pd.testing.assert_frame_equal(predict(model, mixed, n_jobs=2), predict(model, mixed))


def test_each_file_is_described_once(files, speech, monkeypatch, bad):
    model = make_model().fit(files, speech.target)
    calls = []
    once = MFCC.transform_clip
    monkeypatch.setattr(
        MFCC, "transform_clip", lambda self, clip: calls.append(1) or once(self, clip)
    )
    predict(model, [*files, *bad], max_duration=10)
    assert len(calls) == len(files)


def test_long_files_are_not_decoded(model, tmp_path, monkeypatch):
    sf.write(tmp_path / "long.flac", np.zeros(80_000), 8_000)
    monkeypatch.setattr(sf.SoundFile, "read", lambda *args, **kwargs: pytest.fail("decoded"))
    assert "too long" in predict(model, [tmp_path / "long.flac"], max_duration=5)["error"][0]


def test_a_model_without_probabilities_says_emotions_alone(files, speech):
    model = make_svm(make_front_end()).fit(files, speech.target)
    trained = TrainedModel(model, {"prediction_set": {"threshold": 0.1}})
    table = predict(trained, [*files, "nowhere.wav"])
    assert table.columns.tolist() == ["path", "emotion", "error"]
    assert table["emotion"][: len(files)].tolist() == model.predict(files).tolist()


def test_searches_and_votes_predict_from_files_too(files, speech, bad):
    grid = {"logisticregression__C": [0.1, 1.0]}
    search = GridSearchCV(make_model(), grid, cv=2).fit(files, speech.target)
    vote = VotingClassifier([("a", make_model()), ("b", make_model(trim=30.0))], voting="soft")
    for model in (search, vote.fit(files, speech.target)):
        table = predict(model, [*files, *bad], max_duration=10)
        np.testing.assert_allclose(
            table[EMOTIONS][: len(files)], model.predict_proba(files), rtol=1e-5
        )
        assert table["error"].notna().sum() == len(bad)


def test_tables_between_the_steps_do_no_harm(files, speech):
    front_end = make_front_end().set_output(transform="pandas")
    model = make_pipeline(front_end, LogisticRegression(max_iter=2_000)).fit(files, speech.target)
    np.testing.assert_allclose(
        predict(model, files)[EMOTIONS], model.predict_proba(files), rtol=1e-5
    )


def test_a_set_holds_all_that_reach_the_threshold_and_never_nothing(model, files):
    header = {"prediction_set": {"coverage": 0.9, "threshold": 0.2}}
    table = predict(TrainedModel(model, header), files)
    assert table.columns[-2] == "prediction_set"
    for row in table.itertuples():
        proba = dict(zip(EMOTIONS, row[3:6], strict=True))
        assert row.prediction_set[0] == row.emotion
        assert set(row.prediction_set) == {name for name, p in proba.items() if p >= 0.2}
    strict = predict(TrainedModel(model, {"prediction_set": {"threshold": 1.1}}), files)
    assert [one for (one,) in strict["prediction_set"]] == strict["emotion"].tolist()


def test_a_net_over_sequences_predicts_from_files(files, speech, bad):
    pytest.importorskip("skorch")
    from sk_ser.neural import make_net

    front_end = make_clip_pipeline(AudioLoader(trim=30), MelSpectrogram(n_mels=8, hop_length=800))
    net = make_net("gru", front_end, max_epochs=1, random_state=0, device="cpu")
    net.fit(files, speech.target)
    table = predict(net, [*files, *bad], max_duration=10)
    np.testing.assert_allclose(
        table[EMOTIONS][: len(files)], net.predict_proba(files), rtol=1e-4, atol=1e-6
    )
    assert table["error"].notna().sum() == len(bad)


def test_a_model_that_does_not_take_files_is_refused_at_once(files):
    model = LogisticRegression().fit([[0.0], [1.0]], ["a", "b"])
    with pytest.raises(ValueError, match="no AudioLoader"):
        predict_files(model, files)
    with pytest.raises(NotFittedError):
        predict_files(make_model(), files)


@pytest.mark.parametrize(
    "options, fault", [({"batch_size": 0}, "batch_size=0"), ({"max_duration": 0}, "max_duration=0")]
)
def test_an_option_out_of_range_is_refused_at_once(options, fault, model, files):
    with pytest.raises(ValueError, match=fault):
        predict_files(model, files, **options)


def test_one_path_in_place_of_a_list_is_refused(model):
    with pytest.raises(ValueError, match="give a list"):
        predict_files(model, "clip.wav")


@pytest.fixture(scope="module")
def long_file(speech, tmp_path_factory):
    """Six seconds of anger, two of silence, six of sadness."""
    path = tmp_path_factory.mktemp("long") / "long.wav"
    anger, sadness = (np.tile(speech.data[place], 9)[:96_000] for place in (0, 4))
    assert speech.target[[0, 4]].tolist() == ["anger", "sadness"]
    mono = np.concatenate([anger, np.zeros(32_000), sadness])
    sf.write(path, np.column_stack([mono, mono]), 16_000)
    return path


def test_emotions_over_time_follow_the_recording(model, long_file):
    table = emotion_over_time(model, long_file, window=2, hop=1)
    assert table.columns.tolist() == ["start", "end", "emotion", *EMOTIONS, "error"]
    assert table["start"].tolist() == list(map(float, range(13)))
    assert table["emotion"][:5].tolist() == ["anger"] * 5
    assert table["emotion"][8:].tolist() == ["sadness"] * 5
    assert table["error"].dropna().index.tolist() == [6]


def test_a_window_is_what_a_file_of_its_own_would_be(model, long_file, tmp_path):
    samples, rate = sf.read(long_file)
    sf.write(tmp_path / "part.wav", samples[3 * rate : 5 * rate], rate)
    alone = predict(model, [tmp_path / "part.wav"])
    table = emotion_over_time(model, long_file, window=2, hop=1)
    np.testing.assert_allclose(table[EMOTIONS].loc[3], alone[EMOTIONS].loc[0], rtol=1e-4)


def test_what_is_left_at_the_end_is_a_window_if_it_is_half_as_long(model, long_file):
    ends = emotion_over_time(model, long_file, window=4, hop=4)["end"]
    assert ends.tolist() == [4.0, 8.0, 12.0, 14.0]
    assert emotion_over_time(model, long_file, window=5, hop=5)["end"].iloc[-1] == 14.0
    assert emotion_over_time(model, long_file, window=6, hop=6)["end"].iloc[-1] == 12.0
    assert emotion_over_time(model, long_file, window=60, hop=1)["end"].tolist() == [14.0]


def test_a_recording_that_cannot_be_read_is_an_error(model, bad):
    for path in bad[:4]:
        with pytest.raises(AudioError, match=path.name):
            emotion_over_time(model, path)


def test_an_error_does_not_repeat_the_path_however_it_is_written(model, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.wav").write_text("no sound")
    (table,) = predict_files(model, ["./bad.wav", "bad.wav", tmp_path / "." / "bad.wav"])
    assert set(table["error"]) == {"cannot be decoded (Format not recognised)"}


@pytest.mark.parametrize("hop", [1.0, 0.5, 0.3])
def test_windows_are_parts_of_the_whole(hop, model, long_file):
    whole, rate = decode(long_file)
    table = emotion_over_time(model, long_file, window=1.0, hop=hop)
    np.testing.assert_allclose(np.diff(table["start"]), hop, atol=1e-3)
    row = table.iloc[3]
    begin = round(row["start"] * rate)
    clip = Clip(whole[begin : begin + rate, 0], rate)
    np.testing.assert_allclose(
        row[list(model.classes_)].to_numpy(float), model.predict_proba([clip])[0], atol=1e-6
    )


def test_windows_out_of_range_are_refused(model, long_file):
    for window, hop, fault in ((0, 1, "window=0"), (1, -1, "hop=-1"), (1, 2, "hop=2")):
        with pytest.raises(ValueError, match=fault):
            emotion_over_time(model, long_file, window=window, hop=hop)
