"""The types of a header's entries, which readers of headers rely on."""

import json
from numbers import Real

from sk_ser._bounds import is_rate

_TEXT, _WHOLE, _NUMBER = "text", "a whole number", "a number"
_MAYBE_TEXT, _MAYBE_WHOLE, _MAYBE_NUMBER = (f"null or {one}" for one in (_TEXT, _WHOLE, _NUMBER))
_RATE = "null or a sampling rate in Hz"
_LABEL = "a label"
_COUNTS = dict.fromkeys(("n_speakers", "n_clips"), _WHOLE)
_SCORE = dict.fromkeys(("uar", "uar_low", "uar_high"), _MAYBE_NUMBER)
#: Shapes of the entries. A list has one shape for all items, ``...`` one for all names of a dict.
#: Other entries may be anything.
_SHAPES = {
    **{"kind": _TEXT, "created": _TEXT, "versions": {...: _TEXT}, "sampling_rate": _RATE},
    **{"classes": [_LABEL], "model": {"class": _TEXT, "description": _TEXT}},
    "training": {
        "corpora": [{"name": _TEXT, "n_clips": _WHOLE, "licence": _MAYBE_TEXT}],
        **{"n_clips": _WHOLE, "n_speakers": _MAYBE_WHOLE},
        **{"emotions": {...: _WHOLE}, "sha256": _TEXT},
    },
    "protocols": {
        **{"estimator": _TEXT, "chance": _NUMBER, "confidence_level": _NUMBER},
        **{"groups_under": _TEXT, "notes": [_TEXT], "emotions": {...: _NUMBER}},
        "scores": {...: _SCORE | _COUNTS},
        "gap": [
            dict.fromkeys(("gap", "gap_low", "gap_high"), _MAYBE_NUMBER)
            | dict.fromkeys(("reference", "protocol"), _TEXT)
        ],
        "groups": {...: [_SCORE | _COUNTS | {"group": _LABEL, "n_classes": _WHOLE}]},
    },
    "prediction_set": {"coverage": _NUMBER, "threshold": _NUMBER, "speakers": _TEXT},
}
#: Entries that may hold less than their shape.
_PARTIAL = ("prediction_set",)


def find_fault(header):
    """Describe the first entry of a header that has another type than its readers expect.

    Parameters
    ----------
    header : dict
        Of JSON.

    Returns
    -------
    str or None
    """
    for name, shape in _SHAPES.items():
        if header.get(name) is not None:
            fault = _fault(header[name], shape, name, whole=name not in _PARTIAL)
            if fault:
                return fault
    return None


def parse(content):
    """Parse JSON without NaN and infinity, which it does not have.

    Parameters
    ----------
    content : bytes

    Raises
    ------
    ValueError, RecursionError
    """
    return json.loads(content, parse_constant=_refuse)


def _refuse(constant):
    raise ValueError(f"{constant} is no number of JSON")


def _fault(value, shape, place, whole=True):
    if isinstance(shape, str):
        return None if _IS[shape](value) else f"{place} must be {shape}"
    if not isinstance(value, type(shape)):
        return f"{place} must be {'a list' if isinstance(shape, list) else 'an object'}"
    if isinstance(shape, list):
        inner = ((f"{place}[{n}]", item, shape[0]) for n, item in enumerate(value))
    elif ... in shape:
        inner = ((f"{place}.{name}", item, shape[...]) for name, item in value.items())
    else:
        missing = sorted(set(shape) - set(value)) if whole else []
        if missing:
            return f"{place} lacks {missing[0]}"
        inner = ((f"{place}.{name}", value[name], shape[name]) for name in shape if name in value)
    return next(filter(None, (_fault(item, one, where) for where, item, one in inner)), None)


def _is_number(value):
    return isinstance(value, Real) and not isinstance(value, bool)


def _is_whole(value):
    return isinstance(value, int) and not isinstance(value, bool)


_IS = {
    _TEXT: lambda value: isinstance(value, str),
    _WHOLE: _is_whole,
    _NUMBER: _is_number,
    _MAYBE_TEXT: lambda value: value is None or isinstance(value, str),
    _MAYBE_WHOLE: lambda value: value is None or _is_whole(value),
    _MAYBE_NUMBER: lambda value: value is None or _is_number(value),
    _RATE: lambda value: value is None or (_is_whole(value) and is_rate(value)),
    _LABEL: lambda value: value is None or isinstance(value, (str, int, float)),
}
