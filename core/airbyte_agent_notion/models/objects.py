"""The objects that Notion's endpoints return, beside blocks: user, page, database, data source and comment."""

from typing import Literal, Required

from typing_extensions import TypedDict

from .pieces import File, HostedFile, Icon, Parent, PartialUser, Present, RichText, User
from .properties import Incomplete, NewOption, PropertySchema, PropertyValue

__all__ = [
    "Attachment",
    "Comment",
    "DataSource",
    "DataSourceRef",
    "Database",
    "DisplayName",
    "Page",
    "Template",
    "User",
]


class Page(TypedDict, total=False):
    """A page, or a row of a data source; its content is read as blocks or Markdown."""

    object: Required[Literal["page"]]
    id: Required[str]
    parent: Present[Parent]
    properties: Present[dict[str, PropertyValue]]
    """By name; a page outside a data source has only ``title``, and a search may leave all out."""
    icon: Present[Icon | None]
    cover: Present[File | None]
    url: Present[str]
    public_url: Present[str | None]
    created_time: Present[str]
    created_by: Present[PartialUser]
    last_edited_time: Present[str]
    last_edited_by: Present[PartialUser]
    in_trash: Present[bool]
    archived: bool
    """The same as ``in_trash``; gone from version 2026-03-11 on."""
    is_archived: Present[bool]
    """Put aside, which is not the trash."""
    is_locked: Present[bool]
    incomplete: list[Incomplete]
    """Ours, not Notion's: values that lack items, or may; missing where none does."""
    new_options: list[NewOption]
    """Ours, not Notion's: select options that this write has created; missing where none was."""
    request_id: str


class Template(TypedDict, total=False):
    """A template of a data source: a page that new rows are made from."""

    id: Required[str]
    name: Present[str]
    is_default: Present[bool]


class DataSourceRef(TypedDict, total=False):
    """A data source as its database lists it."""

    id: Required[str]
    name: Present[str]


class Database(TypedDict, total=False):
    """A container of data sources, which hold the columns and the rows."""

    object: Required[Literal["database"]]
    id: Required[str]
    title: Present[list[RichText]]
    description: Present[list[RichText]]
    parent: Present[Parent]
    data_sources: Present[list[DataSourceRef]]
    database_type: str | None
    """Of databases that Notion made from one of its own kinds, such as ``tasks``."""
    icon: Present[Icon | None]
    cover: Present[File | None]
    url: Present[str]
    public_url: Present[str | None]
    created_time: Present[str]
    last_edited_time: Present[str]
    is_inline: Present[bool]
    in_trash: Present[bool]
    archived: bool
    """The same as ``in_trash``; gone from version 2026-03-11 on."""
    is_locked: Present[bool]
    request_id: str


class DataSource(TypedDict, total=False):
    """A table within a database: its columns; the rows come from a query."""

    object: Required[Literal["data_source"]]
    id: Required[str]
    title: Present[list[RichText]]
    description: Present[list[RichText]]
    parent: Present[Parent]
    """The database; of a synced one the data source it comes from."""
    database_parent: Present[Parent]
    """Where the database itself lives."""
    properties: Present[dict[str, PropertySchema]]
    """The columns by name; also in a partial object."""
    icon: Present[Icon | None]
    cover: Present[File | None]
    url: Present[str]
    public_url: Present[str | None]
    created_time: Present[str]
    created_by: Present[PartialUser]
    last_edited_time: Present[str]
    last_edited_by: Present[PartialUser]
    is_inline: Present[bool]
    in_trash: Present[bool]
    archived: bool
    """The same as ``in_trash``; gone from version 2026-03-11 on."""
    request_id: str


class DisplayName(TypedDict, total=False):
    """The name under which a comment appears."""

    type: Required[str]
    """``user``, ``integration`` or ``custom``."""
    resolved_name: Present[str | None]


class Attachment(TypedDict, total=False):
    """A file attached to a comment."""

    category: Present[str]
    """``audio``, ``image``, ``pdf``, ``productivity`` or ``video``."""
    file: Present[HostedFile]


class Comment(TypedDict, total=False):
    """A comment on a page or block; comments with one ``discussion_id`` form a thread."""

    object: Required[Literal["comment"]]
    id: Required[str]
    parent: Present[Parent]
    discussion_id: Present[str]
    rich_text: Present[list[RichText]]
    display_name: Present[DisplayName]
    attachments: list[Attachment]
    created_time: Present[str]
    created_by: Present[PartialUser]
    last_edited_time: Present[str]
    request_id: str
