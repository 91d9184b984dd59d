"""The log of requests, one line of JSON each, without contents."""

import json
import logging
import time

LOG = logging.getLogger("sk_ser.service")


class Journal:
    """ASGI middleware that logs each request to the logger ``sk_ser.service``.

    A line has the time in UTC, the method, the path, the status, milliseconds, bytes received,
    and the recording's duration in seconds. It has no file names and no predictions.
    """

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        """Pass a request on and log it when it is answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        seen = {"status": 0, "bytes": 0}
        start = time.perf_counter()

        async def counting():
            message = await receive()
            seen["bytes"] += len(message.get("body", b""))
            return message

        async def noting(message):
            seen["status"] = message.get("status", seen["status"])
            await send(message)

        try:
            await self.app(scope, counting, noting)
        finally:
            entry = {
                "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                "method": scope["method"],
                "path": scope["path"],
                **seen,
                "ms": round(1000 * (time.perf_counter() - start), 1),
                "duration": scope.get("state", {}).get("duration"),
            }
            LOG.info(json.dumps(entry))
