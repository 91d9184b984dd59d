"""The example runs as it says."""

import subprocess
import sys
import time
from pathlib import Path

import joblib
import soundfile as sf

EXAMPLE = Path(__file__).parents[2] / "examples" / "streaming.py"


def run(*arguments):
    command = [sys.executable, EXAMPLE, *arguments]
    process = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return process.stdout.splitlines()


def test_it_streams_synthetic_speech():
    lines = run("--fast")
    assert lines[1].split()[:2] == ["2.0", "s"]
    assert {line.split()[2] for line in lines[1:]} >= {"neutral", "anger"}


def test_it_plays_a_file_in_real_time(quick, stream, tmp_path):
    joblib.dump(quick, tmp_path / "model.joblib")
    sf.write(tmp_path / "call.wav", stream[:36_000], 16_000)
    start = time.monotonic()
    lines = run(tmp_path / "call.wav", "--model", tmp_path / "model.joblib")
    assert time.monotonic() - start >= 2.25
    assert [line.split()[0] for line in lines] == ["2.0", "2.2"]
