"""The mel scale is librosa's, and its inverse undoes it."""

import numpy as np
import pytest

from sk_ser._mel_scale import hz_to_mel, mel_to_hz

HZ = np.array([0.0, 20.0, 440.0, 999.9, 1_000.0, 1_000.1, 8_000.0, 48_000.0])


def test_it_is_that_of_librosa():
    librosa = pytest.importorskip("librosa")
    np.testing.assert_allclose(hz_to_mel(HZ), librosa.hz_to_mel(HZ), rtol=1e-12)
    np.testing.assert_allclose(mel_to_hz(HZ / 100), librosa.mel_to_hz(HZ / 100), rtol=1e-12)


def test_the_inverse_undoes_it():
    np.testing.assert_allclose(mel_to_hz(hz_to_mel(HZ)), HZ, rtol=1e-12)


def test_a_number_and_an_array_give_the_same():
    assert [float(hz_to_mel(hz)) for hz in HZ] == hz_to_mel(HZ).tolist()
