"""Spaces name what is there, searches split by speaker, studies keep what was found."""

import os
import signal
import sqlite3
import subprocess
import sys
import time

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import make_pipeline

from sk_ser.classifiers import make_svm, make_xgboost
from sk_ser.datasets import make_emotional_speech
from sk_ser.features import MFCC, Functionals, MelSpectrogram, make_clip_pipeline, make_front_end
from sk_ser.model_selection import uar_scorer
from sk_ser.tuning import _number_process, make_search_space, open_study

optuna = pytest.importorskip("optuna")
integration = pytest.importorskip("optuna_integration")
errors = pytest.importorskip("sqlalchemy.exc")

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*experimental"),
    # which optuna-integration uses
    pytest.mark.filterwarnings("ignore:.optuna.terminator. module has been deprecated"),
]


@pytest.fixture(scope="module")
def speech():
    return make_emotional_speech(4, 3, ("anger", "neutral", "sadness"), random_state=0)


def search(estimator, space, **params):
    settings = {
        "n_trials": 3,
        "scoring": uar_scorer,
        "random_state": 0,
        "cv": StratifiedGroupKFold(2),
    }
    return integration.OptunaSearchCV(estimator, space, **settings | params)


def models():
    yield make_svm(make_front_end())
    yield make_svm(make_front_end(), probability=True)
    yield make_xgboost(make_front_end())
    pytest.importorskip("skorch")
    from sk_ser import neural

    yield from (neural.make_net(name) for name in ("cnn", "lstm", "bilstm", "gru", "dense"))


def middle_of(distribution):
    if hasattr(distribution, "choices"):
        return distribution.choices[-1]
    return distribution.high


def test_every_space_names_what_can_be_set():
    for model in models():
        space = make_search_space(model, front_end=True)
        names = clone(model).set_params(**{n: middle_of(d) for n, d in space.items()}).get_params()
        assert set(space) <= set(names)


def test_each_classifier_has_a_space_of_its_own():
    sizes = [len(make_search_space(model)) for model in models()]
    assert min(sizes) >= 1
    assert "svc__C" in make_search_space(make_svm())
    assert set(make_search_space(make_svm(probability=True))) == {"svc__C"}


def test_there_are_never_more_mfcc_than_mel_bands():
    model = make_svm(make_clip_pipeline(MFCC(n_mfcc=13, n_mels=20), Functionals()))
    assert make_search_space(model, front_end=True)["clippipeline__mfcc__n_mfcc"].high == 20


def test_what_is_not_known_is_told():
    with pytest.raises(
        ValueError, match=r"no part of DummyClassifier has a search space. Known are"
    ):
        make_search_space(DummyClassifier())


def test_front_end_and_classifier_are_tuned_in_one_call(speech):
    front_end = make_clip_pipeline(MFCC(n_mels=20), Functionals())
    model = make_svm(front_end)
    space = make_search_space(model, front_end=True)
    assert {"clippipeline__mfcc__n_mfcc", "svc__C"} <= set(space)
    found = search(model, space).fit(speech.data, speech.target, groups=speech.groups)
    assert set(found.best_params_) == set(space)
    assert found.predict(speech.data[:2]).shape == (2,)


def test_the_same_seed_tries_the_same(speech):
    X = make_clip_pipeline(MFCC(), Functionals()).transform(speech.data)
    space = make_search_space(make_svm())
    tried = []
    for _ in range(2):
        found = search(make_svm(), space).fit(X, speech.target, groups=speech.groups)
        tried.append([trial.params for trial in found.study_.trials])
    assert tried[0] == tried[1]


class WatchedFolds(StratifiedGroupKFold):
    """Folds that remember which speakers were on which side."""

    seen = []

    def split(self, X, y, groups):
        for train, test in super().split(X, y, groups):
            self.seen.append((set(groups[train]), set(groups[test])))
            yield train, test


def test_no_speaker_is_on_both_sides(speech):
    X = make_clip_pipeline(MFCC(), Functionals()).transform(speech.data)
    WatchedFolds.seen.clear()
    found = search(make_svm(), make_search_space(make_svm()), cv=WatchedFolds(2))
    found.fit(X, speech.target, groups=speech.groups)
    assert len(WatchedFolds.seen) >= 6
    assert all(train.isdisjoint(test) for train, test in WatchedFolds.seen)


def test_a_hopeless_trial_of_a_net_is_pruned(speech):
    pytest.importorskip("skorch")
    from sk_ser import neural

    sequences = make_pipeline(
        MelSpectrogram(n_mels=16, scale="db"), neural.SequenceScaler()
    ).fit_transform(speech.data)
    # from the fourth trial on, a rate at which nothing is learnt
    rates = optuna.distributions.CategoricalDistribution((0.02, 1e-9))
    sampler = optuna.samplers.GridSampler({"learning_rate": [0.02, 1e-9]})
    study = optuna.create_study(
        direction="maximize",
        sampler=sampler,
        pruner=optuna.pruners.MedianPruner(n_startup_trials=1, n_warmup_steps=3),
    )
    study.enqueue_trial({"learning_rate": 0.02})
    study.enqueue_trial({"learning_rate": 1e-9})
    net = neural.CNNClassifier((16,), random_state=0)
    found = search(
        net, {"learning_rate": rates}, study=study, enable_pruning=True, max_iter=8, n_trials=2
    )
    found.fit(sequences, speech.target, groups=speech.groups)
    states = [trial.state.name for trial in study.trials]
    assert states == ["COMPLETE", "PRUNED"]


def test_a_net_is_tuned_within_a_pipeline_by_speakers(speech):
    pytest.importorskip("skorch")
    from sk_ser import neural

    front_end = MelSpectrogram(n_mels=16, scale="db")
    model = neural.make_net("gru", front_end, max_epochs=2, channels=(8,), hidden_size=8)
    space = {
        name: distribution
        for name, distribution in make_search_space(model).items()
        if name.endswith(("learning_rate", "dropout", "pooling"))
    }
    found = search(model, space).fit(speech.data, speech.target, groups=speech.groups)
    assert set(found.best_params_) == set(space)


# Studies in a file

WORKER = """
import sys, time, warnings
warnings.simplefilter("ignore")
import optuna
from sk_ser.tuning import open_study
optuna.logging.set_verbosity(optuna.logging.ERROR)

def objective(trial):
    x = trial.suggest_float("x", 0, 1)
    time.sleep(float(sys.argv[2]))
    return -(x - 0.5) ** 2

open_study(sys.argv[1], random_state=0, heartbeat=1).optimize(objective, n_trials=int(sys.argv[3]))
"""


@pytest.fixture
def start():
    """Start a process that works on a study; it ends with the test, at the latest."""
    processes = []

    def start(path, seconds, n_trials):
        arguments = [str(path), str(seconds), str(n_trials)]
        processes.append(subprocess.Popen([sys.executable, "-c", WORKER, *arguments]))
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.wait()


def finished(path):
    study = open_study(path)
    return {t.number: t.params for t in study.get_trials() if t.state.name == "COMPLETE"}


def wait_for(condition, seconds=60):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.1)


def test_a_database_that_another_process_is_making_is_waited_for(tmp_path, monkeypatch):
    tries = []

    class Contested(optuna.storages.RDBStorage):
        def __init__(self, *args, **kwargs):
            tries.append(args)
            if len(tries) < 3:
                raise errors.IntegrityError("INSERT INTO alembic_version", {}, Exception("UNIQUE"))
            super().__init__(*args, **kwargs)

    monkeypatch.setattr(optuna.storages, "RDBStorage", Contested)
    monkeypatch.setattr("sk_ser.tuning._PAUSE", 0.0)
    assert open_study(tmp_path / "study.db").trials == []
    assert len(tries) == 3


def test_a_database_that_cannot_be_opened_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr("sk_ser.tuning._PAUSE", 0.0)
    (tmp_path / "study.db").mkdir()
    with pytest.raises(errors.OperationalError, match="unable to open"):
        open_study(tmp_path / "study.db")


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_study_in_memory_is_not_kept(url):
    study = open_study(url, random_state=0)
    study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=4, n_jobs=2)
    assert len(study.trials) == 4
    assert open_study(url).trials == []


def test_no_connection_stays_open(tmp_path, monkeypatch):
    opened = []

    class Watched(sqlite3.Connection):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            opened.append(self)

    connect = sqlite3.dbapi2.connect
    monkeypatch.setattr(
        sqlite3.dbapi2,
        "connect",
        lambda *args, **options: connect(*args, factory=Watched, **options),
    )
    study = open_study(tmp_path / "study.db", random_state=0)
    study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=2)
    assert opened
    for connection in opened:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill so")
def test_kill_9_in_mid_study_loses_no_finished_trial(tmp_path, start):
    path = tmp_path / "study.db"
    victim = start(path, 1.0, 1000)
    wait_for(lambda: path.exists() and len(finished(path)) >= 2)
    time.sleep(0.5)  # in mid-trial
    os.kill(victim.pid, signal.SIGKILL)
    victim.wait()
    before = finished(path)
    time.sleep(3.5)  # its heart has stopped for long enough
    assert start(path, 0.0, 4).wait(60) == 0
    after = finished(path)
    assert before.items() <= after.items()
    assert len(after) >= len(before) + 4
    states = {trial.state.name for trial in open_study(path).get_trials()}
    assert "RUNNING" not in states


@pytest.mark.parametrize("store", ["study.db", "study.journal", "sqlite:///{}/url.db"])
def test_two_processes_share_one_study_and_try_different_things(tmp_path, start, store):
    path = store.format(tmp_path) if "://" in store else tmp_path / store
    open_study(path)
    workers = [start(path, 0.05, 5) for _ in range(2)]
    assert [worker.wait(60) for worker in workers] == [0, 0]
    values = [params["x"] for params in finished(path).values()]
    assert len(values) == 10
    assert len(np.unique(values)) == 10


def test_processes_that_come_at_the_same_moment_get_numbers_of_their_own():
    class Crowded:
        """A study that somebody else joins whenever this process does, until the third time."""

        def __init__(self):
            self.user_attrs = {}

        def set_user_attr(self, name, value):
            if len(self.user_attrs) < 3:
                self.user_attrs[f"process {len(self.user_attrs)}"] = value
            self.user_attrs[name] = value

    study = Crowded()
    number = _number_process(study)
    assert list(study.user_attrs.values()).count(number) == 1


def test_a_search_goes_on_in_the_study_of_the_one_before(speech, tmp_path):
    X = make_clip_pipeline(MFCC(), Functionals()).transform(speech.data)
    space = make_search_space(make_svm())
    for n_trials in (2, 4):
        study = open_study(tmp_path / "a" / "study.db", random_state=0)
        found = search(make_svm(), space, study=study, n_trials=2)
        found.fit(X, speech.target, groups=speech.groups)
        assert len(found.study_.trials) == n_trials
