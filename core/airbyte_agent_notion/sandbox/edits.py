"""Changes to the workspace. Whoever calls them has checked everything: nothing here refuses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from .parse.blocks import Draft
from .parse.options import default_status
from .parse.values import Values
from .relating import relate
from .state import Block, Database, DataSource, Page, Parent, Property, RichText, Value
from .workspace import AnyRecord, Workspace, as_ids, as_number

__all__ = ["Editor", "parent_for"]


def parent_for(record: Page | Block) -> Parent:
    """The parent of what is put into a page or block."""
    return Parent(kind="page_id" if isinstance(record, Page) else "block_id", id=record.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """Writes as one user, at the present moment."""

    workspace: Workspace
    user_id: str

    @property
    def now(self) -> datetime:
        """The time of the changes."""
        return self.workspace.now()

    def touch(self, record: AnyRecord) -> None:
        """Move the edit time of a record; with a block moves that of its page."""
        holders: Iterable[AnyRecord] = self.workspace.lineage(record) if isinstance(record, Block) else (record,)
        for each in holders:
            if each is not record and not isinstance(each, Page):
                continue
            each.edited, each.edited_by = self.now, self.user_id
            if isinstance(each, Page):
                return

    def insert(self, holder: Page | Block, index: int, drafts: Iterable[Draft]) -> list[Block]:
        """Create blocks among a holder's children; the first-level ones."""
        made = [self._block(holder, draft) for draft in drafts]
        holder.children[index:index] = [each.id for each in made]
        if made:
            self.touch(holder)
        return made

    def _block(self, holder: Page | Block, draft: Draft) -> Block:
        block = Block(
            id=self.workspace.new_id(),
            parent=parent_for(holder),
            created=self.now,
            edited=self.now,
            created_by=self.user_id,
            edited_by=self.user_id,
            type=draft.type,
            content=replace(draft.content, texts=dict(draft.content.texts), plain=dict(draft.content.plain)),
        )
        self.workspace.blocks[block.id] = block
        block.children.extend(self._block(block, each).id for each in draft.children)
        return block

    def page(self, holder: Page | DataSource | None, *, index: int | None = None) -> Page:
        """Create a page without content under a page, as a row, or at the top of the workspace."""
        page = Page(
            id=self.workspace.new_id(),
            parent=Parent(kind="workspace"),
            created=self.now,
            edited=self.now,
            created_by=self.user_id,
            edited_by=self.user_id,
        )
        self.workspace.pages[page.id] = page
        self._place(page, holder, index)
        if isinstance(holder, DataSource):
            for prop in holder.properties:
                if prop.type == "unique_id":
                    self.number(prop, page)
                elif prop.type == "status":
                    page.values[prop.id] = default_status(prop)
        return page

    def _place(self, record: Page | Database, holder: Page | DataSource | None, index: int | None = None) -> None:
        if isinstance(holder, Page):
            record.parent = Parent(kind="page_id", id=holder.id)
            holder.children.insert(len(holder.children) if index is None else index, record.id)
            self.touch(holder)
        elif holder is not None:
            record.parent = Parent(kind="data_source_id", id=holder.id)
        else:
            record.parent = Parent(kind="workspace")
            self.workspace.shared.add(record.id)

    def number(self, prop: Property, page: Page) -> None:
        """Give a row the next number of a unique_id."""
        held = [as_number(each.values.get(prop.id)) or 0 for each in self.workspace.pages.values()]
        prop.last_number = int(max([prop.last_number, *held])) + 1
        page.values[prop.id] = prop.last_number

    def set_values(self, page: Page, sent: Values) -> None:
        """Set property values, with the options and the other sides of relations that they bring about."""
        schema = {each.id: each for each in self.workspace.schema(page)}
        for identifier, options in sent.options.items():
            schema[identifier].options.extend(options)
        self.write(page, sent.values)

    def write(self, page: Page, values: Mapping[str, Value]) -> None:
        """Set values whose options exist."""
        schema = {each.id: each for each in self.workspace.schema(page)}
        for identifier, value in values.items():
            prop = schema[identifier]
            if prop.relation is None:
                page.values[identifier] = value
            else:
                relate(self.workspace, page, prop, as_ids(value))

    def move(self, record: Page | Database, holder: Page | DataSource | None) -> None:
        """Give a page or database another parent; a row keeps what the new data source has columns for."""
        before = list(self.workspace.schema(record)) if isinstance(record, Page) else []
        former = self.workspace.find(record.parent.id)
        if isinstance(former, Page | Block) and record.id in former.children:
            former.children.remove(record.id)
            self.touch(former)
        kept = self._leave(record, before, holder) if isinstance(record, Page) else {}
        self._place(record, holder)
        if isinstance(record, Page):
            fresh = holder.properties if isinstance(holder, DataSource) else []
            for prop in fresh:
                if prop.type == "unique_id":
                    self.number(prop, record)
                elif prop.type == "status" and prop.id not in kept:
                    kept[prop.id] = default_status(prop)
            self.write(record, kept)
        self.touch(record)

    def _leave(self, page: Page, before: list[Property], holder: Page | DataSource | None) -> dict[str, Value]:
        """Take a page's values away; those that fit the new parent's columns of the same name and type."""
        there = {each.name: each for each in holder.properties} if isinstance(holder, DataSource) else {}
        kept: dict[str, Value] = {}
        for prop in before:
            value = page.values.get(prop.id)
            twin = there.get(prop.name)
            if prop.relation is not None:
                relate(self.workspace, page, prop, ())
            if prop.type == "title":
                kept["title"] = value
            elif twin is not None and twin.type == prop.type and prop.type not in (*NOT_CARRIED, "relation"):
                kept[twin.id] = _carried(prop, twin, value)
        page.values.clear()
        return kept

    def database(self, holder: Page | None, *, title: RichText) -> Database:
        """Create a database without any data source under a page, or at the top of the workspace."""
        database = Database(
            id=self.workspace.new_id(),
            parent=Parent(kind="workspace"),
            created=self.now,
            edited=self.now,
            created_by=self.user_id,
            edited_by=self.user_id,
            title=title,
        )
        self.workspace.databases[database.id] = database
        self._place(database, holder)
        return database

    def source(self, database: Database, identifier: str, *, title: RichText) -> DataSource:
        """Create a data source without columns."""
        source = DataSource(
            id=identifier,
            parent=Parent(kind="database_id", id=database.id),
            created=self.now,
            edited=self.now,
            created_by=self.user_id,
            edited_by=self.user_id,
            title=title,
        )
        self.workspace.sources[source.id] = source
        database.sources.append(source.id)
        return source

    def erase(self, page: Page) -> None:
        """Remove a page's content for good; pages and databases within it go to the trash."""
        kept: list[str] = []
        for each in list(page.children):
            kept.extend(self._erase(each))
        for identifier in kept:
            record = self.workspace.find(identifier)
            if record is not None:
                record.trashed, record.parent = True, Parent(kind="page_id", id=page.id)
        page.children[:] = kept
        self.touch(page)

    def _erase(self, identifier: str) -> list[str]:
        """Remove a block with all it holds; the pages and databases that were found in it."""
        block = self.workspace.blocks.pop(identifier, None)
        if block is None:
            return [identifier]
        threads = self.workspace.discussions
        for each in [thread.id for thread in threads.values() if thread.parent.id == identifier]:
            del threads[each]
        return [found for each in block.children for found in self._erase(each)]


NOT_CARRIED = ("unique_id", "formula", "rollup", "created_time", "created_by", "last_edited_time", "last_edited_by")


def _carried(prop: Property, twin: Property, value: Value) -> Value:
    """A value of one column as another one of the same type holds it: options go by name."""
    if prop.type not in ("select", "multi_select", "status"):
        return value
    names = {each.id: each.name for each in prop.options}
    there = {each.name: each.id for each in twin.options}
    found = tuple(there[names[each]] for each in as_ids(value) if names.get(each) in there)
    if prop.type == "multi_select":
        return found
    return found[0] if found else (default_status(twin) if prop.type == "status" else None)
