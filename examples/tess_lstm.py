"""TESS: an LSTM over MFCC, chroma and mel bands, trained, plotted, saved and used.

The original reports 67 % on a random split, plots loss and accuracy, and saves the net for a second
script. Here, the net is also tested on the other speaker.

    python examples/tess_lstm.py train FOLDER_OR_ZIP_WITH_TESS
    python examples/tess_lstm.py predict tess_lstm/model.joblib FILE...
"""

from pathlib import Path

import joblib
import pandas as pd
from _arguments import existing, make_parser, usage_errors
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
    # the LSTM reads the 40 + 12 + 128 means as a sequence of 180 numbers
    front_end = features.make_clip_pipeline(
        AudioLoader(22_050),
        features.make_frame_union(
            features.MFCC(n_mfcc=40), features.Chroma(), features.MelSpectrogram(scale="db")
        ),
        features.Functionals(("mean",)),
        memory="cache",
        n_jobs=-1,
    )
    training = {"max_epochs": 60, "early_stopping": "clips", "schedule": None}
    net = LSTMClassifier(128, dropout=0.3, random_state=42, **training)
    return make_pipeline(front_end, StandardScaler(), net)


def train(source):
    (corpus,) = find_corpora(source, names=["tess"])
    X, y, options = corpus.data, corpus.target, {"random_state": 42, "verbose": True}
    options |= {"groups": corpus.groups, "protocols": PROTOCOLS}
    comparison = compare_protocols({"LSTM": make_model()}, X, y, **options)
    print(comparison, comparison.report("LSTM", "the other speaker"), sep="\n")
    save_plots(corpus, comparison, OUT)
    model = make_model().fit(X, y)
    figure = TrainingCurveDisplay.from_estimator(model).plot(title="TESS, LSTM").figure_
    figure.savefig(OUT / "curves.png", dpi=200, bbox_inches="tight")
    model[0].set_params(memory=None)  # the file does not refer to the cache
    joblib.dump(model, OUT / "model.joblib")
    return comparison


def predict(model, *paths):
    model = joblib.load(model)
    table = pd.DataFrame(model.predict_proba(list(paths)), paths, model.classes_)
    print(table.assign(emotion=table.idxmax(axis=1)).round(2).to_string())


if __name__ == "__main__":
    parser = make_parser(__doc__)
    parser.add_argument("command", choices=["train", "predict"])
    parser.add_argument("path", type=existing, help="folder or zip file with TESS, or a model")
    parser.add_argument("files", nargs="*", type=existing, help="recordings to predict")
    options = parser.parse_args()
    if bool(options.files) != (options.command == "predict"):
        parser.error("predict needs recordings, train takes none")
    with usage_errors(parser):
        {"train": train, "predict": predict}[options.command](options.path, *options.files)
