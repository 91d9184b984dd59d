"""What every public estimator and function promises, found by walking the package.

A new estimator is found by itself, and held to scikit-learn's checks in full: none is
expected to fail, none is left out. Only one that cannot be made without arguments has to
be given an instance in `INSTANCES`.
"""

import doctest
import importlib
import inspect
import pickle
import pkgutil
from importlib.util import find_spec

import numpy as np
import pytest
from sklearn.base import BaseEstimator, clone
from sklearn.linear_model import LogisticRegression
from sklearn.utils import get_tags
from sklearn.utils.estimator_checks import estimator_checks_generator, parametrize_with_checks

import sk_ser
from sk_ser.audio import AudioLoader
from sk_ser.augmentation import AddNoise, AugmentedClassifier, Gain
from sk_ser.features import (
    MFCC,
    ClipPipeline,
    Delta,
    FrameUnion,
    Functionals,
    RMSEnergy,
    SpectralStatistics,
)

#: Instances of estimators that need arguments, or are worth a second look with other ones.
INSTANCES = {
    "AugmentedClassifier": [
        AugmentedClassifier(LogisticRegression(), [AddNoise(20.0)]),
        AugmentedClassifier(LogisticRegression(), [Gain(), [Gain(), AddNoise(30.0)]], n_copies=3),
    ],
    "AudioLoader": [AudioLoader(), AudioLoader(8_000, level=-20.0, duration=0.05)],
    "FrameUnion": [FrameUnion([("mfcc", MFCC(3)), ("rms", RMSEnergy())])],
    "ClipPipeline": [
        ClipPipeline([("loader", AudioLoader()), ("mfcc", MFCC(3)), ("stats", Functionals())]),
        ClipPipeline([("spectral", SpectralStatistics()), ("delta", Delta())]),
    ],
}


#: Packages of an extra that an estimator, or the examples of a module, cannot do without.
NEEDS = {
    "sk_ser.app._page": "streamlit",
    "sk_ser.service._app": "fastapi",
    "sk_ser.service._connections": "uvicorn",
    "sk_ser.service._door": "fastapi",
    "sk_ser.service._problems": "fastapi",
    "sk_ser.service._routes": "fastapi",
    "sk_ser.tuning": "optuna",
    "sk_ser.neural": "skorch",
    "XGBoostClassifier": "xgboost",
    "sk_ser.classifiers._xgboost": "xgboost",
    "sk_ser.inspection._clip": "matplotlib",
    "sk_ser.inspection._confusion_comparison": "matplotlib",
    "sk_ser.inspection._gap": "matplotlib",
    "sk_ser.inspection._group_results": "matplotlib",
    "sk_ser.inspection._label_distribution": "matplotlib",
    "sk_ser.inspection._reliability": "matplotlib",
    "sk_ser.inspection._training_curve": "matplotlib",
    "sk_ser.reports._figures": "matplotlib",
}


def lacks_its_extra(name):
    return name in NEEDS and find_spec(NEEDS[name]) is None


def public_modules():
    """Import every module of the package whose whole path is public."""
    yield sk_ser
    for module in pkgutil.walk_packages(sk_ser.__path__, "sk_ser."):
        is_public = not any(part.startswith("_") for part in module.name.split("."))
        if is_public and not module.name.endswith(".app") and not lacks_its_extra(module.name):
            yield importlib.import_module(module.name)


def public_objects():
    """Find what is listed in an `__all__`, each once, by its name."""
    return {
        name: getattr(module, name)
        for module in public_modules()
        for name in getattr(module, "__all__", ())
    }


PUBLIC = public_objects()
ESTIMATORS = {
    name: found
    for name, found in PUBLIC.items()
    if inspect.isclass(found) and issubclass(found, BaseEstimator) and not inspect.isabstract(found)
}


def instances_of(name):
    return [clone(one) for one in INSTANCES[name]] if name in INSTANCES else [ESTIMATORS[name]()]


def can_be_made(name):
    try:
        return bool(instances_of(name))
    except TypeError:
        return False


MADE = [
    one
    for name in ESTIMATORS
    if can_be_made(name) and not lacks_its_extra(name)
    for one in instances_of(name)
]
each_estimator = pytest.mark.parametrize("estimator", MADE, ids=lambda one: type(one).__name__)


@pytest.mark.parametrize("name", ESTIMATORS)
def test_an_instance_can_be_made(name):
    assert can_be_made(name), f"{name} needs arguments: give an instance of it in INSTANCES"


def test_the_walk_finds_what_is_there():
    assert {"AudioLoader", "MFCC", "Delta", "Functionals", "ClipPipeline"} <= set(ESTIMATORS)
    assert set(INSTANCES) <= set(ESTIMATORS)


@parametrize_with_checks(MADE)
def test_scikit_learns_checks(estimator, check):
    try:
        check(estimator)
    except pytest.skip.Exception as error:
        pytest.fail(f"{check} was left out: {error}")


@each_estimator
def test_the_checks_are_not_vacuous(estimator):
    assert get_tags(estimator).input_tags.two_d_array
    names = {check.func.__name__ for _, check in estimator_checks_generator(estimator)}
    assert {
        "check_fit2d_1sample",
        "check_n_features_in",
        "check_methods_subset_invariance",
    } <= names


@each_estimator
def test_it_clones_pickles_and_shows_itself(estimator):
    copies = clone(estimator), pickle.loads(pickle.dumps(estimator))
    for copied in copies:
        assert type(copied) is type(estimator)
        assert repr(copied) == repr(estimator)
    assert type(estimator).__name__ in estimator._repr_html_()


@each_estimator
def test_transformers_name_their_columns_and_make_tables(estimator):
    if not hasattr(estimator, "transform"):
        return
    assert hasattr(estimator, "set_output")
    X = [np.sin(np.arange(8_000) / 9), np.sin(np.arange(9_000) / 9)]
    transformer = clone(estimator).set_output(transform="pandas")
    table = transformer.fit_transform(X)
    assert table.columns.tolist() == list(transformer.get_feature_names_out())
    assert table.columns.is_unique


@each_estimator
def test_making_one_only_stores(estimator):
    signature = inspect.signature(type(estimator).__init__).parameters
    own = {name for name in vars(estimator) if not name.startswith("_")}
    assert own == set(signature) - {"self"}


# Docstrings


def is_own(found):
    return getattr(found, "__module__", "").startswith("sk_ser")


DOCUMENTED = {
    name: found
    for name, found in PUBLIC.items()
    if (inspect.isclass(found) or inspect.isfunction(found)) and is_own(found)
}


def is_a(found, classes):
    return inspect.isclass(found) and issubclass(found, classes)


def sections_of(found):
    """List the sections that a docstring must have; each entry is one or several to choose from."""
    if is_a(found, Exception):
        return []
    if is_a(found, tuple):
        return [("Attributes",)]
    needed = [("Examples",)]
    if inspect.signature(found).parameters:
        needed.append(("Parameters",))
    if inspect.isfunction(found):
        needed.append(("Returns", "Yields"))
    elif issubclass(found, BaseEstimator):
        needed.append(("Attributes",))
    return needed


@pytest.mark.parametrize("name", DOCUMENTED)
def test_docstrings_are_complete(name):
    doc = inspect.getdoc(DOCUMENTED[name])
    assert doc, name
    for choice in sections_of(DOCUMENTED[name]):
        has_one = any(f"\n{section}\n{'-' * len(section)}\n" in doc for section in choice)
        assert has_one, f"{name} lacks the section {' or '.join(choice)}"


@pytest.mark.parametrize("name", DOCUMENTED)
def test_every_parameter_is_described(name):
    found = DOCUMENTED[name]
    if is_a(found, (Exception, tuple)):
        return
    doc = inspect.getdoc(found)
    for parameter in inspect.signature(found).parameters.values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        start = doc.find("\nParameters\n")
        assert f"{parameter.name}" in doc[start:], f"{name}: {parameter.name} is not described"


@pytest.mark.parametrize("name", ESTIMATORS)
def test_public_methods_are_described(name):
    for method, found in inspect.getmembers(ESTIMATORS[name], inspect.isfunction):
        if not method.startswith("_") and is_own(found):
            assert inspect.getdoc(found), f"{name}.{method}"


def all_modules():
    names = [module.name for module in pkgutil.walk_packages(sk_ser.__path__, "sk_ser.")]
    return ["sk_ser", *(name for name in names if name.split(".")[-1] not in ("app", "__main__"))]


@pytest.mark.parametrize("name", all_modules())
def test_examples_do_as_they_say(name, tmp_path, monkeypatch):
    if lacks_its_extra(name):
        pytest.skip(f"{NEEDS[name]} is not installed")
    monkeypatch.chdir(tmp_path)
    module = importlib.import_module(name)
    results = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert results.failed == 0
