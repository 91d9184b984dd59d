"""Groups reach all that take them, with metadata routing and without."""

import numpy as np
import pytest
import sklearn
from sklearn import get_config
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import VotingClassifier
from sklearn.exceptions import UnsetMetadataPassedError
from sklearn.feature_selection import RFECV
from sklearn.model_selection import GridSearchCV, GroupKFold, StratifiedGroupKFold
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from sk_ser._routing import fit_keyword, fit_with_groups, group_params
from sk_ser.model_selection import TuningFolds

GROUPS = np.repeat(np.arange(6), 4)


class Truthful(ClassifierMixin, BaseEstimator):
    """Takes groups in ``fit``."""

    def fit(self, X, y, groups=None):
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        return np.asarray(X)


def grouped_search(estimator=None, cv=None):
    grid = {"max_depth": [1, 2]} if estimator is None else {}
    cv = StratifiedGroupKFold(3) if cv is None else cv
    return GridSearchCV(estimator or DecisionTreeClassifier(), grid, cv=cv)


@pytest.mark.parametrize(
    "estimator, names",
    [
        (SVC(), []),
        (make_pipeline(StandardScaler(), SVC()), []),
        (Truthful(), ["groups"]),
        (grouped_search(), ["groups"]),
        (grouped_search(cv=3), []),
        (make_pipeline(StandardScaler(), grouped_search()), ["gridsearchcv__groups"]),
        (make_pipeline("passthrough", Truthful()), ["truthful__groups"]),
        (
            make_pipeline(RFECV(SVC(kernel="linear"), cv=GroupKFold(3)), SVC()),
            ["rfecv__groups"],
        ),
    ],
)
def test_speakers_go_to_whatever_asks_for_them(estimator, names):
    assert list(group_params(estimator, GROUPS)) == names


def test_with_metadata_routing_the_estimator_passes_speakers_on_itself():
    with sklearn.config_context(enable_metadata_routing=True):
        pipeline = make_pipeline(StandardScaler(), grouped_search())
        assert list(group_params(pipeline, GROUPS)) == ["groups"]
        assert list(group_params(VotingClassifier([("a", grouped_search())]), GROUPS)) == ["groups"]
        assert group_params(CalibratedClassifierCV(SVC(), cv=3), GROUPS) == {}


def test_with_metadata_routing_speakers_are_not_silently_kept_from_who_may_want_them():
    with sklearn.config_context(enable_metadata_routing=True):
        unset = make_pipeline("passthrough", Truthful())
        with pytest.raises(UnsetMetadataPassedError, match="set_fit_request"):
            group_params(unset, GROUPS)
        asks, does_not = (Truthful().set_fit_request(groups=value) for value in (True, False))
        assert list(group_params(make_pipeline("passthrough", asks), GROUPS)) == ["groups"]
        assert group_params(make_pipeline("passthrough", does_not), GROUPS) == {}


class WatchedFolds(TuningFolds):
    """Notes whether it is told who speaks."""

    told = []

    def split(self, X, y=None, groups=None):
        self.told.append(groups is not None)
        return super().split(X, y, groups)


class Listener(GaussianNB):
    """Has a use for speakers, and does not insist."""

    heard = []

    def fit(self, X, y, groups=None):
        self.heard.append(groups is not None)
        return super().fit(X, y)


@pytest.mark.parametrize("inner", [GaussianNB(), make_pipeline(StandardScaler(), Listener())])
def test_a_calibration_by_speaker_gets_speakers_without_the_user_routing_them(inner):
    WatchedFolds.told.clear()
    Listener.heard.clear()
    rng, speakers = np.random.default_rng(0), np.arange(60) // 5
    X, y = rng.normal(size=(60, 2)), np.arange(60) % 2
    model = CalibratedClassifierCV(inner, cv=WatchedFolds())
    fit_with_groups(make_pipeline(StandardScaler(), model), X, y, speakers)
    assert set(WatchedFolds.told) == {True}
    assert set(Listener.heard) <= {True}
    assert not get_config()["enable_metadata_routing"]


def test_a_calibration_without_ensemble_is_fitted_though_scikit_learn_keeps_speakers_from_it():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(60, 2)), np.arange(60) % 2
    model = CalibratedClassifierCV(GaussianNB(), cv=TuningFolds(), ensemble=False)
    speakers = np.arange(60) // 5
    fitted = fit_with_groups(make_pipeline(StandardScaler(), model), X, y, speakers)
    assert fitted.predict_proba(X).shape == (60, 2)


def test_without_groups_nothing_is_passed():
    class Strict(GaussianNB):
        def fit(self, X, y):
            return super().fit(X, y)

    X, y = np.zeros((4, 1)), ["a", "b"] * 2
    assert fit_with_groups(Strict(), X, y, None).classes_.tolist() == ["a", "b"]


@pytest.mark.parametrize(
    "estimator, name, keyword",
    [
        (SVC(), "sample_weight", "sample_weight"),
        (SVC(), "groups", None),
        (make_pipeline(StandardScaler(), SVC()), "sample_weight", "svc__sample_weight"),
        (make_pipeline(StandardScaler(), make_pipeline(SVC())), "groups", None),
        (make_pipeline(SVC(), "passthrough"), "sample_weight", None),
        (grouped_search(), "groups", "groups"),
        (grouped_search(), "sample_weight", "sample_weight"),
        (make_pipeline(grouped_search()), "groups", "gridsearchcv__groups"),
    ],
)
def test_a_keyword_addresses_the_last_step(estimator, name, keyword):
    assert fit_keyword(estimator, name) == keyword
