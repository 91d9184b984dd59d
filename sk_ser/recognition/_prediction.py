"""What is predicted from each recording, and an error for each that fails."""

from typing import Any, NamedTuple

import numpy as np

from sk_ser._clipwise import message_of
from sk_ser.exceptions import AudioError


class Prediction(NamedTuple):
    """What a model predicts from one recording, or why it predicts nothing.

    Attributes
    ----------
    emotion : object
        The class of the highest probability, or what ``predict`` returns; None with an error.
    probabilities : ndarray of shape (n_classes,) or None
        In the order of ``classes_``; None if the model has none.
    prediction_set : list or None
        Labels, the most probable first; None if the model has no threshold.
    error : Exception or None
        What went wrong: an AudioError, or whatever a step raised.
    """

    emotion: Any = None
    probabilities: np.ndarray | None = None
    prediction_set: list | None = None
    error: Exception | None = None

    @property
    def problem(self) -> str | None:
        """The error without the path of the recording; None if there is none."""
        return None if self.error is None else message_of(self.error)

    @property
    def public_problem(self) -> str | None:
        """The error for strangers, without any path of this machine; None if there is none.

        The message of an AudioError has no path. The message of another error may have one, so
        only its class is named.
        """
        if self.error is None or isinstance(self.error, AudioError):
            return self.problem
        if isinstance(self.error, MemoryError):
            return "the recording needs too much memory"
        return f"the recording cannot be processed ({type(self.error).__name__})"


def answer_each(classify, described):
    """Classify descriptions together, or one by one if that fails.

    Parameters
    ----------
    classify : callable
        From a list of descriptions to an answer for each; it may raise any error.
    described : dict of int to ndarray
        Descriptions by number.

    Returns
    -------
    answers : dict of int to object
    errors : dict of int to Exception
        The errors of those that fail on their own too.
    """
    answers, errors = {}, {}
    try:
        if described:
            answers = dict(zip(described, classify(list(described.values())), strict=True))
    except Exception as error:
        if len(described) == 1:
            return {}, dict.fromkeys(described, error)
        for number, one in described.items():
            answer, failed = answer_each(classify, {number: one})
            answers, errors = answers | answer, errors | failed
    return answers, errors
