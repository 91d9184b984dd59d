"""Every planted leak is found; where there is none, nothing severe is."""

import pytest

from sk_ser.leakage import audit, check_names
from sk_ser.leakage._finding import SEVERITIES
from tests.leakage.leaks import LEAKS, make_clean


@pytest.fixture(scope="module")
def clean():
    return make_clean(0)


def run(case, **options):
    case = dict(case)
    return audit(case.pop("estimator"), case.pop("X"), case.pop("y"), **case, **options)


@pytest.mark.parametrize("plant", LEAKS, ids=lambda plant: plant.__name__)
def test_a_planted_leak_is_found(plant, clean):
    check, least = LEAKS[plant]
    report = run(plant(clean), checks=[check])
    worst = [finding.severity for finding in report.findings]
    assert worst, report
    assert SEVERITIES.index(worst[0]) <= SEVERITIES.index(least), report
    assert all(finding.check == check and finding.remedy for finding in report.findings)


@pytest.mark.parametrize("seed", range(3))
def test_without_a_leak_nothing_severe_is_found(seed):
    report = run(make_clean(seed))
    assert not report.is_severe, report
    assert not set(report.not_checked) & set(check_names())
