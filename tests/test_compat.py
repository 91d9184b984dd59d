"""Each private name of scikit-learn that the package uses still does what is wanted of it."""

import numpy as np
import pytest
import sklearn
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.model_selection import GridSearchCV, HalvingGridSearchCV, RandomizedSearchCV
from sklearn.preprocessing import Normalizer
from sklearn.svm import SVC

from sk_ser import _compat


@pytest.mark.parametrize("search", [GridSearchCV, RandomizedSearchCV, HalvingGridSearchCV])
def test_searches_share_the_base(search):
    assert issubclass(search, _compat.BaseSearchCV)


def test_no_other_estimator_has_the_base_of_searches():
    assert not issubclass(SVC, _compat.BaseSearchCV)
    assert "fit" in vars(_compat.BaseSearchCV)


def test_rows_are_taken_of_lists_and_arrays():
    assert _compat.safe_indexing(["a", "b", "c"], [2, 0]) == ["c", "a"]
    assert _compat.safe_indexing(np.arange(3), [2, 0]).tolist() == [2, 0]


def test_missing_weights_are_ones():
    assert _compat.check_sample_weight(None, np.zeros((3, 2))).tolist() == [1, 1, 1]


def test_negative_weights_are_refused_where_asked():
    with pytest.raises(ValueError, match=r"[Nn]egative"):
        _compat.check_sample_weight([1, -1], np.zeros((2, 2)), ensure_non_negative=True)


def test_labels_are_one_column():
    assert _compat.check_y(["a", "b"]).tolist() == ["a", "b"]
    with pytest.raises(ValueError, match="1d array"):
        _compat.check_y(np.zeros((2, 2)))


def test_the_output_container_is_what_set_output_asks_for():
    transformer = Normalizer()
    assert _compat.output_container(transformer) == "default"
    assert _compat.output_container(transformer.set_output(transform="pandas")) == "pandas"


class Union(_compat.Composition):
    _named = "parts"

    def __init__(self, parts):
        self.parts = parts


class Chain(_compat.StepsComposition):
    def __init__(self, steps):
        self.steps = steps


def test_named_estimators_have_nested_parameters():
    union = Union([("a", Normalizer()), ("b", SVC())]).set_params(b__C=3, a=SVC(C=2))
    assert (union.get_params()["a__C"], union.get_params()["b__C"]) == (2, 3)
    assert set(union.get_params(deep=False)) == {"parts"}


@pytest.mark.parametrize("name", ["a", "parts", "a__b"])
def test_names_that_clash_are_refused(name):
    Union([("a", SVC()), ("b", SVC())]).check_names()
    with pytest.raises(ValueError, match=r"unique|conflict|must not contain"):
        Union([("a", SVC()), (name, SVC())]).check_names()


def test_steps_are_shown_as_those_of_a_pipeline():
    html = Chain([("norm", Normalizer()), ("svc", SVC())])._repr_html_()
    assert "Chain" in html
    assert "sk-serial" in html
    assert "Normalizer" in html


def test_names_of_parameters_are_read_once_a_class():
    assert Chain._get_param_names() is Chain._get_param_names()
    assert (Chain._get_param_names(), Union._get_param_names()) == (["steps"], ["parts"])


def test_studies_in_memory_are_told_from_those_in_a_database(tmp_path):
    optuna = pytest.importorskip("optuna")
    assert _compat.is_study_in_memory(optuna.create_study())
    kept = optuna.create_study(storage=f"sqlite:///{tmp_path}/study.db")
    assert not _compat.is_study_in_memory(kept)


def test_requests_for_metadata_know_their_owner():
    with sklearn.config_context(enable_metadata_routing=True):
        request = SVC().set_fit_request(sample_weight=True).get_metadata_routing()
    assert [type(one) for one in (request, request.fit)] == list(_compat.METADATA_REQUESTS)
    assert request.fit.owner is not None
