"""Work that any number of calls need at once and one of them does: a token refresh, an exchange, a look-up."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from threading import Lock

from ..errors import NotionAgentError
from ..flow import Flow, shield, sleep

__all__ = ["SingleFlight"]

LOOK_AGAIN = 0.05
"""Seconds after which a waiting call looks whether the work is done."""


@dataclass(eq=False, slots=True)
class _Work:
    """Work under way, and how it ended."""

    over: bool = False
    failure: NotionAgentError | None = None


class SingleFlight:
    """One piece of work at a time, whoever asks for it: other calls, loops or threads. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._under_way: _Work | None = None

    def run(self, work: Callable[[], Flow[None]], *, needed: Callable[[], bool]) -> Flow[None]:
        """Do the work, or wait for the call that is doing it and share its outcome, also where it failed.

        A cancelled caller does not stop the work.

        Args:
            work: makes the flow.
            needed: whether there is still anything to do; asked under the lock, right before the work would begin.
        """
        with self._lock:
            if not needed():
                return
            under_way, mine = self._under_way, _Work()
            if under_way is None:
                self._under_way = mine
        if under_way is None:
            yield from shield(self._do(mine, work))
            return
        while not under_way.over:
            yield from sleep(LOOK_AGAIN)
        if under_way.failure is not None:
            raise copy(under_way.failure)

    def _do(self, mine: _Work, work: Callable[[], Flow[None]]) -> Flow[None]:
        try:
            yield from work()
        except NotionAgentError as error:
            mine.failure = error
            raise
        finally:
            self._under_way = None
            mine.over = True
