"""Load recordings: decoding, resampling, trimming and levels."""

from sk_ser._arrays import DEFAULT_SAMPLING_RATE, Clip
from sk_ser.audio._decode import AUDIO_SUFFIXES, decode, decode_chunks, duration_of
from sk_ser.audio._facts import recording_facts
from sk_ser.audio._loader import AudioLoader, drop_unreadable
from sk_ser.audio._mix import mix_channels
from sk_ser.audio._trim import trim
from sk_ser.audio._usable import check_duration, check_usable

__all__ = [
    "AUDIO_SUFFIXES",
    "DEFAULT_SAMPLING_RATE",
    "AudioLoader",
    "Clip",
    "check_duration",
    "check_usable",
    "decode",
    "decode_chunks",
    "drop_unreadable",
    "duration_of",
    "mix_channels",
    "recording_facts",
    "trim",
]
