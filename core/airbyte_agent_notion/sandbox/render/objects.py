"""Pages, blocks, databases, data sources, comments and users as JSON."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..ids import undashed
from ..moments import to_millisecond, to_minute
from ..state import (
    Block,
    Comment,
    Database,
    DataSource,
    Discussion,
    FileValue,
    Page,
    Parent,
    Property,
    Span,
    User,
)
from ..versions import block_type, finish
from ..workspace import AnyRecord, Workspace
from .schema import property_json
from .text import attachment_json, file_json, icon_json, rich_text_json, user_json, user_reference
from .values import value_json

__all__ = ["Renderer"]

BASE_URL = "https://app.notion.com/p/"
UNTITLED = (Span(text="New database"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Renderer:
    """Builds the objects of one version."""

    workspace: Workspace
    version: str

    def user(self, user: User) -> dict[str, Any]:
        """A user."""
        return user_json(self.workspace, user)

    def page(self, page: Page, only: Sequence[Property] | None = None) -> dict[str, Any]:
        """A page, with all its properties or some of them."""
        properties = self.workspace.schema(page) if only is None else only
        slug = re.sub(r"[^A-Za-z0-9]+", "-", self.workspace.title(page)).strip("-")
        body = {
            "object": "page",
            "id": page.id,
            **self._times(page),
            "cover": self._cover(page.cover),
            "icon": icon_json(self.workspace, page.icon),
            "parent": self.parent(page.parent),
            "in_trash": self.workspace.in_trash(page),
            "is_archived": page.archived,
            "is_locked": page.locked,
            "properties": {each.name: value_json(self.workspace, page, each) for each in properties},
            "url": f"{BASE_URL}{slug}-{undashed(page.id)}" if slug else f"{BASE_URL}{undashed(page.id)}",
            "public_url": None,
        }
        return finish(self.version, body)

    def block(self, record: Page | Block | Database) -> dict[str, Any]:
        """A block; pages and databases show as child_page and child_database."""
        kind = block_type(self.version, record.type) if isinstance(record, Block) else _child_kind(record)
        body = {
            "object": "block",
            "id": record.id,
            "parent": self.parent(record.parent),
            **self._times(record),
            "has_children": not isinstance(record, Database) and bool(self.workspace.children(record)),
            "in_trash": self.workspace.in_trash(record),
            "type": kind,
            kind: self._content(record) if isinstance(record, Block) else {"title": self._name(record)},
        }
        return finish(self.version, body)

    def _name(self, record: AnyRecord) -> str:
        """A title; what stands in its place where a database or data source has none (recorded)."""
        untitled = "" if isinstance(record, Page) else UNTITLED[0].text
        return self.workspace.title(record) or untitled

    def _content(self, block: Block) -> dict[str, Any]:
        content = block.content
        body = dict(content.plain)
        body.update({key: rich_text_json(self.workspace, text) for key, text in content.texts.items()})
        if content.cells is not None:
            body["cells"] = [rich_text_json(self.workspace, cell) for cell in content.cells]
        if content.file is not None:
            body.update(file_json(self.workspace, content.file))
        if block.type in ("callout", "paragraph"):
            body["icon"] = icon_json(self.workspace, content.icon)
        return body

    def database(self, database: Database) -> dict[str, Any]:
        """A database: the container, without any schema."""
        sources = (self.workspace.sources[each] for each in database.sources)
        body = {
            "object": "database",
            "id": database.id,
            "title": rich_text_json(self.workspace, database.title or UNTITLED),
            "description": rich_text_json(self.workspace, database.description),
            "parent": self.parent(database.parent),
            "is_inline": database.inline,
            "in_trash": self.workspace.in_trash(database),
            "is_locked": database.locked,
            "created_time": to_millisecond(database.created),
            "last_edited_time": to_millisecond(database.edited),
            "data_sources": [{"id": each.id, "name": self._name(each)} for each in sources if not each.trashed],
            "icon": icon_json(self.workspace, database.icon),
            "cover": self._cover(database.cover),
            "url": BASE_URL + undashed(database.id),
            "public_url": None,
        }
        return finish(self.version, body)

    def data_source(self, source: DataSource) -> dict[str, Any]:
        """A data source with its schema."""
        database = self.workspace.databases[source.parent.id]
        properties = source.properties
        body = {
            "object": "data_source",
            "id": source.id,
            **self._times(source),
            "cover": self._cover(source.cover),
            "icon": icon_json(self.workspace, source.icon),
            "title": rich_text_json(self.workspace, source.title),
            "description": rich_text_json(self.workspace, source.description),
            "is_inline": database.inline,
            "properties": {each.name: property_json(self.workspace, properties, each) for each in properties},
            "parent": self.parent(source.parent),
            "database_parent": self.parent(database.parent),
            "url": BASE_URL + undashed(database.id),
            "public_url": None,
            "in_trash": self.workspace.in_trash(source),
        }
        return finish(self.version, body)

    def comment(self, discussion: Discussion, comment: Comment) -> dict[str, Any]:
        """A comment."""
        author = self.workspace.users.get(comment.created_by)
        kind = comment.signed or ("integration" if author is not None and author.kind == "bot" else "user")
        name = None if author is None else author.name
        files = [attachment_json(self.workspace, each) for each in comment.attachments]
        return {
            "object": "comment",
            "id": comment.id,
            "parent": self.parent(discussion.parent),
            "discussion_id": discussion.id,
            "created_time": to_minute(comment.created),
            "last_edited_time": to_minute(comment.edited),
            "created_by": user_reference(comment.created_by),
            "rich_text": rich_text_json(self.workspace, comment.text),
            "display_name": {"type": kind, "resolved_name": comment.custom_name or name},
            **({"attachments": files} if files else {}),
        }

    def parent(self, parent: Parent) -> dict[str, Any]:
        """A parent; a row's names the database beside the data source."""
        if parent.kind == "workspace":
            return {"type": "workspace", "workspace": True}
        body = {"type": parent.kind, parent.kind: parent.id}
        source = self.workspace.sources.get(parent.id)
        return body if source is None else {**body, "database_id": source.parent.id}

    def _times(self, record: AnyRecord) -> dict[str, Any]:
        return {
            "created_time": to_minute(record.created),
            "last_edited_time": to_minute(record.edited),
            "created_by": user_reference(record.created_by),
            "last_edited_by": user_reference(record.edited_by),
        }

    def _cover(self, cover: FileValue | None) -> dict[str, Any] | None:
        return None if cover is None else file_json(self.workspace, cover)


def _child_kind(record: Page | Database) -> str:
    return "child_page" if isinstance(record, Page) else "child_database"
