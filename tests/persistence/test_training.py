"""What a header says of the data and of the scores."""

import hashlib

import numpy as np
import pandas as pd
import pytest
from sklearn.naive_bayes import GaussianNB
from sklearn.utils import Bunch

from sk_ser.datasets import concat_corpora, load_corpus, make_emotional_speech
from sk_ser.model_selection import compare_protocols, group_results
from sk_ser.persistence import describe_training


@pytest.fixture(scope="module")
def corpus():
    return make_emotional_speech(6, 3, ("anger", "sadness"), random_state=0)


def vectors(corpus):
    noise = np.random.default_rng(0).normal(size=(len(corpus.target), 3))
    return noise + (corpus.target == "sadness")[:, None]


@pytest.fixture(scope="module")
def comparison(corpus):
    models = {"nb": GaussianNB(), "flat": GaussianNB(var_smoothing=1.0)}
    return compare_protocols(
        models, vectors(corpus), corpus.target, groups=corpus.groups, random_state=0, n_splits=3
    )


def test_data_are_counted(corpus):
    training = describe_training(corpus)["training"]
    assert training["n_clips"] == len(corpus.target) == 36
    assert training["n_speakers"] == 6
    assert training["emotions"] == {"anger": 18, "sadness": 18}
    assert training["corpora"] == [{"name": "synthetic", "n_clips": 36, "licence": None}]


def files(folder, **content):
    for name, text in content.items():
        path = folder / name.replace("_", "/") / "kim.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)


@pytest.mark.filterwarnings("ignore::sk_ser.exceptions.CorpusWarning")
def test_the_hash_is_of_files_and_labels_wherever_they_lie(tmp_path):
    files(tmp_path / "one", anger=b"first", joy=b"second")
    files(tmp_path / "elsewhere" / "two", joy=b"second", anger=b"first")
    files(tmp_path / "three", joy=b"first", anger=b"second")
    first, same, relabelled = (
        describe_training(load_corpus(tmp_path / name))["training"]["sha256"]
        for name in ("one", "elsewhere/two", "three")
    )
    assert first == same != relabelled
    lines = [
        f"{hashlib.sha256(b'first').hexdigest()} anger\n",
        f"{hashlib.sha256(b'second').hexdigest()} joy\n",
    ]
    assert first == hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()


def test_the_hash_does_not_depend_on_order_and_does_on_samples(corpus):
    def found(corpus):
        return describe_training(corpus)["training"]["sha256"]

    backwards = Bunch(data=corpus.data[::-1], frame=corpus.frame[::-1], DESCR="")
    assert found(corpus) == found(backwards)
    other = Bunch(data=[clip * 1 for clip in corpus.data], frame=corpus.frame, DESCR="")
    other.data[0][0] += 1e-3
    assert found(other) != found(corpus)


def test_scores_are_the_comparison_s(corpus, comparison):
    protocols = describe_training(corpus, comparison, estimator="nb")["protocols"]
    row = comparison.row("nb", "speaker-independent")
    assert list(protocols["scores"]) == ["random", "speaker-independent"]
    for name in ("uar", "uar_low", "uar_high", "f1_macro", "f1_macro_low", "n_speakers", "seen"):
        assert protocols["scores"]["speaker-independent"][name] == row[name]
    gap = comparison.gap.set_index("estimator").loc["nb"]
    assert protocols["gap"][0]["gap"] == gap["gap"]
    assert protocols["chance"] == 0.5
    counts = comparison.confusion("nb", "speaker-independent").loc["anger"]
    assert protocols["emotions"]["anger"] == counts["anger"] / counts.sum()


def test_groups_are_scored_on_unheard_voices(corpus, comparison):
    protocols = describe_training(corpus, comparison, estimator="nb")["protocols"]
    assert protocols["groups_under"] == "speaker-independent"
    assert set(protocols["groups"]) == {"sex", "speaker"}
    wanted = group_results(comparison, corpus.frame, by="sex")
    wanted = wanted.query("estimator == 'nb' and protocol == 'speaker-independent'")
    wanted = wanted.drop(columns=["estimator", "protocol"]).sort_values("uar")
    assert protocols["groups"]["sex"] == wanted.to_dict("records")
    assert protocols["groups"]["speaker"][0]["uar_low"] is None  # of one speaker


def test_an_estimator_of_several_has_to_be_named(corpus, comparison):
    with pytest.raises(ValueError, match=r"\['nb', 'flat'\].*estimator="):
        describe_training(corpus, comparison)


def test_a_comparison_of_other_clips_is_told(corpus, comparison):
    with pytest.raises(ValueError, match="the corpus has 5 clips"):
        describe_training(corpus.frame.head(), comparison, estimator="nb")


def test_licences_are_those_of_the_loaders(corpus):
    first, second = Bunch(**corpus), Bunch(**corpus)
    second.frame = corpus.frame.assign(corpus="other", path=corpus.frame["path"] + "x")
    first.licences, second.licences = {"synthetic": "CC0"}, {"other": "By request"}
    first.skipped = second.skipped = pd.DataFrame(columns=["path", "reason", "copy_of"])
    both = concat_corpora(first, second)
    with pytest.raises(FileNotFoundError):  # the table's paths are of no files
        describe_training(both)
    both.data = [*corpus.data, *corpus.data]
    corpora = describe_training(both)["training"]["corpora"]
    assert {one["name"]: one["licence"] for one in corpora} == {
        "synthetic": "CC0",
        "other": "By request",
    }
    given = describe_training(both, licence={"other": "ours"})["training"]["corpora"]
    assert [one["licence"] for one in given] == [None, "ours"]
