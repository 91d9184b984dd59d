"""What the benchmarks share: clips to work on, timings and a report."""

import argparse
import json
import os
import platform
import sys
import time
import warnings
from importlib.metadata import version
from pathlib import Path

import _one_thread  # noqa: F401
import numpy as np
import soundfile as sf

from sk_ser.audio import AudioLoader
from sk_ser.datasets import find_corpora, make_emotional_speech

_PACKAGES = ("sk_ser", "numpy", "scipy", "scikit-learn", "joblib", "librosa", "soundfile", "soxr")
#: Synthetic clips that are made anew; further ones are these at other levels.
_N_DISTINCT = 120


def arguments(description):
    """Read the options that every benchmark has."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("--out", metavar="FILE.json", help="write what was measured to this file")
    parser.add_argument(
        "--check", action="store_true", help="exit with status 1 where a requirement is not met"
    )
    parser.add_argument(
        "--data",
        default=os.environ.get("SK_SER_DATA"),
        help="folder of real corpora (default: $SK_SER_DATA; without, synthetic speech)",
    )
    return parser


def write_clips(folder, n_clips, *, duration=3.7, sampling_rate=16_000, data=None):
    """Give recordings to work on, real ones or synthetic ones.

    Parameters
    ----------
    folder : Path
        Where synthetic clips are written, as 16-bit WAV.
    n_clips : int
        How many; where a real corpus has fewer, its recordings come several times.
    duration : float, default=3.7
        Seconds of a synthetic clip in the mean; that of RAVDESS.
    sampling_rate : int, default=16000
        Of synthetic clips, in Hz.
    data : path-like or None
        Folder of real corpora; the first of them, by name, is taken.

    Returns
    -------
    paths, emotions : list of str
    source : str
        What they are.
    """
    if data:
        return _real_clips(Path(folder), n_clips, data)
    n_sentences = -(-min(n_clips, _N_DISTINCT) // 20)
    voice = {"duration": duration, "sampling_rate": sampling_rate, "random_state": 0}
    bunch = make_emotional_speech(4, n_sentences, **voice)
    order = np.random.default_rng(0).permutation(len(bunch.data))
    paths, emotions = [], []
    for number in range(n_clips):
        which = order[number % len(order)]
        gain = 0.9 ** (number // len(order))
        paths.append(str(Path(folder) / f"clip_{number:05}.wav"))
        sf.write(paths[-1], gain * np.asarray(bunch.data[which]), sampling_rate, subtype="PCM_16")
        emotions.append(str(bunch.target[which]))
    return paths, emotions, f"make_emotional_speech, {len(order)} distinct clips"


def _real_clips(folder, n_clips, data):
    """Link evenly drawn recordings into the folder, a name each, so that all are told apart."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        bunch = find_corpora(data)[0]
    drawn = np.linspace(0, len(bunch.data), n_clips, endpoint=False).astype(int)
    paths = []
    for number, which in enumerate(drawn):
        original = Path(bunch.data[which]).resolve()
        link = folder / f"clip_{number:05}{original.suffix}"
        link.symlink_to(original)
        paths.append(str(link))
    return paths, [str(bunch.target[which]) for which in drawn], bunch.name


def load_clips(folder, n_clips, *, sampling_rate, seconds, data=None):
    """Load clips whose length lies within (least, most) seconds."""
    paths, _, source = write_clips(folder, 8 * n_clips, sampling_rate=sampling_rate, data=data)
    loader, found = AudioLoader(sampling_rate), []
    for path in paths:
        clip = loader.transform_clip(path)
        if seconds[0] <= clip.duration <= seconds[1]:
            found.append(clip)
        if len(found) == n_clips:
            return found, source
    raise SystemExit(f"{source}: {len(found)} clips of {seconds} s, where {n_clips} are wanted.")


def time_once(function):
    """Seconds that one call takes, and what it returns."""
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result


def interleave(functions, n_rounds, n_calls=5):
    """Time functions in turn, so that whatever else the machine does hits all alike.

    Parameters
    ----------
    functions : dict of str to callable
        Each is called once beforehand, unmeasured.
    n_rounds : int
        Turns of each.
    n_calls : int, default=5
        Calls in a row in each turn, as over a corpus.

    Returns
    -------
    dict of str to list of float
        Seconds a call, one number a turn.
    """
    for function in functions.values():
        function()
    seconds = {name: [] for name in functions}
    for _ in range(n_rounds):
        for name, function in functions.items():
            start = time.perf_counter()
            for _ in range(n_calls):
                function()
            seconds[name].append((time.perf_counter() - start) / n_calls)
    return seconds


def spread(seconds):
    """Median, least and greatest of some timings in seconds."""
    return {
        "median_s": float(np.median(seconds)),
        "min_s": float(np.min(seconds)),
        "max_s": float(np.max(seconds)),
        "n": len(seconds),
    }


def ratio_spread(numerators, denominators):
    """Median and quartiles of the ratios of timings that were taken in the same rounds."""
    ratios = np.divide(numerators, denominators)
    low, middle, high = np.percentile(ratios, [25, 50, 75])
    return {"median": float(middle), "p25": float(low), "p75": float(high), "n": len(ratios)}


def machine():
    """Describe the machine and the versions, so that a number can be placed."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cpu_count": os.cpu_count(),
        "threads_of_numerical_libraries": 1,
        "load_average_1_min": os.getloadavg()[0],
        **{name: version(name) for name in _PACKAGES},
    }


def _processor():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((ln.split(":")[1].strip() for ln in lines if ln.startswith("model name")), "")


def finish(options, name, source, requirements, **measured):
    """Print whether requirements are met, write the JSON, and exit.

    Parameters
    ----------
    options : Namespace
        Of :func:`arguments`.
    name : str
        The benchmark's.
    source : str
        What the clips are.
    requirements : list of (str, float, "<=" or ">=", float)
        What is required: its name, the value measured, and the bound.
    **measured
        Everything else that the JSON shall hold.
    """
    verdicts = []
    for what, value, relation, bound in requirements:
        met = value <= bound if relation == "<=" else value >= bound
        verdicts.append(
            {"what": what, "value": value, "required": f"{relation} {bound}", "met": bool(met)}
        )
        print(
            f"{'met    ' if met else 'NOT MET'}  {what}: {value:.3g} (required {relation} {bound})"
        )
    report = {
        "benchmark": name,
        "clips": source,
        "requirements": verdicts,
        **measured,
        "machine": machine(),
    }
    if options.out:
        Path(options.out).write_text(json.dumps(report, indent=2) + "\n")
    failed = options.check and not all(verdict["met"] for verdict in verdicts)
    sys.exit(int(failed))
