"""Helpers that put users, pages, databases and discussions into a workspace, with derived ids and dates."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta

from ..ids import derived_id
from ..state import (
    Comment,
    Database,
    DataSource,
    Discussion,
    FileValue,
    Icon,
    Page,
    Parent,
    Property,
    Template,
    User,
)
from ..workspace import Workspace
from .document import Document
from .markup import database_id, page_id, rich, user_id

__all__ = ["Builder"]

# Everything was written between these two moments; a sample "now" lies after both.
FIRST = datetime(2026, 3, 2, 8, 0, 0, tzinfo=UTC)
LAST = datetime(2026, 11, 19, 17, 0, 0, tzinfo=UTC)


class Builder:
    """Builds one workspace. Things are named by keys; their ids are derived from the keys."""

    def __init__(self, *, name: str, bot: str, now: Callable[[], datetime]) -> None:
        self.workspace = Workspace(id=derived_id("workspace", name), name=name, bot_id=user_id(bot), now=now)

    def user(self, key: str, name: str, *, email: str | None = None, bot: bool = False, guest: bool = False) -> None:
        """Add a user."""
        user = User(id=user_id(key), name=name, kind="bot" if bot else "person", email=email, guest=guest)
        self.workspace.users[user.id] = user

    def author(self, key: str) -> str:
        """Some listed person, always the same for the same key."""
        people = [each.id for each in self.workspace.users.values() if each.kind == "person" and not each.guest]
        return people[_number(key, "author") % len(people)]

    def times(self, key: str) -> tuple[datetime, datetime]:
        """When the thing of that key was created and last edited; with seconds, which the API truncates."""
        span = int((LAST - FIRST).total_seconds())
        created = FIRST + timedelta(seconds=_number(key, "created") % span, milliseconds=_number(key, "ms") % 1000)
        rest = int((LAST - created).total_seconds())
        return created, created + timedelta(seconds=_number(key, "edited") % max(rest, 1))

    def page(self, key: str, title: str, *, icon: str | None = None, shared: bool = False) -> Document:
        """Add a page at the top of the workspace."""
        return self._page(key, title, Parent(kind="workspace"), icon=icon, shared=shared)

    def child(
        self, parent: Document, key: str, title: str, *, icon: str | None = None, cover: str | None = None
    ) -> Document:
        """Add a page under a page, after what the page holds already."""
        document = self._page(key, title, Parent(kind="page_id", id=parent.id), icon=icon, cover=cover)
        parent.append(document.id)
        return document

    def _page(
        self, key: str, title: str, parent: Parent, *, icon: str | None, cover: str | None = None, shared: bool = False
    ) -> Document:
        created, edited = self.times(key)
        author = self.author(key)
        page = Page(
            id=page_id(key),
            parent=parent,
            created=created,
            edited=edited,
            created_by=author,
            edited_by=author,
            values={"title": rich(title)},
            icon=None if icon is None else Icon(kind="emoji", value=icon),
            cover=None if cover is None else FileValue(name="cover", url=cover),
        )
        self.workspace.pages[page.id] = page
        if shared:
            self.workspace.shared.add(page.id)
        return Document(self.workspace, page)

    def database(
        self, parent: Document, key: str, title: str, *, description: str = "", inline: bool = False
    ) -> Database:
        """Add a database to a page."""
        created, edited = self.times(f"database {key}")
        author = self.author(key)
        database = Database(
            id=database_id(key),
            parent=Parent(kind="page_id", id=parent.id),
            created=created,
            edited=edited,
            created_by=author,
            edited_by=author,
            title=rich(title),
            description=rich(description),
            inline=inline,
        )
        self.workspace.databases[database.id] = database
        parent.append(database.id)
        return database

    def source(
        self,
        database: Database,
        key: str,
        title: str,
        properties: Iterable[Property],
        *,
        icon: str,
        templates: Sequence[str] = (),
    ) -> DataSource:
        """Add a data source to a database; the first of its templates is the default."""
        created, edited = self.times(f"source {key}")
        source = DataSource(
            id=derived_id("source", key),
            parent=Parent(kind="database_id", id=database.id),
            created=created,
            edited=edited,
            created_by=database.created_by,
            edited_by=database.edited_by,
            title=rich(title),
            properties=list(properties),
            templates=[
                Template(id=derived_id("template", key, name), name=name, default=index == 0)
                for index, name in enumerate(templates)
            ],
            icon=Icon(kind="emoji", value=icon),
        )
        self.workspace.sources[source.id] = source
        database.sources.append(source.id)
        for template in source.templates:
            self._template(source, template)
        return source

    def _template(self, source: DataSource, template: Template) -> None:
        """The page behind a template."""
        page = Page(
            id=template.id,
            parent=Parent(kind="data_source_id", id=source.id),
            created=source.created,
            edited=source.created,
            created_by=source.created_by,
            edited_by=source.created_by,
            values={"title": rich(template.name)},
        )
        self.workspace.template_pages[page.id] = page
        document = Document(self.workspace, page)
        document.heading(2, "What it is about")
        document.paragraph("")
        document.heading(2, "To do")
        document.todo(f"Fill in everything that belongs to {template.name}").todo("Ask for a second pair of eyes")

    def discuss(self, key: str, anchor: Parent, *texts: tuple[str, str], resolved: bool = False) -> Discussion:
        """Add a discussion: pairs of the author's key and the text, oldest first."""
        thread = Discussion(id=derived_id("discussion", key), parent=anchor, resolved=resolved)
        start, _ = self.times(f"discussion {key}")
        for index, (author, text) in enumerate(texts):
            moment = start + timedelta(minutes=7 * index)
            comment = Comment(
                id=derived_id("comment", key, str(index)),
                discussion_id=thread.id,
                created=moment,
                edited=moment,
                created_by=user_id(author),
                text=rich(text),
            )
            thread.comments.append(comment)
        self.workspace.discussions[thread.id] = thread
        return thread


def _number(key: str, purpose: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{purpose}\x00{key}".encode()).digest()[:6])
