"""Score five published systems under their own protocol and on unseen speakers.

    SK_SER_DATA=/folder/of/corpora python benchmarks/five_systems.py --out five_systems.json

The benchmark runs the scripts in ``examples/`` unchanged. Corpora that are not in the folder are
left out, and the result lists the others. All systems together take 90 minutes on one core. With
``--systems``, the earlier results of the other systems stay in the file.
"""

import os
import sys
import warnings
from functools import partial
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from _common import arguments, finish, measured_before, parse_with_data, time_once

sys.path.insert(0, str(Path(__file__).parents[1] / "examples"))

#: Script, function, further arguments, and the accuracy that the original reports.
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
    """Return the corpus in the name of a speaker, or an empty string."""
    return speaker.rpartition("/")[0]


def main():
    parser = arguments(__doc__)
    parser.add_argument("--systems", help="systems to run, separated by semicolons")
    options = parse_with_data(parser)
    data = str(Path(options.data).resolve())
    options.out = options.out and str(Path(options.out).resolve())
    wanted = options.systems.split(";") if options.systems else SYSTEMS
    systems, here = measured_before(options.out, "systems", {}), os.getcwd()
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # the scripts write plots and a cache to the current folder
        os.chdir(folder)
        for name in wanted:
            *how, reported = SYSTEMS[name]
            systems[name] = {"reported": reported} | measure(data, *how)
        os.chdir(here)
    systems = {name: systems[name] for name in SYSTEMS if name in systems}
    finish(options, "five_systems", "real corpora", [], systems=systems)


if __name__ == "__main__":
    main()
