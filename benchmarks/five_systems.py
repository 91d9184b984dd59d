"""The five starting systems: what their protocol gives, and what an unheard voice gives.

    SK_SER_DATA=/folder/of/corpora python benchmarks/five_systems.py --out five_systems.json

Runs the scripts in ``examples/`` as they are. Corpora that are not in the folder are left out,
and the result names those that were there. All take an hour and a half on one core; with
``--systems``, what was measured of the others before stays in the file.
"""

import json
import os
import sys
import warnings
from functools import partial
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from _common import arguments, finish, time_once

sys.path.insert(0, str(Path(__file__).parents[1] / "examples"))

#: Script, arguments after the data, and what its original reports.
SYSTEMS = {
    "tess_four_nets": ("tess_four_nets", "main", (), "1.00 each"),
    "tess_four_nets, every file twice": ("tess_four_nets", "main", (True,), "1.00 each"),
    "three_corpora_augmented": ("three_corpora_augmented", "main", (), "not stated"),
    "four_corpora_deep_cnn": ("four_corpora_deep_cnn", "main", (), "not stated"),
    "tess_lstm": ("tess_lstm", "train", (), "0.67"),
    "ravdess_dense": ("ravdess_dense", "main", (), "not stated"),
}


def measure(data, script, function, more):
    run = partial(getattr(import_module(script), function), data, *more)
    seconds, found = time_once(run)
    comparisons = found if isinstance(found, tuple) else (found,)
    rows = [
        {
            "model": row.estimator,
            "protocol": row.protocol,
            "uar": row.uar,
            "accuracy": row.accuracy,
            "uar_interval": [row.uar_low, row.uar_high],
            "seen": row.seen,
        }
        for comparison in comparisons
        for row in comparison.table.itertuples()
    ]
    corpora = sorted({_corpus(name) for name in comparisons[-1].predictions["speaker"]} - {""})
    return {"seconds": seconds, "corpora": corpora, "rows": rows}


def _corpus(speaker):
    """Name the corpus that a speaker of several corpora is of."""
    return speaker.rpartition("/")[0]


def _measured_before(out):
    """Read the systems of an earlier run."""
    if not out or not Path(out).exists():
        return {}
    return json.loads(Path(out).read_text(encoding="utf-8"))["systems"]


def main():
    parser = arguments(__doc__)
    parser.add_argument("--systems", help="which of them, with semicolons between")
    options = parser.parse_args()
    if not options.data:
        parser.error("name the folder of corpora: --data or SK_SER_DATA")
    data = str(Path(options.data).resolve())
    options.out = options.out and str(Path(options.out).resolve())
    wanted = options.systems.split(";") if options.systems else SYSTEMS
    systems, here = _measured_before(options.out), os.getcwd()
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # the scripts leave plots and a cache where they are run
        os.chdir(folder)
        for name in wanted:
            *how, reported = SYSTEMS[name]
            systems[name] = {"reported": reported} | measure(data, *how)
        os.chdir(here)
    systems = {name: systems[name] for name in SYSTEMS if name in systems}
    finish(options, "five_systems", "real corpora", [], systems=systems)


if __name__ == "__main__":
    main()
