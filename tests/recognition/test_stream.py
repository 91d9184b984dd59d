"""Whatever chunks a stream comes in, it gives the numbers of its windows in files."""

import warnings

import joblib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import VotingClassifier
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from sk_ser.audio import AudioLoader, Clip
from sk_ser.classifiers import make_svm
from sk_ser.features import MFCC, Functionals, make_clip_pipeline
from sk_ser.recognition import StreamingPredictor


def cut(samples, size):
    return [samples[start : start + size] for start in range(0, len(samples), size)]


def same(some, others):
    """Hold predictions to be equal in every bit."""
    assert len(some) == len(others)
    for one, other in zip(some, others, strict=True):
        assert (one.start, one.end, one.emotion) == (other.start, other.end, other.emotion)
        np.testing.assert_array_equal(one.probabilities, other.probabilities)
        np.testing.assert_array_equal(one.smoothed, other.smoothed)


# The same numbers as offline


@pytest.mark.parametrize("rate", [16_000, 44_100, 8_000])
def test_each_window_is_predicted_as_a_file_that_holds_it(svm, stream, offline, rate):
    predictor = StreamingPredictor(svm, 2.0, 0.75, sampling_rate=rate)
    found = list(predictor.stream(cut(stream, 1_234)))
    assert len(found) >= 1
    for one in found:
        window = stream[round(one.start * rate) : round(one.end * rate)]
        np.testing.assert_array_equal(one.probabilities, offline(svm, window, rate))


@pytest.mark.parametrize("name", ["gru", "cnn"])
def test_nets_too_are_the_same_as_offline(speech, stream, offline, name):
    pytest.importorskip("skorch")
    from sk_ser.features import make_sequence_front_end
    from sk_ser.neural import make_net

    net = make_net(name, make_sequence_front_end(), max_epochs=2, device="cpu", random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        net.fit(speech.data, speech.target)
    for one in StreamingPredictor(net, 2.0, 1.0).stream(cut(stream, 1_600)):
        window = stream[round(one.start * 16_000) : round(one.end * 16_000)]
        np.testing.assert_array_equal(one.probabilities, offline(net, window))


@settings(max_examples=30, deadline=None)
@given(sizes=st.lists(st.integers(0, 40_000), max_size=30), rest=st.integers(1, 100_000))
def test_how_it_is_cut_into_chunks_does_not_matter(quick, stream, sizes, rest):
    whole = list(StreamingPredictor(quick, 1.5, 0.4).stream([stream]))
    edges = np.cumsum(sizes)
    edges = edges[edges < len(stream)]
    chunks = np.split(stream, edges)
    chunks = [*chunks[:-1], *cut(chunks[-1], rest)]
    same(list(StreamingPredictor(quick, 1.5, 0.4).stream(chunks)), whole)


def test_sample_by_sample(quick, stream):
    short = stream[:20_000]
    whole = list(StreamingPredictor(quick, 1.0, 0.1).stream([short]))
    same(list(StreamingPredictor(quick, 1.0, 0.1).stream(cut(short, 1))), whole)


@pytest.mark.parametrize("kind", [np.int16, np.int32])
def test_integers_are_read_as_those_in_a_file(quick, stream, offline, kind):
    numbers = (stream[:16_000] * np.iinfo(kind).max).astype(kind)
    subtype = {np.int16: "PCM_16", np.int32: "PCM_32"}[kind]
    (one,) = StreamingPredictor(quick, 1.0).feed(numbers)
    np.testing.assert_array_equal(one.probabilities, offline(quick, numbers, subtype=subtype))


@pytest.mark.parametrize("mono", ["mix", 0, 1])
def test_channels_are_mixed_as_those_of_a_file(speech, stream, offline, mono):
    front_end = make_clip_pipeline(AudioLoader(16_000, mono=mono), MFCC(3), Functionals())
    model = make_svm(front_end, probability=True).fit(speech.data, speech.target)
    stereo = np.stack([stream[:16_000], stream[16_000:32_000]], axis=1)
    (one,) = StreamingPredictor(model, 1.0).stream(cut(stereo, 999))
    np.testing.assert_array_equal(one.probabilities, offline(model, stereo))


def test_what_the_loader_does_it_does_to_each_window(speech, stream, offline):
    loader = AudioLoader(16_000, trim=20, level="peak", offset=0.1, duration=0.7)
    front_end = make_clip_pipeline(loader, MFCC(3), Functionals())
    model = make_svm(front_end, probability=True).fit(speech.data, speech.target)
    found = list(StreamingPredictor(model, 1.0, 0.5).stream([stream]))
    assert len(found) == 11
    for one in found:
        window = stream[round(one.start * 16_000) : round(one.end * 16_000)]
        np.testing.assert_array_equal(one.probabilities, offline(model, window))


def test_silence_has_a_problem_and_the_stream_goes_on(quick, stream, offline):
    predictor = StreamingPredictor(quick, 1.0)
    (silent,) = predictor.feed(np.zeros(16_000))
    assert silent.problem == "silent: its level is at most -80 dB of full scale"
    assert silent.emotion is None
    assert np.isnan(silent.probabilities).all()
    *_, last = predictor.feed(stream[:16_000])
    np.testing.assert_array_equal(last.probabilities, offline(quick, stream[:16_000]))


def test_a_clip_goes_in_as_it_is(quick, stream):
    same(
        StreamingPredictor(quick, 1.0).feed(Clip(stream, 16_000)),
        StreamingPredictor(quick, 1.0).feed(stream),
    )


# When


def test_windows_come_a_hop_apart_as_soon_as_they_are_complete(quick, stream):
    predictor = StreamingPredictor(quick, 1.0, 0.25)
    ends = []
    for chunk in cut(stream[:32_000], 1_600):
        for one in predictor.feed(chunk):
            assert one.end > predictor.position - 0.1
            assert one.end - one.start == 1.0
            ends.append(one.end)
    assert ends == [1.0, 1.25, 1.5, 1.75, 2.0]


def test_a_hop_that_is_no_whole_number_of_samples_does_not_drift(quick):
    predictor = StreamingPredictor(quick, 0.05, 1 / 300, sampling_rate=8_000)
    ends = [one.end for one in predictor.feed(np.zeros(8_000))]
    wanted = [round(8_000 * (0.05 + number / 300)) / 8_000 for number in range(286)]
    assert ends == wanted


def test_a_hop_longer_than_the_window_leaves_gaps(quick, stream):
    found = list(StreamingPredictor(quick, 0.5, 2.0).stream(cut(stream, 1_000)))
    spans = [(one.start, one.end) for one in found]
    assert spans == [(0.0, 0.5), (2.0, 2.5), (4.0, 4.5)]


def test_the_rest_is_a_window_if_it_is_half_as_long(quick, stream, offline):
    predictor = StreamingPredictor(quick, 1.0, 0.5)
    predictor.feed(stream[:20_000])
    (one,) = predictor.flush()
    assert (one.start, one.end) == (0.5, 1.25)
    np.testing.assert_array_equal(one.probabilities, offline(quick, stream[8_000:20_000]))
    predictor = StreamingPredictor(quick, 1.0, 1.0)
    predictor.feed(stream[:23_999])
    assert predictor.flush() == []


def test_of_a_short_stream_the_last_window_is_all(quick, stream, offline):
    predictor = StreamingPredictor(quick, 3.0)
    assert predictor.feed(stream[:10_000]) == []
    (one,) = predictor.flush()
    assert (one.start, one.end) == (0.0, 0.625)
    np.testing.assert_array_equal(one.probabilities, offline(quick, stream[:10_000]))


def test_nothing_is_predicted_twice_at_the_end(quick, stream):
    predictor = StreamingPredictor(quick, 1.0, 0.5)
    assert len(predictor.feed(stream[:24_000])) == 2
    assert predictor.flush() == []
    assert StreamingPredictor(quick).flush() == []


def test_after_the_end_another_stream_begins(quick, stream):
    predictor = StreamingPredictor(quick, 1.0, 0.5)
    first = list(predictor.stream([stream[:20_000]]))
    assert predictor.position == 0.0
    same(list(predictor.stream([stream[:20_000]])), first)
    # which may have other channels
    predictor.feed(np.zeros((10, 2)))


def test_a_single_sample_is_predicted_or_says_why_not(quick):
    predictor = StreamingPredictor(quick)
    predictor.feed([0.5])
    (one,) = predictor.flush()
    assert one.problem or np.isfinite(one.probabilities).all()


# Smoothing


def test_probabilities_are_smoothed_as_the_formula_says(quick, stream):
    found = StreamingPredictor(quick, 1.0, 0.5, smoothing=0.8).feed(stream)
    weight = 1 - np.exp(-0.5 / 0.8)
    smoothed = found[0].probabilities
    for one in found:
        smoothed = smoothed + weight * (one.probabilities - smoothed)
        np.testing.assert_allclose(one.smoothed, smoothed, rtol=1e-12)
        assert one.smoothed.sum() == pytest.approx(1)
        assert one.emotion == quick.classes_[np.argmax(smoothed)]


def test_the_last_window_counts_by_the_time_that_has_passed(quick, stream):
    predictor = StreamingPredictor(quick, 1.0, 0.5, smoothing=0.8)
    (before,) = predictor.feed(stream[:17_600])
    (last,) = predictor.flush()
    weight = 1 - np.exp(-0.1 / 0.8)
    wanted = before.smoothed + weight * (last.probabilities - before.smoothed)
    np.testing.assert_allclose(last.smoothed, wanted, rtol=1e-12)


def test_no_smoothing_gives_what_the_model_says(quick, stream):
    for one in StreamingPredictor(quick, 1.0, 0.5, smoothing=0).feed(stream):
        np.testing.assert_array_equal(one.smoothed, one.probabilities)


# What goes wrong


def test_a_window_with_nan_has_a_problem_and_the_stream_goes_on(quick, stream, offline):
    broken = stream[:64_000].copy()
    broken[16_000:16_003] = [np.nan, np.inf, -np.inf]
    found = StreamingPredictor(quick, 1.0, 0.5, smoothing=0.8).feed(broken)
    problems = [one.problem for one in found]
    assert problems == [
        None,
        *["3 of 16000 samples are NaN or infinite, or 1e+10 times as large as full scale"] * 2,
        None,
        None,
        None,
        None,
    ]
    assert np.isnan(found[1].probabilities).all()
    np.testing.assert_array_equal(found[2].smoothed, found[0].smoothed)
    assert found[2].emotion == found[0].emotion
    np.testing.assert_array_equal(found[3].probabilities, offline(quick, broken[24_000:40_000]))
    weight = 1 - np.exp(-1.5 / 0.8)
    wanted = found[0].smoothed + weight * (found[3].probabilities - found[0].smoothed)
    np.testing.assert_allclose(found[3].smoothed, wanted, rtol=1e-12)


def test_a_stream_that_begins_with_nan_has_no_emotion_yet(quick, stream):
    broken = np.r_[np.float32(np.nan), stream[:31_999]]
    first, *_, last = StreamingPredictor(quick, 1.0, 0.5).feed(broken)
    assert first.emotion is None
    assert np.isnan(first.smoothed).all()
    assert last.emotion in quick.classes_


def test_a_window_of_which_the_loader_leaves_nothing_has_a_problem(speech, stream):
    front_end = make_clip_pipeline(AudioLoader(offset=0.5), MFCC(3), Functionals())
    model = make_svm(front_end, probability=True).fit(speech.data, speech.target)
    predictor = StreamingPredictor(model, 1.0)
    predictor.feed(stream[:4_000])
    (one,) = predictor.flush()
    assert "after offset=0.5 s" in one.problem
    assert predictor.feed(stream[:16_000])[0].problem is None


@pytest.mark.parametrize(
    "chunk, message",
    [
        (np.zeros((2, 3, 4)), r"the chunk has 3 axes. Pass \(n_samples,\)"),
        (np.float32(1), "the chunk has 0 axes"),
        (np.zeros((2, 4_000)), "4000 channels.*transpose it"),
        (np.zeros((10, 2)), r"2 channel\(s\), earlier chunks had 1. Call reset"),
        (np.zeros(10, np.uint8), "of uint8. Pass floats"),
        (np.zeros(10, complex), "of complex128. Pass floats"),
        (["a", "b"], "of <U1. Pass floats"),
        (Clip(np.zeros(10), 8_000), "at 8000 Hz, the stream at 16000 Hz"),
    ],
)
def test_a_chunk_that_cannot_be_is_named_and_passed_over(quick, stream, chunk, message):
    predictor = StreamingPredictor(quick, 1.0, 0.5)
    predictor.feed(stream[:10_000])
    with pytest.raises(ValueError, match=rf"StreamingPredictor: at 0.625 s, .*{message}"):
        predictor.feed(chunk)
    same(predictor.feed(stream[10_000:]), StreamingPredictor(quick, 1.0, 0.5).feed(stream))


def test_a_channel_that_is_not_there_is_named(speech):
    front_end = make_clip_pipeline(AudioLoader(mono=2), MFCC(3), Functionals())
    model = make_svm(front_end, probability=True).fit(speech.data, speech.target)
    with pytest.raises(ValueError, match=r"no channel 2, as mono=2 asks: there are 2"):
        StreamingPredictor(model).feed(np.zeros((10, 2)))


@pytest.mark.parametrize(
    "params, message",
    [
        ({"window": 0}, "window=0 must be"),
        ({"window": "3"}, "window='3' must be"),
        ({"hop": 1e-5}, "hop=1e-05 must be one sample or longer"),
        ({"hop": True}, "hop=True"),
        ({"smoothing": -1}, "smoothing=-1"),
        ({"smoothing": float("nan")}, "smoothing=nan"),
        ({"sampling_rate": 0.5}, "sampling_rate=0.5"),
    ],
)
def test_a_parameter_that_cannot_be_is_named(quick, params, message):
    with pytest.raises(ValueError, match=message):
        StreamingPredictor(quick, **params)


def test_a_model_without_probabilities_is_refused_with_the_remedy(speech):
    model = make_svm(make_clip_pipeline(MFCC(3), Functionals())).fit(speech.data, speech.target)
    with pytest.raises(TypeError, match=r"Pipeline has no predict_proba.*probability=True"):
        StreamingPredictor(model)


def test_a_model_that_has_learnt_nothing_is_refused():
    with pytest.raises(NotFittedError):
        StreamingPredictor(make_svm(make_clip_pipeline(MFCC(3), Functionals()), probability=True))


# What it leaves behind


def nested(front_end, speech):
    """Front ends wherever a fitted model may hold one."""
    svm = make_svm(front_end, probability=True, calibration_cv=2)
    yield svm.fit(speech.data, speech.target)
    yield VotingClassifier([("a", svm), ("b", svm)], voting="soft").fit(speech.data, speech.target)
    yield GridSearchCV(svm, {"svc__C": [1.0]}, cv=2).fit(speech.data, speech.target)
    machine = make_pipeline(front_end, StandardScaler(), SVC())
    yield CalibratedClassifierCV(machine, cv=2).fit(speech.data, speech.target)


def test_a_stream_fills_no_cache_and_shows_no_progress(speech, stream, tmp_path, capsys):
    front_end = make_clip_pipeline(MFCC(3), Functionals(), memory=tmp_path, verbose=True)
    for model in nested(front_end, speech):
        before = joblib.hash(model.get_params())
        kept = tmp_path / "sk_ser" / "arrays.sqlite"
        n_bytes = kept.stat().st_size
        capsys.readouterr()
        assert StreamingPredictor(model, 1.0, 0.5).feed(stream)
        assert kept.stat().st_size == n_bytes
        assert capsys.readouterr().err == ""
        # the model itself still has its cache
        assert joblib.hash(model.get_params()) == before


def test_models_that_mix_channels_differently_cannot_be_one_stream(speech):
    models = [
        (str(mono), make_svm(
            make_clip_pipeline(AudioLoader(mono=mono), MFCC(3), Functionals()), probability=True
        ))
        for mono in ("mix", 1)
    ]  # fmt: skip
    vote = VotingClassifier(models, voting="soft").fit(speech.data, speech.target)
    with pytest.raises(ValueError, match=r"differ in mono \('mix', 1\)"):
        StreamingPredictor(vote)


def test_memory_does_not_grow_with_the_stream(quick):
    import tracemalloc

    predictor = StreamingPredictor(quick, 1.0, 5.0)
    noise = np.random.default_rng(0).normal(scale=0.1, size=160_000).astype(np.float32)

    def feed(minutes):
        for _ in range(6 * minutes):
            predictor.feed(noise)

    feed(1)
    tracemalloc.start()
    feed(1)
    before = tracemalloc.get_traced_memory()[0]
    feed(10)
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert after - before < 64 * 1024
