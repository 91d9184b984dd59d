"""Estimate the tuning of a recording from its spectral peaks."""

import numpy as np

_PEAK_THRESHOLD = 0.1
_PEAK_RANGE_HZ = (150.0, 4000.0)
_RESOLUTION = 0.01
#: Reference of the octave scale: A0, 27.5 Hz.
A0_HZ = 27.5


def estimate_tuning(power, sampling_rate, n_fft, bins_per_octave=12):
    """Estimate the tuning of a clip, as :func:`librosa.estimate_tuning` does.

    Spectral peaks are located by parabolic interpolation [1]_; the tuning is the most
    frequent deviation, in steps of 0.01, of the stronger half of them from the
    nearest note of the equal-tempered scale on A = 440 Hz.

    Parameters
    ----------
    power : ndarray of shape (n_frames, 1 + n_fft // 2)
        Power spectrum.
    sampling_rate : int
        In Hz.
    n_fft : int
        Length of the Fourier transform in samples.
    bins_per_octave : int, default=12
        Number of notes of an octave.

    Returns
    -------
    float
        In fractions of a note, within [-0.5, 0.5); 0.0 without peaks.

    References
    ----------
    .. [1] J. O. Smith, "Sinusoidal Peak Interpolation", in Spectral Audio Signal
       Processing, 2011.
    """
    pitches, heights = _spectral_peaks(power, sampling_rate, n_fft)
    if len(pitches) == 0:
        return 0.0
    pitches = pitches[heights >= np.median(heights)]
    deviation = np.mod(bins_per_octave * np.log2(pitches / A0_HZ), 1.0)
    deviation[deviation >= 0.5] -= 1.0
    edges = np.linspace(-0.5, 0.5, int(np.ceil(1 / _RESOLUTION)) + 1)
    counts, _ = np.histogram(deviation, edges)
    return float(edges[np.argmax(counts)])


def _spectral_peaks(power, sampling_rate, n_fft):
    """Return frequencies in Hz and heights of the peaks above the threshold of their frame."""
    frequencies = np.fft.rfftfreq(n_fft, 1 / sampling_rate)
    low, high = np.searchsorted(frequencies, _PEAK_RANGE_HZ)
    # the first and the last bin have only one neighbour
    low, high = max(low, 1), max(min(high, len(frequencies) - 1), 1)
    # with one more bin on each side; the threshold is that of the whole frame
    band = power[:, low - 1 : high + 1]
    heights = band[:, 1:-1]
    loudest = _PEAK_THRESHOLD * power.max(axis=1, keepdims=True)
    # a neighbour below the threshold counts as 0, so it is below any peak
    is_peak = (heights > band[:, :-2]) & (heights >= band[:, 2:]) & (heights > loudest)
    # several times faster than np.nonzero of two axes
    frame, position = np.divmod(np.flatnonzero(is_peak), is_peak.shape[1])
    before, here, after = (band[frame, position + step] for step in range(3))
    curvature = after + before - 2 * here
    slope = (after - before) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        shift = np.where(np.abs(slope) >= np.abs(curvature), 0.0, -slope / curvature)
    pitches = (position + low + shift) * (sampling_rate / n_fft)
    return pitches, here + 0.5 * slope * shift
