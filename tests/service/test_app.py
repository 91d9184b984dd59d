"""What the service answers: predictions, problems, and what it tells of itself."""

import errno
import hashlib
import io
import json
import os
import re
import socket
import sys
import time

import numpy as np
import pytest
import soundfile as sf

from sk_ser import __version__
from sk_ser.exceptions import ModelFileError
from sk_ser.recognition import TrainedModel, predict_files
from sk_ser.service import create_app
from tests.service.conftest import EMOTIONS, form


def audio(samples, rate=16_000, **options):
    """Write samples as a file's content."""
    file = io.BytesIO()
    sf.write(file, samples, rate, **({"format": "WAV"} | options))
    return file.getvalue()


def test_a_file_has_its_emotion_with_probabilities_and_a_set(client, clip, model, model_file):
    status, _, answer = client.predict(clip.read_bytes())
    assert status == 200
    trained = TrainedModel(model, {"prediction_set": {"threshold": 0.2}})
    (row,) = next(predict_files(trained, [clip])).to_dict("records")
    assert answer["emotion"] == row["emotion"] == "anger"
    assert list(answer["probabilities"]) == EMOTIONS
    for name in EMOTIONS:
        assert answer["probabilities"][name] == pytest.approx(row[name], abs=1e-9)
    assert answer["prediction_set"] == row["prediction_set"]
    assert answer["duration"] == pytest.approx(sf.info(clip).duration)
    assert answer["model"]["sha256"] == hashlib.sha256(model_file.read_bytes()).hexdigest()
    assert answer["model"]["sk_ser"] == __version__


TONE = np.sin(np.arange(90_000) / 5) / 2
BAD = {
    "nothing": (b"", 422, "empty"),
    "text": (b"no audio at all", 422, "cannot be decoded"),
    "silence": (audio(np.zeros(16_000)), 422, "silent"),
    "a moment": (audio(TONE[:800]), 422, "too short"),
    "no samples": (audio(TONE[:0]), 422, "no samples"),
    "an hour": (audio(TONE[:90_000], 8_000), 422, "too long"),
    "numbers that are none": (audio([np.nan] * 9_000, subtype="FLOAT"), 422, "NaN"),
    "half a header": (audio(TONE)[:20], 422, "cannot be decoded"),
    "too many bytes": (bytes(200_001), 413, "larger than the allowed 200000 bytes"),
    "far too many bytes": (bytes(3_000_000), 413, "larger than the allowed 200000 bytes"),
}


@pytest.mark.parametrize("content, wanted, reason", BAD.values(), ids=BAD)
def test_a_bad_file_has_its_reason_and_no_path(content, wanted, reason, client, app):
    status, _, answer = client.predict(content)
    assert (status, list(answer)) == (wanted, ["error"])
    assert reason in answer["error"]["message"]
    folder = str(app.state.service.folder)
    assert os.path.isabs(folder)
    assert folder not in str(answer)
    assert not re.search(r"(?<!\w)[/\\]\w", answer["error"]["message"])


def test_nothing_of_what_was_sent_stays_on_the_disk(client, clip, app):
    client.predict(clip.read_bytes())
    client.predict(b"no audio")
    assert [path.name for path in app.state.service.folder.iterdir()] == ["model"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "/srv/x.wav", "a\x01b.flac", "", "x" * 300])
def test_the_clients_name_of_a_file_is_not_used(name, client, clip):
    assert client.predict(clip.read_bytes(), name=name or "blob")[0] == 200


def test_a_form_without_a_file_is_told_what_to_send(client):
    for body, kind in (form(b"x", field="other"), (b"{}", "application/json"), (b"x", "audio/wav")):
        status, _, answer = client.ask("POST", "/predict", body, {"Content-Type": kind})
        assert status == 422
        assert "curl -F file=@clip.wav" in answer["error"]["message"]


def test_a_broken_form_is_a_bad_request(client):
    kind = "multipart/form-data; boundary=abc"
    status, _, answer = client.ask("POST", "/predict", b"--abd\r\nno", {"Content-Type": kind})
    assert (status, answer["error"]["code"]) in ((400, "bad_request"), (422, "no_prediction"))


def test_bytes_are_counted_where_their_number_is_not_told(client):
    body, kind = form(bytes(1_000_000))
    pieces = (body[start : start + 50_000] for start in range(0, len(body), 50_000))
    # http.client sends an iterator in chunks
    status, _, answer = client.ask("POST", "/predict", pieces, {"Content-Type": kind})
    assert (status, answer["error"]["code"]) == (413, "too_large")


def test_what_is_told_to_be_too_large_is_refused_before_it_is_sent(client):
    with socket.create_connection(("127.0.0.1", client.port), timeout=10) as connection:
        connection.sendall(
            b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 900000000\r\n"
            b"Expect: 100-continue\r\n\r\n"
        )
        answer = connection.recv(4096)
    assert answer.startswith(b"HTTP/1.1 413")


def test_what_comes_too_slowly_is_given_up(client, monkeypatch):
    monkeypatch.setattr("sk_ser.service._door.Door.upload_seconds", 0.3)
    body, kind = form(bytes(1_000))
    with socket.create_connection(("127.0.0.1", client.port), timeout=10) as connection:
        head = f"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\n"
        connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:500])
        # it closes the connection, for it will not read what is left
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"upload_too_slow" in answer


def test_a_client_that_goes_away_does_no_harm(client, clip):
    body, kind = form(clip.read_bytes())
    head = f"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\n"
    head += f"Content-Length: {len(body)}\r\n\r\n"
    for share in (0.5, 1.0):
        with socket.create_connection(("127.0.0.1", client.port), timeout=10) as connection:
            connection.sendall(head.encode() + body[: int(share * len(body))])
    assert client.predict(clip.read_bytes())[0] == 200


def test_the_journal_has_a_line_of_json_a_request_and_nothing_of_the_file(client, clip, caplog):
    with caplog.at_level("INFO", logger="sk_ser.service"):
        # so long a name that the line is told from that of a request before
        client.predict(clip.read_bytes(), name=f"secret-{1_000 * 'n'}.wav")
        lines = []
        # it is written when the answer is sent
        for _ in range(100):
            found = [one.getMessage() for one in caplog.records if one.name == "sk_ser.service"]
            lines = [one for one in found if json.loads(one)["bytes"] > clip.stat().st_size + 1_000]
            if lines:
                break
            time.sleep(0.01)
    (line,) = lines
    entry = json.loads(line)
    assert (entry["method"], entry["path"], entry["status"]) == ("POST", "/predict", 200)
    assert entry["duration"] == pytest.approx(sf.info(clip).duration)
    assert "secret" not in line
    assert "anger" not in line


def test_what_the_service_trips_over_is_told_to_the_log_alone(
    app, client, clip, monkeypatch, caplog
):
    async def trip(path):
        raise RuntimeError(f"/srv/secret/{path}")

    monkeypatch.setattr(app.state.service.crew, "predict", trip)
    status, _, answer = client.predict(clip.read_bytes())
    assert (status, answer["error"]["code"]) == (500, "internal")
    assert "secret" not in str(answer)


def test_what_is_not_there_is_not_found(client):
    status, _, answer = client.get("/etc/passwd")
    assert (status, answer["error"]["code"]) == (404, "not_found")
    assert client.get("/predict")[0] == 405


def test_health_counts_those_who_work(client):
    status, _, answer = client.get("/health")
    assert status == 200
    assert (answer["status"], answer["workers"], answer["version"]) == ("ok", 1, __version__)


def test_the_model_is_told_with_its_limits(client):
    _, _, answer = client.get("/model")
    assert answer["header"]["classes"] == EMOTIONS
    assert answer["limits"]["max_bytes"] == 200_000
    assert len(answer["sha256"]) == 64


def test_the_card_is_a_page_or_markdown(client):
    _, headers, page = client.get("/card")
    assert headers.get_content_type() == "text/html"
    assert b"Not intended for" in page
    _, headers, text = client.get("/card", Accept="text/markdown")
    assert headers.get_content_type() == "text/markdown"
    assert text.startswith(b"# Model card")


@pytest.mark.parametrize("path", ["/docs", "/card", "/"])
def test_its_pages_load_nothing_from_elsewhere(path, client):
    status, headers, page = client.get(path)
    assert status == 200
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert not re.findall(rb'(?:src|href)="(?:https?:)?//', page)
    assert b"<script" not in page


def test_its_schema_names_every_answer(client):
    _, _, schema = client.get("/openapi.json")
    answers = schema["paths"]["/predict"]["post"]["responses"]
    assert set(answers) == {"200", "408", "413", "421", "422", "503", "504", "507"}
    for status in set(answers) - {"200"}:
        assert answers[status]["content"]["application/json"]["schema"]["$ref"].endswith("/Problem")


@pytest.mark.parametrize(
    "limits, fault",
    [
        ({"max_bytes": 0}, "max_bytes=0"),
        ({"max_concurrency": 0}, "max_concurrency=0"),
        ({"max_waiting": 1.5}, "max_waiting=1.5"),
        ({"timeout": 0}, "timeout=0"),
        ({"max_duration": float("nan")}, "max_duration=nan"),
    ],
)
def test_a_limit_out_of_range_is_refused(limits, fault, model_file):
    with pytest.raises(ValueError, match=fault):
        create_app(model_file, **limits)


@pytest.mark.parametrize("package", ["fastapi", "python_multipart"])
def test_without_the_extra_the_error_names_it(package, model_file, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImportError, match=r'pip install "sk_ser\[serve\]"'):
        create_app(model_file)


def test_what_is_no_model_is_refused_at_once(clip):
    pytest.importorskip("fastapi")
    pytest.importorskip("python_multipart")
    with pytest.raises(ModelFileError, match="not a file of sk_ser"):
        create_app(clip)


def test_two_files_in_one_form_are_refused(client, clip):
    body, kind = form(clip.read_bytes())
    boundary = kind.partition("boundary=")[2].encode()
    twice = body.replace(b"--" + boundary + b"--\r\n", b"") + body
    status, _, answer = client.ask("POST", "/predict", twice, {"Content-Type": kind})
    assert status == 422
    assert "several fields" in answer["error"]["message"]


def test_a_full_disk_is_told_as_such(client, app, clip, monkeypatch):
    def full(name):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(app.state.service, "place_for", full)
    status, _, answer = client.predict(clip.read_bytes())
    assert (status, answer["error"]["code"]) == (507, "disk_full")
    monkeypatch.undo()
    assert client.predict(clip.read_bytes())[0] == 200
