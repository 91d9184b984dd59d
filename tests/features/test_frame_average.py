import numpy as np
import pytest

from sk_ser.features import FrameAverage, FrameSequence


def test_successive_frames_are_averaged_and_the_rest_too():
    sequence = FrameSequence([[1.0, 0.0], [3.0, 2.0], [5.0, 4.0]], names=["a", "b"])
    result = FrameAverage(2).transform_clip(sequence)
    assert result.tolist() == [[2.0, 1.0], [5.0, 4.0]]
    assert result.names == ("a", "b")


def test_a_mean_over_whole_windows_stays_the_mean():
    values = np.random.default_rng(0).normal(size=(60, 5))
    for n_frames in (1, 2, 3, 10, 60):
        result = FrameAverage(n_frames).fit_transform([values])[0]
        assert len(result) == 60 // n_frames
        np.testing.assert_allclose(result.mean(axis=0), values.mean(axis=0), atol=1e-6)


def test_rate_and_level_follow():
    sequence = FrameSequence(np.ones((4, 1)), frame_rate=100.0, level=[0.0, -9.0, -30.0, -20.0])
    result = FrameAverage(2).transform_clip(sequence)
    assert result.frame_rate == 50.0
    assert result.level.tolist() == [0.0, -20.0]


def test_more_frames_than_there_are_make_one_and_none_make_none():
    assert FrameAverage(9).transform_clip(FrameSequence([[1.0], [2.0]])).tolist() == [[1.5]]
    assert FrameAverage().transform_clip(FrameSequence(np.empty((0, 3)))).shape == (0, 3)


@pytest.mark.parametrize("n_frames", [0, 1.5, "2"])
def test_other_than_whole_numbers_are_refused(n_frames):
    with pytest.raises(ValueError, match=r"FrameAverage: n_frames=.* must be a whole number"):
        FrameAverage(n_frames).fit([np.ones((3, 1))])
