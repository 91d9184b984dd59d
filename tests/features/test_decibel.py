"""Decibels are librosa's."""

import librosa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sk_ser.features._decibel import power_to_db


@settings(deadline=None)
@given(
    power=arrays(np.float32, (3, 4), elements=st.floats(0, 1e6, width=32)),
    top_db=st.sampled_from([None, 80.0, 20.0]),
)
def test_librosa(power, top_db):
    np.testing.assert_allclose(
        power_to_db(power, top_db=top_db), librosa.power_to_db(power, top_db=top_db), atol=1e-4
    )


def test_known_values():
    found = power_to_db(np.array([1.0, 10.0, 0.1, 0.0]), top_db=None)
    assert found == pytest.approx([0, 10, -10, -100])
    assert power_to_db(np.array([1.0, 0.0])) == pytest.approx([0, -80])


def test_what_was_given_is_left_alone():
    power = np.array([1.0, 100.0])
    power_to_db(power)
    assert power.tolist() == [1, 100]
