"""Limits on uploads: number, size and time."""

import asyncio
import math
import time
from contextlib import suppress

from starlette.exceptions import HTTPException

from sk_ser.service._problems import problem_response

#: Largest number of bytes that a form adds to its file.
FORM = 16 * 1024
#: Seconds, and multiples of the allowed size, that are discarded before a refusal: a client
#: that is still sending when the connection is closed may never read the answer.
_PATIENCE, _WASTE = 2.0, 4


class Door:
    """ASGI middleware that limits uploads.

    An upload may take `upload_seconds`, 30 s.

    Parameters
    ----------
    app : ASGI application
        The next application.
    max_bytes : int
        Largest file in bytes. The declared size is checked first; received bytes are counted.
    max_inside : int
        Number of uploads that are received, wait or are predicted at a time.
    n_workers : int
        Number of uploads that are predicted at a time.
    """

    upload_seconds = 30.0

    def __init__(self, app, *, max_bytes, max_inside, n_workers):
        self.app = app
        self.max_bytes, self.max_inside, self.n_workers = max_bytes, max_inside, n_workers
        self.inside = 0
        self.mean_seconds = 0.1

    async def __call__(self, scope, receive, send):
        """Pass one request on, or answer why it is refused."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        body = _Body(scope, receive, send, self.max_bytes, self.upload_seconds)
        refusal = None
        if body.claimed > self.max_bytes + FORM:
            refusal = problem_response(413, body.too_large())
        elif self.inside >= self.max_inside:
            seconds = self.seconds_to_wait()
            problem = f"{self.inside} files are waiting already. Try again in {seconds} s."
            refusal = problem_response(503, problem, {"Retry-After": str(seconds)})
        await (refusal or self._admit)(scope, body.receive, body.send)

    async def _admit(self, scope, receive, send):
        self.inside += 1
        start = time.perf_counter()
        try:
            await self.app(scope, receive, send)
        finally:
            taken = (time.perf_counter() - start) / max(1, self.inside / self.n_workers)
            self.mean_seconds += 0.1 * (taken - self.mean_seconds)
            self.inside -= 1

    def seconds_to_wait(self):
        """Estimate the time until another upload can be accepted, in whole seconds."""
        return max(1, math.ceil(self.inside * self.mean_seconds / self.n_workers))


class _Body:
    """The body of a request, counted while it is received."""

    def __init__(self, scope, receive, send, max_bytes, seconds):
        headers = dict(scope["headers"])
        length = headers.get(b"content-length", b"0")
        self.claimed = int(length) if length.isdigit() else 0
        self.expects_continue = b"expect" in headers
        self.max_bytes, self.seconds = max_bytes, seconds
        self.received, self.is_complete = 0, False
        self.deadline = time.monotonic() + seconds
        self._receive, self._send = receive, send

    def too_large(self):
        return f"The file is larger than the allowed {self.max_bytes} bytes."

    async def receive(self):
        if self.is_complete:
            # the next message is that the client has disconnected
            return await self._receive()
        try:
            async with asyncio.timeout(self.deadline - time.monotonic()):
                message = await self._next()
        except TimeoutError as error:
            self.is_complete = True
            raise HTTPException(
                408, f"The file did not arrive within {self.seconds:g} s. Send it faster."
            ) from error
        if self.received > self.max_bytes + FORM:
            raise HTTPException(413, self.too_large())
        return message

    async def send(self, message):
        is_start = message["type"] == "http.response.start"
        if is_start and (self.received or not self.expects_continue):
            # read some of the rest, so that the client reads the answer
            with suppress(TimeoutError):
                async with asyncio.timeout(_PATIENCE):
                    while not self.is_complete and self.received < _WASTE * self.max_bytes:
                        await self._next()
        await self._send(message)

    async def _next(self):
        message = await self._receive()
        self.received += len(message.get("body", b""))
        self.is_complete = not message.get("more_body", False)
        return message
