"""``sk-ser serve`` in a separate process, and a client."""

import http.client
import json
import re
import subprocess
import tempfile
import uuid
from contextlib import contextmanager
from pathlib import Path

from _common import SK_SER
from _processes import wait_for

from sk_ser.classifiers import make_svm
from sk_ser.datasets import make_emotional_speech
from sk_ser.features import make_front_end
from sk_ser.persistence import save

_STARTING = 120


def make_model(folder):
    """Train the svm baseline on synthetic speech and save it. Return its path and a clip."""
    speech = make_emotional_speech(4, 4, random_state=0)
    model = make_svm(make_front_end(), probability=True).fit(speech.data, speech.target)
    return save(model, Path(folder) / "model.skops"), speech.data[0]


@contextmanager
def serving(model, *options):
    """Run the service at a free port, and terminate it at the end of the context.

    Yields
    ------
    process : Popen
    port : int
    """
    command = [*SK_SER, "serve", str(model), "--port", "0", *options]
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(command, stderr=log)

        def port():
            if process.poll() is not None:
                log.seek(0)
                raise SystemExit(f"The service did not start:\n{log.read()}")
            log.seek(0)
            return re.search(r"running on http://[\d.]+:(\d+)", log.read())

        try:
            yield process, int(wait_for(port, _STARTING, "sk-ser serve")[1])
        finally:
            process.terminate()
            process.wait(60)


def form(content, name):
    """Encode a form with one file. Return body and content type."""
    boundary = uuid.uuid4().hex
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"


def ask(connection, method, path, body=None, kind=None):
    """Send one request. Return status, headers and answer (parsed if it is JSON)."""
    connection.request(method, path, body, {"Content-Type": kind} if kind else {})
    answer = connection.getresponse()
    content = answer.read()
    if answer.headers.get_content_type() == "application/json":
        content = json.loads(content)
    return answer.status, answer.headers, content


def connect(port, timeout=60):
    return http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
