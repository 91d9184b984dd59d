"""The limits of sampling rates and durations: the only place that knows them.

Headers of recordings and files of models come from strangers. A header that says 1 Hz would turn a
small file into hours at 16 kHz, and a model could ask for clips that fill the memory.
"""

#: Least and largest sampling rate in Hz, of a recording and to resample to.
RATES = 1_000, 768_000
#: Duration in seconds of the shortest usable clip, about half a syllable.
SHORTEST = 0.1
#: Largest number of samples of a clip, of one channel: 70 minutes at 16 kHz, 256 MiB.
MOST_SAMPLES = 2**26
#: Largest level of a clip in dB relative to full scale, in magnitude.
LARGEST_LEVEL = 200


def is_rate(rate):
    """Check for a sampling rate within the limits."""
    return RATES[0] <= rate <= RATES[1]


def rates_text():
    """Describe the limits of a sampling rate."""
    return f"from {RATES[0]:,} to {RATES[1]:,} Hz"
