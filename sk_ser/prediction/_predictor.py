"""A model taken apart, so that what fails for one clip fails for that clip alone."""

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted

from sk_ser._clipwise import message_of
from sk_ser._containers import is_path, pack
from sk_ser.audio import AudioLoader, Clip
from sk_ser.features import ClipPipeline
from sk_ser.prediction._loader import CarefulLoader


class Predictor:
    """A model taken apart: what describes one clip at a time, and what classifies many."""

    def __init__(self, model, header=None, n_jobs=None, max_duration=None):
        model = getattr(model, "best_estimator_", model)
        self.mono = _channel_of(model)
        check_is_fitted(model)
        if not hasattr(model, "classes_"):
            raise ValueError(f"{type(model).__name__} is no classifier: it has no classes_.")
        self.classes = np.asarray(model.classes_).tolist()
        self.threshold = ((header or {}).get("prediction_set") or {}).get("threshold")
        steps = [("loader", CarefulLoader(self.mono, max_duration))]
        self.classifier = model
        if _has_front_end(model):
            # a clip that is decoded takes the same steps from the resampling on
            steps += [(f"then_{name}", step) for name, step in model[0].steps]
            self.classifier = model[1:]
        self.front_end = ClipPipeline(steps, n_jobs=n_jobs)
        self.has_proba = hasattr(model, "predict_proba")

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
            problems |= {tried[k]: message_of(error) for k, error in failed.items()}
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
                emotions[place] = answer.item() if hasattr(answer, "item") else answer
        columns = {"emotion": pd.Series(emotions, dtype=object)}
        if self.has_proba:
            columns |= {str(name): proba[:, k] for k, name in enumerate(self.classes)}
            if self.threshold is not None:
                columns["prediction_set"] = pd.Series(sets, dtype=object)
        errors = [problems.get(place) for place in range(n_rows)]
        return pd.DataFrame(columns | {"error": pd.Series(errors, dtype=object)})

    def _likely(self, proba):
        """List the classes of a set, the likeliest first."""
        if self.threshold is None:
            return None
        order = np.argsort(-proba, kind="stable")
        return [self.classes[k] for k in order if proba[k] >= self.threshold or k == order[0]]


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
