"""Which blocks of an edited page are those that were there before."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Any

from .dialect import Block
from .options import RenderOptions, children_of
from .render import render

__all__ = ["DOCUMENTS", "Matched", "match", "walk"]

Json = Mapping[str, Any]
DOCUMENTS = frozenset({"child_page", "child_database"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """The blocks of an edited page."""

    blocks: list[Block]
    """As ``parse`` gives them; with an ``id`` where one was there before, or is meant to be taken from elsewhere."""
    unchanged: frozenset[str]
    """Ids of blocks whose own content is as it was; what is inside them may have changed."""
    removed: tuple[str, ...]
    """Ids of the blocks that are there no more, outer ones before what was inside them."""


def walk(blocks: Iterable[Json], options: RenderOptions) -> Iterator[Json]:
    """All blocks, each before what is inside it."""
    for block in blocks:
        yield block
        yield from walk(options.children(block) or (), options)


def match(old: Sequence[Json], new: Sequence[Block], *, options: RenderOptions) -> Matched:
    """Find the old blocks among the new: by their ids, then the equal ones, then those of one kind in one place."""
    named = {str(block["id"]) for block in walk(new, options) if block.get("id")}
    known = {str(block["id"]): block for block in walk(old, options) if block.get("id")}
    matcher = _Matcher(options, known, named)
    blocks = matcher.siblings([one for one in old if one.get("id") not in named], new)
    kept = {str(block["id"]) for block in walk(blocks, options) if block.get("id")}
    unchanged = frozenset(matcher.unchanged)
    return Matched(blocks=blocks, unchanged=unchanged, removed=tuple(one for one in known if one not in kept))


@dataclass(slots=True)
class _Matcher:
    options: RenderOptions
    known: dict[str, Json]
    named: set[str]
    unchanged: set[str] = field(default_factory=set[str])

    def siblings(self, old: Sequence[Json], new: Sequence[Block]) -> list[Block]:
        """New blocks with the ids of the old ones among them."""
        loose = [number for number, block in enumerate(new) if not block.get("id")]
        pairs = dict(self._pairs(old, [new[number] for number in loose]))
        found = {loose[place]: old[number] for place, number in pairs.items()}
        olds = (found.get(number) or self.known.get(block.get("id", "")) for number, block in enumerate(new))
        return [self._one(before, block) for before, block in zip(olds, new, strict=True)]

    def _pairs(self, old: Sequence[Json], new: Sequence[Block]) -> Iterator[tuple[int, int]]:
        """Places of new blocks with those of their old ones."""
        before = [render([block], options=self.options) for block in old]
        after = [render([block], options=self.options) for block in new]
        changes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        for change, from_old, to_old, from_new, to_new in changes:
            if change == "equal":
                yield from zip(range(from_new, to_new), range(from_old, to_old), strict=True)
                continue
            at = from_old
            for place in range(from_new, to_new):
                kind = new[place]["type"]
                number = next((one for one in range(at, to_old) if old[one].get("type") == kind), None)
                if number is not None:
                    yield place, number
                    at = number + 1

    def _one(self, old: Json | None, new: Block) -> Block:
        """A new block with the id of its old one, and so with what is inside it."""
        inner = children_of(new)
        made = new
        if inner:
            known = (self.options.children(old) or ()) if old else ()
            before = [child for child in known if child.get("id") not in self.named]
            kind = str(new["type"])
            made = {**new, kind: {**new[kind], "children": self.siblings(before, list(map(dict, inner)))}}
        if old is None or not old.get("id"):
            return made
        if self._own(old) == self._own(new) or new["type"] == "unsupported":
            self.unchanged.add(str(old["id"]))
        return {**made, "id": old["id"]}

    def _own(self, block: Json) -> str:
        """A block without what is inside it, as it is shown."""
        return render([{**block, "has_children": False}], options=replace(self.options, children=_none))


def _none(block: Json) -> list[Json]:
    del block
    return []
