import shutil

import pytest

from sk_ser.datasets import concat_corpora, load_corpus, load_emodb, load_ravdess, load_tess
from sk_ser.exceptions import CorpusError, CorpusWarning


@pytest.fixture
def tess(make_corpus):
    return load_tess(make_corpus("OAF_a_ps.wav", "OAF_a_sad.wav", folder="t"))


@pytest.fixture
def ravdess(make_corpus):
    names = ["03-01-02-01-01-01-01.wav", "03-01-04-01-01-01-02.wav", "03-01-08-01-01-01-02.wav"]
    return load_ravdess(make_corpus(*names, folder="r"))


@pytest.fixture
def own(make_corpus):
    return load_corpus(make_corpus("Kim/ SADNESS/1.wav", "01/Fearful/1.wav", folder="own"))


def test_labels_of_all_are_of_one_vocabulary(tess, ravdess, own):
    both = concat_corpora(tess, ravdess, own)
    assert both.target.tolist() == [
        *("surprise", "sadness"),
        *("calm", "sadness", "surprise"),
        *("fear", "sadness"),
    ]
    assert both.data.tolist() == [*tess.data, *ravdess.data, *own.data]
    assert both.name == "tess+ravdess+own"
    assert tess.DESCR in both.DESCR


def test_speakers_of_two_corpora_stay_apart(ravdess, own):
    both = concat_corpora(ravdess, own)
    assert both.groups.tolist() == ["ravdess/01", "ravdess/02", "ravdess/02", "own/01", "own/Kim"]
    assert both.frame["speaker"].tolist() == both.groups.tolist()
    assert ravdess.groups.tolist() == ["01", "02", "02"]


def test_two_corpora_of_ones_own_of_one_name_stay_apart(make_corpus):
    first, second, third = (
        load_corpus(make_corpus("Kim/anger/1.wav", "Lee/anger/1.wav", folder=f"{one}/own"))
        for one in "abc"
    )
    both = concat_corpora(first, second)
    assert both.groups.tolist() == ["own/Kim", "own/Lee", "own-2/Kim", "own-2/Lee"]
    assert both.frame["corpus"].tolist() == ["own", "own", "own-2", "own-2"]
    assert set(concat_corpora(both, third)["groups"][4:]) == {"own-3/Kim", "own-3/Lee"}


def test_speakers_of_a_known_corpus_are_the_same_wherever_it_lies(make_corpus):
    first = load_tess(make_corpus("OAF_a_ps.wav", folder="t1"))
    second = load_tess(make_corpus("OAF_b_ps.wav", "YAF_b_ps.wav", folder="t2"))
    both = concat_corpora(first, second)
    assert both.groups.tolist() == ["tess/OAF", "tess/OAF", "tess/YAF"]
    assert set(both.frame["corpus"]) == {"tess"}


def test_the_same_content_under_two_names_is_refused(make_corpus):
    first = make_corpus("OAF_a_ps.wav", "OAF_b_ps.wav", folder="t")
    second = make_corpus("Kim/anger/1.wav", "Lee/joy/1.wav", folder="own")
    shutil.copy(first / "OAF_a_ps.wav", second / "Kim" / "anger" / "1.wav")
    with pytest.raises(CorpusError, match=r"1 recordings are in two of the corpora.*Kim"):
        concat_corpora(load_tess(first), load_corpus(second))


def test_shared_emotions_only(tess, ravdess, own):
    assert concat_corpora(tess, ravdess, shared_emotions_only=True).target.tolist() == [
        *("surprise", "sadness"),
        *("sadness", "surprise"),
    ]
    assert set(concat_corpora(tess, ravdess, own, shared_emotions_only=True).target) == {"sadness"}


def test_no_emotion_is_shared(tess, make_corpus):
    emodb = load_emodb(make_corpus("03a01Wa.wav", folder="e"))
    with pytest.raises(CorpusError, match=r"emodb: anger.*label_map="):
        concat_corpora(tess, emodb, shared_emotions_only=True)


def test_label_map_goes_first(ravdess):
    both = concat_corpora(ravdess, label_map={"Calm": "neutral"})
    assert both.target.tolist() == ["neutral", "sadness", "surprise"]


def test_corpus_without_speakers_leaves_groups_none(tess, make_corpus):
    with pytest.warns(CorpusWarning, match="No speakers"):
        own = load_corpus(make_corpus("Sad/1.wav", "Joy/1.wav", folder="own"))
    with pytest.warns(CorpusWarning, match="speakers of 'own' are unknown"):
        both = concat_corpora(tess, own)
    assert both.groups is None
    assert both.frame["speaker"].isna().tolist() == [False, False, True, True]


def test_the_same_file_twice_is_refused(tess, make_corpus):
    with pytest.raises(CorpusError, match=r"2 recordings are in two of the corpora.*OAF_a_ps"):
        concat_corpora(tess, tess)


def test_files_left_out_of_any_are_listed(ravdess, make_corpus):
    with pytest.warns(CorpusWarning):
        tess = load_tess(make_corpus("OAF_a_ps.wav", "what.wav", folder="t"))
    assert len(concat_corpora(ravdess, tess).skipped) == 1


def test_tables_keep_every_column(tess, ravdess):
    columns = concat_corpora(tess, ravdess).frame.columns
    assert {"age", "channel", "intensity", "repetition"} <= set(columns)
    assert columns[:8].tolist() == tess.frame.columns[:8].tolist()


def test_nothing_to_concatenate():
    with pytest.raises(CorpusError, match="no corpora"):
        concat_corpora()
