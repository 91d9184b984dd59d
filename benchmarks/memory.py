"""Measure the memory of extraction for corpora of several sizes.

For each setting, a new process converts files to vectors (`sk_ser.features.make_front_end`) on one
core or two, with or without a cache folder, and reports the peak resident memory of itself and of
its workers. Required: from the smallest corpus to the largest, the peak grows by at most twice the
returned matrix (the result, and cached results if there is a folder) and 16 MiB.

    python benchmarks/memory.py --out memory.json --check
"""

import argparse
import itertools
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import _common
import joblib

from sk_ser.features import make_front_end

_MIB = 2**20
_SLACK_MIB = 16


def measure(folder, n_clips, n_jobs, memory):
    """Return the peaks of a new process in MiB."""
    command = [sys.executable, __file__, "--folder", folder, "--n-jobs", n_jobs]
    command += ["--n-clips", n_clips] + (["--memory", memory] if memory else [])
    output = subprocess.run([str(part) for part in command], check=True, capture_output=True)
    return json.loads(output.stdout)


def extract():
    """Extract in this process and print its peaks."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--n-clips", type=int)
    parser.add_argument("--n-jobs", type=int)
    parser.add_argument("--memory")
    options = parser.parse_args()
    paths = [str(path) for path in sorted(options.folder.iterdir())[: options.n_clips]]
    front_end = make_front_end(n_jobs=options.n_jobs, memory=options.memory)
    vectors = front_end.transform(paths)
    peaks = {"result_mib": vectors.nbytes / _MIB, "parent_mib": _peak()}
    if options.n_jobs > 1:
        # the workers are still running: many short tasks reach each of them
        run = joblib.Parallel(n_jobs=options.n_jobs, batch_size=1)
        peaks["largest_worker_mib"] = max(run([joblib.delayed(_peak)()] * 20))
    print(json.dumps(peaks))


def _peak():
    """Return the peak resident memory of this process in MiB."""
    try:
        # unlike ru_maxrss, this is not inherited from the parent process
        status = Path("/proc/self/status").read_text()
    except OSError:
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / _MIB
    return int(status.split("VmHWM:")[1].split()[0]) * 1024 / _MIB


def main():
    parser = _common.arguments(__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[200, 400, 800, 1600])
    options = parser.parse_args()
    rows, requirements = [], []
    print(f"{'n_jobs':>6} {'memory':>7} {'clips':>6}", end="")
    print(f"{'result MiB':>12}{'parent MiB':>12}{'worker MiB':>12}")
    with tempfile.TemporaryDirectory() as folder:
        clips = Path(folder) / "clips"
        clips.mkdir()
        _, _, source = _common.write_clips(clips, max(options.sizes), data=options.data)
        for n_jobs, keeps in itertools.product((1, 2), (False, True)):
            peaks = []
            for size in options.sizes:
                memory = Path(folder) / f"memory_{n_jobs}_{size}" if keeps else None
                peaks.append(measure(clips, size, n_jobs, memory))
                rows.append({"n_jobs": n_jobs, "memory": keeps, "n_clips": size, **peaks[-1]})
                print(f"{n_jobs:6} {'folder' if keeps else 'None':>7} {size:6}", end="")
                worker = peaks[-1].get("largest_worker_mib", float("nan"))
                print(
                    f"{peaks[-1]['result_mib']:12.1f}{peaks[-1]['parent_mib']:12.1f}{worker:12.1f}"
                )
            setting = f"n_jobs={n_jobs}, memory={'folder' if keeps else None}"
            allowed = 2 * (peaks[-1]["result_mib"] - peaks[0]["result_mib"]) + _SLACK_MIB
            growth = peaks[-1]["parent_mib"] - peaks[0]["parent_mib"]
            requirements.append((f"growth in MiB, {setting}", growth, "<=", round(allowed, 1)))
            if n_jobs > 1:
                growth = peaks[-1]["largest_worker_mib"] - peaks[0]["largest_worker_mib"]
                requirements.append((f"... of a worker, {setting}", growth, "<=", _SLACK_MIB))
    _common.finish(options, "memory", source, requirements, rows=rows)


if __name__ == "__main__":
    extract() if "--folder" in sys.argv else main()
