"""The torch modules, from padded sequences to logits."""

from itertools import pairwise

import numpy as np
from torch import nn

from sk_ser.neural._layers import ConvBlock, MaskedBatchNorm, Pooling, Recurrence


class SequenceNet(nn.Module):
    """Convolution blocks, a recurrence, pooling over time, a linear layer.

    Parameters
    ----------
    n_channels : int
        Values per frame.
    n_classes : int
        Logits per clip.
    channels : sequence of int
        Channels of each convolution block; empty for none.
    kernel_size : int
        Frames that a convolution spans.
    pool_size : int or sequence of int
        Frames that the max-pooling of a block merges, for all blocks or each.
    recurrence : {"lstm", "gru"} or None
        Kind of the recurrence after the blocks; None for none.
    hidden_size, n_layers, bidirectional
        Arguments of the recurrence.
    pooling : {"last", "mean", "max", "attention"}
        "last" is the last state of each direction of the recurrence.
    dropout, head_dropout : float
        Share of the values that are dropped after each block and between layers of the
        recurrence, and share that is dropped before the linear layer.
    """

    def __init__(
        self,
        n_channels,
        n_classes,
        *,
        channels=(),
        kernel_size=5,
        pool_size=2,
        recurrence=None,
        hidden_size=64,
        n_layers=1,
        bidirectional=False,
        pooling="mean",
        dropout=0.0,
        head_dropout=0.0,
    ):
        super().__init__()
        widths, pools = [n_channels, *channels], _pools(pool_size, channels)
        self.blocks = nn.ModuleList(
            ConvBlock(n_in, n_out, kernel_size=kernel_size, pool_size=pool, dropout=dropout)
            for (n_in, n_out), pool in zip(pairwise(widths), pools, strict=True)
        )
        self.recurrence, width = None, widths[-1]
        if recurrence is not None:
            layers = {"n_layers": n_layers, "bidirectional": bidirectional, "dropout": dropout}
            self.recurrence = Recurrence(recurrence, width, hidden_size, **layers)
            width = self.recurrence.n_out
        self.pooling = None
        if pooling != "last":
            self.pooling = Pooling(pooling, width)
            width = self.pooling.n_out
        self.dropout = nn.Dropout(head_dropout)
        self.read_out = nn.Linear(width, n_classes)

    def forward(self, x, lengths):
        """Compute logits of shape (n_clips, n_classes) from (n_clips, n_frames, n_channels)."""
        if self.blocks:
            x = x.transpose(1, 2)[:, :, None]
            for block in self.blocks:
                x, lengths = block(x, lengths)
            x = x[:, :, 0].transpose(1, 2)
        last = None
        if self.recurrence is not None:
            x, last = self.recurrence(x, lengths)
        pooled = last if self.pooling is None else self.pooling(x, lengths)
        return self.read_out(self.dropout(pooled))


def _pools(pool_size, channels):
    """Return the pool size of each block."""
    pools = [pool_size] * len(channels) if np.ndim(pool_size) == 0 else pool_size
    if len(pools) != len(channels):
        raise ValueError(
            f"pool_size={pool_size!r} must be one number, or one per block of "
            f"channels={channels!r}."
        )
    return pools


class DenseNet(nn.Module):
    """Layers of linear map, batch normalisation, ReLU and dropout; a last linear layer.

    The last hidden layer is not normalised.

    Parameters
    ----------
    n_channels, n_classes : int
        Values per vector, and logits per clip.
    hidden_layer_sizes : sequence of int
        Units of each hidden layer.
    batch_norm : bool
        Whether to normalise.
    dropout : float
        Share of the values of each hidden layer that are dropped.
    """

    def __init__(self, n_channels, n_classes, *, hidden_layer_sizes, batch_norm, dropout):
        super().__init__()
        widths = [n_channels, *hidden_layer_sizes]
        layers = []
        for number, (n_in, n_out) in enumerate(pairwise(widths), start=1):
            layers.append(nn.Linear(n_in, n_out))
            if batch_norm and number < len(hidden_layer_sizes):
                layers.append(MaskedBatchNorm(n_out))
            layers += [nn.ReLU(), nn.Dropout(dropout)]
        self.layers = nn.Sequential(*layers, nn.Linear(widths[-1], n_classes))

    def forward(self, x, lengths):
        """Compute logits of shape (n_clips, n_classes) from vectors, (n_clips, 1, n_channels)."""
        return self.layers(x[:, 0])
