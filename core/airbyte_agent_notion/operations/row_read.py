"""The primitive under every look-up among rows: one page of them, by Notion's own filter."""

from ..fields import DataSourceId, JsonDict
from ..listing import ListOperation
from ..models.objects import DataSource, Page
from ..operation import Spec
from .references import NOT_A_TABLE

__all__ = ["QUERY", "ReadRows"]

QUERY = Spec(
    "data_sources",
    "query",
    "POST /v1/data_sources/{data_source_id}/query",
    query=("filter_properties",),
    capability="read_content",
    not_found=NOT_A_TABLE,
)


class ReadRows(ListOperation[Page | DataSource]):
    """Rows of a data source that pass a filter."""

    spec = QUERY
    data_source_id: DataSourceId
    filter: JsonDict
