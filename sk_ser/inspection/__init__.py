"""Figures of data and of results. Matplotlib is imported when one is drawn."""

from sk_ser.inspection._clip import ClipDisplay
from sk_ser.inspection._confusion_comparison import ConfusionComparisonDisplay
from sk_ser.inspection._gap import GapDisplay
from sk_ser.inspection._group_results import GroupResultsDisplay
from sk_ser.inspection._label_distribution import LabelDistributionDisplay
from sk_ser.inspection._reliability import ReliabilityDisplay
from sk_ser.inspection._style import class_colours
from sk_ser.inspection._training_curve import TrainingCurveDisplay

__all__ = [
    "ClipDisplay",
    "ConfusionComparisonDisplay",
    "GapDisplay",
    "GroupResultsDisplay",
    "LabelDistributionDisplay",
    "ReliabilityDisplay",
    "TrainingCurveDisplay",
    "class_colours",
]
