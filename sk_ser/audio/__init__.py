"""Recordings in: decoding, resampling, trimming and levels."""

from sk_ser.audio._clip import DEFAULT_SAMPLING_RATE, Clip

__all__ = ["DEFAULT_SAMPLING_RATE", "Clip"]
