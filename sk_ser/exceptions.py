"""Errors and warnings of sk_ser, each naming the thing, its fault and the remedy."""

__all__ = [
    "AudioError",
    "AudioWarning",
    "CorpusError",
    "CorpusWarning",
    "ModelFileError",
    "ModelFileWarning",
]


class AudioError(ValueError):
    """A recording cannot be decoded, or holds nothing that can be analysed."""


class AudioWarning(UserWarning):
    """A recording was left out, or replaced by an empty clip, and the run went on."""


class CorpusError(ValueError):
    """A corpus, its table or its archive is not what its loader can read."""


class CorpusWarning(UserWarning):
    """Files of a corpus were left out because their names do not fit its grammar."""


class ModelFileError(ValueError):
    """A model cannot be saved, or its file is damaged, not to be trusted, or of another version."""


class ModelFileWarning(UserWarning):
    """A model was loaded from a file that could run code, or that another version wrote."""
