"""Errors and warnings of sk_ser: what is wrong, with which file, and the remedy."""

__all__ = [
    "AudioError",
    "AudioWarning",
    "CorpusError",
    "CorpusWarning",
    "ModelFileError",
    "ModelFileWarning",
]


class _FileError(ValueError):
    """An error of one file, with its parts as attributes.

    Parameters
    ----------
    reason : str
        What is wrong, in lower case and without a full stop: ``"no such file"``.
    path : str, Path or None, default=None
        The file, as the caller named it; ``"X[3]"`` for a clip in memory.
    remedy : str or None, default=None
        What to do about it, in whole sentences: ``"Check the path and the folder."``

    Attributes
    ----------
    reason, path, remedy
        As given.
    """

    def __init__(self, reason, *, path=None, remedy=None):
        super().__init__(reason)
        self.reason, self.path, self.remedy = reason, path, remedy

    @property
    def message(self):
        """The reason and the remedy, without the path."""
        return self.reason if self.remedy is None else f"{self.reason}. {self.remedy}"

    def at(self, path):
        """Return the same error with the path of a file in place of its own."""
        error = type(self)(self.reason, path=path, remedy=self.remedy)
        error.__cause__ = self.__cause__
        return error.with_traceback(self.__traceback__)

    def __str__(self):
        return self.message if self.path is None else f"{self.path}: {self.message}"


class AudioError(_FileError):
    """A recording cannot be decoded, or holds nothing that can be analysed.

    Examples
    --------
    >>> from sk_ser.exceptions import AudioError
    >>> error = AudioError("no such file", path="a.wav", remedy="Check the path and the folder.")
    >>> str(error), error.message
    ('a.wav: no such file. Check the path and the folder.', 'no such file. Check the path and the folder.')
    """  # noqa: E501


class AudioWarning(UserWarning):
    """A recording was left out, or replaced by an empty clip, and the run went on."""


class CorpusError(_FileError):
    """A corpus, its table or its archive cannot be read by its loader."""


class CorpusWarning(UserWarning):
    """Files of a corpus were left out because their names do not fit its pattern."""


class ModelFileError(_FileError):
    """A model cannot be saved, or its file is damaged, unsafe, or of another version."""


class ModelFileWarning(UserWarning):
    """A model was loaded from a file that can run code, or that another version wrote."""
