"""Failures on demand: single faults that are used up in order, and a real rate limiter."""

from __future__ import annotations

import fnmatch
import math
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from ..flow import Request
from .problems import Problem

__all__ = ["Fault", "Faults"]

WINDOW_SECONDS = 60.0
RATE_LIMITED = 429

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
    """What happens to the next ``times`` requests that match, instead of or before their answer."""

    status: int | None = None
    """Answer with this error status; None lets the request through (after ``delay``)."""
    times: int = 1
    method: str | None = None
    path: str | None = None
    """A path prefix, or a glob such as ``/v1/pages/*``; None matches all."""
    retry_after: int | None = None
    """Seconds in the Retry-After header."""
    code: str | None = None
    """Notion's error code; by default the one that belongs to the status."""
    delay: float = 0.0
    """Seconds before the answer; transports and the server wait, ``handle`` does not."""
    drop: bool = False
    """Break the connection without an answer; the request has no effect."""

    def matches(self, request: Request) -> bool:
        """Whether the fault is meant for that request."""
        if self.method is not None and self.method.upper() != request.method.upper():
            return False
        if self.path is None:
            return True
        return request.path.startswith(self.path) or fnmatch.fnmatchcase(request.path, self.path)

    def problem(self) -> Problem | None:
        """The error to answer with, if any."""
        if self.status is None:
            return None
        code = self.code or CODES.get(self.status, "internal_server_error")
        if self.status == RATE_LIMITED:
            return limited(self.retry_after, code=code)
        return Problem(self.status, code, "The sandbox was told to fail this request.", retry_after=self.retry_after)


def limited(retry_after: int | None, *, code: str = "rate_limited") -> Problem:
    """429 as Notion answers it; the waiting time is repeated in the body."""
    data: dict[str, str | list[str]] = {"rate_limit_reason": "public_api_request_rate_limit"}
    if retry_after is not None:
        data["retry_after"] = str(retry_after)
    message = "This connection has sent too many requests; wait before sending more."
    return Problem(RATE_LIMITED, code, message, additional_data=data, retry_after=retry_after)


class Faults:
    """The faults of one sandbox. Thread-safe."""

    def __init__(self, *, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._pending: list[tuple[Fault, list[int]]] = []
        self._per_minute: int | None = None
        self._sent: deque[float] = deque()

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
        )
        with self._lock:
            self._pending.append((fault, [times]))
        return fault

    def rate_limit(self, *, per_minute: int | None) -> None:
        """Answer 429 beyond so many requests in any 60 seconds; None lifts the limit."""
        with self._lock:
            self._per_minute = per_minute
            self._sent.clear()

    def clear(self) -> None:
        """Forget all faults and the rate limit."""
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

    def check_rate(self) -> Problem | None:
        """Count a request; the 429 if it is one too many (it then does not count)."""
        with self._lock:
            return None if self._per_minute is None else self._check(self._per_minute, self._clock())

    def _check(self, per_minute: int, now: float) -> Problem | None:
        while self._sent and self._sent[0] <= now - WINDOW_SECONDS:
            self._sent.popleft()
        if len(self._sent) < per_minute:
            self._sent.append(now)
            return None
        oldest = self._sent[0] if self._sent else now
        return limited(max(1, math.ceil(oldest + WINDOW_SECONDS - now)))
