"""Descriptors side by side: the same numbers as one by one, for one Fourier transform."""

import numpy as np
import pytest
from sklearn.base import clone

from sk_ser.features import (
    MFCC,
    Chroma,
    Delta,
    Frames,
    FrameUnion,
    FundamentalFrequency,
    MelSpectrogram,
    RMSEnergy,
    SpectralStatistics,
    ZeroCrossingRate,
    _frames,
    make_frame_union,
)

ALL = [
    MFCC(13), Chroma(), SpectralStatistics(), MelSpectrogram(20), ZeroCrossingRate(), RMSEnergy(),
    FundamentalFrequency(),
]  # fmt: skip


def test_columns_are_those_of_each(make_noise):
    noise = make_noise()
    union = make_frame_union(*ALL)
    expected = np.concatenate([one.fit_transform([noise])[0] for one in ALL], axis=1)
    found = union.fit_transform([noise])[0]
    np.testing.assert_array_equal(found, expected)
    assert found.names == tuple(union.get_feature_names_out())
    assert len(set(found.names)) == found.shape[1]


def test_one_fourier_transform_serves_all(monkeypatch, make_noise):
    noise, n_frames = make_noise(), []
    transform = _frames.rfft
    monkeypatch.setattr(
        _frames, "rfft", lambda pieces, **k: n_frames.append(len(pieces)) or transform(pieces, **k)
    )
    make_frame_union(MFCC(), Chroma(), SpectralStatistics(), MelSpectrogram(40)).transform([noise])
    assert sum(n_frames) == 1 + 16_000 // 512
    for one in (MFCC(), Chroma(), SpectralStatistics()):
        one.transform([noise])
    assert sum(n_frames) == 4 * (1 + 16_000 // 512)


def test_one_analysis_is_handed_to_all(monkeypatch, make_noise):
    made = []
    create = Frames.__init__
    monkeypatch.setattr(Frames, "__init__", lambda self, clip: made.append(1) or create(self, clip))
    make_frame_union(*ALL).transform([make_noise()])
    assert len(made) == 1


def test_names_that_clash_get_their_descriptors_in_front(make_noise):
    union = FrameUnion([("a", MFCC(1)), ("b", MFCC(2)), ("rms", RMSEnergy())])
    assert union.get_feature_names_out().tolist() == ["a__mfcc_0", "b__mfcc_0", "mfcc_1", "rms"]


def test_names_are_made_of_classes():
    union = make_frame_union(MFCC(2), MFCC(3), RMSEnergy())
    assert [name for name, _ in union.descriptors] == ["mfcc-1", "mfcc-2", "rmsenergy"]


def test_levels_are_the_first_descriptors(make_noise):
    noise = make_noise()
    union = make_frame_union(MFCC(n_fft=512), RMSEnergy())
    np.testing.assert_array_equal(
        union.fit_transform([noise])[0].level, MFCC(n_fft=512).fit_transform([noise])[0].level
    )


def test_parameters_are_set_by_name():
    union = make_frame_union(MFCC(), RMSEnergy())
    union.set_params(mfcc__n_mfcc=5, rmsenergy=ZeroCrossingRate())
    assert len(union.get_feature_names_out()) == 6
    assert clone(union).get_params()["mfcc__n_mfcc"] == 5
    with pytest.raises(ValueError, match="Invalid parameter 'pitch'"):
        union.set_params(pitch__fmin=3)


def test_framing_is_set_where_it_is_known_and_what_was_given_is_left_alone():
    mfcc, rms = MFCC(), RMSEnergy()
    union = make_frame_union(mfcc, rms, hop_length=160, n_fft=512)
    params = union.get_params()
    assert (params["mfcc__hop_length"], params["mfcc__n_fft"]) == (160, 512)
    assert params["rmsenergy__hop_length"] == 160
    assert mfcc.hop_length == rms.hop_length == 512


def test_unknown_parameters_of_frames_are_refused():
    with pytest.raises(TypeError, match="hop_lenght"):
        make_frame_union(MFCC(), hop_lenght=160)


@pytest.mark.parametrize("other", [RMSEnergy(hop_length=160), RMSEnergy(center=False)])
def test_frames_that_do_not_fit_are_refused_with_their_numbers(make_noise, other):
    union = make_frame_union(MFCC(), other)
    with pytest.raises(ValueError, match=r"'mfcc': 32, 'rmsenergy': \d+.*same hop_length"):
        union.transform([make_noise()])


@pytest.mark.parametrize("wrong", [Delta(), "passthrough", None, MFCC])
def test_what_describes_nothing_is_refused_by_name(wrong):
    with pytest.raises(TypeError, match=r"FrameUnion: 'x' is .* not a Descriptor"):
        FrameUnion([("mfcc", MFCC()), ("x", wrong)]).fit([np.ones(5)])


def test_members_are_checked():
    with pytest.raises(ValueError, match="MFCC: n_mfcc=0"):
        make_frame_union(MFCC(0)).fit([np.ones(5)])


@pytest.mark.parametrize(
    "descriptors, message",
    [
        ([], "FrameUnion: descriptors is empty"),
        ([("a", MFCC()), ("a", Chroma())], "not unique"),
        ([("a__b", MFCC())], "must not contain __"),
    ],
)
def test_bad_names_are_refused(descriptors, message):
    with pytest.raises(ValueError, match=message):
        FrameUnion(descriptors).fit([np.ones(5)])


def test_a_union_in_a_union(make_noise):
    inner = make_frame_union(RMSEnergy(), ZeroCrossingRate())
    found = FrameUnion([("mfcc", MFCC(2)), ("inner", inner)]).fit_transform([make_noise()])
    assert found.names == ("mfcc_0", "mfcc_1", "rms", "zcr")
