"""Time extraction on two cores against one.

Each clip is converted from its file to the vector of the baselines' front end
(`sk_ser.features.make_front_end`). A "cold" run starts the processes, a "warm" run finds them
running. Required: a warm run on two cores is at least 1.7 times as fast as one on one core. Cold
runs are reported, too.

    python benchmarks/parallel.py --out parallel.json --check

Run it on a machine without other load.
"""

import tempfile
from pathlib import Path

import _common
import numpy as np
from joblib.externals.loky import get_reusable_executor

from sk_ser.features import make_front_end


def main():
    parser = _common.arguments(__doc__)
    parser.add_argument("--clips", type=int, default=480)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    one, two = make_front_end(n_jobs=1), make_front_end(n_jobs=2)
    seconds = {"one core": [], "two cores, cold": [], "two cores, warm": []}
    with tempfile.TemporaryDirectory() as folder:
        paths, _, source = _common.write_clips(Path(folder), options.clips, data=options.data)
        one.transform(paths[:2])
        for _ in range(options.rounds):
            get_reusable_executor().shutdown(wait=True)
            cold, vectors = _common.time_once(lambda: two.transform(paths))
            warm, _ = _common.time_once(lambda: two.transform(paths))
            alone, expected = _common.time_once(lambda: one.transform(paths))
            np.testing.assert_array_equal(vectors, expected)
            for name, value in zip(seconds, (alone, cold, warm), strict=True):
                seconds[name].append(value)
    gains = {
        name: _common.ratio_spread(seconds["one core"], values) for name, values in seconds.items()
    }
    print(f"{len(paths)} clips ({source})")
    for name, values in seconds.items():
        each = 1e3 * np.median(values) / len(paths)
        print(f"{name:18}{np.median(values):8.2f} s {each:8.2f} ms/clip", end="")
        print(f"{gains[name]['median']:8.2f} times as fast")
    _common.finish(
        options,
        "parallel",
        source,
        [("times as fast on two cores, warm", gains["two cores, warm"]["median"], ">=", 1.7)],
        n_clips=len(paths),
        seconds={name: _common.spread(values) for name, values in seconds.items()},
        times_as_fast=gains,
    )


if __name__ == "__main__":
    main()
