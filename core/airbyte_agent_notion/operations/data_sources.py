"""Data sources: the tables inside databases."""

from pydantic import Field

from ..fields import DataSourceId
from ..flow import Flow
from ..listing import ListOperation, ListResult
from ..models.objects import DataSource, Template
from ..namespace import M, Namespace, method
from ..operation import Api, Spec
from .data_source_writes import CreateDataSource, DeleteDataSource, RestoreDataSource, UpdateDataSource
from .references import NOT_A_TABLE, through_database
from .row_query import QueryDataSource
from .schema_reads import GetDataSource
from .search import TitleSearch

__all__ = [
    "DataSources",
    "GetDataSource",
    "ListDataSourceTemplates",
    "ListDataSources",
    "QueryDataSource",
]


class ListDataSources(TitleSearch[DataSource]):
    """List data sources (tables), or search them by title."""

    spec = Spec(
        "data_sources",
        "list",
        "POST /v1/search",
        fixed={"filter": {"property": "object", "value": "data_source"}},
        capability="read_content",
    )


class ListDataSourceTemplates(ListOperation[Template]):
    """List the templates of a data source, from which new rows can be made."""

    spec = Spec(
        "data_sources",
        "list_templates",
        "GET /v1/data_sources/{data_source_id}/templates",
        capability="read_content",
        not_found=NOT_A_TABLE,
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
    create = method(CreateDataSource)
    update = method(UpdateDataSource)
    delete = method(DeleteDataSource)
    restore = method(RestoreDataSource)
