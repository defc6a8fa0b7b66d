"""Time that passes at once, for many callers: an event loop and threads whose clock moves when all of them wait."""

import asyncio
import heapq
import json
import selectors
import threading
from collections import deque
from itertools import count

import anyio

from airbyte_agent_notion.flow import Response

WINDOW = 60.0
OK = Response(status=200, content=b'{"object":"user","id":"1"}')


class _Selector(selectors.DefaultSelector):
    """Never waits: time moves on to the next timer instead."""

    def __init__(self, loop):
        super().__init__()
        self._loop = loop

    def select(self, timeout=None):
        found = super().select(0)
        if not found and timeout is None:
            raise AssertionError("nothing will ever happen")
        if not found and timeout:
            self._loop.seconds += timeout
        return found


class SimulatedLoop(asyncio.SelectorEventLoop):
    """An event loop whose time moves only when everything waits, and then at once. It is the drivers' clock too."""

    def __init__(self):
        self.seconds = 1_000.0
        super().__init__(_Selector(self))

    def time(self):
        return self.seconds

    def now(self):
        return self.seconds

    async def asleep(self, seconds):
        await anyio.sleep(seconds)

    def sleep(self, seconds):
        raise AssertionError("a blocking sleep in a loop")


def in_simulated_loop(main):
    """The result of ``main(clock)`` in a loop of its own."""
    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        return runner.run(main(runner.get_loop()))


class ThreadClock:
    """A clock for so many threads: it moves when all of them sleep."""

    def __init__(self, threads):
        self.seconds = 1_000.0
        self._awake = threads
        self._timers = []
        self._count = count()
        self._changed = threading.Lock()

    def now(self):
        return self.seconds

    def sleep(self, seconds):
        woken = threading.Event()
        with self._changed:
            heapq.heappush(self._timers, (self.seconds + seconds, next(self._count), woken))
            self._awake -= 1
            self._move()
        assert woken.wait(30), "the simulation stands still"

    def leave(self):
        """A thread has ended."""
        with self._changed:
            self._awake -= 1
            self._move()

    def _move(self):
        if self._awake == 0 and self._timers:
            due, _, woken = heapq.heappop(self._timers)
            self.seconds = max(self.seconds, due)
            self._awake += 1
            woken.set()


def in_threads(number, work):
    """Run ``work(clock, index)`` in so many threads, in simulated time; the clock."""
    clock = ThreadClock(number)
    failures = []

    def run(index):
        try:
            work(clock, index)
        except BaseException as error:
            failures.append(error)
        finally:
            clock.leave()

    threads = [threading.Thread(target=run, args=(index,), daemon=True) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if failures:
        raise failures[0]
    return clock


class Limited:
    """A server that allows so many requests in any 60 s, for each token and for the workspace.

    It counts a request at the moment ``counted`` (a share of its ``latency``) and answers 429 with Retry-After beyond.
    """

    def __init__(self, clock, per_minute=180, *, workspace=None, latency=lambda: 0.0, counted=lambda: 0.5):
        self.clock = clock
        self.limits = [(deque(), per_minute, "public_api_request_rate_limit")]
        if workspace is not None:
            self.limits.append((deque(), workspace, "public_api_space_request_rate_limit"))
        self.latency, self.counted = latency, counted
        self.answered = self.refused = 0
        self.moments = []
        self._lock = threading.Lock()

    def send(self, request):
        before, after = self._times()
        if before:
            self.clock.sleep(before)
        response = self._count()
        if after:
            self.clock.sleep(after)
        return response

    async def asend(self, request):
        before, after = self._times()
        await self.clock.asleep(before)
        response = self._count()
        await self.clock.asleep(after)
        return response

    def _times(self):
        latency = self.latency()
        share = self.counted()
        return latency * share, latency * (1 - share)

    def _count(self):
        with self._lock:
            now = self.clock.now()
            for log, limit, reason in self.limits:
                while log and log[0] + WINDOW <= now:
                    log.popleft()
                if len(log) >= limit:
                    self.refused += 1
                    return self._refusal(reason, max(1, -int(-(log[0] + WINDOW - now) // 1)))
            for log, _, _ in self.limits:
                log.append(now)
            self.answered += 1
            self.moments.append(now)
            return OK

    @staticmethod
    def _refusal(reason, wait):
        body = {"code": "rate_limited", "message": "Slow down.", "additional_data": {"rate_limit_reason": reason}}
        return Response(status=429, headers={"retry-after": str(wait)}, content=json.dumps(body).encode())
