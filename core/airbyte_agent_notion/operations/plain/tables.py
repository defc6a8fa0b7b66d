"""Where a row lives, and what columns there are."""

from dataclasses import dataclass
from typing import Any, cast

from ...flow import Flow
from ...operation import Api, JsonObject
from ..containers import GetDatabase
from ..page_reads import GetPage
from ..references import only_data_source
from ..schema_reads import GetDataSource
from .columns import TITLE_ONLY, Columns

__all__ = ["Table", "table_of", "table_of_page", "table_of_parent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A data source's columns; a page that is no row has a title alone, and no data source."""

    columns: Columns
    data_source_id: str | None = None


def table_of_parent(api: Api, parent: Any) -> Flow[Table]:
    """What a new page under this parent may have; a database stands for its only data source."""
    given = cast("JsonObject", parent or {})
    if "database_id" in given:
        database = yield from api.perform(GetDatabase(database_id=given["database_id"]))
        return (yield from table_of(api, only_data_source(database)))
    if "data_source_id" in given:
        return (yield from table_of(api, given["data_source_id"]))
    return Table(columns=Columns(TITLE_ONLY))


def table_of_page(api: Api, page_id: str) -> Flow[Table]:
    """What a page that exists may have."""
    page = yield from api.perform(GetPage(page_id=page_id, filter_properties=["title"]))
    parent = cast("JsonObject", page.get("parent") or {})
    return (yield from table_of_parent(api, {key: parent[key] for key in _TABLES if key in parent}))


def table_of(api: Api, data_source_id: str) -> Flow[Table]:
    """The columns of a data source, or of the only one of a database."""
    found: Any = yield from api.call(GetDataSource(data_source_id=data_source_id))
    return Table(columns=Columns(found.get("properties") or {}), data_source_id=str(found["id"]))


_TABLES = ("data_source_id",)
"""A row's parent names its database too, which may have several data sources."""
