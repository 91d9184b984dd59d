"""Speaker-independent evaluation: protocols, scores with intervals over speakers, and tests."""

from sk_ser.model_selection._calibration import (
    calibration_error_floor,
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
from sk_ser.model_selection._cross_predict import cross_predict
from sk_ser.model_selection._engine import FoldError
from sk_ser.model_selection._group_results import group_results
from sk_ser.model_selection._intervals import speaker_interval
from sk_ser.model_selection._named_protocols import protocol_names, register_protocol
from sk_ser.model_selection._optimism import selection_optimism
from sk_ser.model_selection._prediction_sets import (
    conformal_threshold,
    prediction_sets,
    sets_above,
)
from sk_ser.model_selection._protocol_plan import ProtocolData, ProtocolPlan
from sk_ser.model_selection._protocols import draw_folds
from sk_ser.model_selection._scores import SumScore
from sk_ser.model_selection._sign_flip_test import SignFlipResult, sign_flip_test
from sk_ser.model_selection._speaker_folds import SpeakerFolds
from sk_ser.model_selection._speaker_sentence_folds import SpeakerSentenceFolds
from sk_ser.model_selection._tuning_folds import TuningFolds
from sk_ser.model_selection._uar import uar_score, uar_scorer

__all__ = [
    "CorrectedTTestResult",
    "EvaluationWarning",
    "FoldError",
    "ProtocolComparison",
    "ProtocolData",
    "ProtocolPlan",
    "SignFlipResult",
    "SpeakerFolds",
    "SpeakerSentenceFolds",
    "SumScore",
    "TuningFolds",
    "calibration_error_floor",
    "calibration_scores",
    "compare_protocols",
    "conformal_coverage",
    "conformal_threshold",
    "corrected_t_test",
    "cross_predict",
    "draw_folds",
    "expected_calibration_error",
    "group_results",
    "pair_corpora",
    "prediction_sets",
    "protocol_names",
    "register_protocol",
    "reliability_curve",
    "selection_optimism",
    "sets_above",
    "sign_flip_test",
    "speaker_interval",
    "uar_score",
    "uar_scorer",
]
