import pytest

from sk_ser.datasets import find_corpora
from sk_ser.exceptions import CorpusError, CorpusWarning

TESS = ["OAF_a_sad.wav", "YAF_a_sad.wav"]
RAVDESS = ["Actor_01/03-01-04-01-01-01-01.wav", "Actor_02/03-01-04-01-01-01-02.wav"]


def sizes(bunches):
    return {bunch.name: len(bunch.data) for bunch in bunches}


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("cremad", "1001_DFA_ANG_XX.wav"),
        ("emodb", "wav/03a01Wa.wav"),
        ("ravdess", "Actor_01/03-01-05-01-01-01-01.wav"),
        ("savee", "DC/a01.wav"),
        ("tess", "OAF_angry/OAF_back_angry.wav"),
        ("urdu", "Angry/SM1_F11_A011.wav"),
    ],
)
def test_one_corpus_however_nested(make_corpus, name, file):
    assert sizes(find_corpora(make_corpus(file))) == {name: 1}
    assert sizes(find_corpora(make_corpus(f"deep/er/{file}", folder="b"))) == {name: 1}


def test_several_corpora_in_folders_beside_each_other(make_corpus, make_zip):
    names = [f"tess/{n}" for n in TESS] + [f"data/ravdess/{n}" for n in RAVDESS]
    assert sizes(find_corpora(make_corpus(*names))) == {"ravdess": 2, "tess": 2}
    assert sizes(find_corpora(make_zip(*names))) == {"ravdess": 2, "tess": 2}


def test_only_named_corpora_are_loaded_and_missing_ones_are_named(make_corpus):
    folder = make_corpus(*[f"tess/{n}" for n in TESS], *[f"ravdess/{n}" for n in RAVDESS])
    assert sizes(find_corpora(folder, names=["tess"])) == {"tess": 2}
    with pytest.warns(CorpusWarning, match="no recordings of savee, emodb"):
        assert sizes(find_corpora(folder, names=["savee", "tess", "emodb"])) == {"tess": 2}
    with pytest.raises(CorpusError, match="none of savee, but ravdess, tess"):
        find_corpora(folder, names=["savee"])
    with pytest.raises(ValueError, match=r"no corpus 'iemocap' is known. Choose from aesdd, "):
        find_corpora(folder, names=["iemocap"])


def test_a_subfolder_of_several_corpora_is_left_out_unless_passed(make_corpus):
    strays = ["quirks/OAF_b_sad.wav", "quirks/03-01-04-01-01-02-01.wav"]
    folder = make_corpus(*[f"tess/{n}" for n in TESS], *strays)
    with pytest.warns(CorpusWarning, match="quirks: left out.*ravdess, tess.*side by side"):
        assert sizes(find_corpora(folder)) == {"tess": 2}
    assert sizes(find_corpora(folder / "quirks")) == {"ravdess": 1, "tess": 1}


def test_a_folder_around_everything_counts_as_passed(make_zip):
    path = make_zip("mixed/OAF_b_sad.wav", "mixed/03-01-04-01-01-02-01.wav")
    assert sizes(find_corpora(path)) == {"ravdess": 1, "tess": 1}


def test_only_mixed_subfolders_is_an_error_that_names_them(make_corpus):
    names = ["OAF_b_sad.wav", "03a01Wa.wav"]
    folder = make_corpus(*[f"x/{n}" for n in names], *[f"y/{n}" for n in names])
    with pytest.raises(CorpusError, match=r"x: left out.*emodb, tess.*Pass this folder itself"):
        find_corpora(folder)


def test_a_corpus_in_several_folders_is_one_with_a_warning(make_corpus):
    folder = make_corpus(*RAVDESS, *[f"tess/{n}" for n in TESS])
    with pytest.warns(CorpusWarning, match="ravdess lies in 2 folders, 'Actor_01', 'Actor_02'"):
        assert sizes(find_corpora(folder)) == {"ravdess": 2, "tess": 2}


def test_other_recordings_in_the_folder_of_a_corpus_are_reported(make_corpus):
    folder = make_corpus(*[f"tess/{n}" for n in (*TESS, "talk.wav")], "emodb/03a01Wa.wav")
    with pytest.warns(CorpusWarning, match=r"tess: 1 of 3 .*talk\.wav"):
        assert sizes(find_corpora(folder)) == {"emodb": 1, "tess": 2}


def test_folders_of_one_corpus_at_several_depths(make_corpus):
    # "x" has both corpora, "x/y" only one, with another recording below it; "x/mixed" is left out
    folder = make_corpus(
        "03a01Wa.wav",
        "x/03a01Fa.wav",
        "x/y/OAF_a_sad.wav",
        "x/y/z/talk.wav",
        "x/mixed/OAF_b_sad.wav",
        "x/mixed/03a01Na.wav",
        "w/talk.wav",
    )
    with pytest.warns(CorpusWarning) as caught:
        bunches = find_corpora(folder)
    assert sizes(bunches) == {"emodb": 2, "tess": 1}
    emodb, tess = bunches
    assert emodb.data.tolist() == [str(folder / "03a01Wa.wav"), str(folder / "x/03a01Fa.wav")]
    assert tess.skipped["path"].tolist() == [str(folder / "x/y/z/talk.wav")]
    messages = [str(warning.message) for warning in caught]
    for part in ("x/mixed: left out", "emodb lies in 2 folders, '.', 'x',", "tess: 1 of 2"):
        assert any(part in message for message in messages)


def test_no_known_corpus(make_corpus):
    with pytest.raises(CorpusError, match=r"aesdd, ased.*talk\.wav.*load_corpus"):
        find_corpora(make_corpus("talk.wav"))


def test_empty_folder(tmp_path):
    with pytest.raises(CorpusError, match="no files at all"):
        find_corpora(tmp_path)


@pytest.mark.corpus
def test_real_corpora(corpora):
    with pytest.warns(CorpusWarning, match="quirks: left out"):
        bunches = find_corpora(corpora)
    assert sizes(bunches) == {
        **{"emodb": 535, "emotale": 800, "ravdess": 1440},
        **{"savee": 480, "tess": 1400, "urdu": 400},
    }
    assert sizes(find_corpora(corpora / "quirks")) == {"emotale": 1, "ravdess": 1, "tess": 4}
