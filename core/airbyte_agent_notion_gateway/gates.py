"""How many calls run at a time, in the process and for one organisation. Those beyond are refused, not queued."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager

from .problems import Problem

__all__ = ["Gates"]

_RETRY_AFTER = {"Retry-After": "1"}


class Gates:
    """Counts what is under way. For one event loop.

    Args:
        total: at most so many in this process.
        each: at most so many of one organisation.
    """

    def __init__(self, *, total: int, each: int) -> None:
        self._total = total
        self._each = each
        self._running: Counter[str] = Counter()

    @contextmanager
    def admitted(self, organization_id: str) -> Generator[None]:
        """While one runs; raises Problem, 429 where the organisation has too many and 503 where the process has."""
        if self._running[organization_id] >= self._each:
            said = f"Your organization has {self._each} calls under way. Wait until one has ended."
            raise Problem(429, said, code="too_many_calls", headers=_RETRY_AFTER)
        if self._running.total() >= self._total:
            raise Problem(503, "The server is busy. Call again in a moment.", code="busy", headers=_RETRY_AFTER)
        self._running[organization_id] += 1
        try:
            yield
        finally:
            self._running[organization_id] -= 1
            if not self._running[organization_id]:
                del self._running[organization_id]
