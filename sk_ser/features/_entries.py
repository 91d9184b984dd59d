"""Arrays as bytes beside a description in JSON, so that a cache is read without pickle."""

import json
import math

import numpy as np

from sk_ser._arrays import Clip, FrameSequence

#: Class of the arrays by its name in a description.
_CLASSES = {"array": np.ndarray, "clip": Clip, "sequence": FrameSequence}
_NAMES = {kind: name for name, kind in _CLASSES.items()}


def encode(array):
    """Describe an array.

    Parameters
    ----------
    array : ndarray
        A plain array, a Clip or a FrameSequence.

    Returns
    -------
    (str, bytes) or None
        The description and the values. None for what cannot be described: an array of objects,
        or of another class.
    """
    if type(array) not in _NAMES or array.dtype.kind not in "fiub":
        return None
    about = {"class": _NAMES[type(array)], "dtype": array.dtype.str, "shape": array.shape}
    content = array.tobytes()
    if isinstance(array, Clip):
        about["sampling_rate"] = array.sampling_rate
    if isinstance(array, FrameSequence):
        about |= {"names": array.names, "frame_rate": array.frame_rate}
        if array.level is not None:
            about["level"] = array.level.shape
            content += array.level.astype("<f4").tobytes()
    return json.dumps(about), content


def decode(header, content):
    """Rebuild an array; nothing in the description is trusted.

    Parameters
    ----------
    header : str
    content : bytes
        As :func:`encode` returns them.

    Returns
    -------
    ndarray
        Read-only.

    Raises
    ------
    ValueError
        If they do not describe an array.
    """
    try:
        return _decode(json.loads(header), content)
    except (AttributeError, KeyError, OverflowError, RecursionError, TypeError) as error:
        raise ValueError(f"the entry is not an array ({error})") from error


def _decode(about, content):
    dtype, shape = np.dtype(about["dtype"]), _shape(about["shape"])
    if dtype.kind not in "fiub" or dtype.itemsize > 16:
        raise ValueError(f"the entry has the type {dtype}")
    kind, size = _CLASSES[about["class"]], dtype.itemsize * math.prod(shape)
    array = np.frombuffer(content[:size], dtype).reshape(shape).view(kind)
    if kind is Clip:
        array.sampling_rate = _number(int, about["sampling_rate"])
    if kind is FrameSequence:
        array.names = None if about["names"] is None else tuple(map(str, about["names"]))
        rate = about["frame_rate"]
        array.frame_rate = None if rate is None else _number(float, rate)
        if "level" in about:
            array.level = np.frombuffer(content[size:], "<f4").reshape(_shape(about["level"]))
    return array


def _shape(sizes):
    return tuple(_number(int, size, least=0) for size in sizes)


def _number(kind, value, least=1e-300):
    if type(value) not in (int, float) or not least <= value < math.inf or kind(value) != value:
        raise ValueError(f"the entry has the number {value!r}")
    return kind(value)
