"""Where documents come from. A source is steps: flows to be run one after the other, each of which answers documents.

The next step is asked for when all documents of the one before are handed out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

from ..flow import Flow
from .document import NotionDocument
from .marks import Mark
from .reading import AT_ONCE, Reader

__all__ = ["Handed", "Pages", "Source", "State", "Steps"]

State: TypeAlias = dict[str, Mark]
"""How far each source is, by its key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A document, and how far its source is once it is handed out."""

    document: NotionDocument
    key: str = ""
    mark: Mark | None = None
    """None for no further than before."""


Steps: TypeAlias = Iterator[Flow[list[Handed]]]


class Source(Protocol):
    """Something that has documents."""

    def steps(self, state: State) -> Steps:
        """Its documents from where the state says; a pass that has ended is told to it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """Pages by their ids; ``recursive`` with those below them at every depth, each after the one that it is in.

    Their order is not that of the edits. What is kept of a page is therefore when its reading began, by this machine's
    clock, once it and all below it are handed out; nothing if it could not be read.
    """

    ids: tuple[str, ...]
    reader: Reader
    overlap: timedelta
    now: Callable[[], datetime]
    recursive: bool = False

    def steps(self, state: State) -> Steps:
        """Whatever was edited; within trees also the other pages are read, for those inside them."""
        if self.recursive:
            for root in self.ids:
                yield from self._tree(root, state)
            return
        for start in range(0, len(self.ids), AT_ONCE):
            yield from self._batch(self.ids[start : start + AT_ONCE], state)

    def _batch(self, batch: tuple[str, ...], state: State) -> Steps:
        began, read = Mark.parse(self.now()), dict[str, tuple[str, ...]]()
        yield self._read([(each, self._since(each, state)) for each in batch], read)
        state.update(dict.fromkeys(read, began))

    def _tree(self, root: str, state: State) -> Steps:
        began, since, read = Mark.parse(self.now()), self._since(root, state), dict[str, tuple[str, ...]]()
        waiting, seen = [root], {root}
        while waiting:
            batch = waiting[:AT_ONCE]
            yield self._read([(each, since) for each in batch], read)
            fresh = [inner for each in batch for inner in read.get(each, ()) if inner not in seen]
            seen.update(fresh)
            waiting = [*dict.fromkeys(fresh), *waiting[AT_ONCE:]]
        if root in read:
            state[root] = began

    def _since(self, key: str, state: State) -> datetime | None:
        return state[key].complete_to(self.overlap) if key in state else None

    def _read(self, wanted: list[tuple[str, datetime | None]], read: dict[str, tuple[str, ...]]) -> Flow[list[Handed]]:
        found = yield from self.reader.named(wanted, with_pages=self.recursive)
        read.update({each.page["id"]: each.pages for each in found})
        return [Handed(document=each.document) for each in found if each.document is not None]
