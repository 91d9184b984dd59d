"""Recordings from strangers: no memory, no waiting, and an error that says why."""

import os
import resource
import subprocess
import sys

import numpy as np
import pytest
import soundfile as sf

from sk_ser.audio import AudioLoader, decode
from sk_ser.exceptions import AudioError

#: Decodes a file and prints by how many MiB the process has grown.
GROWTH = """
import resource, sys
from sk_ser.audio import decode
import av
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    decode(sys.argv[1])
except ValueError as error:
    print(error, file=sys.stderr)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize("sound", [True, False])
@pytest.mark.parametrize("codec, suffix", [("png", ".mov"), ("mjpeg", ".mkv"), ("mjpeg", ".mp4")])
def test_the_pictures_of_a_video_are_not_decoded(tmp_path, sound, codec, suffix):
    av = pytest.importorskip("av")
    path = tmp_path / f"x{suffix}"
    size = 8_000
    with av.open(str(path), "w") as container:
        video = container.add_stream(codec, rate=1)
        video.width = video.height = size
        video.pix_fmt = "gray" if codec == "png" else "yuvj420p"
        audio = container.add_stream("aac", rate=16_000) if sound else None
        frame = av.VideoFrame(size, size, video.pix_fmt)
        for packet in [*video.encode(frame), *video.encode(None)]:
            container.mux(packet)
        if sound:
            samples = np.sin(np.arange(16_000) / 10).astype(np.float32)[np.newaxis]
            frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
            frame.sample_rate = 16_000
            for packet in [*audio.encode(frame), *audio.encode(None)]:
                container.mux(packet)
    ran = subprocess.run(
        [sys.executable, "-c", GROWTH, path], capture_output=True, text=True, check=True
    )
    assert int(ran.stdout) < 40
    assert ("no sound" in ran.stderr) is not sound


@pytest.mark.parametrize("rate", [1, 100, 999, 800_000, 2**31 - 1])
def test_a_sampling_rate_out_of_bounds_is_refused(tmp_path, rate):
    path = tmp_path / "x.wav"
    sf.write(path, np.zeros(10_000), 16_000)
    content = bytearray(path.read_bytes())
    content[24:28] = rate.to_bytes(4, "little")
    path.write_bytes(content)
    for read in (decode, lambda path: AudioLoader().fit_transform([path])):
        with pytest.raises(AudioError, match=rf"{rate} Hz, and must be from 1,000 to 768,000"):
            read(str(path))


def test_a_clip_is_not_blown_up(tmp_path):
    path = tmp_path / "x.wav"
    sf.write(path, np.zeros(1_000_000), 1_000)
    loader = AudioLoader(768_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(AudioError, match="too long: 1000 s at 768000 Hz"):
        loader.fit_transform([str(path)])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
@pytest.mark.parametrize("suffix", [".wav", ".m4a"])
def test_a_pipe_does_not_make_it_wait(tmp_path, suffix):
    os.mkfifo(tmp_path / f"x{suffix}")
    with pytest.raises(AudioError, match="no regular file"):
        decode(tmp_path / f"x{suffix}")


def test_flac_in_ogg_goes_to_the_second_decoder(tmp_path):
    av = pytest.importorskip("av")
    samples = (8_000 * np.sin(np.arange(16_000) / 10)).astype(np.int16)[np.newaxis]
    path = tmp_path / "x.ogg"
    with av.open(str(path), "w", format="oga") as container:
        stream = container.add_stream("flac", rate=16_000)
        stream.layout, stream.format = "mono", "s16"
        for start in range(0, 16_000, 4_000):
            part = np.ascontiguousarray(samples[:, start : start + 4_000])
            frame = av.AudioFrame.from_ndarray(part, format="s16", layout="mono")
            frame.sample_rate, frame.pts = 16_000, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    found, rate = decode(path)
    assert rate == 16_000
    np.testing.assert_allclose(found[:, 0], samples[0] / 2**15, atol=1e-6)
