import numpy as np
import pytest

from sk_ser.features import FrameSequence, MeanNormalizer, MelSpectrogram, make_clip_pipeline


def test_each_clip_loses_its_own_mean():
    clips = [np.array([[1.0, 10.0], [3.0, 30.0]]), np.array([[5.0, 50.0]])]
    first, second = MeanNormalizer().fit_transform(clips)
    assert first.tolist() == [[-1.0, -10.0], [1.0, 10.0]]
    assert second.tolist() == [[0.0, 0.0]]


def test_a_filter_that_colours_the_whole_clip_goes():
    rng = np.random.default_rng(0)
    sequence = FrameSequence(rng.normal(size=(50, 8)), names=[f"mel_{i}" for i in range(8)])
    coloured = FrameSequence(sequence + rng.normal(size=8) * 20, sequence.names)
    plain, other = MeanNormalizer().fit_transform([sequence, coloured])
    np.testing.assert_allclose(plain, other, atol=1e-4)


def test_only_named_descriptors_are_normalised_and_tags_stay():
    sequence = FrameSequence(
        [[1.0, 5.0], [3.0, 6.0]], names=["mel_0", "f0"], frame_rate=50.0, level=[0.0, -3.0]
    )
    result = MeanNormalizer(("mel_",)).transform_clip(sequence)
    assert result.tolist() == [[-1.0, 5.0], [1.0, 6.0]]
    assert (result.names, result.frame_rate, result.level.tolist()) == (
        sequence.names,
        50.0,
        [0.0, -3.0],
    )


def test_names_that_are_not_there_are_refused():
    sequence = FrameSequence([[1.0], [2.0]], names=["rms"])
    with pytest.raises(ValueError, match=r"MeanNormalizer: prefixes=\('mel_',\).*rms"):
        MeanNormalizer(("mel_",)).fit_transform([sequence])
    with pytest.raises(ValueError, match="prefixes='mel_' must be a sequence"):
        MeanNormalizer("mel_").fit([sequence])


def test_it_may_stand_in_a_clip_pipeline_and_takes_a_clip_without_frames():
    pipeline = make_clip_pipeline(MelSpectrogram(n_mels=4, scale="db"), MeanNormalizer())
    result = pipeline.transform([np.random.default_rng(0).normal(size=4_000)])[0]
    assert abs(np.asarray(result).mean()) < 1e-4
    empty = FrameSequence(np.empty((0, 3)))
    assert MeanNormalizer().transform_clip(empty).shape == (0, 3)
