"""The way through all rows of a data source, past the 10,000 that Notion lists for one query.

Rows are read oldest first. Where a query's rows are cut off, the next one asks for those created in the last row's
minute or later; those of that minute that were delivered before are dropped.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar, cast

from ..errors import InvalidResponse
from ..listing import ListOperation, ListResult, Paging
from ..operation import Operation

__all__ = ["RowPaging", "RowQuery", "and_created"]

T = TypeVar("T")

JsonObject = dict[str, Any]

OLDEST_FIRST: JsonObject = {"timestamp": "created_time", "direction": "ascending"}
LIMIT_REACHED = "query_result_limit_reached"
MAX_LEVELS = 2
"""How deep Notion lets ``and`` and ``or`` stand in one another."""


class RowQuery(Protocol):
    """What the way through all rows needs to know of a query."""

    @property
    def filter(self) -> JsonObject | None:
        """Which rows."""
        ...

    @property
    def sorts(self) -> Any:
        """In which order."""
        ...

    @property
    def sent(self) -> ListOperation[Any]:
        """The query as it was sent, once it was."""
        ...


class RowPaging(Paging[T]):
    """Pages of one query after another, in memory no more than the ids of one minute.

    A query without sorts is sent with oldest first; one whose sorts begin otherwise cannot be continued past the
    limit, nor can one that starts at a cursor of its own without sorts: it ends with IncompleteResult.
    """

    def __init__(self, query: ListOperation[T]) -> None:
        self._free = not cast("RowQuery", query).sorts and query.start_cursor is None
        super().__init__(query.model_copy(update={"sorts": [OLDEST_FIRST]}) if self._free else query)
        self._query: ListOperation[T] | None = None
        self._since: datetime | None = None
        self._minute: datetime | None = None
        self._ids: set[str] = set()

    def take(self, page: ListResult[T]) -> Iterator[T]:
        """The page's items; the next pages go on with the query as it was sent for the first."""
        if self._query is None:
            self._query = self.upcoming = cast("RowQuery", self.upcoming).sent
        yield from super().take(page)

    def _fresh(self, page: ListResult[T]) -> Iterator[T]:
        for item in page:
            row = cast("Mapping[str, Any]", item)
            identifier, minute = row.get("id"), _minute(row.get("created_time"))
            if minute is not None and minute != self._minute:
                self._minute, self._ids = minute, set()
            if identifier is None or identifier not in self._ids:
                self._ids.add(str(identifier))
                yield item

    def _at_end(self) -> Operation[Any] | None:
        if self._reason != LIMIT_REACHED:
            return super()._at_end()
        query = cast("RowQuery", self._query)
        if not self._free and (not query.sorts or query.sorts[0] != OLDEST_FIRST):
            raise self._incomplete(LIMIT_REACHED, "Leave sorts and start_cursor out, or filter more narrowly.")
        if self._minute is None or self._minute == self._since:
            raise self._incomplete(LIMIT_REACHED, "One minute holds more rows than Notion lists: filter more narrowly.")
        since = self._minute.strftime("%Y-%m-%dT%H:%M:00.000Z")
        narrower = and_created(query.filter, since)
        if narrower is None:
            raise self._incomplete(LIMIT_REACHED, f"The filter stands in the way: no groups below level {MAX_LEVELS}.")
        self._since, self._reason = self._minute, None
        self._cursors.clear()
        return cast("ListOperation[T]", query).model_copy(update={"filter": narrower, "start_cursor": None})


def and_created(given: JsonObject | None, since: str) -> JsonObject | None:
    """The filter for rows that pass the given one and were created at that moment or later.

    Notion takes groups within groups, no deeper: a disjunction that holds groups is multiplied out. None where the
    filter is deeper or no filter at all.
    """
    created: JsonObject = {"timestamp": "created_time", "created_time": {"on_or_after": since}}
    if not given:
        return created
    parts = _parts(given)
    if parts is None or any(_levels(part) >= MAX_LEVELS for part in parts):
        return None
    if "and" in given:
        return {"and": [*parts, created]}
    if "or" not in given or not any(_levels(part) for part in parts):
        return {"and": [given, created]}
    choices: list[JsonObject] = []
    for part in parts:
        choices += part.get("or") or [part]
    return {"or": [{"and": [*(each.get("and") or [each]), created]} for each in choices]}


def _parts(group: JsonObject) -> list[JsonObject] | None:
    """What a group holds; nothing for a plain filter, None for what is neither."""
    if "and" not in group and "or" not in group:
        return []
    held = next(iter(group.values()))
    if len(group) != 1 or not isinstance(held, list):
        return None
    parts = cast("list[object]", held)
    return cast("list[JsonObject]", parts) if parts and all(isinstance(part, dict) for part in parts) else None


def _levels(given: JsonObject) -> int:
    """How many groups stand in one another."""
    parts = _parts(given)
    return MAX_LEVELS if parts is None else 1 + max(map(_levels, parts)) if parts else 0


def _minute(created: object) -> datetime | None:
    if not isinstance(created, str):
        return None
    try:
        moment = datetime.fromisoformat(created)
    except ValueError:
        raise InvalidResponse("A row's created_time is no moment in time.") from None
    moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.replace(second=0, microsecond=0)
