"""Checks from outside the package, and checks that fail."""

import numpy as np
import pytest
from sklearn.naive_bayes import GaussianNB

from sk_ser.leakage import Finding, NotChecked, audit, register_check
from sk_ser.leakage import _registry as registry

Y, SPEAKERS = np.arange(60) % 2, np.arange(60) // 5
X = np.random.default_rng(0).normal(size=(60, 4)) + Y[:, None]


def run(*checks):
    return audit(GaussianNB(), X, Y, groups=SPEAKERS, checks=checks)


@pytest.fixture
def register(monkeypatch):
    """Register checks for the time of a test."""
    monkeypatch.setattr(registry, "_CHECKS", dict(registry._CHECKS))
    return register_check


def test_a_check_from_outside_is_run_and_can_be_chosen(register):
    def check(evaluation):
        message = f"There are {len(evaluation.y)} clips."
        return [Finding(check="size", severity="severe", kind="L3.3", message=message, remedy="")]

    register("size", check)
    report = run("size")
    assert report.is_severe
    assert [finding.message for finding in report.findings] == ["There are 60 clips."]
    assert "size" in run("population").not_checked
    # registering the same check again changes nothing
    register("size", check)


def test_an_exception_in_a_check_is_reported_and_the_others_go_on(register):
    def fail(evaluation):
        raise ZeroDivisionError("no clips")

    def refuse(evaluation):
        raise NotChecked("there is no weather")

    register("fails", fail)
    register("refuses", refuse)
    register("answers", lambda evaluation: ["a text"])
    report = run("fails", "refuses", "answers", "test_set")
    assert report.not_checked["fails"] == "ZeroDivisionError: no clips"
    assert report.not_checked["refuses"] == "there is no weather"
    assert "not a Finding" in report.not_checked["answers"]
    assert "test_set" not in report.not_checked
    assert "not checked (fails): ZeroDivisionError: no clips" in repr(report)


def test_a_name_is_taken_once(register):
    with pytest.raises(ValueError, match="'population' is taken"):
        register("population", lambda evaluation: [])
    with pytest.raises(TypeError, match="must be a string"):
        register("check", None)
    with pytest.raises(TypeError, match="must be a string"):
        register(3, lambda evaluation: [])
