"""Honest evaluation: protocols that split by speaker, and what the others flatter."""

from sk_ser.model_selection._calibration import (
    calibration_scores,
    expected_calibration_error,
    reliability_curve,
)
from sk_ser.model_selection._checks import EvaluationWarning
from sk_ser.model_selection._compare import compare_protocols
from sk_ser.model_selection._comparison import ProtocolComparison
from sk_ser.model_selection._conformal_coverage import conformal_coverage
from sk_ser.model_selection._corrected_t_test import CorrectedTTestResult, corrected_t_test
from sk_ser.model_selection._cross_corpus import pair_corpora
from sk_ser.model_selection._evaluate import FoldError
from sk_ser.model_selection._group_results import group_results
from sk_ser.model_selection._optimism import selection_optimism
from sk_ser.model_selection._out_of_fold import out_of_fold_proba
from sk_ser.model_selection._prediction_sets import prediction_sets
from sk_ser.model_selection._sign_flip_test import SignFlipResult, sign_flip_test
from sk_ser.model_selection._speaker_folds import SpeakerFolds
from sk_ser.model_selection._speaker_sentence_folds import SpeakerSentenceFolds
from sk_ser.model_selection._tuning_folds import TuningFolds
from sk_ser.model_selection._uar import uar_score

__all__ = [
    "CorrectedTTestResult",
    "EvaluationWarning",
    "FoldError",
    "ProtocolComparison",
    "SignFlipResult",
    "SpeakerFolds",
    "SpeakerSentenceFolds",
    "TuningFolds",
    "calibration_scores",
    "compare_protocols",
    "conformal_coverage",
    "corrected_t_test",
    "expected_calibration_error",
    "group_results",
    "out_of_fold_proba",
    "pair_corpora",
    "prediction_sets",
    "reliability_curve",
    "selection_optimism",
    "sign_flip_test",
    "uar_score",
]
