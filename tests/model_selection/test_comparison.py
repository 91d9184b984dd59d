"""A result can be read, taken apart, written down and read again."""

import json
import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score
from sklearn.naive_bayes import GaussianNB

from sk_ser.model_selection import FoldError, ProtocolComparison, compare_protocols, uar_score
from tests.model_selection.mocks import Chancer, Memoriser, pairs

X, Y, SPEAKERS = pairs(n_speakers=6)


@pytest.fixture(scope="module")
def found():
    estimators = {"memory": Memoriser(), "chance": Chancer()}
    return compare_protocols(estimators, X, Y, groups=SPEAKERS, n_splits=3, random_state=0)


def test_confusions_are_counted_by_hand(found):
    # 6 speakers x 5 clips of each class; new voices are all said to be angry.
    at_random = found.confusion("memory", "random")
    np.testing.assert_array_equal(at_random, 30 * np.eye(4))
    independent = found.confusion("memory", "speaker-independent")
    assert independent["angry"].tolist() == [30, 30, 30, 30]
    assert independent.to_numpy().sum() == 120
    assert independent.index.tolist() == ["angry", "calm", "happy", "sad"]
    assert (independent.index.name, independent.columns.name) == ("true", "predicted")


def test_each_prediction_is_kept_with_its_clip_and_speaker(found):
    assert len(found.predictions) == 4 * 120
    rows = found.predictions
    np.testing.assert_array_equal(rows["y_true"], Y[rows["index"]])
    np.testing.assert_array_equal(rows["speaker"], SPEAKERS[rows["index"]])
    assert not rows.duplicated(["estimator", "protocol", "index"]).any()


def test_scores_of_folds_are_kept_and_can_be_made_again(found):
    for fold in found.folds.itertuples():
        rows = found.predictions.query(
            "estimator == @fold.estimator and protocol == @fold.protocol and fold == @fold.fold"
        )
        assert fold.uar == pytest.approx(uar_score(rows["y_true"], rows["y_pred"]))
        assert fold.accuracy == pytest.approx(accuracy_score(rows["y_true"], rows["y_pred"]))
        assert fold.n_train + fold.n_test == 120


def test_what_was_not_compared_is_named(found):
    with pytest.raises(ValueError, match=r"estimator 'svm' was not compared. Choose from \['mem"):
        found.confusion("svm", "random")
    with pytest.raises(ValueError, match="protocol 'loso' was not compared"):
        found.row("memory", "loso")


def test_json_takes_it_to_the_letter_and_gives_it_back(found):
    text = json.dumps(found.to_dict(), allow_nan=False)
    again = ProtocolComparison.from_dict(json.loads(text))
    for name in ("table", "gap", "folds", "predictions"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(found, name))
    assert again.to_dict() == found.to_dict()
    assert repr(again) == repr(found)


@pytest.mark.parametrize("label", [str, int])
def test_json_keeps_probabilities(label):
    y = Y if label is str else np.unique(Y, return_inverse=True)[1]
    found = compare_protocols(
        GaussianNB(), X, y, groups=SPEAKERS, n_splits=3, random_state=0, probabilities=True
    )
    text = json.dumps(found.to_dict(), allow_nan=False)
    again = ProtocolComparison.from_dict(json.loads(text))
    pd.testing.assert_frame_equal(again.probabilities, found.probabilities)
    assert found.probabilities.columns.tolist()[5:] == found.classes


def test_without_probabilities_json_has_none(found):
    assert found.probabilities is None
    assert ProtocolComparison.from_dict(found.to_dict()).probabilities is None


def test_json_takes_what_is_missing_as_null():
    found = compare_protocols(Memoriser(), X, Y, groups=None, protocols="random", random_state=0)
    plain = found.to_dict()
    assert plain["table"]["uar_low"] == [None]
    json.dumps(plain, allow_nan=False)
    again = ProtocolComparison.from_dict(plain)
    pd.testing.assert_frame_equal(again.table, found.table)
    assert again.gap.empty
    assert again.gap.columns.tolist() == found.gap.columns.tolist()


def test_it_reads_as_a_table_of_uar_with_intervals_and_gaps(found):
    lines = repr(found).splitlines()
    assert lines[0] == (
        "120 clips, 6 speakers, 4 classes. UAR in % (chance 25.0), "
        "gaps in points [95 % over speakers]"
    )
    assert lines[2].split("  ")[0] == "memory"
    assert "100.0 [100.0, 100.0]" in lines[2]
    assert lines[2].endswith("75.0 [75.0, 75.0]")
    assert "<table" in found._repr_html_()


def test_its_report_holds_the_recall_that_uar_is_the_mean_of(found):
    report = found.report("memory", "speaker-independent")
    macro = next(line for line in report.splitlines() if "macro avg" in line).split()
    uar = found.row("memory", "speaker-independent")["uar"]
    assert float(macro[3]) == pytest.approx(uar, abs=0.005)
    with pytest.raises(ValueError, match="'forest' was not compared"):
        found.report("forest", "random")


def test_notes_are_read_out_with_it():
    found = compare_protocols(Memoriser(), X, Y, groups=SPEAKERS, n_splits=6, random_state=0)
    assert "Note: speaker-independent: 6 speakers for n_splits=6" in repr(found)
    assert "leave one speaker out" in found._repr_html_()


def test_it_survives_pickling_in_an_error_too(found):
    error = pickle.loads(pickle.dumps(FoldError("1 of 2", found)))
    assert str(error) == "1 of 2"
    assert repr(error.comparison) == repr(found)
