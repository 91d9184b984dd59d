import numpy as np
import pytest

from sk_ser.audio import Clip
from sk_ser.augmentation import Gain


@pytest.mark.parametrize("db", [-120.0, -6.0, 0.0, 3.0, 20.0])
def test_the_level_changes_by_as_many_db(make_noise, db):
    clip = make_noise()
    made = Gain(db).transform_clip(clip)
    ratio = np.sqrt(np.mean(np.square(made, dtype=float)) / np.mean(np.square(clip, dtype=float)))
    assert 20 * np.log10(ratio) == pytest.approx(db, abs=1e-4)
    assert made.sampling_rate == clip.sampling_rate


def test_full_scale_may_be_exceeded():
    assert Gain(20.0).transform_clip(Clip([0.5, -0.5])).tolist() == [5.0, -5.0]
