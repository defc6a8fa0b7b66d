"""Behaviour without I/O: a flow is a generator that yields effects and receives their results.

The drivers in ``drive.py`` perform the effects, blocking or awaiting. Flows are written with the helper functions
below (``response = yield from send(request)``), which carry the result types.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

__all__ = [
    "Call",
    "Effect",
    "Flow",
    "Gather",
    "Now",
    "Request",
    "Response",
    "Send",
    "Shield",
    "Sleep",
    "call",
    "gather",
    "now",
    "send",
    "shield",
    "sleep",
]

T = TypeVar("T")

MAX_RESPONSE_BYTES = 50_000_000


def _no_headers() -> dict[str, str]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP request, relative to the transport's base URL."""

    method: str
    path: str
    """Absolute path with every part already percent-encoded, e.g. ``/v1/pages/<id>``."""
    query: tuple[tuple[str, str], ...] = ()
    """Decoded pairs; a repeated name is an array."""
    json: Any = None
    """JSON body; None sends no body."""
    content: bytes | None = field(default=None, repr=False)
    """A body that is not JSON, such as a file; ``content_type`` says what it is."""
    content_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=_no_headers, repr=False)
    """Headers beyond the transport's own. They may hold a secret and are kept out of ``repr``."""
    max_response_bytes: int = MAX_RESPONSE_BYTES
    """A longer answer is refused while it is being read."""
    time_left: float | None = None
    """Seconds until the call's deadline; the transport gives up then, however steadily bytes arrive."""

    def prepared(self, headers: Mapping[str, str], *, time_left: float | None = None) -> Request:
        """The same request with these headers."""
        return Request(
            method=self.method,
            path=self.path,
            query=self.query,
            json=self.json,
            content=self.content,
            content_type=self.content_type,
            headers=headers,
            max_response_bytes=self.max_response_bytes,
            time_left=time_left,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One HTTP response, read completely. Header names are lower-case.

    ``repr`` shows the status only: the rest is long, and a proxy's answer may echo the request's secrets.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=_no_headers, repr=False)
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Send:
    """Send a request; the result is its Response, or a TransportError is raised in the flow."""

    request: Request


@dataclass(frozen=True, slots=True)
class Sleep:
    """Wait; the result is None."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Now:
    """The result is the driver's monotonic clock in seconds."""


@dataclass(frozen=True, slots=True)
class Gather:
    """Run flows side by side, at most ``limit`` at a time; the result is the list of their results, in order.

    The first failure cancels the others and is raised bare.
    """

    flows: Sequence[Flow[Any]]
    limit: int


@dataclass(frozen=True, slots=True)
class Shield:
    """Run a flow to its end even if the caller is cancelled meanwhile; the result is its result."""

    flow: Flow[Any]


@dataclass(frozen=True, slots=True)
class Call:
    """Call a user's function; the result is its result. An awaitable is awaited by the awaiting driver only."""

    function: Callable[[], Any]


Effect: TypeAlias = Send | Sleep | Now | Gather | Shield | Call
Flow: TypeAlias = Generator[Effect, Any, T]


def send(request: Request) -> Flow[Response]:
    """Send a request and return its response."""
    response: Response = yield Send(request)
    return response


def sleep(seconds: float) -> Flow[None]:
    """Wait that many seconds."""
    yield Sleep(seconds)


def now() -> Flow[float]:
    """Seconds on the driver's monotonic clock."""
    seconds: float = yield Now()
    return seconds


def gather(flows: Sequence[Flow[T]], *, limit: int = 8) -> Flow[list[T]]:
    """Run flows side by side and return their results in order."""
    results: list[T] = yield Gather(flows, limit)
    return results


def shield(flow: Flow[T]) -> Flow[T]:
    """Run a flow to its end, cancelled or not, and return its result."""
    result: T = yield Shield(flow)
    return result


def call(function: Callable[[], T | Awaitable[T]]) -> Flow[T]:
    """Call a user's function, plain or async, and return its result."""
    result: T = yield Call(function)
    return result
