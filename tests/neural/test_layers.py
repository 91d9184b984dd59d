"""Without padding, layers are PyTorch's own; with padding, they are as if there were none."""

import numpy as np
import pytest
import torch

from sk_ser.neural._layers import ConvBlock, MaskedBatchNorm, Pooling, Recurrence, mask_of
from sk_ser.neural._modules import DenseNet, SequenceNet


@pytest.fixture(autouse=True)
def seed():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        yield


def padded(lengths, n_channels, filling=0.0):
    """Noise of given lengths, and something else after its end."""
    x = torch.full((len(lengths), max(lengths), n_channels), filling)
    for row, length in zip(x, lengths, strict=True):
        row[:length] = torch.randn(length, n_channels)
    return x, torch.tensor(lengths)


def as_image(x):
    return x.transpose(1, 2)[:, :, None]


def same(found, expected, atol=1e-5):
    torch.testing.assert_close(found, expected, atol=atol, rtol=1e-4)


def test_a_mask_tells_frames_from_padding():
    mask = mask_of(torch.tensor([1, 3, 2]), 3, "cpu")
    assert mask.tolist() == [[True, False, False], [True, True, True], [True, True, False]]
    assert mask_of(torch.tensor([3, 3]), 3, "cpu") is None


# Batch normalisation


@pytest.mark.parametrize("trains", [True, False])
def test_without_padding_normalisation_is_pytorchs(trains):
    ours, theirs = MaskedBatchNorm(4).train(trains), torch.nn.BatchNorm1d(4).train(trains)
    for _ in range(3):
        x = torch.randn(5, 4, 7) * 3 + 1
        same(ours(x[:, :, None])[:, :, 0], theirs(x))
    same(ours.running_mean, theirs.running_mean)
    same(ours.running_var, theirs.running_var)
    vectors = torch.randn(6, 4)
    same(ours(vectors), theirs(vectors))


def test_padding_is_not_in_the_statistics():
    lengths = [7, 2, 5]
    x, counts = padded(lengths, 4, filling=1e3)
    mask = mask_of(counts, 7, "cpu")
    ours, theirs = MaskedBatchNorm(4), torch.nn.BatchNorm1d(4)
    result = ours(as_image(x), mask, sum(lengths))[:, :, 0].transpose(1, 2)
    expected = theirs(x[mask])
    same(result[mask], expected)
    same(ours.running_mean, theirs.running_mean)
    same(ours.running_var, theirs.running_var)
    assert ours.num_batches_tracked == 1


def test_gradients_pass_as_if_there_were_no_padding():
    lengths = [6, 3]
    x, counts = padded(lengths, 3)
    mask = mask_of(counts, 6, "cpu")
    one, other = x.clone().requires_grad_(), x[mask].clone().requires_grad_()
    ours, theirs = MaskedBatchNorm(3), torch.nn.BatchNorm1d(3)
    factors = torch.randn(sum(lengths), 3)
    (
        ours(as_image(one), mask, sum(lengths))[:, :, 0].transpose(1, 2)[mask] * factors
    ).sum().backward()
    (theirs(other) * factors).sum().backward()
    same(one.grad[mask], other.grad)
    assert not one.grad[~mask].any()


def test_one_value_a_channel_has_no_variance_and_is_normalised_by_what_was():
    norm = MaskedBatchNorm(3)
    norm(torch.randn(50, 3) * 2 + 1)
    x = torch.randn(1, 3)
    expected = torch.nn.functional.batch_norm(x, norm.running_mean, norm.running_var)
    same(norm.train()(x), expected)
    assert norm.num_batches_tracked == 1


# Convolution


def test_a_block_is_convolution_normalisation_relu_and_maximum():
    block = ConvBlock(3, 5, kernel_size=3, pool_size=2, dropout=0.0).eval()
    x = torch.randn(4, 3, 8)
    found, lengths = block(x[:, :, None], torch.tensor([8] * 4))
    inner = torch.nn.functional.conv1d(x, block.conv.weight[:, :, 0], padding=1)
    expected = torch.nn.functional.max_pool1d(torch.relu(block.norm(inner)), 2)
    same(found[:, :, 0], expected)
    assert lengths.tolist() == [4] * 4


@pytest.mark.parametrize("pool_size", [1, 2, 3])
def test_a_clip_comes_out_of_a_block_as_it_does_alone(pool_size):
    block = ConvBlock(3, 5, kernel_size=5, pool_size=pool_size, dropout=0.0).eval()
    lengths = [9, 4, 1, 6]
    x, counts = padded(lengths, 3)
    together, after = block(as_image(x), counts)
    for row, length in enumerate(lengths):
        alone, _ = block(as_image(x[row : row + 1, :length]), torch.tensor([length]))
        assert after[row] == alone.shape[3] == -(-length // pool_size)
        same(together[row, :, :, : after[row]], alone[0])
        assert not together[row, :, :, after[row] :].any()


# Recurrence


@pytest.mark.parametrize("kind", ["lstm", "gru"])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_a_recurrence_begins_and_ends_with_the_clip(kind, bidirectional):
    layer = Recurrence(kind, 3, 4, n_layers=2, bidirectional=bidirectional, dropout=0.0).eval()
    lengths = [2, 7, 4]
    x, counts = padded(lengths, 3, filling=1e3)
    states, last = layer(x, counts)
    assert last.shape == (3, layer.n_out) == (3, 8 if bidirectional else 4)
    for row, length in enumerate(lengths):
        output, hidden = layer.rnn(x[row : row + 1, :length])
        hidden = hidden[0] if kind == "lstm" else hidden
        same(states[row, :length], output[0])
        expected = [hidden[-2, 0], hidden[-1, 0]] if bidirectional else [hidden[-1, 0]]
        same(last[row], torch.cat(expected))


# Pooling


@pytest.mark.parametrize("kind", ["mean", "max", "attention"])
def test_pooling_is_over_a_clips_own_frames(kind):
    layer = Pooling(kind, 3).eval()
    lengths = [2, 7, 1]
    x, counts = padded(lengths, 3, filling=1e3)
    together = layer(x, counts)
    assert together.shape == (3, layer.n_out)
    for row, length in enumerate(lengths):
        alone = layer(x[row : row + 1, :length], torch.tensor([length]))
        same(together[row], alone[0])


def test_mean_and_maximum_are_what_they_are_called():
    x = torch.randn(2, 5, 3)
    lengths = torch.tensor([5, 5])
    same(Pooling("mean", 3)(x, lengths), x.mean(dim=1))
    same(Pooling("max", 3)(x, lengths), x.amax(dim=1))


def test_attention_that_favours_nothing_is_mean_and_standard_deviation():
    layer = Pooling("attention", 3)
    torch.nn.init.zeros_(layer.score[2].weight)
    x = torch.randn(2, 9, 3)
    expected = torch.cat([x.mean(dim=1), x.std(dim=1, correction=0)], dim=1)
    same(layer(x, torch.tensor([9, 9])), expected)


def test_attention_is_the_published_formula():
    layer = Pooling("attention", 3, n_hidden=4)
    x = torch.randn(1, 6, 3)
    inner, outer = layer.score[0], layer.score[2]
    score = torch.tanh(x[0] @ inner.weight.T + inner.bias) @ outer.weight.T
    weight = torch.exp(score) / torch.exp(score).sum(dim=0)
    mean = (weight * x[0]).sum(dim=0)
    deviation = ((weight * x[0] ** 2).sum(dim=0) - mean**2).sqrt()
    same(layer(x, torch.tensor([6]))[0], torch.cat([mean, deviation]), atol=1e-4)


# Nets


NETS = {
    "cnn": {"channels": (6, 8), "pooling": "attention", "pool_size": (2, 1)},
    "lstm": {"recurrence": "lstm", "pooling": "last", "hidden_size": 5},
    "gru": {
        "recurrence": "gru",
        "channels": (6,),
        "pooling": "max",
        "bidirectional": True,
        "n_layers": 2,
        "hidden_size": 5,
    },
}


@pytest.mark.parametrize("name", NETS)
def test_logits_do_not_depend_on_neighbours(name):
    net = SequenceNet(3, 4, **NETS[name]).eval()
    lengths = [11, 3, 1, 8]
    x, counts = padded(lengths, 3)
    together = net(x, counts)
    for row, length in enumerate(lengths):
        same(together[row], net(x[row : row + 1, :length], torch.tensor([length]))[0])


def test_a_dense_net_normalises_all_layers_but_the_last():
    net = DenseNet(10, 3, hidden_layer_sizes=(8, 6, 4), batch_norm=True, dropout=0.1)
    kinds = [type(layer).__name__ for layer in net.layers]
    hidden = ["Linear", "MaskedBatchNorm", "ReLU", "Dropout"]
    assert kinds == [*hidden, *hidden, "Linear", "ReLU", "Dropout", "Linear"]
    bare = DenseNet(10, 3, hidden_layer_sizes=(), batch_norm=True, dropout=0.1)
    assert [type(layer).__name__ for layer in bare.layers] == ["Linear"]
    assert np.shape(net.eval()(torch.randn(2, 1, 10), torch.tensor([1, 1])).detach()) == (2, 3)
