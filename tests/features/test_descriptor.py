"""What all descriptors have in common: shapes, names, levels, and no clip that breaks them."""

import numpy as np
import pytest

from sk_ser.audio import Clip
from sk_ser.features import (
    MFCC,
    Chroma,
    FrameSequence,
    FundamentalFrequency,
    MelSpectrogram,
    RMSEnergy,
    SpectralBalance,
    SpectralStatistics,
    ZeroCrossingRate,
)

KINDS = [
    MFCC, Chroma, MelSpectrogram, SpectralStatistics, SpectralBalance, FundamentalFrequency,
    RMSEnergy, ZeroCrossingRate,
]  # fmt: skip
AWKWARD = {
    "silence": np.zeros(9_000),
    "one sample": [0.3],
    "two samples": [0.3, -0.3],
    "shorter than a frame": np.sin(np.arange(500)),
    "dc": np.full(9_000, 0.5),
    "alternating": np.tile([1.0, -1.0], 4_000),
    "clipped": np.sign(np.sin(np.arange(9_000) / 9)),
    "faint": np.sin(np.arange(9_000) / 9) * 1e-30,
    "huge": np.sin(np.arange(9_000) / 9) * 1e6,
    "pulse": np.eye(1, 9_000, 4_000)[0],
    "half silent": np.r_[np.zeros(5_000), np.sin(np.arange(5_000) / 9)],
}


@pytest.mark.parametrize("samples", AWKWARD.values(), ids=AWKWARD)
@pytest.mark.parametrize("center", [True, False])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.filterwarnings("ignore:.*times full scale")
def test_no_clip_makes_nan(kind, samples, center):
    sequence = kind(center=center).fit_transform([Clip(samples)])[0]
    assert np.isfinite(sequence).all()
    assert len(sequence) >= 1
    assert len(sequence.level) == len(sequence)
    assert (sequence.level <= 0).all()


@pytest.mark.parametrize("kind", KINDS)
def test_no_samples_make_no_frames(kind):
    sequences = kind().transform([Clip([]), Clip(np.ones(5_000))])
    assert sequences[0].shape == (0, sequences[1].shape[1])
    assert sequences[0].names == sequences[1].names


@pytest.mark.parametrize("kind", KINDS)
def test_columns_are_named_and_rates_known(kind, make_noise):
    descriptor = kind(hop_length=441)
    sequence = descriptor.fit_transform([make_noise(22_050, 22_050)])[0]
    assert isinstance(sequence, FrameSequence)
    assert sequence.names == tuple(descriptor.get_feature_names_out())
    assert sequence.shape == (51, len(sequence.names))
    assert sequence.frame_rate == 50.0


@pytest.mark.parametrize("kind", KINDS)
def test_a_clip_does_not_depend_on_those_beside_it(kind, make_noise):
    noises = [make_noise(6_000 + 700 * seed, seed=seed) for seed in range(3)]
    together = kind().fit_transform(noises)
    for noise, sequence in zip(noises, together, strict=True):
        np.testing.assert_array_equal(sequence, kind().fit_transform([noise])[0])


@pytest.mark.parametrize("kind", KINDS)
def test_equally_long_clips_make_one_array(kind, make_noise):
    found = kind().fit_transform([make_noise(), make_noise(seed=1)])
    assert isinstance(found, FrameSequence)
    assert found.ndim == 3
    np.testing.assert_array_equal(found[1], kind().fit_transform([make_noise(seed=1)])[0])


@pytest.mark.parametrize("kind", KINDS)
def test_the_clips_are_left_alone(kind, make_noise):
    noise = make_noise()
    before = noise.copy()
    kind().fit_transform([noise])
    np.testing.assert_array_equal(noise, before)


@pytest.mark.parametrize(
    "wrong",
    [
        {"n_fft": 1},
        {"n_fft": 512.0},
        {"hop_length": 0},
        {"hop_length": 10.5},
        {"win_length": 0},
        {"win_length": 2_049},
        {"window": "house"},
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", [MFCC, Chroma, MelSpectrogram, SpectralStatistics])
@pytest.mark.parametrize("method", ["fit", "transform"])
def test_bad_framing_is_named(kind, wrong, method):
    ((name, value),) = wrong.items()
    with pytest.raises(ValueError, match=rf"{kind.__name__}: {name}={value!r}"):
        getattr(kind(**wrong), method)([np.ones(5)])


def test_paths_are_refused_with_the_remedy():
    with pytest.raises(ValueError, match=r"MFCC: X\[0\] is a path \('x.wav'\).*AudioLoader"):
        MFCC().fit(["x.wav"])
