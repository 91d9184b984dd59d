"""Saving and loading: formats, versions, headers, and what has to be said before code runs."""

import ast
import io
import json
import re
import subprocess
import sys
from datetime import datetime

import joblib
import numpy as np
import pytest
import sklearn
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.exceptions import NotFittedError
from sklearn.feature_selection import SelectKBest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

import sk_ser
from sk_ser.audio import AudioLoader
from sk_ser.augmentation import AugmentedClassifier, Augmenter, Gain
from sk_ser.classifiers import make_svm
from sk_ser.datasets import make_emotional_speech
from sk_ser.exceptions import ModelFileError, ModelFileWarning
from sk_ser.features import MFCC, Functionals, make_clip_pipeline
from sk_ser.persistence import format_of, load, load_model, read_header, save
from sk_ser.persistence._file import read_file, write_file

X = np.random.default_rng(0).normal(size=(20, 3))
Y = np.array(["calm", "angry"] * 10)
MODEL = GaussianNB().fit(X, Y)


class Mine(ClassifierMixin, BaseEstimator):
    """A class of the user's own."""

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        return np.repeat(self.classes_[0], len(X))


def twice(X):
    return 2 * X


def energy(frames):
    return (frames**2).sum(axis=0)


class Clipping(Augmenter):
    """An augmenter of the user's own."""

    drawn = "limit"
    bounds = (0.0, 1.0, "of full scale")

    def __init__(self, limit=0.5, *, random_state=None):
        self.limit = limit
        self.random_state = random_state

    def apply(self, clip, amount, rng=None):
        return clip.clip(-amount, amount)


# The header


def test_the_header_says_what_the_model_is(tmp_path):
    given = {"limits": {"max_seconds": 60}, "prediction_set": {"coverage": np.float64(0.9)}}
    header = read_header(save(MODEL, tmp_path / "m.skops", header=given))
    assert header["classes"] == ["angry", "calm"]
    assert header["kind"] == "skops"
    assert header["versions"]["sk_ser"] == sk_ser.__version__
    assert {"python", "scikit-learn", "numpy", "skops"} <= header["versions"].keys()
    assert datetime.fromisoformat(header["created"]).tzinfo is not None
    assert header["model"] == {"class": "GaussianNB", "description": "GaussianNB()"}
    assert header["limits"] == {"max_seconds": 60}
    assert header["prediction_set"] == {"coverage": 0.9}


@pytest.mark.parametrize("searched", [False, True])
def test_the_sampling_rate_is_that_of_the_loader(searched, tmp_path):
    front_end = make_clip_pipeline(AudioLoader(8_000), MFCC(4), Functionals())
    model = make_svm(front_end)
    if searched:
        model = GridSearchCV(model, {"svc__C": [1.0]}, cv=2)
    clips = [np.random.default_rng(seed).normal(size=4_000) for seed in range(8)]
    model.fit(clips, np.arange(8) % 2)
    assert read_header(save(model, tmp_path / "m.skops"))["sampling_rate"] == 8_000


def test_a_model_of_clips_has_the_sampling_rate_that_it_is_given(tmp_path):
    assert read_header(save(MODEL, tmp_path / "m.skops"))["sampling_rate"] is None
    given = {"sampling_rate": 44_100}
    assert read_header(save(MODEL, tmp_path / "m.skops", header=given))["sampling_rate"] == 44_100


def test_what_save_finds_out_itself_is_not_to_be_said(tmp_path):
    with pytest.raises(ValueError, match=r"\['versions'\], which save writes itself"):
        save(MODEL, tmp_path / "m.skops", header={"versions": {}})


def test_what_json_cannot_hold_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"header\['training'\]\['on'\]\[1\] is a object"):
        save(MODEL, tmp_path / "m.skops", header={"training": {"on": [1, object()]}})
    assert not list(tmp_path.iterdir())


def test_reading_a_header_loads_no_more_than_it_needs(tmp_path):
    path = save(MODEL, tmp_path / "m.skops")
    code = (
        "import sys; from sk_ser.persistence import read_header; read_header(sys.argv[1])\n"
        "assert not {'skops', 'torch', 'xgboost', 'matplotlib'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code, path], check=True)


# Types


def test_a_type_of_ones_own_is_named_when_saving_and_loads_if_trusted(tmp_path):
    model = Mine().fit(X, Y)
    name = f"{Mine.__module__}.Mine"
    with pytest.raises(ModelFileError, match=rf"trusted=\['{name}'\]"):
        save(model, tmp_path / "m.skops")
    assert not list(tmp_path.iterdir())
    for trusted in ([Mine], name):
        path = save(model, tmp_path / "m.skops", trusted=trusted)
        with pytest.raises(ModelFileError, match=rf"not trusted.*trusted=\['{name}'\]"):
            load(path)
        np.testing.assert_array_equal(load(path, trusted=trusted).predict(X), model.predict(X))


def test_functions_are_trusted_by_name_and_lambdas_not_at_all(tmp_path):
    model = make_pipeline(FunctionTransformer(twice), GaussianNB()).fit(X, Y)
    with pytest.raises(ModelFileError, match=r"test_model\.twice"):
        save(model, tmp_path / "m.skops")
    path = save(model, tmp_path / "m.skops", trusted=[twice])
    np.testing.assert_array_equal(load(path, trusted=[twice]).predict(X), model.predict(X))
    nameless = make_pipeline(FunctionTransformer(lambda X: X), GaussianNB()).fit(X, Y)
    for format in ("skops", "joblib"):
        with pytest.raises(ModelFileError, match="defined in a module"):
            save(nameless, tmp_path / "m.skops", format=format)


@pytest.fixture(scope="module")
def speech():
    return make_emotional_speech(2, 2, ("anger", "sadness"), random_state=0)


def test_a_statistic_of_ones_own_is_trusted_by_the_name_of_its_function(speech, tmp_path):
    front_end = make_clip_pipeline(MFCC(4), Functionals(["mean", energy]))
    model = make_svm(front_end).fit(speech.data, speech.target)
    name = f"{energy.__module__}.energy"
    with pytest.raises(ModelFileError, match=rf"trusted=\['{name}'\]"):
        save(model, tmp_path / "m.skops")
    for trusted in ([energy], name):
        path = save(model, tmp_path / "m.skops", trusted=trusted)
        with pytest.raises(ModelFileError, match=rf"not trusted.*trusted=\['{name}'\]"):
            load(path)
        again = load(path, trusted=trusted)
        assert again[0]["functionals"].statistics == ["mean", energy]
        np.testing.assert_array_equal(
            again.decision_function(speech.data), model.decision_function(speech.data)
        )


def test_an_augmenter_of_ones_own_is_trusted_by_name(speech, tmp_path):
    svm = make_svm(make_clip_pipeline(MFCC(4), Functionals()))
    model = AugmentedClassifier(svm, [Clipping(0.01), [Gain(3.0), Clipping(0.02)]], random_state=0)
    model.fit(speech.data, speech.target)
    name = f"{Clipping.__module__}.Clipping"
    with pytest.raises(ModelFileError, match=rf"trusted=\['{name}'\]"):
        save(model, tmp_path / "m.skops")
    path = save(model, tmp_path / "m.skops", trusted=[Clipping])
    with pytest.raises(ModelFileError, match=rf"not trusted.*trusted=\['{name}'\]"):
        load(path)
    again = load(path, trusted=[name])
    assert again.augmenters[1][1].limit == 0.02
    np.testing.assert_array_equal(
        again.decision_function(speech.data), model.decision_function(speech.data)
    )
    again.fit(speech.data, speech.target)
    np.testing.assert_array_equal(
        again.decision_function(speech.data), model.decision_function(speech.data)
    )


def test_scikit_learns_trees_are_to_be_trusted_by_name_for_they_can_crash(tmp_path):
    forest = RandomForestClassifier(3, random_state=0).fit(X, Y)
    with pytest.raises(ModelFileError, match=r"sklearn\.tree\._tree\.Tree"):
        save(forest, tmp_path / "m.skops")
    trusted = ["sklearn.tree._tree.Tree"]
    path = save(forest, tmp_path / "m.skops", trusted=trusted)
    again = load(path, trusted=trusted)
    np.testing.assert_array_equal(again.predict_proba(X), forest.predict_proba(X))


def test_functions_of_numpy_and_scikit_learn_s_selectors(tmp_path):
    model = make_pipeline(FunctionTransformer(np.cbrt), SelectKBest(k=2), GaussianNB()).fit(X, Y)
    trusted = ["sklearn.feature_selection._univariate_selection.f_classif"]
    path = save(model, tmp_path / "m.skops", trusted=trusted)
    np.testing.assert_array_equal(load(path, trusted=trusted).predict(X), model.predict(X))


def test_a_model_that_is_not_fitted_is_not_saved(tmp_path):
    with pytest.raises(NotFittedError):
        save(GaussianNB(), tmp_path / "m.skops")


def test_requests_for_metadata_travel(tmp_path):
    with sklearn.config_context(enable_metadata_routing=True):
        model = LogisticRegression().set_fit_request(sample_weight=True).fit(X, Y)
        again = load(save(model, tmp_path / "m.skops"))
        wanted = again.get_metadata_routing().fit.requests
    assert wanted == {"sample_weight": True}
    np.testing.assert_array_equal(again.predict_proba(X), model.predict_proba(X))


@pytest.mark.parametrize(
    "model",
    [
        KNeighborsClassifier(algorithm="kd_tree"),
        GradientBoostingClassifier(n_estimators=3),
        MLPClassifier((3,), max_iter=300, random_state=np.random.RandomState(0)),
        CalibratedClassifierCV(LinearDiscriminantAnalysis(), method="isotonic", cv=2),
    ],
    ids=lambda model: type(model).__name__,
)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_other_classifiers_of_scikit_learn_name_what_to_trust(model, tmp_path):
    model = make_pipeline(StandardScaler().set_output(transform="pandas"), model).fit(X, Y)
    trusted = []
    try:
        path = save(model, tmp_path / "m.skops")
    except ModelFileError as error:
        trusted = ast.literal_eval(re.search(r"trusted=(\[.*\])", str(error))[1])
        path = save(model, tmp_path / "m.skops", trusted=trusted)
    again = load(path, trusted=trusted)
    np.testing.assert_array_equal(again.predict_proba(X), model.predict_proba(X))


def test_a_model_is_loaded_with_its_header(tmp_path):
    path = save(MODEL, tmp_path / "m.skops", header={"prediction_set": {"threshold": 0.2}})
    model = load_model(path)
    assert model.header == read_header(path)
    assert model.threshold == 0.2
    assert model.classes_.tolist() == ["angry", "calm"]
    np.testing.assert_array_equal(model.estimator.predict_proba(X), MODEL.predict_proba(X))


def test_types_of_ones_own_are_trusted_by_name_in_a_model_with_its_header(tmp_path):
    path = save(Mine().fit(X, Y), tmp_path / "m.skops", trusted=[Mine])
    with pytest.raises(ModelFileError, match="not trusted"):
        load_model(path)
    model = load_model(path, trusted=[f"{Mine.__module__}.Mine"])
    assert isinstance(model.estimator, Mine)


@pytest.mark.filterwarnings("ignore::sk_ser.exceptions.ModelFileWarning")
def test_a_joblib_file_has_its_header_and_a_plain_dump_has_none(tmp_path):
    path = save(MODEL, tmp_path / "m.joblib", format="joblib", header={"limits": "none"})
    assert load_model(path, format="joblib").header["limits"] == "none"
    joblib.dump(MODEL, tmp_path / "plain.joblib")
    assert load_model(tmp_path / "plain.joblib", format="joblib").header == {}


# Formats


def test_joblib_has_to_be_asked_for_by_name_and_warns(tmp_path):
    path = save(MODEL, tmp_path / "m.joblib", format="joblib")
    assert read_header(path)["kind"] == "joblib"
    with pytest.raises(ModelFileError, match=r'run any code.*format="joblib"'):
        load(path)
    with pytest.warns(ModelFileWarning, match="runs any code"):
        again = load(path, format="joblib")
    np.testing.assert_array_equal(again.predict_proba(X), MODEL.predict_proba(X))


def test_a_plain_joblib_dump_is_loaded_when_asked_for_by_name(tmp_path):
    path = tmp_path / "plain.joblib"
    joblib.dump(MODEL, path)
    with pytest.raises(ModelFileError, match=r'joblib.*format="joblib"'):
        load(path)
    with pytest.warns(ModelFileWarning, match="runs any code"):
        assert load(path, format="joblib").predict(X[:1]) == MODEL.predict(X[:1])


def test_a_skops_file_is_not_taken_for_one_of_joblib(tmp_path):
    with pytest.raises(ModelFileError, match='Leave format="joblib" out'):
        load(save(MODEL, tmp_path / "m.skops"), format="joblib")


@pytest.mark.filterwarnings("ignore::sk_ser.exceptions.ModelFileWarning")
@pytest.mark.parametrize("content", [b"", b"\x80", b"no pickle at all"])
def test_a_broken_joblib_file_is_told(content, tmp_path):
    path = tmp_path / "m.joblib"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match="joblib cannot read it"):
        load(path, format="joblib")


@pytest.mark.filterwarnings("ignore::sk_ser.exceptions.ModelFileWarning")
def test_a_flipped_bit_in_a_joblib_file_is_told_before_it_is_unpickled(tmp_path):
    path = save(MODEL, tmp_path / "m.joblib", format="joblib")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match="damaged"):
        load(path, format="joblib")


@pytest.mark.parametrize("call", [save, load])
def test_an_unknown_format_is_told(call, tmp_path):
    path = tmp_path / "m"
    with pytest.raises(ValueError, match="format='pickle'"):
        call(MODEL, path, format="pickle") if call is save else call(path, format="pickle")


# Versions


@pytest.mark.parametrize("package", ["sk_ser", "scikit-learn"])
@pytest.mark.parametrize("format", ["skops", "joblib"])
@pytest.mark.filterwarnings("ignore:.*runs any code")
def test_another_minor_version_is_an_error_that_can_be_overridden(package, format, tmp_path):
    header, members = read_file(save(MODEL, tmp_path / "m", format=format))
    header["versions"][package] = "0.0.7"
    path = write_file(tmp_path / "m", header, members)
    with pytest.raises(
        ModelFileError, match=rf"{package} 0\.0\.7, and .* installed.*Install those"
    ):
        load(path, format=format)
    with pytest.warns(ModelFileWarning, match="compare its predictions"):
        again = load(path, format=format, versions="warn")
    np.testing.assert_array_equal(again.predict_proba(X), MODEL.predict_proba(X))


@pytest.mark.parametrize("package", ["numpy", "python", "torch", "scikit-learn"])
def test_another_patch_or_another_library_is_none(package, tmp_path):
    header, members = read_file(save(MODEL, tmp_path / "m"))
    here = header["versions"].get(package, "0.0")
    other = here.rpartition(".")[0] + ".99" if package == "scikit-learn" else "0.0.7"
    header["versions"][package] = other
    schema = json.loads(members["schema.json"])
    schema["content"]["content"]["_sklearn_version"]["content"] = json.dumps(other)
    members["schema.json"] = json.dumps(schema).encode()
    load(write_file(tmp_path / "m", header, members))


def test_a_header_without_versions_is_of_another_version(tmp_path):
    header, members = read_file(save(MODEL, tmp_path / "m"))
    for versions in (None, {}):
        path = write_file(tmp_path / "m", header | {"versions": versions}, members)
        with pytest.raises(ModelFileError, match="sk_ser unknown"):
            load(path)


# What it needs


@pytest.mark.parametrize("package, extra", [("torch", "neural"), ("xgboost", "boost")])
def test_a_model_that_needs_an_extra_names_it(package, extra, tmp_path):
    pytest.importorskip(package)
    if package == "torch":
        pytest.importorskip("skorch")
        from sk_ser.neural import DenseClassifier

        model = DenseClassifier((4,), max_epochs=1, device="cpu", random_state=0)
    else:
        from sk_ser.classifiers import XGBoostClassifier

        model = XGBoostClassifier(2, random_state=0)
    path = save(model.fit(X, Y), tmp_path / "m.skops")
    code = (
        "import sys\n"
        "class Missing:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] == sys.argv[2]:\n"
        "            raise ModuleNotFoundError(f'No module named {name}', name=name)\n"
        "sys.meta_path.insert(0, Missing())\n"
        "from sk_ser.persistence import load\n"
        "try: load(sys.argv[1])\n"
        "except ImportError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, path, package], capture_output=True, text=True, check=True
    )
    assert f'pip install "sk_ser[{extra}]"' in done.stdout


def test_a_net_goes_on_learning_where_it_was(tmp_path):
    pytest.importorskip("skorch")
    from sk_ser.neural import DenseClassifier

    net = DenseClassifier((4,), max_epochs=2, device="cpu", random_state=0).fit(X, Y)
    again = load(save(net, tmp_path / "m.skops"))
    assert again.history_.equals(net.history_)
    for one in (net, again):
        one.partial_fit(X, Y)
    np.testing.assert_array_equal(again.predict_proba(X), net.predict_proba(X))
    assert len(again.history_) == 3


def test_the_model_that_is_saved_stays_as_it_was(tmp_path):
    model = make_svm(make_clip_pipeline(MFCC(4), Functionals(), memory=str(tmp_path / "cache")))
    clips = [np.random.default_rng(seed).normal(size=4_000) for seed in range(8)]
    model.fit(clips, np.arange(8) % 2)
    again = load(save(model, tmp_path / "m.skops"))
    assert model[0].memory == str(tmp_path / "cache")
    assert again[0].memory is None
    path = save(model, tmp_path / "m.joblib", format="joblib")
    with pytest.warns(ModelFileWarning):
        again = load(path, format="joblib")
    assert again[0].memory is None
    plain = io.BytesIO()
    joblib.dump(model, plain)
    assert joblib.load(plain)[0].memory == model[0].memory


# Of the machine


def test_a_search_does_not_carry_what_concerns_the_machine(tmp_path):
    front_end = make_clip_pipeline(MFCC(4), Functionals(), memory=str(tmp_path / "a"), n_jobs=2)
    grid = {
        "clippipeline__memory": [str(tmp_path / "a"), None],
        "svc__verbose": [False],
        "svc__C": [1],
    }
    search = GridSearchCV(make_svm(front_end), [grid], cv=2, n_jobs=2, verbose=0)
    clips = [np.sin(np.arange(4_000) / (5 + n)).astype(np.float32) for n in range(8)]
    search.fit(clips, ["anger", "joy"] * 4).set_params(verbose=3)
    again = load(save(search, tmp_path / "m.skops"))
    assert (again.n_jobs, again.verbose, again.param_grid) == (None, False, [{"svc__C": [1]}])
    assert again.best_params_ == {"svc__C": 1}
    assert again.cv_results_["params"] == [{"svc__C": 1}] * 2
    assert not [name for name in again.cv_results_ if name.endswith(("memory", "verbose"))]
    assert again.best_estimator_[0].memory is again.best_estimator_[0].n_jobs is None
    np.testing.assert_array_equal(again.predict(clips), search.predict(clips))
    # the model that was saved has not changed
    assert (search.n_jobs, search.best_estimator_[0].n_jobs) == (2, 2)


@pytest.mark.parametrize("name", ["m.joblib", "m.pkl", "m.skops"])
def test_the_content_says_that_a_file_runs_no_code(name, tmp_path):
    path = save(MODEL, tmp_path / name)
    assert format_of(path) == "skops"
    assert load(path, format=format_of(path)).predict(X).tolist() == MODEL.predict(X).tolist()


@pytest.mark.filterwarnings("ignore::sk_ser.exceptions.ModelFileWarning")
def test_the_content_alone_never_makes_joblib_load_a_file(tmp_path):
    path = save(MODEL, tmp_path / "m.skops", format="joblib")
    assert format_of(path) == "skops"
    with pytest.raises(ModelFileError, match="can run any code"):
        load(path, format=format_of(path))
    assert format_of(path.rename(tmp_path / "m.joblib")) == "joblib"
