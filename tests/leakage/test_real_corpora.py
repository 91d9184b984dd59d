"""Known faults of real corpora are reported."""

import warnings

import numpy as np
import pytest

from sk_ser.audio import AudioLoader
from sk_ser.classifiers import make_svm
from sk_ser.datasets import find_corpora
from sk_ser.features import MFCC, Functionals, make_clip_pipeline
from sk_ser.leakage import audit

pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def load(corpora):
    def load(name):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            (corpus,) = find_corpora(corpora / name)
        return corpus

    return load


def run(corpus, rows, *checks, **options):
    rows = np.asarray(rows)
    model = make_svm(make_clip_pipeline(AudioLoader(), MFCC(), Functionals()))
    return audit(
        model,
        [corpus.data[row] for row in rows],
        corpus.target[rows],
        groups=corpus.groups[rows],
        metadata=corpus.frame.iloc[rows].reset_index(drop=True),
        checks=checks,
        **options,
    )


def test_the_duplicate_of_ravdess_is_named(load):
    corpus = load("ravdess")
    rows = np.flatnonzero(np.isin(corpus.groups, ["07", "08", "09"]))
    report = run(corpus, rows, "duplicates")
    (found,) = report.findings
    assert found.figures == {"n_pairs": 1, "n_exact": 1, "n_clips": 2}
    names = found.evidence.iloc[0][["first", "second"]].str.rpartition("/")[2].str[:20]
    assert sorted(names) == ["03-01-03-01-02-01-07", "03-01-03-01-02-02-07"]


def test_tess_with_every_file_twice_and_two_speakers(load):
    corpus = load("tess")
    rows = np.tile(np.arange(0, len(corpus.data), 20), 2)
    report = run(corpus, rows, "duplicates", "population", protocol="random")
    assert report.is_severe
    duplicates = [f for f in report.findings if f.check == "duplicates"]
    # of 70 pairs, those that five random folds tear apart
    assert 46 <= duplicates[0].figures["n_exact"] <= 70
    assert any("2 speakers" in finding.message for finding in report.findings)


def test_in_urdu_the_speaker_tells_the_emotion_and_one_clip_has_two_speakers(load):
    corpus = load("urdu")
    report = run(corpus, np.arange(len(corpus.data)), "population", "duplicates")
    confounded = [f for f in report.findings if "uar_by_speaker" in f.figures]
    assert confounded[0].figures["uar_by_speaker"] > 0.8
    (severe,) = [f for f in report.findings if f.severity == "severe"]
    assert "under two speakers' names" in severe.message


def test_the_peak_level_of_urdu_replaces_a_model(load):
    corpus = load("urdu")
    report = run(corpus, np.arange(len(corpus.data)), "trivial_facts")
    assert report.is_severe
    severe = [finding.message for finding in report.findings if finding.severity == "severe"]
    assert any(message.startswith("peak alone predicts") for message in severe), report
