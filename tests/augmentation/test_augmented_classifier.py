"""Copies are of training clips alone, and nothing that splits sees a clip and its copy apart."""

import joblib
import numpy as np
import pandas as pd
import pytest
import sklearn
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    StratifiedGroupKFold,
    StratifiedKFold,
    cross_val_score,
    cross_validate,
)
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from sk_ser.audio import Clip
from sk_ser.augmentation import (
    AddNoise,
    AugmentedClassifier,
    Gain,
    PitchShift,
    SpecAugment,
    TimeStretch,
)
from sk_ser.classifiers import make_svm
from sk_ser.datasets import make_emotional_speech
from sk_ser.features import MFCC, Functionals, make_clip_pipeline
from sk_ser.model_selection import uar_scorer


class Witness(ClassifierMixin, BaseEstimator):
    """Classifier that keeps what it is given."""

    def fit(self, X, y, groups=None, sample_weight=None):
        self.X_, self.y_, self.groups_, self.weight_ = X, y, groups, sample_weight
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        self.asked_ = X
        return np.full(len(X), self.classes_[0])


def noise(n_clips, n_samples=800, rate=8_000):
    rng = np.random.default_rng(0)
    return [Clip(rng.normal(scale=0.1, size=n_samples), rate) for _ in range(n_clips)]


@pytest.fixture(scope="module")
def speech():
    return make_emotional_speech(4, 2, ("anger", "neutral", "sadness"), random_state=0)


def describe():
    return make_clip_pipeline(MFCC(), Functionals())


# Copies


def test_the_classifier_learns_from_clips_and_then_their_copies():
    clips, y = noise(3), np.array(["a", "b", "a"])
    model = AugmentedClassifier(Witness(), [AddNoise(10.0), Gain(-6.0)], 2, random_state=0)
    fitted = model.fit(clips, y, groups=[7, 8, 9], sample_weight=[1, 2, 3]).estimator_
    assert len(fitted.X_) == 9
    for number, clip in enumerate(clips):
        np.testing.assert_array_equal(fitted.X_[number], clip)
        error = np.asarray(fitted.X_[3 + number]) - clip
        assert 10 * np.log10(clip.var() / error.var()) == pytest.approx(10, abs=0.5)
        np.testing.assert_allclose(fitted.X_[6 + number], clip * 10 ** (-6 / 20), rtol=1e-5)
    assert fitted.y_.tolist() == y.tolist() * 3
    assert fitted.groups_.tolist() == [7, 8, 9] * 3
    assert fitted.weight_.tolist() == [1, 2, 3] * 3


def test_a_chain_goes_through_all_its_augmenters_and_entries_take_turns():
    clips = noise(2)
    model = AugmentedClassifier(Witness(), [[Gain(-6.0), Gain(-6.0)], Gain(3.0)], 3, random_state=0)
    fitted = model.fit(clips, [0, 1]).estimator_
    gains = [float(np.median(made / clips[n % 2])) for n, made in enumerate(fitted.X_)]
    decibels = 20 * np.log10(gains)
    np.testing.assert_allclose(decibels, [0, 0, -12, -12, 3, 3, -12, -12], atol=1e-3)


def test_prediction_sees_clips_as_they_are():
    clips = noise(4)
    model = AugmentedClassifier(Witness(), [AddNoise()], random_state=0).fit(clips, [0, 1, 0, 1])
    model.predict(clips)
    assert model.estimator_.asked_ is clips


def test_no_copies_is_the_estimator_itself(speech):
    alone = make_svm(describe()).fit(speech.data, speech.target)
    model = AugmentedClassifier(make_svm(describe()), [AddNoise()], n_copies=0)
    model.fit(speech.data, speech.target)
    np.testing.assert_array_equal(
        model.decision_function(speech.data), alone.decision_function(speech.data)
    )


def copies_of(clips, **params):
    settings = {"n_copies": 2, "random_state": 0} | params
    model = AugmentedClassifier(Witness(), [AddNoise(), TimeStretch()], **settings)
    return model.fit(clips, np.arange(len(clips)) % 2).estimator_.X_[len(clips) :]


def test_a_clip_has_the_same_copies_whatever_is_beside_it():
    clips = noise(6)
    made, fewer = copies_of(clips), copies_of(clips[::2])
    for number in range(3):
        for of_six, of_three in ((2 * number, number), (6 + 2 * number, 3 + number)):
            np.testing.assert_array_equal(made[of_six], fewer[of_three])


def test_copies_of_one_clip_differ_and_another_seed_makes_others():
    clips = noise(2)
    model = AugmentedClassifier(Witness(), [AddNoise()], 2, random_state=0)
    made = model.fit(clips, [0, 1]).estimator_.X_
    assert not np.array_equal(made[2], made[4])
    assert not np.array_equal(copies_of(clips)[0], copies_of(clips, random_state=1)[0])
    unseeded = copies_of(clips, random_state=None), copies_of(clips, random_state=None)
    assert not np.array_equal(unseeded[0][0], unseeded[1][0])


def test_a_store_describes_each_copy_once_for_all_folds(speech, tmp_path):
    front_end = make_clip_pipeline(MFCC(), Functionals(), memory=tmp_path)
    model = AugmentedClassifier(make_svm(front_end), [AddNoise()], 2, random_state=0)
    cross_val_score(
        model, speech.data, speech.target, groups=speech.groups, cv=StratifiedGroupKFold(2)
    )
    # a clip and its two copies, or the clip only where a fold tests on it and never learns it
    n_kept = sum(1 for path in tmp_path.rglob("*") if path.is_file())
    model.fit(speech.data, speech.target)
    assert sum(1 for path in tmp_path.rglob("*") if path.is_file()) == n_kept


def test_sequences_are_augmented_after_the_descriptors():
    rng = np.random.default_rng(0)
    sequences = [rng.normal(size=(50, 4)) for _ in range(4)]
    masks = SpecAugment(time_mask=0.5, n_time_masks=1, n_channel_masks=0, fill=9.0)
    model = AugmentedClassifier(Witness(), [masks], random_state=0).fit(sequences, [0, 1, 0, 1])
    for number, sequence in enumerate(sequences):
        copy = np.asarray(model.estimator_.X_[4 + number])
        assert (copy == 9).all(axis=1).sum() == 25
        np.testing.assert_allclose(copy[copy != 9], np.float32(sequence)[copy != 9])


def test_arrays_stay_arrays_and_tables_stay_tables():
    X, y = np.random.default_rng(0).normal(size=(4, 300)), [0, 1, 0, 1]
    model = AugmentedClassifier(Witness(), [Gain()], random_state=0)
    assert model.fit(X, y).estimator_.X_.shape == (8, 300)
    table = pd.DataFrame(X, columns=[f"s{number}" for number in range(300)])
    fitted = model.fit(table, y)
    assert fitted.estimator_.X_.columns.tolist() == table.columns.tolist()
    assert fitted.feature_names_in_.tolist() == table.columns.tolist()
    assert fitted.n_features_in_ == 300


# Why


def test_on_noise_augmenting_before_the_split_scores_near_1_and_this_scores_chance():
    clips, y = noise(80), np.arange(80) % 2
    augmenters = [AddNoise(20.0), Gain()]
    learner = make_pipeline(
        make_clip_pipeline(MFCC(), Functionals(("mean", "std"))),
        StandardScaler(),
        KNeighborsClassifier(1),
    )
    copies = [copy for one in augmenters for copy in clone(one).transform(clips)]
    folds = StratifiedKFold(4, shuffle=True, random_state=0)
    before = cross_val_score(
        learner, [*clips, *copies], np.tile(y, 3), cv=folds, scoring=uar_scorer
    )
    within = AugmentedClassifier(learner, augmenters, n_copies=2, random_state=0)
    after = cross_val_score(within, clips, y, cv=folds, scoring=uar_scorer)
    assert before.mean() > 0.9
    assert 0.3 < after.mean() < 0.7


# Searches


def test_a_grid_tunes_augmenters_copies_and_estimator(speech):
    model = AugmentedClassifier(make_svm(describe()), [AddNoise(), [PitchShift(), AddNoise()]])
    grid = {
        "n_copies": [0, 2],
        "addnoise-1__snr": [(10, 20)],
        "pitchshift__semitones": [1.0],
        "estimator__svc__C": [1, 10],
    }
    search = GridSearchCV(model, grid, cv=StratifiedGroupKFold(2), scoring=uar_scorer)
    search.fit(speech.data, speech.target, groups=speech.groups)
    assert search.best_estimator_.augmenters[0].snr == (10, 20)
    assert search.best_estimator_.augmenters[1][0].semitones == 1.0
    assert search.best_score_ > 0.5


def test_one_augmenter_can_replace_another():
    model = AugmentedClassifier(Witness(), [AddNoise(), [Gain()]])
    model.set_params(gain=PitchShift())
    assert isinstance(model.augmenters[1][0], PitchShift)
    model.set_params(augmenters=[Gain()], gain__db=3.0)
    assert model.augmenters[0].db == 3.0


def test_it_cross_validates_clones_and_pickles(speech, tmp_path):
    model = AugmentedClassifier(make_svm(describe()), [AddNoise()], random_state=0)
    scores = cross_validate(
        model,
        speech.data,
        speech.target,
        groups=speech.groups,
        cv=GroupKFold(2),
        scoring=uar_scorer,
    )
    assert np.isfinite(scores["test_score"]).all()
    model.fit(speech.data, speech.target)
    joblib.dump(model, tmp_path / "model.joblib")
    loaded = joblib.load(tmp_path / "model.joblib")
    expected = model.decision_function(speech.data)
    np.testing.assert_array_equal(loaded.decision_function(speech.data), expected)
    again = clone(model).fit(speech.data, speech.target)
    np.testing.assert_array_equal(again.decision_function(speech.data), expected)


def test_it_has_the_methods_that_the_estimator_has():
    augmenters = [Gain()]
    assert not hasattr(AugmentedClassifier(SVC(), augmenters), "predict_proba")
    assert hasattr(AugmentedClassifier(SVC(), augmenters), "decision_function")
    assert hasattr(AugmentedClassifier(LogisticRegression(), augmenters), "predict_log_proba")


# What splits by itself

SPLITTERS = {
    "GridSearchCV": GridSearchCV(SVC(), {"C": [1, 10]}, cv=2),
    "CalibratedClassifierCV": CalibratedClassifierCV(SVC(), cv=2),
    "SVC": SVC(probability=True),
    "MLPClassifier": MLPClassifier(early_stopping=True),
    "SGDClassifier": make_pipeline(StandardScaler(), SGDClassifier(early_stopping=True)),
    "HistGradientBoostingClassifier": HistGradientBoostingClassifier(early_stopping=True),
}


@pytest.mark.parametrize("name", SPLITTERS)
def test_what_would_split_clips_from_their_copies_is_refused(name):
    X, y = np.random.default_rng(0).normal(size=(20, 30)), np.arange(20) % 2
    message = rf"AugmentedClassifier: {name} \(.* on copies of the clips that it trains on"
    with pytest.raises(ValueError, match=message):
        AugmentedClassifier(SPLITTERS[name], [Gain()]).fit(X, y)
    # around it, all is well; nor is there anything to refuse without copies
    AugmentedClassifier(LogisticRegression(), [Gain()]).fit(X, y)
    if name != "SVC":
        AugmentedClassifier(SPLITTERS[name], [Gain()], n_copies=0).fit(X, y)


def test_a_search_by_groups_may_stay_inside():
    X, y = np.random.default_rng(0).normal(size=(24, 30)), np.arange(24) % 2
    seen = []

    class Folds(GroupKFold):
        def split(self, X, y=None, groups=None):
            seen.append(np.array(groups))
            return super().split(X, y, groups)

    search = GridSearchCV(LogisticRegression(), {"C": [1, 10]}, cv=Folds(3))
    speakers = np.repeat(list("abc"), 8)
    AugmentedClassifier(search, [Gain()]).fit(X, y, groups=speakers)
    assert seen[-1].tolist() == speakers.tolist() * 2
    # without groups, a clip and its copies are one group
    AugmentedClassifier(search, [Gain()]).fit(X, y)
    assert len(np.unique(seen[-1])) == 24
    assert (seen[-1][:24] == seen[-1][24:]).all()


def test_a_net_stops_early_on_clips_that_it_has_no_copies_of():
    pytest.importorskip("skorch")
    from sk_ser import neural

    rng = np.random.default_rng(0)
    sequences, y = [rng.normal(size=(20, 3)) for _ in range(24)], np.arange(24) % 2
    net = neural.GRUClassifier(4, max_epochs=2, early_stopping=True, random_state=0)
    model = AugmentedClassifier(net, [SpecAugment()], random_state=0)
    model.fit(sequences, y)
    assert model.estimator_.history_.attrs["validation"] == "unseen speakers"
    refused = AugmentedClassifier(net.set_params(early_stopping="clips"), [SpecAugment()])
    with pytest.raises(ValueError, match=r"GRUClassifier .early_stopping='clips'. would decide"):
        refused.fit(sequences, y)


def test_groups_and_weights_are_routed():
    X, y = np.random.default_rng(0).normal(size=(12, 30)), np.arange(12) % 2
    with sklearn.config_context(enable_metadata_routing=True):
        witness = Witness().set_fit_request(groups=True, sample_weight=True)
        model = AugmentedClassifier(make_pipeline("passthrough", witness), [Gain()])
        model.set_score_request(sample_weight=False)
        params = {"groups": np.arange(12) // 3, "sample_weight": np.arange(12.0)}
        results = cross_validate(
            model, X, y, cv=GroupKFold(2), params=params, return_estimator=True
        )
        for fitted in results["estimator"]:
            learnt = fitted.estimator_[-1]
            n = len(learnt.groups_) // 2
            assert learnt.groups_[:n].tolist() == learnt.groups_[n:].tolist()
            assert learnt.weight_[:n].tolist() == learnt.weight_[n:].tolist()
            assert len(np.unique(learnt.groups_)) == 2


# What cannot be


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"n_copies": -1}, r"n_copies=-1 must be a whole number >= 0"),
        ({"n_copies": True}, "n_copies=True must be"),
        ({"augmenters": []}, r"augmenters=\[\] must be a list of at least one augmenter"),
        ({"augmenters": AddNoise()}, "must be a list of at least one augmenter"),
        ({"augmenters": [AddNoise]}, "which has no method augment"),
        ({"augmenters": [SVC()]}, "which has no method augment"),
        ({"augmenters": [AddNoise(), SpecAugment()]}, "AddNoise takes clips, SpecAugment seq"),
        ({"augmenters": [AddNoise("loud")]}, "AddNoise: snr='loud' must be"),
        ({"random_state": "x"}, "random_state='x' must be"),
    ],
)
def test_what_cannot_be_is_named_with_its_remedy(params, message):
    settings = {"estimator": SVC(), "augmenters": [Gain()]} | params
    with pytest.raises(ValueError, match=message):
        AugmentedClassifier(**settings).fit(noise(4), [0, 1, 0, 1])


def test_paths_have_to_be_loaded_before():
    model = AugmentedClassifier(SVC(), [Gain()])
    with pytest.raises(ValueError, match=r"is a path.*Put an AudioLoader before it"):
        model.fit(["a.wav", "b.wav"], [0, 1])


def test_weights_are_refused_if_the_estimator_takes_none():
    model = AugmentedClassifier(KNeighborsClassifier(1), [Gain()])
    X = np.random.default_rng(0).normal(size=(4, 30))
    with pytest.raises(ValueError, match="fit of KNeighborsClassifier does not take it"):
        model.fit(X, [0, 1, 0, 1], sample_weight=np.ones(4))
