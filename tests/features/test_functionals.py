"""Statistics over time are SciPy's and NumPy's; slopes are per second; pauses can be left out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from sk_ser.audio import Clip
from sk_ser.features import MFCC, FrameSequence, Functionals

ORACLES = {
    "mean": np.mean,
    "std": np.std,
    "min": np.min,
    "max": np.max,
    "range": np.ptp,
    "median": np.median,
    "iqr": stats.iqr,
    "p0": lambda values: np.percentile(values, 0),
    "p5": lambda values: np.percentile(values, 5),
    "p97.5": lambda values: np.percentile(values, 97.5),
    "p100": lambda values: np.percentile(values, 100),
    "skewness": stats.skew,
    "kurtosis": stats.kurtosis,
}


def summarise(values, *statistics, frame_rate=None, level=None, **settings):
    values = np.asarray(values, dtype=float)
    sequence = FrameSequence(values.reshape(len(values), -1), None, frame_rate, level)
    return Functionals(statistics, **settings).fit_transform([sequence])[0]


@pytest.mark.parametrize("statistic", ORACLES)
@pytest.mark.parametrize("n_frames", [2, 3, 10, 501])
@pytest.mark.parametrize("scale, offset", [(1.0, 0.0), (50.0, -400.0), (1e-4, 1.0)])
def test_known_statistics(statistic, n_frames, scale, offset):
    values = scale * np.random.default_rng(n_frames).gamma(2, size=(n_frames, 3)) + offset
    values = values.astype(np.float32)
    expected = [ORACLES[statistic](column.astype(float)) for column in values.T]
    # float32 has 7 digits, of which an offset of 10 000 spreads leaves 3 to the deviations
    is_shape = statistic in ("skewness", "kurtosis")
    atol = max(1e-5, 1e-6 * abs(offset / scale)) if is_shape else 1e-6 * scale
    np.testing.assert_allclose(summarise(values, statistic), expected, rtol=2e-3, atol=atol)


@settings(deadline=None, max_examples=60)
@given(
    values=arrays(
        np.float32, st.tuples(st.integers(1, 12), st.integers(1, 3)),
        elements=st.floats(-1e4, 1e4, width=16),
    )
)  # fmt: skip
def test_order_statistics_are_numpys(values):
    names = ["min", "p10", "p25", "median", "p75", "p90", "max"]
    expected = np.percentile(values, [0, 10, 25, 50, 75, 90, 100], axis=0).ravel()
    scale = max(1.0, np.abs(values).max())
    np.testing.assert_allclose(summarise(values, *names), expected, rtol=1e-5, atol=1e-5 * scale)


@pytest.mark.parametrize("frame_rate", [1.0, 31.25, 100.0])
def test_slope_is_a_seconds(frame_rate):
    values = np.random.default_rng(0).normal(size=40) + np.arange(40)
    expected = stats.linregress(np.arange(40) / frame_rate, values).slope
    assert summarise(values, "slope", frame_rate=frame_rate) == pytest.approx(expected, rel=1e-4)


def test_slope_of_a_ramp_in_db_per_second():
    # 6 dB a second, in frames of 32 ms
    ramp = 6 * np.arange(50) * 512 / 16_000
    assert summarise(ramp, "slope", frame_rate=31.25) == pytest.approx(6, rel=1e-5)


def test_slope_without_a_rate_is_a_frames():
    assert summarise(2 * np.arange(7), "slope") == pytest.approx(2)


def test_quiet_frames_are_left_out():
    values, level = [1.0, 2.0, 100.0, 4.0], [0.0, -10.0, -40.0, -29.9]
    found = summarise(values, "mean", "max", level=level, min_level=30)
    assert found == pytest.approx([7 / 3, 4])
    assert summarise(values, "max", level=level) == 100
    assert summarise(values, "max", level=level, min_level=40) == 100


def test_slope_keeps_the_time_of_the_frames_that_are_left_out():
    values, level = np.r_[np.arange(5), [99] * 5, np.arange(10, 15)], np.r_[0:5, [-50] * 5, 0:5]
    level = np.where(level >= 0, 0, level)
    found = summarise(values, "slope", level=level, min_level=30, frame_rate=10.0)
    assert found == pytest.approx(10, rel=1e-5)


def test_plain_arrays_have_no_quiet_frames():
    values = np.r_[np.ones(5), np.zeros(5)]
    assert Functionals(("mean",), min_level=10).fit_transform([values[:, np.newaxis]]) == 0.5


@pytest.mark.parametrize("value", [0.0, 1.0, -431.3, 1e-8, 3e7])
@pytest.mark.parametrize("n_frames", [1, 2, 7])
def test_constants(value, n_frames):
    names = ("mean", "std", "range", "iqr", "slope", "skewness", "kurtosis", "p33")
    found = summarise([value] * n_frames, *names)
    np.testing.assert_allclose(found, [value, 0, 0, 0, 0, 0, 0, value], rtol=1e-6, atol=1e-12)


def test_a_clip_without_frames_is_a_row_of_nan():
    sequences = [FrameSequence(np.ones((4, 2))), FrameSequence(np.empty((0, 2)))]
    found = Functionals(("mean", "slope", "p5")).fit_transform(sequences)
    assert np.isnan(found).all(axis=1).tolist() == [False, True]
    assert found.shape == (2, 6)


def test_columns_come_statistic_by_statistic():
    sequence = FrameSequence([[1, 10], [3, 30]], ["a", "b"])
    functionals = Functionals(("max", "min")).fit([sequence])
    assert functionals.get_feature_names_out().tolist() == ["a__max", "b__max", "a__min", "b__min"]
    assert functionals.transform([sequence]).tolist() == [[3, 30, 1, 10]]
    assert functionals.get_feature_names_out(["c"]).tolist() == ["c__max", "c__min"]


def test_unnamed_descriptors_are_numbered():
    functionals = Functionals(("mean",)).fit([np.ones((3, 2))])
    assert functionals.descriptor_names_in_.tolist() == ["x0", "x1"]
    assert functionals.get_feature_names_out().tolist() == ["x0__mean", "x1__mean"]


def test_vectors_are_float32_in_one_array():
    found = Functionals().fit_transform([np.ones((3, 2)), np.ones((9, 2))])
    assert type(found) is np.ndarray
    assert found.dtype == np.float32
    assert found.shape == (2, 4)


def test_sequences_of_different_descriptors_are_refused_by_place():
    with pytest.raises(ValueError, match=r"Functionals: X\[1\] has 3 descriptors, X\[0\] has 2"):
        Functionals().fit([np.ones((3, 2)), np.ones((3, 3))])


def test_one_sequence_is_no_list_of_sequences():
    sequence = MFCC(3).fit_transform([Clip(np.ones(5_000))])[0]
    with pytest.raises(ValueError, match=r"Functionals: X is one sequence. X must be a list"):
        Functionals().fit(sequence)


@pytest.mark.parametrize("wrong", ["mean", (), ("average",), ("p101",), ("p",), ("p-5",), (5,)])
def test_unknown_statistics_are_named(wrong):
    with pytest.raises(ValueError, match="Functionals: statistics"):
        Functionals(wrong).fit([np.ones((3, 1))])


@pytest.mark.parametrize("wrong", [0, -30, float("nan")])
def test_min_level_is_above_0(wrong):
    with pytest.raises(ValueError, match=r"Functionals: min_level=.* must be None or > 0 dB"):
        Functionals(min_level=wrong).fit([np.ones((3, 1))])


def test_a_clip_of_no_loud_frames_is_a_row_of_nan():
    values, level = np.ones((4, 2)), np.full(4, np.nan)
    assert np.isnan(summarise(values, "mean", "max", level=level, min_level=30)).all()
