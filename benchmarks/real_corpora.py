"""Score the baselines on real corpora: unseen speakers and a random split.

    SK_SER_DATA=/folder/of/corpora python benchmarks/real_corpora.py --out real_corpora.json

The folds of unseen speakers are those of the literature: RAVDESS's six folds of actors,
leave-one-speaker-out on EMO-DB, TESS and SAVEE, six folds of speakers on URDU. The random split has
six folds. ``--opensmile`` adds eGeMAPS with an RBF SVM and ComParE 2016 with a linear SVM, tuned in
the same way (``pip install opensmile``; its licence forbids commercial use). ``--check`` compares
the better baseline with published results of eGeMAPS + SVM on the same folds.
"""

import warnings
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import joblib
import numpy as np
from _common import arguments, finish, parse_with_data, time_once
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold

from sk_ser.audio import AudioLoader
from sk_ser.baselines import make_baselines
from sk_ser.classifiers import make_svm
from sk_ser.datasets import find_corpora
from sk_ser.model_selection import TuningFolds, compare_protocols, uar_scorer

_RAVDESS_FOLDS = (
    (1, 11, 20, 21),
    (4, 10, 12, 14),
    (8, 9, 19, 23),
    (3, 5, 7, 24),
    (2, 15, 16, 18),
    (6, 13, 17, 22),
)
UNSEEN = {
    "ravdess": [{f"{actor:02}" for actor in fold} for fold in _RAVDESS_FOLDS],
    "emodb": "leave-one-speaker-out",
    "tess": "leave-one-speaker-out",
    "savee": "leave-one-speaker-out",
    "urdu": StratifiedGroupKFold(6, shuffle=True, random_state=0),
}
#: Published UAR of eGeMAPS + SVM on these folds, the required minimum, and of ComParE + SVM.
EGEMAPS = {"ravdess": 0.48, "emodb": 0.76, "tess": 0.26}
COMPARE = {"ravdess": 0.57, "emodb": 0.86, "tess": 0.48, "urdu": 0.53}


def compare(estimators, X, corpus, n_jobs):
    with warnings.catch_warnings():
        # the result contains the note that TESS has two speakers
        warnings.simplefilter("ignore")
        return compare_protocols(
            estimators,
            X,
            corpus.target,
            groups=corpus.groups,
            protocols={"random": "random", "unseen speakers": UNSEEN[corpus.name]},
            n_splits=6,
            random_state=0,
            n_jobs=n_jobs,
            verbose=True,
        )


def opponents():
    search = partial(GridSearchCV, scoring=uar_scorer, cv=TuningFolds(random_state=0))
    return {
        "eGeMAPSv02": {"eGeMAPS + RBF SVM": search(make_svm(kernel="rbf"), {"svc__C": [1, 10]})},
        "ComParE_2016": {"ComParE + linear SVM": search(make_svm(), {"svc__C": [0.3, 1, 3]})},
    }


def opensmile_vectors(paths, feature_set, n_jobs):
    import opensmile

    def describe(path):
        smile = opensmile.Smile(feature_set=opensmile.FeatureSet[feature_set])
        clip = AudioLoader(16_000).transform_clip(path)
        return smile.process_signal(np.asarray(clip), 16_000).to_numpy()[0]

    vectors = joblib.Parallel(n_jobs=n_jobs)(joblib.delayed(describe)(path) for path in paths)
    return np.nan_to_num(np.array(vectors, dtype=np.float32))


def rows(corpus, comparison):
    return [
        {
            "corpus": corpus,
            "model": gap.estimator,
            "uar_unseen": gap.uar,
            "uar_unseen_interval": list(
                comparison.row(gap.estimator, gap.protocol)[["uar_low", "uar_high"]]
            ),
            "uar_random": gap.uar_reference,
            "gap_points": gap.gap,
            "gap_interval": [gap.gap_low, gap.gap_high],
        }
        for gap in comparison.gap.itertuples()
    ]


def main():
    parser = arguments(__doc__)
    parser.add_argument(
        "--opensmile", action="store_true", help="also measure openSMILE's features"
    )
    parser.add_argument("--corpora", default=",".join(UNSEEN), help="names, separated by commas")
    parser.add_argument("--jobs", type=int, default=2, help="number of processes")
    parser.add_argument("--memory", help="folder for cached features (default: a temporary one)")
    options = parse_with_data(parser)
    measured, seconds = [], {}
    with TemporaryDirectory() as temporary:
        memory = Path(options.memory or temporary)
        for corpus in find_corpora(options.data):
            if corpus.name not in options.corpora.split(","):
                continue
            baselines = make_baselines(memory=memory, random_state=0)
            seconds[corpus.name], comparison = time_once(
                partial(compare, baselines, corpus.data, corpus, options.jobs)
            )
            print(corpus.name, comparison, sep="\n", flush=True)
            measured += rows(corpus.name, comparison)
            for feature_set, estimators in opponents().items() if options.opensmile else ():
                X = opensmile_vectors(corpus.data, feature_set, options.jobs)
                comparison = compare(estimators, X, corpus, options.jobs)
                print(comparison, flush=True)
                measured += rows(corpus.name, comparison)
    requirements = []
    for corpus in seconds:
        ours = (row for row in measured if row["corpus"] == corpus and row["model"] in baselines)
        best = max(row["uar_unseen"] for row in ours)
        if corpus in EGEMAPS:
            requirements.append((f"{corpus}: better baseline", best, ">=", EGEMAPS[corpus]))
        if corpus in COMPARE:
            requirements.append((f"{corpus}: aim, ComParE", best, ">=", COMPARE[corpus]))
    finish(options, "real_corpora", options.corpora, requirements, rows=measured, seconds=seconds)


if __name__ == "__main__":
    main()
