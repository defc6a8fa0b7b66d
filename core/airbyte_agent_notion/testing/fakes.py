"""A scripted transport, and a clock that does not wait."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import anyio
import anyio.lowlevel

from ..flow import Request, Response
from ..ports import Transport

__all__ = ["FakeClock", "FakeTransport", "Rendezvous", "json_response"]

Reply: TypeAlias = Response | Exception | Callable[[Request], Response]


def json_response(body: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A response with a JSON body; header names in lower case."""
    content = json.dumps(body).encode()
    return Response(status=status, headers={"content-type": "application/json", **(headers or {})}, content=content)


class FakeTransport:
    """Answers from a script and records the requests, their headers included.

    Args:
        replies: one for each request: a response, an exception to raise, or a function of the request. The last one
            answers every further request.
    """

    def __init__(self, *replies: Reply) -> None:
        self._replies = list(replies)
        self.requests: list[Request] = []
        """Every request, oldest first."""
        self.closed = False

    def send(self, request: Request) -> Response:
        """The next reply of the script."""
        self.requests.append(request)
        if not self._replies:
            raise AssertionError("The script of this FakeTransport holds no reply.")
        reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, Response) else reply(request)

    async def asend(self, request: Request) -> Response:
        """As ``send``, letting other tasks run first."""
        await anyio.lowlevel.checkpoint()
        return self.send(request)

    def close(self) -> None:
        """Record it."""
        self.closed = True

    async def aclose(self) -> None:
        """Record it."""
        self.closed = True


class FakeClock:
    """A clock that moves when something sleeps, and at once."""

    def __init__(self, start: float = 0.0) -> None:
        self._now = start
        self.sleeps: list[float] = []
        """Every wait, in seconds."""

    def now(self) -> float:
        """Seconds slept so far, and the start."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Move on."""
        self.sleeps.append(seconds)
        self._now += seconds

    async def asleep(self, seconds: float) -> None:
        """As ``sleep``, letting other tasks run first."""
        await anyio.lowlevel.checkpoint()
        self.sleep(seconds)


class Rendezvous:
    """A transport that answers no one before two requests have arrived."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner
        self._arrived = 0
        self._met: anyio.Event | None = None

    def send(self, request: Request) -> Response:
        """Send at once: blocking calls come one by one."""
        return self._inner.send(request)

    async def asend(self, request: Request) -> Response:
        """Send when the other request has arrived."""
        met = self._met = self._met or anyio.Event()
        self._arrived += 1
        if self._arrived == 2:
            met.set()
            self._arrived, self._met = 0, None
        with anyio.fail_after(10):
            await met.wait()
        return await self._inner.asend(request)

    def close(self) -> None:
        """Close the transport."""
        self._inner.close()

    async def aclose(self) -> None:
        """Close the transport."""
        await self._inner.aclose()
