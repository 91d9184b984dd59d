"""A corpus of another package: declared, registered, found."""

import doctest
import inspect
import pickle
import zipfile
from dataclasses import replace

import pytest

from sk_ser import datasets
from sk_ser.datasets import (
    Corpus,
    concat_corpora,
    find_corpora,
    load,
    load_tess,
    register_corpus,
    unregister_corpus,
)
from sk_ser.datasets._registry import known_corpora

EMOTALE = replace(known_corpora()["emotale"], name="mytale")
EMOTIONS = ("anger", "boredom", "happiness", "neutral", "sadness")


@pytest.fixture
def load_mytale():
    yield register_corpus(EMOTALE)
    unregister_corpus("mytale")


def test_a_registered_corpus_is_loaded_by_name_and_found(make_corpus, make_zip, load_mytale):
    names = ["emotale/wav/DK_001_A_1.wav", "emotale/wav/EN_015_S_2.wav"]
    folder = make_corpus(*names, "tess/OAF_a_sad.wav")
    for bunch in (load("mytale", folder / "emotale"), load_mytale(make_zip(*names))):
        assert bunch.groups.tolist() == ["001", "015"]
        assert bunch.frame[["emotion", "sex", "language"]].to_numpy().tolist() == [
            ["anger", "female", "da"],
            ["sadness", "male", "en"],
        ]
        assert bunch.licences == {"mytale": "Research use"}
    assert [bunch.name for bunch in find_corpora(folder)] == ["mytale", "tess"]
    assert [bunch.name for bunch in find_corpora(folder, names=["mytale"])] == ["mytale"]


def test_a_table_beside_the_recordings_survives_the_zip(tmp_path, make_zip, load_mytale):
    path = make_zip("DK_001_A_1.wav")
    with zipfile.ZipFile(path, "a") as archive:
        columns = ",".join(f"a{n}_{dimension}" for dimension in "AVD" for n in (1, 2, 3))
        row = "DK_001_A_1.wav,4.0,4.0,5.5,1,1,1,1,1,1"
        archive.writestr("annotations.csv", f"file,{columns}\n{row}\n")
    assert load_mytale(path).frame["arousal"].tolist() == [4.5]


@pytest.mark.corpus
def test_the_real_emotale(corpora, load_mytale):
    bunch = load_mytale(corpora / "emotale")
    assert bunch.frame["emotion"].value_counts().to_dict() == dict.fromkeys(EMOTIONS, 160)
    assert len(set(bunch.groups)) == 18
    assert bunch.frame["arousal"].between(1, 5).all()
    assert bunch.frame.groupby("emotion")["arousal"].mean().idxmin() == "boredom"


def test_an_unregistered_corpus_is_loaded_by_its_declaration(make_corpus):
    assert load(EMOTALE, make_corpus("DK_001_A_1.wav")).target.tolist() == ["anger"]
    with pytest.raises(ValueError, match=r"no corpus 'mytale' is known\. Choose from aesdd, "):
        load("mytale", make_corpus("DK_001_A_1.wav"))


def test_of_corpora_with_similar_names_the_last_registered_is_tried_first(make_corpus):
    songs = Corpus(
        name="songs",
        **dict.fromkeys(("title", "language", "licence", "source", "reference", "form"), "none"),
        example="03-02-04-01-01-01-01.wav",
        pattern=r"03-02-(?P<emotion>\d\d)-\d\d-\d\d-\d\d-(?P<speaker>\d\d)",
    )
    folder = make_corpus("sung/03-02-04-01-01-01-01.wav", "spoken/03-01-04-01-01-01-01.wav")
    register_corpus(songs)
    try:
        assert [bunch.name for bunch in find_corpora(folder)] == ["ravdess", "songs"]
    finally:
        unregister_corpus("songs")


def test_a_name_is_taken_once(load_mytale):
    register_corpus(EMOTALE)
    other = Corpus(**{field: getattr(EMOTALE, field) for field in EMOTALE.__dataclass_fields__})
    with pytest.raises(ValueError, match="a corpus 'mytale' is known already"):
        register_corpus(other)


def test_licences_stay_with_their_corpora(make_corpus, load_mytale):
    bunches = [
        load_mytale(make_corpus("DK_001_A_1.wav", folder="a")),
        load_tess(make_corpus("OAF_a_sad.wav", folder="b")),
    ]
    assert concat_corpora(*bunches).licences == {
        "mytale": "Research use",
        "tess": "CC BY-NC-ND 4.0",
    }


LOADERS = {name: getattr(datasets, name) for name in datasets.__all__ if name.startswith("load_")}


@pytest.mark.parametrize("name", sorted(set(LOADERS) - {"load_corpus"}))
def test_loaders_are_functions_with_a_name_a_docstring_and_an_example(name):
    loader = LOADERS[name]
    assert loader.__name__ == name
    assert pickle.loads(pickle.dumps(loader)) is loader
    assert next(iter(inspect.signature(loader).parameters)) == "source"
    (example,) = doctest.DocTestFinder().find(loader, name, module=False)
    assert doctest.DocTestRunner().run(example).failed == 0
