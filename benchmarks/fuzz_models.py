"""Load changed model files with fitting checksums, and predict with those that load.

Each file must be refused with a clear error, or load and then predict or raise a Python error. No
file may end the process, run a command, open another file for writing or a connection, take longer
than 20 seconds or more than 1,000 MiB.

    python benchmarks/fuzz_models.py --out benchmarks/results/fuzz_models.json --check
"""

import collections
import json
import re
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import _common
import numpy as np
from _model_mutants import mutate
from _processes import MemoryWatch

_SECONDS, _MIB = 20.0, 1_000.0
#: Events of Python's audit that a model file has no reason to raise.
_FORBIDDEN = (
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "subprocess.Popen",
    "pickle.find_class",
)
_FORBIDDEN += ("socket.connect", "os.remove", "os.rename", "shutil.rmtree", "ctypes.dlopen")


def make_models(folder):
    """Fit one model of each kind that has arrays or trees of its own, and save them.

    Returns
    -------
    dict of str to Path
    """
    from sklearn.cluster import KMeans
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    from sk_ser.classifiers import make_svm, make_xgboost
    from sk_ser.neural import DenseClassifier
    from sk_ser.persistence import save

    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(60, 5)).astype(np.float32), np.tile(["anger", "joy", "sadness"], 20)
    X += (y == "joy")[:, None]
    models = {
        "svm": make_svm(),
        "svm_calibrated": make_svm(probability=True),
        "xgboost": make_xgboost(n_estimators=5, random_state=0),
        "neighbours": make_pipeline(StandardScaler(), KNeighborsClassifier(algorithm="brute")),
        "clusters": make_pipeline(KMeans(3, n_init=1, random_state=0), LogisticRegression()),
        "dense": DenseClassifier(max_epochs=2, random_state=0),
    }
    return {
        name: save(model.fit(X, y), Path(folder) / f"{name}.skops")
        for name, model in models.items()
    }


def be_loader(folder, first):
    """Load and ask the files of a folder in this process: print a line of JSON for each."""
    from sk_ser.exceptions import ModelFileError
    from sk_ser.persistence import load

    X = np.random.default_rng(1).normal(size=(4, 5)).astype(np.float32)
    warnings.simplefilter("ignore")
    paths = sorted(Path(folder).iterdir())
    events = []
    for kind in sorted({path.stem.partition("-")[2] for path in paths}):
        # imports are done before the watch begins
        load(Path(folder).parent / f"{kind}.skops").predict(X)
    sys.addaudithook(lambda event, args: _note(events, event, args))
    for path in paths[first:]:
        start, outcome, error = time.perf_counter(), "predicted", ""
        events.clear()
        try:
            model = load(path)
        except ModelFileError as refusal:
            outcome, error = "refused", refusal.reason
        except Exception as fault:
            outcome, error = "unclear", f"{type(fault).__name__}: {fault}"
        else:
            try:
                model.predict(X)
            except Exception as fault:
                outcome, error = "error in predict", type(fault).__name__
        seconds = time.perf_counter() - start
        found = {"seconds": seconds, "outcome": outcome, "error": error, "events": events[:]}
        print(json.dumps(found), flush=True)


def _note(events, event, args):
    writes = event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")
    if writes or event in _FORBIDDEN:
        events.append(f"{event} {args[0] if args else ''}")


def ask_all(folder, n_files):
    """Load all files, in a new process after each that ends."""
    answers, crashes, peak = [], [], 0.0
    while len(answers) < n_files:
        command = [sys.executable, __file__, "--load", str(folder), str(len(answers))]
        with tempfile.TemporaryFile("w+") as noise:
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=noise, text=True)
            with MemoryWatch(process.pid, every=0.1) as watch:
                answers += [json.loads(line) for line in process.stdout]
            status = process.wait()
            peak = max(peak, watch.peak_of_one)
            if status:
                noise.seek(0)
                crashes.append({"file": len(answers), "status": status, "end": noise.read()[-300:]})
                answers.append({"seconds": 0.0, "outcome": "crash", "error": "", "events": []})
    return answers, crashes, peak


def main():
    parser = _common.arguments(__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--n", type=int, default=2000, help="changed files (default: 2000)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        models = make_models(folder)
        files, labels = Path(folder) / "files", []
        files.mkdir()
        for number in range(options.n):
            name = list(models)[number % len(models)]
            target = files / f"{number:05}-{name}.skops"
            labels.append(f"{name}: {mutate(models[name], target, options.seed, number)}")
        answers, crashes, peak = ask_all(files, options.n)
    for crash in crashes:
        crash["label"] = labels[crash["file"]]
    unclear = [
        {"label": label, "error": answer["error"]}
        for label, answer in zip(labels, answers, strict=True)
        if answer["outcome"] == "unclear"
    ]
    reasons = collections.Counter(
        re.sub(r"\d[\d.e+-]*", "#", answer["error"])[:80]
        for answer in answers
        if answer["outcome"] == "refused"
    )
    events = [event for answer in answers for event in answer["events"]]
    found = {
        "outcomes": dict(collections.Counter(answer["outcome"] for answer in answers)),
        "slowest_s": max(answer["seconds"] for answer in answers),
        "peak_mib": peak,
        "crashes": crashes,
        "unclear": unclear[:20],
        "events": events[:20],
        "reasons": dict(reasons.most_common(30)),
    }
    print(json.dumps(found, indent=1))
    _common.finish(
        options,
        "fuzz_models",
        "one fitted model of each kind, random vectors",
        [
            ("crashes", len(crashes), "<=", 0),
            ("forbidden events", len(events), "<=", 0),
            ("unclear errors in load", len(unclear), "<=", 0),
            ("slowest file in s", found["slowest_s"], "<=", _SECONDS),
            ("largest process, MiB", peak, "<=", _MIB),
        ],
        n_mutants=options.n,
        seed=options.seed,
        models=list(models),
        **found,
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--load"]:
        be_loader(sys.argv[2], int(sys.argv[3]))
    else:
        main()
