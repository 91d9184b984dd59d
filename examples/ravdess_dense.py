"""RAVDESS: a dense net of 230,791 parameters over 105 features, with four augmented copies.

Clips are cut to 3.5 s at 16 kHz. Features: 13 MFCC (mean, standard deviation, mean of the delta),
48 mel bands in dB, centroid, roll-off and zero-crossing rate (mean and standard deviation), 12
pitch classes. Layers: 512, 256, 128 and 64 units with batch normalisation and dropout. Without sad
clips. 355 random test files, as published, and unseen speakers. Test clips are never copied.

    python examples/ravdess_dense.py FOLDER_OR_ZIP_WITH_RAVDESS
"""

from _arguments import existing, make_parser, usage_errors
from sklearn.compose import ColumnTransformer
from sklearn.model_selection import StratifiedShuffleSplit
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sk_ser import features
from sk_ser.audio import AudioLoader
from sk_ser.augmentation import AddNoise, AugmentedClassifier, PitchShift, TimeShift, TimeStretch
from sk_ser.benchmark import save_plots
from sk_ser.datasets import find_corpora
from sk_ser.model_selection import compare_protocols
from sk_ser.neural import DenseClassifier

SHAPE = ["spectral_centroid", "spectral_rolloff", "zcr"]
COLUMNS = [
    *[f"mfcc_{i}__{what}" for what in ("mean", "std", "delta__mean") for i in range(13)],
    *[f"mel_{i}__mean" for i in range(48)],
    *[f"{name}__{what}" for name in SHAPE for what in ("mean", "std")],
    *[f"chroma_{i}__mean" for i in range(12)],
]


def make_model():
    front_end = features.make_clip_pipeline(
        features.make_frame_union(
            features.MFCC(n_mfcc=13),
            features.MelSpectrogram(n_mels=48, scale="db"),
            features.SpectralStatistics(("centroid", "rolloff")),
            features.ZeroCrossingRate(),
            features.Chroma(),
        ),
        features.Delta(orders=(1,)),
        features.Functionals(("mean", "std")),
        memory="cache",
        n_jobs=-1,
    ).set_output(transform="pandas")
    columns = ColumnTransformer([("picked", "passthrough", COLUMNS)])
    net = DenseClassifier((512, 256, 128, 64), max_epochs=60, schedule="plateau")
    augmenters = [AddNoise(), TimeStretch(), PitchShift(), TimeShift()]
    model = make_pipeline(front_end, columns, StandardScaler(), net)
    return AugmentedClassifier(model, augmenters, n_copies=4)


def main(source):
    (corpus,) = find_corpora(source, names=["ravdess"])
    rows = (corpus.target != "sadness").nonzero()[0]
    corpus.target, corpus.groups = corpus.target[rows], corpus.groups[rows]
    clips = AudioLoader(16_000, duration=3.5).transform([corpus.data[row] for row in rows])
    comparison = compare_protocols(
        {"dense": make_model()},
        clips,
        corpus.target,
        groups=corpus.groups,
        protocols={
            "355 random files": StratifiedShuffleSplit(1, test_size=355, random_state=42),
            "speaker-independent": "speaker-independent",
        },
        random_state=42,
    )
    print(comparison, comparison.report("dense", "speaker-independent"), sep="\n")
    save_plots(corpus, comparison, "ravdess_dense")
    return comparison


if __name__ == "__main__":
    parser = make_parser(__doc__)
    parser.add_argument("source", type=existing, metavar="FOLDER_OR_ZIP_WITH_RAVDESS")
    with usage_errors(parser):
        main(parser.parse_args().source)
