"""Descriptors of clips, their functionals, and the pipeline that computes them."""

from sk_ser._arrays import FrameSequence
from sk_ser._clipwise import ClipwiseTransformer
from sk_ser.features._balance import SpectralBalance
from sk_ser.features._chroma import Chroma
from sk_ser.features._clip_pipeline import ClipPipeline, make_clip_pipeline
from sk_ser.features._delta import Delta
from sk_ser.features._descriptor import Descriptor
from sk_ser.features._frame_average import FrameAverage
from sk_ser.features._frames import Frames, Framing
from sk_ser.features._front_end import make_front_end, make_sequence_front_end
from sk_ser.features._functionals import Functionals
from sk_ser.features._mean_normalizer import MeanNormalizer
from sk_ser.features._mel import MelSpectrogram
from sk_ser.features._mfcc import MFCC
from sk_ser.features._pitch import FundamentalFrequency
from sk_ser.features._spectral import SpectralStatistics
from sk_ser.features._temporal import RMSEnergy, ZeroCrossingRate
from sk_ser.features._union import FrameUnion, make_frame_union

__all__ = [
    "MFCC",
    "Chroma",
    "ClipPipeline",
    "ClipwiseTransformer",
    "Delta",
    "Descriptor",
    "FrameAverage",
    "FrameSequence",
    "FrameUnion",
    "Frames",
    "Framing",
    "Functionals",
    "FundamentalFrequency",
    "MeanNormalizer",
    "MelSpectrogram",
    "RMSEnergy",
    "SpectralBalance",
    "SpectralStatistics",
    "ZeroCrossingRate",
    "make_clip_pipeline",
    "make_frame_union",
    "make_front_end",
    "make_sequence_front_end",
]
