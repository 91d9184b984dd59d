"""Test the service under load: many clients, each of which sends the next file when answered.

``sk-ser serve`` runs with the svm baseline. Clients in two separate processes send a clip over
loopback, each time with a new connection. There are two runs: with the default queue, which has
room for all clients, and with a short queue, so that most requests get 503 and are repeated after
the time in Retry-After. Required: only the answers 200, 429 and 503, the latter two with
Retry-After, and no broken connection.

    python benchmarks/service_load.py --out benchmarks/results/service_load.json --check
"""

import argparse
import collections
import http.client
import json
import math
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import _common
import numpy as np
import soundfile as sf
from _processes import MemoryWatch
from _served import ask, connect, form, make_model, serving

_EXPECTED = {"200", "429", "503"}
#: Number of client processes.
_PROCESSES = 2


def be_clients(port, n_clients, seconds, clip):
    """Run some of the clients in this process, and print their answers."""
    content, answers = Path(clip).read_bytes(), []
    end = time.perf_counter() + float(seconds)

    def send():
        while time.perf_counter() < end:
            answers.append(_send_once(int(port), content))
            if wait := answers[-1].pop("wait"):
                time.sleep(min(wait, max(0.0, end - time.perf_counter())))

    threads = [threading.Thread(target=send) for _ in range(int(n_clients))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(answers))


def _send_once(port, content):
    body, kind = form(content, "clip.wav")
    connection, wait = connect(port), 0.0
    start = time.perf_counter()
    try:
        status, headers, _ = ask(connection, "POST", "/predict", body, kind)
        status = str(status)
        if status in ("429", "503"):
            wait = float(headers.get("Retry-After") or "nan")
            status = f"{status} without Retry-After" if math.isnan(wait) else status
    except (OSError, http.client.HTTPException) as error:
        status = type(error).__name__
    finally:
        connection.close()
    return {"status": status, "seconds": time.perf_counter() - start, "wait": wait}


def hold(model, clip, n_clients, seconds, *options):
    """Run the service with some options, and all clients."""
    with serving(model, *options) as (process, port), MemoryWatch(process.pid) as watch:
        clients = [
            subprocess.Popen(
                [sys.executable, __file__, "--clients", str(port), str(share), str(seconds), clip],
                stdout=subprocess.PIPE,
                text=True,
            )
            for share in _shares(n_clients)
        ]
        answers = [answer for one in clients for answer in json.loads(one.communicate()[0])]
        health = ask(connect(port), "GET", "/health")[2]
    served = [answer["seconds"] for answer in answers if answer["status"] == "200"]
    refused = [answer["seconds"] for answer in answers if answer["status"] != "200"]
    return {
        "options": options,
        "n_clients": n_clients,
        "seconds": seconds,
        "statuses": collections.Counter(answer["status"] for answer in answers),
        "answers_a_second": len(served) / seconds,
        "latency_ms": _percentiles(served),
        "latency_of_refusals_ms": _percentiles(refused),
        "peak_of_one_process_mib": watch.peak_of_one,
        "peak_of_all_processes_mib": watch.peak_of_all,
        "health": health,
    }


def _shares(n_clients):
    return [len(range(start, n_clients, _PROCESSES)) for start in range(_PROCESSES)]


def _percentiles(seconds):
    if not seconds:
        return None
    found = 1000 * np.percentile(seconds, [50, 95, 99, 100])
    return dict(zip(("p50", "p95", "p99", "max"), found.tolist(), strict=True))


def main():
    parser = _common.arguments(__doc__)
    parser.formatter_class = argparse.ArgumentDefaultsHelpFormatter
    parser.add_argument("--n-clients", type=int, default=50, help="number of clients")
    parser.add_argument("--seconds", type=float, default=60.0, help="duration of each run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        model, clip = make_model(folder)
        path = Path(folder) / "clip.wav"
        sf.write(path, np.asarray(clip), clip.sampling_rate)
        duration = clip.duration
        held = {
            name: hold(model, str(path), options.n_clients, options.seconds, *given)
            for name, given in {"queue": (), "short_queue": ("--waiting", "4")}.items()
        }
    print(json.dumps(held, indent=1))
    requirements = []
    for name, found in held.items():
        others = sum(n for status, n in found["statuses"].items() if status not in _EXPECTED)
        requirements += [
            (f"{name}: answers other than 200, 429 and 503", others, "<=", 0),
            (f"{name}: files answered", found["statuses"]["200"], ">=", 1),
            (f"{name}: processes replaced", found["health"]["replaced"], "<=", 0),
        ]
    source = f"make_emotional_speech, one clip of {duration:.1f} s, 16-bit WAV"
    _common.finish(options, "service_load", source, requirements, **held)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--clients"]:
        be_clients(*sys.argv[2:])
    else:
        main()
