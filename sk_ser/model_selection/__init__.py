"""Honest evaluation: protocols that split by speaker, and what the others flatter."""

from sk_ser.model_selection._calibration import calibration_error, reliability_table
from sk_ser.model_selection._checks import EvaluationWarning
from sk_ser.model_selection._compare import compare_protocols
from sk_ser.model_selection._comparison import ProtocolComparison
from sk_ser.model_selection._conformal import conformal_coverage
from sk_ser.model_selection._cross_corpus import pair_corpora
from sk_ser.model_selection._evaluate import FoldError
from sk_ser.model_selection._group_results import group_results
from sk_ser.model_selection._model_tests import ModelTest, corrected_t_test, sign_flip_test
from sk_ser.model_selection._optimism import selection_optimism
from sk_ser.model_selection._speaker_folds import SpeakerFolds
from sk_ser.model_selection._speaker_sentence_folds import SpeakerSentenceFolds
from sk_ser.model_selection._tuning_folds import TuningFolds
from sk_ser.model_selection._uar import uar_score

__all__ = [
    "EvaluationWarning",
    "FoldError",
    "ModelTest",
    "ProtocolComparison",
    "SpeakerFolds",
    "SpeakerSentenceFolds",
    "TuningFolds",
    "calibration_error",
    "compare_protocols",
    "conformal_coverage",
    "corrected_t_test",
    "group_results",
    "pair_corpora",
    "reliability_table",
    "selection_optimism",
    "sign_flip_test",
    "uar_score",
]
