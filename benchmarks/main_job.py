"""Run ``sk-ser benchmark`` on real corpora and keep its leaderboard.

    SK_SER_DATA=/folder/of/corpora python benchmarks/main_job.py --out main_job.json

The JSON file has each row of the leaderboard and the seconds of the whole command. The command
writes plots and models to ``--folder``.
"""

import json
import subprocess
from functools import partial
from pathlib import Path

from _common import SK_SER, arguments, finish, parse_with_data, time_once

from sk_ser.benchmark import read_results

#: Folders of the corpora, where they have one each.
CORPORA = ("ravdess", "emodb", "tess", "savee", "urdu")


def main():
    parser = arguments(__doc__)
    parser.add_argument("--folder", default="sk-ser-results", help="for results and plots")
    options = parse_with_data(parser)
    folders = [Path(options.data) / name for name in CORPORA]
    sources = [str(folder) for folder in folders if folder.is_dir()] or [options.data]
    command = [*SK_SER, "benchmark", *sources, "--out", options.folder]
    seconds, _ = time_once(partial(subprocess.run, command, check=True))
    results = Path(options.folder) / "results.json"
    rows = [
        {
            "corpus": corpus,
            "model": gap.estimator,
            "chance": comparison.chance,
            "uar_unseen": gap.uar,
            "uar_unseen_interval": _interval(comparison.row(gap.estimator, gap.protocol)),
            "uar_random": gap.uar_reference,
            "uar_random_interval": _interval(comparison.row(gap.estimator, gap.reference)),
            "gap_points": gap.gap,
            "gap_interval": [gap.gap_low, gap.gap_high],
        }
        for corpus, comparison in read_results(results).items()
        for gap in comparison.gap.itertuples()
    ]
    tuned = {
        name: corpus["tuned"] for name, corpus in json.loads(results.read_text())["corpora"].items()
    }
    finish(options, "main_job", "real corpora", [], rows=rows, seconds=seconds, tuned=tuned)


def _interval(row):
    return [row["uar_low"], row["uar_high"]]


if __name__ == "__main__":
    main()
