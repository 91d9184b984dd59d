"""Emotions of a stream, predicted from its last seconds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import exp

import numpy as np
from numpy.typing import ArrayLike

from sk_ser._arrays import DEFAULT_SAMPLING_RATE, Clip
from sk_ser.recognition._chunks import to_mono
from sk_ser.recognition._trained_model import TrainedModel
from sk_ser.recognition._windows import WindowCutter, check_number

#: For error messages.
_NAME = "StreamingPredictor"


@dataclass(frozen=True, eq=False)
class WindowPrediction:
    """What a model predicts from one window of a stream.

    Parameters
    ----------
    start, end : float
        Seconds since the stream began.
    emotion : object
        The class with the highest smoothed probability. None before the first prediction.
    probabilities : ndarray of shape (n_classes,)
        Of this window alone, in the order of the model's ``classes_``. NaN if the window has a
        problem.
    smoothed : ndarray of shape (n_classes,)
        Of this window and earlier ones; see :class:`StreamingPredictor`.
    problem : str or None, default=None
        Why nothing could be predicted from the window.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.recognition import WindowPrediction
    >>> one = WindowPrediction(0.0, 3.0, "calm", np.array([0.2, 0.8]), np.array([0.2, 0.8]))
    >>> one.end - one.start
    3.0
    """

    start: float
    end: float
    emotion: object
    probabilities: np.ndarray
    smoothed: np.ndarray
    problem: str | None = None


class StreamingPredictor:
    """Predict emotions while someone speaks.

    Feed chunks of any size. Each time another `hop` is complete, the model predicts from the last
    `window` seconds. The window is passed on as it was recorded, so its probabilities equal those
    of a file that holds just this window, bit by bit. Only the last window is kept.

    Parameters
    ----------
    model : TrainedModel or classifier
        Fitted on paths or clips, with ``predict_proba``: a pipeline, a search, a vote. It is not
        changed; do not refit it while the stream runs.
    window : float, default=3.0
        Seconds of each window; about as long as the clips that the model was trained on.
    hop : float, default=0.5
        Seconds from one prediction to the next. A hop longer than `window` leaves gaps.
    sampling_rate : int, default=16000
        Sampling rate of the chunks in Hz. A model with an :class:`~sk_ser.audio.AudioLoader`
        resamples each window, as it does a file; another model must have been trained on clips
        at this rate.
    smoothing : float, default=1.0
        Time constant in seconds, τ below: the newest τ seconds have 63 % of the weight. 0 does not
        smooth.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The model's labels, in the order of all probabilities.
    position : float
        Seconds of the stream so far.

    See Also
    --------
    emotion_over_time : The same windows of a file.
    sk_ser.audio.decode_chunks : Chunks of a file.
    microphone : Chunks of a microphone.

    Notes
    -----
    Window number k (from 0) ends at ``window + k * hop`` seconds, rounded to a sample. What is left
    when the stream ends is a window of its own if it is at least half as long as one, or if there
    is no other window. Probabilities ``p`` are smoothed exponentially, ``s_0 = p_0`` and
    ``s_k = s_{k-1} + a (p_k - s_{k-1})`` with ``a = 1 - exp(-(t_k - t_{k-1}) / τ)``, where ``t``
    are the ends of the windows without a problem.

    Several channels are mixed as the model's AudioLoader mixes those of a file. Integers are
    scaled as those in a file. A window has a `problem` for the reasons that a file has an error
    in :func:`predict_files`: it is silent, shorter than 0.1 s, holds NaN or infinity, or a step
    of the model raises. The stream then goes on.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.classifiers import make_svm
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.features import MFCC, Functionals, make_clip_pipeline
    >>> from sk_ser.recognition import StreamingPredictor
    >>> speech = make_emotional_speech(2, 4, ("anger", "sadness"), random_state=0)
    >>> svm = make_svm(make_clip_pipeline(MFCC(), Functionals()), probability=True)
    >>> svm = svm.fit(speech.data, speech.target)
    >>> predictor = StreamingPredictor(svm, window=1.0, hop=0.5)
    >>> predictor.feed(speech.data[0][:10_000])  # 0.6 s
    []
    >>> [(one.end, str(one.emotion)) for one in predictor.feed(speech.data[0][10_000:26_000])]
    [(1.0, 'anger'), (1.5, 'anger')]
    >>> [float(one.end) for one in predictor.flush()]
    [1.625]
    """

    def __init__(
        self, model, window=3.0, hop=0.5, *, sampling_rate=DEFAULT_SAMPLING_RATE, smoothing=1.0
    ):
        check_number(sampling_rate, "sampling_rate", _NAME, 1, "a whole number > 0 Hz", whole=True)
        check_number(smoothing, "smoothing", _NAME, 0, ">= 0 s; 0 does not smooth")
        self.window, self.hop, self.smoothing = window, hop, smoothing
        self.sampling_rate = int(sampling_rate)
        self.reset()
        self.model = TrainedModel.wrap(model)
        if not self.model.has_probabilities:
            raise TypeError(
                f"{_NAME}: {type(self.model.estimator).__name__} has no predict_proba. "
                "Fit a model that has, such as make_svm(front_end, probability=True), or calibrate "
                "it (sklearn.calibration.CalibratedClassifierCV)."
            )
        self.classes_, self._channel = self.model.classes_, self.model.channel

    def reset(self) -> None:
        """Forget the stream; the next chunk begins another."""
        self._cutter = WindowCutter(self.window, self.hop, self.sampling_rate, _NAME)
        self._n_channels = None
        self._smoothed, self._smoothed_at = None, None

    @property
    def position(self) -> float:
        """Seconds of the stream so far."""
        return self._cutter.n_seen / self.sampling_rate

    def feed(self, chunk: ArrayLike) -> list[WindowPrediction]:
        """Take the next samples and predict the windows that they complete.

        Parameters
        ----------
        chunk : array-like of shape (n_samples,) or (n_samples, n_channels)
            Floats with full scale at 1, or signed integers; any number of samples, or none.

        Returns
        -------
        list of WindowPrediction
            In the order of time; empty if the next hop is not complete.

        Raises
        ------
        ValueError
            If the chunk is not audio, or does not fit the chunks before it. The stream is
            unchanged and goes on with the next chunk.
        """
        samples = self._check_chunk(chunk)
        return [self._predict(*window) for window in self._cutter.feed(samples)]

    def flush(self) -> list[WindowPrediction]:
        """End the stream, predict from what is left, and begin another stream.

        Returns
        -------
        list of WindowPrediction
            One, if the rest is at least half as long as a window, or if there was no window;
            otherwise none.
        """
        predictions = [self._predict(*window) for window in self._cutter.rest()]
        self.reset()
        return predictions

    def stream(self, chunks: Iterable[ArrayLike]) -> Iterator[WindowPrediction]:
        """Feed chunk after chunk, and flush at the end.

        Parameters
        ----------
        chunks : iterable of array-like
            Such as :func:`microphone` yields; may be endless.

        Yields
        ------
        WindowPrediction
            As soon as its window is complete.
        """
        for chunk in chunks:
            yield from self.feed(chunk)
        yield from self.flush()

    def _check_chunk(self, chunk):
        try:
            samples = to_mono(chunk, self._channel, self.sampling_rate)
            n_channels = np.shape(chunk)[1] if np.ndim(chunk) == 2 else 1
            if self._n_channels not in (None, n_channels):
                raise ValueError(
                    f"the chunk has {n_channels} channel(s), earlier chunks had "
                    f"{self._n_channels}. Call reset() before another stream."
                )
        except ValueError as error:
            raise ValueError(f"{_NAME}: at {self.position:.3f} s, {error}") from error
        self._n_channels = n_channels
        return samples

    def _predict(self, start, samples):
        (found,) = self.model.predict([Clip(samples, self.sampling_rate)])
        end = (start + len(samples)) / self.sampling_rate
        probabilities = found.probabilities
        if found.error is None:
            self._smooth(probabilities, end)
        else:
            probabilities = np.full(len(self.classes_), np.nan)
        smoothed = probabilities if self._smoothed is None else self._smoothed
        emotion = None if np.isnan(smoothed).any() else self.classes_[np.argmax(smoothed)]
        start = start / self.sampling_rate
        return WindowPrediction(start, end, emotion, probabilities, smoothed, found.problem)

    def _smooth(self, probabilities, end):
        if self._smoothed is None or self.smoothing == 0:
            self._smoothed = probabilities
        else:
            weight = 1 - exp((self._smoothed_at - end) / self.smoothing)
            self._smoothed = self._smoothed + weight * (probabilities - self._smoothed)
        self._smoothed_at = end
