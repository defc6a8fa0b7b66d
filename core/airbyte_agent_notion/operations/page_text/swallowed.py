"""Blocks that an edit takes with it although it does not name them: behind a fence that it opens, or in a table."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from ...narrowing import list_of, object_of
from ...shaping.markdown import Block, RenderOptions, parse
from ...shaping.markdown.matching import walk

__all__ = ["swallowed"]

_FENCES = ("```", "~~~")
_MARKED = (
    (re.compile(r"$"), "x"),
    (re.compile(r"(?:</[\w-]+>)+$"), r"x\g<0>"),
    (re.compile(r"(?<!\S)<(?!/|t[dr]\b).*"), "x"),
)
"""What makes a line another one: a letter behind it, one inside a container that stands on it, one instead of a tag."""
_INSIDE = frozenset({"children", "list_start_index", "table_width", "has_column_header", "has_row_header"})
"""What a block says of what is inside it, or beside it."""


def swallowed(old: str, new: str, named: Collection[int]) -> list[str]:
    """What of the old text's blocks the new text has lost outside of the lines that are named, each in short."""
    before, after = _pieces(old), _pieces(new)
    unnamed = Counter({key: len(blocks) for key, blocks in before.items()})
    kept = Counter({key: len(blocks) for key, blocks in after.items()})
    for place, mark in _MARKED:
        if unnamed <= kept:
            return []
        touched = _pieces(_touched(old, named, place, mark))
        unnamed &= Counter({key: len(blocks) for key, blocks in touched.items()})
    return [_shown(before[key][0]) for key in (unnamed - kept).elements()]


def _pieces(text: str) -> dict[str, list[Block]]:
    """Blocks at every depth, by what they hold without what is inside them."""
    found: dict[str, list[Block]] = {}
    for block in walk(parse(text), RenderOptions()):
        kind = str(block["type"])
        payload = {key: value for key, value in block[kind].items() if key not in _INSIDE}
        if kind == "table_row":
            payload = {"cells": _cells(payload["cells"])}
        found.setdefault(repr((kind, payload, block.get("id"))), []).append(dict(block))
    return found


def _shown(block: Block) -> str:
    kind = str(block["type"])
    payload = {key: value for key, value in block[kind].items() if key not in _INSIDE}
    parts = payload["cells"] if kind == "table_row" else [payload]
    words = " ".join("|".join("".join(_words(part)) for part in parts).split())
    return f"{kind} {words!r}" if words else kind


def _cells(cells: Sequence[Any]) -> list[Any]:
    """Without the empty ones that a wider row puts behind those of all others."""
    filled = [at for at, cell in enumerate(cells, 1) if cell]
    return list(cells[: filled[-1] if filled else 0])


def _words(value: object) -> list[str]:
    """All that is text in a block, at any depth."""
    given = object_of(value)
    own = given.get("content")
    inner = [*list_of(value), *(item for key, item in given.items() if key != "content")]
    return [*([own] if isinstance(own, str) else []), *(word for item in inner for word in _words(item))]


def _touched(text: str, named: Collection[int], place: re.Pattern[str], mark: str) -> str:
    """The text with a mark in each of these lines, by which the blocks that they belong to are others."""
    lines: list[str] = []
    fences = 0
    for number, line in enumerate(text.split("\n")):
        is_fence = line.lstrip().startswith(_FENCES)
        closes = (is_fence and fences % 2 == 1) or line.lstrip().startswith("</")
        fences += is_fence
        if number in named:
            lines += ["x", line] if closes else [place.sub(mark, line, count=1)]
        else:
            lines.append(line)
    return "\n".join(lines)
