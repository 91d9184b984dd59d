"""Run ``sk-ser benchmark`` on the real corpora, and keep its leaderboard.

    SK_SER_DATA=/folder/of/corpora python benchmarks/main_job.py --out main_job.json

Writes each row of the leaderboard and the seconds that the whole command took; plots and models
go to ``--folder``.
"""

import json
import subprocess
import sys
from functools import partial
from pathlib import Path

from _common import arguments, finish, time_once

from sk_ser.benchmark import read_results


def main():
    parser = arguments(__doc__)
    parser.add_argument("--folder", default="sk-ser-results", help="for results and plots")
    options = parser.parse_args()
    if not options.data:
        parser.error("name the folder of corpora: --data or SK_SER_DATA")
    command = [sys.executable, "-c", "from sk_ser.cli import app; app()"]
    command += ["benchmark", options.data, "--out", options.folder]
    seconds, _ = time_once(partial(subprocess.run, command, check=True))
    results = Path(options.folder) / "results.json"
    rows = [
        {
            "corpus": corpus,
            "model": gap.estimator,
            "chance": comparison.chance,
            "uar_unheard": gap.uar,
            "uar_unheard_interval": _interval(comparison.row(gap.estimator, gap.protocol)),
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
