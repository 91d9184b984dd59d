"""A trained model and what it predicts: from files, from windows of a recording, from a stream.

All three go through :class:`TrainedModel`, so they agree on what counts as silent or too
short, on how channels are mixed and on which errors are reported. No recording ends a run: one
that nothing can be predicted from has an error in its row, and the others are predicted.
"""

from sk_ser.recognition._files import describe_files, predict_files
from sk_ser.recognition._microphone import microphone
from sk_ser.recognition._over_time import emotion_over_time
from sk_ser.recognition._prediction import Prediction
from sk_ser.recognition._stream import StreamingPredictor, WindowPrediction
from sk_ser.recognition._trained_model import TrainedModel

__all__ = [
    "Prediction",
    "StreamingPredictor",
    "TrainedModel",
    "WindowPrediction",
    "describe_files",
    "emotion_over_time",
    "microphone",
    "predict_files",
]
