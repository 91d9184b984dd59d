"""Augmentation of waveforms and of sequences, inside the cross-validation fold."""

from sk_ser.augmentation._augmented_classifier import AugmentedClassifier
from sk_ser.augmentation._augmenter import Augmenter
from sk_ser.augmentation._band_shift import BandShift
from sk_ser.augmentation._gain import Gain
from sk_ser.augmentation._noise import AddNoise
from sk_ser.augmentation._pitch_shift import PitchShift
from sk_ser.augmentation._spec_augment import SpecAugment
from sk_ser.augmentation._time_shift import TimeShift
from sk_ser.augmentation._time_stretch import TimeStretch

__all__ = [
    "AddNoise",
    "AugmentedClassifier",
    "Augmenter",
    "BandShift",
    "Gain",
    "PitchShift",
    "SpecAugment",
    "TimeShift",
    "TimeStretch",
]
