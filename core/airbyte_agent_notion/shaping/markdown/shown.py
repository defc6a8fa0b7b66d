"""Blocks that Notion's Markdown has but a tag for: shown as they are, found again, and never written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .dialect import OPAQUE, Block
from .narrow import as_list
from .options import RenderOptions
from .parse import parse
from .render import render

__all__ = ["Problem", "Shown", "mapped", "shown_in"]

_LISTS = ("children", "summary", "notes", "transcript")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a text cannot be written."""

    message: str
    """What and why, and what to do instead."""
    block_id: str | None = None
    """The block that it is about, where it is there already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The blocks of a page that are shown only, in their order."""

    pairs: tuple[tuple[str, Block], ...]
    """Each as a line of text, and as the block that Notion's tag stands for."""

    def written(self, blocks: Sequence[Block], options: RenderOptions) -> list[Block] | Problem:
        """Blocks with tags in place of those that are shown only; a problem if one is new, changed or gone."""
        left = list(self.pairs)
        new: list[str] = []

        def tag(block: Block) -> Block:
            if not _is_opaque(block):
                return block
            line = render([block], options=options)
            at = next((at for at, (other, _) in enumerate(left) if other == line), None)
            if at is None:
                new.append(line)
                return block
            return left.pop(at)[1]

        made = mapped(blocks, tag)
        if left:
            return _gone(*left[0])
        if new:
            message = f"{_short(new[0])} cannot be written as text here: add such a block with blocks.append."
            return Problem(message=message)
        return made


def _gone(line: str, block: Block) -> Problem:
    identifier = block.get("id")
    named = f" with block_id {identifier}" if identifier else ""
    message = (
        f"{_short(line)} is only shown: its line must stay as it is. "
        f"Use blocks.update{named} to change it, blocks.delete to remove it."
    )
    return Problem(message=message, block_id=identifier)


def _short(line: str) -> str:
    first = line.partition("\n")[0]
    return first if len(first) <= 120 else f"{first[:119]}…"


def shown_in(blocks: Sequence[Block], replaced: Mapping[str, str], options: RenderOptions) -> tuple[Shown, list[Block]]:
    """The blocks that are shown only, and all blocks with what is shown in place of tags."""
    pairs: list[tuple[str, Block]] = []

    def seen(block: Block) -> Block:
        if not _is_opaque(block):
            return block
        parsed = parse(replaced.get(str(block.get("id")), ""))
        made = parsed[0] if len(parsed) == 1 and _is_opaque(parsed[0]) else block
        pairs.append((render([made], options=options), block))
        return made

    made = mapped(blocks, seen)
    return Shown(pairs=tuple(pairs)), made


def _is_opaque(block: Block) -> bool:
    return block["type"] in OPAQUE or block["type"] == "unsupported"


def mapped(blocks: Sequence[Block], change: Callable[[Block], Block]) -> list[Block]:
    """All blocks, changed one by one in their order; what is inside those that stay the same is changed too."""
    made: list[Block] = []
    for block in blocks:
        other = change(block)
        made.append(_inside(block, change) if other is block and not _is_opaque(block) else other)
    return made


def _inside(block: Block, change: Callable[[Block], Block]) -> Block:
    kind = str(block["type"])
    payload: dict[str, Any] = dict(block[kind])
    for name in _LISTS:
        inner = as_list(payload.get(name))
        if inner:
            payload[name] = mapped(inner, change)
    return {**block, kind: payload}
