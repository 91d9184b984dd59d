import pytest

from sk_ser.datasets import load_ravdess
from sk_ser.exceptions import CorpusError, CorpusWarning


def test_facts_in_the_name(make_corpus):
    bunch = load_ravdess(make_corpus("Actor_12/03-01-06-02-02-01-12.wav"))
    row = bunch.frame.iloc[0]
    assert row[["emotion", "speaker", "sex", "sentence"]].tolist() == [
        "fear",
        "12",
        "female",
        "dogs",
    ]
    assert row[["intensity", "repetition", "corpus", "channel"]].tolist() == [
        "strong",
        "1",
        "ravdess",
        "speech",
    ]


def test_odd_actors_are_men(make_corpus):
    names = [f"03-01-01-01-01-01-{actor:02d}.wav" for actor in range(1, 25)]
    frame = load_ravdess(make_corpus(*names)).frame
    assert [int(s) % 2 == 1 for s in frame["speaker"]] == [sex == "male" for sex in frame["sex"]]
    assert frame["sex"].value_counts().to_dict() == {"male": 12, "female": 12}


def test_eight_emotion_codes(make_corpus):
    folder = make_corpus(*[f"03-01-{code:02d}-01-01-01-01.wav" for code in range(1, 9)])
    assert load_ravdess(folder).target.tolist() == [
        "neutral",
        "calm",
        "happiness",
        "sadness",
        "anger",
        "fear",
        "disgust",
        "surprise",
    ]


def test_songs_are_left_out_with_a_warning(make_corpus, names_of):
    folder = make_corpus("03-01-03-01-01-01-01.wav", "03-02-03-01-01-01-01.wav")
    with pytest.warns(CorpusWarning, match=r"1 of 2 .*03-02-03.*sung.*songs=True"):
        bunch = load_ravdess(folder)
    assert names_of(bunch.data) == ["03-01-03-01-01-01-01.wav"]
    assert load_ravdess(folder, songs=True).frame["channel"].tolist() == ["speech", "song"]


def test_songs_alone_are_an_error_with_the_remedy(make_corpus):
    with pytest.raises(CorpusError, match="songs=True"):
        load_ravdess(make_corpus("03-02-03-01-01-01-01.wav"))


def test_sound_is_kept_before_the_video_of_the_same_performance(make_corpus, names_of):
    folder = make_corpus(
        "01-01-03-01-01-01-01.mp4", "02-01-03-01-01-01-01.mp4", "deep/er/03-01-03-01-01-01-01.wav"
    )
    with pytest.warns(CorpusWarning, match="without sound"):
        bunch = load_ravdess(folder)
    assert names_of(bunch.data) == ["03-01-03-01-01-01-01.wav"]
    assert len(bunch.skipped) == 2


def test_archive_with_a_second_copy_is_read_once(make_corpus):
    names = [f"Actor_01/03-01-0{code}-01-01-01-01.wav" for code in range(1, 5)]
    copies = [f"audio_speech_actors_01-24/{name}" for name in names]
    folder = make_corpus(*names, *copies)
    with pytest.warns(CorpusWarning, match=r'4 of 8 .*copy.*duplicates="keep"'):
        bunch = load_ravdess(folder)
    assert bunch.data.tolist() == [str(folder / name) for name in names]
    assert bunch.skipped["copy_of"].tolist() == [str(folder / name) for name in names]
    assert len(load_ravdess(folder, duplicates="keep").data) == 8


@pytest.mark.parametrize(
    "name",
    ["03-01-09-01-01-01-01.wav", "03-01-01-01-01-01-25.wav", "03-01-01-01-01-01-01 (1).wav"],
)
def test_name_outside_the_grammar_is_reported(make_corpus, name):
    folder = make_corpus("03-01-01-01-01-01-01.wav", name)
    with pytest.warns(CorpusWarning, match="does not fit"):
        bunch = load_ravdess(folder)
    assert bunch.skipped["path"].tolist() == [str(folder / name)]


@pytest.mark.corpus
def test_real_corpus(corpora):
    bunch = load_ravdess(corpora / "ravdess")
    assert len(bunch.data) == 1440
    assert len(set(bunch.target)) == 8
    assert bunch.frame.groupby("speaker").size().tolist() == [60] * 24
    assert bunch.skipped.empty
