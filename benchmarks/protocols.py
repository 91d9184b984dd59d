"""Score the SVM under protocols by speaker, sentence and corpus, and measure selection bias.

    SK_SER_DATA=/folder/of/corpora python benchmarks/protocols.py --out protocols.json

The SVM baseline is tuned within each fold. It is scored on each corpus with random folds, unseen
speakers, unseen sentences, and both, and for each ordered pair of corpora. The bias of a search's
best score is measured for the three settings of the baseline, for ``--settings`` random settings,
and for as many seeds of a small forest.
"""

import warnings

from _common import arguments, finish, parse_with_data, time_once
from real_corpora import UNSEEN
from scipy.stats import loguniform
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.feature_selection import SelectPercentile
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from sk_ser.classifiers import make_svm
from sk_ser.datasets import concat_corpora, find_corpora
from sk_ser.features import make_front_end
from sk_ser.model_selection import TuningFolds, compare_protocols, selection_optimism, uar_scorer

WITHIN = (
    "random",
    "speaker-independent",
    "sentence-independent",
    "speaker-and-sentence-independent",
)
INNER = {"cv": TuningFolds(random_state=0), "scoring": uar_scorer}
GRID = {"svc__C": [0.3, 1.0, 3.0]}
#: A wide search: kernels, their widths, and the share of features.
SPACE = {
    "selectpercentile__percentile": [1, 2, 5, 10, 20, 50, 100],
    "svc__kernel": ["linear", "rbf", "poly", "sigmoid"],
    "svc__C": loguniform(1e-3, 1e3),
    "svc__gamma": loguniform(1e-6, 1e-1),
    "svc__class_weight": [None, "balanced"],
}


def baseline():
    return GridSearchCV(make_svm(), GRID, **INNER)


def wide(n_settings):
    model = make_pipeline(StandardScaler(), SelectPercentile(), SVC())
    return RandomizedSearchCV(model, SPACE, n_iter=n_settings, random_state=0, **INNER)


def seeds(n_settings):
    """Search over the seeds of a small forest only."""
    model = ExtraTreesClassifier(10)
    return GridSearchCV(model, {"random_state": list(range(n_settings))}, **INNER)


def compare(X, corpus, protocols):
    return compare_protocols(
        {"svm": baseline()},
        X,
        corpus.target,
        groups=corpus.groups,
        metadata=corpus.frame,
        protocols=protocols,
        random_state=0,
    )


def searches(n):
    return {
        "SVM, 3 values of C": baseline(),
        f"SVM, {n} settings drawn at random": wide(n),
        f"10 trees, {n} seeds": seeds(n),
    }


def measure_optimism(X, corpus, name, search):
    found = selection_optimism(
        {name: search},
        X,
        corpus.target,
        groups=corpus.groups,
        cv="speaker-independent",
        random_state=0,
    )
    print(found, flush=True)
    flat, nested = (rows_of("", found)[i] for i in range(2))
    (gap,) = found.gap.to_dict("records")
    return {
        "corpus": corpus.name,
        "search": name,
        "best_score": found.settings["best_score"],
        "flat": flat["uar"],
        "flat_interval": flat["interval"],
        "nested": nested["uar"],
        "nested_interval": nested["interval"],
        "gap_points": gap["gap"],
        "gap_interval": [gap["gap_low"], gap["gap_high"]],
    }


def rows_of(corpus, comparison):
    return [
        {
            "corpus": corpus,
            "protocol": row.protocol,
            "uar": row.uar,
            "interval": [row.uar_low, row.uar_high],
            "n_clips": row.n_clips,
            "n_folds": row.n_folds,
        }
        for row in comparison.table.itertuples()
    ]


def main():
    parser = arguments(__doc__)
    parser.add_argument("--settings", type=int, default=200, help="settings of the wide searches")
    parser.add_argument("--optimism", default="emodb", help="corpora for the selection bias")
    parser.add_argument("--jobs", type=int, default=1, help="number of processes for the features")
    options = parse_with_data(parser)
    # each result prints its notes, such as that TESS has two speakers
    warnings.simplefilter("ignore")
    corpora = find_corpora(options.data, names=list(UNSEEN))
    front_end = make_front_end(n_jobs=options.jobs)
    together = concat_corpora(*corpora)
    # features of a clip do not depend on the clips beside it
    X = front_end.transform(together.data)
    rows, optimism, seconds, start = [], [], {}, 0
    for corpus in corpora:
        part = X[start : start + len(corpus.data)]
        start += len(corpus.data)
        known = corpus.frame["sentence"].notna().all()
        protocols = WITHIN if known else WITHIN[:2]
        seconds[corpus.name], found = time_once(lambda: compare(part, corpus, protocols))  # noqa: B023
        print(corpus.name, found, sep="\n", flush=True)
        rows += rows_of(corpus.name, found)
        if corpus.name in options.optimism.split(","):
            for name, search in searches(options.settings).items():
                optimism.append(measure_optimism(part, corpus, name, search))
    seconds["across"], across = time_once(
        lambda: compare(X, together, ("leave-one-corpus-out", "cross-corpus"))
    )
    print(across)
    rows += rows_of("all", across)
    finish(options, "protocols", "real corpora", [], rows=rows, optimism=optimism, seconds=seconds)


if __name__ == "__main__":
    main()
