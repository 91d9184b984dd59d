"""Send damaged recordings of every format through `predict_files` and through the service.

Each recording must be answered within 5 seconds, by a result or by a clear error without a path. No
process may crash or use more than 500 MiB (the memory of all processes together is also reported).
`predict_files` runs in a separate process, so that a crash is detected. The service is ``sk-ser
serve`` with its defaults. A replaced process of the service counts as a crash.

    python benchmarks/fuzz.py --out benchmarks/results/fuzz.json --check
"""

import collections
import json
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import _common
import numpy as np
from _mutants import bombs, encode_all, mutant
from _processes import MemoryWatch
from _served import ask, connect, form, make_model, serving

_SECONDS, _MIB = 5.0, 500.0
_CLIENTS = 4
#: A path on this machine: of a temporary folder, a user or a library.
_PATH = re.compile(r"/(?:tmp|var|home|root|usr|opt|work)\b|sk-ser-|\.py\b")


def be_predict(model, folder):
    """Predict in this process: print a line of JSON for each file."""
    from sk_ser.persistence import load
    from sk_ser.recognition import predict_files

    estimator = load(model)
    paths = sorted(Path(folder).iterdir())
    start = time.perf_counter()
    for table in predict_files(estimator, paths, batch_size=1, max_duration=60.0):
        seconds = time.perf_counter() - start
        error = table["error"].iloc[0]
        print(json.dumps({"seconds": seconds, "error": error}), flush=True)
        start = time.perf_counter()


def through_predict(model, folder, labels):
    """Predict all files in one process."""
    command = [sys.executable, __file__, "--predict", str(model), str(folder)]
    with tempfile.TemporaryFile("w+") as noise:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=noise, text=True)
        with MemoryWatch(process.pid, every=0.1) as watch:
            answers = [json.loads(line) for line in process.stdout]
        status = process.wait()
    return _summary(answers, labels, watch) | {"status": status}


def through_service(model, folder, labels):
    """Send all files to the service, four at a time."""
    paths = sorted(Path(folder).iterdir())
    with serving(model) as (process, port), MemoryWatch(process.pid, every=0.1) as watch:

        def send(path):
            start = time.perf_counter()
            connection = connect(port)
            try:
                body, kind = form(path.read_bytes(), path.name)
                status, _, answer = ask(connection, "POST", "/predict", body, kind)
            finally:
                connection.close()
            seconds = time.perf_counter() - start
            error = answer["error"]["message"] if status != 200 else None
            return {"seconds": seconds, "error": error, "http": status}

        with ThreadPoolExecutor(_CLIENTS) as threads:
            answers = list(threads.map(send, paths))
        health = ask(connect(port), "GET", "/health")[2]
    statuses = collections.Counter(str(answer["http"]) for answer in answers)
    return _summary(answers, labels, watch) | {"statuses": statuses, "health": health}


def _summary(answers, labels, watch):
    seconds = [answer["seconds"] for answer in answers]
    slowest = int(np.argmax(seconds))
    errors = [answer["error"] for answer in answers]
    reasons = collections.Counter(re.sub(r"\d[\d.e+-]*", "#", error) for error in errors if error)
    return {
        "n_answered": len(answers),
        "n_emotions": errors.count(None),
        "n_errors": len(errors) - errors.count(None),
        "n_unclear": sum(not _is_clear(error) for error in errors),
        "slowest_s": seconds[slowest],
        "slowest": labels[slowest],
        "p50_s": float(np.percentile(seconds, 50)),
        "p99_s": float(np.percentile(seconds, 99)),
        "peak_of_one_process_mib": watch.peak_of_one,
        "peak_of_all_processes_mib": watch.peak_of_all,
        "errors": dict(reasons.most_common()),
    }


def _is_clear(error):
    """Return whether an error is a sentence about the file, without paths or class names."""
    return error is None or (
        len(error) > 10
        and not _PATH.search(error)
        and not re.match(r"\w+(?:Error|Warning)\b", error)
    )


def main():
    parser = _common.arguments(__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--n", type=int, default=2000, help="damaged files (default: 2000)")
    options = parser.parse_args()
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        model, clip = make_model(folder)
        originals = encode_all(np.asarray(clip), clip.sampling_rate)
        files = Path(folder) / "files"
        files.mkdir()
        labels = []
        for number in range(options.n):
            label, suffix, content = mutant(originals, options.seed, number)
            (files / f"{number:05}{suffix}").write_bytes(content)
            labels.append(label)
        for label, (suffix, content) in bombs(originals).items():
            (files / f"{len(labels):05}{suffix}").write_bytes(content)
            labels.append(label)
        found["predict"] = through_predict(model, files, labels)
        found["service"] = through_service(model, files, labels)
    print(json.dumps(found, indent=1))
    requirements = [
        ("predict: files without an answer", len(labels) - found["predict"]["n_answered"], "<=", 0),
        ("predict: status", abs(found["predict"]["status"]), "<=", 0),
        ("service: files without an answer", len(labels) - found["service"]["n_answered"], "<=", 0),
        ("service: processes replaced", found["service"]["health"]["replaced"], "<=", 0),
    ]
    for name in ("predict", "service"):
        requirements += [
            (f"{name}: unclear errors", found[name]["n_unclear"], "<=", 0),
            (f"{name}: slowest answer in s", found[name]["slowest_s"], "<=", _SECONDS),
            (f"{name}: largest process, MiB", found[name]["peak_of_one_process_mib"], "<=", _MIB),
        ]
    _common.finish(
        options,
        "fuzz",
        "make_emotional_speech, one clip in every format",
        requirements,
        n_mutants=options.n,
        n_bombs=len(labels) - options.n,
        seed=options.seed,
        formats=sorted(originals),
        **found,
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--predict"]:
        be_predict(*sys.argv[2:])
    else:
        main()
