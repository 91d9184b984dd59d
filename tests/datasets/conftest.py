"""Made-up corpora: tiny recordings under official names."""

import hashlib
import io
import zipfile

import numpy as np
import pytest
import soundfile


@pytest.fixture(scope="session")
def wav_bytes():
    """A WAV of four samples."""
    buffer = io.BytesIO()
    soundfile.write(buffer, np.zeros(4), 8_000, format="WAV")
    return buffer.getvalue()


@pytest.fixture
def make_corpus(tmp_path, wav_bytes):
    """Write recordings, or other files, under the given names; return their folder."""

    def make(*names, folder="corpus"):
        for name in names:
            path = tmp_path / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            # each has samples of its own
            samples = hashlib.blake2b(str(path).encode(), digest_size=8).digest()
            path.write_bytes(wav_bytes[:-8] + samples)
        return tmp_path / folder

    return make


@pytest.fixture
def make_zip(tmp_path, wav_bytes):
    """Write a zip with recordings under the given names; return its path."""

    def make(*names, path="corpus.zip"):
        path = tmp_path / path
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in names:
                archive.writestr(name, wav_bytes)
        return path

    return make


@pytest.fixture
def names_of():
    """File names of the paths of a Bunch or table."""
    return lambda paths: [str(path).replace("\\", "/").rsplit("/", 1)[-1] for path in paths]
