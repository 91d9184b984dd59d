"""Slaney's mel scale: 200/3 Hz per mel up to 1 kHz, then 27 mel per factor of 6.4."""

import numpy as np

_HZ_PER_MEL = 200 / 3
_BREAK_HZ = 1000.0
_BREAK_MEL = _BREAK_HZ / _HZ_PER_MEL
_LOG_STEP = np.log(6.4) / 27


def hz_to_mel(hz):
    """Convert frequencies in Hz, a number or an array, to mel."""
    above = _BREAK_MEL + np.log(np.maximum(hz, _BREAK_HZ) / _BREAK_HZ) / _LOG_STEP
    return np.where(np.less(hz, _BREAK_HZ), np.divide(hz, _HZ_PER_MEL), above)


def mel_to_hz(mel):
    """Convert mel, a number or an array, to frequencies in Hz."""
    above = _BREAK_HZ * np.exp(_LOG_STEP * (mel - _BREAK_MEL))
    return np.where(mel < _BREAK_MEL, mel * _HZ_PER_MEL, above)
