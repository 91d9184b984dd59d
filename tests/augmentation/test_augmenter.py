"""Amounts lie in their ranges, and what is drawn for a clip hangs on that clip and the seed."""

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from sk_ser.audio import AudioLoader, Clip
from sk_ser.augmentation import (
    AddNoise,
    AugmentedClassifier,
    Gain,
    PitchShift,
    SpecAugment,
    TimeShift,
    TimeStretch,
)
from sk_ser.features import MFCC, FrameSequence, Functionals, make_clip_pipeline

OF_CLIPS = [AddNoise, TimeStretch, PitchShift, TimeShift, Gain]
#: The parameter that is drawn, and between which values it may lie.
AMOUNTS = {
    AddNoise: ("snr", -120, 120),
    TimeStretch: ("rate", 0.25, 4),
    PitchShift: ("semitones", -24, 24),
    TimeShift: ("fraction", -1, 1),
    Gain: ("db", -120, 120),
}
each = pytest.mark.parametrize("augmenter", OF_CLIPS)


def clips_of(count=4):
    rng = np.random.default_rng(0)
    return [
        Clip(rng.normal(scale=0.1, size=1_000 + 100 * number), 8_000) for number in range(count)
    ]


def assert_same(found, expected):
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)


@settings(deadline=None, max_examples=60)
@given(
    augmenter=st.sampled_from(OF_CLIPS),
    shares=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    seed=st.integers(0, 99),
)
def test_amounts_are_drawn_from_the_range(augmenter, shares, seed):
    name, least, most = AMOUNTS[augmenter]
    low, high = np.interp(sorted(shares), [0, 1], [least, most])
    rng = np.random.default_rng(seed)
    drawn = [augmenter(**{name: (low, high)}).draw(rng) for _ in range(20)]
    assert all(low <= amount <= high for amount in drawn)
    if high - low > 1e-6:
        assert len(set(drawn)) > 1
        assert max(drawn) - min(drawn) > 0.2 * (high - low)


@each
def test_a_number_is_an_amount_that_does_not_vary(augmenter):
    rng, (name, _, most) = np.random.default_rng(0), AMOUNTS[augmenter]
    assert {augmenter(**{name: most / 2}).draw(rng) for _ in range(5)} == {most / 2}


@each
def test_the_whole_range_may_come(augmenter):
    low, high = getattr(augmenter(), AMOUNTS[augmenter][0])
    rng = np.random.default_rng(0)
    drawn = np.array([augmenter().draw(rng) for _ in range(500)])
    assert drawn.min() < low + 0.05 * (high - low)
    assert drawn.max() > high - 0.05 * (high - low)
    assert abs(drawn.mean() - (low + high) / 2) < 0.1 * (high - low)


# Seeds


@pytest.mark.parametrize("augmenter", [*OF_CLIPS, SpecAugment])
def test_a_seed_makes_it_the_same_whatever_is_beside(augmenter):
    items = clips_of()
    if augmenter is SpecAugment:
        items = [np.asarray(clip).reshape(-1, 50) for clip in items]
    made = augmenter(random_state=3).fit_transform(items)
    assert_same(augmenter(random_state=3).transform(items), made)
    assert_same(augmenter(random_state=3).transform(items[::-1])[::-1], made)
    assert_same([augmenter(random_state=3).transform([item])[0] for item in items], made)
    assert_same([augmenter(random_state=3).transform_clip(item) for item in items], made)
    others = augmenter(random_state=4).transform(items)
    assert any(not np.array_equal(*pair) for pair in zip(others, made, strict=True))


@each
def test_any_number_of_processes(augmenter):
    made = augmenter(random_state=3).transform(clips_of(20))
    pipeline = make_clip_pipeline(augmenter(random_state=3), n_jobs=2)
    assert_same(pipeline.transform(clips_of(20)), made)


@each
def test_without_a_seed_each_call_draws_anew(augmenter):
    unseeded, clips = augmenter(), clips_of()
    pairs = zip(unseeded.transform(clips), unseeded.transform(clips), strict=True)
    assert any(not np.array_equal(*pair) for pair in pairs)


@each
def test_a_random_state_instance_goes_on_and_can_be_repeated(augmenter):
    calls = augmenter(random_state=np.random.RandomState(0))
    first, second = calls.transform(clips_of()), calls.transform(clips_of())
    again = augmenter(random_state=np.random.RandomState(0)).transform(clips_of())
    assert_same(again, first)
    assert any(not np.array_equal(*pair) for pair in zip(first, second, strict=True))


@each
def test_numpys_global_generator_is_left_alone(augmenter):
    for seed in (None, 0):
        before = np.random.get_state()[1].copy()  # noqa: NPY002
        augmenter(random_state=seed).transform(clips_of())
        np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


def test_one_seed_does_not_make_different_augmenters_draw_alike():
    clips = [Clip(np.random.default_rng(n).normal(size=2_000), 8_000) for n in range(60)]
    gains = [
        np.abs(made).max() / np.abs(clip).max()
        for clip, made in zip(clips, Gain(random_state=0).transform(clips), strict=True)
    ]
    lengths = [len(clip) for clip in TimeStretch(random_state=0).transform(clips)]
    assert abs(np.corrcoef(gains, lengths)[0, 1]) < 0.4


def test_clips_of_equal_samples_and_another_rate_are_other_clips():
    clip = clips_of(1)[0]
    other = Clip(clip, 16_000)
    made = AddNoise(20.0, random_state=0).transform([clip, other])
    assert not np.array_equal(*made)


# What goes in and comes out


@each
@pytest.mark.parametrize("seed", [None, 0])
def test_what_is_given_stays_as_it_was(augmenter, seed):
    clips = clips_of()
    augmenter(random_state=seed).transform(clips)
    assert_same(clips, clips_of())


@each
@pytest.mark.parametrize("n_samples", [1, 2, 3, 100, 1_000])
@pytest.mark.parametrize("rate", [8_000, 44_100])
def test_short_clips_are_clips_too(augmenter, n_samples, rate):
    clip = Clip(np.random.default_rng(n_samples).normal(size=n_samples), rate)
    rng = np.random.default_rng(0)
    for _ in range(10):
        made = augmenter().augment(clip, rng)
        assert isinstance(made, Clip)
        assert made.dtype == np.float32
        assert made.sampling_rate == rate
        assert np.isfinite(made).all()
        assert augmenter is TimeStretch or len(made) == n_samples


@pytest.mark.parametrize("augmenter", [*OF_CLIPS, SpecAugment])
def test_a_clip_without_samples_stays_one(augmenter):
    empty = FrameSequence(np.empty((0, 3)), list("abc")) if augmenter is SpecAugment else Clip([])
    made = augmenter().augment(empty, np.random.default_rng(0))
    assert made.shape == empty.shape
    assert type(made) is type(empty)
    assert augmenter().transform([empty])[0].shape == empty.shape


@each
def test_silence_stays_silence(augmenter):
    for n_samples in (1, 300, 5_000):
        made = augmenter().augment(Clip(np.zeros(n_samples)), np.random.default_rng(0))
        assert not made.any()


@each
def test_amplitudes_on_the_scale_of_integers_are_only_larger(augmenter):
    name, least, most = AMOUNTS[augmenter]
    clip, amount = clips_of(1)[0], least + 0.6 * (most - least)
    small = augmenter(**{name: amount}).augment(clip, np.random.default_rng(0))
    large = augmenter(**{name: amount}).augment(clip * 32_768, np.random.default_rng(0))
    scale = np.abs(small).max()
    np.testing.assert_allclose(large / 32_768, small, atol=1e-4 * scale)


@each
def test_nothing_is_clipped(augmenter):
    loud = Clip(4 * clips_of(1)[0] / np.abs(clips_of(1)[0]).max(), 8_000)
    made = augmenter().augment(loud, np.random.default_rng(0))
    assert np.abs(made).max() > 1.5


@each
def test_a_bare_array_is_a_clip_at_16_khz(augmenter):
    samples = np.random.default_rng(0).normal(size=800)
    made = augmenter().augment(samples, np.random.default_rng(5))
    assert made.sampling_rate == 16_000
    same = augmenter().augment(Clip(samples), np.random.default_rng(5))
    np.testing.assert_array_equal(made, same)


def test_one_clip_at_a_time():
    with pytest.raises(ValueError, match=r"Gain: the item has 2 axes. One of the clips has 1"):
        Gain().augment(np.ones((2, 10)), np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"SpecAugment: the item has 1 axes. One of the sequences"):
        SpecAugment().augment(np.ones(10), np.random.default_rng(0))


def test_paths_are_not_clips():
    for augmenter in (AddNoise(), SpecAugment()):
        with pytest.raises(ValueError, match=r"X\[0\] is a path.*Put an AudioLoader before it"):
            augmenter.fit(["a.wav"])


def test_they_stand_in_a_clip_pipeline(tmp_path):
    steps = AudioLoader(8_000), AddNoise(random_state=0), MFCC(3), Functionals()
    clips = clips_of()
    made = make_clip_pipeline(*steps).fit_transform(clips)
    assert made.shape == (4, 6)
    kept = make_clip_pipeline(*steps, memory=tmp_path)
    for _ in range(2):
        np.testing.assert_array_equal(kept.transform(clips), made)


@each
def test_tables(augmenter):
    clips = clips_of()
    transformer = augmenter(random_state=0).set_output(transform="pandas")
    table = transformer.fit_transform(clips)
    assert table.columns.tolist() == ["clip"] == transformer.get_feature_names_out().tolist()
    assert_same(table["clip"], augmenter(random_state=0).transform(clips))
    assert_same(
        augmenter(random_state=0).transform(table)[:1], transformer.transform(table)["clip"][:1]
    )


@each
def test_copies_of_the_augmenter_do_the_same(augmenter):
    given = augmenter(random_state=1)
    made = given.transform(clips_of())
    assert_same(clone(given).transform(clips_of()), made)
    assert_same(pickle.loads(pickle.dumps(given)).transform(clips_of()), made)


# Invalid parameters


@each
@pytest.mark.parametrize(
    "wrong",
    ["loud", None, True, np.nan, np.inf, 1e9, -1e9, (1,), (0.5, 0.3), (0.3, 0.4, 0.5), (0.3, "a")],
    ids=str,
)
def test_bad_amounts_are_named(augmenter, wrong):
    name, least, most = AMOUNTS[augmenter]
    message = rf"{augmenter.__name__}: {name}=.* must be a number, or \(low, high\), within \["
    bad = augmenter(**{name: wrong})
    with pytest.raises(ValueError, match=message):
        bad.fit(clips_of())
    with pytest.raises(ValueError, match=message):
        bad.augment(clips_of()[0], np.random.default_rng(0))
    with pytest.raises(ValueError, match=rf"\[{least:g}, {most:g}\]"):
        bad.transform(clips_of())


@pytest.mark.parametrize("wrong", [-1, 0.5, "seed", True])
def test_bad_seeds_are_named(wrong):
    for augmenter in (*OF_CLIPS, SpecAugment):
        with pytest.raises(ValueError, match=f"{augmenter.__name__}: random_state=.* must be None"):
            augmenter(random_state=wrong).fit([np.ones((9, 1))[:, 0]])


@pytest.mark.parametrize(
    "wrong", [AddNoise(color="red"), TimeShift(mode="wrap"), TimeShift(mode=None)], ids=repr
)
def test_bad_options_are_named(wrong):
    with pytest.raises(
        ValueError, match=rf"{type(wrong).__name__}: (color|mode)=.* must be one of"
    ):
        wrong.fit(clips_of())


def test_they_are_what_the_classifier_takes():
    assert AugmentedClassifier(None, [one() for one in OF_CLIPS]).get_params()["gain__db"]
