"""Measure the calibration and the prediction sets of trained models on unseen speakers.

The speakers of a real corpus are divided into five parts. For each part,
`sk_ser.training.train_model` trains on the other four. The predictions for the part give the
expected calibration error, the share of prediction sets that contain the right emotion (nominal:
90 %), and the size of the sets.

    SK_SER_DATA=/folder/of/corpora python benchmarks/trained_models.py --out trained_models.json
"""

import tempfile
from pathlib import Path

import _common
import numpy as np
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.utils import Bunch

from sk_ser.datasets import find_corpora
from sk_ser.model_selection import expected_calibration_error, uar_score
from sk_ser.training import train_model


def part_of(corpus, rows):
    return Bunch(
        data=corpus.data[rows],
        target=corpus.target[rows],
        groups=corpus.groups[rows],
        frame=corpus.frame.iloc[rows].reset_index(drop=True),
        name=corpus.name,
        DESCR=corpus.DESCR,
    )


def measure(corpus, model, cache):
    folds = StratifiedGroupKFold(5, shuffle=True, random_state=0)
    y, right, size, said = corpus.target, [], [], []
    proba = np.zeros((len(y), len(np.unique(y))))
    for train, test in folds.split(y, y, corpus.groups):
        trained = train_model(part_of(corpus, train), model, evaluate=False, memory=cache)
        found = trained.model.predict_proba(corpus.data[test])
        threshold = trained.header["prediction_set"]["threshold"]
        sets = (found >= threshold) | (found == found.max(axis=1, keepdims=True))
        places = np.searchsorted(trained.model.classes_, y[test])
        right += sets[np.arange(len(test)), places].tolist()
        size += sets.sum(axis=1).tolist()
        said += list(zip(test, trained.model.predict(corpus.data[test]), strict=True))
        proba[test] = found
    order, predicted = zip(*sorted(said), strict=True)
    if list(order) != list(range(len(y))):
        raise RuntimeError("The folds do not test each clip exactly once.")
    return {
        "corpus": corpus.name,
        "model": model,
        "n_clips": len(y),
        "n_speakers": len(np.unique(corpus.groups)),
        "uar": uar_score(y, list(predicted)),
        "calibration_error": expected_calibration_error(y, proba, classes=np.unique(y)),
        "mean_confidence": float(proba.max(axis=1).mean()),
        "coverage": float(np.mean(right)),
        "set_size": float(np.mean(size)),
    }


def main():
    parser = _common.arguments(__doc__)
    parser.add_argument("--corpora", nargs="+", default=["emodb", "ravdess", "urdu"])
    parser.add_argument("--models", nargs="+", default=["svm"])
    options = _common.parse_with_data(parser)
    rows = []
    with tempfile.TemporaryDirectory() as cache:
        for name in options.corpora:
            (corpus,) = find_corpora(Path(options.data) / name)
            for model in options.models:
                rows.append(measure(corpus, model, cache))
                print(rows[-1], flush=True)
    requirements = [
        (f"coverage, {row['corpus']}, {row['model']}", row["coverage"], ">=", 0.85) for row in rows
    ]
    _common.finish(options, "trained_models", ", ".join(options.corpora), requirements, rows=rows)


if __name__ == "__main__":
    main()
