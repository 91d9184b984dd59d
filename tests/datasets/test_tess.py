import pytest

from sk_ser.datasets import load_tess
from sk_ser.exceptions import CorpusWarning

COPY = "TESS Toronto emotional speech set data"


def test_facts_in_the_name(make_corpus):
    frame = load_tess(make_corpus("OAF_Fear/OAF_back_fear.wav", "YAF_sad/YAF_youth_sad.wav")).frame
    columns = ["emotion", "speaker", "sex", "sentence", "age"]
    assert frame[columns].to_numpy().tolist() == [
        ["fear", "OAF", "female", "back", 64],
        ["sadness", "YAF", "female", "youth", 26],
    ]


def test_pleasant_surprise_is_surprise(make_corpus):
    bunch = load_tess(make_corpus("OAF_Pleasant_surprise/OAF_back_ps.wav"))
    assert bunch.target.tolist() == ["surprise"]


def test_misspelt_speaker_is_the_older_woman(make_corpus):
    bunch = load_tess(make_corpus("OA_bite_neutral.wav"))
    assert bunch.groups.tolist() == ["OAF"]


def test_archive_that_contains_itself_is_read_once(make_corpus):
    names = ["OAF_angry/OAF_back_angry.wav", "YAF_sad/YAF_back_sad.wav"]
    folder = make_corpus(*[f"{COPY}/{n}" for n in names], *[f"{COPY}/{COPY}/{n}" for n in names])
    with pytest.warns(CorpusWarning, match="2 of 4 .*copy"):
        bunch = load_tess(folder)
    assert bunch.data.tolist() == [str(folder / COPY / name) for name in names]
    assert (
        load_tess(folder, duplicates="keep").target.tolist() == ["anger", "anger"] + ["sadness"] * 2
    )


def test_misspelt_and_mended_names_are_copies(make_corpus):
    with pytest.warns(CorpusWarning, match="copy"):
        bunch = load_tess(make_corpus("OA_bite_neutral.wav", "OAF_bite_neutral.flac"))
    assert len(bunch.data) == 1


@pytest.mark.corpus
def test_real_corpus(corpora):
    bunch = load_tess(corpora / "tess")
    assert len(bunch.data) == 1400
    emotions = ["anger", "disgust", "fear", "happiness", "neutral", "sadness", "surprise"]
    assert bunch.frame["emotion"].value_counts().to_dict() == dict.fromkeys(emotions, 200)
    assert bunch.frame.groupby("speaker").size().to_dict() == {"OAF": 700, "YAF": 700}
    assert bunch.frame["sentence"].nunique() == 100


@pytest.mark.corpus
def test_real_quirks(corpora):
    with pytest.warns(CorpusWarning, match="03-01-02-01-01-02-01.*does not fit"):
        bunch = load_tess(corpora / "quirks")
    assert bunch.groups.tolist() == ["OAF", "OAF", "YAF", "YAF"]
