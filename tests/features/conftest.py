"""Signals that need no corpus, and how near to librosa is near."""

import numpy as np
import pytest
from scipy.signal import chirp

from sk_ser.audio import Clip


def _signals(rate):
    rng = np.random.default_rng(0)
    time = np.arange(rate) / rate
    click = np.zeros(rate)
    click[rate // 3 : rate // 3 + 20] = np.hanning(20)
    pulse = np.zeros(rate)
    pulse[rate // 2] = 0.7
    tone = 0.5 * np.sin(2 * np.pi * 440 * time)
    swell = rng.normal(scale=0.1, size=rate) * np.linspace(0.01, 1, rate)
    return {
        "noise": rng.normal(scale=0.1, size=rate),
        "chirp": 0.5 * chirp(time, 80, 1, 0.45 * rate),
        "tone": tone,
        "noisy tone": tone + rng.normal(scale=1e-3, size=rate),
        "click": click,
        "lone pulse": pulse,
        "swell": swell,
        "dc": np.full(rate, 0.3),
        "short": rng.normal(scale=0.1, size=700),
    }


@pytest.fixture(
    scope="session",
    params=["noise", "chirp", "tone", "noisy tone", "click", "lone pulse", "swell", "dc", "short"],
)
def signal(request):
    """One of the signals, at 16 kHz."""
    return Clip(_signals(16_000)[request.param], 16_000)


@pytest.fixture(scope="session", params=[8_000, 16_000, 22_050, 44_100])
def speechlike(request):
    """A harmonic tone in noise, with a pause, at several sampling rates."""
    rate = request.param
    time = np.arange(rate) / rate
    rng = np.random.default_rng(1)
    voice = sum(np.sin(2 * np.pi * 150 * k * time) / k for k in range(1, 12))
    envelope = np.where((time > 0.4) & (time < 0.6), 1e-3, 1.0)
    return Clip(0.2 * voice * envelope + rng.normal(scale=1e-3, size=rate), rate)


@pytest.fixture(scope="session")
def assert_librosa():
    """Compare with librosa: to 0.1 %, or to a share of the largest value where it is 0."""

    def check(found, expected, share=1e-5):
        expected = np.atleast_2d(expected).T
        assert found.dtype == np.float32
        assert found.shape == expected.shape
        atol = share * np.abs(expected).max()
        np.testing.assert_allclose(np.asarray(found), expected, rtol=1e-3, atol=atol)

    return check
