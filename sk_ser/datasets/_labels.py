"""Common names of emotions, and their synonyms in corpora."""

import re

#: Canonical names and their synonyms. ``calm`` is not ``neutral``, because RAVDESS has both;
#: users can merge them with ``label_map``.
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
    """Return a label in lower case, without outer space and with ``_`` between words.

    Examples
    --------
    >>> from sk_ser.datasets._labels import normalise
    >>> normalise("  Pleasant Surprise ")
    'pleasant_surprise'
    """
    return re.sub(r"[\s_-]+", "_", str(label).strip().casefold())


def is_emotion(label):
    """Whether a label is a known name of an emotion, in any case."""
    return normalise(label) in _CANONICAL


def harmonise_emotion(label: str, label_map: dict[str, str] | None = None) -> str:
    """Return the canonical name of an emotion.

    Parameters
    ----------
    label : str
        Any spelling; case and spaces are ignored.
    label_map : dict of str to str, default=None
        Your own names, looked up first, without regard to case. Its values are returned as
        they are.

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
