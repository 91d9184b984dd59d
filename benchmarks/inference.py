"""Test, group, calibrate and cover: inference on real corpora under two protocols.

    SK_SER_DATA=/folder/of/corpora python benchmarks/inference.py --out inference.json

The two baselines, untuned and with probabilities, on the folds of ``real_corpora.py``: significance
tests, results by group, calibration of probabilities, and coverage of prediction sets. ``--figures
FOLDER`` writes figures. The benchmark needs the extras boost and plot.
"""

import warnings
from pathlib import Path

import pandas as pd
from _common import arguments, finish, parse_with_data
from real_corpora import UNSEEN

from sk_ser.classifiers import make_svm, make_xgboost
from sk_ser.datasets import find_corpora
from sk_ser.features import make_front_end
from sk_ser.inspection import GroupResultsDisplay, ReliabilityDisplay
from sk_ser.model_selection import (
    calibration_scores,
    compare_protocols,
    conformal_coverage,
    corrected_t_test,
    cross_predict,
    group_results,
    sign_flip_test,
)

#: Columns of a corpus's table by which clips are grouped.
GROUPS = ("sex", "statement", "sentence", "intensity", "speaker")


def baselines():
    return {"svm": make_svm(probability=True), "xgboost": make_xgboost()}


def tests(found):
    """Test the difference of the models under each protocol, and the gap of each model."""
    rows, models = [], found.estimators
    for protocol in found.protocols:
        folds = found.folds[found.folds["protocol"] == protocol]
        one, other = (folds[folds["estimator"] == name] for name in models)
        t_test = corrected_t_test(
            one["uar"], other["uar"], n_train=one["n_train"], n_test=one["n_test"]
        )
        flips = sign_flip_test(found, *((name, protocol) for name in models), random_state=0)
        what = f"{models[0]} - {models[1]}, {protocol}"
        rows += [{"what": what, **t._asdict(), "text": str(t)} for t in (t_test, flips)]
    for model in models:
        flips = sign_flip_test(found, *((model, name) for name in found.protocols), random_state=0)
        rows.append({"what": f"{model}, gap", **flips._asdict(), "text": str(flips)})
    return rows


def calibration(X, corpus, protocols, folder):
    """Score and plot the probabilities of each model under each protocol."""
    rows = []
    for name, model in baselines().items():
        proba = {
            protocol: cross_predict(
                model,
                X,
                corpus.target,
                groups=corpus.groups,
                protocol=folds,
                method="predict_proba",
                n_splits=6,
                random_state=0,
            )
            for protocol, folds in protocols.items()
        }
        for protocol, table in proba.items():
            scores = calibration_scores(corpus.target, table)
            rows.append({"model": name, "protocol": protocol, **scores})
        if folder:
            display = ReliabilityDisplay.from_predictions(corpus.target, proba)
            display.plot(title=f"{corpus.name}, {name}")
            display.figure_.savefig(Path(folder) / f"{corpus.name}_{name}_reliability.png", dpi=120)
    return rows


def coverage(X, corpus, protocols):
    """Measure the coverage of prediction sets of 90 % for each model."""
    parts = [
        conformal_coverage(
            model,
            X,
            corpus.target,
            groups=corpus.groups,
            protocols=protocols,
            n_splits=6,
            coverage=0.9,
            random_state=0,
        ).assign(model=name)
        for name, model in baselines().items()
    ]
    return pd.concat(parts, ignore_index=True)


def groups(found, corpus, folder):
    """Score each group of each column that the corpus has."""
    tables = []
    for by in GROUPS:
        # a figure with more groups, such as TESS's 200 words, is unreadable
        if by not in corpus.frame or not 0 < corpus.frame[by].nunique() <= 50:
            continue
        tables.append(group_results(found, corpus.frame, by=by).assign(by=by))
        if folder:
            display = GroupResultsDisplay.from_comparison(found, corpus.frame, by=by)
            display.plot(title=f"{corpus.name}, {found.estimators[0]}")
            display.figure_.savefig(Path(folder) / f"{corpus.name}_{by}.png", dpi=120)
    return pd.concat(tables, ignore_index=True)


def measure(corpus, folder, memory):
    """Measure everything on one corpus, and print each part when it is finished."""
    X = make_front_end(memory=memory).fit_transform(corpus.data)
    protocols = {"random": "random", "unseen speakers": UNSEEN[corpus.name]}
    options = {"groups": corpus.groups, "protocols": protocols, "n_splits": 6, "random_state": 0}
    found = compare_protocols(baselines(), X, corpus.target, **options)
    print(corpus.name, found, sep="\n", flush=True)
    result = {"tests": tests(found)}
    for row in result["tests"]:
        print(f"{row['what']}: {row['text']}", flush=True)
    by_group = groups(found, corpus, folder)
    result["groups"] = show(by_group, by_group.query("worst and by != 'speaker'"))
    result["calibration"] = show(pd.DataFrame(calibration(X, corpus, protocols, folder)))
    result["coverage"] = show(coverage(X, corpus, protocols))
    return result


def show(table, part=None):
    print((table if part is None else part).round(3).to_string(index=False), flush=True)
    return table.to_dict("records")


def main():
    parser = arguments(__doc__)
    parser.add_argument("--corpora", default="ravdess,emodb", help="names, separated by commas")
    parser.add_argument("--figures", metavar="FOLDER", help="folder for figures")
    parser.add_argument("--memory", help="folder for cached features")
    options = parse_with_data(parser)
    # the tables contain the same notes
    warnings.simplefilter("ignore")
    measured = {
        corpus.name: measure(corpus, options.figures, options.memory)
        for corpus in find_corpora(options.data)
        if corpus.name in options.corpora.split(",")
    }
    requirements = []
    for name, result in measured.items():
        by_way = pd.DataFrame(result["coverage"]).query("model == 'svm'")
        covered = by_way.set_index(["protocol", "calibration"])["coverage"]
        known, new = (covered[tested, "seen speakers"] for tested in ("random", "unseen speakers"))
        requirements += [
            (f"{name}: coverage of known speakers, promised 0.9", known, ">=", 0.87),
            (f"{name}: coverage of new speakers, promised 0.9", new, "<=", 0.89),
        ]
    finish(options, "inference", options.corpora, requirements, **measured)


if __name__ == "__main__":
    main()
