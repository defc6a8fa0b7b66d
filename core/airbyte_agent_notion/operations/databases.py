"""Databases: containers of data sources."""

from pydantic import Field, PrivateAttr

from ..fields import DatabaseId, JsonDict, PropertyIds
from ..flow import Flow
from ..listing import ListOperation, ListResult, Paging
from ..models.objects import DataSource, Page
from ..namespace import M, Namespace, method
from ..operation import Api, Spec
from .containers import GetDatabase
from .database_writes import CreateDatabase, DeleteDatabase, RestoreDatabase, UpdateDatabase
from .parameters import SORTS, Sorts
from .references import only_data_source
from .row_query import FILTER, QueryDataSource
from .rows import RowPaging

__all__ = ["Databases", "GetDatabase", "QueryDatabase"]


class QueryDatabase(ListOperation[Page | DataSource]):
    """Query the rows of a database that has one data source; where it has several the error names them. The same as
    data_sources.query with that data source's id.
    """

    spec = Spec("databases", "query", "POST /v1/data_sources/{data_source_id}/query", capability="read_content")
    database_id: DatabaseId
    filter: JsonDict | None = Field(default=None, description=FILTER)
    sorts: Sorts | None = Field(default=None, description=SORTS)
    filter_properties: PropertyIds | None = Field(default=None, description="Only these properties in the rows, by id.")

    _sent: QueryDataSource | None = PrivateAttr(default=None)

    @property
    def sent(self) -> "QueryDatabase | QueryDataSource":
        """The query of the data source, once it was sent."""
        return self if self._sent is None else self._sent.sent

    def paging(self) -> Paging[Page | DataSource]:
        """All rows, as those of data_sources.query."""
        return RowPaging(self)

    def flow(self, api: Api) -> Flow[ListResult[Page | DataSource]]:
        """Look the data source up, then query it."""
        database = yield from api.perform(GetDatabase(database_id=self.database_id))
        given = {name: getattr(self, name) for name in self.model_fields_set if name != "database_id"}
        self._sent = QueryDataSource(data_source_id=only_data_source(database), **given)
        return (yield from api.call(self._sent))


class Databases(Namespace[M]):
    """Containers of data sources; a table's URL names its database."""

    get = method(GetDatabase)
    create = method(CreateDatabase)
    update = method(UpdateDatabase)
    delete = method(DeleteDatabase)
    restore = method(RestoreDatabase)
    query = method(QueryDatabase)
