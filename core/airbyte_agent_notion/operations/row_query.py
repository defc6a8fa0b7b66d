"""The query of a data source's rows, which a database's query uses too."""

from typing import Literal, cast

from pydantic import Field, PrivateAttr

from ..fields import DataSourceId, JsonDict, PropertyIds
from ..flow import Flow
from ..listing import ListOperation, ListResult, Paging
from ..models.objects import DataSource, Page
from ..operation import Api, JsonObject
from .complete import marked_pages
from .parameters import SORTS, Sorts
from .plain.queries import is_plain, plain_query
from .references import through_database
from .row_read import QUERY
from .rows import RowPaging

__all__ = ["FILTER", "QueryDataSource"]

FILTER = (
    "Plain (all must hold, of a list any) or Notion's own; plain: "
    '{"Status": "Done", "Due": {"before": "2026-12-01"}, "Tags": ["a", "b"]}; Notion\'s: '
    '{"property": "Status", "status": {"equals": "Done"}}, {"and": [...]}, {"or": [...]}'
)


class QueryDataSource(ListOperation[Page | DataSource]):
    """Query the rows of a data source with a filter and sorts. Rows are pages; wikis can answer data sources too.
    Property names and options are in data_sources.get.
    """

    spec = QUERY
    data_source_id: DataSourceId
    filter: JsonDict | None = Field(default=None, description=FILTER)
    sorts: Sorts | None = Field(default=None, description=SORTS)
    filter_properties: PropertyIds | None = Field(default=None, description="Only these properties in the rows, by id.")
    is_archived: bool | None = Field(default=None, description="True for archived rows only.")
    result_type: Literal["page", "data_source"] | None = Field(
        default=None, description="Wikis have both; only rows, or only nested data sources."
    )

    _sent: "QueryDataSource | None" = PrivateAttr(default=None)

    def result(self, data: JsonObject) -> ListResult[Page | DataSource]:
        """The rows; ``incomplete`` in one names values that are cut off."""
        return marked_pages(super().result(data))

    @property
    def sent(self) -> "QueryDataSource":
        """The query as it was sent, once it was: going on with that looks nothing up again."""
        return self._sent or self

    def paging(self) -> Paging[Page | DataSource]:
        """All rows, oldest first unless sorted, also beyond the 10,000 that Notion lists for one query."""
        return RowPaging(self)

    def flow(self, api: Api) -> Flow[ListResult[Page | DataSource]]:
        """A database's id stands for its only data source; a short filter or sort costs reading the schema."""
        sorts = cast("list[JsonObject] | None", self.sorts)
        if not is_plain(self.filter, sorts):
            return (yield from through_database(self, self.data_source_id, api))
        plain = yield from plain_query(
            api, self.data_source_id, filter=self.filter, sorts=sorts, operation=self.spec.name
        )
        given = {"filter": plain.filter, "sorts": plain.sorts}
        update = {name: value for name, value in given.items() if value is not None}
        self._sent = self.model_copy(update={**update, "data_source_id": plain.data_source_id})
        return self.result((yield from api.perform(self._sent)))
