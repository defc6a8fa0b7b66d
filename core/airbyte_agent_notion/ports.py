"""What the drivers are given: a transport that sends requests, and a clock."""

from __future__ import annotations

import time
from typing import Protocol

from .flow import Request, Response

__all__ = ["SYSTEM_CLOCK", "AsyncTransport", "BlockingTransport", "Clock", "SystemClock", "Transport"]


class BlockingTransport(Protocol):
    """Sends a request and blocks until the whole response is there; raises only errors of our tree."""

    def send(self, request: Request) -> Response:
        """Send and return the response, whatever its status."""
        ...


class AsyncTransport(Protocol):
    """Sends a request and awaits the whole response; raises only errors of our tree."""

    async def asend(self, request: Request) -> Response:
        """Send and return the response, whatever its status."""
        ...


class Transport(BlockingTransport, AsyncTransport, Protocol):
    """Both ways of sending, each with its own connections, created when first needed."""

    def close(self) -> None:
        """Close the blocking side's connections."""
        ...

    async def aclose(self) -> None:
        """Close both sides' connections, as far as the running loop owns them."""
        ...


class Clock(Protocol):
    """Time as the drivers see it; tests inject one that does not wait."""

    def now(self) -> float:
        """Seconds, monotonic."""
        ...

    def sleep(self, seconds: float) -> None:
        """Block for that long."""
        ...

    async def asleep(self, seconds: float) -> None:
        """Await for that long."""
        ...


class SystemClock:
    """The real clock."""

    def now(self) -> float:
        """Seconds since an arbitrary start."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Block the thread."""
        time.sleep(seconds)

    async def asleep(self, seconds: float) -> None:
        """Suspend the task."""
        import anyio

        await anyio.sleep(seconds)


SYSTEM_CLOCK: Clock = SystemClock()
