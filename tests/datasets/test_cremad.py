import pytest

from sk_ser.datasets import load_cremad
from sk_ser.exceptions import CorpusWarning


def test_facts_in_the_name(make_corpus):
    folder = make_corpus("AudioWAV/1001_DFA_ANG_XX.wav", "AudioWAV/1091_IEO_SAD_HI.wav")
    columns = ["emotion", "speaker", "sex", "sentence", "intensity"]
    assert load_cremad(folder).frame[columns].to_numpy().tolist() == [
        ["anger", "1001", "male", "DFA", "unspecified"],
        ["sadness", "1091", "female", "IEO", "high"],
    ]


@pytest.mark.parametrize(
    ("code", "emotion"),
    [
        ("ANG", "anger"),
        ("DIS", "disgust"),
        ("FEA", "fear"),
        ("HAP", "happiness"),
        ("NEU", "neutral"),
        ("SAD", "sadness"),
    ],
)
def test_emotions(make_corpus, code, emotion):
    assert load_cremad(make_corpus(f"1002_TIE_{code}_XX.wav")).target.tolist() == [emotion]


def test_91_actors_of_whom_43_are_women(make_corpus):
    names = [f"{actor}_IEO_NEU_XX.wav" for actor in range(1001, 1092)]
    frame = load_cremad(make_corpus(*names)).frame
    assert frame["sex"].value_counts().to_dict() == {"male": 48, "female": 43}


def test_misspelt_intensity_is_unspecified(make_corpus):
    bunch = load_cremad(make_corpus("1040_ITH_SAD_X.wav"))
    assert bunch.frame["intensity"].tolist() == ["unspecified"]


def test_wav_is_kept_before_mp3(make_corpus, names_of):
    with pytest.warns(CorpusWarning, match="copy"):
        bunch = load_cremad(make_corpus("a/1001_DFA_ANG_XX.mp3", "b/c/1001_DFA_ANG_XX.wav"))
    assert names_of(bunch.data) == ["1001_DFA_ANG_XX.wav"]


@pytest.mark.parametrize(
    "name",
    ["1092_DFA_ANG_XX.wav", "1001_ABC_ANG_XX.wav", "1000_TIE_SAD_XX.wav"],
)
def test_actors_and_sentences_that_do_not_exist(make_corpus, name):
    with pytest.warns(CorpusWarning, match=name):
        load_cremad(make_corpus("1001_DFA_ANG_XX.wav", name))
