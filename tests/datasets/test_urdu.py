import pytest

from sk_ser.datasets import load_urdu
from sk_ser.exceptions import CorpusWarning


@pytest.mark.parametrize("folder", ["Angry/", "Angry/SM1/", ""])
def test_facts_in_the_name_with_and_without_folders(make_corpus, folder):
    row = load_urdu(make_corpus(f"{folder}SM1_F11_A011.wav")).frame.iloc[0]
    assert row[["emotion", "speaker", "sex"]].tolist() == ["anger", "SM1", "male"]
    assert row[["sentence", "intensity", "repetition"]].isna().all()


def test_four_labels_and_two_sexes(make_corpus):
    folder = make_corpus("SF1_F1_A1.wav", "SF1_F1_H1.wav", "SF1_F1_N1.wav", "SF1_F1_S1.wav")
    bunch = load_urdu(folder)
    assert bunch.target.tolist() == ["anger", "happiness", "neutral", "sadness"]
    assert set(bunch.frame["sex"]) == {"female"}


def test_other_names_are_reported(make_corpus):
    with pytest.warns(CorpusWarning, match="XM1_F1_A1.wav"):
        load_urdu(make_corpus("SM1_F1_A1.wav", "XM1_F1_A1.wav"))


@pytest.mark.corpus
def test_real_corpus(corpora):
    bunch = load_urdu(corpora / "urdu")
    assert bunch.frame["emotion"].value_counts().to_dict() == dict.fromkeys(
        ["anger", "happiness", "neutral", "sadness"], 100
    )
    assert len(set(bunch.groups)) == 29
