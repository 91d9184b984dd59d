"""What a user adds from outside the package behaves as what the package has."""

import os
import pickle
import subprocess
import sys
from functools import partial

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import parametrize_with_checks

from sk_ser.audio import Clip
from sk_ser.augmentation import AddNoise, AugmentedClassifier
from sk_ser.classifiers import make_svm
from sk_ser.features import FrameSequence, FrameUnion, Functionals, RMSEnergy, make_clip_pipeline
from sk_ser.features._store import ResultStore
from tests.features import own


@parametrize_with_checks(
    [
        own.CrestFactor(),
        own.SpectralSlope(),
        own.Squared(),
        own.Clipping(),
        FrameUnion([("own", own.CrestFactor()), ("rms", RMSEnergy(frame_length=400))]),
        Functionals(["mean", own.trimmed]),
    ]
)
def test_scikit_learns_checks(estimator, check):
    check(estimator)


def clips_of(n=4):
    rng = np.random.default_rng(0)
    return [Clip(rng.normal(scale=0.2, size=4_000 + 500 * k)) for k in range(n)]


def test_a_descriptor_joins_those_of_the_package():
    union = FrameUnion(
        [("own", own.CrestFactor()), ("rms", RMSEnergy(frame_length=400, hop_length=160))]
    )
    pipeline = make_clip_pipeline(union, own.Squared(), Functionals(["mean", own.trimmed]))
    table = pipeline.set_output(transform="pandas").fit_transform(clips_of())
    assert table.columns.tolist() == ["crest__mean", "rms__mean", "crest__trimmed", "rms__trimmed"]
    assert (table["crest__mean"] > 4).all()


@pytest.mark.parametrize("wrong", [{"frame_length": 0}, {"hop_length": 1.5}])
def test_its_parameters_are_validated(wrong):
    with pytest.raises(ValueError, match=f"CrestFactor: {next(iter(wrong))}=.* whole number"):
        own.CrestFactor(**wrong).fit(clips_of())


def test_an_augmenter_serves_the_classifier():
    front_end = make_clip_pipeline(RMSEnergy(), Functionals())
    model = AugmentedClassifier(
        make_svm(front_end), [own.Clipping(), [AddNoise(), own.Clipping(0.3)]], 2, random_state=0
    )
    model.set_params(**{"clipping-1__threshold": 0.2}).fit(clips_of(), [0, 1, 0, 1])
    assert model.estimator_[-1].n_features_in_ == 2
    with pytest.raises(ValueError, match=r"Clipping: threshold=2 .*\[0, 1\] of full scale"):
        own.Clipping(2).fit(clips_of())


# Functions as statistics

SEQUENCE = FrameSequence([[1.0, 2.0], [2.0, 2.0], [6.0, 2.0]], names=["a", "b"])


def test_a_function_names_its_columns_and_is_cloned_and_pickled():
    functionals = Functionals(["max", own.total], min_level=30)
    for one in (functionals, clone(functionals), pickle.loads(pickle.dumps(functionals))):
        found = one.fit([SEQUENCE]).transform([SEQUENCE])
        assert found.tolist() == [[6.0, 2.0, 18.0, 12.0]]
        assert found.dtype == np.float32
        assert one.get_feature_names_out().tolist() == ["a__max", "b__max", "a__total", "b__total"]


def test_functions_run_in_workers():
    pipeline = make_clip_pipeline(RMSEnergy(), Functionals([own.total]))
    expected = pipeline.fit_transform(clips_of())
    np.testing.assert_array_equal(pipeline.set_params(n_jobs=2).transform(clips_of()), expected)


@pytest.mark.parametrize(
    "statistics",
    [[lambda frames: frames[0]], [partial(own.total)], ["total", own.total], [own.total] * 2],
)
def test_functions_without_a_name_of_their_own_are_refused(statistics):
    with pytest.raises(ValueError, match=r"Functionals: statistics"):
        Functionals(statistics).fit([SEQUENCE])


@pytest.mark.parametrize("result", [np.ones(3), np.ones((1, 2)), 1.0])
def test_a_function_must_return_one_value_per_descriptor(result):
    def wrong(frames):
        return result

    with pytest.raises(ValueError, match=r"wrong returned an array of shape .* instead of \(2,\)"):
        Functionals([wrong]).transform([SEQUENCE])


def test_a_function_cannot_change_the_frames():
    def destroys(frames):
        frames[:] = 0
        return frames[0]

    found = Functionals([destroys, "mean"]).transform([SEQUENCE])
    assert found.tolist() == [[0.0, 0.0, 3.0, 2.0]]


# The cache


def fingerprint(*steps):
    return ResultStore("folder", list(steps)).fingerprint


def test_a_change_of_code_changes_the_key(monkeypatch):
    before = fingerprint(Functionals([own.total])), fingerprint(own.Squared())
    assert before == (fingerprint(Functionals([own.total])), fingerprint(own.Squared()))

    monkeypatch.setattr(own, "POWER", 3.0)
    changed = fingerprint(Functionals([own.total])), fingerprint(own.Squared())
    assert before[0] != changed[0]
    assert before[1] != changed[1]


def test_a_change_of_a_helper_or_a_method_changes_the_key(monkeypatch):
    before = fingerprint(Functionals([own.total])), fingerprint(own.CrestFactor())
    monkeypatch.setattr(own, "_scale", lambda frames: 5 * frames)
    assert fingerprint(Functionals([own.total])) != before[0]
    monkeypatch.setattr(own.CrestFactor, "names", lambda self: ["peak"])
    assert fingerprint(own.CrestFactor()) != before[1]


def test_a_change_of_a_class_attribute_changes_the_key(monkeypatch):
    before = fingerprint(own.Squared())
    monkeypatch.setattr(own.Squared, "_power", 3, raising=False)
    assert fingerprint(own.Squared()) != before


def test_a_change_of_a_callable_object_changes_the_key(monkeypatch):
    before = fingerprint(FunctionTransformer(own.Times(2)))
    assert fingerprint(FunctionTransformer(own.Times(3))) != before
    monkeypatch.setattr(own.Times, "__call__", lambda self, X: X)
    assert fingerprint(FunctionTransformer(own.Times(2))) != before


def test_keys_are_the_same_in_another_process():
    code = """
from sk_ser.features import Functionals
from sk_ser.features._store import ResultStore
from tests.features import own
print(ResultStore("folder", [own.CrestFactor(), Functionals([own.total, own.trimmed])]).fingerprint)
"""
    command = [sys.executable, "-W", "error", "-c", code]
    found = {
        subprocess.run(
            command, env=os.environ | {"PYTHONHASHSEED": seed}, check=True, capture_output=True
        ).stdout.decode()
        for seed in ("1", "2")
    }
    assert found == {fingerprint(own.CrestFactor(), Functionals([own.total, own.trimmed])) + "\n"}


def test_what_has_no_hash_is_not_cached(tmp_path):
    file = open(own.__file__)  # noqa: SIM115

    def reads(frames):
        return frames[0] * (not file.closed)

    pipeline = make_clip_pipeline(RMSEnergy(), Functionals([reads]), memory=tmp_path)
    with pytest.warns(UserWarning, match="results are not cached, since the steps have no hash"):
        pipeline.fit_transform(clips_of())
    assert list(tmp_path.iterdir()) == []
    file.close()
