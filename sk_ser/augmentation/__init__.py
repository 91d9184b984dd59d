"""Augmentation of waveforms and of sequences, inside the cross-validation fold."""

from sk_ser.augmentation._augmented_classifier import AugmentedClassifier
from sk_ser.augmentation._augmenter import Augmenter
from sk_ser.augmentation._sequences import BandShift, SpecAugment
from sk_ser.augmentation._speed import PitchShift, TimeStretch
from sk_ser.augmentation._waveform import AddNoise, Gain, TimeShift

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
