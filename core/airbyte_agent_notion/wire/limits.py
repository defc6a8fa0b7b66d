"""Rate limits: one budget for each token, shared by every connector, loop and thread of the process.

Notion allows a connection so many requests in any 60 seconds, in a burst if it likes, and a workspace a number that is
not published. A bucket that refills would burst past a sliding window, so the limiter keeps a log: a slot is taken
when a request is admitted and free again 60 seconds after its answer, when Notion has surely counted it out.
"""

from __future__ import annotations

from bisect import insort
from collections import deque
from dataclasses import dataclass
from hashlib import sha256
from math import inf
from threading import Lock, RLock
from weakref import WeakValueDictionary

from ..errors import DeadlineExceeded, NotionAgentError
from ..flow import Flow, Request, Response, now, send, sleep

__all__ = ["Limiter", "Ticket", "send_within"]

WINDOW = 60.0
LOOK_AGAIN = 5.0
"""Longest sleep of a waiting call, in seconds: a slot may come free early, or a pause be set."""
RELAX_AFTER = 300.0
"""Seconds after which a learned workspace limit is forgotten: others share it, and their share changes."""


@dataclass(eq=False, slots=True)
class Ticket:
    """A call's place in the queue, and its slot once it is admitted."""

    admitted_at: float | None = None


class Limiter:
    """A sliding log of requests and a queue of waiting calls, first come, first served. Thread-safe.

    Args:
        per_minute: requests allowed in any 60 seconds; None for no limit, where only pauses hold calls back.
    """

    def __init__(self, per_minute: int | None) -> None:
        self.per_minute = inf if per_minute is None else per_minute
        self._lock = RLock()  # A forgotten flow may be collected, and leave, while this thread holds the lock.
        self._queue: deque[Ticket] = deque()
        self._flying: set[Ticket] = set()
        self._answered: deque[float] = deque()
        self._refused: deque[float] = deque()
        self._paused_until = 0.0
        self._learned: tuple[int, float] | None = None

    @classmethod
    def shared(cls, token: str, per_minute: int) -> Limiter:
        """The limiter of a token: the same object as long as anyone holds it. The lowest budget asked for holds."""
        digest = sha256(token.encode()).hexdigest()
        with _table_lock:
            limiter = _table.get(digest)
            if limiter is None:
                limiter = _table[digest] = cls(per_minute)
            limiter.per_minute = min(limiter.per_minute, per_minute)
            return limiter

    def join(self) -> Ticket:
        """Queue up."""
        ticket = Ticket()
        with self._lock:
            self._queue.append(ticket)
        return ticket

    def wait(self, ticket: Ticket, at: float) -> float:
        """Seconds until the ticket's turn; 0 admits it, and it may send."""
        with self._lock:
            self._forget(at)
            delay = max(0.0, self._turn(ticket, at) - at)
            if delay == 0.0:
                self._queue.remove(ticket)
                self._flying.add(ticket)
                ticket.admitted_at = at
            return delay

    def leave(self, ticket: Ticket, at: float | None = None, *, refused: bool = False) -> None:
        """Give the place back; or the request ended at that moment, when Notion had surely counted it.

        Without a moment an admitted request, which was cancelled, counts from its admission.
        """
        with self._lock:
            if ticket.admitted_at is None:
                self._queue.remove(ticket)
            elif ticket in self._flying:
                self._flying.remove(ticket)
                insort(self._answered, ticket.admitted_at if at is None else at)
                if refused and at is not None:
                    insort(self._refused, at)

    def pause(self, until: float) -> None:
        """Nobody sends before that moment."""
        with self._lock:
            self._paused_until = max(self._paused_until, until)

    def learn_workspace_limit(self, at: float) -> None:
        """The workspace's limit refused a request: for some minutes no more than went through are sent in a window."""
        with self._lock:
            self._forget(at)
            through = len(self._answered) - len(self._refused)
            self._learned = (max(1, through), at + RELAX_AFTER)

    def _forget(self, at: float) -> None:
        for moments in (self._answered, self._refused):
            while moments and moments[0] + WINDOW <= at:
                moments.popleft()

    def _limit(self, at: float) -> float:
        if self._learned is not None and at < self._learned[1]:
            return min(self.per_minute, self._learned[0])
        self._learned = None
        return self.per_minute

    def _turn(self, ticket: Ticket, at: float) -> float:
        """When the ticket may send, if everyone before it sends as early as possible."""
        limit, busy = self._limit(at), len(self._flying) + len(self._answered)
        turn = max(at, self._paused_until)
        if self._queue[0] is ticket and busy < limit:
            return turn
        # What is under way frees its slot a window after its answer, which is still to come.
        freed = deque(moment + WINDOW for moment in (*self._answered, *(at for _ in self._flying)))
        for waiting in tuple(self._queue):
            while busy >= limit:
                turn = max(turn, freed.popleft())
                busy -= 1
            if waiting is ticket:
                break
            busy += 1
            freed.append(turn + WINDOW)
        return turn


_table: WeakValueDictionary[str, Limiter] = WeakValueDictionary()
_table_lock = Lock()


def send_within(limiter: Limiter, request: Request, *, ends_at: float | None = None) -> Flow[Response]:
    """Send when the limiter admits it; the request is told how much time is left then.

    Args:
        limiter: the token's.
        request: what to send.
        ends_at: the call's deadline: DeadlineExceeded is raised in place of waiting beyond it.
    """
    ticket = limiter.join()
    ended_at: float | None = None
    refused = False
    try:
        while True:
            moment = yield from now()
            left = inf if ends_at is None else ends_at - moment
            if left <= 0.0:
                raise DeadlineExceeded("The call's time is up.")
            delay = limiter.wait(ticket, moment)
            if delay == 0.0:
                break
            if delay >= left:
                raise DeadlineExceeded(f"The rate limit asks to wait {delay:.0f} s; the call has {left:.0f} s left.")
            yield from sleep(min(delay, LOOK_AGAIN))
        if ends_at is not None:
            request = request.prepared(request.headers, time_left=left)
        try:
            response = yield from send(request)
        except NotionAgentError:
            ended_at = yield from now()
            raise
        ended_at = yield from now()
        refused = response.status in {429, 529}
        return response
    finally:
        limiter.leave(ticket, ended_at, refused=refused)
