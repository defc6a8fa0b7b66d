"""What a workspace holds, as typed records. API JSON is built from it in ``render`` and stored nowhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, TypeAlias

__all__ = [
    "Block",
    "Comment",
    "Content",
    "DataSource",
    "Database",
    "DateValue",
    "Discussion",
    "FileValue",
    "Formula",
    "FormulaResult",
    "Icon",
    "Option",
    "OptionGroup",
    "Page",
    "Parent",
    "Place",
    "Property",
    "Record",
    "Relation",
    "RichText",
    "Rollup",
    "RowView",
    "Span",
    "Template",
    "User",
    "Value",
    "Verification",
]

SpanKind: TypeAlias = Literal[
    "text", "equation", "user", "page", "database", "date", "template_mention_date", "template_mention_user"
]
ParentKind: TypeAlias = Literal["workspace", "page_id", "block_id", "database_id", "data_source_id"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DateValue:
    """A date, or a range; ``start`` and ``end`` are ISO 8601, with a time of day or without."""

    start: str
    end: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One rich-text item. ``text`` is a text's content, an equation's expression, or a template mention's word."""

    kind: SpanKind = "text"
    text: str = ""
    link: str | None = None
    target: str | None = None
    """Id of what a user, page or database mention points at."""
    date: DateValue | None = None
    marks: frozenset[str] = frozenset()
    """Any of bold, italic, strikethrough, underline, code."""
    color: str = "default"


RichText: TypeAlias = tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileValue:
    """A file: ``url`` if it lives elsewhere, otherwise hosted by Notion and given out with a signed, expiring URL."""

    name: str
    url: str | None = None
    upload: str | None = None
    """Id of the file upload that it came from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Icon:
    """An emoji, a native icon (its name), an image (its URL, or a hosted one's name) or a custom emoji (its id)."""

    kind: Literal["emoji", "icon", "external", "file", "custom_emoji"]
    value: str
    color: str = "gray"
    """Of a native icon."""
    upload: str | None = None
    """Id of the file upload that a hosted image came from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """Where a record lives; ``id`` is empty for the workspace."""

    kind: ParentKind
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The value of a place property."""

    lat: float
    lon: float
    name: str | None = None
    address: str | None = None
    aws_place_id: str | None = None
    google_place_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The value of a verification property; whether it has expired follows from ``date``."""

    state: Literal["verified", "unverified"]
    date: DateValue | None = None
    by: str | None = None
    """The user who verified the page."""


Value: TypeAlias = (
    bool
    | int
    | float
    | str
    | tuple[str, ...]
    | RichText
    | DateValue
    | tuple[FileValue, ...]
    | Place
    | Verification
    | None
)
"""A property's stored value; its kind follows from the property's type (options, people and relations by id)."""

FormulaResult: TypeAlias = bool | int | float | str | DateValue | None


class RowView(Protocol):
    """What a formula sees of its row; properties are named."""

    @property
    def now(self) -> datetime:
        """The sandbox's present moment, in UTC."""
        ...

    def text(self, name: str) -> str:
        """Plain text of a title, rich text, url, email or phone number; a select's or status's option name."""
        ...

    def number(self, name: str) -> float | None:
        """A number."""
        ...

    def date(self, name: str) -> DateValue | None:
        """A date."""
        ...

    def count(self, name: str) -> int:
        """How many items a relation, people, multi-select or files property holds."""
        ...


@dataclass(slots=True, kw_only=True)
class Option:
    """An option of a select, multi-select or status property."""

    id: str
    name: str
    color: str = "default"
    description: str | None = None


@dataclass(slots=True, kw_only=True)
class OptionGroup:
    """A group of status options."""

    id: str
    name: str
    color: str
    option_ids: list[str]


@dataclass(slots=True, kw_only=True)
class Relation:
    """Target of a relation; ``synced_property_id`` makes it dual."""

    source_id: str
    synced_property_id: str | None = None


@dataclass(slots=True, kw_only=True)
class Rollup:
    """A function over one property of the related rows."""

    relation_id: str
    property_id: str
    function: str


@dataclass(slots=True, kw_only=True)
class Formula:
    """A formula: the expression that is shown, and the same thing as a Python function.

    A formula that came through the API has no function: its values are given out as unsupported.
    """

    expression: str
    kind: Literal["string", "number", "boolean", "date"] = "string"
    compute: Callable[[RowView], FormulaResult] | None = None


@dataclass(slots=True, kw_only=True)
class Property:
    """A column of a data source. ``id`` is decoded (Notion gives it out percent-encoded)."""

    id: str
    name: str
    type: str
    description: str | None = None
    options: list[Option] = field(default_factory=list[Option])
    groups: list[OptionGroup] = field(default_factory=list[OptionGroup])
    number_format: str = "number"
    prefix: str | None = None
    last_number: int = 0
    """The highest number that a unique_id has given out."""
    known_as: str | None = None
    """The name under which formulas ask for it, once it was renamed."""
    relation: Relation | None = None
    rollup: Rollup | None = None
    formula: Formula | None = None


@dataclass(slots=True, kw_only=True)
class User:
    """A person or a bot. Guests exist but are not listed."""

    id: str
    name: str
    kind: Literal["person", "bot"] = "person"
    email: str | None = None
    avatar_url: str | None = None
    guest: bool = False


@dataclass(slots=True, kw_only=True)
class Record:
    """What pages, blocks, databases and data sources share. Times are exact here and truncated when rendered."""

    id: str
    parent: Parent
    created: datetime
    edited: datetime
    created_by: str
    edited_by: str
    trashed: bool = False


@dataclass(slots=True, kw_only=True)
class Page(Record):
    """A page; a row if its parent is a data source. ``values`` are by property id, the title's being ``title``."""

    values: dict[str, Value] = field(default_factory=dict[str, Value])
    children: list[str] = field(default_factory=list[str])
    """Ids of blocks, of child pages and of child databases, in order."""
    icon: Icon | None = None
    cover: FileValue | None = None
    archived: bool = False
    locked: bool = False


@dataclass(slots=True, kw_only=True)
class Content:
    """What a block says."""

    texts: dict[str, RichText] = field(default_factory=dict[str, RichText])
    """Rich text by key: rich_text, caption."""
    cells: tuple[RichText, ...] | None = None
    file: FileValue | None = None
    icon: Icon | None = None
    plain: dict[str, Any] = field(default_factory=dict[str, Any])
    """The remaining keys of the payload, as JSON: color, checked, language, url, ..."""


@dataclass(slots=True, kw_only=True)
class Block(Record):
    """A block. Types are named as in the newest version."""

    type: str
    content: Content
    children: list[str] = field(default_factory=list[str])


@dataclass(slots=True, kw_only=True)
class Database(Record):
    """A container of data sources."""

    title: RichText
    description: RichText = ()
    sources: list[str] = field(default_factory=list[str])
    inline: bool = False
    icon: Icon | None = None
    cover: FileValue | None = None
    locked: bool = False


@dataclass(slots=True, kw_only=True)
class Template:
    """A template for new rows. The page of that id, which is no row, has its content."""

    id: str
    name: str
    default: bool = False


@dataclass(slots=True, kw_only=True)
class DataSource(Record):
    """A table: its schema, in column order. Its rows are the pages whose parent it is."""

    title: RichText
    description: RichText = ()
    properties: list[Property] = field(default_factory=list[Property])
    templates: list[Template] = field(default_factory=list[Template])
    icon: Icon | None = None
    cover: FileValue | None = None

    def by_id(self, identifier: str) -> Property | None:
        """The property of that id (decoded)."""
        return next((each for each in self.properties if each.id == identifier), None)

    def find(self, name_or_id: str) -> Property | None:
        """The property of that name, or else of that id (decoded)."""
        named = next((each for each in self.properties if each.name == name_or_id), None)
        return named or self.by_id(name_or_id)


@dataclass(slots=True, kw_only=True)
class Comment:
    """One comment of a discussion."""

    id: str
    discussion_id: str
    created: datetime
    edited: datetime
    created_by: str
    text: RichText
    signed: Literal["integration", "user", "custom"] | None = None
    """Whose name is shown; by default that of ``created_by``."""
    custom_name: str | None = None
    attachments: tuple[FileValue, ...] = ()


@dataclass(slots=True, kw_only=True)
class Discussion:
    """A thread on a page or on a block; a resolved one is not listed."""

    id: str
    parent: Parent
    comments: list[Comment] = field(default_factory=list[Comment])
    resolved: bool = False
