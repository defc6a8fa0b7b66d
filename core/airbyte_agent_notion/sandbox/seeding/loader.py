"""Notion's objects, read back into a workspace: the other way round than ``render``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from ..ids import derived_id
from ..state import Block, Comment, Content, Database, DataSource, Discussion, Page, Parent, Property, Template, User
from ..versions import state_type
from ..workspace import TITLE_ONLY, AnyRecord, Workspace
from .columns import column_of, learn_column, value_of
from .files import upload_of
from .pieces import as_list, as_map, file_of, icon_of, moment_of, parent_of, text_of

__all__ = ["Loader"]

R = TypeVar("R", Page, Block, Database, DataSource)

TEXTS = ("rich_text", "caption", "title")
FILES = ("external", "file")
NOT_KEPT = frozenset({*TEXTS, "cells", "icon", "children"})
"""Keys of a block's payload that have a place of their own."""


class Loader:
    """Puts objects into a workspace as they were given out, in any order, complete or not.

    What an object only refers to (its parent, its data source, a related row) is made up until it is loaded itself,
    and what has no parent here counts as shared with the connection. An object may be loaded again: its facts are
    replaced, its children stay.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._loaders: dict[str, Callable[[Mapping[str, Any]], None]] = {
            "page": self.page,
            "block": self.block,
            "database": self.database,
            "data_source": self.data_source,
            "comment": self.comment,
            "user": self.user,
            "file_upload": self.file_upload,
        }

    def load(self, body: Mapping[str, Any]) -> None:
        """One object; of a kind that is not state (a list, an error) nothing is loaded."""
        load = self._loaders.get(str(body.get("object")))
        if load is not None:
            load(body)

    def user(self, body: Mapping[str, Any]) -> None:
        """A user; a mere reference says nothing."""
        if "type" not in body:
            return
        identifier = str(body["id"])
        bot, person = as_map(body.get("bot")), as_map(body.get("person"))
        known = self.workspace.users.get(identifier)
        self.workspace.users[identifier] = User(
            id=identifier,
            name=str(body.get("name") or ""),
            kind="bot" if body["type"] == "bot" else "person",
            email=person.get("email"),
            avatar_url=body.get("avatar_url"),
            guest=bool(body.get("guest", known is not None and known.guest)),
        )
        if bot.get("workspace_id"):
            self.workspace.bot_id, self.workspace.id = identifier, str(bot["workspace_id"])
            self.workspace.name = str(bot.get("workspace_name", ""))

    def page(self, body: Mapping[str, Any]) -> None:
        """A page with its properties; a row makes its data source known."""
        page = self.page_stub(str(body["id"]))
        if body.get("is_template"):
            self.workspace.template_pages[page.id] = self.workspace.pages.pop(page.id, page)
        self._record(page, body)
        page.icon = icon_of(self.workspace, body.get("icon"))
        page.cover = file_of(body.get("cover"))
        page.archived = bool(body.get("is_archived", False))
        page.locked = bool(body.get("is_locked", False))
        source = self.workspace.sources.get(page.parent.id)
        schema = list(TITLE_ONLY) if source is None else source.properties
        for name, value in as_map(body.get("properties")).items():
            self._value(page, schema, name, as_map(value))

    def _value(self, page: Page, schema: list[Property], name: str, body: Mapping[str, Any]) -> None:
        prop = schema[0] if schema[0] is TITLE_ONLY[0] else None
        prop = prop or learn_column(schema, name, body, seed=page.parent.id)
        for person in as_list(body.get("people")):
            self.user(as_map(person))
        page.values[prop.id] = value_of(self.workspace, prop, body, seed=page.parent.id)
        for target in as_list(body.get("relation")):
            self._related(str(as_map(target)["id"]), prop)

    def _related(self, identifier: str, prop: Property) -> None:
        known = identifier in self.workspace.pages
        page = self.page_stub(identifier)
        if not known and prop.relation is not None and prop.relation.source_id:
            self._put(page, Parent(kind="data_source_id", id=prop.relation.source_id), {})

    def block(self, body: Mapping[str, Any]) -> None:
        """A block; of child_page and child_database the page or database becomes known by its title."""
        kind, identifier = state_type(str(body["type"])), str(body["id"])
        payload = as_map(body.get(str(body["type"])))
        if kind == "child_page":
            page = self.page_stub(identifier)
            page.values.setdefault("title", text_of(str(payload.get("title", ""))))
            self._record(page, body)
            return
        if kind == "child_database":
            database = self.database_stub(identifier)
            database.title = database.title or text_of(str(payload.get("title", "")))
            self._record(database, body)
            return
        block = self.workspace.blocks.get(identifier)
        if block is None:
            block = self._new(Block, identifier, type=kind, content=Content())
            self.workspace.blocks[identifier] = block
        block.content = self._content(kind, payload)
        self._record(block, body)
        for child in (*as_list(body.get("children")), *as_list(payload.get("children"))):
            self.block({"parent": {"block_id": identifier}, **as_map(child)})

    def _content(self, kind: str, payload: Mapping[str, Any]) -> Content:
        file = file_of(payload) if any(key in payload for key in FILES) else None
        skipped = NOT_KEPT | ({"type", *FILES} if file is not None else frozenset[str]())
        cells = None if "cells" not in payload else tuple(text_of(cell) for cell in as_list(payload["cells"]))
        return Content(
            texts={key: text_of(payload[key]) for key in TEXTS if key in payload},
            cells=cells,
            file=file,
            icon=icon_of(self.workspace, payload.get("icon")),
            plain={
                key: value
                for key, value in payload.items()
                if key not in skipped or (key == "children" and kind == "meeting_notes")
            },
        )

    def database(self, body: Mapping[str, Any]) -> None:
        """A database, with the data sources that it names."""
        database = self.database_stub(str(body["id"]))
        self._record(database, body)
        database.title, database.description = text_of(body.get("title")), text_of(body.get("description"))
        database.inline, database.locked = bool(body.get("is_inline", False)), bool(body.get("is_locked", False))
        database.icon, database.cover = icon_of(self.workspace, body.get("icon")), file_of(body.get("cover"))
        for each in map(as_map, as_list(body.get("data_sources"))):
            known = str(each["id"]) in self.workspace.sources
            source = self.source_stub(str(each["id"]), database.id)
            if not known:
                source.title = text_of(str(each.get("name", "")))

    def data_source(self, body: Mapping[str, Any]) -> None:
        """A data source with its schema."""
        identifier = str(body["id"])
        parent = parent_of(body.get("parent"))
        source = self.source_stub(identifier, parent.id if parent is not None else None)
        self._record(source, body)
        source.title, source.description = text_of(body.get("title")), text_of(body.get("description"))
        source.icon, source.cover = icon_of(self.workspace, body.get("icon")), file_of(body.get("cover"))
        columns = as_map(body.get("properties"))
        source.properties = [column_of(name, as_map(each), seed=identifier) for name, each in columns.items()]
        for prop in source.properties:
            if prop.relation is not None:
                target = as_map(as_map(columns[prop.name]).get("relation")).get("database_id")
                self.source_stub(prop.relation.source_id, target)
        for each in map(as_map, as_list(body.get("templates"))):
            facts = Template(id=str(each["id"]), name=str(each["name"]), default=bool(each.get("is_default")))
            source.templates = [*(one for one in source.templates if one.id != facts.id), facts]
        database = self.workspace.databases[source.parent.id]
        home = parent_of(body.get("database_parent"))
        if home is not None:
            self._put(database, home, as_map(body.get("database_parent")))
        database.inline = bool(body.get("is_inline", database.inline))

    def comment(self, body: Mapping[str, Any]) -> None:
        """A comment; its discussion is one that is open."""
        thread, parent = str(body["discussion_id"]), parent_of(body.get("parent"))
        anchor = parent or Parent(kind="workspace")
        discussion = self.workspace.discussions.setdefault(thread, Discussion(id=thread, parent=anchor))
        if anchor.kind == "page_id":
            self.page_stub(anchor.id)
        shown = as_map(body.get("display_name"))
        created = moment_of(body.get("created_time"), self.workspace.now())
        comment = Comment(
            id=str(body["id"]),
            discussion_id=thread,
            created=created,
            edited=moment_of(body.get("last_edited_time"), created),
            created_by=str(as_map(body.get("created_by")).get("id", self.workspace.bot_id)),
            text=text_of(body.get("rich_text")),
            signed=cast("Any", shown.get("type")),
            custom_name=shown.get("resolved_name"),
        )
        discussion.resolved = bool(body.get("is_resolved", False))
        discussion.comments = [*(each for each in discussion.comments if each.id != comment.id), comment]

    def file_upload(self, body: Mapping[str, Any]) -> None:
        """A file upload; its bytes, which nobody gives out, are zeros."""
        upload = upload_of(body, self.workspace.now())
        self.workspace.files.uploads[upload.id] = upload

    def page_stub(self, identifier: str) -> Page:
        """The page of that id; an empty one, shared, if it is not known."""
        held = self.workspace.find(identifier)
        if isinstance(held, Page):
            return held
        page = self._new(Page, identifier)
        self.workspace.pages[identifier] = page
        self.workspace.shared.add(identifier)
        return page

    def database_stub(self, identifier: str) -> Database:
        """The database of that id; an empty one, shared, if it is not known."""
        if identifier not in self.workspace.databases:
            self.workspace.databases[identifier] = self._new(Database, identifier, title=())
            self.workspace.shared.add(identifier)
        return self.workspace.databases[identifier]

    def source_stub(self, identifier: str, database_id: str | None = None) -> DataSource:
        """The data source of that id; one with only a title column, in a database of its own, if it is not known."""
        source = self.workspace.sources.get(identifier)
        if source is None:
            source = self._new(DataSource, identifier, title=())
            source.properties = [Property(id="title", name="Name", type="title")]
            self.workspace.sources[identifier] = source
            database_id = database_id or derived_id("database of", identifier)
        if database_id is not None and source.parent.id != database_id:
            self._leave(source)
            source.parent = Parent(kind="database_id", id=database_id)
            self.database_stub(database_id).sources.append(identifier)
        return source

    def _leave(self, source: DataSource) -> None:
        former = self.workspace.databases.get(source.parent.id)
        if former is not None:
            former.sources.remove(source.id)
            if former.id == derived_id("database of", source.id):
                del self.workspace.databases[former.id]
                self.workspace.shared.discard(former.id)

    def _new(self, make: type[R], identifier: str, **facts: Any) -> R:
        now, bot = self.workspace.now(), self.workspace.bot_id
        parent = Parent(kind="workspace")
        return make(id=identifier, parent=parent, created=now, edited=now, created_by=bot, edited_by=bot, **facts)

    def _record(self, record: AnyRecord, body: Mapping[str, Any]) -> None:
        """What all records share."""
        record.created = moment_of(body.get("created_time"), record.created)
        record.edited = moment_of(body.get("last_edited_time"), record.created)
        record.created_by = str(as_map(body.get("created_by")).get("id", record.created_by))
        record.edited_by = str(as_map(body.get("last_edited_by")).get("id", record.edited_by))
        record.trashed = bool(body.get("in_trash", body.get("archived", False)))
        parent = parent_of(body.get("parent"))
        if parent is not None:
            self._put(record, parent, as_map(body["parent"]))

    def _put(self, record: AnyRecord, parent: Parent, body: Mapping[str, Any]) -> None:
        """Put a record into its parent, which is made up if it is not known."""
        if record.id == parent.id:
            return
        if isinstance(record, DataSource):
            self.source_stub(record.id, parent.id)
            return
        record.parent = parent
        if parent.kind == "data_source_id":
            self.source_stub(parent.id, body.get("database_id"))
        elif parent.kind == "page_id":
            self._among(self.page_stub(parent.id), record)
        elif parent.kind == "block_id":
            self._among(self._block_stub(parent.id), record)
        if parent.kind == "workspace":
            self.workspace.shared.add(record.id)
        else:
            self.workspace.shared.discard(record.id)

    def _among(self, holder: Page | Block, record: AnyRecord) -> None:
        if record.id not in holder.children:
            holder.children.append(record.id)

    def _block_stub(self, identifier: str) -> Page | Block:
        held = self.workspace.find(identifier)
        if isinstance(held, Page | Block):
            return held
        block = self._new(Block, identifier, type="toggle", content=Content(texts={"rich_text": ()}))
        self.workspace.blocks[identifier] = block
        self.workspace.shared.add(identifier)
        return block
