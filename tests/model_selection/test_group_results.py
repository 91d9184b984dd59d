"""Groups are scored as if there were no others, the worst first."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, recall_score
from sklearn.naive_bayes import GaussianNB

from sk_ser.model_selection import compare_protocols, group_results

Y, SPEAKERS = np.arange(120) % 3, np.arange(120) // 12
SEX = pd.Series(np.where(SPEAKERS % 2, "male", "female"), name="sex")


@pytest.fixture(scope="module")
def comparison():
    X = np.random.default_rng(0).normal(size=(120, 2)) + Y[:, None]
    # men are harder to read
    X[SPEAKERS % 2 == 1] += np.random.default_rng(1).normal(scale=3, size=(60, 2))
    return compare_protocols(GaussianNB(), X, Y, groups=SPEAKERS, random_state=0, n_bootstrap=200)


@pytest.mark.parametrize("by", ["speaker", SEX, np.asarray(SEX)])
def test_each_group_has_its_own_score(comparison, by):
    table = group_results(comparison, "GaussianNB", "speaker-independent", by=by)
    rows = comparison.predictions.query("protocol == 'speaker-independent'")
    values = rows["speaker"] if isinstance(by, str) else np.asarray(by)[rows["index"]]
    for row in table.itertuples():
        part = rows[np.asarray(values) == row[1]]
        assert row.uar == pytest.approx(
            recall_score(part["y_true"], part["y_pred"], average="macro")
        )
        assert row.accuracy == pytest.approx(accuracy_score(part["y_true"], part["y_pred"]))
        assert row.n_clips == len(part)
        assert row.n_speakers == part["speaker"].nunique()
    assert table["uar"].is_monotonic_increasing


def test_the_worst_group_comes_first_with_an_interval_over_its_speakers(comparison):
    table = group_results(comparison, "GaussianNB", "speaker-independent", by=SEX)
    assert table["sex"].tolist() == ["male", "female"]
    assert (table["uar_low"] <= table["uar"]).all()
    assert (table["uar"] <= table["uar_high"]).all()


def test_one_speaker_has_no_interval(comparison):
    table = group_results(comparison, "GaussianNB", "random")
    assert len(table) == 10
    assert table[["uar_low", "uar_high"]].isna().all(axis=None)


def test_what_is_not_known_is_told(comparison):
    with pytest.raises(
        ValueError, match=r"by='sex': only .speaker. is known by name. Pass the col"
    ):
        group_results(comparison, "GaussianNB", "random", by="sex")
    with pytest.raises(ValueError, match="by holds 5 values, and clip 119 was tested"):
        group_results(comparison, "GaussianNB", "random", by=[0] * 5)
    with pytest.raises(ValueError, match="was not compared"):
        group_results(comparison, "SVC", "random")
