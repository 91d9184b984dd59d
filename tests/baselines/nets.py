"""A net as a user of the package writes it."""

from dataclasses import dataclass

from torch import nn

from sk_ser.neural import NeuralClassifier


class MeanNet(nn.Module):
    """A linear layer over the mean of all frames."""

    def __init__(self, n_channels, n_classes, dropout):
        super().__init__()
        self.layers = nn.Sequential(nn.Dropout(dropout), nn.Linear(n_channels, n_classes))

    def forward(self, x, lengths):
        return self.layers(x.sum(dim=1) / lengths[:, None].to(x))


@dataclass(eq=False, repr=False, kw_only=True)
class MeanClassifier(NeuralClassifier):
    """The classifier of this module."""

    module = MeanNet
