"""The lists that documents come from, narrowed to when pages were edited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..errors import InvalidParams
from ..listing import ListOperation
from ..operations.plain.columns import Unfit
from ..operations.plain.groups import all_of
from ..operations.row_query import QueryDataSource
from ..operations.search import Search, SearchSort
from .marks import MINUTE, Window, as_text

__all__ = ["Hits", "Rows"]

PAGE_SIZE = 100
NEWEST_FIRST: SearchSort = {"timestamp": "last_edited_time", "direction": "descending"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The rows of a data source that pass a filter; Notion narrows them."""

    query: QueryDataSource

    @property
    def narrows(self) -> bool:
        """Not past the limit of one query, where the order is the caller's."""
        return not self.query.sorts

    @property
    def key(self) -> str:
        """The data source's id, or its database's: as it was given."""
        return self.query.data_source_id

    def within(self, window: Window) -> ListOperation[Any]:
        """The most recently edited first, unless they are sorted."""
        narrowed = _edited(self.query, window)
        return narrowed if narrowed.sorts else narrowed.model_copy(update={"sorts": [NEWEST_FIRST]})

    def in_minute(self, minute: datetime) -> ListOperation[Any]:
        """The oldest first, which has a way past the limit of one query."""
        return _edited(self.query, Window(since=minute, until=minute))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """The pages that a search finds; Notion narrows nothing, and lists the most recently edited first."""

    query: str | None
    narrows: bool = False

    @property
    def key(self) -> str:
        """``search``, with the words if there are any."""
        return f"search:{self.query}" if self.query else "search"

    def within(self, window: Window) -> ListOperation[Any]:  # noqa: ARG002
        """All of them."""
        words: dict[str, Any] = {"query": self.query} if self.query else {}
        return Search(filter={"property": "object", "value": "page"}, sort=NEWEST_FIRST, page_size=PAGE_SIZE, **words)

    def in_minute(self, minute: datetime) -> ListOperation[Any]:  # noqa: ARG002
        """All of them."""
        return self.within(Window())


def _edited(query: QueryDataSource, window: Window) -> QueryDataSource:
    """The query for what was edited in a window; its filter may be short."""
    conditions: list[dict[str, Any]] = []
    if window.since is not None:
        conditions.append(_condition("on_or_after", window.since))
    if window.until is not None:
        # Notion may know the second, though it tells the minute only.
        conditions.append(_condition("before", window.until + MINUTE))
    if not conditions:
        return query.model_copy(update={"page_size": PAGE_SIZE})
    given = [query.filter] if query.filter else []
    try:
        narrowed = all_of([*given, *conditions])
    except Unfit as problem:
        raise InvalidParams(f"filter {problem}.") from None
    return query.model_copy(update={"filter": narrowed, "page_size": PAGE_SIZE})


def _condition(operator: str, moment: datetime) -> dict[str, Any]:
    return {"timestamp": "last_edited_time", "last_edited_time": {operator: as_text(moment)}}
