"""Behaviour common to all corpus loaders."""

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import StratifiedGroupKFold

from sk_ser.datasets import (
    load_cremad,
    load_emodb,
    load_ravdess,
    load_savee,
    load_tess,
    load_urdu,
)
from sk_ser.exceptions import CorpusError, CorpusWarning

LOADERS = {
    load_cremad: "1001_DFA_ANG_XX",
    load_emodb: "03a01Wa",
    load_ravdess: "03-01-05-01-01-01-01",
    load_savee: "DC_a01",
    load_tess: "OAF_back_angry",
    load_urdu: "SM1_F11_A011",
}
COLUMNS = ["path", "emotion", "speaker", "sex", "sentence", "intensity", "repetition", "corpus"]

each_loader = pytest.mark.parametrize(("load", "stem"), list(LOADERS.items()))


@each_loader
def test_every_loader_gives_the_same_bunch(make_corpus, load, stem):
    folder = make_corpus(f"{stem}.wav")
    bunch = load(folder)
    assert bunch.frame.columns[: len(COLUMNS)].tolist() == COLUMNS
    assert bunch.frame["corpus"].tolist() == [bunch.name] == [load.__name__.removeprefix("load_")]
    assert bunch.data.tolist() == bunch.frame["path"].tolist() == [str(folder / f"{stem}.wav")]
    assert bunch.target.tolist() == ["anger"]
    assert bunch.groups.tolist() == bunch.frame["speaker"].tolist()
    assert all(array.dtype.kind == "U" for array in (bunch.data, bunch.target, bunch.groups))
    assert bunch.skipped.empty
    for word in ("Licence", "Language", "Reference", "Quirks"):
        assert word in bunch.DESCR


@each_loader
def test_return_X_y(make_corpus, load, stem):
    folder = make_corpus(f"{stem}.wav")
    data, target = load(folder, return_X_y=True)
    assert data.tolist() == [str(folder / f"{stem}.wav")]
    assert target.tolist() == ["anger"]


@each_loader
@pytest.mark.parametrize("suffix", [".flac", ".OGG", ".Mp3", ".aiff", ".aif", ".opus", ".m4a"])
def test_any_audio_suffix_in_any_case(make_corpus, load, stem, suffix):
    assert len(load(make_corpus(stem + suffix)).data) == 1


@each_loader
def test_zip_gives_the_same_rows_as_the_folder(make_corpus, make_zip, load, stem):
    from_folder = load(make_corpus(f"a/b/{stem}.wav")).frame.drop(columns="path")
    from_zip = load(make_zip(f"a/b/{stem}.wav")).frame.drop(columns="path")
    pd.testing.assert_frame_equal(from_folder, from_zip)


@each_loader
def test_a_folder_without_a_match_is_an_error_with_both_names(make_corpus, load, stem):
    folder = make_corpus("talk.wav", "notes.txt", "part.zip")
    with pytest.raises(CorpusError) as caught:
        load(folder)
    for part in (str(folder), "talk.wav", "notes.txt", "part.zip", "Expected names such as"):
        assert part in str(caught.value)


@each_loader
def test_empty_folder(tmp_path, load, stem):
    with pytest.raises(CorpusError, match="no files at all"):
        load(tmp_path)


@each_loader
def test_missing_path(tmp_path, load, stem):
    with pytest.raises(CorpusError, match=r"nowhere: no such file or folder"):
        load(tmp_path / "nowhere")


def test_neither_folder_nor_zip(make_corpus):
    with pytest.raises(CorpusError, match="neither a folder nor a zip"):
        load_tess(make_corpus("OAF_back_angry.wav") / "OAF_back_angry.wav")


def test_litter_and_other_files_are_ignored_without_a_warning(make_corpus):
    folder = make_corpus(
        "OAF_back_angry.wav",
        "._OAF_back_angry.wav",
        "__MACOSX/._OAF_back_angry.wav",
        "__MACOSX/OAF_back_sad.wav",
        ".hidden/OAF_back_sad.wav",
        ".DS_Store",
        "readme.txt",
    )
    bunch = load_tess(folder)
    assert len(bunch.data) == 1
    assert bunch.skipped.empty


def test_names_that_do_not_fit_are_named_counted_and_listed(make_corpus):
    strangers = [f"x{number}.wav" for number in range(5)]
    letters = "abcdefghijklmnopqrstuvwxy"
    words = [f"{speaker}_{one}_angry.wav" for speaker in ("OAF", "YAF") for one in letters]
    with pytest.warns(CorpusWarning) as caught:
        bunch = load_tess(make_corpus(*words[:50], *strangers))
    message = str(caught[0].message)
    assert len(caught) == 1
    assert "5 of 55" in message
    assert "'x0.wav', 'x1.wav', 'x2.wav' and 2 more" in message
    assert caught[0].filename == __file__
    assert len(bunch.skipped) == 5


def test_a_folder_that_a_pattern_hardly_explains_is_not_the_corpus(make_corpus):
    strangers = [f"x{number}.wav" for number in range(9)]
    with pytest.raises(CorpusError, match="9 of 10 recordings speak against tess"):
        load_tess(make_corpus("OAF_back_angry.wav", *strangers))


def test_values_that_a_corpus_does_not_have_speak_against_it(make_corpus):
    names = [
        f"03-01-{emotion:02}-01-{statement:02}-{repetition:02}-{actor:02}.wav"
        for emotion in range(2, 7)
        for statement in (1, 2, 3)
        for repetition in (1, 2, 3)
        for actor in (1, 2, 25, 34)
    ]
    with pytest.raises(CorpusError, match="what ravdess does not have"):
        load_ravdess(make_corpus(*names))
    strong = [f"03-01-01-02-01-01-{actor:02}.wav" for actor in range(1, 25)]
    with pytest.raises(CorpusError, match="no recording of ravdess"):
        load_ravdess(make_corpus(*strong, folder="strong"))


def test_rows_are_sorted_by_relative_path(make_corpus):
    names = ["b/OAF_a_sad.wav", "B/OAF_b_sad.wav", "a/OAF_c_sad.wav", "a-b/OAF_d_sad.wav"]
    folder = make_corpus(*names)
    assert load_tess(folder).data.tolist() == [str(folder / name) for name in sorted(names)]


def test_links_are_followed_and_circles_end(make_corpus):
    real = make_corpus("OAF_back_angry.wav", folder="elsewhere")
    folder = make_corpus("YAF_back_angry.wav")
    (folder / "link").symlink_to(real, target_is_directory=True)
    (folder / "circle").symlink_to(folder, target_is_directory=True)
    assert load_tess(folder).groups.tolist() == ["YAF", "OAF"]


def test_relative_paths_become_absolute(make_corpus, monkeypatch):
    folder = make_corpus("OAF_back_angry.wav")
    monkeypatch.chdir(folder.parent)
    assert load_tess("corpus").data.tolist() == [str(folder / "OAF_back_angry.wav")]
    assert load_tess("corpus/../corpus").data.tolist() == [str(folder / "OAF_back_angry.wav")]


def test_an_unknown_value_of_duplicates(make_corpus):
    with pytest.raises(ValueError, match=r'duplicates=.first.: it must be "drop" or "keep"'):
        load_tess(make_corpus("OAF_back_angry.wav"), duplicates="first")


def test_bunch_goes_into_a_splitter(make_corpus):
    names = [f"{s}_{w}_{e}.wav" for s in ("OAF", "YAF") for w in "ab" for e in ("sad", "happy")]
    bunch = load_tess(make_corpus(*names))
    folds = list(StratifiedGroupKFold(2).split(bunch.data, bunch.target, bunch.groups))
    assert all(len(set(bunch.groups[test])) == 1 for _, test in folds)
    assert np.unique(np.concatenate([bunch.data[test] for _, test in folds])).size == 8
