"""Seeds are drawn once, reach every part of an estimator, and follow from content."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import check_random_state

from sk_ser._random import content_seed, draw_seed, is_seed, make_generator, seeded
from sk_ser.audio import Clip


@pytest.mark.parametrize("value", [None, 0, 7, np.int64(3), np.random.RandomState(0)])
def test_what_scikit_learn_takes_is_a_seed(value):
    assert is_seed(value)


@pytest.mark.parametrize("value", [-1, 1.5, "0", True, np.random.default_rng(0)])
def test_anything_else_is_none(value):
    assert not is_seed(value)


def test_an_int_is_its_own_seed():
    assert draw_seed(5) == 5
    assert type(draw_seed(np.int64(5))) is int


def test_a_generator_is_drawn_from_and_advances():
    generator = np.random.RandomState(0)
    first, second = draw_seed(generator), draw_seed(generator)
    assert first != second
    assert first == draw_seed(np.random.RandomState(0))


def test_none_draws_a_seed_without_numpys_global_generator():
    before = check_random_state(None).get_state()[1].tolist()
    assert draw_seed(None) != draw_seed(None)
    assert check_random_state(None).get_state()[1].tolist() == before


def test_every_unset_random_state_is_set_and_no_other():
    model = make_pipeline(StandardScaler(), RandomForestClassifier(random_state=None))
    assert seeded(model, 3) is model
    assert model[-1].random_state == 3
    assert seeded(RandomForestClassifier(random_state=1), 3).random_state == 1


def test_equal_clips_have_equal_seeds_and_their_rate_counts():
    samples = np.linspace(-1, 1, 100)
    assert content_seed(samples) == content_seed(samples.tolist())
    assert content_seed(samples) != content_seed(samples.reshape(10, 10))
    seeds = {content_seed(Clip(samples, rate)) for rate in (8_000, 16_000, 16_000)}
    assert len(seeds) == 2
    assert 0 <= min(seeds) <= max(seeds) < 2**128


def test_generators_of_equal_numbers_draw_the_same():
    one, again, other = (make_generator(*numbers).random() for numbers in ((1, 2), (1, 2), (2, 1)))
    assert one == again != other
