"""Emotions of files: what the command line, the page and the service have in common.

Nothing ends a run. A file that nothing can be predicted from has its row, with the reason
in it, and the others have their emotions.
"""

from sk_ser.prediction._describe import describe_files
from sk_ser.prediction._files import predict_files
from sk_ser.prediction._over_time import emotion_over_time

__all__ = ["describe_files", "emotion_over_time", "predict_files"]
