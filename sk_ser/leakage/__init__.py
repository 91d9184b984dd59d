"""The leakage audit: checks that a result holds for speakers the model has not seen."""

from sk_ser.leakage._audit import audit
from sk_ser.leakage._evaluation import Evaluation
from sk_ser.leakage._finding import Finding, NotChecked
from sk_ser.leakage._registry import check_names, register_check
from sk_ser.leakage._report import LeakageReport
from sk_ser.leakage.checks._dependence import check_dependence
from sk_ser.leakage.checks._duplicates import check_duplicates
from sk_ser.leakage.checks._lookup import check_lookup
from sk_ser.leakage.checks._population import check_population
from sk_ser.leakage.checks._preprocessing import check_preprocessing
from sk_ser.leakage.checks._selection import check_selection
from sk_ser.leakage.checks._speaker_identity import check_speaker_identity
from sk_ser.leakage.checks._test_set import check_test_set
from sk_ser.leakage.checks._trivial_facts import check_trivial_facts

__all__ = [
    "Evaluation",
    "Finding",
    "LeakageReport",
    "NotChecked",
    "audit",
    "check_dependence",
    "check_duplicates",
    "check_lookup",
    "check_names",
    "check_population",
    "check_preprocessing",
    "check_selection",
    "check_speaker_identity",
    "check_test_set",
    "check_trivial_facts",
    "register_check",
]

# in the order in which they run
register_check("test_set", check_test_set)
register_check("preprocessing", check_preprocessing)
register_check("duplicates", check_duplicates)
register_check("trivial_facts", check_trivial_facts)
register_check("lookup", check_lookup)
register_check("speaker_identity", check_speaker_identity)
register_check("dependence", check_dependence)
register_check("selection", check_selection)
register_check("population", check_population)
