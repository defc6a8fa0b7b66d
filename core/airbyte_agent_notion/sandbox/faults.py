"""Failures on demand: single faults that are used up in order, and two real rate limiters."""

from __future__ import annotations

import fnmatch
import math
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..flow import Request, Response
from .problems import Problem

__all__ = ["Fault", "Faults"]

WINDOW_SECONDS = 60.0
RATE_LIMITED = 429
OVERLOADED = 529
OK = 200

OF_CONNECTION = "public_api_request_rate_limit"
OF_WORKSPACE = "public_api_space_request_rate_limit"

CODES = {
    400: "invalid_request",
    401: "unauthorized",
    403: "restricted_resource",
    404: "object_not_found",
    409: "conflict_error",
    429: "rate_limited",
    500: "internal_server_error",
    502: "bad_gateway",
    503: "service_unavailable",
    504: "gateway_timeout",
    529: "service_overload",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What happens to the next ``times`` requests that match: instead of, before or after their effect."""

    status: int | None = None
    """Answer with this error status; None lets the request through (after ``delay``)."""
    times: int = 1
    method: str | None = None
    path: str | None = None
    """A path prefix, or a glob such as ``/v1/pages/*``; None matches all."""
    retry_after: int | None = None
    """Seconds in the Retry-After header, and in the body of a 429 or 529; without it neither is there."""
    code: str | None = None
    """Notion's error code; by default the one that belongs to the status."""
    delay: float = 0.0
    """Seconds before the answer; transports and the server wait, ``handle`` does not."""
    drop: bool = False
    """Break the connection without an answer."""
    content: str | bytes | None = None
    """Answer with exactly this body, as a proxy would: no x-notion-request-id, status 200 if none is given."""
    content_type: str | None = None
    """Content-Type of ``content``; by default text/html."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    """Laid over the answer's headers, whatever the answer."""
    additional_data: Mapping[str, str | list[str]] = field(default_factory=dict[str, str | list[str]])
    """Laid over the error's additional_data: ``retry_guidance``, ``committed_resource_id``, ..."""
    after: bool = False
    """Let the request take effect first, then fail: its own answer is lost. By default it has no effect."""
    committed: bool = False
    """Name in additional_data what the request has saved: ``committed_resource_id``, of an append also
    ``committed_child_ids``. Needs ``after``.
    """

    def matches(self, request: Request) -> bool:
        """Whether the fault is meant for that request."""
        if self.method is not None and self.method.upper() != request.method.upper():
            return False
        if self.path is None:
            return True
        return request.path.startswith(self.path) or fnmatch.fnmatchcase(request.path, self.path)

    @property
    def answers(self) -> bool:
        """Whether the fault takes the place of the request's own answer."""
        return self.drop or self.content is not None or self.status is not None

    def problem(self, saved: Mapping[str, str | list[str]] | None = None) -> Problem | None:
        """The error to answer with, if any; ``saved`` is what the request has committed."""
        if self.drop or self.status is None or self.content is not None:
            return None
        data = {**(saved or {} if self.committed else {}), **self.additional_data}
        if self.retry_after is not None and self.status in (RATE_LIMITED, OVERLOADED):
            data = {"retry_after": str(self.retry_after), **data}
        code = self.code or CODES.get(self.status, "internal_server_error")
        if self.status == RATE_LIMITED:
            data = {"rate_limit_reason": OF_CONNECTION, **data}
        message = "The sandbox was told to fail this request."
        return Problem(self.status, code, message, additional_data=data, retry_after=self.retry_after)

    def raw(self) -> Response | None:
        """The answer of something that is not Notion; None for a broken connection."""
        if self.drop or self.content is None:
            return None
        content = self.content.encode() if isinstance(self.content, str) else self.content
        headers = {"content-type": self.content_type or "text/html", "content-length": str(len(content))}
        return Response(status=self.status or OK, headers=headers, content=content)


class _Window:
    """Requests in the last 60 seconds, and how many there may be."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._sent: deque[float] = deque()

    def wait(self, now: float) -> int | None:
        """Whole seconds until there is room for one more; None if there is."""
        while self._sent and self._sent[0] <= now - WINDOW_SECONDS:
            self._sent.popleft()
        if len(self._sent) < self._limit:
            return None
        oldest = self._sent[0] if self._sent else now
        return max(1, math.ceil(oldest + WINDOW_SECONDS - now))

    def count(self, now: float) -> None:
        self._sent.append(now)


class Faults:
    """The faults of one sandbox. Thread-safe."""

    def __init__(self, *, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._pending: list[tuple[Fault, list[int]]] = []
        self._per_minute: int | None = None
        self._connections: dict[str, _Window] = {}
        self._workspace: _Window | None = None

    def add(
        self,
        *,
        status: int | None = None,
        times: int = 1,
        method: str | None = None,
        path: str | None = None,
        retry_after: int | None = None,
        code: str | None = None,
        delay: float = 0.0,
        drop: bool = False,
        content: str | bytes | None = None,
        content_type: str | None = None,
        headers: Mapping[str, str] | None = None,
        additional_data: Mapping[str, str | list[str]] | None = None,
        after: bool = False,
        committed: bool = False,
    ) -> Fault:
        """Queue a fault; see Fault for the parameters. The first one queued that matches is used first."""
        fault = Fault(
            status=status,
            times=times,
            method=method,
            path=path,
            retry_after=retry_after,
            code=code,
            delay=delay,
            drop=drop,
            content=content,
            content_type=content_type,
            headers=dict(headers or {}),
            additional_data=dict(additional_data or {}),
            after=after,
            committed=committed,
        )
        with self._lock:
            self._pending.append((fault, [times]))
        return fault

    def rate_limit(self, *, per_minute: int | None = 180, workspace_per_minute: int | None = None) -> None:
        """Answer 429 beyond so many requests in any 60 seconds; refused ones do not count.

        Args:
            per_minute: for each connection; None lifts the limit.
            workspace_per_minute: for all connections together; None lifts the limit.
        """
        with self._lock:
            self._per_minute = per_minute
            self._connections.clear()
            self._workspace = None if workspace_per_minute is None else _Window(workspace_per_minute)

    def clear(self) -> None:
        """Forget all faults and the rate limits."""
        with self._lock:
            self._pending.clear()
        self.rate_limit(per_minute=None)

    @property
    def pending(self) -> list[Fault]:
        """Faults that are not used up."""
        with self._lock:
            return [fault for fault, _ in self._pending]

    def take(self, request: Request) -> Fault | None:
        """Use up the first fault that matches."""
        with self._lock:
            entry = next((each for each in self._pending if each[0].matches(request)), None)
            if entry is None:
                return None
            entry[1][0] -= 1
            if entry[1][0] <= 0:
                self._pending.remove(entry)
            return entry[0]

    def check_rate(self, connection: str) -> Problem | None:
        """Count a request of that connection; the 429 if it is one too many (it then does not count)."""
        with self._lock:
            now = self._clock()
            limits = self._limits(connection)
            for window, reason in limits:
                wait = window.wait(now)
                if wait is not None:
                    return _limited(wait, reason)
            for window, _ in limits:
                window.count(now)
            return None

    def _limits(self, connection: str) -> list[tuple[_Window, str]]:
        limits: list[tuple[_Window, str]] = []
        if self._per_minute is not None:
            limits.append((self._connections.setdefault(connection, _Window(self._per_minute)), OF_CONNECTION))
        if self._workspace is not None:
            limits.append((self._workspace, OF_WORKSPACE))
        return limits


def _limited(wait: int, reason: str) -> Problem:
    """429 as Notion answers it; the waiting time is repeated in the body."""
    whose = "connection" if reason == OF_CONNECTION else "workspace"
    return Problem(
        RATE_LIMITED,
        CODES[RATE_LIMITED],
        f"This {whose} has sent too many requests; wait before sending more.",
        additional_data={"rate_limit_reason": reason, "retry_after": str(wait)},
        retry_after=wait,
    )
