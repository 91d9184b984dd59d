"""Every figure of a report can be computed again from its JSON."""

import dataclasses
import io
import json
import re
from importlib.util import find_spec

import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from sklearn.metrics import recall_score
from sklearn.svm import LinearSVC

from sk_ser.classifiers import make_svm
from sk_ser.leakage import Finding, LeakageReport, audit
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
        protocol="random",
        n_splits=4,
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
    # the folds as given are random, so results by group are those of unseen speakers
    assert set(groups["protocol"]) == {"speaker-independent"}
    for row in groups.itertuples():
        of_both = predictions["protocol"].eq(row.protocol) & predictions["speaker"].eq(row.group)
        assert uar_of(predictions[of_both]) == pytest.approx(row.uar)


def test_calibration_is_that_of_the_probabilities(plain):
    probabilities = pd.DataFrame(plain["comparison"]["probabilities"])
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
    table = report.headlines()["Results by group"]
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
        protocol="random",
        n_splits=4,
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
    assert "made by hand leave no trace" in text


def test_the_page_needs_nothing_else(report, tmp_path):
    pytest.importorskip("matplotlib")
    page = report.to_html(tmp_path / "audit.html")
    assert report.verdict in page
    assert page.count("data:image/png;base64,") == 4
    assert "http" not in re.sub(r"data:image[^\"]*", "", page)
    for finding in report.findings:
        assert finding.severity in page


def test_markup_in_names_stays_text(report):
    plain = report.to_dict()
    evil = "<script>alert(1)</script>\x1b[31m"
    plain["about"]["estimator"] = evil
    plain["findings"][0]["evidence"] = [{"clip": evil}]
    plain["not_checked"]["evil"] = evil
    spoilt = LeakageReport.from_dict(plain)
    texts = [spoilt.to_markdown().replace("\\<", ""), spoilt._repr_html_(), repr(spoilt)]
    if find_spec("matplotlib"):
        texts.append(spoilt.to_html())
    for text in texts:
        assert "\x1b" not in text
        assert "\\x1b" in text
    for text in (texts[1], *texts[3:]):
        assert "<script>" not in text


def in_a_terminal(report):
    file = io.StringIO()
    report.print(Console(file=file, width=80))
    return file.getvalue()


@pytest.mark.parametrize(
    "show",
    [
        repr,
        LeakageReport._repr_html_,
        LeakageReport.to_markdown,
        LeakageReport.to_json,
        in_a_terminal,
    ],
)
def test_every_report_names_the_files_of_a_pair(report, show):
    pairs = pd.DataFrame({"first": ["/data/a_1.wav"], "second": ["/data/b_1.wav"]})
    found = Finding(
        check="duplicates",
        severity="severe",
        kind="L1.4",
        message="1 pair of clips are the same audio.",
        remedy="Keep one.",
        evidence=pairs,
    )
    text = show(dataclasses.replace(report, findings=[found]))
    for word in ("/data/a_1.wav", "/data/b_1.wav", "1 pair of clips", "Keep one."):
        assert word in text


def test_long_evidence_is_cut_except_in_the_json(report):
    clips = [f"clip {number}.wav" for number in range(30)]
    found = dataclasses.replace(report.findings[0], evidence=pd.DataFrame({"clip": clips}))
    long = dataclasses.replace(report, findings=[found])
    assert clips[29] in long.to_json()
    assert clips[11] in long.to_markdown()
    assert clips[12] not in long.to_markdown()
    assert "18 more rows of evidence are in the JSON" in long.to_markdown()
    assert clips[5] not in repr(long)


def test_a_finding_takes_keywords_only():
    with pytest.raises(TypeError, match="positional"):
        Finding("duplicates", "severe", "L1.4", "", "")
    with pytest.raises(ValueError, match="severity='bad' must be one of"):
        Finding(check="a", severity="bad", kind="L2", message="", remedy="")
    with pytest.raises(ValueError, match="kind='L9' must be one of"):
        Finding(check="a", severity="note", kind="L9", message="", remedy="")
