"""Fixtures shared by all tests: known signals, and the real corpora where they are."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def corpora():
    """Folder of real corpora named by SK_SER_DATA."""
    folder = os.environ.get("SK_SER_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("SK_SER_DATA does not name a folder of real corpora")
    return Path(folder)
