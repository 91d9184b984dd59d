"""The parts of an estimator are found wherever they are held."""

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from sk_ser._estimators import fitted_parts, is_search, last_step, name_steps, params_of, parts_of

X, y = np.arange(20.0).reshape(10, 2), np.arange(10) % 2


def test_params_hold_the_estimator_and_all_its_parameters():
    found = params_of(make_pipeline(StandardScaler(), SVC(C=3)))
    assert found["svc__C"] == 3
    assert found[""].steps[1][1] is found["svc"]


def test_something_that_is_no_estimator_has_no_parameters():
    assert params_of("passthrough") == {"": "passthrough"}
    assert params_of(SVC) == {"": SVC}


def test_parts_are_estimators_alone():
    search = GridSearchCV(make_pipeline(StandardScaler(), SVC()), {"svc__C": [1]})
    assert sorted(parts_of(search)) == [
        "",
        "estimator",
        "estimator__standardscaler",
        "estimator__svc",
    ]


def test_fitted_parts_are_those_that_predict():
    search = GridSearchCV(SVC(), {"C": [1, 2]}, cv=StratifiedKFold(2)).fit(X, y)
    parts = list(fitted_parts(search))
    assert parts == [search, search.best_estimator_]


def test_fitted_parts_are_found_in_votes_and_calibrations():
    calibrated = CalibratedClassifierCV(SVC(), cv=2)
    vote = VotingClassifier([("a", calibrated), ("b", LogisticRegression())], voting="soft")
    vote.fit(X, y)
    parts = list(fitted_parts(vote))
    machines = [part for part in parts if isinstance(part, SVC) and hasattr(part, "classes_")]
    assert len(machines) == 2
    assert len({id(part) for part in parts}) == len(parts)


def test_steps_are_named_after_their_classes():
    assert [name for name, _ in name_steps([SVC(), SVC(), StandardScaler()])] == [
        "svc-1",
        "svc-2",
        "standardscaler",
    ]


def test_the_last_step_learns_from_labels():
    assert isinstance(last_step(make_pipeline(make_pipeline(StandardScaler(), SVC()))), SVC)


def test_searches_are_told_from_classifiers():
    assert is_search(GridSearchCV(SVC(), {}))
    assert not is_search(CalibratedClassifierCV(SVC(), cv=2))
    assert not is_search(SVC())
