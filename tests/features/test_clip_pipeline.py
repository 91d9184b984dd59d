"""What steps give one by one, the pipeline gives in parallel and from memory, or says why not."""

import os
import pickle
import shutil
import subprocess
import sys
import tracemalloc

import joblib
import numpy as np
import pandas as pd
import pytest
import soundfile
from sklearn.base import clone
from sklearn.decomposition import PCA
from sklearn.feature_selection import VarianceThreshold
from sklearn.impute import SimpleImputer
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, Normalizer, StandardScaler
from sklearn.svm import SVC

from sk_ser.audio import AudioLoader, Clip, decode
from sk_ser.datasets import make_emotional_speech
from sk_ser.exceptions import AudioError, AudioWarning
from sk_ser.features import (
    MFCC,
    Chroma,
    ClipPipeline,
    Delta,
    Functionals,
    RMSEnergy,
    SpectralStatistics,
    make_clip_pipeline,
    make_frame_union,
)
from sk_ser.features._store import RECENT
from tests.features.steps import Counting, Failing, double, refuse


@pytest.fixture
def paths(tmp_path, make_noise):
    """Seven recordings of different lengths."""
    for n in range(7):
        noise = make_noise(3_000 + 900 * n, seed=n)
        soundfile.write(tmp_path / f"{n}.wav", noise, 16_000)
    return [str(tmp_path / f"{n}.wav") for n in range(7)]


@pytest.fixture
def counts(tmp_path):
    """Folder in which `Counting` leaves its files."""
    (tmp_path / "counts").mkdir()
    return tmp_path / "counts"


@pytest.fixture(autouse=True)
def forget():
    """Forget, as a new process would, what this one holds in its memory; call it to do so again."""

    def forget():
        RECENT.clear()

    forget()
    return forget


def front_end(*more, **settings):
    union = make_frame_union(MFCC(5), SpectralStatistics(("centroid", "flux")), RMSEnergy())
    steps = (AudioLoader(trim=30), union, Delta((1,)), Functionals(("mean", "std", "slope")), *more)
    return make_clip_pipeline(*steps, **settings)


def step_by_step(pipeline, X):
    for _, step in pipeline.steps:
        X = clone(step).fit_transform(X)
    return X


# The same as the steps


@pytest.mark.parametrize("n_jobs", [None, 1, 2])
@pytest.mark.parametrize("memory", [False, True])
def test_step_by_step_bit_for_bit(paths, tmp_path, n_jobs, memory):
    pipeline = front_end(n_jobs=n_jobs, memory=tmp_path / "memory" if memory else None)
    expected = step_by_step(pipeline, paths)
    np.testing.assert_array_equal(pipeline.fit_transform(paths), expected)
    np.testing.assert_array_equal(pipeline.transform(paths), expected)
    assert expected.dtype == np.float32


def test_a_clip_does_not_depend_on_those_beside_it(paths):
    together = front_end().fit_transform(paths)
    alone = np.concatenate([front_end().fit_transform([path]) for path in reversed(paths)])
    np.testing.assert_array_equal(together, alone[::-1])


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_sequences_come_out_as_from_the_last_step(paths, n_jobs):
    pipeline = make_clip_pipeline(AudioLoader(), MFCC(3), n_jobs=n_jobs)
    expected = step_by_step(pipeline, paths)
    found = pipeline.fit_transform(paths)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)
        np.testing.assert_array_equal(one.level, other.level)
        assert one.names == other.names
        assert one.frame_rate == other.frame_rate


def test_equally_long_sequences_are_one_array(paths):
    found = make_clip_pipeline(AudioLoader(duration=0.5), MFCC(3)).fit_transform(paths)
    assert found.shape == (7, 16, 3)
    assert found.level.shape == (7, 16)


@pytest.mark.parametrize("nothing", ["passthrough", None])
@pytest.mark.parametrize("place", [0, 1, 3])
def test_steps_left_out(paths, nothing, place):
    steps = [("l", AudioLoader()), ("m", MFCC(3)), ("f", Functionals())]
    expected = ClipPipeline(steps).fit_transform(paths)
    steps.insert(place, ("nothing", nothing))
    np.testing.assert_array_equal(ClipPipeline(steps).fit_transform(paths), expected)


def test_a_step_switched_off_by_its_name(paths):
    pipeline = front_end().set_params(delta="passthrough")
    assert pipeline.fit_transform(paths).shape == (7, 8 * 3)
    assert len(pipeline.get_feature_names_out()) == 8 * 3


def test_a_pipeline_in_a_pipeline(paths):
    inner = make_clip_pipeline(AudioLoader(), MFCC(3))
    outer = make_clip_pipeline(inner, Functionals())
    plain = make_clip_pipeline(AudioLoader(), MFCC(3), Functionals())
    np.testing.assert_array_equal(outer.fit_transform(paths), plain.fit_transform(paths))
    assert outer.get_feature_names_out().tolist() == plain.get_feature_names_out().tolist()


def test_parts_of_a_pipeline(paths):
    pipeline = front_end()
    assert len(pipeline) == 4
    assert isinstance(pipeline["delta"], Delta)
    assert len(pipeline[:2].fit_transform(paths)) == 7


def test_names_chain():
    names = front_end().get_feature_names_out().tolist()
    assert len(names) == len(set(names)) == 8 * 2 * 3
    assert {"mfcc_3__delta__std", "spectral_flux__mean", "rms__delta__slope"} <= set(names)
    assert names[:2] == ["mfcc_0__mean", "mfcc_1__mean"]


def test_names_are_made_of_classes():
    names = [name for name, _ in make_clip_pipeline(MFCC(), Delta(), Delta()).steps]
    assert names == ["mfcc", "delta-1", "delta-2"]


# Steps that learn, and steps of other packages


@pytest.mark.parametrize(
    "step",
    [StandardScaler(), PCA(2), VarianceThreshold(), SimpleImputer(), make_pipeline(Normalizer())],
)
def test_a_step_that_learns_is_refused_by_name(step):
    with pytest.raises(TypeError, match=f"ClipPipeline: step .*{type(step).__name__}.* learns"):
        front_end(step)
    steps = [("m", MFCC()), ("f", Functionals()), ("it", step)]
    for method in ("fit", "transform", "fit_transform"):
        with pytest.raises(TypeError, match="step 'it'"):
            getattr(ClipPipeline(steps), method)([np.ones(5_000)])


def test_a_step_that_is_set_later_is_refused_too():
    pipeline = front_end().set_params(functionals=StandardScaler())
    with pytest.raises(TypeError, match="step 'functionals'"):
        pipeline.fit([np.ones(5)])


def test_what_is_no_transformer_is_refused():
    with pytest.raises(TypeError):
        make_clip_pipeline(MFCC(), "Functionals")
    with pytest.raises(ValueError, match="empty"):
        make_clip_pipeline()


def test_a_stateless_step_of_another_package(paths):
    found = front_end(Normalizer()).fit_transform(paths)
    expected = Normalizer().fit_transform(front_end().fit_transform(paths))
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    names = front_end(Normalizer()).get_feature_names_out().tolist()
    assert names == front_end().get_feature_names_out().tolist()


def test_a_function_of_clips_keeps_their_rate():
    clips = [Clip(np.ones(9_000), 8_000), Clip(np.ones(7_000), 8_000)]
    found = make_clip_pipeline(FunctionTransformer(double), RMSEnergy()).fit_transform(clips)
    assert [one.frame_rate for one in found] == [8_000 / 512] * 2
    assert found[0][5] == 2


def test_a_function_of_sequences_keeps_their_names_and_levels():
    clip = Clip(np.random.default_rng(0).normal(size=9_000))
    (plain,) = make_clip_pipeline(MFCC(2)).fit_transform([clip])
    (found,) = make_clip_pipeline(MFCC(2), FunctionTransformer(double)).fit_transform([clip])
    np.testing.assert_array_equal(found, 2 * plain)
    assert found.names == plain.names
    np.testing.assert_array_equal(found.level, plain.level)


# Tables


def test_vectors_make_a_table_with_names_and_the_index_of_the_paths(paths):
    X = pd.Series(paths, index=list("abcdefg"))
    table = front_end().set_output(transform="pandas").fit_transform(X)
    assert table.index.tolist() == list("abcdefg")
    assert table.columns.tolist() == front_end().get_feature_names_out().tolist()
    np.testing.assert_array_equal(table, front_end().fit_transform(paths))


@pytest.mark.parametrize("make", [make_pipeline, make_clip_pipeline])
def test_tables_all_the_way_give_the_same_numbers(paths, make):
    steps = AudioLoader(), MFCC(3), Delta(), Functionals(("mean", "slope"), min_level=25)
    expected = make(*steps).fit_transform(paths)
    model = make(*[clone(step) for step in steps]).set_output(transform="pandas")
    table = model.fit_transform(pd.Series(paths, index=list("gfedcba")))
    np.testing.assert_array_equal(table, expected)
    assert table.index.tolist() == list("gfedcba")
    assert table.columns[-1] == "mfcc_2__delta2__slope"


def test_a_table_of_frames_is_indexed_by_clip_time_and_level(paths):
    pipeline = make_clip_pipeline(AudioLoader(), MFCC(2)).set_output(transform="pandas")
    table = pipeline.fit_transform(pd.Series(paths[:2], index=["a", "b"]))
    assert table.index.names == ["clip", "time", "level"]
    assert table.columns.tolist() == ["mfcc_0", "mfcc_1"]
    assert table.index.get_level_values("time")[:2].tolist() == [0, 0.032]
    assert table.index.get_level_values("clip").unique().tolist() == ["a", "b"]


def test_unreadable_clips_are_not_lost_in_tables(paths):
    X = [paths[0], "missing.wav", paths[1]]
    steps = AudioLoader(on_error="skip"), MFCC(3), Delta(), Functionals()
    table = make_pipeline(*steps).set_output(transform="pandas").fit_transform(X)
    assert table.isna().all(axis=1).tolist() == [False, True, False]
    plain = [clone(step).set_output(transform="default") for step in steps]
    np.testing.assert_array_equal(table, make_pipeline(*plain).fit_transform(X))


# Memory


def counting(counts, memory, tag=0, **settings):
    steps = AudioLoader(), Counting(str(counts), tag), MFCC(3), Functionals()
    return make_clip_pipeline(*steps, memory=memory, **settings)


def n_computed(counts):
    """Count the clips computed since last asked."""
    files = list(counts.iterdir())
    for file in files:
        file.unlink()
    return len(files)


@pytest.mark.parametrize("process", ["same", "another"])
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_a_second_run_computes_nothing(paths, counts, tmp_path, process, n_jobs, forget):
    first = counting(counts, tmp_path / "memory", n_jobs=n_jobs).fit_transform(paths)
    assert n_computed(counts) == 7
    if process == "another":
        forget()
    second = counting(counts, str(tmp_path / "memory"), n_jobs=n_jobs).fit_transform(paths)
    assert n_computed(counts) == 0
    np.testing.assert_array_equal(first, second)


def test_only_new_clips_are_computed(paths, counts, tmp_path):
    counting(counts, tmp_path / "memory").fit_transform(paths[:3])
    assert n_computed(counts) == 3
    counting(counts, tmp_path / "memory").fit_transform(paths[::-1])
    assert n_computed(counts) == 4


@pytest.mark.parametrize(
    "change", [{"mfcc__n_mfcc": 4}, {"audioloader__trim": 30}, {"counting__tag": 1}]
)
def test_other_parameters_are_other_results(paths, counts, tmp_path, change):
    pipeline = counting(counts, tmp_path / "memory")
    before = pipeline.fit_transform(paths)
    assert n_computed(counts) == 7
    pipeline.set_params(**change).fit_transform(paths)
    assert n_computed(counts) == 7
    back = counting(counts, tmp_path / "memory").transform(paths)
    assert n_computed(counts) == 0
    np.testing.assert_array_equal(back, before)


def test_jobs_bars_and_memory_itself_are_no_part_of_the_key(paths, counts, tmp_path):
    counting(counts, tmp_path / "memory").fit_transform(paths)
    assert n_computed(counts) == 7
    counting(counts, joblib.Memory(tmp_path / "memory", verbose=0), n_jobs=2).transform(paths)
    assert n_computed(counts) == 0


@pytest.mark.parametrize("change", ["content and size", "time"])
def test_a_file_that_changes_is_computed_anew(paths, counts, tmp_path, change):
    pipeline = counting(counts, tmp_path / "memory")
    before = pipeline.fit_transform(paths)
    n_computed(counts)
    if change == "time":
        os.utime(paths[2], ns=(1, 1))
    else:
        soundfile.write(paths[2], np.random.default_rng(9).normal(size=5_555), 16_000)
    after = pipeline.transform(paths)
    assert n_computed(counts) == 1
    same = (before == after).all(axis=1)
    assert same.tolist() == [True, True, change == "time", True, True, True, True]


@pytest.mark.parametrize("replace", [os.replace, shutil.copyfile])
def test_other_content_of_equal_size_and_time_is_computed_anew(paths, counts, tmp_path, replace):
    pipeline = counting(counts, tmp_path / "memory")
    pipeline.fit_transform(paths)
    n_computed(counts)
    status = os.stat(paths[2])
    samples, rate = soundfile.read(paths[2], dtype="int16")
    soundfile.write(tmp_path / "other.wav", samples[::-1], rate)
    replace(tmp_path / "other.wav", paths[2])
    os.utime(paths[2], ns=(status.st_atime_ns, status.st_mtime_ns))
    now = os.stat(paths[2])
    assert (now.st_size, now.st_mtime_ns) == (status.st_size, status.st_mtime_ns)
    wanted = make_clip_pipeline(AudioLoader(), MFCC(3), Functionals()).transform(paths)
    np.testing.assert_array_equal(pipeline.transform(paths), wanted)
    assert n_computed(counts) == 1


def test_a_file_is_the_same_by_whatever_path(paths, counts, tmp_path, monkeypatch):
    counting(counts, tmp_path / "memory").fit_transform(paths)
    n_computed(counts)
    monkeypatch.chdir(tmp_path)
    counting(counts, tmp_path / "memory").transform([os.path.basename(path) for path in paths])
    assert n_computed(counts) == 0


def test_waveforms_are_told_by_content_and_rate(counts, tmp_path):
    noise = np.random.default_rng(0).normal(size=9_000).astype(np.float32)
    pipeline = counting(counts, tmp_path / "memory")
    pipeline.fit_transform([noise])
    assert n_computed(counts) == 1
    pipeline.transform([noise.copy(), Clip(noise), noise.astype(float)])
    assert n_computed(counts) == 0
    pipeline.transform([Clip(noise, 8_000), -noise, noise[:-1]])
    assert n_computed(counts) == 3


@pytest.mark.parametrize("damage", ["cut off", "short", "empty", "garbage", "one bit", "gone"])
def test_what_is_damaged_is_computed_anew(paths, counts, tmp_path, damage, forget):
    pipeline = counting(counts, tmp_path / "memory")
    before = pipeline.fit_transform(paths)
    n_computed(counts)
    for file in [path for path in (tmp_path / "memory").rglob("*") if path.is_file()]:
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        change = {"cut off": content[:-5], "short": content[:30], "empty": b"",
                  "garbage": bytes(300), "one bit": content}  # fmt: skip
        file.unlink() if damage == "gone" else file.write_bytes(change[damage])
    forget()
    np.testing.assert_array_equal(pipeline.transform(paths), before)
    assert n_computed(counts) >= 1
    forget()
    np.testing.assert_array_equal(pipeline.transform(paths), before)
    assert n_computed(counts) == 0


def test_memory_that_is_cleared_meanwhile_is_filled_anew(paths, counts, tmp_path):
    memory = joblib.Memory(tmp_path / "memory", verbose=0)
    before = counting(counts, memory).fit_transform(paths)
    memory.clear(warn=False)
    RECENT.clear()
    np.testing.assert_array_equal(counting(counts, memory).transform(paths), before)
    n_computed(counts)
    RECENT.clear()
    np.testing.assert_array_equal(counting(counts, memory).transform(paths), before)
    assert n_computed(counts) == 0


def test_two_processes_share(paths, counts, tmp_path):
    code = f"""
from tests.features.test_clip_pipeline import counting
counting({str(counts)!r}, {str(tmp_path / "memory")!r}).fit_transform({paths!r})
"""
    run(code)
    assert n_computed(counts) == 7
    counting(counts, tmp_path / "memory").fit_transform(paths)
    assert n_computed(counts) == 0


def test_what_memory_gives_may_be_written_on(paths, tmp_path):
    pipeline = make_clip_pipeline(AudioLoader(), MFCC(3), memory=tmp_path / "memory")
    expected = make_clip_pipeline(AudioLoader(), MFCC(3)).fit_transform(paths)
    for _ in range(3):
        for one, other in zip(pipeline.fit_transform(paths), expected, strict=True):
            np.testing.assert_array_equal(one, other)
            one[:] = 0


def test_sequences_from_memory_are_whole(paths, tmp_path):
    pipeline = make_clip_pipeline(AudioLoader(), MFCC(3), memory=tmp_path / "memory")
    first = pipeline.fit_transform(paths)
    RECENT.clear()
    for one, other in zip(pipeline.transform(paths), first, strict=True):
        np.testing.assert_array_equal(one, other)
        np.testing.assert_array_equal(one.level, other.level)
        assert one.names == other.names
        assert one.frame_rate == other.frame_rate


def test_memory_does_not_grow_with_what_has_been_seen(tmp_path):
    pipeline = make_clip_pipeline(MFCC(13), Functionals())
    clips = [np.random.default_rng(n).normal(size=16_000).astype(np.float32) for n in range(30)]
    pipeline.transform(clips[:2])
    tracemalloc.start()
    try:
        pipeline.transform(clips)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # one clip's analysis and not thirty: a spectrum of 32 frames is 128 KiB
    assert peak < 4 * 2**20


# Clips that cannot be read


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_raise_names_all_and_keeps_what_could_be_computed(paths, counts, tmp_path, n_jobs):
    X = [paths[0], "b.wav", *paths[1:], "a.wav"]
    pipeline = counting(counts, tmp_path / "memory", n_jobs=n_jobs)
    with pytest.raises(AudioError, match=r"^2 clip\(s\) cannot be read:\nb\.wav.*\na\.wav"):
        pipeline.fit_transform(X)
    assert n_computed(counts) == 7
    RECENT.clear()
    pipeline.transform(paths)
    assert n_computed(counts) == 0


@pytest.mark.parametrize("n_jobs", [1, 2])
@pytest.mark.parametrize("memory", [False, True])
@pytest.mark.parametrize("more", [[], [Normalizer()]])
def test_skip_makes_rows_of_nan_in_their_place(paths, tmp_path, n_jobs, memory, more):
    X = ["b.wav", *paths[:3], "a.wav"]
    pipeline = front_end(*more, n_jobs=n_jobs, memory=tmp_path / "memory" if memory else None)
    pipeline.set_params(audioloader__on_error="skip")
    for _ in range(2):
        found = pipeline.fit_transform(X)
        assert np.isnan(found).all(axis=1).tolist() == [True, False, False, False, True]
        np.testing.assert_allclose(found[1:4], front_end(*more).fit_transform(paths[:3]), rtol=1e-6)


def test_warn_names_them_each_time(paths, tmp_path):
    pipeline = front_end(memory=tmp_path / "memory").set_params(audioloader__on_error="warn")
    for _ in range(2):
        with pytest.warns(AudioWarning, match=r"1 clip\(s\).*\nb\.wav: no such file"):
            pipeline.fit_transform([paths[0], "b.wav"])


def test_a_file_that_has_been_repaired_is_read(paths, tmp_path):
    X = [paths[0], str(tmp_path / "late.wav")]
    pipeline = front_end(memory=tmp_path / "memory").set_params(audioloader__on_error="skip")
    assert np.isnan(pipeline.fit_transform(X)[1]).all()
    soundfile.write(X[1], np.random.default_rng(0).normal(size=5_000), 16_000)
    assert np.isfinite(pipeline.fit_transform(X)).all()


def test_a_later_step_that_cannot_take_nan_does_not_hide_the_file(paths):
    with pytest.raises(AudioError, match=r"^b\.wav: no such file"):
        front_end(Normalizer()).fit_transform([paths[0], "b.wav"])


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_other_errors_name_the_clip(n_jobs):
    clips = [np.ones(5_000), np.full(5_000, 7.0), np.ones(5_000)]
    with pytest.raises(ZeroDivisionError, match="a bug") as caught:
        make_clip_pipeline(Failing(), Functionals(), n_jobs=n_jobs).fit_transform(clips)
    assert "This was clip 1 of X." in caught.value.__notes__


def test_other_errors_name_the_file(paths, tmp_path):
    soundfile.write(tmp_path / "7.wav", np.full(5_000, 7.0), 16_000, subtype="FLOAT")
    with pytest.raises(ZeroDivisionError) as caught:
        make_clip_pipeline(AudioLoader(remove_dc=False), Failing()).transform(
            [*paths, tmp_path / "7.wav"]
        )
    assert caught.value.__notes__ == [f"This was clip 7 of X, {tmp_path / '7.wav'}."]


def test_paths_without_a_loader_are_refused_with_the_remedy():
    with pytest.raises(ValueError, match=r"X\[0\] is a path.*AudioLoader"):
        make_clip_pipeline(MFCC()).fit(["x.wav"])


# A progress bar, a search, other processes


def test_a_progress_bar_counts_what_is_computed(paths, tmp_path, capsys):
    pipeline = front_end(memory=tmp_path / "memory", verbose=True)
    pipeline.fit_transform(paths)
    assert "7/7" in capsys.readouterr().err
    pipeline.set_params(verbose=False).fit_transform(paths)
    assert capsys.readouterr().err == ""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Paths, emotions and speakers of a small made corpus."""
    folder = tmp_path_factory.mktemp("corpus")
    bunch = make_emotional_speech(
        4, 2, ["anger", "sadness"], duration=0.6, sampling_rate=8_000, random_state=0
    )
    paths = [str(folder / f"{n}.wav") for n in range(len(bunch.data))]
    for path, clip in zip(paths, bunch.data, strict=True):
        soundfile.write(path, clip, clip.sampling_rate)
    return paths, bunch.target, bunch.groups


def make_model(memory=None, **settings):
    front = make_clip_pipeline(
        AudioLoader(8_000), make_frame_union(MFCC(8, n_mels=40), Chroma()), Functionals(),
        memory=memory, **settings,
    )  # fmt: skip
    return make_pipeline(front, StandardScaler(), SVC())


@pytest.mark.parametrize("contain", [list, np.array, pd.Series])
def test_a_search_over_paths_splits_speakers_and_computes_each_clip_once(
    corpus, tmp_path, monkeypatch, contain
):
    paths, y, groups = corpus
    loaded = []

    def count(path, **options):
        loaded.append(path)
        return decode(path, **options)

    monkeypatch.setattr("sk_ser.audio._loader.decode", count)
    search = GridSearchCV(
        make_model(tmp_path / "memory"),
        {"clippipeline__frameunion__mfcc__n_mfcc": [4, 8], "svc__C": [1, 10]},
        cv=StratifiedGroupKFold(2),
        error_score="raise",
    ).fit(contain(paths), y, groups=groups)
    assert len(loaded) == 2 * len(paths)
    assert search.best_score_ > 0.7
    assert set(search.predict(contain(paths))) <= {"anger", "sadness"}


def test_clones_and_copies_are_alike(corpus):
    paths, y, _ = corpus
    model = make_model(n_jobs=1).fit(paths, y)
    expected = model.predict(paths)
    assert clone(model).get_params()["clippipeline__frameunion__mfcc__n_mfcc"] == 8
    np.testing.assert_array_equal(clone(model).fit(paths, y).predict(paths), expected)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(model)).predict(paths), expected)


def run(code, **environment):
    """Run code in a new process, warnings being errors."""
    subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env=os.environ | environment,
        check=True,
        timeout=120,
    )


def test_a_saved_model_predicts_in_a_new_process(corpus, tmp_path):
    paths, y, _ = corpus
    model = make_model(tmp_path / "memory").fit(paths, y)
    joblib.dump(model, tmp_path / "model.joblib")
    np.save(tmp_path / "expected.npy", model.decision_function(paths))
    run(f"""
import joblib, numpy
model = joblib.load({str(tmp_path / "model.joblib")!r})
expected = numpy.load({str(tmp_path / "expected.npy")!r})
numpy.testing.assert_allclose(model.decision_function({paths!r}), expected, rtol=1e-6)
""")


def test_html_shows_the_steps():
    html = front_end()._repr_html_()
    assert "AudioLoader" in html
    assert "FrameUnion" in html


@pytest.mark.parametrize("n_jobs", [None, 2])
def test_each_clip_is_tried_whatever_becomes_of_the_others(n_jobs, make_tone, tmp_path):
    (tmp_path / "text.wav").write_text("not audio")
    clips = [make_tone(440), str(tmp_path / "text.wav"), make_tone(220), "nowhere.wav"]
    front_end = make_clip_pipeline(AudioLoader(), MFCC(4), Functionals(), n_jobs=n_jobs)
    results, problems = front_end.transform_each(clips)
    assert list(problems) == [1, 3]
    assert problems[1].path == clips[1]
    assert problems[1].reason.startswith("cannot be decoded")
    assert str(problems[3]) == "nowhere.wav: no such file. Check the path and the folder."
    assert results[1] is results[3] is None
    np.testing.assert_array_equal(
        np.stack([results[0], results[2]]), front_end.transform([clips[0], clips[2]])
    )


@pytest.mark.parametrize("on_error", ["warn", "skip"])
def test_nothing_is_made_up_for_a_clip_that_fails(on_error, make_tone):
    front_end = make_clip_pipeline(AudioLoader(on_error=on_error), MFCC(4), Functionals())
    results, problems = front_end.transform_each([make_tone(440), "nowhere.wav"])
    assert results[1] is None
    assert list(problems) == [1]


def test_errors_of_any_kind_are_returned_when_each_is_tried(make_tone):
    def fussy(clips):
        raise MemoryError("far too long")

    front_end = make_clip_pipeline(AudioLoader(), FunctionTransformer(fussy))
    results, problems = front_end.transform_each([make_tone(440)])
    assert results == [None]
    assert isinstance(problems[0], MemoryError)
    assert problems[0].__traceback__ is None


def test_a_clip_in_memory_is_named_by_its_position():
    front_end = make_clip_pipeline(AudioLoader(), RMSEnergy())
    _, problems = front_end.transform_each([np.ones(800), np.ones(0)])
    assert str(problems[1]) == "X[1]: the clip has no samples. Leave it out."
    with pytest.raises(AudioError) as caught:
        front_end.transform([np.ones(800), np.ones(0)])
    assert caught.value.path == "X[1]"


def test_the_remedy_for_a_programmer_is_not_in_the_error_of_the_file(tmp_path):
    (tmp_path / "text.wav").write_text("not audio")
    front_end = make_clip_pipeline(AudioLoader(), RMSEnergy())
    _, problems = front_end.transform_each([tmp_path / "text.wav"])
    assert problems[0].remedy is None
    with pytest.raises(AudioError, match="Remove the file or pass on_error"):
        front_end.transform([tmp_path / "text.wav"])


def test_an_error_that_cannot_be_pickled_comes_back_from_a_worker():
    front_end = make_clip_pipeline(FunctionTransformer(refuse), RMSEnergy(), n_jobs=2)
    _, problems = front_end.transform_each([np.ones(900), np.ones(800)])
    assert [str(problem) for problem in problems.values()] == ["Unpicklable: 1"] * 2


# Steps, as scikit-learn's Pipeline has them


def test_it_is_no_pipeline_and_has_its_parts():
    pipeline = front_end()
    assert not isinstance(pipeline, Pipeline)
    assert pipeline[1] is pipeline["frameunion"] is pipeline.named_steps.frameunion
    assert pipeline[-1] is pipeline.steps[-1][1]
    part = pipeline.set_params(n_jobs=2)[1:3]
    assert isinstance(part, ClipPipeline)
    assert [name for name, _ in part.steps] == ["frameunion", "delta"]
    assert part.n_jobs == 2
    with pytest.raises(ValueError, match="step of 1"):
        pipeline[::2]


def test_nested_parameters_and_steps_are_set_by_name():
    pipeline = front_end().set_params(frameunion__mfcc__n_mfcc=7, delta=Delta((2,)))
    assert pipeline["frameunion"].descriptors[0][1].n_mfcc == 7
    assert pipeline.get_params()["delta__orders"] == (2,)


@pytest.mark.parametrize("name", ["m", "steps", "a__b"])
def test_names_that_clash_are_refused(name):
    with pytest.raises(ValueError, match=r"unique|conflict|must not contain"):
        ClipPipeline([("m", MFCC()), (name, Delta())]).fit([np.ones(900)])


@pytest.mark.parametrize("step", [MFCC, "MFCC", SVC()])
def test_what_is_no_transformer_is_named(step):
    with pytest.raises(TypeError, match=r"step 'bad' is .*not a transformer"):
        ClipPipeline([("bad", step)]).fit([np.ones(900)])


def test_it_reads_well():
    pipeline = ClipPipeline([("rms", RMSEnergy()), ("mean", Functionals(["mean"]))], n_jobs=2)
    assert " ".join(repr(pipeline).split()) == (
        "ClipPipeline(n_jobs=2, steps=[('rms', RMSEnergy()), "
        "('mean', Functionals(statistics=['mean']))])"
    )


def test_imbalanced_learn_takes_it_as_a_step():
    imblearn = pytest.importorskip("imblearn")
    clips = [np.full(900, amplitude) for amplitude in np.linspace(0.1, 1, 12)]
    y = np.array([0] * 8 + [1] * 4)
    front = make_clip_pipeline(RMSEnergy(), Functionals(["mean"]))
    smote = imblearn.over_sampling.SMOTE(k_neighbors=1, random_state=0)
    model = imblearn.pipeline.make_pipeline(front, smote, SVC()).fit(clips, y)
    assert model[-1].n_features_in_ == 1
    assert model.predict(clips).shape == (12,)
