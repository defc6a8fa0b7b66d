"""The frontier of a walk through a tree of blocks: what has been read, in document order, with holes where more is to
be read. A hole is filled with what one request answers; what lies before the first hole is final.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from ..errors import InvalidParams
from ..fields import BlockId, Cursor
from ..models.blocks import Block

__all__ = ["Entry", "Frontier", "Hole", "Known", "Node", "Skip"]


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A page or block whose inside is being read."""

    id: str
    source: str | None = None
    """The original, if it is a synced copy."""
    parent: Node | None = None

    @property
    def path(self) -> list[Node]:
        """From the root down to this node."""
        return [*(self.parent.path if self.parent else ()), self]

    @property
    def depth(self) -> int:
        """0 for the root."""
        return len(self.path) - 1

    @property
    def is_loop(self) -> bool:
        """Whether it shows again what it stands in."""
        shown = {self.id, self.source} - {None}
        return any(shown & {above.id, above.source} for above in self.path[:-1])


@dataclass(frozen=True, slots=True, eq=False)
class Hole:
    """One page of a node's children, not read yet."""

    node: Node
    cursor: str | None = None
    after: str | None = None
    """The children up to this one are known already."""
    seen: frozenset[str] = frozenset()
    """Cursors of the pages before."""


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A block that has been read, and where."""

    block: Block
    hole: Hole
    """The hole that it filled, cut so that it begins with this block."""


@dataclass(frozen=True, slots=True, eq=False)
class Skip:
    """A place where something is left out."""

    block_id: str
    reason: str
    hole: Hole
    """The hole that stays unfilled."""


Entry: TypeAlias = Known | Skip | Hole


class _Handle(BaseModel):
    """Where a walk stopped, as text: the path down to there, and what is left to read on it."""

    model_config = ConfigDict(defer_build=True, extra="forbid")

    path: list[tuple[BlockId, BlockId | None]] = Field(min_length=1)
    holes: list[tuple[int, Cursor | None, BlockId | None]] = Field(min_length=1)


class Frontier:
    """A sequence of known blocks and holes in document order."""

    def __init__(self, holes: Iterable[Hole]) -> None:
        self._sequence: list[Entry] = list(holes)

    @classmethod
    def resume(cls, handle: str, root: str) -> Frontier:
        """Where ``handle`` says; raises InvalidParams if it is none, or another tree's."""
        hint = "Pass next_cursor of the previous answer unchanged, or leave it out to begin anew."
        try:
            state = _Handle.model_validate_json(urlsafe_b64decode(handle))
        except ValueError:
            raise InvalidParams("start_cursor is not a cursor of blocks.list_tree.", hint=hint) from None
        if state.path[0][0] != root or not all(0 <= depth < len(state.path) for depth, _, _ in state.holes):
            raise InvalidParams("start_cursor belongs to the tree of another block.", hint=hint)
        nodes: list[Node] = []
        for identifier, source in state.path:
            nodes.append(Node(identifier, source, nodes[-1] if nodes else None))
        return cls(Hole(nodes[depth], cursor, after) for depth, cursor, after in state.holes)

    def next_holes(self, many: int, limit: int) -> list[Hole]:
        """The first holes, so many at most, that blocks among the first ``limit`` of the tree may come from."""
        found: list[Hole] = []
        before = 0
        for entry in self._sequence:
            if before >= limit or len(found) == many:
                break
            before += not isinstance(entry, Skip)
            if isinstance(entry, Hole):
                found.append(entry)
        return found

    def fill(self, filled: dict[Hole, list[Entry]], limit: int) -> None:
        """Put what was read in place of the holes; what lies beyond the first ``limit`` blocks is read another time."""
        self._sequence = [
            part
            for entry in self._sequence
            for part in (filled.get(entry, (entry,)) if isinstance(entry, Hole) else (entry,))
        ]
        known = 0
        for index, entry in enumerate(self._sequence):
            known += isinstance(entry, Known)
            if known > limit:
                self._sequence = [*self._sequence[:index], *_covering(self._sequence[index:])]
                break

    def final(self, limit: int) -> list[Known | Skip]:
        """What stands before the first hole, with ``limit`` blocks at most."""
        found: list[Known | Skip] = []
        for entry in self._sequence:
            limit -= isinstance(entry, Known)
            if isinstance(entry, Hole) or limit < 0:
                break
            found.append(entry)
        return found

    def handle(self, done: int) -> str | None:
        """The text to resume from behind the first ``done`` entries, which are final; None at the end of the tree."""
        holes = list(_covering(self._sequence[done:]))
        if not holes:
            return None
        path = holes[0].node.path
        state = _Handle(
            path=[(node.id, node.source) for node in path],
            holes=[(hole.node.depth, hole.cursor, hole.after) for hole in holes],
        )
        return urlsafe_b64encode(state.model_dump_json().encode()).decode()


def _covering(rest: Iterable[Entry]) -> Iterator[Hole]:
    """The fewest holes that bring a rest of the sequence back, in order."""
    inside: set[Node] = set()
    for entry in rest:
        hole = entry if isinstance(entry, Hole) else entry.hole
        if not inside & set(hole.node.path):
            inside.add(hole.node)
            yield hole
