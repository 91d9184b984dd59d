"""Functions that the benchmarks share: options, clips, timings and the report."""

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

#: The command ``sk-ser`` of this environment.
SK_SER = (sys.executable, "-c", "from sk_ser.cli import app; app()")
_PACKAGES = ("sk_ser", "numpy", "scipy", "scikit-learn", "joblib", "librosa", "soundfile", "soxr")
#: Number of synthetic clips that are synthesised. Further clips are copies at other levels.
_N_DISTINCT = 120


def arguments(description):
    """Make a parser with the options that every benchmark has."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("--out", metavar="FILE.json", help="write the results to this file")
    parser.add_argument(
        "--check", action="store_true", help="exit with status 1 if a requirement is not met"
    )
    parser.add_argument(
        "--data",
        default=os.environ.get("SK_SER_DATA"),
        help="folder of real corpora (default: $SK_SER_DATA; if unset, synthetic speech)",
    )
    return parser


def parse_with_data(parser):
    """Parse the options of a benchmark that needs real corpora."""
    options = parser.parse_args()
    if not options.data:
        parser.error("name the folder of real corpora with --data or SK_SER_DATA")
    return options


def measured_before(out, key, default):
    """Read a part of the results of an earlier run.

    Parameters
    ----------
    out : path-like or None
        The JSON file that the earlier run wrote.
    key : str
    default : object
        The value if there is no such file.
    """
    if not out or not Path(out).exists():
        return default
    return json.loads(Path(out).read_text(encoding="utf-8"))[key]


def write_clips(folder, n_clips, *, duration=3.7, sampling_rate=16_000, data=None):
    """Write or link recordings: real ones if there are any, otherwise synthetic ones.

    Parameters
    ----------
    folder : Path
        Folder of the recordings. Synthetic clips are 16-bit WAV files.
    n_clips : int
        Number of recordings. If a real corpus has fewer, its recordings are repeated.
    duration : float, default=3.7
        Mean duration of a synthetic clip in s. The default is that of RAVDESS.
    sampling_rate : int, default=16000
        Sampling rate of synthetic clips in Hz.
    data : path-like or None
        Folder of real corpora. The first one by name is used.

    Returns
    -------
    paths, emotions : list of str
    source : str
        Description of the recordings.
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
    """Link evenly spaced recordings into the folder, each under a name of its own."""
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
    """Load clips whose duration is within (least, most) seconds."""
    paths, _, source = write_clips(folder, 8 * n_clips, sampling_rate=sampling_rate, data=data)
    loader, found = AudioLoader(sampling_rate), []
    for path in paths:
        clip = loader.transform_clip(path)
        if seconds[0] <= clip.duration <= seconds[1]:
            found.append(clip)
        if len(found) == n_clips:
            return found, source
    raise SystemExit(f"{source}: {len(found)} clips of {seconds} s found, {n_clips} needed.")


def time_once(function):
    """Return the seconds of one call, and its result."""
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result


def interleave(functions, n_rounds, n_calls=5):
    """Time functions in turn, so that other load on the machine affects all of them equally.

    Parameters
    ----------
    functions : dict of str to callable
        Each function is called once before the measurement.
    n_rounds : int
        Number of turns of each function.
    n_calls : int, default=5
        Calls in each turn.

    Returns
    -------
    dict of str to list of float
        Seconds for each call, one number for each turn.
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
    """Return the median, minimum and maximum of timings in seconds."""
    return {
        "median_s": float(np.median(seconds)),
        "min_s": float(np.min(seconds)),
        "max_s": float(np.max(seconds)),
        "n": len(seconds),
    }


def ratio_spread(numerators, denominators):
    """Return the median and the quartiles of the ratios of timings from the same rounds."""
    ratios = np.divide(numerators, denominators)
    low, middle, high = np.percentile(ratios, [25, 50, 75])
    return {"median": float(middle), "p25": float(low), "p75": float(high), "n": len(ratios)}


def machine():
    """Describe the machine and the versions of the packages."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cpu_count": os.cpu_count(),
        "gpu": _gpu(),
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


def _gpu():
    """Return the name of the GPU that a benchmark with PyTorch computes on, or None."""
    torch = sys.modules.get("torch")
    return torch.cuda.get_device_name() if torch and torch.cuda.is_available() else None


def finish(options, name, source, requirements, **measured):
    """Print whether the requirements are met, write the JSON file, and exit.

    Parameters
    ----------
    options : Namespace
        Options of a parser of :func:`arguments`.
    name : str
        Name of the benchmark.
    source : str
        Description of the clips.
    requirements : list of (str, float, "<=" or ">=", float)
        For each requirement its name, the measured value, the relation and the bound.
    **measured
        All other content of the JSON file.
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
