import pytest

from sk_ser.datasets import load_savee
from sk_ser.exceptions import CorpusError, CorpusWarning


@pytest.mark.parametrize("name", ["DC_{}.wav", "AudioData/DC/{}.wav", "ALL/DC_{}.WAV"])
def test_both_layouts_give_the_same_facts(make_corpus, name):
    stems = ["a01", "d02", "f03", "h15", "n30", "sa04", "su05"]
    frame = load_savee(make_corpus(*[name.format(stem) for stem in stems])).frame
    assert frame[["emotion", "speaker", "sex", "sentence"]].to_numpy().tolist() == [
        ["anger", "DC", "male", "common-01"],
        ["disgust", "DC", "male", "common-02"],
        ["fear", "DC", "male", "common-03"],
        ["happiness", "DC", "male", "happiness-15"],
        ["neutral", "DC", "male", "neutral-30"],
        ["sadness", "DC", "male", "sadness-04"],
        ["surprise", "DC", "male", "surprise-05"],
    ]


def test_speakers_folder_itself(make_corpus):
    folder = make_corpus("KL/sa01.wav") / "KL"
    assert load_savee(folder).groups.tolist() == ["KL"]


def test_equal_numbers_of_different_emotions_are_different_sentences(make_corpus):
    sentences = load_savee(make_corpus("DC_a04.wav", "DC_d04.wav", "JE_a04.wav")).frame["sentence"]
    assert sentences.tolist() == ["anger-04", "disgust-04", "anger-04"]


@pytest.mark.parametrize("name", ["DC_a16.wav", "DC_n31.wav", "DC_a00.wav", "XX_a01.wav"])
def test_numbers_and_speakers_that_do_not_exist(make_corpus, name):
    with pytest.warns(CorpusWarning, match=name):
        assert len(load_savee(make_corpus("DC_a01.wav", name)).data) == 1


def test_a_name_without_a_speaker_does_not_fit(make_corpus):
    with pytest.raises(CorpusError, match=r"DC_sa01\.wav"):
        load_savee(make_corpus("someone/a01.wav"))


@pytest.mark.corpus
def test_real_corpus(corpora):
    bunch = load_savee(corpora / "savee")
    emotions = ["anger", "disgust", "fear", "happiness", "sadness", "surprise"]
    assert bunch.frame["emotion"].value_counts().to_dict() == {
        "neutral": 120,
        **dict.fromkeys(emotions, 60),
    }
    assert bunch.frame.groupby("speaker").size().to_dict() == dict.fromkeys(
        ["DC", "JE", "JK", "KL"], 120
    )
