"""Data sources: the tables inside databases."""

from typing import Literal

from pydantic import Field

from ..fields import DataSourceId, JsonDict, PropertyIds
from ..flow import Flow
from ..listing import ListOperation, ListResult, Paging
from ..models.objects import DataSource, Page, Template
from ..namespace import M, Namespace, method
from ..operation import Api, JsonObject, Operation, Spec
from .complete import marked_pages
from .references import through_database
from .rows import RowPaging
from .search import TitleSearch

__all__ = [
    "DataSources",
    "GetDataSource",
    "ListDataSourceTemplates",
    "ListDataSources",
    "QueryDataSource",
]

_NOT_FOUND = (
    "It is neither a data source nor a database that this connection can see. Check it, for instance with "
    "data_sources.list; if it is right, a person must add this connection to the database in Notion."
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

    def flow(self, api: Api) -> Flow[DataSource]:
        """A database's id stands for its only data source."""
        return (yield from through_database(self, self.data_source_id, api))


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

    def result(self, data: JsonObject) -> ListResult[Page | DataSource]:
        """The rows; ``incomplete`` in one names values that are cut off."""
        return marked_pages(super().result(data))

    def paging(self) -> Paging[Page | DataSource]:
        """All rows, oldest first unless sorted, also beyond the 10,000 that Notion lists for one query."""
        return RowPaging(self, filter=self.filter, sorts=self.sorts)

    def flow(self, api: Api) -> Flow[ListResult[Page | DataSource]]:
        """A database's id stands for its only data source."""
        return (yield from through_database(self, self.data_source_id, api))


class ListDataSourceTemplates(ListOperation[Template]):
    """List the templates of a data source, from which new rows can be made."""

    spec = Spec(
        "data_sources",
        "list_templates",
        "GET /v1/data_sources/{data_source_id}/templates",
        capability="read_content",
        not_found=_NOT_FOUND,
    )
    items_key = "templates"
    data_source_id: DataSourceId
    name: str | None = Field(default=None, description="Only templates whose name contains this.")

    def flow(self, api: Api) -> Flow[ListResult[Template]]:
        """A database's id stands for its only data source."""
        return (yield from through_database(self, self.data_source_id, api))


class DataSources(Namespace[M]):
    """Tables: their schema and their rows."""

    list = method(ListDataSources)
    get = method(GetDataSource)
    query = method(QueryDataSource)
    list_templates = method(ListDataSourceTemplates)
