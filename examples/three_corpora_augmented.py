"""RAVDESS, SAVEE and CREMA-D together: the leak of augmenting before the split.

The original loads three zip files, adds noisy, stretched and shifted copies of every clip, splits
everything at random, and trains a PyTorch net on MFCC: copies of test clips are in the training
set. Here, this is compared with copies of training clips only, under a random split and on unseen
speakers.

    python examples/three_corpora_augmented.py FOLDER_OR_ZIP...
"""

import numpy as np
from _arguments import existing, make_parser, usage_errors
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sk_ser.audio import AudioLoader
from sk_ser.augmentation import AddNoise, AugmentedClassifier, PitchShift, TimeStretch
from sk_ser.benchmark import save_plots
from sk_ser.datasets import concat_corpora, find_corpora
from sk_ser.features import MFCC, Functionals, make_clip_pipeline
from sk_ser.inspection import ClipDisplay
from sk_ser.model_selection import compare_protocols
from sk_ser.neural import DenseClassifier

WANTED = ("ravdess", "savee", "cremad")
OUT = "three_corpora_augmented"
AUGMENTERS = [AddNoise(random_state=0), TimeStretch(random_state=0), PitchShift(random_state=0)]


def make_model():
    front_end = make_clip_pipeline(MFCC(n_mfcc=40), Functionals(("mean", "std")), memory="cache")
    net = DenseClassifier((512, 256, 128), dropout=0.2, class_weight="balanced")
    return make_pipeline(front_end, StandardScaler(), net)


def evaluate(name, model, clips, y, speakers, protocols):
    options = {"protocols": protocols, "random_state": 0, "verbose": True}
    return compare_protocols({name: model}, clips, y, groups=speakers, **options)


def main(*sources):
    corpora = [corpus for source in sources for corpus in find_corpora(source, names=WANTED)]
    corpus = concat_corpora(*corpora)
    y, speakers = corpus.target, corpus.groups
    clips = list(AudioLoader(16_000, trim=30).transform(corpus.data))

    everything = [
        *clips,
        *(copy for augmenter in AUGMENTERS for copy in augmenter.transform(clips)),
    ]
    n = 1 + len(AUGMENTERS)
    leaking = evaluate(
        "augmented, then split",
        make_model(),
        everything,
        np.tile(y, n),
        np.tile(speakers, n),
        "random",
    )
    model = AugmentedClassifier(make_model(), AUGMENTERS, n_copies=3)
    protocols = ("random", "speaker-independent")
    correct = evaluate("split, then augmented", model, clips, y, speakers, protocols)

    print(leaking, correct, sep="\n\n")
    print(correct.report("split, then augmented", "speaker-independent"))
    save_plots(corpus, correct, OUT)
    # a notebook shows a player for a clip at the end of a cell
    ClipDisplay.from_clip(clips[0]).plot(title=y[0]).figure_.savefig(f"{OUT}/clip.png", dpi=200)
    return leaking, correct


if __name__ == "__main__":
    parser = make_parser(__doc__)
    parser.add_argument("sources", nargs="+", type=existing, metavar="FOLDER_OR_ZIP")
    with usage_errors(parser):
        main(*parser.parse_args().sources)
