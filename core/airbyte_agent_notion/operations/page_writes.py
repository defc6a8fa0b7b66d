"""What changes pages: creating, updating, moving, the trash."""

import json
from types import MappingProxyType
from typing import Any, Self, cast

from pydantic import Field, model_validator

from ..errors import NotionAgentError
from ..fields import JsonDict, PageId, PropertyIds
from ..flow import Flow
from ..models.objects import Page
from ..operation import Api, Effect, JsonObject, Operation, Spec
from .append.nodes import Node
from .append.plan import Chunk, next_chunk
from .append.read_back import Place
from .append.report import checked, stopped
from .append.run import Appending, Job
from .block_writes import AppendBlocks
from .complete import marked
from .containers import GetDatabase
from .markdown_blocks import blocks_of, titled_blocks_of
from .parameters import (
    COVER,
    DROP,
    ICON,
    TEMPLATE,
    Drop,
    InPageOrTable,
    MarkdownVersion,
    NewHome,
    StartingPosition,
    TemplateChoice,
    at_most_one,
    only_with,
)
from .plain.rows import PlainRow, noted, plain_row
from .plain.tables import table_of_page, table_of_parent
from .references import only_data_source, with_data_source
from .tasks import followed

__all__ = ["CreatePage", "DeletePage", "MovePage", "RestorePage", "UpdatePage"]

_VERIFY = "pages.get shows whether the page has changed."
_READ_BACK = "GET /v1/pages/{id}"
_VALUES = (
    'By name, plain or as Notion has them; {"Name": "Launch", "Status": "Done", "Due": "2026-12-01", "Tags": ["a"], '
    '"Owner": "Ana Ruiz"}'
)


class CreatePage(Operation[Page]):
    """Create a page under a page, or a row of a data source, with properties and content. Content is blocks (children)
    or markdown. The row's property names and options are in data_sources.get.
    """

    spec = Spec(
        "pages",
        "create",
        "POST /v1/pages",
        effect=Effect.WRITE,
        query=("filter_properties",),
        capability="insert_content",
        not_found="Check the parent's id. If it is right, a person must add this connection to it in Notion.",
        read_back=_READ_BACK,
        verify="blocks.list shows the pages under a page, data_sources.query the rows of a data source.",
    )
    parent: InPageOrTable | None = Field(
        default=None,
        description='{"page_id": "..."} or {"data_source_id": "..."}; only public connections may leave it out.',
    )
    properties: JsonDict | None = Field(default=None, description=f"{_VALUES}; only title under a page.")
    icon: JsonDict | None = Field(default=None, description=ICON)
    cover: JsonDict | None = Field(default=None, description=COVER)
    children: list[JsonDict] | None = Field(
        default=None, description="Content as blocks; any number, see blocks.append."
    )
    markdown: str | None = Field(default=None, description="Content as Markdown; in place of children.")
    markdown_version: MarkdownVersion | None = Field(default=None, description="Has Notion read the markdown.")
    allow_async: bool | None = Field(default=None, description="Has Notion read the markdown; it may take its time.")
    template: TemplateChoice | None = Field(
        default=None, description=f"{TEMPLATE}; in place of content, filled in shortly after."
    )
    position: StartingPosition | None = Field(
        default=None,
        description='{"type": "page_start"}; or page_end, or {"type": "after_block", "after_block": {"id": "..."}}',
    )
    filter_properties: PropertyIds | None = Field(default=None, description="Only these in the answer.")

    @model_validator(mode="after")
    def _one_content(self) -> Self:
        at_most_one(self, "children", "markdown")
        if self.template is not None and self.template["type"] != "none":
            at_most_one(self, "children", "markdown", "template")
        only_with(self, "markdown_version", "markdown")
        only_with(self, "allow_async", "markdown")
        return self

    def result(self, data: JsonObject) -> Page:
        """The page; ``incomplete`` names values that are cut off."""
        return marked(super().result(data))

    def flow(self, api: Api) -> Flow[Page]:
        """One request, after reading the schema for plain values, and more for long content; a task is followed to its
        end.

        Raises:
            InvalidParams: the values or the blocks do not fit; nothing was sent.
            PartialWrite: the page is there, and not all of its content.
        """
        nodes, update = self._content()
        row = yield from plain_row(api, self.properties, table_of_parent(api, self.parent), operation=self.spec.name)
        update |= _compiled(row)
        chunk = next_chunk(nodes, whole_only=True, taken=_size(self.params() | update | {"children": []}))
        if chunk.payload != (self.children or []):
            update["children"] = chunk.payload
        sent = self.model_copy(update=update) if update else self
        page = noted(self.result((yield from _created(sent, api))), row)
        if len(chunk.items) < len(nodes):
            yield from self._rest(api, page, chunk, nodes)
        return page

    def _content(self) -> tuple[list[Node], JsonObject]:
        """The blocks, and what is sent in place of what was given: nothing where Notion is to read the Markdown."""
        if self.markdown is None or self.markdown_version is not None or self.allow_async is not None:
            return checked(self.children or [], operation=self.spec.name), {}
        if self.properties:
            title, blocks = None, blocks_of(self.markdown, operation=self.spec.name)
        else:
            title, blocks = titled_blocks_of(self.markdown, operation=self.spec.name)
        named = {"properties": {"title": {"title": title}}} if title else {}
        return checked(blocks, operation=self.spec.name, name="markdown"), {"markdown": None, **named}

    def _rest(self, api: Api, page: Page, chunk: Chunk, nodes: list[Node]) -> Flow[None]:
        """Append what the first request did not take."""
        begun = len(chunk.items)
        place = Place(parent_id=page["id"], number=begun)
        appending = Appending(api, _part, Job(nodes=tuple(nodes[begun:]), place=place))
        try:
            yield from appending.run()
        except NotionAgentError as error:
            facts = cast("JsonObject", page)
            raise stopped(appending, error, operation=self.spec.name, page=facts, sent=chunk.count) from error


def _created(sent: CreatePage, api: Api) -> Flow[JsonObject]:
    """The request; a database's id as data_source_id stands for its only data source."""
    target = cast("JsonObject", sent.parent or {}).get("data_source_id")
    if target is None:
        return (yield from followed(sent, api))

    def run(identifier: str) -> Flow[JsonObject]:
        moved = {"parent": {"data_source_id": identifier}}
        return (yield from followed(sent if identifier == target else sent.model_copy(update=moved), api))

    return (yield from with_data_source(run, target, api))


def _size(params: JsonObject) -> int:
    return len(json.dumps(params, ensure_ascii=False).encode())


def _compiled(row: PlainRow | None) -> JsonObject:
    if row is None:
        return {}
    # A database's id may stand for its only data source.
    parent = {} if row.data_source_id is None else {"parent": {"data_source_id": row.data_source_id}}
    return {"properties": row.properties, **parent}


def _part(block_id: str, children: list[JsonObject], position: JsonObject | None) -> AppendBlocks:
    place = {} if position is None else {"position": cast("Any", position)}
    return AppendBlocks(block_id=block_id, children=children, **place)


class UpdatePage(Operation[Page]):
    """Change a page's properties, icon, cover or lock; what is not given stays. Its text is changed with pages.edit,
    blocks.update or blocks.append, its place with pages.move.
    """

    spec = Spec(
        "pages",
        "update",
        "PATCH /v1/pages/{page_id}",
        effect=Effect.WRITE,
        query=("filter_properties",),
        capability="update_content",
        nullable=("icon", "cover"),
        read_back=_READ_BACK,
        verify=_VERIFY,
    )
    page_id: PageId
    properties: JsonDict | None = Field(default=None, description=f"{_VALUES}; a value is replaced whole.")
    icon: JsonDict | None = Field(default=None, description=f"{ICON}; null removes it.")
    cover: JsonDict | None = Field(default=None, description=f"{COVER}; null removes it.")
    is_locked: bool | None = Field(default=None, description="Locked against editing; in Notion's own screens.")
    is_archived: bool | None = Field(default=None, description="Put aside; not in the trash.")
    in_trash: bool | None = Field(default=None, description="True is pages.delete; false is pages.restore.")
    template: TemplateChoice | None = Field(default=None, description=f"{TEMPLATE}; is added to the content.")
    erase_content: bool | None = Field(default=None, description="True removes all content; for good.")
    drop: Drop | None = Field(default=None, description=f"With erase_content; {DROP}")
    filter_properties: PropertyIds | None = Field(default=None, description="Only these in the answer.")

    @model_validator(mode="after")
    def _drop_has_a_use(self) -> Self:
        if self.drop and not self.erase_content:
            raise ValueError("drop says what erase_content may take along: give erase_content true, or no drop")
        return self

    @property
    def effect(self) -> Effect:
        """Destructive where it puts the page out of sight, erases content, or lets a template write into it."""
        removes = self.in_trash or self.is_archived or self.erase_content or self.template
        return Effect.DESTRUCTIVE if removes else Effect.WRITE

    def body(self, params: JsonObject) -> JsonObject:
        """Without ``drop``, which is for the connector."""
        return {name: value for name, value in params.items() if name != "drop"}

    def result(self, data: JsonObject) -> Page:
        """The page; ``incomplete`` names values that are cut off."""
        return marked(super().result(data))

    def flow(self, api: Api) -> Flow[Page]:
        """One request, after reading the page's parent and its schema for plain values."""
        row = yield from plain_row(api, self.properties, table_of_page(api, self.page_id), operation=self.spec.name)
        sent = self if row is None else self.model_copy(update={"properties": row.properties})
        return noted(sent.result((yield from api.perform(sent))), row)


class DeletePage(Operation[Page]):
    """Put a page, or a row, with everything in it into the trash. pages.restore takes it out again."""

    spec = Spec(
        "pages",
        "delete",
        "PATCH /v1/pages/{page_id}",
        effect=Effect.DESTRUCTIVE,
        fixed=MappingProxyType({"in_trash": True}),
        capability="update_content",
        repeatable=True,
        read_back=_READ_BACK,
        verify="pages.get: in_trash says whether it is in the trash.",
    )
    page_id: PageId


class RestorePage(Operation[Page]):
    """Take a page out of the trash."""

    spec = Spec(
        "pages",
        "restore",
        "PATCH /v1/pages/{page_id}",
        effect=Effect.WRITE,
        fixed=MappingProxyType({"in_trash": False}),
        capability="update_content",
        repeatable=True,
        read_back=_READ_BACK,
        verify="pages.get: in_trash says whether it is in the trash.",
    )
    page_id: PageId


class MovePage(Operation[Page]):
    """Move a page under another page or into a data source. It keeps its id."""

    spec = Spec(
        "pages",
        "move",
        "POST /v1/pages/{page_id}/move",
        effect=Effect.WRITE,
        capability="update_content",
        read_back=_READ_BACK,
        verify="pages.get: parent says where it is.",
    )
    page_id: PageId
    parent: NewHome = Field(description='{"page_id": "..."} or {"data_source_id": "..."}')

    def flow(self, api: Api) -> Flow[Page]:
        """A database's id stands for its only data source."""
        given = cast("JsonObject", self.parent)
        if "page_id" in given:
            return self.result((yield from api.perform(self)))
        if "database_id" in given:
            database = yield from api.perform(GetDatabase(database_id=given["database_id"]))
            return (yield from self._into(only_data_source(database), api))
        return (yield from with_data_source(lambda each: self._into(each, api), given["data_source_id"], api))

    def _into(self, data_source_id: str, api: Api) -> Flow[Page]:
        parent = {"type": "data_source_id", "data_source_id": data_source_id}
        as_given = cast("JsonObject", self.parent).get("data_source_id") == data_source_id
        sent = self if as_given else self.model_copy(update={"parent": parent})
        return sent.result((yield from api.perform(sent)))
