"""Every clip once an epoch, similar lengths together, and what is augmented is not the clip."""

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sk_ser.neural._batches import Batches, Sequences


def make_data(lengths, n_classes=2):
    rng = np.random.default_rng(0)
    items = [rng.normal(size=(length, 2)).astype(np.float32) + 1 for length in lengths]
    return Sequences(items, np.eye(n_classes)[np.arange(len(lengths)) % n_classes])


@settings(deadline=None)
@given(
    n_clips=st.integers(1, 200),
    batch_size=st.integers(1, 40),
    seed=st.none() | st.integers(0, 9),
)
def test_each_clip_is_in_one_batch_and_batches_are_of_equal_size(n_clips, batch_size, seed):
    lengths = np.random.default_rng(n_clips).integers(1, 50, n_clips)
    rng = None if seed is None else np.random.default_rng(seed)
    batches = Batches(make_data(lengths), batch_size, rng=rng)
    rows = batches.rows()
    assert sorted(np.concatenate(rows)) == list(range(n_clips))
    sizes = [len(one) for one in rows]
    assert len(rows) == len(batches)
    assert max(sizes) <= batch_size
    assert max(sizes) - min(sizes) <= 1


def test_clips_are_padded_at_the_end():
    data = make_data([3, 1, 2])
    ((x, lengths), targets) = next(iter(Batches(data, 3)))
    assert x.shape == (3, 3, 2)
    assert lengths.tolist() == [1, 2, 3]
    assert not x[0, 1:].any()
    np.testing.assert_array_equal(x[2], data.items[0])
    assert targets.tolist() == [[0, 1], [1, 0], [1, 0]]


def padding(rows, lengths):
    return sum(len(one) * max(lengths[one]) for one in rows) - sum(lengths)


def test_by_length_a_tenth_is_padded_of_what_chance_pads():
    lengths = np.random.default_rng(0).integers(50, 400, 640)
    data = make_data(lengths)
    by_length = padding(Batches(data, 32, rng=np.random.default_rng(0)).rows(), lengths)
    order = np.random.default_rng(0).permutation(640)
    by_chance = padding(order.reshape(-1, 32), lengths)
    assert by_length < by_chance / 10


def test_epochs_differ_and_seeds_repeat_them():
    data = make_data(np.random.default_rng(0).integers(5, 50, 60))
    batches = Batches(data, 8, rng=np.random.default_rng(0))
    first, second = (np.concatenate(batches.rows()) for _ in range(2))
    again = np.concatenate(Batches(data, 8, rng=np.random.default_rng(0)).rows())
    assert first.tolist() != second.tolist()
    assert first.tolist() == again.tolist()


def test_mixup_blends_clips_and_their_labels_by_one_share():
    data = Sequences([np.full((4, 1), value) for value in (0.0, 1.0)], np.eye(2))
    shares = []
    for seed in range(50):
        batches = Batches(data, 2, rng=np.random.default_rng(seed), mixup=0.5)
        (x, _), targets = next(iter(batches))
        np.testing.assert_allclose(x[:, 0, 0], targets[:, 1], atol=1e-6)
        np.testing.assert_allclose(targets.sum(dim=1), 1.0, rtol=1e-6)
        shares += targets[:, 1].tolist()
    assert len(np.unique(np.round(shares, 3))) > 20


def test_of_two_clips_that_are_mixed_the_longer_ones_length_counts():
    data = make_data([3, 9])
    for seed in range(10):
        (_, lengths), targets = next(
            iter(Batches(data, 2, rng=np.random.default_rng(seed), mixup=0.5))
        )
        is_blend = ((targets > 0) & (targets < 1)).any(dim=1)
        assert (lengths[is_blend] == 9).all()


class Add:
    def augment(self, item, rng):
        return item + 100 + rng.integers(10)


def test_augmenters_change_training_clips_afresh_and_the_data_never():
    data = make_data([4] * 6)
    given_items = [item.copy() for item in data.items]
    batches = Batches(data, 6, rng=np.random.default_rng(0), augmenters=[Add()])
    epochs = [next(iter(batches))[0][0].sum().item() for _ in range(2)]
    assert epochs[0] != epochs[1]
    assert min(epochs) > 100
    for item, was in zip(data.items, given_items, strict=True):
        np.testing.assert_array_equal(item, was)
    # prediction and validation see clips as they are
    (x, _), _ = next(iter(Batches(data, 6, augmenters=[Add()], mixup=1.0)))
    assert x.max() < 100


def test_data_for_prediction_needs_no_targets():
    (x, lengths), targets = next(iter(Batches(Sequences([np.ones((2, 3))]), 4)))
    assert x.dtype == torch.float32
    assert targets.shape == (1, 0)
    assert lengths.tolist() == [2]
