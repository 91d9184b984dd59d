"""Every classifier, in whatever it stands, predicts the same from a file, here and elsewhere."""

import io
import subprocess
import sys
from importlib.util import find_spec

import joblib
import numpy as np
import pytest
import soundfile
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import StackingClassifier, VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV

from sk_ser.audio import AudioLoader
from sk_ser.classifiers import make_svm
from sk_ser.datasets import make_emotional_speech
from sk_ser.features import make_front_end
from sk_ser.model_selection import SpeakerFolds, uar_scorer
from sk_ser.persistence import load, save
from tests.test_uniform import FOLDS, NAMES, find_param, make, vectors

slow = pytest.mark.slow
#: What a classifier stands in.
FORMS = [
    "alone",
    "searched",
    pytest.param("calibrated", marks=slow),
    pytest.param("calibrated on folds", marks=slow),
    pytest.param("voting", marks=slow),
    pytest.param("stacked", marks=slow),
]


@pytest.fixture(scope="module")
def speech():
    return make_emotional_speech(4, 3, ("anger", "neutral", "sadness"), random_state=0)


def fit(form, name, speech):
    X, y, groups = speech.data, speech.target, speech.groups
    folds = list(FOLDS.split(X, y, groups))
    if form == "alone":
        return make(name).fit(X, y)
    if form.startswith("calibrated"):
        return CalibratedClassifierCV(make(name), cv=folds if "folds" in form else 2).fit(X, y)
    if form == "voting":
        members = [("it", make(name)), ("svm", make("svm"))]
        return VotingClassifier(members, voting="soft").fit(X, y)
    if form == "stacked":
        members = [("it", make(name)), ("other", make_svm(vectors()))]
        return StackingClassifier(members, LogisticRegression(max_iter=1000), cv=folds).fit(X, y)
    model = make(name)
    param = find_param(model, "C", "max_depth", "learning_rate")
    values = [1e-3, 1e-2] if param.endswith("rate") else [1, 3]
    return GridSearchCV(model, {param: values}, cv=FOLDS, scoring=uar_scorer).fit(
        X, y, groups=groups
    )


@pytest.fixture(scope="module", params=FORMS)
def saved(request, speech, tmp_path_factory):
    """Every classifier in one form: the model, and where it is saved."""
    folder = tmp_path_factory.mktemp("models")
    models = {name: fit(request.param, name, speech) for name in NAMES}
    return {name: (model, save(model, folder / name)) for name, model in models.items()}


@pytest.fixture(scope="module")
def elsewhere(saved, speech, tmp_path_factory):
    """Probabilities that a new process predicts from each file."""
    folder = tmp_path_factory.mktemp("elsewhere")
    joblib.dump(speech.data, folder / "clips")
    code = (
        "import joblib, sys, pathlib; from sk_ser.persistence import load\n"
        "folder, *paths = map(pathlib.Path, sys.argv[1:]); X = joblib.load(folder / 'clips')\n"
        "joblib.dump([load(path).predict_proba(X) for path in paths], folder / 'result')"
    )
    paths = [str(path) for _, path in saved.values()]
    subprocess.run([sys.executable, "-W", "error", "-c", code, str(folder), *paths], check=True)
    return dict(zip(saved, joblib.load(folder / "result"), strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_it_predicts_the_same(name, saved, elsewhere, speech):
    model, path = saved[name]
    expected = model.predict_proba(speech.data)
    again = load(path)
    assert type(again) is type(model)
    np.testing.assert_array_equal(again.predict_proba(speech.data), expected)
    np.testing.assert_array_equal(again.predict(speech.data), model.predict(speech.data))
    np.testing.assert_array_equal(elsewhere[name], expected)


@pytest.mark.parametrize("name", NAMES)
def test_a_plain_joblib_dump_works_as_well(name, saved, speech):
    model, _ = saved[name]
    content = io.BytesIO()
    joblib.dump(model, content)
    np.testing.assert_array_equal(
        joblib.load(content).predict_proba(speech.data), model.predict_proba(speech.data)
    )


def test_a_search_tells_what_it_tried(speech, tmp_path):
    model = fit("searched", "svm", speech)
    again = load(save(model, tmp_path / "m.skops"))
    assert again.best_params_ == model.best_params_
    assert again.score(speech.data, speech.target) == model.score(speech.data, speech.target)
    for name, values in model.cv_results_.items():
        np.testing.assert_array_equal(again.cv_results_[name], values)
    assert again.cv.n_splits == FOLDS.n_splits


def test_a_search_by_speaker_with_other_folds(speech, tmp_path):
    folds = SpeakerFolds([["s01", "s02"], ["s03", "s04"]])
    space = {"svc__C": [1, 3]}
    search = RandomizedSearchCV(make("svm"), space, n_iter=2, cv=folds, scoring="accuracy")
    search.fit(speech.data, speech.target, groups=speech.groups)
    again = load(save(search, tmp_path / "m.skops"))
    np.testing.assert_array_equal(again.predict(speech.data), search.predict(speech.data))


@pytest.mark.filterwarnings("ignore:.*experimental")
@pytest.mark.filterwarnings("ignore:.optuna.terminator. module has been deprecated")
@pytest.mark.skipif(not find_spec("optuna"), reason="needs Optuna")
@pytest.mark.parametrize("name", NAMES)
def test_of_an_optuna_search_the_best_estimator_travels(name, speech, tmp_path):
    from optuna_integration import OptunaSearchCV

    from sk_ser.tuning import make_search_space, open_study

    model = make(name)
    space = make_search_space(model)
    space = {n: d for n, d in space.items() if not n.endswith(("size", "layers", "estimators"))}
    study = open_study(tmp_path / "study.db", random_state=0)
    search = OptunaSearchCV(model, space, cv=FOLDS, n_trials=1, scoring=uar_scorer, study=study)
    search.fit(speech.data, speech.target, groups=speech.groups)
    again = load(save(search, tmp_path / "m.skops"))
    assert type(again) is type(search.best_estimator_)
    np.testing.assert_array_equal(
        again.predict_proba(speech.data), search.predict_proba(speech.data)
    )


def test_a_pipeline_from_file_paths(speech, tmp_path):
    paths = []
    for number, clip in enumerate(speech.data):
        paths.append(str(tmp_path / f"{number}.wav"))
        soundfile.write(paths[-1], np.asarray(clip), clip.sampling_rate)
    front_end = make_front_end(memory=tmp_path / "cache")
    model = make_svm(front_end, probability=True).fit(paths, speech.target)
    again = load(save(model, tmp_path / "m.skops"))
    np.testing.assert_array_equal(again.predict_proba(paths), model.predict_proba(paths))
    assert isinstance(again[0][0], AudioLoader)


def test_a_vote_is_stored_once_though_it_is_held_twice(speech, tmp_path):
    alone = save(fit("alone", "svm", speech), tmp_path / "alone.skops").stat().st_size
    path = save(fit("voting", "svm", speech), tmp_path / "voting.skops")
    assert path.stat().st_size < 3 * alone
    again = load(path)
    assert again.named_estimators_["svm"] is again.estimators_[1]
