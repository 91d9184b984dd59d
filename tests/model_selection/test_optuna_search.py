"""Optuna's search in each fold: groups by name, no routing, and a study that must not be shared."""

import numpy as np
import pytest
import sklearn
from sklearn.model_selection import GroupKFold, StratifiedGroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from sk_ser.model_selection import selection_optimism, uar_scorer
from sk_ser.model_selection._check_estimators import check_estimators
from tests.model_selection.test_engine import GROUPS, HALVES, run

optuna = pytest.importorskip("optuna")
integration = pytest.importorskip("optuna_integration")

pytestmark = [
    pytest.mark.filterwarnings("ignore::optuna.exceptions.ExperimentalWarning"),
    # which optuna-integration uses
    pytest.mark.filterwarnings("ignore:.optuna.terminator. module has been deprecated"),
]


def optuna_search(cv, **options):
    space = {"max_depth": optuna.distributions.IntDistribution(1, 3)}
    options = {"n_trials": 2, "scoring": uar_scorer} | options
    return integration.OptunaSearchCV(DecisionTreeClassifier(), space, cv=cv, **options)


@pytest.mark.parametrize("routing", [False, True])
@pytest.mark.parametrize("in_pipeline", [False, True])
def test_optunas_search_is_tuned_on_training_speakers_only(routing, in_pipeline):
    seen = []

    class Spy(StratifiedGroupKFold):
        def split(self, X, y=None, groups=None):
            for train, test in super().split(X, y, groups):
                seen.append((set(groups[train]), set(groups[test])))
                yield train, test

    search = optuna_search(Spy(2))
    if in_pipeline:
        search = make_pipeline(StandardScaler(), search)
    fold = (np.flatnonzero(GROUPS > 1), np.flatnonzero(GROUPS <= 1))
    with sklearn.config_context(enable_metadata_routing=routing):
        (result,) = run(search, [fold], n_jobs=None)
    assert result.error is None
    assert len(seen) == 2 * 2
    for train, test in seen:
        assert train | test == {2, 3, 4, 5}
        assert not train & test


def test_optunas_search_repeats_itself():
    fold = [(np.flatnonzero(GROUPS > 1), np.flatnonzero(GROUPS <= 1))]
    one, other = (run(optuna_search(GroupKFold(2)), fold)[0] for _ in range(2))
    assert one.best_params == other.best_params
    assert one.outputs["predict"].tolist() == other.outputs["predict"].tolist()


@pytest.mark.filterwarnings("ignore:Mean of empty slice", "ignore:Degrees of freedom")
@pytest.mark.filterwarnings("ignore:Failed to report cross validation scores")
def test_a_search_none_of_whose_trials_came_to_an_end_fails_its_fold():
    """Optuna's search would return the model untuned, and only log that."""
    search = optuna_search(GroupKFold(2), scoring=lambda estimator, X, y: np.nan)
    (result,) = run(search, HALVES[:1])
    assert "No trials are completed" in str(result)


def test_flat_and_nested_optuna_search_speakers():
    rng = np.random.default_rng(0)
    y, groups = rng.choice(["angry", "calm"], 60), np.repeat(np.arange(6), 10)
    X = rng.normal(size=(60, 2)) + 3 * (y == "calm")[:, np.newaxis]
    search = optuna_search(GroupKFold(2), random_state=0)
    found = selection_optimism(search, X, y, groups=groups, cv=GroupKFold(3), random_state=0)
    assert (found.table["uar"] > 0.8).all()
    assert len(found.settings["chosen"]) == 3


@pytest.mark.parametrize("in_pipeline", [False, True])
def test_a_study_that_all_folds_would_share_is_refused(tmp_path, in_pipeline):
    fresh = optuna.create_study(direction="maximize")
    used = optuna.create_study(direction="maximize")
    used.optimize(lambda trial: trial.suggest_int("max_depth", 1, 3), n_trials=1)
    kept = optuna.create_study(direction="maximize", storage=f"sqlite:///{tmp_path}/study.db")

    def check(study):
        search = optuna_search(GroupKFold(2), study=study)
        return check_estimators(make_pipeline("passthrough", search) if in_pipeline else search)

    assert check(fresh)
    for study in (used, kept):
        with pytest.raises(ValueError, match=r"has a study .*All folds would share.*study=None"):
            check(study)
