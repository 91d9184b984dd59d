"""What is masked, by what, and what warping does to frames, levels and names."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sk_ser.augmentation import SpecAugment
from sk_ser.augmentation._sequences import Masks
from sk_ser.features import FrameSequence, Functionals, MelSpectrogram, make_clip_pipeline

NONE = np.empty((0, 2))


def sequence_of(n_frames=40, n_channels=10, seed=0):
    rng = np.random.default_rng(seed)
    names = [f"mel_{number}" for number in range(n_channels)]
    values = rng.normal(5, 1, size=(n_frames, n_channels))
    return FrameSequence(values, names, 31.25, rng.uniform(-60, 0, n_frames))


def masks_of(rate=1.0, times=NONE, channels=NONE):
    return Masks(rate, np.reshape(times, (-1, 2)), np.reshape(channels, (-1, 2)))


def changed(given, made):
    return np.asarray(given) != np.asarray(made)


def test_a_mask_in_time_covers_frames_that_follow_each_other():
    given = sequence_of()
    made = SpecAugment().apply(given, masks_of(times=[(0.25, 0.5)]))
    rows = changed(given, made).all(axis=1)
    assert np.flatnonzero(rows).tolist() == list(range(15, 25))
    assert not changed(given, made)[~rows].any()
    np.testing.assert_allclose(made[15:25], np.tile(np.mean(given, axis=0), (10, 1)), rtol=1e-5)


def test_a_mask_over_channels_covers_neighbouring_descriptors():
    given = sequence_of()
    made = SpecAugment(fill=0.0).apply(given, masks_of(channels=[(0.3, 0.999)]))
    columns = changed(given, made).all(axis=0)
    assert np.flatnonzero(columns).tolist() == [7, 8, 9]
    assert not changed(given, made)[:, ~columns].any()
    assert not made[:, 7:].any()


def test_the_mean_of_a_clip_is_hardly_changed_by_masks_of_the_mean():
    given = sequence_of(200)
    augmenter = SpecAugment(0.2, 0.2, n_time_masks=1, random_state=0)
    made = augmenter.transform_clip(given)
    np.testing.assert_allclose(np.mean(made, axis=0), np.mean(given, axis=0), atol=0.2)
    zeros = SpecAugment(0.2, 0.2, n_time_masks=1, fill=0.0, random_state=0).transform_clip(given)
    assert np.mean(zeros) < np.mean(given) - 0.5


@settings(deadline=None, max_examples=60)
@given(
    n_frames=st.integers(1, 60),
    n_channels=st.integers(1, 30),
    time=st.floats(0, 1),
    channel=st.floats(0, 1),
    counts=st.tuples(st.integers(0, 3), st.integers(0, 3)),
    seed=st.integers(0, 99),
)
def test_no_more_is_masked_than_asked_for(n_frames, n_channels, time, channel, counts, seed):
    given = sequence_of(n_frames, n_channels)
    augmenter = SpecAugment(
        (0.0, time), (0.0, channel), n_time_masks=counts[0], n_channel_masks=counts[1], fill=0.0
    )
    made = augmenter.augment(given, np.random.default_rng(seed))
    assert made.shape == given.shape
    where = changed(given, made)
    assert where.all(axis=1).sum() <= counts[0] * round(time * n_frames) or where.all()
    assert where.all(axis=0).sum() <= counts[1] * round(channel * n_channels) or where.all()
    rows, columns = where.all(axis=1), where.all(axis=0)
    assert not where[~rows][:, ~columns].any()


@given(seed=st.integers(0, 999))
def test_what_is_drawn_lies_in_its_ranges(seed):
    augmenter = SpecAugment((0.1, 0.2), (0.3, 0.4), n_time_masks=3, rate=(0.8, 1.2))
    drawn = augmenter.draw(np.random.default_rng(seed))
    assert 0.8 <= drawn.rate <= 1.2
    assert drawn.times.shape == (3, 2)
    assert drawn.channels.shape == (2, 2)
    assert ((drawn.times[:, 0] >= 0.1) & (drawn.times[:, 0] <= 0.2)).all()
    assert ((drawn.channels[:, 0] >= 0.3) & (drawn.channels[:, 0] <= 0.4)).all()
    places = np.concatenate([drawn.times[:, 1], drawn.channels[:, 1]])
    assert ((places >= 0) & (places < 1)).all()


@given(n=st.integers(1, 30), share=st.floats(0, 1))
def test_masks_may_lie_at_either_end_and_anywhere_between(n, share):
    width = round(share * n)
    starts = set()
    for place in np.linspace(0, 1, 200, endpoint=False):
        made = SpecAugment(fill=-9.0).apply(
            FrameSequence(np.zeros((n, 1))), masks_of(times=[(share, place)])
        )
        rows = np.flatnonzero(made[:, 0])
        assert len(rows) == width
        starts |= set(rows[:1].tolist())
    assert starts == (set(range(n - width + 1)) if width else set())


def test_masks_fall_evenly():
    rng, hits = np.random.default_rng(0), np.zeros(20)
    augmenter = SpecAugment(0.05, n_time_masks=1, n_channel_masks=0, fill=1.0)
    for _ in range(4_000):
        hits += augmenter.augment(np.zeros((20, 1)), rng)[:, 0]
    np.testing.assert_allclose(hits, 200, atol=60)


# Warping


@pytest.mark.parametrize("rate, n_frames", [(0.5, 80), (0.8, 50), (1.25, 32), (2.0, 20), (4.0, 10)])
def test_warping_changes_the_number_of_frames_and_keeps_the_ends(rate, n_frames):
    given = sequence_of()
    made = SpecAugment().apply(given, masks_of(rate))
    assert made.shape == (n_frames, 10)
    assert made.level.shape == (n_frames,)
    assert made.frame_rate == given.frame_rate
    assert made.names == given.names
    for end in (0, -1):
        np.testing.assert_allclose(made[end], given[end], rtol=1e-5)
        assert made.level[end] == pytest.approx(given.level[end])


def test_what_is_straight_stays_straight():
    ramp = FrameSequence(np.arange(41.0)[:, np.newaxis], level=-np.arange(41.0))
    made = SpecAugment().apply(ramp, masks_of(0.8))
    np.testing.assert_allclose(made[:, 0], np.linspace(0, 40, 51), rtol=1e-5)
    np.testing.assert_allclose(made.level, -np.linspace(0, 40, 51), rtol=1e-5)


def test_a_rate_of_1_changes_nothing():
    given = sequence_of()
    made = SpecAugment(n_time_masks=0, n_channel_masks=0).transform_clip(given)
    np.testing.assert_array_equal(made, given)
    np.testing.assert_array_equal(made.level, given.level)
    assert made is not given


@pytest.mark.parametrize("n_frames", [1, 2, 3])
def test_short_sequences(n_frames):
    rng = np.random.default_rng(0)
    for _ in range(20):
        given = sequence_of(n_frames)
        made = SpecAugment((0, 1), (0, 1), rate=(0.25, 4)).augment(given, rng)
        assert 1 <= len(made) <= 4 * n_frames
        assert np.isfinite(made).all()
        assert made.level.shape == (len(made),)


# Contract


def test_tags_and_what_was_given_stay():
    given, same = sequence_of(), sequence_of()
    made = SpecAugment(random_state=0).transform_clip(given)
    assert isinstance(made, FrameSequence)
    assert made.dtype == np.float32
    assert (made.names, made.frame_rate) == (given.names, given.frame_rate)
    np.testing.assert_array_equal(made.level, given.level)
    np.testing.assert_array_equal(given, same)


def test_a_bare_array_will_do():
    values = np.random.default_rng(0).normal(size=(30, 4))
    made = SpecAugment(rate=(0.9, 1.1)).augment(values, np.random.default_rng(0))
    assert made.shape[1] == 4
    assert made.names is None
    assert made.level is None


def test_names_and_tables():
    given = [sequence_of(20), sequence_of(30)]
    augmenter = SpecAugment(random_state=0).set_output(transform="pandas")
    table = augmenter.fit_transform(given)
    assert table.columns.tolist() == list(given[0].names)
    assert augmenter.get_feature_names_out().tolist() == list(given[0].names)
    assert SpecAugment().get_feature_names_out(["a"]).tolist() == ["a"]


def test_it_stands_among_descriptors(make_noise):
    pipeline = make_clip_pipeline(
        MelSpectrogram(n_mels=8, scale="db"), SpecAugment(rate=1.2, random_state=0), Functionals()
    )
    found = pipeline.fit_transform([make_noise(), make_noise(9_000)])
    assert found.shape == (2, 16)
    assert np.isfinite(found).all()


@pytest.mark.parametrize(
    "wrong",
    [
        {"time_mask": 1.1}, {"time_mask": (-0.1, 0.1)}, {"channel_mask": "wide"}, {"rate": 0.1},
        {"n_time_masks": -1}, {"n_channel_masks": 1.5}, {"fill": "median"}, {"fill": np.nan},
        {"fill": None},
    ],
    ids=str,
)  # fmt: skip
def test_bad_parameters_are_named(wrong):
    ((name, _),) = wrong.items()
    with pytest.raises(ValueError, match=f"SpecAugment: {name}=.* must be "):
        SpecAugment(**wrong).fit([np.ones((5, 1))])
