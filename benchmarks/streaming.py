"""Measure a stream: computation for each second of sound on one core, and memory over an hour.

    python benchmarks/streaming.py --out streaming.json --check

An SVM (`make_svm` with `make_front_end`) and a net (`make_net("gru", ...)`) predict one hour of
speech with the default window and hop of `StreamingPredictor`, in chunks of 0.1 s: once at 16 kHz,
and once as 16-bit stereo at 48 kHz. Each run is a new process with one thread. Required: a
real-time factor (seconds of computation for each second of sound) below 0.05, and constant memory
after the tenth minute: the resident memory grows by at most 4 MiB, and Python's allocations by at
most 64 KiB (in a separate process, because counting takes time).
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

import _common
import joblib
import numpy as np
import soxr

from sk_ser.audio import AudioLoader
from sk_ser.classifiers import make_svm
from sk_ser.features import make_front_end, make_sequence_front_end
from sk_ser.recognition import StreamingPredictor

RATE, CHUNK = 16_000, 0.1
#: Sampling rate in Hz, and whether the input is integers in two channels.
INPUTS = {"16 kHz": (16_000, False), "48 kHz stereo": (48_000, True)}
_PAGE_MIB = 4096 / 2**20


def make_models():
    # only this function needs PyTorch
    from sk_ser.neural import make_net

    return {
        "svm": make_svm(make_front_end(), probability=True),
        "gru": make_net("gru", make_sequence_front_end(), max_epochs=2, device="cpu",
                        class_weight=None, random_state=0),
    }  # fmt: skip


def measure(folder, model, source, minutes, count):
    """Feed a stream in a new process."""
    command = [sys.executable, __file__, "--be", folder, model, source, minutes, count]
    output = subprocess.run([str(part) for part in command], check=True, capture_output=True)
    return json.loads(output.stdout.splitlines()[-1])


def be(folder, model, source, minutes, count):
    """Feed a stream in this process and print the figures."""
    rate, is_stereo = INPUTS[source]
    predictor = StreamingPredictor(
        joblib.load(Path(folder) / f"{model}.joblib"), sampling_rate=rate
    )
    samples = np.load(Path(folder) / "speech.npy")
    if rate != RATE:
        samples = soxr.resample(samples, RATE, rate)
    if is_stereo:
        samples = (np.stack([samples, samples], axis=1) * 32_767).astype(np.int16)
    size = round(CHUNK * rate)
    chunks = [samples[start : start + size] for start in range(0, len(samples) - size, size)]
    total, windows, memory = 0.0, [], {}
    list(predictor.stream([samples[: 5 * rate]]))
    if int(count):
        tracemalloc.start()
    for number in range(round(60 * float(minutes) / CHUNK)):
        start = time.perf_counter()
        found = predictor.feed(chunks[number % len(chunks)])
        took = time.perf_counter() - start
        total += took
        if found and len(windows) < 1_000:  # the benchmark's own lists must not grow either
            windows.append(took)
        done = (number + 1) * CHUNK / 60
        if abs(done - round(done)) < 1e-6 and round(done) % 5 == 0:
            memory[round(done)] = _python_mib() if int(count) else _resident_mib()
    print(json.dumps({"model": model, "input": source, "minutes": float(minutes),
                      "real_time_factor": total / (60 * float(minutes)),
                      "window": _common.spread(windows),
                      "memory_mib_by_minute": memory}))  # fmt: skip


def _resident_mib():
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_MIB


def _python_mib():
    return tracemalloc.get_traced_memory()[0] / 2**20


def growth(found):
    """Return the largest growth in MiB after the tenth minute."""
    later = [mib for minute, mib in found["memory_mib_by_minute"].items() if int(minute) > 10]
    return max(later) - found["memory_mib_by_minute"]["10"]


def main():
    parser = _common.arguments(__doc__)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--be", nargs=5, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.be:
        be(*options.be)
        return
    with tempfile.TemporaryDirectory() as folder:
        paths, y, source = _common.write_clips(Path(folder), 120, data=options.data)
        clips = AudioLoader(RATE).transform(paths)
        np.save(f"{folder}/speech.npy", np.concatenate([np.asarray(clip) for clip in clips]))
        for name, model in make_models().items():
            joblib.dump(model.fit(clips, y), f"{folder}/{name}.joblib")
        runs, counted = [], []
        for name in ("svm", "gru"):
            for kind in INPUTS:
                runs.append(measure(folder, name, kind, options.minutes, 0))
                print(f"{name} {kind}: {runs[-1]['real_time_factor']:.4f}", flush=True)
            counted.append(measure(folder, name, "16 kHz", options.minutes, 1))
    _common.finish(
        options,
        "streaming",
        source,
        [
            *[(f"real-time factor of {one['model']}, {one['input']}", one["real_time_factor"],
               "<=", 0.05) for one in runs],
            *[(f"resident memory of {one['model']}, {one['input']}, growth in MiB", growth(one),
               "<=", 4) for one in runs],
            *[(f"memory of Python's for {one['model']}, growth in MiB", growth(one), "<=", 0.0625)
              for one in counted],
        ],
        runs=runs,
        counted=counted,
    )  # fmt: skip


if __name__ == "__main__":
    main()
