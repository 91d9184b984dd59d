"""On real recordings: second takes are no copies, and what is known to be one is found."""

from pathlib import Path

import numpy as np
import pytest

from sk_ser.audio import AudioLoader
from sk_ser.duplicates import find_duplicates

pytestmark = pytest.mark.corpus


def names_of(paths, found):
    columns = (found["first"], found["second"])
    return [(Path(paths[a]).stem, Path(paths[b]).stem) for a, b in zip(*columns, strict=True)]


def test_the_one_duplicate_of_ravdess_and_no_repetition(corpora):
    paths = sorted((corpora / "ravdess" / "Actor_07").glob("*.flac"))
    found = find_duplicates(paths)
    assert names_of(paths, found) == [("03-01-03-01-02-01-07", "03-01-03-01-02-02-07")]
    assert found["kind"].tolist() == ["exact"]


def test_a_carrier_phrase_is_no_copy(corpora):
    # "Say the word ...", fifty times by the same speaker in the same emotion
    paths = sorted((corpora / "tess").glob("YAF_*_neutral.flac"))[:50]
    assert len(find_duplicates(paths)) == 0


def test_versions_of_a_sentence_are_no_copies(corpora):
    paths = [path for path in sorted((corpora / "emodb").rglob("*.flac")) if path.stem[2] == "a"]
    assert len(find_duplicates(paths[:90])) == 0


def test_cuts_of_one_talk_show_overlap(corpora):
    names = ["SM24_F14_S026", "SM24_F15_S027", "SM24_F1_S013", "SF1_F4_H04", "SF4_F3_H019"]
    paths = sorted(path for path in (corpora / "urdu").rglob("*.flac") if path.stem in names)
    found = find_duplicates(paths)
    # the second pair has the name of another speaker
    assert names_of(paths, found) == [
        ("SF1_F4_H04", "SF4_F3_H019"),
        ("SM24_F14_S026", "SM24_F15_S027"),
    ]
    assert found["similarity"].between(0.85, 1).all()


def test_each_change_of_a_real_clip_is_found(corpora, change):
    paths = [sorted((corpora / name).rglob("*.flac"))[50] for name in ("tess", "emodb", "ravdess")]
    clips = AudioLoader(None).fit_transform(paths)
    found = find_duplicates([*clips, *map(change, clips)])
    assert list(zip(found["first"], found["second"], strict=True)) == [(0, 3), (1, 4), (2, 5)]


def test_a_copy_is_found_among_many(corpora):
    paths = sorted((corpora / "tess").glob("OAF_*_sad.flac"))[:60]
    clips = AudioLoader(None).fit_transform(paths)
    copies = [np.flip(np.flip(clip)) * 0.5 for clip in clips[::20]]
    found = find_duplicates([*clips, *copies])
    assert list(zip(found["first"], found["second"], strict=True)) == [(0, 60), (20, 61), (40, 62)]
