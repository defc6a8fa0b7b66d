"""A workspace as JSON that can be loaded again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..render import Renderer
from ..render.values import LISTED, value_items
from ..state import Block, Database, DataSource, Page
from ..versions import VERSIONS
from ..workspace import AnyRecord, Workspace, as_ids

__all__ = ["dump"]


def dump(workspace: Workspace) -> dict[str, Any]:
    """Users, pages, blocks, databases, data sources and comments as the newest version gives them out.

    Values are whole, however many items they have. What Notion gives out nowhere is not there: how formulas are
    computed (their results are), the bytes of files, running tasks and uploads.
    """
    writer = _Writer(workspace)
    roots: list[AnyRecord] = [*workspace.pages.values(), *workspace.databases.values(), *workspace.blocks.values()]
    objects = [body for each in roots if workspace.find(each.parent.id) is None for body in writer.tree(each)]
    return {
        "workspace": {"id": workspace.id, "name": workspace.name, "bot_id": workspace.bot_id},
        "users": [{**writer.render.user(each), "guest": each.guest} for each in workspace.users.values()],
        "emojis": [{"id": each.id, "name": each.name, "url": each.url} for each in workspace.emojis.values()],
        "objects": [*objects, *writer.comments()],
        "shared": sorted(workspace.shared),
    }


class _Writer:
    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.render = Renderer(workspace=workspace, version=VERSIONS[-1])

    def tree(self, record: AnyRecord) -> Iterator[dict[str, Any]]:
        """A record and all below it, parents first and children in their order."""
        yield self._own(record)
        if isinstance(record, Page | Block):
            below = [self.workspace.find(each) for each in record.children]
            for each in below:
                if each is not None:
                    yield from self.tree(each)
        elif isinstance(record, Database):
            for identifier in record.sources:
                yield from self.tree(self.workspace.sources[identifier])
        else:
            yield from self._rows(record)

    def _rows(self, source: DataSource) -> Iterator[dict[str, Any]]:
        pages = [*self.workspace.pages.values(), *self.workspace.template_pages.values()]
        for page in [each for each in pages if each.parent.id == source.id]:
            yield from self.tree(page)

    def _own(self, record: AnyRecord) -> dict[str, Any]:
        if isinstance(record, Page):
            body = self._page(record)
        elif isinstance(record, DataSource):
            templates = [{"id": each.id, "name": each.name, "is_default": each.default} for each in record.templates]
            body = {**self.render.data_source(record), "templates": templates}
        else:
            body = self.render.database(record) if isinstance(record, Database) else self.render.block(record)
        # Exact, and each record's own: rendered, times are cut and a parent's trash is its children's too.
        times = {"created_time": record.created.isoformat(), "last_edited_time": record.edited.isoformat()}
        return {**body, **times, "in_trash": record.trashed}

    def _page(self, page: Page) -> dict[str, Any]:
        body = self.render.page(page)
        for prop in self.workspace.schema(page):
            value = page.values.get(prop.id)
            if prop.type == "relation":
                body["properties"][prop.name]["relation"] = [{"id": each} for each in as_ids(value)]
            elif prop.type in LISTED:
                body["properties"][prop.name][prop.type] = value_items(self.workspace, page, prop)
        return {**body, "is_template": True} if page.id in self.workspace.template_pages else body

    def comments(self) -> Iterator[dict[str, Any]]:
        """All comments, of resolved discussions too."""
        for thread in self.workspace.discussions.values():
            for each in thread.comments:
                times = {"created_time": each.created.isoformat(), "last_edited_time": each.edited.isoformat()}
                yield {**self.render.comment(thread, each), **times, "is_resolved": thread.resolved}
