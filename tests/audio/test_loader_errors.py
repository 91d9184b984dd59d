"""What the loader does about files that cannot be read: every row stays in its place."""

import warnings

import numpy as np
import pandas as pd
import pytest

from sk_ser.audio import AudioLoader, Clip, drop_unreadable
from sk_ser.exceptions import AudioError, AudioWarning
from sk_ser.features import MFCC, Chroma, Delta, Functionals, FundamentalFrequency


@pytest.fixture
def mixed(write, make_tone, tmp_path):
    """Six paths, of which the second, fourth and fifth cannot be read."""
    (tmp_path / "1_text.wav").write_text("not audio")
    (tmp_path / "3_empty.wav").touch()
    good = {n: write(f"{n}_good.wav", make_tone(100 * (n + 1), 0.3)) for n in (0, 2, 5)}
    bad = {1: tmp_path / "1_text.wav", 3: tmp_path / "3_empty.wav", 4: tmp_path / "4_missing.wav"}
    return [str((good | bad)[n]) for n in range(6)]


DECODE = "sk_ser.audio._loader.decode"
BAD = ["1_text.wav: cannot be decoded", "3_empty.wav: the file is empty", "4_missing.wav: no such"]


def test_raise_names_every_file_in_one_error(mixed):
    with pytest.raises(AudioError) as caught:
        AudioLoader().fit_transform(mixed)
    lines = str(caught.value).splitlines()
    assert lines[0] == "3 clip(s) cannot be read:"
    for line, bad in zip(lines[1:], BAD, strict=True):
        assert bad in line


def test_one_bad_file_needs_no_list(mixed):
    with pytest.raises(AudioError, match=r"^.*1_text\.wav: cannot") as caught:
        AudioLoader().fit_transform(mixed[:3])
    assert len(str(caught.value).splitlines()) == 1


def test_raise_tries_every_file(mixed, monkeypatch):
    tried = []
    samples = np.full((1, 1), 0.5, np.float32)
    monkeypatch.setattr(DECODE, lambda path, **_: tried.append(path) or (samples, 16_000))
    AudioLoader().fit_transform(mixed)
    assert tried == mixed


def test_warn_names_every_file_and_goes_on(mixed):
    with pytest.warns(AudioWarning) as caught:
        clips = AudioLoader(on_error="warn").fit_transform(mixed)
    assert len(caught) == 1
    assert all(bad in str(caught[0].message) for bad in BAD)
    assert [len(clip) > 0 for clip in clips] == [True, False, True, False, False, True]


def test_skip_is_silent(mixed):
    clips = AudioLoader(on_error="skip").fit_transform(mixed)
    assert [len(clip) for clip in clips] == [4_800, 0, 4_800, 0, 0, 4_800]


def test_skip_with_a_duration_keeps_a_list(mixed):
    clips = AudioLoader(on_error="skip", duration=0.1).fit_transform(mixed)
    assert [len(clip) for clip in clips] == [1_600, 0, 1_600, 0, 0, 1_600]


@pytest.mark.parametrize("describe", [MFCC(5), Chroma(), FundamentalFrequency()])
def test_rows_stay_aligned_and_unreadable_ones_are_nan(mixed, describe):
    X = AudioLoader(on_error="skip").fit_transform(mixed)
    for step in (describe, Delta(), Functionals(("mean", "iqr", "slope", "kurtosis"))):
        X = step.fit_transform(X)
    assert np.isnan(X).all(axis=1).tolist() == [False, True, False, True, True, False]
    alone = AudioLoader().fit_transform([mixed[5]])
    for step in (describe, Delta(), Functionals(("mean", "iqr", "slope", "kurtosis"))):
        alone = step.fit_transform(alone)
    np.testing.assert_array_equal(X[5], alone[0])


def test_a_waveform_without_samples_is_named_by_its_place():
    with pytest.raises(AudioError, match=r"^X\[1\]: the clip has no samples"):
        AudioLoader().fit_transform([np.ones(5), np.zeros(0)])


def test_errors_of_other_kinds_name_the_clip(mixed, monkeypatch):
    def fail(path, **_):
        raise RuntimeError("no disk")

    monkeypatch.setattr(DECODE, fail)
    with pytest.raises(RuntimeError, match="no disk") as caught:
        AudioLoader(on_error="skip").fit_transform(mixed)
    assert caught.value.__notes__ == [f"This was clip 0 of X, {mixed[0]}."]


# drop_unreadable


def test_everything_beside_x_loses_the_same_rows(mixed):
    y, groups = np.arange(6), list("abcdef")
    frame = pd.DataFrame({"speaker": range(6)}, index=list("uvwxyz"))
    with pytest.warns(AudioWarning) as caught:
        X, y, groups, frame, nothing = drop_unreadable(mixed, y, groups, frame, None)
    assert all(bad in str(caught[0].message) for bad in BAD)
    assert list(X) == [mixed[n] for n in (0, 2, 5)]
    assert y.tolist() == [0, 2, 5]
    assert groups == ["a", "c", "f"]
    assert frame.index.tolist() == ["u", "w", "z"]
    assert nothing is None


@pytest.mark.parametrize(
    "contain",
    [
        np.array,
        pd.Series,
        lambda X: pd.Series(X).values,
        lambda X: pd.Series(X, dtype="string[python]").values,
        lambda X: pd.Series(X, list("uvwxyz")),
    ],
)
def test_x_keeps_its_container(mixed, contain):
    X = contain(mixed)
    (kept,) = drop_unreadable(X, warn=False)
    assert type(kept) is type(X)
    assert list(kept) == [mixed[0], mixed[2], mixed[5]]


def test_clips_can_be_dropped_too(make_tone):
    clips = [make_tone(440, 0.1), Clip([]), make_tone(440, 0.2)]
    X, y = drop_unreadable(clips, ["a", "b", "c"], warn=False)
    assert [len(clip) for clip in X] == [1_600, 3_200]
    assert y == ["a", "c"]


def test_nothing_to_drop_is_no_warning(mixed):
    assert drop_unreadable([mixed[0]], [1]) == [[mixed[0]], [1]]


def test_the_loader_says_what_can_be_read(mixed):
    with pytest.raises(AudioError, match="no channel 1"):
        drop_unreadable([mixed[0]], loader=AudioLoader(mono=1))


def test_nothing_left_is_an_error_that_names_all(mixed):
    with pytest.raises(AudioError, match=r"2 clip\(s\)(.|\n)*1_text(.|\n)*3_empty"):
        drop_unreadable([mixed[1], mixed[3]], [0, 1], warn=False)


def test_lengths_that_differ_are_refused(mixed):
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        drop_unreadable(mixed, [0, 1])


def test_the_loaders_own_handling_does_not_matter(mixed):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (kept,) = drop_unreadable(mixed, loader=AudioLoader(on_error="warn"), warn=False)
    assert len(kept) == 3
