"""Damaged recordings of every format. A seed and a number determine each of them.

The module needs NumPy and soundfile, and PyAV for M4A and similar formats.
`tests/service/test_fuzz.py` also uses it.
"""

import io
from fractions import Fraction

import numpy as np
import soundfile as sf

#: Formats and encodings of libsndfile by name.
FORMATS = {
    "wav": ("WAV", "PCM_16"),
    "wav_float": ("WAV", "FLOAT"),
    "wav_adpcm": ("WAV", "IMA_ADPCM"),
    "wav_gsm": ("WAV", "GSM610"),
    "wavex": ("WAVEX", "PCM_24"),
    "rf64": ("RF64", "PCM_16"),
    "w64": ("W64", "PCM_16"),
    "flac": ("FLAC", "PCM_16"),
    "ogg": ("OGG", "VORBIS"),
    "opus": ("OGG", "OPUS"),
    "mp3": ("MP3", "MPEG_LAYER_III"),
    "aiff": ("AIFF", "PCM_16"),
    "au": ("AU", "ULAW"),
    "caf": ("CAF", "ALAC_16"),
}
#: Encodings of FFmpeg by suffix.
AV_FORMATS = {"m4a": "aac", "aac": "aac", "mka": "flac", "wma": "wmav2"}
#: Videos with sound by suffix: container and codec of the pictures.
VIDEOS = {"mov": ("mov", "png"), "mp4": ("mp4", "mpeg4"), "mkv": ("matroska", "mjpeg")}
#: False numbers for headers.
_FALSE_NUMBERS = (0, 1, 2**15, 2**31 - 1, 2**31, 2**32 - 1, 2**63 - 1, 2**64 - 1)
#: Number of bytes that contain the header in most formats.
_HEADER = 200


def encode_all(samples, sampling_rate):
    """Encode samples in every format that has an encoder on this machine.

    Parameters
    ----------
    samples : ndarray of shape (n_samples,)
    sampling_rate : int
        In Hz.

    Returns
    -------
    dict of str to (str, bytes)
        Suffix and content by name of the format.
    """
    found = {}
    for name, (container, encoding) in FORMATS.items():
        file = io.BytesIO()
        sf.write(file, samples, sampling_rate, format=container, subtype=encoding)
        found[name] = f".{name.partition('_')[0]}", file.getvalue()
    try:
        import av  # noqa: F401
    except ImportError:
        return found
    for suffix, encoding in AV_FORMATS.items():
        container = {"m4a": "ipod", "aac": "adts", "mka": "matroska", "wma": "asf"}[suffix]
        content = _encode_with_pyav(samples, sampling_rate, container, encoding)
        found[suffix] = f".{suffix}", content
    for suffix in VIDEOS:
        found[f"{suffix} with pictures"] = f".{suffix}", _video(samples, sampling_rate, suffix, 64)
    return found


def _video(samples, sampling_rate, suffix, size):
    """Encode sound and one picture of size x size pixels."""
    container, codec = VIDEOS[suffix]
    return _encode_with_pyav(samples, sampling_rate, container, "aac", (codec, size))


def _encode_with_pyav(samples, sampling_rate, container, encoding, picture=None):
    import av

    file = io.BytesIO()
    with av.open(file, "w", format=container) as output:
        stream = output.add_stream(encoding, rate=sampling_rate, layout="mono")
        stream.bit_rate = 32_000
        if picture:
            codec, size = picture
            video = output.add_stream(codec, rate=1, width=size, height=size)
            video.pix_fmt = {"png": "gray", "mjpeg": "yuvj420p", "mpeg4": "yuv420p"}[codec]
            image = av.VideoFrame(size, size, video.pix_fmt)
            for packet in [*video.encode(image), *video.encode(None)]:
                output.mux(packet)
        frame = av.AudioFrame.from_ndarray(
            np.asarray(samples, np.float32)[np.newaxis], format="fltp", layout="mono"
        )
        frame.sample_rate, frame.pts = sampling_rate, 0
        frame.time_base = Fraction(1, sampling_rate)
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            output.mux(packet)
    return file.getvalue()


def mutant(originals, seed, number):
    """Damage one recording in one way.

    Parameters
    ----------
    originals : dict
        Of :func:`encode_all`.
    seed, number : int
        They determine the result. Consecutive numbers cycle through all formats and, for
        each format, through all kinds of damage.

    Returns
    -------
    label : str
        Format and damage.
    suffix : str
        Suffix of the file. One in ten has the suffix of a random format.
    content : bytes
    """
    rng = np.random.default_rng([seed, number])
    names = list(originals)
    name = names[number % len(names)]
    damage = DAMAGES[number // len(names) % len(DAMAGES)]
    suffix, content = originals[name]
    damaged = damage(bytearray(content), rng, originals)
    if rng.random() < 0.1:
        suffix = originals[names[rng.integers(len(names))]][0]
    return f"{name}, {damage.__name__}", suffix, bytes(damaged)


def truncated(content, rng, _):
    return content[: rng.integers(len(content))]


def truncated_in_the_header(content, rng, _):
    return content[: rng.integers(min(_HEADER, len(content)))]


def bits_flipped(content, rng, _):
    for place in rng.integers(len(content), size=int(10 ** rng.uniform(0, 2.5))):
        content[place] ^= 1 << int(rng.integers(8))
    return content


def bits_flipped_in_the_header(content, rng, _):
    for place in rng.integers(min(_HEADER, len(content)), size=rng.integers(1, 12)):
        content[place] ^= 1 << int(rng.integers(8))
    return content


def header_swapped(content, rng, originals):
    other = list(originals.values())[rng.integers(len(originals))][1]
    size = int(rng.integers(4, _HEADER))
    return other[:size] + content[size:]


def size_falsified(content, rng, _):
    """Overwrite fields of two, four or eight bytes with false numbers."""
    for _ in range(rng.integers(1, 4)):
        size = int(rng.choice([2, 4, 4, 4, 8]))
        order = str(rng.choice(["little", "big"]))
        false = int(_FALSE_NUMBERS[rng.integers(len(_FALSE_NUMBERS))]) % 2 ** (8 * size)
        place = int(rng.integers(min(_HEADER, len(content) - 8)))
        content[place : place + size] = false.to_bytes(size, order)
    return content


def chunk_size_falsified(content, rng, _):
    """Overwrite the size of a chunk, which stands before or after its four letters."""
    names = (b"RIFF", b"fmt ", b"data", b"fact", b"FORM", b"COMM", b"SSND", b"desc", b"pakt")
    names += (b"ftyp", b"moov", b"mdat", b"stsz", b"stts", b"stsc", b"stco", b"mdhd", b"fLaC")
    names += (b"OggS", b"kuki", b"caff", b"ds64", b"OpusHead", b"vorbis", b".snd")
    places = [place for name in names if (place := content.find(name)) >= 0]
    for _ in range(rng.integers(1, 4)):
        place = places[rng.integers(len(places))] if places else 0
        place = max(0, place + int(rng.choice([-4, 4, 4, 8, 12, 16, 20])))
        false = int(_FALSE_NUMBERS[rng.integers(len(_FALSE_NUMBERS))]) % 2**32
        content[place : place + 4] = false.to_bytes(4, str(rng.choice(["little", "big"])))
    return content


def zeroed(content, rng, _):
    start = int(rng.integers(len(content)))
    size = int(rng.integers(1, 4_000))
    content[start : start + size] = bytes(len(content[start : start + size]))
    return content


def noise(content, rng, _):
    start = int(rng.integers(len(content)))
    size = len(content[start : start + int(rng.integers(1, 4_000))])
    content[start : start + size] = rng.bytes(size)
    return content


def repeated(content, rng, _):
    return content * int(rng.integers(2, 20))


def part_removed(content, rng, _):
    start = int(rng.integers(len(content)))
    del content[start : start + int(rng.integers(1, 2_000))]
    return content


def part_doubled(content, rng, _):
    start, end = sorted(rng.integers(len(content), size=2))
    return content[:end] + content[start:]


def random_after_magic(content, rng, _):
    return content[:12] + rng.bytes(int(rng.integers(1, 20_000)))


DAMAGES = (
    truncated,
    bits_flipped,
    header_swapped,
    size_falsified,
    chunk_size_falsified,
    bits_flipped_in_the_header,
    truncated_in_the_header,
    zeroed,
    noise,
    repeated,
    part_removed,
    part_doubled,
    random_after_magic,
)


def bombs(originals):
    """Write small files that decode to many samples or state extreme sizes.

    Parameters
    ----------
    originals : dict
        Of :func:`encode_all`.

    Returns
    -------
    dict of str to (str, bytes)
        Suffix and content by description.
    """
    found = {
        "flac, 8 channels at 655,350 Hz, 55 s": (".flac", _quiet_flac(8, 655_350, 55)),
        "flac, an hour": (".flac", _quiet_flac(1, 8_000, 3_600)),
        "flac, an hour, without length in the header": (
            ".flac",
            _without_length(_quiet_flac(1, 8_000, 3_600)),
        ),
        "wav, 1 Hz": (".wav", _with_rate(originals["wav"][1], 1)),
        "wav, 4,294,967,295 Hz": (".wav", _with_rate(originals["wav"][1], 2**32 - 1)),
        "wav, 1,024 channels": (".wav", _wav(np.full((4_000, 1_024), 0.1), 16_000)),
    }
    for name in ("mp3", "ogg", "opus", "aac"):
        if name in originals:
            suffix, content = originals[name]
            found[f"{name}, a thousand times"] = suffix, content * 1_000
    if "mov with pictures" in originals:
        for suffix, size in {"mov": 15_000, "mkv": 8_000, "mp4": 4_000}.items():
            label = f"{suffix}, a picture of {size:,} x {size:,} pixels"
            found[label] = f".{suffix}", _video(np.zeros(16_000), 16_000, suffix, size)
    return found


def _quiet_flac(channels, sampling_rate, seconds):
    file, second = io.BytesIO(), np.zeros((sampling_rate, channels), np.int16)
    second[0] = 1
    options = {"format": "FLAC", "subtype": "PCM_16"}
    with sf.SoundFile(file, "w", sampling_rate, channels, **options) as output:
        for _ in range(seconds):
            output.write(second)
    return file.getvalue()


def _without_length(flac):
    """Set the number of samples, the last 36 of 64 bits, to 0, which means unknown."""
    content = bytearray(flac)
    content[21] &= 0xF0
    content[22:26] = bytes(4)
    return bytes(content)


def _with_rate(wav, sampling_rate):
    return wav[:24] + sampling_rate.to_bytes(4, "little") + wav[28:]


def _wav(samples, sampling_rate):
    file = io.BytesIO()
    sf.write(file, samples, sampling_rate, format="WAV", subtype="PCM_16")
    return file.getvalue()
