"""A query's short filter and sorts, compiled against the schema."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...flow import Flow
from ...operation import Api, JsonObject
from .columns import refused
from .conditions import Conditions
from .filters import ShortFilter, is_short
from .lookups import Lookups
from .sorts import compiled_sorts, has_short
from .tables import table_of

__all__ = ["PlainQuery", "is_plain", "plain_query"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainQuery:
    """A query as Notion takes it."""

    data_source_id: str
    filter: JsonObject | None
    sorts: list[JsonObject] | None


def is_plain(filter: Mapping[str, Any] | None, sorts: Sequence[Mapping[str, Any]] | None) -> bool:
    """Whether the schema is needed to understand them."""
    return is_short(filter) or has_short(sorts)


def plain_query(
    api: Api,
    data_source_id: str,
    *,
    filter: Mapping[str, Any] | None,
    sorts: Sequence[Mapping[str, Any]] | None,
    operation: str,
) -> Flow[PlainQuery]:
    """The query in Notion's grammar, on the data source that a database's id stands for.

    Raises:
        InvalidParams: with everything that does not fit the schema.
    """
    table = yield from table_of(api, data_source_id)
    short = ShortFilter(table.columns, Conditions(Lookups(api)))
    compiled = None if filter is None else (yield from short.compile(filter))
    ordered = None if sorts is None else compiled_sorts(sorts, table.columns, short.problems)
    if short.problems:
        hint = "Correct the filter or the sorts and call again."
        raise refused(operation, short.problems, columns=table.columns.names, hint=hint)
    return PlainQuery(data_source_id=table.data_source_id or data_source_id, filter=compiled, sorts=ordered)
