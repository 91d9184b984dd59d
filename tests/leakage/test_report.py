"""Every figure of a report can be computed again from its JSON."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import recall_score
from sklearn.svm import LinearSVC

from sk_ser.classifiers import make_svm
from sk_ser.leakage import LeakageReport, audit
from tests.leakage.leaks import front_end, make_clean


@pytest.fixture(scope="module")
def report():
    case = make_clean(0, n_speakers=8)
    return audit(
        make_svm(front_end(), probability=True),
        case["X"],
        case["y"],
        groups=case["groups"],
        metadata=case["metadata"],
        cv=4,
    )


@pytest.fixture(scope="module")
def plain(report, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "results.json"
    report.to_json(path)
    return json.loads(path.read_text(encoding="utf-8"))


def uar_of(rows):
    return recall_score(rows["y_true"], rows["y_pred"], average="macro")


def finding_of(plain, check, text=""):
    return next(f for f in plain["findings"] if f["check"] == check and text in f["message"])


def test_uar_is_that_of_the_predictions(plain):
    predictions = pd.DataFrame(plain["comparison"]["predictions"])
    table = pd.DataFrame(plain["comparison"]["table"])
    for row in table.itertuples():
        rows = predictions[predictions["protocol"] == row.protocol]
        assert uar_of(rows) == pytest.approx(row.uar)
        assert np.mean(rows["y_true"] == rows["y_pred"]) == pytest.approx(row.accuracy)


def test_what_a_dependence_costs_is_that_of_the_predictions(plain):
    predictions = pd.DataFrame(plain["comparison"]["predictions"])
    found = finding_of(plain, "dependence", "speaker")["figures"]
    given = predictions[predictions["protocol"] == "as given"]
    without = predictions[predictions["protocol"] == "speaker-independent"]
    assert found["uar"] == pytest.approx(uar_of(given))
    assert found["gap_points"] == pytest.approx(100 * (uar_of(given) - uar_of(without)))
    # which speakers a fold was trained on is those that it does not test alone
    assert found["shared"] == 1.0


def test_the_message_says_the_figures(plain):
    found = finding_of(plain, "dependence", "speaker")
    numbers = re.findall(r"-?\d+\.\d+", found["message"])
    figures = found["figures"]
    assert f"{figures['uar']:.3f}" in numbers
    assert f"{figures['gap_points']:.1f}" in numbers
    assert f"{figures['gap_points_interval'][0]:.1f}" in numbers


def test_it_comes_back_from_its_json(report, plain):
    again = LeakageReport.from_dict(plain)
    assert repr(again) == repr(report)
    assert json.loads(again.to_json()) == plain


def test_what_it_tells_of_groups_is_that_of_the_predictions(plain):
    predictions = pd.DataFrame(plain["comparison"]["predictions"])
    groups = pd.DataFrame(plain["tables"]["groups"]).query("by == 'speaker'")
    assert len(groups) == 8
    # the folds as given are random: for whom a model works is told of voices never heard
    assert set(groups["protocol"]) == {"speaker-independent"}
    for row in groups.itertuples():
        of_both = predictions["protocol"].eq(row.protocol) & predictions["speaker"].eq(row.group)
        assert uar_of(predictions[of_both]) == pytest.approx(row.uar)


def test_calibration_is_that_of_the_probabilities(plain):
    probabilities = pd.DataFrame(plain["tables"]["probabilities"])
    calibration = pd.DataFrame(plain["tables"]["calibration"])
    classes = sorted(plain["about"]["classes"])
    assert calibration["protocol"].tolist() == ["as given", "speaker-independent"]
    for row in calibration.itertuples():
        rows = probabilities[probabilities["protocol"] == row.protocol]
        proba = rows[classes].to_numpy()
        assert proba.max(axis=1).mean() == pytest.approx(row.confidence)
        chosen = np.array(classes)[proba.argmax(axis=1)]
        assert (chosen == rows["y_true"]).mean() == pytest.approx(row.accuracy)


def test_coverage_is_that_of_the_sets(plain):
    sets = pd.DataFrame(plain["tables"]["prediction_sets"])
    coverage = pd.DataFrame(plain["tables"]["coverage"])
    assert len(coverage) == 3
    for row in coverage.itertuples():
        same = sets["protocol"].eq(row.protocol) & sets["calibrated_on"].eq(row.calibrated_on)
        assert sets[same]["held"].mean() == pytest.approx(row.coverage)
        assert sets[same]["size"].mean() == pytest.approx(row.set_size)
        # every clip once
        assert sorted(sets[same]["index"]) == list(range(plain["about"]["n_clips"]))


def test_its_headlines_name_the_worst_group(report):
    table = report.headlines()["For whom it works"]
    groups = report.tables["groups"].query("by == 'speaker'")
    worst = groups.loc[groups["uar"].idxmin()]
    assert table.loc["speaker: worst of 8", "group"] == worst["group"]
    assert f"{100 * worst['uar']:.1f}" in table.loc["speaker: worst of 8", "UAR, %"]


def test_a_model_without_probabilities_says_so():
    case = make_clean(0, n_speakers=8)
    report = audit(
        LinearSVC(),
        np.random.default_rng(0).normal(size=(len(case["y"]), 3)),
        case["y"],
        groups=case["groups"],
        cv=4,
        checks=("population",),
    )
    assert report.not_checked["calibration"] == "the model gives no probabilities"
    assert "groups" in report.tables


def test_files_are_hashed(plain, report):
    assert len(plain["about"]["sha256"]) == plain["about"]["n_clips"]
    assert all(len(digest) == 64 for digest in plain["about"]["sha256"].values())
    assert {"sk_ser", "python", "scikit-learn"} <= set(plain["about"]["versions"])


def test_markdown_names_findings_remedies_and_limits(report, tmp_path):
    text = report.to_markdown(tmp_path / "audit.md")
    assert (tmp_path / "audit.md").read_text(encoding="utf-8") == text
    for finding in report.findings:
        assert finding.message in text
        assert finding.remedy in text
    assert "done by hand leaves no trace" in text


def test_the_page_needs_nothing_else(report, tmp_path):
    pytest.importorskip("matplotlib")
    pytest.importorskip("jinja2")
    page = report.to_html(tmp_path / "audit.html")
    assert report.verdict in page
    assert page.count("data:image/png;base64,") == 4
    assert "http" not in re.sub(r"data:image[^\"]*", "", page)
    for finding in report.findings:
        assert finding.severity in page


def test_names_cannot_smuggle_markup_into_the_page(report):
    pytest.importorskip("matplotlib")
    pytest.importorskip("jinja2")
    plain = report.to_dict()
    plain["about"]["estimator"] = "<script>alert(1)</script>"
    assert "<script>" not in LeakageReport.from_dict(plain).to_html()
