"""Measure how many planted leaks the audit finds, and its rate of false alarms.

    python benchmarks/planted_leaks.py --leak-seeds 3 --out planted_leaks.json --check

Each leak of ``tests/leakage/leaks.py`` is planted alone in synthetic speech without leaks, once for
each seed, and its check is run. It is found if its finding is severe, or a warning where the list
says so. The same speech without any leak is audited completely, as recordings and as vectors. A
severe finding is then a false alarm, and warnings are counted, too.
"""

import sys
import warnings
from collections import Counter
from pathlib import Path

from _common import arguments, finish
from joblib import Parallel, delayed

sys.path.insert(0, str(Path(__file__).parents[1]))

from sk_ser.leakage import audit
from tests.leakage.leaks import LEAKS, make_clean, vectors


def run(case, **options):
    case = dict(case)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return audit(case.pop("estimator"), case.pop("X"), case.pop("y"), **case, **options)


def measure(seed, with_leaks):
    """Audit one corpus without leaks and, if requested, with each of them."""
    clean = make_clean(seed)
    alarms = {}
    for name, case in {"recordings": clean, "vectors": vectors(clean)}.items():
        findings = run(case).findings
        alarms[name] = {
            severity: sorted({one.check for one in findings if one.severity == severity})
            for severity in ("severe", "warning")
        }
    found = {}
    for plant, (check, least) in LEAKS.items() if with_leaks else ():
        severities = [finding.severity for finding in run(plant(clean), checks=[check]).findings]
        found[plant.__name__] = {
            "check": check,
            "least": least,
            "found": severities[0] if severities else None,
        }
    return {"seed": seed, "alarms": alarms, "leaks": found}


def count_alarms(rows, severity):
    """Count corpora with a finding of a severity: in all checks, and in each, by form of X."""
    counts = {}
    for form in rows[0]["alarms"]:
        found = [row["alarms"][form][severity] for row in rows]
        by_check = Counter(check for checks in found for check in checks)
        counts[form] = {"corpora": sum(map(bool, found)), "by_check": dict(by_check)}
        print(f"{severity} without a leak, {form}: {counts[form]}")
    return counts


def main():
    parser = arguments(__doc__)
    parser.add_argument("--seeds", type=int, default=50, help="corpora without a leak")
    parser.add_argument("--leak-seeds", type=int, default=5, help="corpora with each leak")
    parser.add_argument("--jobs", type=int, default=2, help="number of processes")
    options = parser.parse_args()
    rows = Parallel(n_jobs=options.jobs, verbose=5)(
        delayed(measure)(seed, seed < options.leak_seeds) for seed in range(options.seeds)
    )
    order = ["severe", "warning", "note", None]
    leaks = {}
    for name in rows[0]["leaks"]:
        tried = [row["leaks"][name] for row in rows if row["leaks"]]
        hits = [order.index(one["found"]) <= order.index(one["least"]) for one in tried]
        leaks[name] = {"check": tried[0]["check"], "found": sum(hits), "of": len(hits)}
        print(f"{name:36}{tried[0]['check']:20}{sum(hits)} of {len(hits)}")
    severe, warning = (count_alarms(rows, severity) for severity in order[:2])
    rate = max(one["corpora"] for one in severe.values()) / len(rows)
    share = sum(one["found"] for one in leaks.values()) / sum(one["of"] for one in leaks.values())
    finish(
        options,
        "planted_leaks",
        "make_emotional_speech",
        [
            ("share of planted leaks that are found", share, ">=", 0.95),
            ("share of corpora without a leak that raise a severe finding", rate, "<=", 0.01),
        ],
        leaks=leaks,
        severe=severe,
        warning=warning,
        n_seeds=len(rows),
    )


if __name__ == "__main__":
    main()
