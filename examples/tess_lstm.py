"""TESS by an LSTM over MFCC, chroma and mel bands: trained, plotted, saved, and asked.

The original reports 67 % on a random split, plots loss and accuracy, saves the net, and predicts
from a script of its own; ours is tested on the other speaker, too.

    python examples/tess_lstm.py train FOLDER_OR_ZIP_WITH_TESS
    python examples/tess_lstm.py predict tess_lstm/model.joblib FILE...
"""

import sys
from pathlib import Path

import joblib
import pandas as pd
from sklearn.model_selection import StratifiedShuffleSplit
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sk_ser import features
from sk_ser.audio import AudioLoader
from sk_ser.benchmark import save_plots
from sk_ser.datasets import find_corpora
from sk_ser.inspection import TrainingCurveDisplay
from sk_ser.model_selection import compare_protocols
from sk_ser.neural import LSTMClassifier

OUT = Path("tess_lstm")
PROTOCOLS = {
    "random 80/20, as published": StratifiedShuffleSplit(1, test_size=0.2, random_state=42),
    "the other speaker": "leave-one-speaker-out",
}


def make_model():
    # 40 + 12 + 128 means, which the LSTM reads as a sequence of 180 numbers
    front_end = features.make_clip_pipeline(
        AudioLoader(22_050),
        features.make_frame_union(
            features.MFCC(n_mfcc=40), features.Chroma(), features.MelSpectrogram(scale="db")
        ),
        features.Functionals(("mean",)),
        memory="cache",
        n_jobs=-1,
    )
    net = LSTMClassifier(
        128, dropout=0.3, max_epochs=60, early_stopping="clips", schedule=None, random_state=42
    )
    return make_pipeline(front_end, StandardScaler(), net)


def train(source):
    (corpus,) = find_corpora(source, names=["tess"])
    comparison = compare_protocols(
        {"LSTM": make_model()},
        corpus.data,
        corpus.target,
        groups=corpus.groups,
        protocols=PROTOCOLS,
        random_state=42,
        verbose=True,
    )
    print(comparison, comparison.report("LSTM", "the other speaker"), sep="\n")
    save_plots(corpus, comparison, OUT)
    model = make_model().fit(corpus.data, corpus.target)
    curves = TrainingCurveDisplay.from_estimator(model).plot(title="TESS, LSTM")
    curves.figure_.savefig(OUT / "curves.png", dpi=200, bbox_inches="tight")
    model[0].set_params(memory=None)  # the cache stays on this machine
    joblib.dump(model, OUT / "model.joblib")
    return comparison


def predict(model, *paths):
    model = joblib.load(model)
    table = pd.DataFrame(model.predict_proba(list(paths)), paths, model.classes_)
    print(table.assign(emotion=table.idxmax(axis=1)).round(2).to_string())


if __name__ == "__main__":
    {"train": train, "predict": predict}[sys.argv[1]](*sys.argv[2:])
