"""Augmented copies of training clips, made inside the fold: of waveforms and of sequences."""

from sk_ser.augmentation._augmented_classifier import AugmentedClassifier
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
    "BandShift",
    "Gain",
    "PitchShift",
    "SpecAugment",
    "TimeShift",
    "TimeStretch",
]
