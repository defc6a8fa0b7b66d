"""What changes blocks: appending, updating, the trash."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Annotated, Any, Self, cast

from pydantic import Field, model_validator

from ..errors import NotionAgentError
from ..fields import BlockId, JsonDict
from ..flow import Flow, Request
from ..listing import ListResult, list_result
from ..models.blocks import Block
from ..operation import Api, Effect, JsonObject, Operation, Spec
from .append.nodes import Node
from .append.read_back import Place
from .append.report import checked, stopped
from .append.run import Appending, Job
from .markdown_blocks import blocks_of
from .parameters import DROP, Drop, Position, exactly_one

__all__ = ["UPDATABLE", "AppendBlocks", "DeleteBlock", "RestoreBlock", "UpdateBlock"]

UPDATABLE = frozenset(
    {
        "audio",
        "bookmark",
        "breadcrumb",
        "bulleted_list_item",
        "callout",
        "code",
        "column",
        "divider",
        "embed",
        "equation",
        "file",
        "heading_1",
        "heading_2",
        "heading_3",
        "heading_4",
        "image",
        "link_to_page",
        "numbered_list_item",
        "paragraph",
        "pdf",
        "quote",
        "synced_block",
        "tab",
        "table",
        "table_of_contents",
        "table_row",
        "template",
        "to_do",
        "toggle",
        "video",
    }
)
"""Types of block that can be changed."""

_READ_BACK = "GET /v1/blocks/{id}"
_VERIFY = "blocks.get shows the block."


class AppendBlocks(Operation[ListResult[Block]]):
    """Append blocks to a page or inside a block: any number, nested as deep as you like, in order. Answers the new
    blocks of the first level with their ids; children of one are new blocks in it that took requests of their own.
    """

    spec = Spec(
        "blocks",
        "append",
        "PATCH /v1/blocks/{block_id}/children",
        effect=Effect.WRITE,
        capability="insert_content",
        appends=True,
        read_back=_READ_BACK,
        verify="blocks.list with this block_id shows what is there now.",
    )
    block_id: BlockId
    children: Annotated[list[JsonDict], Field(min_length=1)] | None = Field(
        default=None,
        description='[{"type": "paragraph", "paragraph": {"rich_text": [{"text": {"content": "..."}}]}}]',
    )
    markdown: str | None = Field(default=None, description="Markdown in place of children.")
    position: Position | None = Field(
        default=None,
        description='{"type": "start"}; or end (default), or {"type": "after_block", "after_block": {"id": "..."}}',
    )

    @model_validator(mode="after")
    def _one_content(self) -> Self:
        exactly_one(self, "children", "markdown")
        if self.markdown is not None and not self.markdown.strip():
            raise ValueError("markdown holds no text")
        return self

    def flow(self, api: Api) -> Flow[ListResult[Block]]:
        """As few requests as Notion takes them in.

        Raises:
            InvalidParams: Notion would refuse a block; nothing was sent.
            PartialWrite: it failed after some of the blocks were written.
            OutcomeUnknown: it is not known whether the first request took effect.
        """
        nodes = self._nodes()
        place = Place(parent_id=self.block_id, position=cast("JsonObject | None", self.position))
        appending = Appending(api, self._request_for, Job(nodes=tuple(nodes), place=place))
        try:
            created = yield from appending.run()
        except NotionAgentError as error:
            raise stopped(appending, error, operation=self.spec.name) from error
        listed: ListResult[Block] = list_result(appending.answer, self.spec)
        return replace(
            listed,
            data=cast("list[Block]", created),
            meta=replace(listed.meta, next_cursor=None, has_more=False),
        )

    def _nodes(self) -> list[Node]:
        if self.markdown is None:
            return checked(self.children or [], operation=self.spec.name)
        blocks = blocks_of(self.markdown, operation=self.spec.name)
        return checked(blocks, operation=self.spec.name, name="markdown")

    def _request_for(self, block_id: str, children: list[JsonObject], position: JsonObject | None) -> "AppendBlocks":
        if block_id == self.block_id and children == self.children and position == self.position:
            return self
        place = {} if position is None else {"position": cast("Any", position)}
        return AppendBlocks(block_id=block_id, children=children, **place)


class UpdateBlock(Operation[Block]):
    """Change what a block holds; its type stays, and text is replaced whole. What is inside it is changed block by
    block.
    """

    spec = Spec(
        "blocks",
        "update",
        "PATCH /v1/blocks/{block_id}",
        effect=Effect.WRITE,
        capability="update_content",
        read_back=_READ_BACK,
        verify=_VERIFY,
    )
    block_id: BlockId
    block: JsonDict | None = Field(
        default=None,
        description='One key, the block\'s type: {"to_do": {"checked": true}}. It may also stand beside block_id.',
    )
    in_trash: bool | None = Field(default=None, description="True is blocks.delete; false is blocks.restore.")
    drop: Drop | None = Field(default=None, description=f"With in_trash; {DROP}")

    @model_validator(mode="before")
    @classmethod
    def _gathered(cls, params: Any) -> Any:
        # Notion has the type's key beside the others, and so do models.
        if not isinstance(params, Mapping):
            return params
        given = cast("Mapping[str, Any]", params)
        beside = {name: given[name] for name in given if name in UPDATABLE}
        if not beside:
            return given
        if given.get("block") is not None:
            raise ValueError(f"{', '.join(beside)} and block exclude each other: give one of them")
        typed = {"type": given["type"]} if "type" in given else {}
        rest = {name: value for name, value in given.items() if name not in {*beside, *typed, "block"}}
        return {**rest, "block": {**typed, **{name: value for name, value in beside.items() if value is not None}}}

    @model_validator(mode="after")
    def _one_type(self) -> Self:
        if self.drop and not self.in_trash:
            raise ValueError("drop says what in_trash may take along: give in_trash true, or no drop")
        if self.block is None:
            if self.in_trash is None:
                raise ValueError('give block, such as {"paragraph": {"rich_text": [...]}}')
            return self
        types = [name for name in self.block if name != "type"]
        if len(types) != 1 or types[0] not in UPDATABLE:
            raise ValueError(f"block: give exactly one key, the block's type: one of {', '.join(sorted(UPDATABLE))}")
        if self.block.get("type", types[0]) != types[0]:
            raise ValueError(f"block: type is {self.block['type']!r}, and {types[0]} is given")
        return self

    @property
    def effect(self) -> Effect:
        """Destructive where it puts the block into the trash."""
        return Effect.DESTRUCTIVE if self.in_trash else Effect.WRITE

    def body(self, params: JsonObject) -> JsonObject:
        """The type's key stands in the body itself."""
        block = params.pop("block", {})
        return {**block, **{name: value for name, value in params.items() if name != "drop"}}


class DeleteBlock(Operation[Block]):
    """Put a block with everything in it into the trash. blocks.restore takes it out again. A page's or database's id
    trashes that; child pages and databases inside the block must be named in drop.
    """

    spec = Spec(
        "blocks",
        "delete",
        "DELETE /v1/blocks/{block_id}",
        effect=Effect.DESTRUCTIVE,
        capability="update_content",
        read_back=_READ_BACK,
        verify="blocks.get: in_trash says whether it is in the trash.",
    )
    block_id: BlockId
    drop: Drop | None = Field(default=None, description=DROP)

    def request(self) -> Request:
        """Without ``drop``, which is for the connector."""
        return replace(super().request(), query=())


class RestoreBlock(Operation[Block]):
    """Take a block out of the trash."""

    spec = Spec(
        "blocks",
        "restore",
        "PATCH /v1/blocks/{block_id}",
        effect=Effect.WRITE,
        fixed=MappingProxyType({"in_trash": False}),
        capability="update_content",
        repeatable=True,
        read_back=_READ_BACK,
        verify="blocks.get: in_trash says whether it is in the trash.",
    )
    block_id: BlockId
