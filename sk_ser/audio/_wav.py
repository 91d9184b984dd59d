"""The number of samples that the header of a WAV file promises."""

import struct

#: Sizes of streams, whose length was not known when the header was written.
_UNKNOWN = {0, 0xFFFFFFFF, 0x7FFFFFFF, 0x7FFFF000, 0x80000000}
#: Most chunks before the samples.
_MOST_CHUNKS = 100


def samples_promised(path):
    """Read the number of samples, over all channels, from the header of a WAV file.

    Parameters
    ----------
    path : Path

    Returns
    -------
    int or None
        None for another format, compressed samples or an unknown length.
    """
    with open(path, "rb") as file:
        if file.read(4) != b"RIFF" or file.read(8)[4:] != b"WAVE":
            return None
        n_bytes = None
        for _ in range(_MOST_CHUNKS):
            head = file.read(8)
            if len(head) < 8:
                return None
            name, size = struct.unpack("<4sI", head)
            if name == b"data":
                known = n_bytes and size not in _UNKNOWN
                return size // n_bytes if known else None
            if name == b"fmt ":
                n_bytes = _sample_size(file.read(size))
                size = 0
            # chunks have an even size
            file.seek(size + size % 2, 1)
    return None


def _sample_size(chunk):
    """Return the bytes of a sample, of PCM or floating-point numbers."""
    if len(chunk) < 16:
        return None
    kind, _, _, _, _, bits = struct.unpack("<HHIIHH", chunk[:16])
    if kind == 0xFFFE and len(chunk) >= 26:
        (kind,) = struct.unpack("<H", chunk[24:26])
    return bits // 8 if kind in (1, 3) and bits % 8 == 0 else None
