"""A source-filter voice: glottal pulses and aspiration, filtered by a vocal tract.

Conventions: F0 and formants in Hz; formants have one row for each frame, and frame ``k`` is
centred on sample ``k * hop``; time in seconds. All random numbers come from the ``rng`` passed.

References
----------
.. [1] D. H. Klatt and L. C. Klatt, "Analysis, synthesis, and perception of voice
   quality variations among female and male talkers", JASA 87, 1990 (KLGLOTT88).
.. [2] D. H. Klatt, "Software for a cascade/parallel formant synthesizer", JASA 67, 1980.
.. [3] V. Välimäki and A. Huovilainen, "Antialiasing oscillators in subtractive
   synthesis", IEEE Signal Processing Magazine 24, 2007 (polynomial BLEP).
.. [4] G. E. Peterson and H. L. Barney, "Control methods used in a study of the
   vowels", JASA 24, 1952, table II (men).
"""

from typing import NamedTuple

import numpy as np
from scipy.signal import lfilter

#: Length in cm of the vocal tract with the formants below.
MALE_TRACT = 17.5
#: F4 and F5 in Hz of a uniform tube of that length, closed at the glottis: (2n - 1) c / 4L.
_UPPER_FORMANTS = (3_500.0, 4_500.0)
#: Bandwidths in Hz of F1 to F5 [2]_.
_BANDWIDTHS = (60.0, 90.0, 150.0, 250.0, 300.0)
#: Distance of frames in seconds.
_HOP = 0.010
#: Standard deviation in seconds of the rise and fall of F0 at an accent.
_ACCENT = 0.08
#: Mean absolute difference of two standard normal draws; jitter is such a difference.
_MEAN_DIFFERENCE = 2 / np.sqrt(np.pi)


class Segment(NamedTuple):
    """A segment of speech with one posture of the vocal tract.

    ``formants`` are F1 to F3 in Hz of a male tract (None: those of the next segment that has
    any); ``voicing`` and ``noise`` are the amplitudes, from 0 to 1, of the voice and of the noise
    at a constriction; the noise is strongest at ``noise_hz``.
    """

    formants: tuple | None
    seconds: float
    voicing: float = 0.0
    noise: float = 0.0
    noise_hz: float = 1_500.0


def _stop(noise_hz):
    return (Segment(None, 0.06), Segment(None, 0.02, noise=0.35, noise_hz=noise_hz))


#: F1 to F3 of the vowels in Hz, by ARPAbet name: [4]_.
_VOWEL_FORMANTS = {
    "IY": (270, 2290, 3010), "IH": (390, 1990, 2550), "EH": (530, 1840, 2480),
    "AE": (660, 1720, 2410), "AA": (730, 1090, 2440), "AO": (570, 840, 2410),
    "UH": (440, 1020, 2240), "UW": (300, 870, 2240), "AH": (640, 1190, 2390),
}  # fmt: skip
#: Postures of each phone, by ARPAbet name.
VOWELS = {name: (Segment(f, 0.15, voicing=1.0),) for name, f in _VOWEL_FORMANTS.items()}
CONSONANTS = {
    "M": (Segment((250, 1_000, 2_200), 0.07, voicing=0.4),),
    "N": (Segment((250, 1_500, 2_500), 0.07, voicing=0.4),),
    "L": (Segment((350, 1_100, 2_700), 0.07, voicing=0.6),),
    "S": (Segment(None, 0.10, noise=0.25, noise_hz=5_500.0),),
    "SH": (Segment(None, 0.10, noise=0.30, noise_hz=3_000.0),),
    "Z": (Segment(None, 0.08, voicing=0.3, noise=0.15, noise_hz=5_500.0),),
    **{"P": _stop(900.0), "T": _stop(4_000.0), "K": _stop(1_800.0)},
}


def glottal_pulses(f0, sampling_rate, *, open_quotient=0.6, jitter=0.0, shimmer=0.0, rng=None):
    r"""Synthesise the derivative of the glottal flow: KLGLOTT88 pulses of unit power.

    Within the open phase, :math:`x \in [0, 1]`, the flow is :math:`x^2 - x^3` and its
    derivative :math:`2x - 3x^2` (eq. 1 of [1]_), which ends in a jump at the closure.
    A polynomial BLEP [3]_ rounds the jump over two samples. Without it, aliases of the jump
    would lie among the formants.

    Parameters
    ----------
    f0 : ndarray of shape (n_samples,)
        Fundamental frequency in Hz, above 0 and well below `sampling_rate` / 4.
    sampling_rate : int
        Samples per second, in Hz.
    open_quotient : float, default=0.6
        Open part of the cycle, in (0, 1].
    jitter, shimmer : float, default=0
        Mean absolute difference of neighbouring periods (amplitudes) over their mean,
        Praat's local jitter (shimmer), a fraction. 0: constant.
    rng : numpy.random.Generator, default=None
        Not needed if both are 0.

    Returns
    -------
    pulses : ndarray of shape (n_samples,)

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.datasets._voice import glottal_pulses
    >>> pulses = glottal_pulses(np.full(16_000, 100.0), 16_000)
    >>> bool(np.allclose(pulses[160:8_000], pulses[320:8_160], atol=1e-6))
    True
    """
    phase = np.cumsum(f0 / sampling_rate)
    n_cycles = int(1.5 * phase[-1]) + 8
    if jitter:
        # Periods, not instants, are perturbed: the whole cycle is stretched evenly.
        periods = 1 + jitter / _MEAN_DIFFERENCE * rng.standard_normal(n_cycles)
        closures = np.concatenate([[0.0], np.cumsum(np.clip(periods, 0.7, 1.3))])
        phase = np.interp(phase, closures, np.arange(n_cycles + 1))
    gain = np.ones(n_cycles)
    if shimmer:
        gain += np.clip(shimmer / _MEAN_DIFFERENCE * rng.standard_normal(n_cycles), -0.9, 0.9)
    cycle = phase.astype(int)
    within = phase - cycle
    opening = np.maximum(0.0, 1 - (1 - within) / open_quotient)
    pulses = opening * (2 - 3 * opening) * gain[cycle]
    pulses += _rounded_closures(within, cycle, np.diff(phase, prepend=0.0), gain)
    return pulses / np.sqrt(open_quotient * 2 / 15)  # the integral of (2x - 3x²)² is 2/15


def _rounded_closures(within, cycle, step, gain):
    """Correction that band-limits the jump of height `gain` at each closure when added."""
    correction = np.zeros_like(within)
    after = np.flatnonzero((within < step) & (cycle > 0))
    t = within[after] / step[after] - 1
    correction[after] = -0.5 * t**2 * gain[cycle[after] - 1]
    before = np.flatnonzero(within > 1 - step)
    t = (within[before] - 1) / step[before] + 1
    correction[before] = 0.5 * t**2 * gain[cycle[before]]
    return correction


def tilt_spectrum(samples, tilt, sampling_rate, at=3_000.0):
    """Low-pass `samples` with one pole that attenuates by `tilt` dB at `at` Hz and not at 0 Hz.

    The TL of KLGLOTT88 [1]_: a lax glottis closes gradually, a pressed one abruptly.
    """
    if tilt <= 0:
        return samples
    lost, cosine = 10 ** (tilt / 10), np.cos(2 * np.pi * at / sampling_rate)
    # |1 - a exp(-jw)|² = lost (1 - a)², solved for the root within the unit circle.
    middle = (lost - cosine) / (lost - 1)
    pole = middle - np.sqrt(middle**2 - 1)
    return lfilter([1 - pole], [1, -pole], samples)


def resonances(frequencies, bandwidths, sampling_rate):
    """Compute the denominators of a cascade of resonators, frame by frame.

    From centres (n_frames, n_formants) and bandwidths (n_formants,) in Hz: polynomials in
    1/z, (n_frames, 2 n_formants + 1), with the poles ``exp((-b ± 2j f) π / sampling_rate)``,
    eq. 2 of [2]_. A resonator above 90% of the Nyquist frequency is left out.
    """
    frequencies = np.asarray(frequencies, dtype=float)
    radii = np.exp(-np.pi * np.asarray(bandwidths) / sampling_rate)
    radii = np.where(frequencies < 0.45 * sampling_rate, radii, 0.0)
    linear = -2 * radii * np.cos(2 * np.pi * frequencies / sampling_rate)
    product = np.zeros((len(frequencies), 2 * frequencies.shape[1] + 1))
    product[:, 0] = 1.0
    for b, c in zip(linear.T, radii.T**2, strict=True):
        longer = product.copy()
        longer[:, 1:] += b[:, None] * product[:, :-1]
        longer[:, 2:] += c[:, None] * product[:, :-2]
        product = longer
    return product


def filter_frames(source, denominators, gains, hop):
    """Filter `source` with an all-pole filter that changes from frame to frame.

    The source (n_samples,) is cut by Hann windows that add up to one. Each frame is filtered
    by its own response, ``gains / denominators`` (``n_samples // hop + 2`` rows or more), and
    the results are overlap-added, so that there are no clicks. Responses last 6 hops.
    """
    n_frames, n_fft = len(source) // hop + 2, 8 * hop
    padded = np.zeros((n_frames + 1) * hop)
    padded[hop : hop + len(source)] = source
    window = 0.5 - 0.5 * np.cos(np.pi * np.arange(2 * hop) / hop)
    frames = np.lib.stride_tricks.sliding_window_view(padded, 2 * hop)[::hop] * window
    spectra = np.fft.rfft(frames, n_fft) / np.fft.rfft(denominators[:n_frames], n_fft)
    blocks = np.fft.irfft(spectra * gains[:n_frames, None], n_fft).reshape(n_frames, 8, hop)
    filtered = np.zeros((n_frames + 8, hop))
    for k in range(8):
        filtered[k : k + n_frames] += blocks[:, k]
    return filtered.ravel()[hop : hop + len(source)]


def vowel_cavity(source, formants, tract_length, sampling_rate, hop):
    """Filter `source` by a vocal tract of `tract_length` cm, given the `formants` of a male one.

    The formants of a tube are inversely proportional to its length, so all five, F1 to F3 from
    the rows of `formants` and two more, are scaled by ``17.5 / tract_length``. The gain is one at
    0 Hz, so that the level of a vowel depends on its formants, as in speech.
    """
    upper = np.broadcast_to(_UPPER_FORMANTS, (len(formants), 2))
    scaled = np.hstack([formants, upper]) * (MALE_TRACT / tract_length)
    denominators = resonances(scaled, _BANDWIDTHS, sampling_rate)
    return filter_frames(source, denominators, denominators.sum(axis=1), hop)


def melody(segments, accents, f0_mean, f0_range, f0_final, n_points=200):
    """Compute a contour of F0 that declines, rises at each accent and moves at the end.

    `accents` has one height for each segment, 0 without an accent. Over voiced segments `f0_mean`
    in Hz is the geometric mean and `f0_range` in semitones the distance of the extremes. The last
    fifth rises by `f0_final`, in [-1, 1], of an accent. Returns (n_points,) values for
    :func:`speak`.
    """
    seconds = np.array([s.seconds for s in segments])
    total = seconds.sum()
    ends, t = np.cumsum(seconds) / total, np.linspace(0, 1, n_points)
    distance = (t[:, None] - ends + 0.5 * seconds / total) * total / _ACCENT
    shape = np.exp(-0.5 * distance**2) @ accents - 0.6 * t
    shape += f0_final * np.clip((t - 0.75) / 0.2, 0, 1)
    voiced = np.array([s.voicing > 0 for s in segments])[np.searchsorted(ends[:-1], t)]
    semitones = (shape - shape[voiced].mean()) * f0_range / np.ptp(shape[voiced])
    return f0_mean * 2 ** (semitones / 12)


def _tracks(segments, n_samples, hop, sampling_rate):
    """Formants and noise_hz by frame, voicing and noise by sample, smoothed between postures."""
    ends = np.cumsum([s.seconds for s in segments]) * sampling_rate
    postures = _filled([s.formants for s in segments])
    at_frames = np.searchsorted(ends[:-1], np.arange(n_samples // hop + 2) * hop, side="right")
    at_samples = np.searchsorted(ends[:-1], np.arange(n_samples), side="right")
    formants = _smoothed(postures[at_frames], 5)
    noise_hz = np.array([[s.noise_hz] for s in segments])[at_frames]
    amplitudes = np.array([(s.voicing, s.noise) for s in segments])[at_samples]
    voicing, noise = _smoothed(amplitudes, hop | 1).T
    return formants, voicing, noise, noise_hz


def _filled(formants):
    """Fill in missing formants: those of the next posture that has some, or of the last."""
    known = np.flatnonzero([f is not None for f in formants])
    chosen = np.searchsorted(known, np.arange(len(formants))).clip(max=len(known) - 1)
    return np.array([formants[k] for k in known[chosen]], dtype=float)


def _smoothed(tracks, width):
    """Average each column over `width` steps, an odd number, with the ends repeated."""
    padded = np.pad(tracks, [(width // 2 + 1, width // 2), (0, 0)], mode="edge")
    sums = np.cumsum(padded, axis=0)
    return (sums[width:] - sums[:-width]) / width


def speak(
    segments,
    f0,
    *,
    tract_length=MALE_TRACT,
    spectral_tilt=0.0,
    breathiness=-40.0,
    jitter=0.0,
    shimmer=0.0,
    sampling_rate=16_000,
    rng=None,
):
    """Synthesise `segments` with the contour `f0`.

    `f0` in Hz is given at points spaced evenly from the first sample to the last,
    `tract_length` in cm, `spectral_tilt` in dB of attenuation at 3 kHz, `breathiness` in dB, the
    power of the aspiration relative to that of the pulses; `jitter` and `shimmer` as in
    :func:`glottal_pulses`. `rng` is a Generator; None: one seeded by 0. Returns speech in
    arbitrary units, shape (n_samples,), without a constant part.

    Examples
    --------
    >>> from sk_ser.datasets._voice import Segment, speak
    >>> speak([Segment((730, 1090, 2440), seconds=0.5, voicing=1.0)], [120.0]).shape
    (8000,)
    """
    rng = np.random.default_rng(0) if rng is None else rng
    n_samples = round(sum(s.seconds for s in segments) * sampling_rate)
    hop = round(_HOP * sampling_rate)
    formants, voicing, noise, noise_hz = _tracks(segments, n_samples, hop, sampling_rate)
    pitch = np.interp(np.linspace(0, 1, n_samples), np.linspace(0, 1, len(f0)), f0)
    pulses = glottal_pulses(pitch, sampling_rate, jitter=jitter, shimmer=shimmer, rng=rng)
    hiss = rng.standard_normal((2, n_samples))
    source = tilt_spectrum(pulses, spectral_tilt, sampling_rate)
    source = voicing * (source + 10 ** (breathiness / 20) * hiss[0])
    speech = vowel_cavity(source, formants, tract_length, sampling_rate, hop)
    # Frication arises near the lips, so only the short cavity in front of it filters it.
    front = resonances(noise_hz * (MALE_TRACT / tract_length), [1_200.0], sampling_rate)
    speech += filter_frames(noise * hiss[1], front, np.abs(front).sum(axis=1) / 4, hop)
    return lfilter([1, -1], [1, -np.exp(-2 * np.pi * 30 / sampling_rate)], speech)
