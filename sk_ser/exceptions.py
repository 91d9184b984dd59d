"""Errors and warnings of sk_ser, each naming the thing, its fault and the remedy."""

__all__ = ["AudioError", "AudioWarning", "CorpusError", "CorpusWarning"]


class AudioError(ValueError):
    """A recording cannot be decoded, or holds nothing that can be analysed."""


class AudioWarning(UserWarning):
    """A recording was left out, or replaced by an empty clip, and the run went on."""


class CorpusError(ValueError):
    """A corpus, its table or its archive is not what its loader can read."""


class CorpusWarning(UserWarning):
    """Files of a corpus were left out because their names do not fit its grammar."""
