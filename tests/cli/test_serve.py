"""sk-ser serve: how it begins, what it says, and how it ends."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest
from typer.testing import CliRunner

from sk_ser import cli
from sk_ser.audio import AudioLoader
from sk_ser.classifiers import make_svm
from sk_ser.datasets import make_emotional_speech
from sk_ser.features import MFCC, Functionals, make_clip_pipeline
from sk_ser.persistence import save

for package in ("fastapi", "uvicorn", "python_multipart"):
    pytest.importorskip(package)

run = CliRunner().invoke


@pytest.fixture(scope="module")
def model():
    speech = make_emotional_speech(2, 2, ["anger", "sadness"], random_state=0)
    front_end = make_clip_pipeline(AudioLoader(), MFCC(3), Functionals())
    return make_svm(front_end).fit(speech.data, speech.target)


@pytest.fixture(scope="module")
def model_file(model, tmp_path_factory):
    return save(model, tmp_path_factory.mktemp("model") / "model.skops")


def serve(*arguments):
    return run(cli.app, ["serve", *map(str, arguments)])


def plain(result):
    return " ".join(result.output.split())


def test_a_model_that_is_not_there_ends_with_2(tmp_path):
    result = serve(tmp_path / "nowhere.skops")
    assert result.exit_code == 2
    assert "nowhere.skops" in plain(result)
    assert "Traceback" not in result.output


def test_what_is_no_model_ends_with_2(tmp_path):
    (tmp_path / "model.skops").write_text("no model")
    result = serve(tmp_path / "model.skops")
    assert result.exit_code == 2
    assert "not a file of sk_ser.persistence.save" in plain(result)


def test_a_model_that_takes_no_files_ends_with_2_and_a_sentence(model, tmp_path):
    result = serve(save(model[1:], tmp_path / "model.skops"), "-w", 1, "--port", 0)
    assert result.exit_code == 2
    assert "does not take files" in plain(result)
    assert "Traceback" not in result.output


def test_a_port_that_is_taken_ends_with_2_and_names_it(model_file):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = serve(model_file, "-w", 1, "--port", port)
    assert result.exit_code == 2
    assert f"cannot listen on 127.0.0.1:{port}" in plain(result)


def begin(model_file, folder):
    command = [sys.executable, "-c", "from sk_ser.cli import app; app()", "serve", str(model_file)]
    process = subprocess.Popen(
        [*command, "--port", "0", "-w", "1"],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(folder)},
    )
    for line in process.stderr:
        if found := re.search(r"running on http://127.0.0.1:(\d+)", line):
            return process, int(found[1])
    pytest.fail("the service did not start")


@pytest.mark.parametrize(
    "number, status",
    [(signal.SIGTERM, 0), pytest.param(signal.SIGINT, 130, marks=pytest.mark.slow)],
)
def test_a_signal_ends_it_when_what_runs_is_done_and_nothing_is_left(
    number, status, model_file, tmp_path
):
    process, port = begin(model_file, tmp_path)
    assert list(tmp_path.glob("sk-ser-*")), "the folder is elsewhere, and nothing would be tested"
    # a request that is half sent when the signal comes
    body = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="x.wav"\r\n\r\n'
        b"no audio\r\n--b--\r\n"
    )
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.putrequest("POST", "/predict")
    connection.putheader("Content-Type", "multipart/form-data; boundary=b")
    connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body[:20])
    time.sleep(0.3)
    process.send_signal(number)
    threading.Timer(0.5, connection.send, (body[20:],)).start()
    answer = connection.getresponse()
    assert answer.status == 422
    assert "cannot be decoded" in json.loads(answer.read())["error"]["message"]
    connection.close()
    log = process.stderr.read()
    process.stderr.close()
    assert process.wait(30) == status, log
    assert "Traceback" not in log
    assert not list(tmp_path.glob("sk-ser-*"))
