"""RAVDESS, CREMA-D, TESS and SAVEE: a deep 1-D CNN over 162 means, four augmentations, 8 classes.

The original computes the means of zero-crossing rate, chroma, MFCC, RMS energy and mel bands,
makes copies with noise, stretching, shifts in time and in pitch, and splits everything at random.
Here, only training clips are copied, and further splits are by speaker and by corpus.

    python examples/four_corpora_deep_cnn.py FOLDER_OR_ZIP...
"""

from _arguments import existing, make_parser, usage_errors
from sklearn.model_selection import LeaveOneGroupOut
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sk_ser.audio import AudioLoader
from sk_ser.augmentation import AddNoise, AugmentedClassifier, PitchShift, TimeShift, TimeStretch
from sk_ser.benchmark import save_plots
from sk_ser.datasets import concat_corpora, find_corpora
from sk_ser.features import (
    MFCC,
    Chroma,
    Functionals,
    MelSpectrogram,
    RMSEnergy,
    ZeroCrossingRate,
    make_clip_pipeline,
    make_frame_union,
)
from sk_ser.model_selection import compare_protocols
from sk_ser.neural import CNNClassifier

WANTED = ("ravdess", "cremad", "tess", "savee")


def make_model():
    front_end = make_clip_pipeline(
        make_frame_union(
            ZeroCrossingRate(), Chroma(), MFCC(n_mfcc=20), RMSEnergy(), MelSpectrogram(scale="db")
        ),
        Functionals(("mean",)),
        memory="cache",
    )
    net = CNNClassifier((128, 128, 64, 64), dropout=0.2, max_epochs=30, class_weight="balanced")
    model = make_pipeline(front_end, StandardScaler(), net)
    augmenters = [AddNoise(), TimeStretch(), TimeShift(), PitchShift()]
    return AugmentedClassifier(model, augmenters, n_copies=4)


def main(*sources):
    corpora = [corpus for source in sources for corpus in find_corpora(source, names=WANTED)]
    corpus = concat_corpora(*corpora)
    protocols = {"random": "random", "speaker-independent": "speaker-independent"}
    if len(corpora) > 1:
        names = corpus.frame["corpus"]
        protocols["other corpora"] = list(LeaveOneGroupOut().split(names, groups=names))
    comparison = compare_protocols(
        {"deep CNN": make_model()},
        list(AudioLoader(16_000, offset=0.6, duration=2.5).transform(corpus.data)),
        corpus.target,
        groups=corpus.groups,
        protocols=protocols,
        random_state=0,
        verbose=True,
    )
    print(comparison, comparison.report("deep CNN", "speaker-independent"), sep="\n")
    save_plots(corpus, comparison, "four_corpora_deep_cnn")
    return comparison


if __name__ == "__main__":
    parser = make_parser(__doc__)
    parser.add_argument("sources", nargs="+", type=existing, metavar="FOLDER_OR_ZIP")
    with usage_errors(parser):
        main(*parser.parse_args().sources)
