"""Vectors of four speakers, whose three classes are easy to tell."""

import numpy as np
import pytest


@pytest.fixture(scope="package")
def vectors():
    rng = np.random.default_rng(0)
    y = np.tile(["anger", "calm", "fear"], 20)
    centres = {"anger": [0, 0, 0], "calm": [3, 0, 0], "fear": [0, 3, 0]}
    X = np.array([centres[label] for label in y]) + rng.normal(scale=0.5, size=(60, 3))
    return X, y, np.repeat(["a", "b", "c", "d"], 15)
