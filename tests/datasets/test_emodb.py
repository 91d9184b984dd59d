import pytest

from sk_ser.datasets import load_emodb
from sk_ser.exceptions import CorpusWarning

MEN = {"03", "10", "11", "12", "15"}
SPEAKERS = ["03", "08", "09", "10", "11", "12", "13", "14", "15", "16"]


def test_facts_in_the_name(make_corpus):
    row = load_emodb(make_corpus("wav/16b10Ld.wav")).frame.iloc[0]
    columns = ["emotion", "speaker", "sex", "sentence", "repetition", "age"]
    assert row[columns].tolist() == ["boredom", "16", "female", "b10", "d", 31]


@pytest.mark.parametrize(
    ("letter", "emotion"),
    list(
        zip(
            "WLEAFTN",
            ["anger", "boredom", "disgust", "fear", "happiness", "sadness", "neutral"],
            strict=True,
        )
    ),
)
def test_letters_are_german(make_corpus, letter, emotion):
    assert load_emodb(make_corpus(f"03a01{letter}a.wav")).target.tolist() == [emotion]


def test_sexes(make_corpus):
    frame = load_emodb(make_corpus(*[f"{speaker}a01Wa.wav" for speaker in SPEAKERS])).frame
    assert frame["speaker"].tolist() == SPEAKERS
    assert {
        speaker for speaker, sex in zip(SPEAKERS, frame["sex"], strict=True) if sex == "male"
    } == MEN


@pytest.mark.parametrize("name", ["04a01Wa.wav", "03a03Wa.wav", "03a01Xa.wav"])
def test_speakers_texts_and_letters_that_do_not_exist(make_corpus, name):
    with pytest.warns(CorpusWarning, match=name):
        load_emodb(make_corpus("03a01Wa.wav", name))


@pytest.mark.corpus
def test_real_corpus(corpora):
    bunch = load_emodb(corpora / "emodb")
    assert len(bunch.data) == 535
    assert bunch.frame["emotion"].value_counts().to_dict() == {
        "anger": 127,
        "boredom": 81,
        "neutral": 79,
        "happiness": 71,
        "fear": 69,
        "sadness": 62,
        "disgust": 46,
    }
    assert sorted(set(bunch.groups)) == SPEAKERS
    assert bunch.frame["sentence"].nunique() == 10
