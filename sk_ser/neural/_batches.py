"""Padded batches of sequences of similar lengths, so that little is padded."""

import numpy as np
import torch
from torch.utils.data import Dataset

#: Number of batches that are sorted by length at a time: enough for little padding, and few
#: enough for random batches.
_POOL = 20


class Sequences(Dataset):
    """Sequences and, for training, their targets.

    Parameters
    ----------
    items : list of ndarray of shape (n_frames, n_channels)
        Of at least one frame.
    targets : ndarray of shape (n_clips, n_classes), default=None
        Weight of each clip in the column of its class; elsewhere 0.
    dtype : torch.dtype, default=torch.float32
        Precision to compute in.
    """

    def __init__(self, items, targets=None, dtype=torch.float32):
        self.items = items
        self.lengths = np.array([len(item) for item in items])
        self.targets = None if targets is None else torch.as_tensor(targets, dtype=dtype)
        self.dtype = dtype

    def __len__(self):
        return len(self.items)

    def take(self, rows):
        """Return some of them."""
        return Sequences([self.items[row] for row in rows], self.targets[rows], self.dtype)


class Batches:
    """Iterate over padded batches of :class:`Sequences`.

    In training, clips are shuffled, and those of 20 batches at a time are sorted by length. The
    sizes of the batches differ by at most one clip, so that none has a single clip.

    Parameters
    ----------
    data : Sequences
        The sequences.
    batch_size : int
        Largest number of clips in a batch.
    rng : numpy.random.Generator or None, default=None
        Generator of everything random. None: sorted by length, for prediction.
    augmenters : sequence of augmenter, default=()
        Their ``augment(item, rng)`` is applied to each clip, one after another.
    mixup : float, default=0.0
        Alpha of mixup [1]_: pairs of clips of a batch are blended, with a share drawn from
        Beta(alpha, alpha); 0 for no mixup.

    Yields
    ------
    (x, lengths) : Tensor of shape (n, n_frames, n_channels), Tensor of shape (n,)
        Padded with zeros at the end.
    targets : Tensor of shape (n, n_classes)
        Without columns if `data` has no targets.

    References
    ----------
    .. [1] H. Zhang et al., "mixup: Beyond empirical risk minimization", ICLR 2018,
       equation 1.
    """

    def __init__(self, data, batch_size, *, rng=None, augmenters=(), mixup=0.0):
        self.data = data
        self.batch_size = batch_size
        self.rng = rng
        self.augmenters = augmenters
        self.mixup = mixup

    def __len__(self):
        return len(range(0, len(self.data), self.batch_size))

    def __iter__(self):
        for rows in self.rows():
            x, targets = self._pad(rows), self._targets(rows)
            if self.rng is not None and self.mixup > 0:
                x, targets = self._mix(x, targets)
            yield x, targets

    def rows(self):
        """List the rows of each batch."""
        lengths = self.data.lengths
        if self.rng is None:
            return np.array_split(np.argsort(lengths, kind="stable"), len(self))
        order = self.rng.permutation(len(lengths))
        size = _POOL * self.batch_size
        pools = [order[start : start + size] for start in range(0, len(order), size)]
        order = np.concatenate([pool[np.argsort(lengths[pool], kind="stable")] for pool in pools])
        batches = np.array_split(order, len(self))
        self.rng.shuffle(batches)
        return batches

    def _pad(self, rows):
        items = [self.data.items[row] for row in rows]
        if self.rng is not None:
            for augmenter in self.augmenters:
                items = [augmenter.augment(item, self.rng) for item in items]
        lengths = [len(item) for item in items]
        shape = len(items), max(lengths), items[0].shape[1]
        x = np.zeros(shape, np.float64 if self.data.dtype == torch.float64 else np.float32)
        for row, item in zip(x, items, strict=True):
            row[: len(item)] = item
        return torch.from_numpy(x), torch.tensor(lengths)

    def _targets(self, rows):
        targets = self.data.targets
        return torch.empty(len(rows), 0) if targets is None else targets[torch.as_tensor(rows)]

    def _mix(self, x, targets):
        (x, lengths), share = x, self.rng.beta(self.mixup, self.mixup)
        other = torch.as_tensor(self.rng.permutation(len(x)))
        mixed = share * x + (1 - share) * x[other]
        lengths = torch.maximum(lengths, lengths[other])
        return (mixed, lengths), share * targets + (1 - share) * targets[other]
