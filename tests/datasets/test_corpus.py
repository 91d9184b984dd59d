"""Corpora of the user's own: folders and manifests."""

import pandas as pd
import pytest

from sk_ser.datasets import load_corpus
from sk_ser.exceptions import CorpusError, CorpusWarning

BY_SPEAKER = ["Actor_01/Anger/x.wav", "Actor_02/Anger/x.wav", "Actor_02/joy/x.wav"]
BY_EMOTION = ["Anger/Actor_01/x.wav", "Anger/Actor_02/x.wav", "joy/Actor_02/x.wav"]


@pytest.mark.parametrize("names", [BY_SPEAKER, BY_EMOTION])
@pytest.mark.parametrize("outer", ["", "download/my corpus/"])
def test_either_order_of_folders_is_recognised(make_corpus, names, outer):
    bunch = load_corpus(make_corpus(*[outer + name for name in names]))
    assert bunch.target.tolist() == ["Anger", "Anger", "joy"]
    assert bunch.groups.tolist() == ["Actor_01", "Actor_02", "Actor_02"]
    assert bunch.name == "corpus"


@pytest.mark.parametrize("outer", ["", "my corpus/"])
def test_folders_of_emotions_alone_have_no_speakers_with_a_warning(make_corpus, outer):
    folder = make_corpus(outer + "Anger/x.wav", outer + "Sarcasm/x.wav")
    with pytest.warns(CorpusWarning, match="No speakers are known.*speaker="):
        bunch = load_corpus(folder)
    assert bunch.groups is None
    assert bunch.frame["speaker"].isna().all()
    assert "No speakers are known" in bunch.DESCR
    assert bunch.target.tolist() == ["Anger", "Sarcasm"]


@pytest.mark.parametrize(
    "speaker", [r"(?P<speaker>[a-z]+)\d", r"/([a-z]+)\d", r"[a-z]{3}(?=\d)", lambda p: p[-8:-5]]
)
def test_speaker_from_the_path(make_corpus, speaker):
    bunch = load_corpus(make_corpus("Anger/kim1.wav", "Sad/lee1.wav"), speaker=speaker)
    assert bunch.groups.tolist() == ["kim", "lee"]


def test_path_without_a_speaker_is_named(make_corpus):
    with pytest.raises(CorpusError, match=r"Sad/1\.wav: speaker=.* finds no speaker"):
        load_corpus(make_corpus("Anger/kim1.wav", "Sad/1.wav"), speaker=r"([a-z]+)\d")


def test_ambiguous_folders_are_an_error_without_a_layout(make_corpus):
    folder = make_corpus("Joy/Anger/x.wav", "Kim/Anger/x.wav")
    with pytest.raises(CorpusError, match=r'both levels hold.*layout="emotion"'):
        load_corpus(folder)
    assert load_corpus(folder, layout="speaker/emotion").groups.tolist() == ["Joy", "Kim"]


def test_folders_of_unknown_names_are_an_error_without_a_layout(make_corpus):
    folder = make_corpus("Wut/x.wav", "Freude/x.wav")
    with pytest.raises(CorpusError, match='layout="emotion"'):
        load_corpus(folder)
    with pytest.warns(CorpusWarning, match="No speakers"):
        assert load_corpus(folder, layout="emotion").target.tolist() == ["Freude", "Wut"]


def test_neither_level_known(make_corpus):
    with pytest.raises(CorpusError, match="no level holds"):
        load_corpus(make_corpus("Kim/Wut/x.wav", "Lee/Wut/x.wav"))


@pytest.mark.parametrize(
    "names",
    [["x.wav"], ["Anger/x.wav", "Kim/Anger/x.wav"], ["a/b/Anger/x.wav", "c/d/Anger/x.wav"]],
)
def test_folders_of_no_or_mixed_depth(make_corpus, names):
    with pytest.raises(CorpusError, match=r"pass a manifest"):
        load_corpus(make_corpus(*names))


def test_layout_that_does_not_match(make_corpus):
    with pytest.raises(CorpusError, match="expects 2 levels of folders, but there are 1"):
        load_corpus(make_corpus("Anger/x.wav", "Sad/x.wav"), layout="speaker/emotion")
    with pytest.raises(ValueError, match="layout='flat'"):
        load_corpus(make_corpus("Anger/x.wav"), layout="flat")


def test_two_spellings_of_a_label_are_one(make_corpus):
    folder = make_corpus(
        "Kim/Happy/x.wav", "Lee/happy/x.wav", "Lee/happy/y.wav", "Lee/HAPPY /z.wav"
    )
    with pytest.warns(CorpusWarning, match="'HAPPY ', 'Happy', 'happy' differ only in case"):
        assert load_corpus(folder).target.tolist() == ["happy"] * 4


@pytest.mark.parametrize(
    "names",
    [
        ("train", "val", "test"), ("Training", "Validation"), ("dev", "eval"), ("fold1", "fold2"),
        ("Fold_1", "Fold_2", "s1"), ("male", "female"), ("Men", "Women"), ("F", "M"),
        ("split-1", "x"), ("test 1", "test 2"), ("s01", "s01 (1)"), ("s01", "s01 - Copy"),
        ("s1", "s01"), ("Kim", "kim"),
        ("a", "b", "A"), ("1", "1.0"), ("01", "1"), ("x y", "x_y"), ("s01_copy", "s02", "s01"),
    ],
)  # fmt: skip
def test_folders_that_are_no_speakers_are_refused(make_corpus, names):
    paths = [
        f"{name}/{emotion}/{n}.wav" for name in names for emotion in ("anger", "joy") for n in "ab"
    ]
    with pytest.raises(CorpusError, match=r"(and not speakers|may be one speaker).*with speaker="):
        load_corpus(make_corpus(*paths))


@pytest.mark.parametrize(
    "names", [("m01", "f02"), ("01", "10"), ("Dev", "Kim", "Lee"), ("S1", "S10"), ("w 1", "w 2")]
)
def test_folders_that_are_speakers_pass(make_corpus, names):
    paths = [
        f"{name}/{emotion}/{n}.wav" for name in names for emotion in ("anger", "joy") for n in "ab"
    ]
    assert set(load_corpus(make_corpus(*paths)).groups) == set(names)


def test_a_speaker_for_each_clip_is_none(tmp_path, make_corpus):
    folder = make_corpus(*[f"anger/{number}.wav" for number in range(12)])
    with pytest.raises(CorpusError, match="each of the 12 clips has a speaker of its own"):
        load_corpus(folder, speaker=r"(\d+)\.wav")


def test_folder_without_recordings(make_corpus):
    with pytest.raises(CorpusError, match=r"no recordings.*notes\.txt"):
        load_corpus(make_corpus("notes.txt"))


def write_manifest(folder, text, name="table.csv", encoding="utf-8"):
    (folder / name).write_text(text, encoding=encoding)
    return folder / name


@pytest.mark.parametrize(
    ("name", "separator", "encoding"),
    [
        ("table.csv", ",", "utf-8"),
        ("table.csv", ";", "utf-8-sig"),
        ("table.tsv", "\t", "utf-8"),
        ("table.CSV", ",", "utf-8"),
    ],
)
def test_manifest_of_every_kind(make_corpus, name, separator, encoding):
    folder = make_corpus("clips/1.wav", "clips/2.wav")
    lines = ["path,emotion,speaker,valence", "clips/1.wav,Wut,01,0.1", "clips/2.wav,None,02,0.2"]
    text = "\n".join(lines).replace(",", separator)
    bunch = load_corpus(write_manifest(folder, text, name, encoding))
    assert bunch.data.tolist() == [str(folder / "clips/1.wav"), str(folder / "clips/2.wav")]
    assert bunch.target.tolist() == ["Wut", "None"]
    assert bunch.groups.tolist() == ["01", "02"]
    assert bunch.frame["valence"].tolist() == ["0.1", "0.2"]
    assert bunch.name == "table"


def test_dataframe_with_columns_of_its_own(make_corpus):
    folder = make_corpus("1.wav", "2.wav")
    table = pd.DataFrame({"file": ["1.wav", "2.wav"], "label": ["sad", "joy"], "who": [7, 8]})
    columns = {"path": "file", "emotion": "label", "speaker": "who"}
    bunch = load_corpus(table, columns=columns, base=folder, name="mine")
    assert bunch.groups.tolist() == ["7", "8"]
    assert bunch.frame["corpus"].tolist() == ["mine", "mine"]
    assert table.columns.tolist() == ["file", "label", "who"]


def test_manifest_with_a_column_corpus(make_corpus):
    folder = make_corpus("1.wav", "2.wav")
    table = pd.DataFrame(
        {"path": ["1.wav", "2.wav"], "emotion": "sad", "speaker": "x", "corpus": ["a", None], 0: 1}
    )
    frame = load_corpus(table, base=folder, name="mine").frame
    assert frame["corpus"].tolist() == ["a", "mine"]
    assert frame[0].tolist() == [1, 1]


def test_manifest_without_rows(tmp_path):
    with pytest.raises(CorpusError, match="no rows"):
        load_corpus(write_manifest(tmp_path, "path,emotion\n"))


def test_manifest_with_absolute_and_windows_paths(make_corpus):
    folder = make_corpus("a/1.wav", "a/2.wav")
    path = write_manifest(folder, f"path,emotion,speaker\na\\1.wav,sad,x\n{folder}/a/2.wav,sad,x\n")
    assert load_corpus(path).data.tolist() == [str(folder / "a/1.wav"), str(folder / "a/2.wav")]


def test_manifest_without_speakers(make_corpus):
    path = write_manifest(make_corpus("kim.wav"), "path,emotion\nkim.wav,sad\n")
    with pytest.warns(CorpusWarning, match="No speakers are known"):
        assert load_corpus(path).groups is None
    assert load_corpus(path, speaker=r"\w+").groups.tolist() == ["kim"]


def test_manifest_with_missing_files_names_them(make_corpus):
    folder = make_corpus("1.wav")
    path = write_manifest(folder, "path,emotion,speaker\n1.wav,sad,x\n2.wav,sad,x\n")
    with pytest.warns(CorpusWarning, match=r"1 of 2 .*2\.wav.*no such file"):
        bunch = load_corpus(path)
    assert len(bunch.data) == 1
    assert bunch.skipped["path"].tolist() == [str(folder / "2.wav")]


def test_manifest_of_files_that_do_not_exist(make_corpus, tmp_path):
    make_corpus("x.wav")
    path = write_manifest(tmp_path, "path,emotion,speaker\n1.wav,sad,x\n")
    with pytest.raises(CorpusError, match=r"none of its 1 files exists.*1\.wav"):
        load_corpus(path)


def test_manifest_without_a_column(make_corpus):
    path = write_manifest(make_corpus("1.wav"), "path,label\n1.wav,sad\n")
    with pytest.raises(CorpusError, match=r"no column 'emotion'.*'label'.*columns="):
        load_corpus(path)


@pytest.mark.parametrize("column", ["path", "emotion", "speaker"])
def test_manifest_with_an_empty_cell(make_corpus, column):
    table = pd.DataFrame({"path": ["1.wav"] * 2, "emotion": "sad", "speaker": "x"})
    table.loc[1, column] = None
    with pytest.raises(CorpusError, match=rf"{column} is empty in 1 rows \('2'"):
        load_corpus(table, base=make_corpus("1.wav"))


def test_manifest_that_names_a_file_twice(make_corpus):
    folder = make_corpus("1.wav")
    table = pd.DataFrame({"path": ["1.wav"] * 2, "emotion": ["sad", "sad"], "speaker": "x"})
    with pytest.warns(CorpusWarning, match="named twice"):
        assert len(load_corpus(table, base=folder).data) == 1
    table["emotion"] = ["sad", "joy"]
    with pytest.raises(CorpusError, match="both 'sad' and 'joy'"):
        load_corpus(table, base=folder)


def test_manifest_that_cannot_be_read(tmp_path):
    with pytest.raises(CorpusError, match="no such file"):
        load_corpus(tmp_path / "table.csv")
    with pytest.raises(CorpusError, match="cannot be read"):
        load_corpus(write_manifest(tmp_path, ""))
    with pytest.raises(CorpusError, match="cannot be read"):
        load_corpus(write_manifest(tmp_path, "path,emotion\nü,ä", encoding="latin-1"))


def test_return_X_y(make_corpus):
    data, target = load_corpus(make_corpus(*BY_SPEAKER), return_X_y=True)
    assert len(data) == 3
    assert target.tolist() == ["Anger", "Anger", "joy"]
