"""One trained classifier, and everything that is asked of it for a prediction."""

import copy
from functools import cached_property
from numbers import Real
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted

from sk_ser._containers import is_path, pack
from sk_ser._estimators import fitted_parts
from sk_ser.audio import AudioLoader, Clip
from sk_ser.features import ClipPipeline
from sk_ser.model_selection import sets_above
from sk_ser.recognition._prediction import Prediction, answer_each
from sk_ser.recognition._reader import RecordingReader, find_fault, read_recording


class TrainedModel:
    """A fitted classifier with the header that was saved with it.

    Files, windows of a recording and windows of a stream are all predicted by
    :meth:`predict`. The estimator is not changed, and its cache is neither read nor filled.

    Parameters
    ----------
    estimator : classifier
        Fitted on paths or clips: a pipeline, a search, a vote.
    header : mapping or None, default=None
        What is known of it, as :func:`~sk_ser.persistence.read_header` returns it. With
        ``{"prediction_set": {"threshold": t}}`` each prediction has a set of labels: all
        whose probability is t or more, and the most probable one if there is none [1]_.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The labels, in the order of all probabilities.
    has_probabilities : bool
        Whether the estimator has ``predict_proba``.
    threshold : float or None
        The header's threshold of prediction sets.
    front_end : ClipPipeline or None
        The first step of the estimator, if it describes clips one by one.
    loaders : list of AudioLoader
        All loaders in the estimator.
    channel : "mix" or int
        The channel that the loaders take; "mix" without a loader.
    sampling_rate : int or None
        The rate in Hz that the loaders resample to; that of the header without a loader.

    Raises
    ------
    ValueError
        If the estimator is not a classifier.
    sklearn.exceptions.NotFittedError
        If it is not fitted.

    See Also
    --------
    sk_ser.persistence.load_model : Load one from a file.
    predict_files : Predict many files, batch by batch.

    References
    ----------
    .. [1] M. Sadinle, J. Lei and L. Wasserman, "Least ambiguous set-valued classifiers with bounded
       error levels", Journal of the American Statistical Association 114, 2019.

    Examples
    --------
    >>> from sk_ser.audio import AudioLoader
    >>> from sk_ser.classifiers import make_svm
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.features import MFCC, Functionals, make_clip_pipeline
    >>> from sk_ser.recognition import TrainedModel
    >>> speech = make_emotional_speech(2, 2, ["anger", "sadness"], random_state=0)
    >>> svm = make_svm(make_clip_pipeline(AudioLoader(), MFCC(), Functionals()))
    >>> model = TrainedModel(svm.fit(speech.data, speech.target))
    >>> model.sampling_rate, model.channel
    (16000, 'mix')
    >>> found, missing = model.predict([speech.data[0], "nowhere.wav"])
    >>> str(found.emotion), missing.problem
    ('anger', 'no such file. Check the path and the folder.')
    """

    def __init__(self, estimator, header=None):
        self.estimator, self.header = estimator, dict(header or {})
        model = getattr(estimator, "best_estimator_", estimator)
        check_is_fitted(model)
        if not hasattr(model, "classes_"):
            raise ValueError(f"{type(model).__name__} is not a classifier: it has no classes_.")
        self.classes_ = model.classes_
        self.has_probabilities = hasattr(model, "predict_proba")
        sets = self.header.get("prediction_set")
        threshold = sets.get("threshold") if isinstance(sets, dict) else None
        # a header may hold anything
        self.threshold = threshold if isinstance(threshold, Real) else None
        # the front end runs clip by clip, so an error affects one clip only
        first = model.steps[0][1] if isinstance(model, Pipeline) and len(model.steps) > 1 else None
        self.front_end = first if isinstance(first, ClipPipeline) else None
        self._classifier = _without_cache(model if self.front_end is None else model[1:])

    @classmethod
    def wrap(cls, model: object) -> "TrainedModel":
        """Return a TrainedModel as it is, and make one of a classifier."""
        return model if isinstance(model, cls) else cls(model)

    @cached_property
    def loaders(self) -> list[AudioLoader]:
        """All AudioLoaders in the estimator."""
        return [part for part in fitted_parts(self.estimator) if isinstance(part, AudioLoader)]

    @property
    def channel(self) -> str | int:
        """The channel that the loaders take: "mix" or a number; "mix" without a loader."""
        channels = {loader.mono for loader in self.loaders} or {"mix"}
        if len(channels) > 1:
            found = ", ".join(sorted(map(repr, channels)))
            raise ValueError(
                f"{type(self.estimator).__name__}: its AudioLoaders differ in mono ({found}). "
                "Predict with each of its models separately."
            )
        return next(iter(channels))

    @property
    def sampling_rate(self) -> int | None:
        """The rate in Hz that clips are resampled to; None if there is no such rate."""
        rates = {loader.sampling_rate for loader in self.loaders}
        return rates.pop() if len(rates) == 1 else self.header.get("sampling_rate")

    def check_takes_files(self) -> str | int:
        """Raise ValueError unless the estimator has an AudioLoader and one channel."""
        if not self.loaders:
            raise ValueError(
                f"{type(self.estimator).__name__} does not take files: it has no AudioLoader. "
                "Train it with a front end as its first step, such as make_svm(make_front_end())."
            )
        return self.channel

    def read(self, path: str | Path, *, longest: float | None = None) -> Clip:
        """Decode a recording as the model does, at its own sampling rate.

        Parameters
        ----------
        path : str or Path
        longest : float or None, default=None
            Seconds; a longer recording is not decoded.

        Returns
        -------
        Clip of shape (n_samples,)
            :meth:`predict` returns the same for it as for the path.

        Raises
        ------
        AudioError
            If nothing can be predicted from it: it is missing, not a recording, too long, silent
            (a standard deviation of at most -80 dB of full scale) or shorter than 0.1 s.
        """
        return read_recording(path, self.channel, longest)

    def read_and_predict(
        self, path: str | Path, *, longest: float | None = None
    ) -> tuple[Clip | None, Prediction]:
        """Decode a recording once and predict from it, whatever happens.

        Parameters
        ----------
        path : str or Path
        longest : float or None, default=None
            Seconds; a longer recording is not decoded.

        Returns
        -------
        clip : Clip of shape (n_samples,) or None
            As of :meth:`read`; None if that raises.
        prediction : Prediction
            With the error of :meth:`read`, if it raises.
        """
        try:
            clip = self.read(path, longest=longest)
        except Exception as error:
            return None, Prediction(error=error)
        return clip, self.predict([clip])[0]

    def predict(
        self, items: ArrayLike, *, n_jobs: int | None = None, longest: float | None = None
    ) -> list[Prediction]:
        """Predict from paths and clips; an error of one does not touch the others.

        Parameters
        ----------
        items : sequence of str, Path or Clip
            Clips may have any sampling rate if the model has an AudioLoader.
        n_jobs : int or None, default=None
            Items to describe at a time, as joblib counts them.
        longest : float or None, default=None
            Seconds; a longer file is not decoded and has an error.

        Returns
        -------
        list of Prediction
            In the order of the items.

        Raises
        ------
        ValueError
            If there are paths and the model does not take files.
        """
        if not self.loaders and any(map(is_path, items)):
            self.check_takes_files()
        errors = {n: error for n, item in enumerate(items) if (error := find_fault(item))}
        tried = [n for n in range(len(items)) if n not in errors]
        described = {}
        if tried:
            results, failed = self._describer(n_jobs, longest).transform_each(
                [items[n] for n in tried]
            )
            errors |= {tried[k]: error for k, error in failed.items()}
            described = {tried[k]: one for k, one in enumerate(results) if k not in failed}
        answers, failed = answer_each(self._answer, described)
        errors |= failed
        return [
            Prediction(error=errors[n]) if n in errors else self._prediction(answers[n])
            for n in range(len(items))
        ]

    def tabulate(self, predictions: list[Prediction]) -> pd.DataFrame:
        """Make a table of predictions.

        Parameters
        ----------
        predictions : sequence of Prediction

        Returns
        -------
        DataFrame
            A row for each: ``emotion``; a probability for each class, if the model has them,
            NaN where there is an error; ``prediction_set``, if the model has a threshold;
            ``error``, None or a sentence without the path.
        """
        columns = {"emotion": _objects([one.emotion for one in predictions])}
        if self.has_probabilities:
            proba = np.full((len(predictions), len(self.classes_)), np.nan)
            for row, one in zip(proba, predictions, strict=True):
                row[:] = np.nan if one.error else one.probabilities
            columns |= {str(name): proba[:, k] for k, name in enumerate(self.classes_)}
            if self.threshold is not None:
                columns["prediction_set"] = _objects([one.prediction_set for one in predictions])
        return pd.DataFrame(columns | {"error": _objects([one.problem for one in predictions])})

    def _describer(self, n_jobs, longest):
        # a decoded clip takes the same steps from the resampling on
        steps = [] if self.front_end is None else self.front_end.steps
        reader = RecordingReader(self.channel, longest)
        return ClipPipeline(
            [("reader", reader), *((f"then_{name}", step) for name, step in steps)], n_jobs=n_jobs
        )

    def _answer(self, described):
        rows = pack(described)
        names = getattr(self._classifier, "feature_names_in_", None)
        if names is not None and isinstance(rows, np.ndarray) and rows.ndim == 2:
            rows = pd.DataFrame(rows, columns=names)
        if self.has_probabilities:
            return self._classifier.predict_proba(rows)
        return self._classifier.predict(rows)

    def _prediction(self, answer):
        if not self.has_probabilities:
            return Prediction(answer.item() if hasattr(answer, "item") else answer)
        labels, chosen = np.asarray(self.classes_).tolist(), None
        if self.threshold is not None:
            (in_set,) = sets_above([answer], self.threshold, never_empty=True)
            chosen = [labels[k] for k in np.argsort(-answer, kind="stable") if in_set[k]]
        return Prediction(labels[np.argmax(answer)], answer, chosen)


def _without_cache(model):
    """Copy a model whose pipelines keep results or show progress; return another as it is."""

    def pipelines(estimator):
        return [part for part in fitted_parts(estimator) if isinstance(part, ClipPipeline)]

    if any(part.memory is not None or part.verbose for part in pipelines(model)):
        model = copy.deepcopy(model)
        for part in pipelines(model):
            part.set_params(memory=None, verbose=False)
    return model


def _objects(values):
    return pd.Series(values, dtype=object)
