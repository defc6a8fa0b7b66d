"""Views of data sources: how a table is shown, and the rows that a view shows."""

from typing import Self

from pydantic import Field, model_validator

from ..fields import DatabaseId, DataSourceId, PageSize, QueryId, ViewId
from ..flow import Flow
from ..listing import ListOperation, ListResult
from ..models.views import ViewQuery, ViewQueryDeleted, ViewRef, ViewRow
from ..namespace import M, Namespace, method
from ..operation import Api, Effect, Operation, Spec
from .references import through_database
from .view_reads import GetView
from .view_writes import CreateView, DeleteView, UpdateView

__all__ = ["DeleteViewQuery", "GetView", "GetViewQueryResults", "ListViews", "QueryView", "Views"]


class ListViews(ListOperation[ViewRef]):
    """List the views of a database or data source by id; views.get tells the rest."""

    spec = Spec("views", "list", "GET /v1/views", capability="read_content")
    database_id: DatabaseId | None = Field(default=None)
    data_source_id: DataSourceId | None = Field(default=None)

    @model_validator(mode="after")
    def _of_something(self) -> Self:
        if self.database_id is None and self.data_source_id is None:
            raise ValueError("give database_id or data_source_id")
        return self

    def flow(self, api: Api) -> Flow[ListResult[ViewRef]]:
        """A database's id as data_source_id stands for its only data source."""
        if self.data_source_id is None:
            return self.result((yield from api.perform(self)))
        return (yield from through_database(self, self.data_source_id, api))


class QueryView(Operation[ViewQuery]):
    """Query the rows that a view shows, by its own filter and sorts: answers their ids, the query's id and the first
    page. For more use views.get_query_results with that id. With another filter use data_sources.query.
    """

    spec = Spec("views", "query", "POST /v1/views/{view_id}/queries", capability="read_content")
    view_id: ViewId
    page_size: PageSize | None = Field(default=None, description="Rows per page, 1 to 100.")


class GetViewQueryResults(ListOperation[ViewRow]):
    """List rows of a view's query by id. A query lasts about 15 minutes."""

    spec = Spec(
        "views",
        "get_query_results",
        "GET /v1/views/{view_id}/queries/{query_id}",
        capability="read_content",
        not_found="The query may have expired: run views.query again.",
    )
    view_id: ViewId
    query_id: QueryId


class DeleteViewQuery(Operation[ViewQueryDeleted]):
    """Free a view's query before it expires. No row is touched."""

    spec = Spec(
        "views",
        "delete_query",
        "DELETE /v1/views/{view_id}/queries/{query_id}",
        effect=Effect.WRITE,
        capability="read_content",
        verify="nothing: the query expires by itself.",
    )
    view_id: ViewId
    query_id: QueryId


class Views(Namespace[M]):
    """How tables are shown."""

    list = method(ListViews)
    get = method(GetView)
    query = method(QueryView)
    get_query_results = method(GetViewQueryResults)
    create = method(CreateView)
    update = method(UpdateView)
    delete = method(DeleteView)
    delete_query = method(DeleteViewQuery)
