"""Score nets, and their soft votes with the SVM, on RAVDESS's six folds of unseen speakers.

    SK_SER_DATA=/folder/of/corpora python benchmarks/ravdess_nets.py --out ravdess_nets.json

Each net is fitted once for each fold and seed in scikit-learn's VotingClassifier, together with
``make_svm(make_front_end(), probability=True)``. The vote, the net and the SVM are scored on the
same fits. UAR is computed from the pooled predictions of all folds. Earlier results of other nets
stay in the file.
"""

import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from _common import arguments, finish, measured_before, parse_with_data, time_once
from joblib import Parallel, delayed
from real_corpora import UNSEEN
from sklearn.ensemble import VotingClassifier

from sk_ser.classifiers import make_svm
from sk_ser.datasets import find_corpora
from sk_ser.features import make_front_end, make_sequence_front_end
from sk_ser.model_selection import SpeakerFolds, uar_score
from sk_ser.neural import make_net

NETS = ("cnn", "lstm", "bilstm", "gru", "dense")


def make_vote(name, seed, memory):
    svm = make_svm(make_front_end(memory=memory), probability=True, random_state=seed)
    front_end = make_front_end if name == "dense" else make_sequence_front_end
    net = make_net(name, front_end(memory=memory), random_state=seed)
    return VotingClassifier([("svm", svm), (name, net)], voting="soft")


def fit_fold(name, seed, memory, paths, y, train, test):
    """Fit one fold. Return the predicted labels of each member and of the vote."""
    vote = make_vote(name, seed, memory)
    start = time.perf_counter()
    vote.fit(paths[train], y[train])
    seconds = time.perf_counter() - start
    labels = {"vote": vote.predict(paths[test])}
    for member, model in vote.named_estimators_.items():
        labels[member] = vote.classes_[model.predict(paths[test])]
    return labels, seconds


def measure(name, seed, memory, corpus, folds, n_jobs):
    paths = np.array(corpus.data)
    tasks = [delayed(fit_fold)(name, seed, memory, paths, corpus.target, *fold) for fold in folds]
    wall, results = time_once(partial(Parallel(n_jobs=n_jobs), tasks))
    truth = np.concatenate([corpus.target[test] for _, test in folds])
    pooled = {
        who: uar_score(truth, np.concatenate([labels[who] for labels, _ in results]))
        for who in results[0][0]
    }
    row = {"net": name, "seed": seed, "wall_s": wall, "fold_s": [s for _, s in results]}
    row |= {f"uar_{'net' if who == name else who}": score for who, score in pooled.items()}
    print(row, flush=True)
    return row


def main():
    parser = arguments(__doc__)
    parser.add_argument("--nets", default="cnn", help="names, separated by commas")
    parser.add_argument("--seeds", type=int, default=3, help="number of seeds")
    parser.add_argument("--jobs", type=int, default=2, help="number of processes")
    options = parse_with_data(parser)
    (corpus,) = find_corpora(options.data, names=["ravdess"])
    folds = list(SpeakerFolds(UNSEEN["ravdess"]).split(corpus.data, corpus.target, corpus.groups))
    with TemporaryDirectory() as temporary:
        memory = Path(temporary)
        for front_end in (make_front_end, make_sequence_front_end):
            front_end(memory=memory, n_jobs=options.jobs).transform(corpus.data)
        nets = options.nets.split(",")
        rows = [row for row in measured_before(options.out, "rows", []) if row["net"] not in nets]
        rows += [
            measure(name, seed, memory, corpus, folds, options.jobs)
            for name in nets
            for seed in range(options.seeds)
        ]
    summary = {name: summarise(name, rows) for name in NETS if any(r["net"] == name for r in rows)}
    best = max(summary.values(), key=lambda one: one["uar_net_mean"])
    requirements = [
        ("best net, mean over seeds", best["uar_net_mean"], ">=", 0.60),
        ("its soft vote with the SVM, mean over seeds", best["uar_vote_mean"], ">=", 0.65),
        ("minutes for all folds of a seed", best["minutes"], "<=", 20),
    ]
    finish(options, "ravdess_nets", "ravdess", requirements, rows=rows, summary=summary)


def summarise(name, rows):
    mine = [row for row in rows if row["net"] == name]
    summary = {"minutes": float(np.mean([row["wall_s"] for row in mine])) / 60}
    for who in ("net", "vote", "svm"):
        scores = [row[f"uar_{who}"] for row in mine]
        summary[f"uar_{who}_mean"] = float(np.mean(scores))
        summary[f"uar_{who}_sd"] = float(np.std(scores, ddof=1)) if len(scores) > 1 else 0.0
    return summary


if __name__ == "__main__":
    main()
