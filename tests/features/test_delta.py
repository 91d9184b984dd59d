"""Derivatives are librosa's, exact for polynomials, and there for the shortest clip."""

import librosa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sk_ser.features import MFCC, Delta, FrameSequence


def derivative(values, order, **settings):
    values = np.asarray(values, dtype=float)
    values = values.reshape(len(values), -1)
    return np.asarray(Delta((order,), keep=False, **settings).fit_transform([values])[0])


@settings(deadline=None, max_examples=50)
@given(
    n_frames=st.integers(9, 60), width=st.sampled_from([3, 5, 9]), order=st.sampled_from([1, 2]),
    seed=st.integers(0, 99),
)  # fmt: skip
def test_librosa(n_frames, width, order, seed):
    values = np.random.default_rng(seed).normal(size=(n_frames, 3)).astype(np.float32)
    expected = librosa.feature.delta(values, width=width, order=order, axis=0)
    np.testing.assert_allclose(derivative(values, order, width=width), expected, atol=1e-5)


@pytest.mark.corpus
def test_librosa_on_real_clips(real_clips):
    for sequence in MFCC().fit_transform(real_clips):
        for order in (1, 2):
            expected = librosa.feature.delta(np.asarray(sequence), order=order, axis=0)
            np.testing.assert_allclose(derivative(sequence, order), expected, atol=2e-4)


@pytest.mark.parametrize("width", [3, 5, 9])
@pytest.mark.parametrize("n_frames", [9, 10, 50])
def test_polynomials_have_their_own_derivatives(width, n_frames):
    time = np.arange(n_frames)
    np.testing.assert_allclose(derivative(3 * time + 1, 1, width=width), 3, rtol=1e-5)
    np.testing.assert_allclose(derivative(time**2 - time, 2, width=width), 2, rtol=1e-4)
    np.testing.assert_allclose(derivative(time * 0 + 7, 1, width=width), 0, atol=1e-5)


@pytest.mark.parametrize("n_frames", range(1, 9))
@pytest.mark.parametrize("order", [1, 2])
def test_short_clips_have_derivatives_too(n_frames, order):
    found = derivative(np.arange(n_frames), order)
    assert found.shape == (n_frames, 1)
    assert np.isfinite(found).all()
    if n_frames == 1:
        assert found[0, 0] == pytest.approx(0, abs=1e-6)


def test_no_frames_have_no_derivatives():
    sequence = FrameSequence(np.empty((0, 2)), ["a", "b"])
    found = Delta().fit_transform([sequence])[0]
    assert found.shape == (0, 6)
    assert len(found.names) == 6


def test_names_levels_and_rate_go_on():
    sequence = FrameSequence(np.ones((12, 2)), ["a", "b"], 31.25, np.arange(12))
    found = Delta().fit_transform([sequence])[0]
    assert found.names == ("a", "b", "a__delta", "b__delta", "a__delta2", "b__delta2")
    assert found.frame_rate == 31.25
    np.testing.assert_array_equal(found.level, np.arange(12))
    np.testing.assert_array_equal(found[:, :2], sequence)


def test_what_is_kept_and_in_which_order():
    assert Delta((2,)).get_feature_names_out(["a"]).tolist() == ["a", "a__delta2"]
    assert Delta((2, 1), keep=False).get_feature_names_out(["a"]).tolist() == [
        "a__delta2", "a__delta",
    ]  # fmt: skip
    fitted = Delta((1,)).fit([FrameSequence(np.ones((3, 2)), ["a", "b"])])
    assert fitted.get_feature_names_out().tolist() == ["a", "b", "a__delta", "b__delta"]


@pytest.mark.parametrize(
    "wrong",
    [{"orders": ()}, {"orders": 1}, {"orders": (3,)}, {"width": 4}, {"width": 1}],
    ids=str,
)
def test_bad_parameters_are_named(wrong):
    ((name, _),) = wrong.items()
    with pytest.raises(ValueError, match=f"Delta: {name}=.* must be "):
        Delta(**wrong).fit([np.ones((5, 1))])
