"""Which blocks go into a request: as many as Notion takes.

Notion takes 100 blocks side by side, 1,000 in all, two levels below the first, and 500 KB; and it answers the ids of
the first level only. So a block whose content is deeper, wider or larger than that is sent without it, and its content
follows in a request of its own: to read the ids of inner blocks would cost as many requests. Columns and tabs cannot be
sent without what they hold; their ids are read.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ...operation import JsonObject
from .nodes import MAX_BODY, MAX_SIDE_BY_SIDE, ROOMS, Node

__all__ = ["Chunk", "Item", "next_chunk"]

MAX_BLOCKS = 1_000
MAX_LEVELS = 2
FRAMES = frozenset({"column_list", "tab"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A block of the first level as a request has it."""

    node: Node
    payload: JsonObject
    count: int
    """Blocks in the payload."""
    size: int
    sent: int = 0
    """How many of its children are in the payload."""
    deferred: tuple[tuple[int, tuple[Node, ...]], ...] = ()
    """What is to follow inside its children, by their index."""

    @property
    def rest(self) -> tuple[Node, ...]:
        """Children that are to follow."""
        return self.node.children[self.sent :]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """The blocks of one request."""

    items: tuple[Item, ...]

    @property
    def payload(self) -> list[JsonObject]:
        """As they are sent."""
        return [item.payload for item in self.items]

    @property
    def count(self) -> int:
        """Blocks, inner ones included."""
        return sum(item.count for item in self.items)


def next_chunk(nodes: Sequence[Node], *, whole_only: bool = False, taken: int = 0) -> Chunk:
    """As many of the first of these siblings as one request takes: at least one.

    Args:
        nodes: what is to be appended to one parent.
        whole_only: stop before the first one that is not sent whole; there may be none then.
        taken: bytes that the rest of the request needs, beyond what any does.
    """
    items: list[Item] = []
    count, size = 0, taken
    for node in nodes[:MAX_SIDE_BY_SIDE]:
        item = _item(node)
        count, size = count + item.count, size + item.size
        if (items or whole_only) and (count > MAX_BLOCKS or size > MAX_BODY):
            break
        if whole_only and (item.rest or item.deferred):
            break
        items.append(item)
    return Chunk(items=tuple(items))


def _item(node: Node) -> Item:
    if _fits(node, levels=MAX_LEVELS):
        return Item(node=node, payload=node.whole(), count=node.count, size=node.size, sent=len(node.children))
    if node.kind in FRAMES:
        return _frame(node)
    return _begun(node, _prefix(node))


def _fits(node: Node, *, levels: int) -> bool:
    """Whether the whole tree may stand in one request, with so many levels below its top."""
    fits = node.height <= levels and node.widest <= MAX_SIDE_BY_SIDE
    return fits and node.count <= MAX_BLOCKS and node.size <= MAX_BODY


def _prefix(node: Node) -> int:
    """How many children to send with a block whose others follow: so many that the others fill their requests."""
    number, needed = len(node.children), node.kind in ROOMS
    wanted = number % MAX_SIDE_BY_SIDE or MAX_SIDE_BY_SIDE
    if number <= MAX_SIDE_BY_SIDE:
        # One request is needed for those that do not fit, and takes the others too.
        wanted = number if needed else 0
    found = _fitting(node, wanted)
    if needed:
        return max(found, 1)
    return found if found == wanted else 0


def _fitting(node: Node, wanted: int) -> int:
    """How many of the first children fit into a request together with their parent."""
    count, size = 1, node.own_size
    for index, child in enumerate(node.children[:wanted]):
        count, size = count + child.count, size + child.size
        if not _fits(child, levels=MAX_LEVELS - 1) or count > MAX_BLOCKS or size > MAX_BODY:
            return index
    return wanted


def _begun(node: Node, sent: int) -> Item:
    inside = node.children[:sent]
    return Item(
        node=node,
        payload=node.with_children([child.whole() for child in inside]),
        count=1 + sum(child.count for child in inside),
        size=node.own_size + sum(child.size for child in inside),
        sent=sent,
    )


def _frame(node: Node) -> Item:
    """A frame with what it holds; what those hold only as far as it fits."""
    inside = node.children[:MAX_SIDE_BY_SIDE]
    count = 1 + len(inside)
    size = node.own_size + sum(child.own_size for child in inside)
    payload: list[JsonObject] = []
    deferred: list[tuple[int, tuple[Node, ...]]] = []
    for index, child in enumerate(inside):
        more, larger = count + child.count - 1, size + child.size - child.own_size
        if _fits(child, levels=MAX_LEVELS - 1) and more <= MAX_BLOCKS and larger <= MAX_BODY:
            count, size = more, larger
            payload.append(child.whole())
        else:
            payload.append(child.block)
            deferred.append((index, child.children))
    return Item(
        node=node,
        payload=node.with_children(payload),
        count=count,
        size=size,
        sent=len(inside),
        deferred=tuple(deferred),
    )
