"""Connections that may not wait for ever, and hosts and origins that may use the service."""

import ipaddress
from collections import Counter
from urllib.parse import urlsplit

from uvicorn.protocols.http.h11_impl import H11Protocol

from sk_ser.service._problems import problem_response

#: Seconds in which the headers of a request must arrive.
_HEADERS = 10.0
#: Number of connections of one address at a time; further ones are closed.
_PER_ADDRESS = 200


class TimedConnection(H11Protocol):
    """HTTP connection that is closed if headers do not arrive in time.

    Without a deadline, clients that send half a request each could take all connections. The body
    has a deadline of its own, see :class:`~sk_ser.service._door.Door`.
    """

    open_by_address = Counter()
    _address = _timer = None

    def connection_made(self, transport):
        """Accept a connection, or close it if its address has too many."""
        super().connection_made(transport)
        self._address = (transport.get_extra_info("peername") or ("",))[0]
        self.open_by_address[self._address] += 1
        if self.open_by_address[self._address] > _PER_ADDRESS:
            transport.abort()
        else:
            self._timer = self.loop.call_later(_HEADERS, transport.abort)

    def data_received(self, data):
        """Stop the clock when the headers are complete, and start it for those of the next."""
        super().data_received(data)
        waits = self.cycle is None or self.cycle.response_complete
        if not waits:
            self._stop()
        elif self._timer is None:
            self._timer = self.loop.call_later(_HEADERS, self.transport.abort)

    def connection_lost(self, exc):
        """Forget a connection."""
        self._stop()
        self.open_by_address[self._address] -= 1
        if self.open_by_address[self._address] <= 0:
            del self.open_by_address[self._address]
        super().connection_lost(exc)

    def _stop(self):
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None


class HostCheck:
    """ASGI middleware that refuses hosts by names that are not the service's.

    A page of a stranger may let its name point at 127.0.0.1 (DNS rebinding), and would then pass
    for a page of the service. Addresses are no names, and always pass.

    Parameters
    ----------
    app : ASGI application
        The next application.
    names : collection of str
        Names of the service, beside "localhost".
    """

    def __init__(self, app, names):
        self.app = app
        self.names = {"localhost", *(name.casefold() for name in names)}

    async def __call__(self, scope, receive, send):
        """Pass one request on, or answer that its host is not known."""
        app = self.app
        if scope["type"] == "http":
            host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
            if not self.knows(host):
                remedy = "Start the service with --allow-host to allow it."
                app = problem_response(421, f"This service has another name. {remedy}")
        await app(scope, receive, send)

    def knows(self, host):
        """Check a header ``Host``, with or without a port."""
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return name in self.names or _is_address(name)


def _is_address(name):
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
