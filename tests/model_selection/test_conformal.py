"""Sets hold what they promise on clips like those they were calibrated on, and not on others."""

import numpy as np
import pytest
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier

from sk_ser.model_selection import conformal_coverage

pytest.importorskip("mapie")

HEARD, NEW, HONEST = 0, 1, 2


def voices(effect, n_speakers=20, n_clips=40, seed=0):
    """Classes lie elsewhere for each speaker, the more so the larger the effect."""
    rng = np.random.default_rng(seed)
    speakers, y = np.repeat(np.arange(n_speakers), n_clips), np.arange(n_speakers * n_clips) % 3
    places = rng.normal(scale=effect, size=(n_speakers, 3, 4))
    centres = rng.normal(scale=2, size=(3, 4))
    return centres[y] + places[speakers, y] + rng.normal(size=(len(y), 4)), y, speakers


@pytest.mark.parametrize("level", [0.8, 0.9, 0.95])
def test_where_voices_are_alike_the_promise_holds_everywhere(level):
    X, y, speakers = voices(0.0)
    table = conformal_coverage(GaussianNB(), X, y, groups=speakers, confidence_level=level)
    assert (table["coverage"] > level - 0.04).all()
    assert (table["coverage"] < level + 0.05).all()


def test_calibrated_on_heard_voices_it_breaks_on_new_ones():
    X, y, speakers = voices(3.0)
    table = conformal_coverage(KNeighborsClassifier(9), X, y, groups=speakers)
    coverage, size = table["coverage"], table["set_size"]
    assert coverage[HEARD] > 0.87
    assert coverage[NEW] < coverage[HEARD] - 0.1
    # who calibrates on new voices keeps the promise better, by larger sets
    assert coverage[HONEST] > coverage[NEW] + 0.05
    assert size[HONEST] > size[NEW]
    assert table["coverage_high"][NEW] < coverage[HEARD]


def test_the_same_seed_gives_the_same_numbers():
    X, y, speakers = voices(1.0, n_speakers=8)
    one, again = (conformal_coverage(GaussianNB(), X, y, groups=speakers) for _ in range(2))
    assert one.equals(again)


def test_too_few_speakers_have_no_number():
    X, y, speakers = voices(1.0, n_speakers=2, n_clips=120)
    table = conformal_coverage(GaussianNB(), X, y, groups=speakers)
    assert table["coverage"].notna().tolist() == [True, True, False]


def test_what_cannot_be_is_told():
    X, y, speakers = voices(1.0, n_speakers=4)
    with pytest.raises(ValueError, match="confidence_level=90 must be between 0 and 1"):
        conformal_coverage(GaussianNB(), X, y, groups=speakers, confidence_level=90)
    with pytest.raises(ValueError, match="clips to calibrate on, and for confidence_level"):
        conformal_coverage(GaussianNB(), X, y, groups=speakers, confidence_level=0.99)
    with pytest.raises(ValueError, match="groups is None"):
        conformal_coverage(GaussianNB(), X, y, groups=None)
