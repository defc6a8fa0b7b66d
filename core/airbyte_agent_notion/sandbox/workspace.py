"""The store: every record by id, and the questions that rules ask of it (shared? in the trash? which rows?)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias, cast

from .ids import derived_id
from .state import (
    Block,
    Comment,
    Database,
    DataSource,
    DateValue,
    Discussion,
    FileValue,
    Page,
    Property,
    RichText,
    User,
    Value,
)
from .state_files import Files
from .state_tasks import Later
from .state_views import CustomEmoji, Views

__all__ = ["TITLE_ONLY", "AnyRecord", "Workspace", "as_date", "as_files", "as_ids", "as_number", "as_text", "span_text"]

AnyRecord: TypeAlias = Page | Block | Database | DataSource

TITLE_ONLY = (Property(id="title", name="title", type="title"),)
"""The schema of a page that is not a row."""


@dataclass(slots=True, kw_only=True)
class Workspace:
    """All state of one workspace, as one connection sees it."""

    id: str
    name: str
    bot_id: str
    """The user that the token belongs to."""
    now: Callable[[], datetime]
    users: dict[str, User] = field(default_factory=dict[str, User])
    pages: dict[str, Page] = field(default_factory=dict[str, Page])
    blocks: dict[str, Block] = field(default_factory=dict[str, Block])
    databases: dict[str, Database] = field(default_factory=dict[str, Database])
    sources: dict[str, DataSource] = field(default_factory=dict[str, DataSource])
    discussions: dict[str, Discussion] = field(default_factory=dict[str, Discussion])
    shared: set[str] = field(default_factory=set[str])
    """Ids that were shared with the connection; what lies below them is shared too."""
    files: Files = field(default_factory=Files)
    """File uploads."""
    views: Views = field(default_factory=Views)
    emojis: dict[str, CustomEmoji] = field(default_factory=dict[str, CustomEmoji])
    later: Later = field(default_factory=Later)
    """What happens after the answer: tasks, templates, meeting notes."""
    template_pages: dict[str, Page] = field(default_factory=dict[str, Page])
    """The pages behind templates; they are no rows, and no search finds them."""
    minted: int = 0
    """How many ids were given out to new things."""

    def new_id(self) -> str:
        """An id for a new thing; ids follow each other in the same order in every run."""
        self.minted += 1
        return derived_id("new", self.id, str(self.minted))

    def find(self, identifier: str) -> AnyRecord | None:
        """The page, block, database or data source of that id."""
        tables: tuple[dict[str, Page] | dict[str, Block] | dict[str, Database] | dict[str, DataSource], ...]
        tables = (self.pages, self.blocks, self.databases, self.sources, self.template_pages)
        return next((table[identifier] for table in tables if identifier in table), None)

    def lineage(self, record: AnyRecord) -> Iterator[AnyRecord]:
        """The record itself, then its ancestors, nearest first."""
        current: AnyRecord | None = record
        while current is not None:
            yield current
            current = self.find(current.parent.id) if current.parent.id else None

    def is_shared(self, record: AnyRecord) -> bool:
        """Whether the connection may see the record."""
        return any(each.id in self.shared for each in self.lineage(record))

    def in_trash(self, record: AnyRecord) -> bool:
        """Whether the record or an ancestor was trashed."""
        return any(each.trashed for each in self.lineage(record))

    def children(self, record: Page | Block) -> list[Page | Block | Database]:
        """Direct children that are not in the trash; a synced copy shows its original's."""
        holder = self._original(record)
        found = (self.find(each) for each in holder.children)
        return [each for each in found if isinstance(each, Page | Block | Database) and not each.trashed]

    def _original(self, record: Page | Block) -> Page | Block:
        if (
            not isinstance(record, Block)
            or record.type != "synced_block"
            or not record.content.plain.get("synced_from")
        ):
            return record
        original = self.blocks.get(str(record.content.plain["synced_from"]["block_id"]))
        return original if original is not None and self.is_shared(original) else record

    def rows(self, source: DataSource, *, archived: bool = False) -> list[Page]:
        """Rows of a data source, newest first (recorded), without trashed ones; archived ones only, or none."""
        pages = reversed(self.pages.values())
        rows = [
            each for each in pages if each.parent.id == source.id and not each.trashed and each.archived is archived
        ]
        return sorted(rows, key=lambda page: page.created, reverse=True)

    def schema(self, page: Page) -> tuple[Property, ...]:
        """The properties that a page has."""
        source = self.sources.get(page.parent.id)
        return TITLE_ONLY if source is None else tuple(source.properties)

    def plain(self, text: RichText) -> str:
        """Plain text as Notion renders it, mentions included."""
        return "".join(span_text(self, span.kind, span.text, span.target, span.date) for span in text)

    def title(self, record: AnyRecord) -> str:
        """Plain title; empty for a block."""
        if isinstance(record, Page):
            return self.plain(as_text(record.values.get("title")))
        return "" if isinstance(record, Block) else self.plain(record.title)

    def comment(self, identifier: str) -> tuple[Discussion, Comment] | None:
        """A comment and its discussion."""
        pairs = ((thread, each) for thread in self.discussions.values() for each in thread.comments)
        return next((pair for pair in pairs if pair[1].id == identifier), None)


def span_text(workspace: Workspace, kind: str, text: str, target: str | None, date: DateValue | None) -> str:
    """Plain text of one rich-text item; what the connection cannot see reads "Untitled"."""
    if kind in ("text", "equation"):
        return text
    if kind == "date":
        return "" if date is None else " → ".join(filter(None, (date.start, date.end)))
    if kind.startswith("template_mention"):
        return f"@{text.capitalize()}"
    if kind == "user":
        user = workspace.users.get(target or "")
        return "@Anonymous" if user is None else f"@{user.name}"
    record = workspace.find(target or "")
    visible = record is not None and workspace.is_shared(record)
    return (workspace.title(record) if record is not None and visible else "") or "Untitled"


def as_text(value: Value) -> RichText:
    """The value of a title or rich text."""
    return cast("RichText", value or ())


def as_ids(value: Value) -> tuple[str, ...]:
    """The ids of a relation, people or multi-select; of a select or status as a tuple of at most one."""
    if isinstance(value, str):
        return (value,)
    return cast("tuple[str, ...]", value or ())


def as_files(value: Value) -> tuple[FileValue, ...]:
    """The value of a files property."""
    return cast("tuple[FileValue, ...]", value or ())


def as_number(value: Value) -> float | None:
    """The value of a number or unique id."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def as_date(value: Value) -> DateValue | None:
    """The value of a date."""
    return value if isinstance(value, DateValue) else None
