"""A map shows harmonics over time; a signature knows neither when nor how high."""

from itertools import combinations

import numpy as np
import pytest

from sk_ser.audio import Clip
from sk_ser.duplicates._alignment import similarity
from sk_ser.duplicates._exact import content_hash, group_equal
from sk_ser.duplicates._fingerprint import FRAME_RATE, fingerprint
from sk_ser.duplicates._near import find_candidates, find_near


def chirp(start, slope, seconds=2.0, rate=16_000):
    time = np.arange(round(seconds * rate)) / rate
    return Clip(np.sin(2 * np.pi * start / slope * (2 ** (slope * time) - 1) / np.log(2)), rate)


def test_a_map_shows_where_a_tone_is():
    print_ = fingerprint(chirp(440, 1.0))
    # an octave a second from 440 Hz, two octaves above the lowest band; 24 bands an octave
    frames = np.arange(20, 100)
    loudest = print_.map[frames].argmax(axis=1)
    np.testing.assert_allclose(loudest, 48 + 24 * frames / FRAME_RATE, atol=1.5)


def test_loudness_and_rate_leave_the_map_as_it_is(speech):
    first, second = fingerprint(speech[0]), fingerprint(Clip(0.125 * speech[0]))
    np.testing.assert_array_equal(first.map, second.map)
    np.testing.assert_array_equal(first.signatures, second.signatures)


def test_signatures_are_unit_vectors(speech):
    signatures = fingerprint(speech[0]).signatures.astype(float)
    np.testing.assert_allclose(np.linalg.norm(signatures, axis=1), 1, rtol=1e-3)


@pytest.mark.parametrize("samples", [np.zeros(16_000), np.zeros(1), np.ones(16_000)], ids=len)
def test_what_does_not_sound_has_no_fingerprint_or_a_bare_one(samples):
    found = fingerprint(Clip(samples))
    assert found is None or np.isfinite(found.signatures).all()


def test_similarity_is_one_for_a_clip_itself_and_low_for_another(speech):
    maps = [fingerprint(clip).map for clip in speech[:4]]
    assert similarity(maps[0], maps[0]) == pytest.approx(1, abs=1e-6)
    assert max(similarity(maps[0], other) for other in maps[1:]) < 0.85


def test_similarity_is_nearly_symmetric(speech, change):
    first, second = fingerprint(speech[0]).map, fingerprint(change(speech[0])).map
    assert similarity(first, second) == pytest.approx(similarity(second, first), abs=0.05)


def test_candidates_are_few_and_hold_the_copies(speech):
    signatures = [fingerprint(clip).signatures for clip in [*speech, 0.5 * speech[4]]]
    candidates = find_candidates(signatures)
    assert candidates[4, 12] == 0
    assert all(first < second for first, second in candidates)
    assert len(candidates) < 30


def test_blocks_make_no_difference(speech, monkeypatch):
    signatures = [fingerprint(clip).signatures for clip in [*speech, 0.5 * speech[4]]]
    whole = find_candidates(signatures)
    monkeypatch.setattr("sk_ser.duplicates._near._BLOCK", 5)
    assert find_candidates(signatures) == whole


def test_no_clip_has_more_candidates_than_are_worth_it(speech, monkeypatch):
    monkeypatch.setattr("sk_ser.duplicates._near._ROUNDS", (1, 2))
    signatures = [fingerprint(speech[0]).signatures] * 9
    candidates = find_candidates(signatures)
    assert len(candidates) < 9 * 8 / 2
    assert {clip for pair in candidates for clip in pair} == set(range(9))


def test_who_has_copies_is_compared_with_more(speech, monkeypatch):
    monkeypatch.setattr("sk_ser.duplicates._near._ROUNDS", (1, 2, 16))
    prints = [fingerprint(clip) for clip in speech] + [fingerprint(speech[0])] * 9
    of_copies = set(combinations([0, *range(12, 21)], 2))
    assert set(find_near(prints, 0.85)) == of_copies


def test_a_hash_knows_samples_and_rate_only():
    samples = np.linspace(-1, 1, 100, dtype=np.float32)
    assert content_hash(Clip(samples)) == content_hash(Clip(samples.copy()))
    assert content_hash(Clip(samples)) != content_hash(Clip(samples, 8_000))
    assert content_hash(Clip(samples)) != content_hash(Clip(samples[:-1]))
    assert content_hash(Clip([0.0])) == content_hash(Clip([-0.0]))


def test_what_has_no_hash_has_no_equal():
    assert group_equal([b"a", None, b"b", b"a", None]) == [[0, 3], [2]]
