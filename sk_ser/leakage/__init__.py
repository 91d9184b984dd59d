"""The leakage audit: checks that a result holds for speakers the model has not seen."""

from sk_ser.leakage._audit import audit
from sk_ser.leakage._evaluation import Evaluation
from sk_ser.leakage._finding import Finding, NotChecked
from sk_ser.leakage._registry import check_names, register_check
from sk_ser.leakage._report import LeakageReport
from sk_ser.leakage.checks import (
    check_dependence,
    check_duplicates,
    check_population,
    check_preprocessing,
    check_selection,
    check_speaker_identity,
    check_test_set,
    check_trivial_facts,
)

__all__ = [
    "Evaluation",
    "Finding",
    "LeakageReport",
    "NotChecked",
    "audit",
    "check_dependence",
    "check_duplicates",
    "check_names",
    "check_population",
    "check_preprocessing",
    "check_selection",
    "check_speaker_identity",
    "check_test_set",
    "check_trivial_facts",
    "register_check",
]
