"""Copies are found however they were made over, and nothing else is."""

import numpy as np
import pandas as pd
import pytest
import soundfile as sf

from sk_ser.audio import AudioLoader, Clip
from sk_ser.duplicates import find_duplicates
from sk_ser.exceptions import AudioError, AudioWarning


def pairs_of(found):
    return list(zip(found["first"], found["second"], strict=True))


@pytest.fixture
def folder(tmp_path, speech):
    """One clip in files of several names, containers and sample formats, and another clip."""
    samples = np.round(32_768 * np.asarray(speech[0])) / 32_768
    for name, subtype in {"a.wav": "PCM_16", "b.flac": "PCM_16", "c.aiff": "PCM_24"}.items():
        sf.write(tmp_path / name, samples, 16_000, subtype=subtype)
    sf.write(tmp_path / "d.wav", np.stack([samples, samples], axis=1), 16_000, subtype="FLOAT")
    sf.write(tmp_path / "e.wav", speech[1], 16_000)
    with sf.SoundFile(tmp_path / "f.wav", "w", 16_000, 1, "PCM_16") as file:
        file.title = "another title"
        file.write(samples)
    return tmp_path


# What is found


def test_each_change_is_found(speech, change):
    found = find_duplicates([*speech, *map(change, speech)])
    n_clips = len(speech)
    assert pairs_of(found) == [(row, row + n_clips) for row in range(n_clips)]
    assert set(found["kind"]) <= {"near", "exact"}
    assert found["similarity"].between(0.85, 1).all()


def test_clips_of_their_own_are_not_found(speech):
    assert len(find_duplicates(speech)) == 0


def test_names_containers_and_tags_do_not_matter(folder):
    paths = sorted(folder.iterdir())
    found = find_duplicates(paths)
    same = [0, 1, 2, 3, 5]
    assert pairs_of(found) == [(a, b) for a in same for b in same if a < b]
    assert set(found["kind"]) == {"exact"}
    assert (found["similarity"] == 1).all()


def test_near_copies_can_be_left_out(speech):
    clips = [speech[0], 0.5 * speech[0], speech[0].copy()]
    assert find_duplicates(clips, near=False)["kind"].tolist() == ["exact"]
    assert find_duplicates(clips)["kind"].tolist() == ["near", "exact", "near"]


def test_a_copy_of_equal_clips_is_one_of_each(speech):
    found = find_duplicates([speech[0], 0.5 * speech[0], speech[1], speech[0].copy()])
    assert pairs_of(found) == [(0, 1), (0, 3), (1, 3)]
    assert found["kind"].tolist() == ["near", "exact", "near"]


def test_cuts_that_overlap_are_found(speech):
    # as talk shows are cut into clips
    whole = np.concatenate([speech[0], speech[5]])
    cuts = [Clip(whole[:48_000]), Clip(whole[16_000:]), speech[3]]
    assert pairs_of(find_duplicates(cuts)) == [(0, 1)]


def test_noise_is_like_itself_only(make_noise):
    clips = [make_noise(seed=seed) for seed in (0, 1, 2)]
    assert pairs_of(find_duplicates([*clips, 0.3 * clips[1]])) == [(1, 3)]


def test_a_higher_threshold_finds_less(speech, change):
    clips = [speech[0], change(speech[0])]
    (similarity,) = find_duplicates(clips)["similarity"]
    assert len(find_duplicates(clips, threshold=similarity)) == 1
    if similarity < 1:
        assert len(find_duplicates(clips, threshold=np.nextafter(similarity, 2))) == 0


# Clips at the edge


def test_silence_is_equal_to_silence_of_its_length_only():
    silent = [np.zeros(n) for n in (16_000, 16_000, 8_000, 1)] + [-np.zeros(16_000)]
    found = find_duplicates([*silent, Clip(np.zeros(16_000), 8_000)])
    assert pairs_of(found) == [(0, 1), (0, 4), (1, 4)]
    assert set(found["kind"]) == {"exact"}


@pytest.mark.parametrize("n_samples", [1, 2, 127, 512, 3_000])
def test_short_clips_are_compared_exactly(n_samples, make_noise):
    clip = make_noise(n_samples)
    found = find_duplicates([clip, 0.5 * clip, clip.copy()])
    assert pairs_of(found) == [(0, 2)]


@pytest.mark.parametrize("scale", [1e-35, 1e-20, 1e15])
@pytest.mark.filterwarnings("ignore:.*times full scale")
def test_loudness_has_no_bounds(speech, scale):
    found = find_duplicates([speech[0], speech[1], scale * speech[0]])
    assert pairs_of(found) == [(0, 2)]


def test_a_click_a_step_and_a_constant():
    click, step = np.zeros(16_000), np.zeros(16_000)
    click[8_000] = step[8_000:] = 1
    assert len(find_duplicates([click, step, np.ones(16_000)])) == 0


def test_long_clips_are_compared_by_their_beginning(speech):
    whole = np.concatenate(speech)
    found = find_duplicates([whole, np.concatenate(speech[::-1]), 0.5 * whole])
    assert pairs_of(found) == [(0, 2)]


def test_the_rate_belongs_to_the_sound(speech):
    # played twice as fast: other sound, though of equal numbers
    assert len(find_duplicates([speech[0], Clip(speech[0], 32_000)])) == 0


def test_a_pop_in_two_recordings_makes_no_copies_of_them(speech):
    pop = np.zeros(60_000)
    pop[8_000:8_100] = 10
    clips = [np.asarray(clip)[:30_000] + pop[:30_000] for clip in speech[:4]]
    assert len(find_duplicates(clips)) == 0


# Files that cannot be read


def test_an_unreadable_file_does_not_end_the_run(folder):
    (folder / "bad.wav").write_text("no audio")
    paths = [folder / "bad.wav", folder / "a.wav", folder / "missing.wav", folder / "b.flac"]
    with pytest.warns(AudioWarning, match=r"(?s)2 clip\(s\) .*bad\.wav.*missing\.wav"):
        found = find_duplicates(paths)
    assert pairs_of(found) == [(1, 3)]
    assert pairs_of(find_duplicates(paths, on_error="skip")) == [(1, 3)]
    with pytest.raises(AudioError, match=r"(?s)2 clip\(s\) .*bad\.wav.*missing\.wav"):
        find_duplicates(paths, on_error="raise")


def test_an_empty_clip_is_named_by_its_place(speech):
    with pytest.warns(AudioWarning, match=r"X\[1\]: the clip has no samples"):
        found = find_duplicates([speech[0], np.zeros(0), np.zeros(0), speech[0]])
    assert pairs_of(found) == [(0, 3)]


def test_nothing_can_be_read(tmp_path):
    found = find_duplicates([str(tmp_path / "a.wav"), str(tmp_path / "b.wav")], on_error="skip")
    assert found.shape == (0, 4)


# The table


def test_an_empty_table_has_the_columns_and_types_of_a_full_one(speech):
    full, empty = find_duplicates([speech[0]] * 2), find_duplicates(speech[:1])
    assert empty.shape == (0, 4)
    assert empty.columns.tolist() == ["first", "second", "kind", "similarity"]
    pd.testing.assert_series_equal(empty.dtypes, full.dtypes)


def test_processes_and_runs_agree(speech, folder):
    clips = [*speech, *(0.5 * clip for clip in speech[::3]), speech[2][2_000:]]
    found = find_duplicates(clips)
    pd.testing.assert_frame_equal(found, find_duplicates(clips))
    pd.testing.assert_frame_equal(found, find_duplicates(clips, n_jobs=2))


def test_order_does_not_matter(speech):
    clips = [*speech[:6], *(0.5 * clip for clip in speech[:6])]
    order = np.random.default_rng(0).permutation(12)
    found = pairs_of(find_duplicates([clips[place] for place in order]))
    assert {tuple(sorted(order[list(pair)] % 6)) for pair in found} == {(k, k) for k in range(6)}
    assert len(found) == 6


@pytest.mark.parametrize("container", [list, np.array, pd.Series, tuple], ids=lambda c: c.__name__)
def test_containers_of_paths(container, folder):
    paths = container([str(folder / name) for name in ("a.wav", "e.wav", "b.flac")])
    assert pairs_of(find_duplicates(paths)) == [(0, 2)]


def test_rows_of_an_array_are_clips(make_noise):
    block = np.stack([make_noise(seed=seed) for seed in (0, 1, 0)])
    assert pairs_of(find_duplicates(block)) == [(0, 2)]
    loaded = AudioLoader(8_000).fit_transform(block)
    assert pairs_of(find_duplicates(loaded)) == [(0, 2)]


@pytest.mark.parametrize(
    "wrong",
    [{"threshold": 0}, {"threshold": 1.1}, {"threshold": "high"}, {"on_error": "ignore"}],
    ids=str,
)
def test_bad_parameters_are_named(wrong):
    ((name, value),) = wrong.items()
    with pytest.raises(ValueError, match=f"find_duplicates: {name}={value!r} must be "):
        find_duplicates([np.ones(5)], **wrong)


@pytest.mark.parametrize("wrong", ["a.wav", [], [np.ones((2, 2, 2))]], ids=str)
def test_what_is_no_container_of_clips_is_refused(wrong):
    with pytest.raises(ValueError, match=r"X is|axes|X\["):
        find_duplicates(wrong)
