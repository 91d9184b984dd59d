"""Every format gives the samples that went in; every broken file an error that names it."""

import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from sk_ser.audio import AUDIO_SUFFIXES, decode, duration_of
from sk_ser.audio._blocks import read_blocks as blocks
from sk_ser.exceptions import AudioError, AudioWarning

RNG = np.random.default_rng(0)
STEREO = RNG.uniform(-0.9, 0.9, (1_000, 2)).astype(np.float32)


@pytest.mark.parametrize(
    "name, subtype, step",
    [
        ("x.wav", "PCM_U8", 2**-7),
        ("x.wav", "PCM_16", 2**-15),
        ("x.wav", "PCM_24", 2**-23),
        ("x.wav", "PCM_32", 2**-24),
        ("x.wav", "FLOAT", 0),
        ("x.wav", "DOUBLE", 0),
        ("x.aiff", "PCM_16", 2**-15),
        ("x.flac", "PCM_16", 2**-15),
        ("x.flac", "PCM_24", 2**-23),
        ("x.caf", "FLOAT", 0),
        ("x.au", "PCM_16", 2**-15),
        ("x.w64", "PCM_16", 2**-15),
        ("x.RF64", "PCM_16", 2**-15),
    ],
)
def test_lossless_formats_keep_every_sample(write, name, subtype, step):
    samples, rate = decode(write(name, STEREO, 22_050, subtype=subtype))
    assert rate == 22_050
    assert samples.dtype == np.float32
    np.testing.assert_allclose(samples, STEREO, rtol=0, atol=step)


@pytest.mark.parametrize("name", ["x.ogg", "x.mp3"])
def test_lossy_formats_keep_the_sound(write, make_tone, name):
    tone = make_tone(500, 1.0)
    samples, rate = decode(write(name, np.stack([tone, 0.5 * tone], axis=1)))
    assert rate == 16_000
    assert samples.shape[1] == 2
    assert len(samples) == pytest.approx(16_000, abs=2_400)
    middle = samples[4_000:12_000]
    np.testing.assert_allclose(middle.std(axis=0), [0.5 / 2**0.5, 0.25 / 2**0.5], rtol=0.03)
    spectrum = np.abs(np.fft.rfft(middle[:, 0]))
    assert spectrum.argmax() * 2 == pytest.approx(500, abs=2)


def test_opus_is_read_at_its_own_rate(write, make_tone):
    path = write("x.opus", make_tone(500, 1.0, 48_000), 48_000, format="OGG", subtype="OPUS")
    samples, rate = decode(path)
    assert rate == 48_000
    assert samples.std() == pytest.approx(0.5 / 2**0.5, rel=0.03)


@pytest.mark.parametrize("format", ["AIFF", "FLAC", "OGG", "CAF"])
def test_content_and_not_the_suffix_tells_the_format(write, format):
    samples, _ = decode(write("named.wav", STEREO, format=format))
    assert len(samples) == len(STEREO)


@pytest.mark.parametrize("rate", [8_000, 11_025, 44_100, 192_000])
def test_sampling_rate_is_the_files_own(write, rate):
    assert decode(write("x.wav", STEREO, rate))[1] == rate


def test_eight_channels_stay_apart(write):
    samples, _ = decode(write("x.wav", np.tile(np.arange(8) / 10, (50, 1)), subtype="FLOAT"))
    np.testing.assert_allclose(samples, np.tile(np.arange(8) / 10, (50, 1)), atol=1e-7)


def test_one_sample_is_a_recording(write):
    assert decode(write("x.wav", [0.5]))[0].tolist() == [[0.5]]


def test_samples_beyond_full_scale_are_kept(write):
    samples, _ = decode(write("x.wav", [1.5, -2.0], subtype="FLOAT"))
    assert samples.ravel().tolist() == [1.5, -2.0]


def test_str_and_path_are_alike(write):
    path = write("a name with blänks.wav", STEREO)
    np.testing.assert_array_equal(decode(str(path))[0], decode(path)[0])


def test_suffixes_are_lower_case_and_dotted():
    assert {".wav", ".flac", ".ogg", ".mp3", ".aiff", ".m4a"} <= AUDIO_SUFFIXES
    assert all(suffix == suffix.lower() and suffix[0] == "." for suffix in AUDIO_SUFFIXES)


# What cannot be read


def assert_refused(path, message):
    with pytest.raises(AudioError, match=message) as caught:
        decode(path)
    assert Path(caught.value.path) == Path(path)
    assert str(caught.value) == f"{path}: {caught.value.message}"


def test_missing_file(tmp_path):
    assert_refused(tmp_path / "x.wav", "no such file. Check the path")


@pytest.mark.parametrize("name", ["folder", "folder.wav", "folder.m4a"])
def test_folder(tmp_path, name):
    (tmp_path / name).mkdir()
    assert_refused(tmp_path / name, "it is a folder")


@pytest.mark.parametrize("name", ["x.wav", "x.flac", "x.mp3", "x.m4a"])
def test_zero_bytes(tmp_path, name):
    (tmp_path / name).touch()
    assert_refused(tmp_path / name, r"empty \(0 bytes\)")


@pytest.mark.parametrize("name", ["x.wav", "x.ogg", "x.aiff", "x.caf"])
def test_zero_frames(write, name):
    assert_refused(write(name, np.zeros((0, 1))), r"no samples \(0 frames\)")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_samples_that_are_no_numbers(write, value):
    path = write("x.wav", [0.0, value, 0.0, value], subtype="FLOAT")
    assert_refused(path, "2 of 4 samples are NaN or infinite")


def test_samples_too_large_for_float32(write):
    assert_refused(
        write("x.wav", [0.0, 1e300], subtype="DOUBLE"), "1 of 2 samples are NaN or infinite"
    )


@pytest.mark.parametrize("name", ["x.wav", "x.flac", "x.ogg", "x.aiff", "x.csv"])
def test_text_that_passes_for_audio(tmp_path, name):
    (tmp_path / name).write_text("path,emotion\n" * 100)
    assert_refused(tmp_path / name, r"cannot be decoded \(Format not recognised\)")


@pytest.mark.parametrize("name", ["x.wav", "x.flac", "x.ogg", "x.aiff"])
@pytest.mark.parametrize("n_bytes", [1, 10, 40])
def test_header_cut_off(write, name, n_bytes):
    path = write(name, STEREO)
    path.write_bytes(path.read_bytes()[:n_bytes])
    assert_refused(path, "cannot be decoded")


@pytest.mark.parametrize("name", ["x.flac", "x.ogg"])
def test_data_cut_off_where_the_format_can_tell(write, name):
    path = write(name, RNG.normal(scale=0.1, size=16_000))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert_refused(path, "lost sync|no samples")


@pytest.mark.parametrize("name", ["x.wav", "x.aiff"])
def test_data_cut_off_where_the_format_cannot_tell(write, name):
    # libsndfile takes the samples that are there for all of them
    path = write(name, STEREO)
    path.write_bytes(path.read_bytes()[:-400])
    if name == "x.wav":
        with pytest.warns(AudioWarning, match=r"x\.wav: the file is truncated: the last 10.0 %"):
            samples, _ = decode(path)
    else:
        samples, _ = decode(path)
    np.testing.assert_allclose(samples, STEREO[:900], atol=2**-15)


def test_damaged_data(write):
    path = write("x.flac", RNG.normal(scale=0.1, size=16_000))
    content = bytearray(path.read_bytes())
    content[9_000:9_100] = bytes(100)
    path.write_bytes(content)
    assert_refused(path, "lost sync")


def promise(flac, n_samples):
    """Write a number of samples into a FLAC file's header, in 36 bits."""
    content = bytearray(flac.read_bytes())
    content[21] = content[21] & 0xF0 | n_samples >> 32
    content[22:26] = (n_samples % 2**32).to_bytes(4)
    flac.write_bytes(content)
    return flac


def test_what_a_header_does_not_tell_is_found_out_by_decoding(write):
    # as an encoder leaves it that writes into a pipe
    path = promise(write("x.flac", STEREO, 16_000), 0)
    assert duration_of(path) is None
    np.testing.assert_allclose(decode(path)[0], STEREO, atol=2**-15)


def test_a_header_that_promises_more_than_memory_gets_none(write):
    path = promise(write("x.flac", STEREO, 16_000), 2**36 - 1)
    before = peak_memory()
    np.testing.assert_allclose(decode(path)[0], STEREO, atol=2**-15)
    assert peak_memory() - before < 64 * 2**20


def peak_memory():
    """Bytes of virtual memory, which is taken whether it is used or not."""
    status = Path("/proc/self/status")
    if not status.exists():
        pytest.skip("there is no /proc to tell of memory")
    return int(status.read_text().split("VmPeak:")[1].split()[0]) * 1024


@pytest.mark.parametrize("value", [1e11, -3e38])
def test_samples_so_large_that_their_power_is_no_number(write, value):
    path = write("x.wav", [0.0, value, 0.1], subtype="FLOAT")
    assert_refused(
        path, "1 of 3 samples are NaN or infinite, or 1e.10 times as large as full scale"
    )


def test_integers_written_as_floating_point_are_read(write):
    path = write("x.wav", [2.0**31, -5.0], subtype="FLOAT")
    with pytest.warns(AudioWarning, match="times full scale.*divide them by 32768"):
        assert decode(path)[0][0] == 2.0**31


def test_channels_that_cancel_are_not_called_silent(write):
    noise = RNG.normal(scale=0.1, size=8_000)
    path = write("x.wav", np.column_stack([noise, -noise]))
    assert decode(path, mono=0)[0].std() > 0.05
    with pytest.raises(AudioError, match=r"channels cancel.*Select one.*mono=0"):
        decode(path, mono="mix")
    assert decode(write("y.wav", np.zeros((800, 2))), mono="mix")[0].any() == 0


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT", "PCM_U8", "ULAW"])
def test_a_whole_wav_is_not_called_truncated(write, subtype):
    decode(write("x.wav", STEREO, subtype=subtype))


# One channel, and limits


@pytest.mark.parametrize("name", ["x.wav", "x.flac", "x.ogg"])
def test_one_channel_of_several_is_as_if_taken_afterwards(write, name):
    path = write(name, np.tile(STEREO, (3, 1)))
    whole, rate = decode(path)
    mix, found = decode(path, mono="mix")
    assert found == rate
    np.testing.assert_array_equal(mix[:, 0], whole.mean(axis=1))
    np.testing.assert_array_equal(decode(path, mono=1)[0], whole[:, [1]])


def test_blocks_leave_no_seam(write, monkeypatch):
    paths = [write(name, np.tile(STEREO, (9, 1))) for name in ("x.wav", "x.flac", "x.ogg")]
    whole = [decode(path)[0] for path in paths]
    monkeypatch.setattr("sk_ser.audio._blocks._BLOCK", 1_000)
    for path, samples in zip(paths, whole, strict=True):
        np.testing.assert_array_equal(decode(path)[0], samples)


def test_a_channel_that_is_not_there_is_named(write):
    with pytest.raises(AudioError, match="no channel 2, as mono=2 asks: there are 2"):
        decode(write("x.wav", STEREO), mono=2)


@pytest.mark.parametrize("name", ["x.wav", "x.flac", "x.ogg"])
def test_a_long_recording_is_not_decoded_to_its_end(write, monkeypatch, name):
    path = write(name, np.random.default_rng(0).normal(scale=0.1, size=80_000), 8_000)
    assert len(decode(path, max_duration=10.5)[0]) == 80_000
    monkeypatch.setattr("sk_ser.audio._blocks._BLOCK", 8_000)
    read = []
    monkeypatch.setattr(
        "sk_ser.audio._decode.read_blocks",
        lambda path: (read.append(len(block)) or (block, rate) for block, rate in blocks(path)),
    )
    with pytest.raises(AudioError, match="too long: 2 s are allowed"):
        decode(path, max_duration=2.0)
    assert sum(read) == 24_000


def test_what_asks_for_more_than_any_voice_needs_is_refused_if_duration_is_limited(write):
    path = write("x.wav", np.full((400, 32), 0.1), 96_000)
    assert decode(path)[0].shape == (400, 32)
    with pytest.raises(AudioError, match="32 channels at 96000 Hz exceed 400000 samples a second"):
        decode(path, max_duration=10.0)


def test_headerless_samples(write):
    assert_refused(write("x.raw", STEREO, format="RAW", subtype="PCM_16"), "cannot be decoded")


def test_path_that_no_system_takes():
    assert_refused("a\0b.wav", "null (byte|character)")


# Formats that libsndfile does not know


@pytest.fixture
def encode_aac(tmp_path):
    """Write samples (n_channels, n_samples) as AAC under a name; return the path."""
    av = pytest.importorskip("av", reason="PyAV, the extra m4a, is not installed")

    def encode(name, samples, sampling_rate):
        layout = "mono" if len(samples) == 1 else "stereo"
        with av.open(str(tmp_path / name), "w") as container:
            stream = container.add_stream("aac", rate=sampling_rate, layout=layout)
            frame = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(samples, np.float32), format="fltp", layout=layout
            )
            frame.sample_rate = sampling_rate
            frame.time_base = Fraction(1, sampling_rate)
            for packet in [*stream.encode(frame), *stream.encode(None)]:
                container.mux(packet)
        return tmp_path / name

    return encode


@pytest.mark.parametrize("name", ["x.m4a", "x.mp4", "x.aac", "x.mka", "x.M4A"])
@pytest.mark.parametrize("rate", [16_000, 44_100])
def test_aac(encode_aac, make_tone, name, rate):
    tone = make_tone(1_000, 1.0, rate)
    samples, found = decode(encode_aac(name, tone[np.newaxis], rate))
    assert found == rate
    assert samples.dtype == np.float32
    assert samples.shape[1] == 1
    assert len(samples) == pytest.approx(rate, abs=4_096)
    middle = samples[rate // 4 : rate // 4 * 3, 0]
    assert middle.std() == pytest.approx(0.5 / 2**0.5, rel=0.03)
    assert np.abs(np.fft.rfft(middle)).argmax() * 2 == pytest.approx(1_000, abs=4)


def test_aac_keeps_its_channels_apart(encode_aac, make_tone):
    left, right = make_tone(1_000, 1.0, 44_100), make_tone(3_000, 1.0, 44_100, amplitude=0.1)
    samples, _ = decode(encode_aac("x.m4a", np.stack([left, right]), 44_100))
    middle = samples[10_000:30_000]
    np.testing.assert_allclose(middle.std(axis=0), [0.5 / 2**0.5, 0.1 / 2**0.5], rtol=0.03)
    peaks = np.abs(np.fft.rfft(middle, axis=0)).argmax(axis=0) * 44_100 / 20_000
    np.testing.assert_allclose(peaks, [1_000, 3_000], atol=4)


def test_packed_channels_are_taken_apart(tmp_path):
    av = pytest.importorskip("av", reason="PyAV, the extra m4a, is not installed")
    with av.open(str(tmp_path / "x.mka"), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8_000, layout="stereo")
        packed = np.round(STEREO * 2**15).astype(np.int16).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(packed, format="s16", layout="stereo")
        frame.sample_rate = 8_000
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    samples, rate = decode(tmp_path / "x.mka")
    assert rate == 8_000
    np.testing.assert_allclose(samples, STEREO, atol=2**-15)


@pytest.mark.parametrize("name", ["x.m4a", "x.mka", "x.aac"])
@pytest.mark.parametrize("other", ["x.wav", "blob", "x.mp3"])
def test_content_tells_these_formats_too(encode_aac, make_tone, name, other):
    path = encode_aac(name, make_tone(1_000)[np.newaxis], 16_000)
    samples, _ = decode(path)
    np.testing.assert_array_equal(decode(path.rename(path.with_name(other)))[0], samples)


def test_a_long_one_is_not_decoded_to_its_end(encode_aac, make_tone):
    path = encode_aac("x.aac", make_tone(1_000, 5.0)[np.newaxis], 16_000)
    with pytest.raises(AudioError, match="too long"):
        decode(path, max_duration=2.0)


@pytest.mark.parametrize("name", ["x.m4a", "x.aac", "x.mp4", "x.webm"])
@pytest.mark.parametrize(
    "playlist",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile '{}'\n",
    ],
)
def test_a_file_that_names_others_does_not_have_them_opened(encode_aac, make_tone, name, playlist):
    other = encode_aac("secret.aac", make_tone(1_000)[np.newaxis], 16_000)
    path = other.with_name(name)
    path.write_text(playlist.format(other.name))
    assert_refused(path, "cannot be decoded")
    assert duration_of(path) is None


def test_broken_aac_is_refused(tmp_path):
    pytest.importorskip("av", reason="PyAV, the extra m4a, is not installed")
    (tmp_path / "x.m4a").write_text("path,emotion\n" * 100)
    assert_refused(tmp_path / "x.m4a", "cannot be decoded")


def test_aac_cut_off_is_refused(encode_aac, make_tone):
    path = encode_aac("x.m4a", make_tone(1_000)[np.newaxis], 16_000)
    path.write_bytes(path.read_bytes()[:1_000])
    assert_refused(path, "cannot be decoded")


def test_video_without_sound_is_refused(tmp_path):
    av = pytest.importorskip("av", reason="PyAV, the extra m4a, is not installed")
    with av.open(str(tmp_path / "x.mp4"), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 32
        stream.pix_fmt = "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    assert_refused(tmp_path / "x.mp4", "it has no sound")


def test_without_pyav_the_error_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "av", None)
    (tmp_path / "x.m4a").write_bytes(b"\0\0\0 ftypM4A " + bytes(100))
    assert_refused(tmp_path / "x.m4a", r'pip install "sk_ser\[m4a\]"')


# Real files


@pytest.mark.corpus
@pytest.mark.parametrize(
    "name, shape, rate",
    [
        ("03-01-02-01-01-02-01.wav", 2, 48_000),
        ("OAF_food_fear.wav", 1, 96_000),
        ("OA_bite_neutral.wav", 1, 24_414),
        ("YAF_germ_angry.wav", 1, 24_414),
        ("YAF_neat_fear.wav", 1, 24_414),
    ],
)
def test_files_that_break_naive_loaders(corpora, name, shape, rate):
    samples, found = decode(corpora / "quirks" / name)
    assert samples.shape[1] == shape
    assert found == rate
    assert 0.01 < np.abs(samples).max() <= 1
