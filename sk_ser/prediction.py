"""Emotions of files: what the command line, the page and the service have in common.

Nothing ends a run. A file that nothing can be predicted from has its row, with the reason
in it, and the others have their emotions.
"""

import os
from itertools import islice

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted
from tqdm.auto import tqdm

from sk_ser._containers import is_path, pack
from sk_ser.audio import AudioLoader, Clip, decode_windows, duration_of
from sk_ser.exceptions import AudioError
from sk_ser.features import ClipPipeline

__all__ = ["emotion_over_time", "predict_files"]

#: Seconds of the shortest clip that is predicted from: about half a syllable.
_SHORTEST = 0.1
#: Standard deviation of samples, full scale at 1, up to which a clip counts as silent: -80 dB.
_SILENCE = 1e-4
#: Seconds that pass before a progress bar is shown.
_PATIENCE = 2


def predict_files(
    model,
    paths,
    *,
    header=None,
    batch_size=64,
    n_jobs=None,
    progress=False,
    max_duration=None,
):
    """Predict the emotion of each file, a batch at a time.

    Memory holds one batch, whatever the number of files, and who stops in the middle
    keeps what was done. Each file is read and described once.

    Parameters
    ----------
    model : classifier
        Fitted, and with an :class:`~sk_ser.audio.AudioLoader` in it: a pipeline that takes
        paths, a search or a vote over such.
    paths : iterable of str or Path
        Files; a generator is read as it goes.
    header : dict or None, default=None
        What was saved with the model. With ``{"prediction_set": {"threshold": t}}`` each
        clip gets a set of emotions, of all whose probability is t or more, and of the
        likeliest if there is none [1]_.
    batch_size : int, default=64
        Files of a batch.
    n_jobs : int or None, default=None
        Files to describe at a time, as joblib counts them.
    progress : bool, default=False
        Whether to show a progress bar on stderr from the third second on.
    max_duration : float or None, default=None
        Seconds; a longer file is not decoded, and has an error. None: as long as may be.

    Yields
    ------
    DataFrame
        A row a file, in the order given and numbered from 0 on: ``path``; ``emotion``,
        that of the largest probability (or what ``predict`` says, of a model that has
        none), None where there is an error; a probability for each class, in the order of
        ``classes_``, if the model has them; ``prediction_set``, a list of emotions, if the
        header has a threshold; ``error``, None or what is wrong: the file is missing, no
        recording, silent (below -80 dB of full scale), shorter than 0.1 s or too long.

    Raises
    ------
    ValueError
        If the model does not take files, or a parameter is out of range.
    sklearn.exceptions.NotFittedError
        If the model has not been fitted.

    References
    ----------
    .. [1] M. Sadinle, J. Lei and L. Wasserman, "Least ambiguous set-valued classifiers with bounded
       error levels", Journal of the American Statistical Association 114, 2019.

    Examples
    --------
    >>> import pathlib, tempfile, pandas, soundfile
    >>> from sk_ser.audio import AudioLoader
    >>> from sk_ser.classifiers import make_svm
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.features import MFCC, Functionals, make_clip_pipeline
    >>> from sk_ser.prediction import predict_files
    >>> speech = make_emotional_speech(2, 2, ["anger", "sadness"], random_state=0)
    >>> model = make_svm(make_clip_pipeline(AudioLoader(), MFCC(), Functionals()))
    >>> model = model.fit(speech.data, speech.target)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "angry.wav"
    ...     soundfile.write(path, speech.data[0], 16_000)
    ...     table = pandas.concat(predict_files(model, [path, "nowhere.wav"]))
    >>> table["emotion"].tolist()
    ['anger', None]
    >>> table["error"].tolist()
    [None, 'no such file. Check the path and the folder.']
    """
    if is_path(paths):
        raise ValueError(f"predict_files: paths is one path, {str(paths)!r}; give a list.")
    if batch_size < 1:
        raise ValueError(f"predict_files: batch_size={batch_size!r} must be 1 or more.")
    if max_duration is not None and not max_duration > 0:
        raise ValueError(f"predict_files: max_duration={max_duration!r} must be None or > 0 s.")
    predictor = _Predictor(model, header, n_jobs, max_duration)
    return _predict_batches(predictor, paths, batch_size, progress)


def _predict_batches(predictor, paths, batch_size, progress):
    total = len(paths) if hasattr(paths, "__len__") else None
    paths, done = iter(paths), 0
    with tqdm(total=total, unit="file", delay=_PATIENCE, disable=not progress) as bar:
        while batch := list(islice(paths, batch_size)):
            table = predictor.table(batch)
            table.insert(0, "path", [_name(path) for path in batch])
            table.index = range(done, done := done + len(batch))
            yield table
            bar.update(len(batch))


def emotion_over_time(model, path, *, window=3.0, hop=1.0, header=None, n_jobs=None):
    """Predict the emotion of each window of a long recording.

    Windows are read as it goes, so memory does not grow with the recording's length.

    Parameters
    ----------
    model : classifier
        As :func:`predict_files` takes it.
    path : str or Path
        The recording.
    window : float, default=3.0
        Seconds of each window; the clips that the model learnt from are a good measure.
    hop : float, default=1.0
        Seconds from window to window, at most `window`.
    header : dict or None, default=None
        As in :func:`predict_files`.
    n_jobs : int or None, default=None
        Windows to describe at a time.

    Returns
    -------
    DataFrame
        A row a window: ``start`` and ``end`` in seconds, and the columns of
        :func:`predict_files` from ``emotion`` on. A silent window has an error. What is left
        at the end counts as a window if it is half as long as one, or all there is.

    Raises
    ------
    AudioError
        If the recording cannot be decoded.
    ValueError
        If the model does not take files, or a parameter is out of range.

    Examples
    --------
    >>> import pathlib, tempfile, numpy, soundfile
    >>> from sk_ser.audio import AudioLoader
    >>> from sk_ser.classifiers import make_svm
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.features import MFCC, Functionals, make_clip_pipeline
    >>> from sk_ser.prediction import emotion_over_time
    >>> speech = make_emotional_speech(2, 2, ["anger", "sadness"], random_state=0)
    >>> model = make_svm(make_clip_pipeline(AudioLoader(), MFCC(), Functionals()))
    >>> model = model.fit(speech.data, speech.target)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "long.wav"
    ...     angry, sad = (numpy.tile(speech.data[n], 9)[:64_000] for n in (0, 2))
    ...     soundfile.write(path, numpy.concatenate([angry, sad]), 16_000)
    ...     table = emotion_over_time(model, path, window=2, hop=2)
    >>> table[["start", "end", "emotion"]].values.tolist()[::3]
    [[0.0, 2.0, 'anger'], [6.0, 8.0, 'sadness']]
    """
    predictor = _Predictor(model, header, n_jobs)
    windows = decode_windows(path, window=window, hop=hop)
    tables = []
    while batch := list(islice(windows, _WINDOWS)):
        clips = [Clip(predictor.mix(samples, path), rate) for _, samples, rate in batch]
        table = predictor.table(clips)
        starts = np.array([start for start, _, _ in batch])
        table.insert(0, "start", starts)
        table.insert(1, "end", starts + [clip.duration for clip in clips])
        tables.append(table)
    if not tables:
        raise AudioError(f"{path}: no samples (0 frames).")
    return pd.concat(tables, ignore_index=True)


#: Windows that are in memory at a time.
_WINDOWS = 32


class _Predictor:
    """A model taken apart: what describes one clip at a time, and what classifies many."""

    def __init__(self, model, header=None, n_jobs=None, max_duration=None):
        model = getattr(model, "best_estimator_", model)
        self.mono = _channel_of(model)
        check_is_fitted(model)
        if not hasattr(model, "classes_"):
            raise ValueError(f"{type(model).__name__} is no classifier: it has no classes_.")
        self.classes = list(model.classes_)
        self.threshold = ((header or {}).get("prediction_set") or {}).get("threshold")
        steps = [("loader", _CarefulLoader(self.mono, max_duration))]
        self.classifier = model
        if _has_front_end(model):
            # a clip that is decoded takes the same steps from the resampling on
            steps += [(f"then_{name}", step) for name, step in model[0].steps]
            self.classifier = model[1:]
        self.front_end = ClipPipeline(steps, n_jobs=n_jobs)
        self.has_proba = hasattr(model, "predict_proba")

    def mix(self, samples, path):
        """Make one channel of several, as the model's loader does."""
        if self.mono == "mix":
            return samples.mean(axis=1)
        if self.mono >= samples.shape[1]:
            raise AudioError(f"{path}: no channel {self.mono}; there are {samples.shape[1]}.")
        return samples[:, self.mono]

    def table(self, items):
        """Tabulate what is predicted from paths or clips, a row each."""
        problems = {
            place: f"no path, but {item!r}."
            for place, item in enumerate(items)
            if not is_path(item) and not isinstance(item, Clip)
        }
        tried = [place for place in range(len(items)) if place not in problems]
        described = {}
        if tried:
            results, failed = self.front_end.transform_each([items[place] for place in tried])
            problems |= {tried[k]: _plain(text, items[tried[k]]) for k, text in failed.items()}
            described = {tried[k]: one for k, one in enumerate(results) if k not in failed}
        answers, failed = self._classify(described)
        return self._tabulate(len(items), answers, problems | failed)

    def _classify(self, described):
        """Give each place its probabilities, or its label; or tell what was wrong."""
        if not described:
            return {}, {}
        try:
            return dict(zip(described, self._answer(list(described.values())), strict=True)), {}
        except Exception as error:
            if len(described) == 1:
                return {}, dict.fromkeys(described, f"{type(error).__name__}: {error}")
        # one of them is at fault: the others shall not suffer for it
        answers, failed = {}, {}
        for place, one in described.items():
            answer, problem = self._classify({place: one})
            answers |= answer
            failed |= problem
        return answers, failed

    def _answer(self, described):
        rows = pack(described)
        names = getattr(self.classifier, "feature_names_in_", None)
        if names is not None and isinstance(rows, np.ndarray) and rows.ndim == 2:
            rows = pd.DataFrame(rows, columns=names)
        ask = self.classifier.predict_proba if self.has_proba else self.classifier.predict
        return ask(rows)

    def _tabulate(self, n_rows, answers, problems):
        emotions, sets = [None] * n_rows, [None] * n_rows
        proba = np.full((n_rows, len(self.classes)), np.nan)
        for place, answer in answers.items():
            if self.has_proba:
                proba[place] = answer
                emotions[place] = self.classes[np.argmax(answer)]
                sets[place] = self._likely(answer)
            else:
                emotions[place] = answer
        columns = {"emotion": pd.Series(emotions, dtype=object)}
        if self.has_proba:
            columns |= {str(name): proba[:, k] for k, name in enumerate(self.classes)}
            if self.threshold is not None:
                columns["prediction_set"] = pd.Series(sets, dtype=object)
        errors = [problems.get(place) for place in range(n_rows)]
        return pd.DataFrame(columns | {"error": pd.Series(errors, dtype=object)})

    def _likely(self, proba):
        """List the classes of a set, the likeliest first."""
        order = np.argsort(-proba, kind="stable")
        if self.threshold is None:
            return None
        return [self.classes[k] for k in order if proba[k] >= self.threshold or k == order[0]]


class _CarefulLoader(AudioLoader):
    """Loader that refuses what no emotion can be heard in, and does not decode long files."""

    def __init__(self, mono="mix", longest=None):
        super().__init__(None, mono=mono)
        self.longest = longest

    def transform_clip(self, item):
        if self.longest is not None and is_path(item):
            self._refuse_long(duration_of(item) or 0.0)
        clip = super().transform_clip(item)
        if self.longest is not None:
            self._refuse_long(clip.duration)
        if clip.duration < _SHORTEST:
            raise AudioError(
                f"too short: {clip.duration:.2g} s, and {_SHORTEST} s at least are needed."
            )
        if np.std(clip, dtype=np.float64) <= _SILENCE:
            raise AudioError("silent: nothing in it is louder than -80 dB of full scale.")
        return clip

    def _refuse_long(self, duration):
        if duration > self.longest:
            raise AudioError(f"too long: {duration:.1f} s, and {self.longest:g} s are allowed.")


def _has_front_end(model):
    """Tell whether the first step takes files through steps that learn nothing."""
    first = model.steps[0][1] if isinstance(model, Pipeline) and len(model.steps) > 1 else None
    return isinstance(first, ClipPipeline) and isinstance(first.steps[0][1], AudioLoader)


def _channel_of(model):
    """Find which channel the model listens to; refuse one that does not take files."""
    parts = [model, *model.get_params(deep=True).values()] if hasattr(model, "get_params") else []
    channels = {part.mono for part in parts if isinstance(part, AudioLoader)}
    if not channels:
        raise ValueError(
            f"{type(model).__name__}: the model does not take files: no AudioLoader is in "
            "it. Train it with what describes the files as its first step, such as "
            "make_svm(make_front_end())."
        )
    if len(channels) > 1:
        raise ValueError(f"{type(model).__name__}: its parts listen to channels {channels}.")
    return channels.pop()


def _name(path):
    return os.fspath(path) if is_path(path) else str(path)


def _plain(problem, item):
    """Say what is wrong without the path, which the row has, and what only code can do."""
    text = problem.removeprefix(f"{item}: ") if is_path(item) else problem
    text = text.split(": ", 1)[1] if text.startswith("X[") else text
    return text.partition(" Remove the file or pass on_error=")[0]
