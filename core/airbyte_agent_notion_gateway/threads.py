"""Blocking work beside the event loop."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

import anyio.to_thread
from anyio import CapacityLimiter

__all__ = ["Threads"]

P = ParamSpec("P")
T = TypeVar("T")

_STORE_THREADS = 16
_HASHING_THREADS = 2


class Threads:
    """Runs the store's methods, and the hashing of secrets, which takes a whole core for a while."""

    def __init__(self) -> None:
        self._store = CapacityLimiter(_STORE_THREADS)
        self._hashing = CapacityLimiter(_HASHING_THREADS)

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of a method of the store. One that has begun ends, also if the caller is cancelled."""
        return await anyio.to_thread.run_sync(partial(work, *args, **kwargs), limiter=self._store)

    async def hash(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of a method that hashes."""
        return await anyio.to_thread.run_sync(partial(work, *args, **kwargs), limiter=self._hashing)
