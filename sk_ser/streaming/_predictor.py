"""A classifier of clips, asked again and again about the last few seconds."""

from dataclasses import dataclass
from math import exp
from numbers import Real

import numpy as np

from sk_ser._arrays import DEFAULT_SAMPLING_RATE, Clip
from sk_ser.exceptions import AudioError
from sk_ser.streaming._chunks import check_rate, to_mono
from sk_ser.streaming._model import channel_of, prepare


@dataclass(frozen=True, eq=False)
class WindowPrediction:
    """What a model says of one window of a stream.

    Parameters
    ----------
    start, end : float
        Seconds since the stream began.
    emotion : object
        The class whose smoothed probability is highest, a label as the model was given
        it. None where nothing has been predicted yet.
    probabilities : ndarray of shape (n_classes,)
        Of this window alone, in the order of the model's ``classes_``. NaN where the
        window could not be predicted.
    smoothed : ndarray of shape (n_classes,)
        Of this window and those before it; see :class:`StreamingPredictor`.
    problem : str or None, default=None
        Why the window could not be predicted.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.streaming import WindowPrediction
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

    Chunks of any size go in, at whatever pace they come; each time another `hop` is
    complete, the last `window` goes through the model, and a prediction comes out. The
    model gets the window as it was recorded, so its probabilities are, to the bit, those
    of ``model.predict_proba`` for a file that holds just this window. Nothing is kept
    but the last window, neither here nor in the model's cache.

    Parameters
    ----------
    model : classifier
        Fitted on paths or clips, with ``predict_proba``: a pipeline, a search, a vote.
        It is copied, and left as it is.
    window : float, default=3.0
        Seconds that the model hears at a time; about as long as the clips that it has
        learnt from.
    hop : float, default=0.5
        Seconds from one prediction to the next. More than `window` leaves gaps.
    sampling_rate : int, default=16000
        Rate of the chunks in Hz. A model that begins with an
        :class:`~sk_ser.audio.AudioLoader` resamples each window, as it does a file; any
        other model must have learnt from clips at this rate.
    smoothing : float, default=1.0
        Time constant in seconds, the τ below: what is heard now has 63 % of the weight
        after as long. 0 does not smooth.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The model's, in the order of all probabilities.
    position : float
        Seconds of the stream so far.

    See Also
    --------
    sk_ser.prediction.emotion_over_time : Windows of a file, of any length.
    sk_ser.audio.decode_chunks : Chunks of a file to feed it with.
    microphone : Chunks to feed it with.

    Notes
    -----
    Window number k (from 0) ends at ``window + k * hop`` seconds, rounded to a sample by
    itself, so that an hour adds up to no drift. Probabilities ``p`` are smoothed
    exponentially, ``s_0 = p_0`` and ``s_k = s_{k-1} + a (p_k - s_{k-1})`` with
    ``a = 1 - exp(-(t_k - t_{k-1}) / τ)``, where ``t`` are the ends of windows that could
    be predicted.

    Several channels are mixed as the model's AudioLoader mixes those of a file. Integers
    are scaled as those in a file. Silence is predicted as a silent file is. A window that
    holds NaN or infinity, or that the model cannot read, has a `problem`, and the stream
    goes on.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.classifiers import make_svm
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.features import MFCC, Functionals, make_clip_pipeline
    >>> from sk_ser.streaming import StreamingPredictor
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
        _check("sampling_rate", sampling_rate, 1, "a whole number > 0 Hz", whole=True)
        _check("window", window, 1 / sampling_rate, "a sample long at least, in s")
        _check("hop", hop, 1 / sampling_rate, "a sample long at least, in s")
        _check("smoothing", smoothing, 0, ">= 0 s; 0 does not smooth")
        self.model = prepare(model)
        self.window, self.hop, self.smoothing = window, hop, smoothing
        self.sampling_rate = int(sampling_rate)
        self.classes_ = self.model.classes_
        self._mono = channel_of(self.model)
        self._n_window = round(window * sampling_rate)
        self.reset()

    def reset(self):
        """Forget the stream; the next chunk begins another."""
        self._last = _LastSamples(self._n_window)
        self._n_windows = 0
        self._n_channels = None
        self._smoothed, self._smoothed_at = None, None

    @property
    def position(self):
        """Seconds of the stream so far."""
        return self._last.n_seen / self.sampling_rate

    def feed(self, chunk):
        """Take the next samples, and predict the windows that they complete.

        Parameters
        ----------
        chunk : array-like of shape (n_samples,) or (n_samples, n_channels)
            Floats, full scale at 1, or signed integers; any number of samples, or none.

        Returns
        -------
        list of WindowPrediction
            In the order of time; empty, if the next hop is not complete.

        Raises
        ------
        ValueError
            If the chunk is no sound, or does not fit those before it. The stream stands where
            it stood, and goes on with the next chunk.
        """
        samples = self._check_chunk(chunk)
        predictions = []
        while len(samples):
            n_missing = self._next_end - self._last.n_seen
            self._last.append(samples[:n_missing])
            samples = samples[n_missing:]
            if self._last.n_seen == self._next_end:
                self._n_windows += 1
                predictions.append(self._predict())
        return predictions

    def flush(self):
        """End the stream, predict its last window, and begin anew.

        Returns
        -------
        list of WindowPrediction
            One, of the last `window` seconds, or of all where there were fewer; none if
            the last sample is in a window that has been predicted, or there was none.
        """
        is_due = self._last.n_seen > self._end_of(self._n_windows - 1)
        predictions = [self._predict()] if is_due else []
        self.reset()
        return predictions

    def stream(self, chunks):
        """Feed chunk after chunk, and flush in the end.

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

    @property
    def _next_end(self):
        return self._end_of(self._n_windows)

    def _end_of(self, number):
        """Count the samples to the end of the window of this number; none to that of -1."""
        if number < 0:
            return 0
        return self._n_window + round(number * self.hop * self.sampling_rate)

    def _check_chunk(self, chunk):
        try:
            check_rate(chunk, self.sampling_rate)
            samples = to_mono(chunk, self._mono)
            n_channels = np.shape(chunk)[1] if np.ndim(chunk) == 2 else 1
            if self._n_channels not in (None, n_channels):
                raise ValueError(
                    f"the chunk has {n_channels} channel(s), those before it had "
                    f"{self._n_channels}. Call reset() before another stream."
                )
        except ValueError as error:
            raise ValueError(f"StreamingPredictor: at {self.position:.3f} s, {error}") from None
        self._n_channels = n_channels
        return samples

    def _predict(self):
        """Predict the window that ends here."""
        samples = self._last.samples()
        probabilities, problem = self._ask(samples)
        if problem is None:
            self._smooth(probabilities)
        smoothed = self._smoothed if self._smoothed is not None else probabilities
        emotion = None if np.isnan(smoothed).any() else self.classes_[np.argmax(smoothed)]
        end = self._last.n_seen
        start = (end - len(samples)) / self.sampling_rate
        return WindowPrediction(start, self.position, emotion, probabilities, smoothed, problem)

    def _ask(self, samples):
        """Ask the model for probabilities; return NaN and the reason where it has none."""
        nothing = np.full(len(self.classes_), np.nan)
        n_broken = np.count_nonzero(~np.isfinite(samples))
        if n_broken:
            return nothing, f"{n_broken} of {len(samples)} samples are NaN or ∞."
        try:
            return self.model.predict_proba([Clip(samples, self.sampling_rate)])[0], None
        except AudioError as error:
            return nothing, str(error)

    def _smooth(self, probabilities):
        if self._smoothed is None or self.smoothing == 0:
            self._smoothed = probabilities
        else:
            weight = 1 - exp((self._smoothed_at - self.position) / self.smoothing)
            self._smoothed = self._smoothed + weight * (probabilities - self._smoothed)
        self._smoothed_at = self.position


class _LastSamples:
    """The last samples of a stream, in twice their room: each is moved once, however it came."""

    def __init__(self, n_samples):
        self.n_samples = n_samples
        self.n_seen = 0
        self._room = np.empty(2 * n_samples, dtype=np.float32)
        self._end = 0

    def append(self, samples):
        self.n_seen += len(samples)
        samples = samples[-self.n_samples :]
        if self._end + len(samples) > len(self._room):
            kept = self._room[self._end + len(samples) - self.n_samples : self._end]
            self._room[: len(kept)] = kept
            self._end = len(kept)
        self._room[self._end : self._end + len(samples)] = samples
        self._end += len(samples)

    def samples(self):
        """Copy the last samples, fewer where fewer have come."""
        return self._room[max(0, self._end - self.n_samples) : self._end].copy()


def _check(name, value, least, wanted, *, whole=False):
    is_number = isinstance(value, Real) and not isinstance(value, bool) and np.isfinite(value)
    if not is_number or value < least or (whole and value % 1):
        raise ValueError(f"StreamingPredictor: {name}={value!r} must be {wanted}.")
