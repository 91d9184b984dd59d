"""Recordings made on the spot."""

import pytest
import soundfile


@pytest.fixture
def write(tmp_path):
    """Write samples under a name; return the path."""

    def write(name, samples, sampling_rate=16_000, **settings):
        path = tmp_path / name
        soundfile.write(path, samples, sampling_rate, **settings)
        return path

    return write
