"""Connections that do not finish their headers, and names that are not the service's."""

import socket
import threading
import time
from contextlib import suppress

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("uvicorn")
pytest.importorskip("python_multipart")

import uvicorn

from sk_ser.service import _connections
from sk_ser.service._connections import HostCheck, TimedConnection
from tests.service.conftest import Client


async def hello(scope, receive, send):
    """Answer every request."""
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


@pytest.fixture
def port(monkeypatch):
    """A server with a short deadline and few connections for each address."""
    monkeypatch.setattr(_connections, "_HEADERS", 0.4)
    monkeypatch.setattr(_connections, "_PER_ADDRESS", 20)
    app = HostCheck(hello, ["voices.example", "127.0.0.1"])
    config = uvicorn.Config(app, port=0, http=TimedConnection, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()
    assert not TimedConnection.open_by_address


def is_closed(connection, seconds):
    """Wait until the other side closes a connection."""
    connection.settimeout(seconds)
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False


@pytest.mark.parametrize("sent", [b"", b"POST /predict HTTP/1.1\r\nHost: a", b"GET / HTTP/1.1\r\n"])
def test_half_a_request_is_closed_after_the_deadline(port, sent):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(sent)
        assert is_closed(connection, 3)


def test_headers_that_trickle_are_closed_too(port):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        begin = time.monotonic()
        with suppress(ConnectionResetError, BrokenPipeError):
            while time.monotonic() - begin < 5:
                connection.sendall(b"X")
                time.sleep(0.05)
        assert time.monotonic() - begin < 3


def test_a_second_request_on_a_connection_has_a_deadline_of_its_own(port):
    whole = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port)) as connection:
        for _ in range(3):
            connection.sendall(whole)
            time.sleep(0.2)
            assert b"200" in connection.recv(4_096)
        connection.sendall(whole[:-4])
        assert is_closed(connection, 3)


def test_many_half_open_connections_do_not_keep_others_out(port):
    idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(200)]
    try:
        begin = time.monotonic()
        while time.monotonic() - begin < 5:
            try:
                if Client(port).get("/")[0] == 200:
                    break
            except OSError:
                # this address has too many connections for a moment
                time.sleep(0.05)
        assert time.monotonic() - begin < 3
    finally:
        for connection in idle:
            connection.close()


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8000", "localhost:80", "LOCALHOST", "[::1]:8000", "10.0.0.7",
             "voices.example", "Voices.Example:8000"],
)  # fmt: skip
def test_names_of_the_service_and_addresses_pass(port, host):
    assert Client(port).get("/", Host=host)[0] == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:8000", "", "[::1"]
)
def test_other_names_are_refused(port, host):
    status, _, answer = Client(port).get("/", Host=host)
    assert (status, answer["error"]["code"]) == (421, "unknown_host")
    assert "--allow-host" in answer["error"]["message"]
