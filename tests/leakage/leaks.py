"""Leaks, planted one at a time in synthetic speech that has none."""

import atexit
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import numpy as np
import soundfile as sf
from scipy.signal import ellip, sosfilt
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.feature_selection import SelectKBest
from sklearn.frozen import FrozenEstimator
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from sk_ser.audio import Clip
from sk_ser.augmentation import AddNoise, Gain, TimeStretch
from sk_ser.classifiers import make_svm
from sk_ser.datasets import make_emotional_speech
from sk_ser.features import MFCC, Functionals, make_clip_pipeline

EMOTIONS = ("anger", "fear", "neutral", "sadness")


def front_end():
    return make_clip_pipeline(MFCC(), Functionals())


def make_clean(seed, n_speakers=10, n_sentences=3):
    """Speakers, sentences and emotions in full: arguments of an audit that finds nothing severe."""
    speech = make_emotional_speech(n_speakers, n_sentences, EMOTIONS, random_state=seed)
    return {
        "estimator": make_svm(front_end()),
        "X": list(speech.data),
        "y": speech.target,
        "groups": speech.groups,
        "metadata": speech.frame,
    }


def take(case, rows):
    """Take some clips of a case."""
    X = case["X"]
    return case | {
        "X": X[rows] if isinstance(X, np.ndarray) else [X[row] for row in rows],
        "y": case["y"][rows],
        "groups": case["groups"][rows],
        "metadata": case["metadata"].iloc[rows].reset_index(drop=True),
    }


def add(case, clips, rows):
    """Add clips that are made of those in some rows."""
    grown = take(case, np.r_[np.arange(len(case["y"])), rows])
    return grown | {"X": [*case["X"], *clips]}


def vectors(case):
    """Describe the clips before the audit, and forget the files."""
    X = front_end().transform(case["X"]).astype(np.float64)
    return case | {
        "X": X,
        "estimator": make_svm(),
        "metadata": case["metadata"].drop(columns="path"),
    }


def change(case, function):
    """Change each clip by its emotion's number."""
    codes = np.unique(case["y"], return_inverse=True)[1]
    clips = [function(clip, code) for clip, code in zip(case["X"], codes, strict=True)]
    clips = [c if isinstance(c, Clip) else Clip(np.asarray(c, np.float32), 16_000) for c in clips]
    return case | {"X": clips}


# No clean test set


def train_on_test(case):
    everything = np.arange(len(case["y"]))
    return case | {"protocol": [(everything, everything)]}


def some_test_clips_in_training(case):
    folds = StratifiedKFold(5, shuffle=True, random_state=0).split(case["y"], case["y"])
    return case | {"protocol": [(np.r_[train, test[:2]], test) for train, test in folds]}


def flat_tuning(case):
    case = vectors(case)
    # labels that mean nothing, so that whatever is found was looked for
    y = np.random.default_rng(0).permutation(case["y"])
    grid = {"random_state": range(60), "max_features": [1, 3]}
    search = GridSearchCV(
        DecisionTreeClassifier(max_depth=3), grid, scoring="balanced_accuracy", cv=3
    )
    return case | {"y": y, "estimator": search.fit(case["X"], y)}


def model_fitted_on_all(case):
    return case | {"estimator": clone(case["estimator"]).fit(case["X"], case["y"])}


# Preprocessing before the split


def scaled_before(case):
    case = vectors(case)
    return case | {"X": StandardScaler().fit_transform(case["X"])}


def scaled_to_a_range_before(case):
    case = vectors(case)
    return case | {"X": MinMaxScaler().fit_transform(case["X"])}


def frozen_scaler(case):
    case = vectors(case)
    scaler = FrozenEstimator(StandardScaler().fit(case["X"]))
    return case | {"estimator": make_pipeline(scaler, SVC())}


def selected_before(case):
    case = vectors(case)
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(len(case["y"]), 20_000))
    return case | {"X": SelectKBest(k=50).fit_transform(noise, case["y"])}


def oversampled_before(case):
    case = vectors(case)
    X, rng = case["X"], np.random.default_rng(0)
    made, rows = [], []
    for row in range(len(X)):
        of_class = np.flatnonzero(case["y"] == case["y"][row])
        nearest = of_class[np.argsort(np.linalg.norm(X[of_class] - X[row], axis=1))[1:6]]
        made.append(X[row] + rng.random() * (X[rng.choice(nearest)] - X[row]))
        rows.append(row)
    grown = take(case, np.r_[np.arange(len(X)), rows])
    return grown | {"X": np.concatenate([X, made])}


def scaled_and_rounded_before(case):
    scaled = scaled_before(case)
    return scaled | {"X": np.round(scaled["X"], 2)}


def speakers_normalised_before(case):
    """Vectors less the mean of all clips of their speaker, tested ones included."""
    case = vectors(case)
    _, place = np.unique(case["groups"], return_inverse=True)
    means = [case["X"][place == number].mean(axis=0) for number in range(place.max() + 1)]
    return case | {"X": case["X"] - np.stack(means)[place]}


def selected_beside_others(case):
    selected, case = selected_before(case), vectors(case)
    return case | {"X": np.hstack([case["X"], selected["X"]])}


# Duplicates


def copied(case):
    rows = np.arange(0, len(case["y"]), 6)
    return add(case, [Clip(case["X"][row].copy(), 16_000) for row in rows], rows) | {
        "protocol": "random"
    }


def copied_under_another_speaker(case):
    rows = np.arange(0, len(case["y"]), 6)
    grown = add(case, [case["X"][row] for row in rows], rows)
    speakers = grown["groups"].copy()
    speakers[-len(rows) :] = "x" + speakers[-len(rows) :].astype(object)
    return grown | {"groups": speakers}


def augmented_before(case):
    rows = np.arange(0, len(case["y"]), 3)
    clips = [case["X"][row] for row in rows]
    copies = AddNoise(20.0, random_state=0).transform(clips[::3])
    copies = [*copies, *Gain(-6.0).transform(clips[1::3])]
    copies += list(TimeStretch(1.05).transform(clips[2::3]))
    return add(case, copies, np.r_[rows[::3], rows[1::3], rows[2::3]]) | {"protocol": "random"}


def vectors_with_jittered_copies(case):
    case = vectors(case)
    rows, rng = np.arange(0, len(case["y"]), 6), np.random.default_rng(0)
    noise = 0.01 * case["X"].std(axis=0) * rng.normal(size=(len(rows), case["X"].shape[1]))
    X = np.concatenate([case["X"], case["X"][rows] + noise])
    grown = take(case, np.r_[np.arange(len(case["y"])), rows])
    return grown | {"X": X, "protocol": "random"}


# Illegitimate features


class LabelTable(TransformerMixin, BaseEstimator):
    """A step that knows the label of each clip by its content."""

    def __init__(self, table=None):
        self.table = table

    def __sklearn_is_fitted__(self):
        return True

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        return np.array([[self.table.get(np.asarray(clip).tobytes(), -1)] for clip in X])


def label_looked_up(case):
    codes = np.unique(case["y"], return_inverse=True)[1]
    known = [np.asarray(clip).tobytes() for clip in case["X"]]
    table = LabelTable(dict(zip(known, codes, strict=True)))
    return case | {"estimator": make_pipeline(table, DecisionTreeClassifier(random_state=0))}


def label_of_vectors_looked_up(case):
    return label_looked_up(vectors(case))


class NameReader(TransformerMixin, BaseEstimator):
    """A step that reads a letter of each file's name."""

    def __sklearn_is_fitted__(self):
        return True

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        return np.array([[ord(Path(path).name[0])] for path in X])


def label_in_names(case):
    """Files that are named after their emotion, and a step that reads their names."""
    folder = Path(mkdtemp(prefix="sk_ser-leak-"))
    atexit.register(rmtree, folder, ignore_errors=True)
    paths = []
    for number, (clip, label) in enumerate(zip(case["X"], case["y"], strict=True)):
        paths.append(str(folder / f"{label}_{number}.wav"))
        sf.write(paths[-1], np.asarray(clip), clip.sampling_rate)
    model = make_pipeline(NameReader(), DecisionTreeClassifier(random_state=0))
    return case | {"X": paths, "estimator": model}


def codec_tells(case):
    """Clips of two emotions that were stored by a codec of narrow band."""
    narrow = ellip(8, 0.1, 60, 3_600, fs=16_000, output="sos")
    return change(case, lambda clip, code: sosfilt(narrow, clip) if code % 2 else clip)


def room_tells(case):
    rng = np.random.default_rng(0)

    def record(clip, code):
        return clip + 10 ** (-(70 - 12 * code) / 20) * rng.normal(size=len(clip))

    return change(case, record)


def hum_tells(case):
    def record(clip, code):
        return clip + 0.002 * code * np.sin(2 * np.pi * 50 * np.arange(len(clip)) / 16_000)

    return change(case, record)


def silence_tells(case):
    room = np.random.default_rng(0).normal(scale=10 ** (-70 / 20), size=16_000)
    return change(case, lambda clip, code: Clip(np.r_[clip, room[: 3_000 * code]], 16_000))


def offset_tells(case):
    return change(case, lambda clip, code: Clip(clip + 0.01 * code, 16_000))


def rate_tells(case):
    rates = (8_000, 16_000, 16_000, 16_000)
    return change(case, lambda clip, code: Clip(clip[:: 16_000 // rates[code]], rates[code]))


def peak_tells(case):
    """Recordings of each emotion that were turned up to a level of its own."""
    return change(case, lambda clip, code: clip / np.abs(clip).max() * (0.2 + 0.2 * code))


def durations_tell(case):
    """Clips that were brought to a length of their emotion."""
    return change(case, lambda clip, code: np.resize(clip, 20_000 - 1000 * code))


# Dependence


def speakers_on_both_sides(case):
    return case | {"protocol": StratifiedKFold(5, shuffle=True, random_state=0)}


def session_of_each_emotion(case):
    metadata = case["metadata"].assign(session=case["y"])
    return case | {"metadata": metadata}


# Selection


class StopsOn(DecisionTreeClassifier):
    """A tree that brings a validation set along."""

    def __init__(self, validation=None, max_depth=5):
        super().__init__(max_depth=max_depth)
        self.validation = validation


def validation_set_of_test_clips(case):
    case = vectors(case)
    return case | {"estimator": StopsOn((case["X"][:20], case["y"][:20]))}


def seed_searched(case):
    case = vectors(case)
    search = GridSearchCV(DecisionTreeClassifier(), {"random_state": range(5)}, cv=3)
    return case | {"estimator": search}


# A test set that is not the population


def two_speakers(case):
    names = np.unique(case["groups"])[:2]
    return take(case, np.flatnonzero(np.isin(case["groups"], names)))


def emotion_by_speaker(case):
    number = np.unique(case["groups"], return_inverse=True)[1]
    code = np.unique(case["y"], return_inverse=True)[1]
    return take(case, np.flatnonzero((number % 4 == code) | (number % 4 == (code + 1) % 4)))


def emotion_by_sex(case):
    is_woman = case["metadata"]["sex"].to_numpy() == "female"
    code = np.unique(case["y"], return_inverse=True)[1]
    return take(case, np.flatnonzero(is_woman == (code < 2)))


def class_of_one_speaker(case):
    drop = (case["y"] == "fear") & (case["groups"] != case["groups"][0])
    return take(case, np.flatnonzero(~drop))


#: Each leak, the check that must find it, and the least severity. A note does not count.
LEAKS = {
    train_on_test: ("test_set", "severe"),
    some_test_clips_in_training: ("test_set", "severe"),
    flat_tuning: ("test_set", "warning"),
    model_fitted_on_all: ("test_set", "warning"),
    scaled_before: ("preprocessing", "warning"),
    scaled_to_a_range_before: ("preprocessing", "warning"),
    frozen_scaler: ("preprocessing", "severe"),
    scaled_and_rounded_before: ("preprocessing", "warning"),
    speakers_normalised_before: ("preprocessing", "warning"),
    selected_before: ("preprocessing", "warning"),
    selected_beside_others: ("preprocessing", "warning"),
    oversampled_before: ("preprocessing", "severe"),
    copied: ("duplicates", "severe"),
    copied_under_another_speaker: ("duplicates", "severe"),
    augmented_before: ("duplicates", "severe"),
    vectors_with_jittered_copies: ("duplicates", "severe"),
    label_in_names: ("lookup", "severe"),
    label_looked_up: ("lookup", "severe"),
    label_of_vectors_looked_up: ("lookup", "severe"),
    silence_tells: ("trivial_facts", "severe"),
    offset_tells: ("trivial_facts", "severe"),
    rate_tells: ("trivial_facts", "severe"),
    peak_tells: ("trivial_facts", "severe"),
    durations_tell: ("trivial_facts", "severe"),
    codec_tells: ("trivial_facts", "severe"),
    room_tells: ("trivial_facts", "severe"),
    hum_tells: ("trivial_facts", "warning"),
    speakers_on_both_sides: ("dependence", "severe"),
    session_of_each_emotion: ("dependence", "warning"),
    validation_set_of_test_clips: ("selection", "severe"),
    seed_searched: ("selection", "warning"),
    two_speakers: ("population", "severe"),
    emotion_by_speaker: ("population", "warning"),
    emotion_by_sex: ("population", "warning"),
    class_of_one_speaker: ("population", "warning"),
}
