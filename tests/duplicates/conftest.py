"""Clips that are copied, and the ways of copying them."""

import io

import numpy as np
import pytest
import soundfile as sf
import soxr

from sk_ser.audio import Clip, trim
from sk_ser.augmentation import AddNoise, Gain, PitchShift, TimeShift, TimeStretch
from sk_ser.datasets import make_emotional_speech


@pytest.fixture(scope="session")
def speech():
    """12 sentences of three speakers, each said once in each of two emotions."""
    voice = {"duration": 2.5, "random_state": 0}
    return make_emotional_speech(3, 2, ["anger", "sadness"], **voice).data


def encode(clip, file_format, subtype, **options):
    """Write a clip as a file, and read it."""
    # MP3 knows a few sampling rates only
    rate = 24_000 if clip.sampling_rate == 24_414 else clip.sampling_rate
    file = io.BytesIO()
    sf.write(file, resample(clip, rate), rate, format=file_format, subtype=subtype, **options)
    file.seek(0)
    return Clip(*sf.read(file, dtype="float32"))


def resample(clip, rate):
    return Clip(soxr.resample(np.asarray(clip), clip.sampling_rate, rate), rate)


def pad(clip):
    silence = np.zeros(clip.sampling_rate // 4)
    return Clip(np.concatenate([silence, clip, silence, silence]), clip.sampling_rate)


def make_sibling(clip):
    """Stretch, shift in pitch and add noise, as augmentation does."""
    for augmenter in (TimeStretch(), PitchShift(), AddNoise(20.0)):
        clip = augmenter.set_params(random_state=0).transform_clip(clip)
    return clip


#: Ways of making one clip over, by name.
CHANGES = {
    "mp3": lambda clip: encode(clip, "MP3", "MPEG_LAYER_III", compression_level=0.9),
    "ogg": lambda clip: encode(clip, "OGG", "VORBIS", compression_level=0.9),
    "12 bits": lambda clip: Clip(np.round(2_048 * clip) / 2_048, clip.sampling_rate),
    "8 kHz": lambda clip: resample(clip, 8_000),
    "48 kHz": lambda clip: resample(clip, 48_000),
    "-20 dB": Gain(-20.0).transform_clip,
    "noise": AddNoise(20.0, random_state=0).transform_clip,
    "later": TimeShift(0.1).transform_clip,
    "earlier": TimeShift(-0.1).transform_clip,
    "rolled": TimeShift(0.1, mode="roll").transform_clip,
    "padded": pad,
    "trimmed": lambda clip: Clip(
        trim(np.asarray(clip), clip.sampling_rate, 30), clip.sampling_rate
    ),
    "slower": TimeStretch(0.9).transform_clip,
    "a little faster": TimeStretch(1.04).transform_clip,
    "faster": TimeStretch(1.1).transform_clip,
    "lower": PitchShift(-2.0).transform_clip,
    "a little higher": PitchShift(0.7).transform_clip,
    "higher": PitchShift(2.0).transform_clip,
    "sibling": make_sibling,
}


@pytest.fixture(params=CHANGES)
def change(request):
    """One way of making a clip over."""
    return CHANGES[request.param]
