"""The list of trusted types: all of ours are on it, and nothing that is none."""

import importlib
from importlib.util import find_spec

import pytest
from sklearn.base import BaseEstimator

from sk_ser.persistence._trusted import AROUND, ESTIMATORS, TRUSTED
from tests.test_contract import ESTIMATORS as PUBLIC


def test_no_public_estimator_is_missing():
    public = {f"{found.__module__}.{found.__name__}" for found in PUBLIC.values()}
    assert public - set(ESTIMATORS) == set()


def found(name):
    module, _, attribute = name.rpartition(".")
    return getattr(importlib.import_module(module), attribute, None)


@pytest.mark.parametrize("name", ESTIMATORS)
def test_each_estimator_is_one_of_ours(name):
    if ".neural." in name and not find_spec("skorch"):
        pytest.skip("needs the extra neural")
    assert name.startswith("sk_ser.")
    assert issubclass(found(name), BaseEstimator)


@pytest.mark.parametrize("name", AROUND)
def test_what_stands_around_them_is_of_known_packages(name):
    assert name.partition(".")[0] in ("sk_ser", "sklearn", "numpy")
    # what one version of scikit-learn lacks, another has
    assert callable(found(name)) or name.startswith("sklearn.")


def test_the_list_is_short_and_names_nothing_twice():
    assert len(TRUSTED) == len(set(TRUSTED)) < 80
