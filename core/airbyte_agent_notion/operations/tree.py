"""All blocks below a page or block, read side by side and answered in document order."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, cast

from pydantic import Field

from ..errors import DeadlineExceeded, Forbidden, InvalidParams, InvalidRequest, InvalidResponse, NotFound
from ..fields import BlockId, Cursor, parse_id
from ..flow import Flow, gather
from ..listing import ListMeta
from ..models.blocks import Block
from ..models.trees import BlockTree, TreeBlock
from ..operation import Api, Operation, Spec
from .children import ListBlocks
from .frontier import Entry, Frontier, Hole, Known, Node, Skip

__all__ = ["ListBlockTree"]

AT_ONCE = 8
"""Requests under way side by side."""
WAVE = 32
"""Requests before the frontier is looked at again."""
LEAVES = frozenset({"child_page", "child_database"})
"""Documents of their own: listed, not descended into."""
LOOP = "loop"

MaxBlocks = Annotated[int, Field(ge=1, le=10_000)]


class ListBlockTree(Operation[BlockTree]):
    """List all blocks inside a page or block at every level, in reading order: each with depth (0 is the top) and
    parent_id. Child pages and databases are listed, but what they hold is not. Where the answer says complete: false
    with a next_cursor, call again with it as start_cursor for what follows; skipped names blocks that could not be
    read. For the top level alone use blocks.list.
    """

    # A flat list: it can be cut anywhere, its pieces add up, and it is written out as Markdown line by line.
    spec = Spec("blocks", "list_tree", "GET /v1/blocks/{block_id}/children", capability="read_content")
    block_id: BlockId
    max_blocks: MaxBlocks | None = Field(
        default=None, exclude=True, description="Most blocks in one answer, 1 to 10,000; 1,000 if left out."
    )
    start_cursor: Cursor | None = Field(
        default=None, exclude=True, description="next_cursor of the previous answer, to go on behind it."
    )

    def flow(self, api: Api) -> Flow[BlockTree]:
        """Read wave by wave, the earliest unread places first, until all is there, or enough, or time is up."""
        limit = self.max_blocks or 1_000
        frontier = Frontier([Hole(Node(self.block_id))])
        if self.start_cursor is not None:
            frontier = Frontier.resume(self.start_cursor, self.block_id)
        late: DeadlineExceeded | None = None
        while late is None and (holes := frontier.next_holes(WAVE, limit)):
            reads = yield from gather([_read(api, hole) for hole in holes], limit=AT_ONCE)
            filled: dict[Hole, list[Entry]] = {}
            for hole, read in zip(holes, reads, strict=True):
                if isinstance(read, DeadlineExceeded):
                    late = read
                else:
                    filled[hole] = read
            frontier.fill(filled, limit)
        final = frontier.final(limit)
        if late is not None and not final:
            raise late
        return _tree(self.block_id, final, frontier.handle(len(final)), late)


def _read(api: Api, hole: Hole) -> Flow[list[Entry] | DeadlineExceeded]:
    """What one request puts into a hole."""
    operation = ListBlocks(block_id=hole.node.id, page_size=100)
    if hole.cursor is not None:
        operation = operation.model_copy(update={"start_cursor": hole.cursor})
    try:
        page = yield from api.call(operation)
    except DeadlineExceeded as late:
        return late
    except (NotFound, Forbidden, InvalidRequest) as refusal:
        if hole.node.parent is None or (hole.cursor is not None and isinstance(refusal, InvalidRequest)):
            raise
        return [Skip(hole.node.id, refusal.code, hole)]
    known = list(_known(page.data, hole))
    last = page.data[-1]["id"] if page.data else hole.after
    return [*known, *_beyond(page.meta, replace(hole, after=last))]


def _known(blocks: list[Block], hole: Hole) -> Iterator[Entry]:
    """The blocks of a page, each with a hole for what is inside it."""
    previous, begun = hole.after, hole.after is None
    for block in blocks:
        identifier = _id(block.get("id"))
        if begun:
            yield Known(block, replace(hole, after=previous))
            if block.get("has_children") and block.get("type") not in LEAVES:
                inner = Hole(Node(identifier, _source(block), hole.node))
                yield Skip(identifier, LOOP, inner) if inner.node.is_loop else inner
        previous, begun = identifier, begun or identifier == hole.after
    if not begun:
        raise InvalidParams("The page was changed since start_cursor was given out.", hint="Begin anew without it.")


def _beyond(meta: ListMeta, hole: Hole) -> Iterator[Entry]:
    """The next page's hole, if there is one; ``hole`` is what is left of this page."""
    cursor = meta.next_cursor
    if meta.has_more and cursor is not None:
        seen = hole.seen | {hole.cursor or ""}
        if cursor in seen:
            raise InvalidResponse("blocks.list answered with a cursor once more; the list would never end.")
        yield Hole(hole.node, cursor, seen=seen)
    elif meta.has_more or meta.incomplete_reason is not None:
        yield Skip(hole.node.id, meta.incomplete_reason or "no_next_cursor", hole)


def _source(block: Block) -> str | None:
    if block.get("type") != "synced_block":
        return None
    source = (block.get("synced_block") or {}).get("synced_from")
    return _id(source.get("block_id")) if source else None


def _id(value: object) -> str:
    try:
        return parse_id(value)
    except ValueError:
        raise InvalidResponse("Notion's answer holds a block without a Notion id.") from None


def _tree(root_id: str, final: list[Known | Skip], cursor: str | None, late: DeadlineExceeded | None) -> BlockTree:
    known = [entry for entry in final if isinstance(entry, Known)]
    skipped = [entry for entry in final if isinstance(entry, Skip)]
    return {
        "object": "block_tree",
        "root_id": root_id,
        "blocks": [_placed(entry) for entry in known],
        "count": len(known),
        "complete": cursor is None and all(entry.reason == LOOP for entry in skipped),
        "next_cursor": cursor,
        "incomplete_reason": None if cursor is None else "max_blocks" if late is None else "deadline",
        "skipped": [{"block_id": entry.block_id, "reason": entry.reason} for entry in skipped],
    }


def _placed(entry: Known) -> TreeBlock:
    node = entry.hole.node
    return cast("TreeBlock", {**entry.block, "depth": node.depth, "parent_id": node.id})
