"""Several channels become one."""

import numpy as np
import pytest

from sk_ser.audio import mix_channels
from sk_ser.exceptions import AudioError

STEREO = np.array([[0.0, 1.0], [0.5, 0.25]], dtype=np.float32)


def test_channels_are_averaged_selected_or_kept():
    np.testing.assert_array_equal(mix_channels(STEREO, "mix")[:, 0], STEREO.mean(axis=1))
    np.testing.assert_array_equal(mix_channels(STEREO, 1), STEREO[:, [1]])
    assert mix_channels(STEREO, None) is STEREO


def test_a_missing_channel_is_named_with_its_file():
    with pytest.raises(AudioError, match=r"^a\.wav: no channel 2, as mono=2 asks: there are 2"):
        mix_channels(STEREO, 2, path="a.wav")
