"""Layers for sequences of different lengths, in which padding is masked.

Conventions: `x` is (n_clips, n_channels, 1, n_frames) for convolutions, in the channels-last
layout, and (n_clips, n_frames, n_channels) elsewhere, which is the same memory. `lengths`
(n_clips,) has the number of frames of each clip and stays on the CPU. `mask` (n_clips, n_frames)
is True for frames of the clip and False for padding, and None without padding. Between blocks,
padding is zero.
"""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


def mask_of(lengths, n_frames, device):
    """Make the mask of frames; None without padding."""
    if int(lengths.min()) == n_frames:
        return None
    return torch.arange(n_frames, device=device) < lengths.to(device)[:, None]


class MaskedBatchNorm(nn.BatchNorm1d):
    """Batch normalisation whose statistics do not include padding [1]_.

    A batch with one value per channel has no variance, and is normalised by the running
    statistics.

    References
    ----------
    .. [1] S. Ioffe and C. Szegedy, "Batch normalization", ICML 2015, algorithm 1.
    """

    def forward(self, x, mask=None, n_frames=None):
        """Normalise x of shape (n_clips, n_channels) or (n_clips, n_channels, 1, n_frames).

        `n_frames` is the sum of `mask`, which would have to wait for the GPU.
        """
        n_frames = x[:, 0].numel() if mask is None else n_frames
        trains = self.training and n_frames > 1
        if mask is None or not trains:
            if trains:
                self.num_batches_tracked.add_(1)
            own = self.running_mean, self.running_var, self.weight, self.bias
            return nn.functional.batch_norm(x, *own, trains, self.momentum, self.eps)
        given = mask[:, None, None].to(x.dtype)
        mean = (x * given).sum(dim=(0, 2, 3)) / n_frames
        deviation = x - mean[:, None, None]
        var = (deviation * given).square().sum(dim=(0, 2, 3)) / n_frames
        self._remember(mean.detach(), var.detach() * (n_frames / (n_frames - 1)))
        scale = self.weight * torch.rsqrt(var + self.eps)
        return deviation * scale[:, None, None] + self.bias[:, None, None]

    def _remember(self, mean, var):
        self.running_mean.lerp_(mean.to(self.running_mean.dtype), self.momentum)
        self.running_var.lerp_(var.to(self.running_var.dtype), self.momentum)
        self.num_batches_tracked.add_(1)


class ConvBlock(nn.Module):
    """Convolution over time, batch normalisation, ReLU, max-pooling, dropout.

    The convolution is two-dimensional, of height 1, so that PyTorch uses the channels-last
    layout. On a CPU this takes 0.5 to 0.9 of the time of its one-dimensional convolution.
    """

    def __init__(self, n_in, n_out, *, kernel_size, pool_size, dropout):
        super().__init__()
        self.pool_size = pool_size
        size, padding = (1, kernel_size), (0, kernel_size // 2)
        self.conv = nn.Conv2d(n_in, n_out, size, padding=padding, bias=False)
        self.norm = MaskedBatchNorm(n_out)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, lengths):
        """Return the output, and the number of frames of each clip."""
        mask = mask_of(lengths, x.shape[3], x.device)
        x = torch.relu(self.norm(self.conv(x), mask, int(lengths.sum())))
        if mask is not None:
            x = x * mask[:, None, None]
        if self.pool_size > 1:
            # no value is below the 0 of padding; an incomplete last window counts
            x = nn.functional.max_pool2d(x, (1, self.pool_size), ceil_mode=True)
            lengths = -(-lengths // self.pool_size)
        return self.dropout(x), lengths


class Recurrence(nn.Module):
    """LSTM or GRU that begins at the first and ends at the last frame of each clip."""

    def __init__(self, kind, n_in, hidden_size, *, n_layers, bidirectional, dropout):
        super().__init__()
        layers = {"num_layers": n_layers, "dropout": dropout if n_layers > 1 else 0.0}
        layers |= {"bidirectional": bidirectional, "batch_first": True}
        self.rnn = {"lstm": nn.LSTM, "gru": nn.GRU}[kind](n_in, hidden_size, **layers)
        self.n_directions = 2 if bidirectional else 1
        self.n_out = hidden_size * self.n_directions

    def forward(self, x, lengths):
        """Return the state at each frame, and the state after the last frame of each direction."""
        if int(lengths.min()) == x.shape[1]:
            states, last = self.rnn(x)
        else:
            packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
            states, last = self.rnn(packed)
            states, _ = pad_packed_sequence(states, batch_first=True)
        if isinstance(last, tuple):  # an LSTM returns outputs and cells
            last = last[0]
        return states, torch.cat(list(last[-self.n_directions :]), dim=1)


class Pooling(nn.Module):
    """Pool one state per frame to one vector per clip.

    Parameters
    ----------
    kind : {"mean", "max", "attention"}
        "attention" is attentive statistics pooling [1]_: mean and standard deviation
        of the states, weighted over time by ``softmax(V tanh(W h + b))`` (equations 4 to
        6), with separate weights for each value of a state [2]_.
    n_in : int
        Size of a state.
    n_hidden : int, default=64
        Rows of W.

    References
    ----------
    .. [1] K. Okabe, T. Koshinaka and K. Shinoda, "Attentive statistics pooling for
       deep speaker embedding", Interspeech 2018.
    .. [2] B. Desplanques, J. Thienpondt and K. Demuynck, "ECAPA-TDNN", Interspeech 2020,
       section 3.1.
    """

    def __init__(self, kind, n_in, n_hidden=64):
        super().__init__()
        self.kind = kind
        self.n_out = n_in
        if kind == "attention":
            self.n_out = 2 * n_in
            self.score = nn.Sequential(
                nn.Linear(n_in, n_hidden), nn.Tanh(), nn.Linear(n_hidden, n_in, bias=False)
            )

    def forward(self, x, lengths):
        """Pool x of shape (n_clips, n_frames, n_in) over the frames of each clip."""
        mask = mask_of(lengths, x.shape[1], x.device)
        hidden = None if mask is None else ~mask[:, :, None]
        if self.kind == "max":
            return (x if hidden is None else x.masked_fill(hidden, -torch.inf)).amax(dim=1)
        if self.kind == "mean":
            total = (x if hidden is None else x.masked_fill(hidden, 0.0)).sum(dim=1)
            return total / lengths.to(x.device)[:, None]
        score = self.score(x)
        if hidden is not None:
            score, x = score.masked_fill(hidden, -torch.inf), x.masked_fill(hidden, 0.0)
        weight = torch.softmax(score, dim=1)
        mean = (weight * x).sum(dim=1)
        variance = (weight * (x - mean[:, None]).square()).sum(dim=1)
        return torch.cat([mean, variance.clamp(min=1e-5).sqrt()], dim=1)
