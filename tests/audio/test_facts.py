"""What a recording tells before anyone listens."""

import numpy as np
import pytest
import soundfile as sf
from scipy.signal import ellip, sosfilt

from sk_ser.audio import Clip, recording_facts


def tone(seconds=1.0, rate=16_000, amplitude=0.5):
    return amplitude * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate)) / rate)


def test_length_silence_level_and_offset_of_a_known_clip():
    clip = Clip(np.r_[np.zeros(8_000), tone(), np.zeros(4_000)] + 0.001, 16_000)
    row = recording_facts([clip]).iloc[0]
    assert row["duration"] == 1.75
    # frames are 128 ms long
    assert row["leading_silence"] == pytest.approx(0.5, abs=0.13)
    assert row["trailing_silence"] == pytest.approx(0.25, abs=0.13)
    assert row["level"] == pytest.approx(10 * np.log10(0.125 / 1.75), abs=0.01)
    assert row["peak"] == pytest.approx(20 * np.log10(0.501), abs=0.01)
    assert row["dc_offset"] == pytest.approx(0.001, abs=1e-6)
    assert row["sampling_rate"] == 16_000


def test_files_tell_how_they_are_stored_and_where_they_stand(tmp_path):
    paths = [tmp_path / "b.wav", tmp_path / "a.flac", tmp_path / "c.wav"]
    sf.write(paths[0], tone(), 16_000, subtype="PCM_24")
    sf.write(paths[1], np.column_stack([tone(), tone()]), 16_000)
    sf.write(paths[2], tone(rate=8_000), 8_000, subtype="FLOAT")
    facts = recording_facts(paths)
    assert facts["encoding"].tolist() == ["WAV/PCM_24", "FLAC/PCM_16", "WAV/FLOAT"]
    assert facts["channels"].tolist() == [1, 2, 1]
    assert facts["sampling_rate"].tolist() == [16_000, 16_000, 8_000]
    assert facts["order"].tolist() == [1, 0, 2]


def test_what_cannot_be_read_is_a_row_of_nothing(tmp_path):
    (tmp_path / "a.wav").write_text("no audio")
    sf.write(tmp_path / "b.wav", tone(), 16_000)
    facts = recording_facts([tmp_path / "a.wav", tmp_path / "b.wav"])
    assert facts.iloc[0][["duration", "level", "sampling_rate"]].isna().all()
    assert facts.iloc[1]["duration"] == 1.0


def test_silence_and_one_sample_have_facts_too():
    facts = recording_facts([Clip(np.zeros(800)), Clip(np.ones(1))])
    assert np.isfinite(facts[["duration", "level", "peak", "leading_silence"]]).all(axis=None)


@pytest.mark.parametrize("decibels", [-80, -60, -40])
def test_noise_is_the_level_of_the_quietest_tenth(decibels):
    rng = np.random.default_rng(0)
    speech = np.r_[np.zeros(4_000), tone(), np.zeros(4_000)]
    noise = 10 ** (decibels / 20) * rng.normal(size=len(speech))
    row = recording_facts([Clip(speech + noise, 16_000)]).iloc[0]
    assert row["noise"] == pytest.approx(decibels, abs=1)


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100])
@pytest.mark.parametrize("mains", [50, 60])
def test_hum_rises_above_its_surroundings(mains, rate):
    rng = np.random.default_rng(0)
    noise = 0.001 * rng.normal(size=2 * rate)
    hum = 0.01 * np.sin(2 * np.pi * mains * np.arange(2 * rate) / rate)
    facts = recording_facts([Clip(noise, rate), Clip(noise + hum, rate)])
    assert facts["hum"].iloc[0] < 15
    assert facts["hum"].iloc[1] > 35


@pytest.mark.parametrize("rate", [16_000, 44_100])
@pytest.mark.parametrize("cut", [3_400, 5_000, 7_000])
def test_bandwidth_is_where_a_codec_cut(cut, rate):
    noise = np.random.default_rng(0).normal(size=2 * rate)
    narrow = sosfilt(ellip(8, 0.1, 60, cut, fs=rate, output="sos"), noise)
    facts = recording_facts([Clip(0.1 * noise, rate), Clip(0.1 * narrow, rate)])
    assert facts["bandwidth"].tolist() == [rate / 2, pytest.approx(cut, abs=500)]
