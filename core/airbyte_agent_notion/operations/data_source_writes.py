"""What changes data sources: creating, updating their columns, the trash."""

from types import MappingProxyType

from pydantic import Field

from ..fields import DataSourceId, JsonDict
from ..flow import Flow
from ..models.objects import DataSource
from ..operation import Api, Effect, Operation, Spec
from .parameters import ICON, RICH_TEXT, InDatabase
from .references import NOT_A_TABLE, through_database

__all__ = ["CreateDataSource", "DeleteDataSource", "RestoreDataSource", "UpdateDataSource"]

_READ_BACK = "GET /v1/data_sources/{id}"
_TRASHED = "data_sources.get: in_trash says whether it is in the trash."


class CreateDataSource(Operation[DataSource]):
    """Add one more data source (table) to a database. For a new table on a page use databases.create."""

    spec = Spec(
        "data_sources",
        "create",
        "POST /v1/data_sources",
        effect=Effect.WRITE,
        capability="insert_content",
        read_back=_READ_BACK,
        verify="databases.get lists a database's data sources.",
    )
    parent: InDatabase = Field(description='{"database_id": "..."}')
    properties: JsonDict = Field(description='Columns: {"Name": {"title": {}}, "Due": {"date": {}}}; one title column.')
    title: list[JsonDict] | None = Field(default=None, description=RICH_TEXT)
    icon: JsonDict | None = Field(default=None, description=ICON)


class UpdateDataSource(Operation[DataSource]):
    """Change a data source's title, icon, database or columns: add, rename or drop them. Options of a select must be
    given complete. Rows are changed with pages.update.
    """

    spec = Spec(
        "data_sources",
        "update",
        "PATCH /v1/data_sources/{data_source_id}",
        effect=Effect.WRITE,
        capability="update_content",
        nullable=("icon",),
        read_back=_READ_BACK,
        verify="data_sources.get shows whether it has changed.",
    )
    data_source_id: DataSourceId
    title: list[JsonDict] | None = Field(default=None, description=RICH_TEXT)
    icon: JsonDict | None = Field(default=None, description=f"{ICON}; null removes it.")
    properties: JsonDict | None = Field(
        default=None,
        description='Add {"Due": {"date": {}}}, rename {"Old": {"name": "New"}}, drop {"Gone": null}',
    )
    in_trash: bool | None = Field(
        default=None, description="True is data_sources.delete; false is data_sources.restore."
    )
    parent: InDatabase | None = Field(default=None, description='{"database_id": "..."} moves it there.')

    @property
    def effect(self) -> Effect:
        """Destructive where it drops a column with its values, or puts the table into the trash."""
        drops = any(column is None for column in (self.properties or {}).values())
        return Effect.DESTRUCTIVE if drops or self.in_trash else Effect.WRITE

    def flow(self, api: Api) -> Flow[DataSource]:
        """A database's id stands for its only data source."""
        return (yield from through_database(self, self.data_source_id, api))


class DeleteDataSource(Operation[DataSource]):
    """Put a data source with its rows into the trash. data_sources.restore takes it out again."""

    spec = Spec(
        "data_sources",
        "delete",
        "PATCH /v1/data_sources/{data_source_id}",
        effect=Effect.DESTRUCTIVE,
        fixed=MappingProxyType({"in_trash": True}),
        capability="update_content",
        repeatable=True,
        read_back=_READ_BACK,
        verify=_TRASHED,
        not_found=NOT_A_TABLE,
    )
    data_source_id: DataSourceId

    def flow(self, api: Api) -> Flow[DataSource]:
        """A database's id stands for its only data source."""
        return (yield from through_database(self, self.data_source_id, api))


class RestoreDataSource(Operation[DataSource]):
    """Take a data source out of the trash."""

    spec = Spec(
        "data_sources",
        "restore",
        "PATCH /v1/data_sources/{data_source_id}",
        effect=Effect.WRITE,
        fixed=MappingProxyType({"in_trash": False}),
        capability="update_content",
        repeatable=True,
        read_back=_READ_BACK,
        verify=_TRASHED,
        not_found=NOT_A_TABLE,
    )
    data_source_id: DataSourceId

    def flow(self, api: Api) -> Flow[DataSource]:
        """A database's id stands for its only data source."""
        return (yield from through_database(self, self.data_source_id, api))
