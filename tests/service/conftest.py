"""A service as a client meets it: at a port of this machine."""

import http.client
import json
import threading
import time
import uuid
from contextlib import contextmanager

import pytest
import soundfile as sf

from sk_ser.audio import AudioLoader
from sk_ser.classifiers import make_svm
from sk_ser.datasets import make_emotional_speech
from sk_ser.features import MFCC, Functionals, make_clip_pipeline
from sk_ser.persistence import save

EMOTIONS = ["anger", "neutral", "sadness"]


@pytest.fixture(scope="session")
def speech():
    return make_emotional_speech(3, 2, EMOTIONS, random_state=0)


@pytest.fixture(scope="session")
def model(speech):
    front_end = make_clip_pipeline(AudioLoader(), MFCC(13), Functionals())
    return make_svm(front_end, probability=True).fit(speech.data, speech.target)


@pytest.fixture(scope="session")
def model_file(model, tmp_path_factory):
    header = {"prediction_set": {"coverage": 0.9, "threshold": 0.2}}
    return save(model, tmp_path_factory.mktemp("model") / "model.skops", header=header)


@pytest.fixture(scope="session")
def clip(speech, tmp_path_factory):
    """An angry recording."""
    path = tmp_path_factory.mktemp("clip") / "clip.wav"
    sf.write(path, speech.data[0], 16_000)
    return path


class Client:
    """What a program does that asks the service at a port."""

    def __init__(self, port):
        self.port = port

    def ask(self, method, path, body=None, headers=(), timeout=60):
        """Return status, headers, and content, which is parsed where it is JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if answer.headers.get_content_type() == "application/json":
            content = json.loads(content)
        return answer.status, answer.headers, content

    def get(self, path, **headers):
        return self.ask("GET", path, headers=headers)

    def predict(self, content, name="clip.wav"):
        """Send a form with a file; return status, headers and answer."""
        body, kind = form(content, name)
        return self.ask("POST", "/predict", body, {"Content-Type": kind})


def form(content, name="clip.wav", field="file"):
    """Write a form as a browser does."""
    boundary = uuid.uuid4().hex
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
    body = head.encode() + b"\r\n" + content + f"\r\n--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"


@contextmanager
def served(app):
    """Run an app at a free port, and end it."""
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the service did not start"
            time.sleep(0.01)
        yield Client(server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def app(model_file):
    pytest.importorskip("fastapi")
    pytest.importorskip("uvicorn")
    pytest.importorskip("python_multipart")
    from sk_ser.service import create_app

    return create_app(model_file, max_bytes=200_000, max_duration=5.0, max_concurrency=1)


@pytest.fixture(scope="session")
def client(app):
    with served(app) as client:
        yield client
