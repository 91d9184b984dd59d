"""Fixtures shared by all tests: known signals and, where they are present, real corpora."""

import os
from pathlib import Path

# SciPy and scikit-learn read this at import; without it scikit-learn skips some checks
os.environ.setdefault("SCIPY_ARRAY_API", "1")

import numpy as np
import pytest
from hypothesis import settings

from sk_ser.audio import Clip, decode

# how long an example takes depends on what else the machine does
settings.register_profile("sk_ser", deadline=None)
settings.load_profile("sk_ser")


def pytest_collection_modifyitems(items):
    """Mark the tests of every module that imports librosa."""
    for item in items:
        if hasattr(getattr(item, "module", None), "librosa"):
            item.add_marker("oracle")


@pytest.fixture(scope="session")
def corpora():
    """Folder of real corpora named by SK_SER_DATA."""
    folder = os.environ.get("SK_SER_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("SK_SER_DATA does not name a folder of real corpora")
    return Path(folder)


@pytest.fixture(scope="session")
def real_clips(corpora):
    """25 real recordings of four corpora, at the sampling rates that they have."""
    clips = []
    for name, count in {"emodb": 6, "ravdess": 6, "tess": 7, "urdu": 6}.items():
        paths = sorted((corpora / name).rglob("*.flac"))
        for path in paths[:: len(paths) // count][:count]:
            samples, rate = decode(path)
            clips.append(Clip(samples.mean(axis=1), rate))
    return clips


@pytest.fixture(scope="session")
def make_tone():
    """Make a sine of a frequency in Hz, a length in seconds and a sampling rate."""

    def make(hz, seconds=1.0, sampling_rate=16_000, amplitude=0.5):
        time = np.arange(round(seconds * sampling_rate)) / sampling_rate
        return Clip(amplitude * np.sin(2 * np.pi * hz * time + 0.1), sampling_rate)

    return make


@pytest.fixture(scope="session")
def make_noise():
    """Make white noise of a length in samples."""

    def make(n_samples=16_000, sampling_rate=16_000, seed=0):
        noise = np.random.default_rng(seed).normal(scale=0.1, size=n_samples)
        return Clip(noise, sampling_rate)

    return make
