"""What changes databases: creating, updating, the trash."""

from types import MappingProxyType

from pydantic import Field
from typing_extensions import TypedDict

from ..fields import DatabaseId, JsonDict
from ..models.objects import Database
from ..operation import Effect, Operation, Spec
from .parameters import COVER, ICON, RICH_TEXT, InPage

__all__ = ["CreateDatabase", "DeleteDatabase", "InitialDataSource", "RestoreDatabase", "UpdateDatabase"]

_READ_BACK = "GET /v1/databases/{id}"
_TRASHED = "databases.get: in_trash says whether it is in the trash."


class InitialDataSource(TypedDict, total=False):
    """The first data source of a new database."""

    properties: JsonDict


class CreateDatabase(Operation[Database]):
    """Create a database on a page, with one data source and a table view. Its columns are that data source's: answers
    data_sources with their ids.
    """

    spec = Spec(
        "databases",
        "create",
        "POST /v1/databases",
        effect=Effect.WRITE,
        capability="insert_content",
        read_back=_READ_BACK,
        verify="blocks.list shows the databases on a page, as child_database.",
    )
    parent: InPage = Field(description='{"page_id": "..."}')
    title: list[JsonDict] | None = Field(default=None, description=RICH_TEXT)
    description: list[JsonDict] | None = Field(default=None, description=RICH_TEXT)
    is_inline: bool | None = Field(default=None, description="Shown within the page; not as a page of its own.")
    initial_data_source: InitialDataSource | None = Field(
        default=None, description='{"properties": {"Name": {"title": {}}, "Due": {"date": {}}}}; one title column.'
    )
    icon: JsonDict | None = Field(default=None, description=ICON)
    cover: JsonDict | None = Field(default=None, description=COVER)


class UpdateDatabase(Operation[Database]):
    """Change a database's title, description, icon, cover, place or lock. Columns are changed with data_sources.update,
    rows with pages.update.
    """

    spec = Spec(
        "databases",
        "update",
        "PATCH /v1/databases/{database_id}",
        effect=Effect.WRITE,
        capability="update_content",
        nullable=("icon", "cover"),
        read_back=_READ_BACK,
        verify="databases.get shows whether it has changed.",
    )
    database_id: DatabaseId
    parent: InPage | None = Field(default=None, description='{"page_id": "..."} moves it there.')
    title: list[JsonDict] | None = Field(default=None, description=RICH_TEXT)
    description: list[JsonDict] | None = Field(default=None, description=RICH_TEXT)
    is_inline: bool | None = Field(default=None, description="Shown within the page; not as a page of its own.")
    icon: JsonDict | None = Field(default=None, description=f"{ICON}; null removes it.")
    cover: JsonDict | None = Field(default=None, description=f"{COVER}; null removes it.")
    in_trash: bool | None = Field(default=None, description="True is databases.delete; false is databases.restore.")
    is_locked: bool | None = Field(default=None, description="Locked against editing; in Notion's own screens.")

    @property
    def effect(self) -> Effect:
        """Destructive where it puts the database into the trash."""
        return Effect.DESTRUCTIVE if self.in_trash else Effect.WRITE


class DeleteDatabase(Operation[Database]):
    """Put a database with its data sources and rows into the trash. databases.restore takes it out again."""

    spec = Spec(
        "databases",
        "delete",
        "PATCH /v1/databases/{database_id}",
        effect=Effect.DESTRUCTIVE,
        fixed=MappingProxyType({"in_trash": True}),
        capability="update_content",
        repeatable=True,
        read_back=_READ_BACK,
        verify=_TRASHED,
    )
    database_id: DatabaseId


class RestoreDatabase(Operation[Database]):
    """Take a database out of the trash."""

    spec = Spec(
        "databases",
        "restore",
        "PATCH /v1/databases/{database_id}",
        effect=Effect.WRITE,
        fixed=MappingProxyType({"in_trash": False}),
        capability="update_content",
        repeatable=True,
        read_back=_READ_BACK,
        verify=_TRASHED,
    )
    database_id: DatabaseId
