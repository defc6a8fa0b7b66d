"""The primitive under everything that needs a data source's columns."""

from ..fields import DataSourceId
from ..flow import Flow
from ..models.objects import DataSource
from ..operation import Api, Operation, Spec
from .references import NOT_A_TABLE, through_database

__all__ = ["GetDataSource"]


class GetDataSource(Operation[DataSource]):
    """Get a data source's schema: its properties with their types and options. Read it before writing a filter."""

    spec = Spec(
        "data_sources",
        "get",
        "GET /v1/data_sources/{data_source_id}",
        capability="read_content",
        not_found=NOT_A_TABLE,
    )
    data_source_id: DataSourceId

    def flow(self, api: Api) -> Flow[DataSource]:
        """A database's id stands for its only data source."""
        return (yield from through_database(self, self.data_source_id, api))
