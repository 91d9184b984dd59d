import numpy as np
import pytest

from sk_ser.augmentation import BandShift
from sk_ser.features import FrameSequence, MelSpectrogram


def test_whole_bands_move_and_the_edge_goes_on():
    values = np.array([[1.0, 5.0, 2.0, 0.0]])
    assert BandShift(2).fit_transform([values])[0].tolist() == [[1.0, 1.0, 1.0, 5.0]]
    assert BandShift(-1).fit_transform([values])[0].tolist() == [[5.0, 2.0, 0.0, 0.0]]
    assert BandShift(0).fit_transform([values])[0].tolist() == values.tolist()


def test_half_a_band_lies_between_bands():
    assert BandShift(0.5).fit_transform([np.array([[0.0, 4.0, 8.0]])])[0].tolist() == [[0, 2, 6]]


def test_the_peak_of_a_tone_moves_by_as_many_bands():
    time = np.arange(16_000) / 16_000
    mel = MelSpectrogram(n_mels=64, scale="db").fit_transform([np.sin(2 * np.pi * 1500 * time)])[0]
    shifted = BandShift(3).transform_clip(mel)
    assert np.argmax(shifted.mean(axis=0)) == np.argmax(mel.mean(axis=0)) + 3


def test_only_the_named_descriptors_move_and_tags_stay():
    sequence = FrameSequence([[1.0, 2.0, 9.0]], names=["mel_0", "mel_1", "f0"], frame_rate=50.0)
    result = BandShift(1, prefixes=("mel_",)).transform_clip(sequence)
    assert result.tolist() == [[1.0, 1.0, 9.0]]
    assert (result.names, result.frame_rate) == (sequence.names, 50.0)
    assert sequence.tolist() == [[1.0, 2.0, 9.0]]


def test_names_that_are_not_there_are_refused():
    for names, told in ((["rms"], "rms"), (None, "they have none")):
        sequence = FrameSequence([[1.0]], names=names)
        with pytest.raises(ValueError, match=rf"BandShift: prefixes=\('mel_',\).*{told}"):
            BandShift(prefixes=("mel_",)).transform_clip(sequence)
    with pytest.raises(ValueError, match="prefixes='mel_' must be a sequence"):
        BandShift(prefixes="mel_").fit([np.ones((3, 1))])


def test_what_is_drawn_lies_in_the_range():
    rng = np.random.default_rng(0)
    drawn = [BandShift((-1.5, 0.5)).draw(rng) for _ in range(200)]
    assert -1.5 <= min(drawn) < -1.3
    assert 0.3 < max(drawn) <= 0.5
