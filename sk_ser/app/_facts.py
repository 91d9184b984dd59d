"""Sentences about a model and its predictions, in plain words.

A header comes from a file, so any entry may be missing or of another type. Such an entry is
reported as not known.
"""

import re

#: Protocols whose test speakers are in training, and are not in training.
_SEEN, _UNSEEN = "random", "speaker-independent"


def data_sentence(header):
    """Describe the training data.

    Parameters
    ----------
    header : dict
        As :func:`~sk_ser.persistence.read_header` returns it, or empty.

    Returns
    -------
    str

    Examples
    --------
    >>> from sk_ser.app._facts import data_sentence
    >>> corpus = {"name": "emodb", "n_clips": 339, "licence": "CC0-1.0"}
    >>> training = {"corpora": [corpus], "n_clips": 339, "n_speakers": 10}
    >>> data_sentence({"training": training})
    'Trained on 339 recordings of 10 speakers: emodb (licence CC0-1.0).'
    >>> data_sentence({})
    "The training data are not known: the model's file does not describe them."
    """
    n_clips = _at(header, "training", "n_clips")
    if not isinstance(n_clips, int):
        return "The training data are not known: the model's file does not describe them."
    n_speakers = _at(header, "training", "n_speakers")
    speakers = _count("an unknown number of" if n_speakers is None else n_speakers, "speaker")
    corpora = [
        f"{_at(corpus, 'name')} (licence {_at(corpus, 'licence') or 'not known'})"
        for corpus in _at(header, "training", "corpora") or []
    ]
    names = f": {', '.join(corpora)}" if corpora else ""
    return f"Trained on {_count(n_clips, 'recording')} of {speakers}{names}."


def score_tiles(header):
    """List the scores of a model, that on unseen speakers first.

    Parameters
    ----------
    header : dict
        As for :func:`data_sentence`.

    Returns
    -------
    list of (str, str, str)
        Name, value and explanation.

    Examples
    --------
    >>> from sk_ser.app._facts import score_tiles
    >>> scores = {"speaker-independent": {"uar": 0.626, "uar_low": 0.576, "uar_high": 0.674}}
    >>> tiles = score_tiles({"protocols": {"scores": scores, "chance": 0.125}})
    >>> for tile in tiles:
    ...     print(*tile, sep="; ")
    Unseen speakers; 62.6 %; 95 % interval: 57.6 to 67.4 %
    Random split; not known; on speakers seen in training: too high
    Guessing; 12.5 %; the score of random guesses
    """
    level = _percent(_at(header, "protocols", "confidence_level") or 0.95, 0)
    unseen, seen = _row(header, _UNSEEN, 0.0), _row(header, _SEEN, 1.0)
    low, high = _at(unseen, "uar_low"), _at(unseen, "uar_high")
    interval = "interval not known"
    if isinstance(low, float) and isinstance(high, float):
        interval = f"{level} interval: {100 * low:.1f} to {_percent(high)}"
    return [
        ("Unseen speakers", _percent(_at(unseen, "uar")), interval),
        ("Random split", _percent(_at(seen, "uar")), "on speakers seen in training: too high"),
        ("Guessing", _percent(_at(header, "protocols", "chance")), "the score of random guesses"),
    ]


def is_scored(header):
    """Return whether a header has a score on unseen speakers."""
    return _at(_row(header, _UNSEEN, 0.0), "uar") is not None


def set_sentence(emotions, header):
    """Explain a prediction set.

    Parameters
    ----------
    emotions : list of str
        The set, the most probable first.
    header : dict
        As for :func:`data_sentence`.

    Returns
    -------
    str

    Examples
    --------
    >>> from sk_ser.app._facts import set_sentence
    >>> header = {"prediction_set": {"coverage": 0.9, "speakers": "unseen"}}
    >>> print(set_sentence(["anger", "disgust"], header))
    Unsure: anger or disgust. The right one is among these in 90 % of cases, for speakers
    like those it was tested on.
    """
    coverage = _percent(_at(header, "prediction_set", "coverage"), 0)
    seen = _at(header, "prediction_set", "speakers") == "seen"
    of_whom = "the speaker it was trained on" if seen else "speakers like those it was tested on"
    among = f"in {coverage} of cases" if coverage != "not known" else "in most cases"
    if len(emotions) == 1:
        return (
            "No other emotion is likely. Such an answer, or set of answers, includes the right "
            f"emotion {among}, for {of_whom}."
        )
    names = [str(emotion) for emotion in emotions]
    listed = f"{', '.join(names[:-1])} or {names[-1]}"
    return f"Unsure: {listed}. The right one is among these {among}, for {of_whom}."


def confidence_sentence(has_proba, header):
    """Explain the confidence of a prediction.

    Parameters
    ----------
    has_proba : bool
        Whether the model has probabilities.
    header : dict
        As for :func:`data_sentence`.

    Returns
    -------
    str

    Examples
    --------
    >>> from sk_ser.app._facts import confidence_sentence
    >>> confidence_sentence(False, {})
    'This model gives no confidence.'
    """
    if not has_proba:
        return "This model gives no confidence."
    speakers = _at(header, "calibration", "speakers")
    if speakers == "unseen":
        return (
            "The confidence is calibrated on speakers who are not in the training data: for "
            "speakers like those, predictions with 70 % confidence are right about 70 times in "
            "100. For other speakers it may be wrong by more."
        )
    if speakers == "seen":
        return "The confidence is calibrated on the speaker it was trained on: it may be too high."
    return "Whether the confidence is calibrated is not known."


def escape(text):
    r"""Escape text so that Markdown shows it unchanged.

    Parameters
    ----------
    text : object

    Returns
    -------
    str

    Examples
    --------
    >>> from sk_ser.app._facts import escape
    >>> print(escape("my_[clip].wav"))
    my\_\[clip\].wav
    """
    return re.sub(r"([\\`*_{}\[\]()<>#+!$|~:])", r"\\\1", str(text))


def percent(share):
    """Format a confidence, never as 0 % or 100 %.

    Parameters
    ----------
    share : float
        From 0 to 1.

    Returns
    -------
    str

    Examples
    --------
    >>> from sk_ser.app._facts import percent
    >>> percent(0.004), percent(0.634), percent(0.999)
    ('< 1 %', '63 %', '> 99 %')
    """
    if share < 0.01:
        return "< 1 %"
    return "> 99 %" if share > 0.99 else f"{100 * share:.0f} %"


def _at(entry, *keys):
    for key in keys:
        entry = entry.get(key) if isinstance(entry, dict) else None
    return entry


def _row(header, name, seen):
    """Find the scores of a protocol by the share of seen test speakers, or by its name."""
    rows = _at(header, "protocols", "scores")
    if not isinstance(rows, dict):
        return None
    shares = [row for row in rows.values() if _at(row, "seen") == seen]
    return shares[-1] if shares else rows.get(name)


def _percent(share, digits=1):
    return f"{100 * share:.{digits}f} %" if isinstance(share, (int, float)) else "not known"


def _count(number, noun):
    return f"{number} {noun}{'' if number == 1 else 's'}"
