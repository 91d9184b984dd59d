"""The whole benchmark on a Dask cluster. A worker may die in the middle.

    python examples/on_a_cluster.py [DIR ...]             # two workers on this machine
    python examples/on_a_cluster.py [DIR ...] --kill      # kill one of them during the run
    python examples/on_a_cluster.py [DIR ...] --scheduler tcp://host:8786

Without DIR it runs on synthetic speech. On a cluster of several machines, all must see DIR and
--out under the same path. With Ray, call `ray.util.joblib.register_ray()` and set
`parallel_config(backend="ray", n_jobs=-1)`; nothing else changes.
"""

import os
import signal
import threading
from contextlib import ExitStack
from pathlib import Path

import joblib
import soundfile as sf
from _arguments import existing, make_parser, usage_errors
from distributed import Client, LocalCluster

from sk_ser.benchmark import run_benchmark
from sk_ser.datasets import find_corpora, load_corpus, make_emotional_speech


def synthetic_corpus(folder):
    """Write synthetic speech to files, because paths are sent to workers faster than samples."""
    speech = make_emotional_speech(n_speakers=6, n_sentences=4, random_state=0)
    rows = zip(speech.data, speech.target, speech.groups, strict=True)
    for number, (clip, emotion, speaker) in enumerate(rows):
        path = folder / speaker / emotion / f"{number}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        sf.write(path, clip, clip.sampling_rate)
    return load_corpus(folder.resolve(), name="synthetic")


def connect(scheduler, stack):
    """Connect to a cluster, or start one with two processes of one thread each."""
    if scheduler is None:
        workers = {"n_workers": 2, "threads_per_worker": 1}
        scheduler = stack.enter_context(LocalCluster(**workers, dashboard_address=None))
    return stack.enter_context(Client(scheduler))


def kill_a_worker(client, out, is_done):
    """Kill the first worker once the first features are cached. Dask starts another one."""
    while not any(out.glob("cache/**/*.sqlite")):
        if is_done.wait(0.01):
            return
    address, process = next(iter(client.run(os.getpid).items()))
    print(f"killing the worker at {address}", flush=True)
    os.kill(process, signal.SIGKILL)


if __name__ == "__main__":
    parser = make_parser(__doc__)
    parser.add_argument("corpora", nargs="*", type=existing, metavar="DIR")
    parser.add_argument("--out", type=Path, default=Path("sk-ser-results"))
    parser.add_argument("--models", default="svm", help="for example svm,xgboost,gru")
    parser.add_argument("--scheduler", help="address of a running cluster")
    parser.add_argument("--kill", action="store_true", help="kill a worker on this machine")
    options = parser.parse_args()
    with usage_errors(parser):
        corpora = [corpus for folder in options.corpora for corpus in find_corpora(folder)]
    corpora = corpora or [synthetic_corpus(options.out / "speech")]

    with ExitStack() as stack:
        client = connect(options.scheduler, stack)
        is_done = threading.Event()
        killer = threading.Thread(target=kill_a_worker, args=(client, options.out, is_done))
        if options.kill:
            killer.start()
        with joblib.parallel_config(backend="dask"):
            results = run_benchmark(corpora, options.out, models=options.models.split(","))
        is_done.set()
        if options.kill:
            killer.join()
    for name, comparison in results.items():
        print(name, comparison, sep="\n")
