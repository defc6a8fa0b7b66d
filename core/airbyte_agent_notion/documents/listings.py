"""What Notion lists by the time of the last edit: the rows of a data source, or all pages that a search finds.

The most recently edited come first, whatever the order in which Notion's cursors go on: of a page that is edited while
it is listed, only the place at the front may be missed, and that belongs to the next run.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from ..engine import Engine
from ..errors import IncompleteResult
from ..flow import Flow
from ..listing import ListOperation, ListResult, Paging
from ..models.objects import Page
from ..operation import Operation
from .marks import MINUTE, Mark, Window, minute_of
from .reading import AT_ONCE, Reader
from .sources import Handed, State, Steps

__all__ = ["Listing", "Query"]

LIMIT_REACHED = "query_result_limit_reached"


class Query(Protocol):
    """How the pages of a window are listed."""

    @property
    def key(self) -> str:
        """Under which the state is kept."""
        ...

    @property
    def narrows(self) -> bool:
        """Whether Notion keeps to the window, and to any part of it."""
        ...

    def within(self, window: Window) -> ListOperation[Any]:
        """The most recently edited first."""
        ...

    def in_minute(self, minute: datetime) -> ListOperation[Any]:
        """All of one minute, in any order; asked for only where ``narrows``."""
        ...


@dataclass(slots=True)
class _Pass:
    """A way through a window."""

    window: Window
    known: datetime | None
    """What the state says before."""
    began: datetime | None = None
    """The most recent edit when it began: what the state says when it has ended."""
    ordered: bool = True
    """Whether it goes from the newest to the oldest."""

    def begin(self, first: datetime) -> None:
        """The first page was listed."""
        if self.began is None:
            self.began = max(first, self.known or first)

    def ends_at(self, last: datetime | None) -> bool:
        """Whether nothing of it can follow."""
        return self.ordered and last is not None and self.window.is_past(last)

    def mark(self, at: datetime) -> Mark | None:
        """What the state is within it."""
        return Mark(newest=self.began or at, left_off=at, since=self.window.since) if self.ordered else None


@dataclass(slots=True)
class _Turn:
    """One list on its way."""

    paging: Paging[Any]
    pages: list[Page] = field(default_factory=list[Page])
    """What is to be handed out of the list page that was read last."""
    last: datetime | None = None
    cut: IncompleteResult | None = None


@dataclass(slots=True, kw_only=True)
class Listing:
    """The documents of a query, newest first, in one pass; a pass that was broken off is ended first.

    In memory are one list page and the ids of the minute that it is at. Of rows in another order the state moves at the
    end only: to where the reading began, by the clock ``now``.
    """

    query: Query
    engine: Engine
    reader: Reader
    overlap: timedelta
    now: Callable[[], datetime] | None = None
    """Given where the order is another."""
    _minute: datetime | None = None
    _ids: set[str] = field(default_factory=set[str])

    def steps(self, state: State) -> Steps:
        """The passes that are due."""
        mark = state.get(self.query.key)
        if self.now is not None:
            since = None if mark is None else mark.complete_to(self.overlap)
            start = Mark.parse(self.now()).newest
            yield from self._pass(_Pass(Window(since=since), None, start, ordered=False), state)
        elif mark is None:
            yield from self._pass(_Pass(Window(), None), state)
        else:
            for window, began in mark.windows(self.overlap):
                yield from self._pass(_Pass(window, mark.newest, began), state)

    def _pass(self, at: _Pass, state: State) -> Steps:
        self._minute, self._ids = None, set()
        narrower = at.window
        while True:
            turn = _Turn(self.query.within(narrower).paging())
            yield from self._turn(turn, at)
            if turn.cut is None:
                break
            if turn.last is None or not self._at_limit(turn.cut):
                yield _raised(turn.cut)
            narrower = yield from self._rest(turn, narrower, at)
        if at.began is not None:
            state[self.query.key] = Mark(newest=at.began)

    def _rest(self, turn: _Turn, narrower: Window, at: _Pass) -> Generator[Flow[list[Handed]], None, Window]:
        """What is left of a window in which there is more than Notion lists for one query."""
        assert turn.last is not None
        if turn.last != narrower.until:
            return Window(since=narrower.since, until=turn.last)
        inner = _Turn(self.query.in_minute(turn.last).paging())
        yield from self._turn(inner, at)
        if inner.cut is not None:
            yield _raised(inner.cut)
        return Window(since=narrower.since, until=turn.last - MINUTE)

    def _turn(self, turn: _Turn, at: _Pass) -> Steps:
        while turn.paging.upcoming is not None:
            yield self._list(turn, turn.paging.upcoming, at)
            for start in range(0, len(turn.pages), AT_ONCE):
                yield self._read(turn.pages[start : start + AT_ONCE], at)

    def _list(self, turn: _Turn, operation: Operation[Any], at: _Pass) -> Flow[list[Handed]]:
        listed: ListResult[Any] = yield from self.engine.call(operation)
        turn.pages = []
        try:
            self._take(turn, turn.paging.take(listed), at)
        except IncompleteResult as cut:
            turn.cut, turn.paging.upcoming = cut, None
        if at.ends_at(turn.last):
            turn.cut, turn.paging.upcoming = None, None
        return []

    def _take(self, turn: _Turn, items: Iterator[Any], at: _Pass) -> None:
        for item in items:
            if item.get("object") == "page":
                turn.last = minute_of(item.get("last_edited_time"))
                at.begin(turn.last)
                if at.window.holds(turn.last) and self._is_new(item, turn.last):
                    turn.pages.append(item)

    def _is_new(self, page: Page, minute: datetime) -> bool:
        if minute != self._minute:
            self._minute, self._ids = minute, set()
        known = page["id"] in self._ids
        self._ids.add(page["id"])
        return not known

    def _read(self, pages: list[Page], at: _Pass) -> Flow[list[Handed]]:
        found = yield from self.reader.listed(pages)
        edited = {page["id"]: minute_of(page.get("last_edited_time")) for page in pages}
        return [
            Handed(document=read.document, key=self.query.key, mark=at.mark(edited[read.page["id"]]))
            for read in found
            if read.document is not None
        ]

    def _at_limit(self, cut: IncompleteResult) -> bool:
        return self.query.narrows and cut.details.get("incomplete_reason") == LIMIT_REACHED


def _raised(error: Exception) -> Flow[list[Handed]]:
    """A step that fails: what runs the steps says how far they got."""
    yield from ()
    raise error
