"""One vocabulary of emotions for all corpora, and the other names for each."""

import re

#: Canonical names, and what else corpora call them. ``calm`` is not ``neutral``: RAVDESS
#: records both, and a merger would be the user's decision (``label_map``), not ours.
_SYNONYMS = {
    "anger": ("angry", "ang"),
    "boredom": ("bored",),
    "calm": ("calmness",),
    "disgust": ("disgusted", "dis"),
    "fear": ("fearful", "afraid", "anxiety", "anxious", "fea"),
    "happiness": ("happy", "joy", "joyful", "hap"),
    "neutral": ("neu",),
    "sadness": ("sad",),
    "surprise": ("surprised", "ps", "pleasant_surprise", "pleasant_surprised"),
}

#: Canonical emotion names, in alphabetical order.
EMOTIONS = tuple(_SYNONYMS)

_CANONICAL = {name: emotion for emotion, others in _SYNONYMS.items() for name in (emotion, *others)}


def normalise(label):
    """Write a label in lower case, without outer space and with ``_`` between words.

    Examples
    --------
    >>> from sk_ser.datasets._labels import normalise
    >>> normalise("  Pleasant Surprise ")
    'pleasant_surprise'
    """
    return re.sub(r"[\s_-]+", "_", str(label).strip().casefold())


def is_emotion(label):
    """Tell whether a label is a known name of an emotion, in any case."""
    return normalise(label) in _CANONICAL


def harmonise_emotion(label, label_map=None):
    """Give the canonical name of an emotion.

    Parameters
    ----------
    label : str
        As a corpus or a user wrote it; case and spaces do not matter.
    label_map : dict of str to str, optional
        Names of your own, looked up first and without regard to case. What it
        gives is taken as it stands.

    Returns
    -------
    emotion : str
        One of :data:`EMOTIONS` where the label is known, else the label in lower
        case with ``_`` between words.

    Examples
    --------
    >>> from sk_ser.datasets import harmonise_emotion
    >>> [harmonise_emotion(name) for name in ("Fearful", "ps", "JOY", "Mild irony")]
    ['fear', 'surprise', 'happiness', 'mild_irony']
    >>> harmonise_emotion("calm", label_map={"Calm": "neutral"})
    'neutral'
    """
    name = normalise(label)
    own = {normalise(key): value for key, value in (label_map or {}).items()}
    return own[name] if name in own else _CANONICAL.get(name, name)
