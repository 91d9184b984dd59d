"""One rule says which recordings are usable."""

import numpy as np
import pytest

from sk_ser.audio import Clip, check_duration, check_usable
from sk_ser.exceptions import AudioError


def tone(seconds, amplitude=0.1, rate=8_000):
    return Clip(amplitude * np.sin(np.arange(round(seconds * rate))), rate)


@pytest.mark.parametrize("seconds", [0.1, 1.0, 30.0])
def test_a_clip_that_is_usable_is_returned(seconds):
    clip = tone(seconds)
    assert check_usable(clip, longest=30.0) is clip


@pytest.mark.parametrize(
    ("clip", "reason"),
    [
        (tone(0.09), "too short: 0.09 s"),
        (tone(0.0), "too short: 0 s"),
        (tone(1.1), "too long: 1.1 s, and 1 s are allowed"),
        (tone(0.5, amplitude=1.4e-4), "silent"),
        (Clip(np.full(8_000, 0.5)), "silent"),
    ],
)
def test_the_reason_is_named(clip, reason):
    with pytest.raises(AudioError, match=reason) as caught:
        check_usable(clip, longest=1.0)
    assert caught.value.path is None
    assert not caught.value.reason.endswith(".")


def test_just_above_silence_is_usable():
    check_usable(tone(1.0, amplitude=1.5e-4))


def test_blocks_and_a_constant_offset_do_not_matter():
    long = Clip(np.float32(0.5) + np.asarray(tone(20.0, amplitude=1.5e-4)), 8_000)
    assert len(long) > 2 * 2**16
    check_usable(long)


def test_a_duration_is_checked_before_decoding_if_it_is_known():
    check_duration(None, longest=1.0)
    check_duration(1e9)
    with pytest.raises(AudioError, match=r"too long: 2\.5 s"):
        check_duration(2.5, longest=2.0)
