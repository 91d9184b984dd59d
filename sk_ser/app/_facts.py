"""What a page says in plain words about a model and what it predicts.

Headers come from files, so anything in one may be missing, or be something else: what is
not there is said to be not known.
"""

import re

#: Names that protocols have whose test voices were heard in training, and never heard.
_HEARD, _UNHEARD = "random", "speaker-independent"


def data_sentence(header):
    """Say what a model learnt from.

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
    'What it was trained on is not known: its file does not say.'
    """
    training = _at(header, "training")
    n_clips = _at(training, "n_clips")
    if not isinstance(n_clips, int):
        return "What it was trained on is not known: its file does not say."
    n_speakers = _at(training, "n_speakers")
    voices = "an unknown number of" if n_speakers is None else n_speakers
    corpora = [
        f"{_at(corpus, 'name')} ({_licence(_at(corpus, 'licence'))})"
        for corpus in _at(training, "corpora") or []
    ]
    names = f": {', '.join(corpora)}" if corpora else ""
    return f"Trained on {_count(n_clips, 'recording')} of {_count(voices, 'speaker')}{names}."


def score_tiles(header):
    """List the scores that tell how far to trust a model, that on unheard voices first.

    Parameters
    ----------
    header : dict
        As for :func:`data_sentence`.

    Returns
    -------
    list of (str, str, str)
        What it is, its value, and what to know of it.

    Examples
    --------
    >>> from sk_ser.app._facts import score_tiles
    >>> scores = {"speaker-independent": {"uar": 0.626, "uar_low": 0.576, "uar_high": 0.674}}
    >>> tiles = score_tiles({"protocols": {"scores": scores, "chance": 0.125}})
    >>> for tile in tiles:
    ...     print(*tile, sep="; ")
    Unheard voices; 62.6 %; 95 % interval: 57.6 to 67.4 %
    Random split; not known; on voices heard in training: flatters
    Guessing; 12.5 %; what chance alone would score
    """
    protocols = _at(header, "protocols")
    level = _percent(_at(protocols, "confidence_level") or 0.95, 0)
    rows = _at(protocols, "scores")
    unheard, heard = _row(rows, _UNHEARD, 0.0), _row(rows, _HEARD, 1.0)
    low, high = _at(unheard, "uar_low"), _at(unheard, "uar_high")
    interval = "interval not known"
    if isinstance(low, float) and isinstance(high, float):
        interval = f"{level} interval: {100 * low:.1f} to {_percent(high)}"
    return [
        ("Unheard voices", _percent(_at(unheard, "uar")), interval),
        (
            "Random split",
            _percent(_at(heard, "uar")),
            "on voices heard in training: flatters",
        ),
        ("Guessing", _percent(_at(protocols, "chance")), "what chance alone would score"),
    ]


def is_scored(header):
    """Tell whether a header says how well its model does on voices never heard."""
    rows = _at(_at(header, "protocols"), "scores")
    return _at(_row(rows, _UNHEARD, 0.0), "uar") is not None


def set_sentence(emotions, header):
    """Say which emotions are likely enough, and what that means.

    Parameters
    ----------
    emotions : list of str
        A prediction set, the likeliest first.
    header : dict
        As for :func:`data_sentence`.

    Returns
    -------
    str

    Examples
    --------
    >>> from sk_ser.app._facts import set_sentence
    >>> header = {"prediction_set": {"coverage": 0.9, "voices": "unheard"}}
    >>> print(set_sentence(["anger", "disgust"], header))
    Unsure: anger or disgust. The right one is among these in 90 % of cases, for voices
    like those it was tested on.
    """
    coverage = _percent(_at(_at(header, "prediction_set"), "coverage"), 0)
    heard = _at(_at(header, "prediction_set"), "voices") == "heard"
    of_whom = (
        "for the voice that it learnt from" if heard else ("for voices like those it was tested on")
    )
    among = f"in {coverage} of cases" if coverage != "not known" else "in most cases"
    if len(emotions) == 1:
        return (
            f"No other emotion is likely enough to be named beside it. Such an answer, or set of "
            f"answers, holds the right one {among}, {of_whom}."
        )
    names = [str(emotion) for emotion in emotions]
    listed = f"{', '.join(names[:-1])} or {names[-1]}"
    return f"Unsure: {listed}. The right one is among these {among}, {of_whom}."


def confidence_sentence(has_proba, header):
    """Say what the confidence of a prediction means, or that it is not known.

    Parameters
    ----------
    has_proba : bool
        Whether the model states probabilities.
    header : dict
        As for :func:`data_sentence`.

    Returns
    -------
    str

    Examples
    --------
    >>> from sk_ser.app._facts import confidence_sentence
    >>> confidence_sentence(False, {})
    'How sure it is, this model cannot say: it states no probabilities.'
    """
    if not has_proba:
        return "How sure it is, this model cannot say: it states no probabilities."
    voices = _at(_at(header, "calibration"), "voices")
    if voices == "unheard":
        return (
            "Confidence is calibrated on voices left out of training: where it says 70 % of voices "
            "like those, it should be right about 70 times in 100. Of others it may be further off."
        )
    if voices == "heard":
        return "Confidence is calibrated, but on the voice it was trained on: it may be too high."
    return "Confidence as the model states it; whether it is calibrated is not known."


def escape(text):
    r"""Write text so that Markdown shows it as it is.

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
    """Write a confidence for the eye: neither certain nor impossible.

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


def _at(mapping, key):
    return mapping.get(key) if isinstance(mapping, dict) else None


def _row(rows, name, heard):
    """Find the scores of a protocol by the share of test voices heard, or by its name."""
    if not isinstance(rows, dict):
        return None
    shares = [row for row in rows.values() if _at(row, "seen") == heard]
    return shares[-1] if shares else rows.get(name)


def _percent(share, digits=1):
    return f"{100 * share:.{digits}f} %" if isinstance(share, (int, float)) else "not known"


def _count(number, noun):
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _licence(text):
    return f"licence {text}" if text else "licence not known"
