"""Check that names of speakers are names of people, each with one spelling."""

import re

import pandas as pd

#: Names of parts of a data set, with a number or without, and of groups of people, in lower case.
_PARTS = re.compile(
    r"(train(ing)?|val(id(ation)?)?|test(ing)?|dev(el(opment)?)?|eval(uation)?|hold_?out|k?_?fold"
    r"|split|partition|subset|cv)([\s_-]*\d+)?"
    r"|(fe)?males?|m|f|w|men|man|wom[ae]n|boys?|girls?|child(ren)?|adults?|unknown|none|nan"
)
#: What file managers append to the name of a copy.
_COPY = re.compile(r"(\s*\(\d+\)|[\s_-]*-?\s*(copy|kopie|copie)(\s*\(?\d*\)?)?)+$")
#: Fewest clips from which a speaker for each clip is no speaker.
_MANY = 10
_REMEDY = (
    "Give each person one name: with speaker=, a regular expression or a function of the path, or "
    "in a manifest's column speaker."
)


def find_speaker_fault(speakers):
    """Describe why names cannot be those of speakers.

    Parameters
    ----------
    speakers : array-like of shape (n_clips,)
        The speaker of each clip.

    Returns
    -------
    str or None
        What is wrong and the remedy; None if nothing is found.

    Examples
    --------
    >>> from sk_ser._speakers import find_speaker_fault
    >>> find_speaker_fault(["train", "train", "test"]).partition(".")[0]
    "'train', 'test' are parts of a data set or groups of people, and not speakers"
    >>> find_speaker_fault(["s1", "s1", "s2"]) is None
    True
    """
    found = pd.Series(list(speakers), dtype=object).dropna()
    names = list(dict.fromkeys(found))
    parts = [name for name in names if _PARTS.fullmatch(str(name).strip().casefold())]
    if parts and len(parts) >= len(names) / 2:
        what = "are parts of a data set or groups of people, and not speakers"
        return f"{_some(parts)} {what}. {_REMEDY}"
    spellings = {}
    for name in names:
        spellings.setdefault(_canonical(name), []).append(name)
    twice = next((same for same in spellings.values() if len(same) > 1), None)
    if twice:
        return f"{_some(twice)} may be one speaker. {_REMEDY}"
    if len(names) == len(found) >= _MANY:
        return f"each of the {len(names)} clips has a speaker of its own. {_REMEDY}"
    return None


def _canonical(name):
    """Drop what does not distinguish people: case, blanks, leading zeros, marks of copies."""
    text = _COPY.sub("", str(name).strip().casefold())
    text = re.sub(r"[\s_-]+", "_", text)
    try:
        number = float(text)
    except ValueError:
        return re.sub(r"0*(\d+)", r"\1", text)
    return str(int(number)) if number.is_integer() else text


def _some(names, at_most=3):
    listed = ", ".join(repr(str(name)) for name in names[:at_most])
    return f"{listed} and {len(names) - at_most} more" if len(names) > at_most else listed
