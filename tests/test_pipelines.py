"""One pipeline, whatever X comes in: scores alike, tunes alike, travels alike."""

import subprocess
import sys
from unittest import mock

import joblib
import numpy as np
import pandas as pd
import pytest
import soundfile as sf
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from sk_ser.audio import AudioLoader
from sk_ser.datasets import make_emotional_speech
from sk_ser.features import (
    MFCC,
    Delta,
    Functionals,
    RMSEnergy,
    make_clip_pipeline,
    make_frame_union,
)
from sk_ser.model_selection import uar_scorer

#: pandas cannot index Arrow's strings with an array within a tuple, as scikit-learn does.
STRINGS = pd.StringDtype("python")
CONTAINERS = {
    "paths, list": list,
    "paths, tuple": tuple,
    "paths, NumPy": np.array,
    "paths, NumPy objects": lambda paths: np.array(paths, dtype=object),
    "paths, pandas": pd.Series,
    "paths, pandas strings": lambda paths: pd.Series(paths, dtype="string"),
    "paths, pandas values": lambda paths: pd.Series(paths, dtype=STRINGS).values,
    "paths, shuffled index": lambda paths: pd.Series(paths, index=range(len(paths), 0, -1)),
}


@pytest.fixture(scope="module")
def speech():
    return make_emotional_speech(4, 2, ("anger", "neutral", "sadness"), random_state=0)


@pytest.fixture(scope="module")
def paths(speech, tmp_path_factory):
    folder = tmp_path_factory.mktemp("clips")
    names = [str(folder / f"{number}.wav") for number in range(len(speech.data))]
    for name, clip in zip(names, speech.data, strict=True):
        sf.write(name, clip, clip.sampling_rate, subtype="FLOAT")
    return names


def make_model(memory=None, **options):
    front_end = make_clip_pipeline(
        AudioLoader(),
        make_frame_union(MFCC(8), RMSEnergy()),
        Delta(),
        Functionals(min_level=30),
        memory=memory,
        **options,
    )
    return make_pipeline(front_end, StandardScaler(), SVC(C=10))


@pytest.fixture(scope="module")
def expected(speech, paths):
    return cross_validate(
        make_model(), paths, speech.target, groups=speech.groups, cv=StratifiedGroupKFold(4)
    )["test_score"]


@pytest.fixture(params=[*CONTAINERS, "clips, ragged list", "clips, ragged objects"])
def X(request, speech, paths):
    if request.param in CONTAINERS:
        return CONTAINERS[request.param](paths)
    if request.param == "clips, ragged list":
        return speech.data
    objects = np.empty(len(speech.data), dtype=object)
    objects[:] = speech.data
    return objects


def test_it_scores_alike_whatever_x_comes_in(X, speech, expected):
    scores = cross_validate(
        make_model(), X, speech.target, groups=speech.groups, cv=StratifiedGroupKFold(4)
    )
    np.testing.assert_array_equal(scores["test_score"], expected)
    assert scores["test_score"].mean() > 0.6


def test_it_tunes_in_two_processes_whatever_x_comes_in(X, speech, tmp_path):
    search = GridSearchCV(
        make_model(tmp_path),
        {"clippipeline__frameunion__mfcc__n_mfcc": [4, 8], "svc__C": [1, 10]},
        cv=StratifiedGroupKFold(4),
        scoring=uar_scorer,
        n_jobs=2,
    ).fit(X, speech.target, groups=speech.groups)
    assert search.best_score_ > 0.6
    assert len(search.cv_results_["params"]) == 4


def test_equally_long_clips_may_be_an_array(speech):
    padded = AudioLoader(duration=1.5).transform(speech.data)
    assert padded.shape == (len(speech.data), 24_000)
    cut = {"groups": speech.groups, "cv": StratifiedGroupKFold(4)}
    as_array = cross_validate(make_model(), np.asarray(padded), speech.target, **cut)
    as_list = cross_validate(make_model(), list(padded), speech.target, **cut)
    as_table = cross_validate(make_model(), pd.DataFrame(padded), speech.target, **cut)
    np.testing.assert_array_equal(as_array["test_score"], as_list["test_score"])
    np.testing.assert_array_equal(as_array["test_score"], as_table["test_score"])


def test_a_clone_is_unfitted_and_learns_the_same(speech, paths):
    model = make_model().fit(paths, speech.target)
    again = clone(model)
    assert not hasattr(again[-1], "classes_")
    again.fit(paths, speech.target)
    np.testing.assert_array_equal(again.decision_function(paths), model.decision_function(paths))


def test_a_dumped_model_predicts_in_a_new_process_from_paths_and_clips(speech, paths, tmp_path):
    model = make_model(tmp_path / "cache").fit(paths, speech.target)
    joblib.dump(model, tmp_path / "model.joblib")
    np.save(tmp_path / "clip.npy", np.asarray(speech.data[0]))
    code = (
        "import joblib, numpy, sys\n"
        "model = joblib.load(sys.argv[1])\n"
        "clip = numpy.load(sys.argv[2])\n"
        "print(model.predict(sys.argv[3:]).tolist(), model.predict([clip]).tolist())"
    )
    files = [tmp_path / "model.joblib", tmp_path / "clip.npy", *paths[:3]]
    run = subprocess.run(
        [sys.executable, "-c", code, *files], capture_output=True, text=True, check=True
    )
    wanted = f"{model.predict(paths[:3]).tolist()} {model.predict(speech.data[:1]).tolist()}"
    assert run.stdout.strip() == wanted


def test_it_sets_its_output_to_pandas_from_end_to_end(speech, paths):
    features = make_model()[:-1].set_output(transform="pandas")
    table = features.fit_transform(pd.Series(paths, index=[f"c{i}" for i in range(len(paths))]))
    assert table.index[0] == "c0"
    assert "mfcc_3__delta__std" in table.columns
    assert table.columns.tolist() == features.get_feature_names_out().tolist()


def test_labels_and_paths_of_different_length_are_refused(speech, paths):
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        cross_validate(make_model(), paths[:-1], speech.target)


def test_one_broken_file_is_named_and_the_others_are_kept(speech, paths, tmp_path, monkeypatch):
    broken = tmp_path / "broken.wav"
    broken.write_text("no audio")
    with pytest.raises(ValueError, match=r"broken\.wav: cannot be decoded"):
        make_model(tmp_path / "cache").fit([*paths, broken], [*speech.target, "anger"])
    decode = mock.Mock(side_effect=AssertionError("was not kept"))
    monkeypatch.setattr("sk_ser.audio._loader.decode", decode)
    make_model(tmp_path / "cache").fit(paths, speech.target)
