"""Emotion over time: sound in as it comes, probabilities out a hop at a time."""

from sk_ser.streaming._microphone import microphone
from sk_ser.streaming._predictor import StreamingPredictor, WindowPrediction

__all__ = ["StreamingPredictor", "WindowPrediction", "microphone"]
