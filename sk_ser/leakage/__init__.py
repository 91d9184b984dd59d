"""The leakage audit: what makes a result better than it would be on a new voice."""

from sk_ser.leakage._audit import audit
from sk_ser.leakage._check_dependence import check_dependence
from sk_ser.leakage._check_duplicates import check_duplicates
from sk_ser.leakage._check_population import check_population
from sk_ser.leakage._check_preprocessing import check_preprocessing
from sk_ser.leakage._check_selection import check_selection
from sk_ser.leakage._check_speaker_identity import check_speaker_identity
from sk_ser.leakage._check_test_set import check_test_set
from sk_ser.leakage._check_trivial_facts import check_trivial_facts
from sk_ser.leakage._duplicates import find_duplicates
from sk_ser.leakage._evaluation import Evaluation
from sk_ser.leakage._finding import Finding, NotChecked
from sk_ser.leakage._report import LeakageReport

__all__ = [
    "Evaluation",
    "Finding",
    "LeakageReport",
    "NotChecked",
    "audit",
    "check_dependence",
    "check_duplicates",
    "check_population",
    "check_preprocessing",
    "check_selection",
    "check_speaker_identity",
    "check_test_set",
    "check_trivial_facts",
    "find_duplicates",
]
