"""Honest evaluation: protocols that split by speaker, and what the others flatter."""

from sk_ser.model_selection._checks import EvaluationWarning
from sk_ser.model_selection._compare import FoldError, compare_protocols
from sk_ser.model_selection._comparison import ProtocolComparison
from sk_ser.model_selection._speaker_folds import SpeakerFolds
from sk_ser.model_selection._speaker_sentence_folds import SpeakerSentenceFolds
from sk_ser.model_selection._tuning_folds import TuningFolds
from sk_ser.model_selection._uar import uar_score

__all__ = [
    "EvaluationWarning",
    "FoldError",
    "ProtocolComparison",
    "SpeakerFolds",
    "SpeakerSentenceFolds",
    "TuningFolds",
    "compare_protocols",
    "uar_score",
]
