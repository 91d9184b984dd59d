"""The checks that every audit has, one in a file."""

from sk_ser.leakage._registry import register_check
from sk_ser.leakage.checks._dependence import check_dependence
from sk_ser.leakage.checks._duplicates import check_duplicates
from sk_ser.leakage.checks._population import check_population
from sk_ser.leakage.checks._preprocessing import check_preprocessing
from sk_ser.leakage.checks._selection import check_selection
from sk_ser.leakage.checks._speaker_identity import check_speaker_identity
from sk_ser.leakage.checks._test_set import check_test_set
from sk_ser.leakage.checks._trivial_facts import check_trivial_facts

# in the order in which they run
register_check("test_set", check_test_set)
register_check("preprocessing", check_preprocessing)
register_check("duplicates", check_duplicates)
register_check("trivial_facts", check_trivial_facts)
register_check("speaker_identity", check_speaker_identity)
register_check("dependence", check_dependence)
register_check("selection", check_selection)
register_check("population", check_population)
