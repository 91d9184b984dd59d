"""Measure `sk-ser predict`: time for each file, memory, and the effect of a bad file.

`sk-ser train` trains a model on synthetic speech. Each figure is of a new process on one core:
first `--few` recordings, then `--many` with one bad file among them (if there are fewer recordings,
they are repeated). Required: from few to many, the peak memory grows by at most 16 MiB; with the
bad file, the status is 1, all other files have a prediction, and the bad file is named once. The
time of `sk-ser --help` and of a completion is measured, too.

    python benchmarks/prediction.py --out prediction.json --check
"""

import csv
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import _common
import soundfile as sf

from sk_ser.datasets import make_emotional_speech

_SLACK_MIB = 16
_N_DISTINCT = 120
#: The command. It prints its peak memory at its end.
_CODE = """
import atexit, sys
status = lambda: open("/proc/self/status").read().split("VmHWM:")[1].split()[0]
atexit.register(lambda: print("peak", status(), "kB", file=sys.stderr))
from sk_ser.cli import app
app(prog_name="sk-ser")
"""


def run(*arguments, **environment):
    """Run sk-ser. Return seconds, status, stdout, stderr and the peak memory in MiB."""
    command = [sys.executable, "-c", _CODE, *map(str, arguments)]
    options = {"capture_output": True, "text": True, "env": os.environ | environment}
    seconds, process = _common.time_once(lambda: subprocess.run(command, check=False, **options))
    said, _, peak = process.stderr.rpartition("peak ")
    return seconds, process.returncode, process.stdout, said, int(peak.split()[0]) / 1024


def train(folder):
    """Write a corpus and train a model on it."""
    speech = make_emotional_speech(8, 4, random_state=0)
    for number, (clip, row) in enumerate(zip(speech.data, speech.frame.itertuples(), strict=True)):
        path = folder / "corpus" / row.speaker / row.emotion / f"{number}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        sf.write(path, clip, clip.sampling_rate)
    model = folder / "model.skops"
    seconds, status, _, said, _ = run("train", folder / "corpus", "-o", model, "-j", 1)
    if status:
        raise SystemExit(said)
    return model, seconds


def predict(model, files, out):
    """Predict a list of files. Return figures, the written table and the text on stderr."""
    listed = out.with_suffix(".txt")
    listed.write_text("".join(f"{file}\n" for file in files))
    code = f"import sys; sys.stdin = open({str(listed)!r})\n{_CODE}"
    command = [sys.executable, "-c", code, "predict", str(model), "-", "-o", str(out), "-j", "1"]
    seconds, process = _common.time_once(
        lambda: subprocess.run(command, check=False, capture_output=True, text=True)
    )
    said, _, peak = process.stderr.rpartition("peak ")
    with open(out, newline="") as file:
        rows = list(csv.DictReader(file))
    figures = {
        "n_files": len(files),
        "seconds": seconds,
        "ms_a_file": 1000 * seconds / len(files),
        "peak_mib": int(peak.split()[0]) / 1024,
        "status": process.returncode,
    }
    return figures, rows, said


def main():
    parser = _common.arguments(__doc__)
    parser.add_argument("--few", type=int, default=500)
    parser.add_argument("--many", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model, training_seconds = train(folder)
        clips = folder / "clips"
        clips.mkdir()
        distinct, _, source = _common.write_clips(clips, _N_DISTINCT, data=options.data)
        paths = [distinct[number % len(distinct)] for number in range(options.many)]
        few, written, said = predict(model, paths[: options.few], folder / "few.csv")
        print(few)
        if few["status"]:
            raise SystemExit(said)
        bad = clips / "bad.wav"
        bad.write_text("no recording")
        paths[len(paths) // 2] = str(bad)
        many, written, said = predict(model, paths, folder / "many.csv")
        done = sum(row["emotion"] != "" for row in written)
        many |= {"predicted": done, "named": said.count("bad.wav")}
        print(many)
        help_seconds = [run("--help")[0] for _ in range(5)]
        words = {"COMP_WORDS": "sk-ser pre", "COMP_CWORD": "1"}
        complete = {"_SK_SER_COMPLETE": "complete_bash"} | words
        completion_seconds = [run(**complete)[0] for _ in range(5)]
    _common.finish(
        options,
        "prediction",
        source,
        [
            ("growth in MiB", many["peak_mib"] - few["peak_mib"], "<=", _SLACK_MIB),
            ("files predicted beside a bad one", done, ">=", options.many - 1),
            ("times it is named", many["named"], "<=", 1),
            ("status with a bad file", many["status"], ">=", 1),
        ],
        few=few,
        many_with_a_bad_one=many,
        training_seconds=training_seconds,
        help=_common.spread(help_seconds),
        completion=_common.spread(completion_seconds),
    )


if __name__ == "__main__":
    main()
