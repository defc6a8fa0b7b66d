"""Data sources: the tables inside databases."""

from typing import Literal

from pydantic import Field

from ..fields import DataSourceId, JsonDict, PropertyIds
from ..models.objects import DataSource, Page
from ..namespace import M, Namespace, method
from ..operation import ListOperation, Operation, Spec
from .search import TitleSearch

__all__ = ["DataSources", "GetDataSource", "ListDataSources", "QueryDataSource"]

_NOT_FOUND = (
    "If this is a database's id, or comes from a database's URL, call databases.get with it and use an id from its "
    "data_sources. Otherwise it is wrong, or not shared: a person must add this connection to the database in Notion."
)


class ListDataSources(TitleSearch[DataSource]):
    """List data sources (tables), or search them by title."""

    spec = Spec(
        "data_sources",
        "list",
        "POST /v1/search",
        fixed={"filter": {"property": "object", "value": "data_source"}},
        capability="read_content",
    )


class GetDataSource(Operation[DataSource]):
    """Get a data source's schema: its properties with their types and options. Read it before writing a filter."""

    spec = Spec(
        "data_sources",
        "get",
        "GET /v1/data_sources/{data_source_id}",
        capability="read_content",
        not_found=_NOT_FOUND,
    )
    data_source_id: DataSourceId


class QueryDataSource(ListOperation[Page | DataSource]):
    """Query the rows of a data source with a filter and sorts. Rows are pages; wikis can answer data sources too.
    Property names and options are in data_sources.get.
    """

    spec = Spec(
        "data_sources",
        "query",
        "POST /v1/data_sources/{data_source_id}/query",
        query=("filter_properties",),
        capability="read_content",
        not_found=_NOT_FOUND,
    )
    data_source_id: DataSourceId
    filter: JsonDict | None = Field(
        default=None,
        description='{"property": "Status", "status": {"equals": "Done"}}; or {"and": [...]}, {"or": [...]}',
    )
    sorts: list[JsonDict] | None = Field(
        default=None, description='[{"property": "Due", "direction": "ascending"}], first wins.'
    )
    filter_properties: PropertyIds | None = Field(default=None, description="Only these properties in the rows, by id.")
    is_archived: bool | None = Field(default=None, description="True for archived rows only.")
    result_type: Literal["page", "data_source"] | None = Field(
        default=None, description="In wikis: only rows, or only nested data sources."
    )


class DataSources(Namespace[M]):
    """Tables: their schema and their rows."""

    list = method(ListDataSources)
    get = method(GetDataSource)
    query = method(QueryDataSource)
