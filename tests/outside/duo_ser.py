"""An extension by somebody else: it uses public names only, and edits nothing in the package.

On import it registers a corpus, a protocol, a check and two baselines. The baselines hold a
descriptor, a functional, an augmenter and a net of its own.
"""

from dataclasses import dataclass

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import PredefinedSplit
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sk_ser.audio import AudioLoader, Clip
from sk_ser.augmentation import AugmentedClassifier, Augmenter
from sk_ser.baselines import Baseline, register_baseline
from sk_ser.datasets import Corpus, register_corpus
from sk_ser.features import MFCC, Descriptor, Functionals, make_clip_pipeline, make_frame_union
from sk_ser.leakage import Finding, register_check
from sk_ser.model_selection import ProtocolPlan, register_protocol
from sk_ser.neural import NeuralClassifier

load_duo = register_corpus(
    Corpus(
        name="duo",
        title="Duo: actors in two cities",
        language="none",
        licence="CC0-1.0",
        source="made by the tests",
        reference="none",
        form="city_speaker_emotion_number",
        example="bern_s1_A_1.wav",
        pattern=r"(?P<city>bern|graz)_(?P<speaker>s\d)_(?P<emotion>[AS])_(?P<repetition>\d)",
        tables={"emotion": {"A": "anger", "S": "sadness"}},
    )
)


def leave_one_city_out(data, n_splits, seed):
    """Plan a protocol that tests one city at a time."""
    _, numbers = np.unique(data.several("city"), return_inverse=True)
    return ProtocolPlan(PredefinedSplit(numbers), data.groups)


def check_cities(evaluation):
    """Report how many cities the recordings are from."""
    n_cities = evaluation.metadata["city"].nunique()
    yield Finding(
        check="cities",
        severity="note",
        kind="L3.3",
        message=f"The recordings are from {n_cities} cities.",
        remedy="Add cities.",
        figures={"n_cities": n_cities},
    )


class CrestFactor(Descriptor):
    """Peak of each frame over its root mean square."""

    def __init__(self, *, frame_length=2048, hop_length=512, center=True):
        self.frame_length = frame_length
        self.hop_length = hop_length
        self.center = center

    def describe(self, frames):
        """Compute the crest factor of each frame."""
        cut = self.frame_length, self.hop_length, self.center
        peak = np.abs(frames.cut(*cut)).max(axis=1)
        rms = np.sqrt(frames.mean_square(*cut))
        return (peak / np.maximum(rms, 1e-10))[:, np.newaxis]

    def names(self):
        """Name the one column."""
        return ["crest"]


def energy(frames):
    """Sum the squares of each column."""
    return (frames**2).sum(axis=0)


class Clipping(Augmenter):
    """Clip the amplitudes at a threshold."""

    drawn = "threshold"
    bounds = (0.0, 1.0, "of full scale")

    def __init__(self, threshold=(0.1, 0.5), *, random_state=None):
        self.threshold = threshold
        self.random_state = random_state

    def apply(self, clip, amount, rng=None):
        """Clip at the given amount."""
        return Clip(np.clip(clip, -amount, amount), clip.sampling_rate)


class MeanNet(torch.nn.Module):
    """A linear map of the mean over time."""

    def __init__(self, n_channels, n_classes):
        super().__init__()
        self.head = torch.nn.Linear(n_channels, n_classes)

    def forward(self, x, lengths):
        """Return logits; padding has no effect."""
        inside = torch.arange(x.shape[1])[None, :, None] < lengths[:, None, None]
        return self.head((x * inside).sum(1) / lengths[:, None])


@dataclass(eq=False, repr=False, kw_only=True)
class MeanClassifier(NeuralClassifier):
    """A net without a hidden layer."""

    module = MeanNet

    def module_params(self, n_channels, n_classes):
        """Return the arguments of the module."""
        return {"n_channels": n_channels, "n_classes": n_classes}


def load_clips(memory=None):
    """Make the front end of the vote of clips and copies: it only decodes."""
    return make_clip_pipeline(AudioLoader(), memory=memory)


def make_logistic(front_end=None, *, random_state=None):
    """Make a classifier of vectors that also learns from clipped copies."""
    describe = make_clip_pipeline(
        make_frame_union(MFCC(5), CrestFactor()), Functionals(["mean", energy])
    )
    vectors = make_pipeline(describe, StandardScaler(), LogisticRegression())
    copies = AugmentedClassifier(vectors, [Clipping()], random_state=random_state)
    return make_pipeline(front_end, copies)


def make_sequences(memory=None):
    """Make the front end of the net."""
    return make_clip_pipeline(
        AudioLoader(), make_frame_union(MFCC(5), CrestFactor()), memory=memory
    )


register_protocol("leave-one-city-out", leave_one_city_out)
register_check("cities", check_cities)
register_baseline(
    Baseline(
        name="duo-logistic",
        make=make_logistic,
        front_end=load_clips,
        grid={"augmentedclassifier__estimator__logisticregression__C": [0.1, 1.0]},
        trusted=(CrestFactor, Clipping, energy),
    )
)
register_baseline(
    Baseline(
        name="duo-net",
        make=MeanClassifier.make_pipeline,
        front_end=make_sequences,
        params={"max_epochs": 30, "learning_rate": 0.02},
        extra="neural",
        trusted=(CrestFactor, MeanClassifier, MeanNet),
    )
)
