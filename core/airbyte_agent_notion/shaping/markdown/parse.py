"""Enhanced Markdown, and CommonMark as people and models write it, as blocks."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .alerts import alert
from .containers import around, columns_of
from .dialect import Block, id_in, notion_color
from .elements import element
from .escape import unquoted
from .inline_parse import InlineParser
from .lines import TAB, Lines, dedented
from .make import children_in, code, holds, make, words_of
from .tables import html_table, pipe_table

__all__ = ["parse"]

DEPTH = 60
"""Levels of blocks within blocks; what is deeper stands at this level."""

_LOOKS = re.compile(r"(?:^|[ \t])\{((?:(?:[a-z]+=\"[^\"{}]*\"|toggle)[ \t]*)+)\}[ \t]*\Z")
_LOOK = re.compile(r"([a-z]+)=\"([^\"]*)\"|(toggle)")
_MARKER = re.compile(
    r"(?P<heading>#{1,6})(?=[ \t]|\Z)"
    r"|(?P<divider>(?:-[ \t]*){3,}\Z|(?:\*[ \t]*){3,}\Z|(?:_[ \t]*){3,}\Z)"
    r"|[-*+][ \t]+\[(?P<todo>[ xX])\](?=[ \t]|\Z)"
    r"|(?P<bullet>[-*+])(?=[ \t]|\Z)"
    r"|(?P<number>\d{1,9})[.)](?=[ \t]|\Z)"
    r"|(?P<quote>>)"
)
_LISTS = {"bulleted_list_item", "numbered_list_item", "to_do"}
_PLAIN_LANGUAGE = "plain text"


def parse(
    markdown: str,
    *,
    ids: Callable[[str], str | None] = id_in,
    emojis: Mapping[str, str] | None = None,
) -> list[Block]:
    """Blocks as Notion takes them, what is inside each under its payload's ``children``, to any depth.

    A tag that names something there already gives a block with an ``id``: a page, a database, a synced block, and
    ``unsupported`` for what Markdown has no words for (``postable`` tells such apart). Whatever cannot be read stays
    text; nothing is an error.

    Args:
        markdown: the text.
        ids: the id that an address names; by default what the address of a Notion object holds.
        emojis: ids of the workspace's own emoji by name; ``:name:`` of any other is text.
    """
    document = Lines.of(markdown)
    return Parser(document, InlineParser(id_in=ids, emojis=emojis or {})).blocks(0, len(document.lines), 0)


@dataclass(frozen=True, slots=True)
class Parser:
    """Reads ranges of lines as siblings with what is inside them."""

    document: Lines
    inline: InlineParser

    def blocks(self, start: int, end: int, depth: int) -> list[Block]:
        """The blocks of the lines from ``start`` up to ``end``."""
        nest = Nest(depth=depth)
        for _ in self._fill(nest, start, end):
            pass
        return nest.blocks

    def roots(self) -> list[tuple[Block, int]]:
        """The outermost blocks, each with the line that it begins on."""
        nest = Nest(depth=0)
        starts: list[int] = []
        for at in self._fill(nest, 0, len(self.document.lines)):
            starts += [at] * (len(nest.blocks) - len(starts))
        return list(zip(nest.blocks, starts, strict=True))

    def _fill(self, nest: "Nest", start: int, end: int) -> Iterator[int]:
        """Add the blocks of the lines, one after the other; gives the line of each."""
        at = start
        while at < end:
            line = self.document.lines[at]
            if not line.text:
                at += 1
                continue
            number: int | None = None
            level = nest.level(line.width)
            block, after = self._spanning(at, end, level)
            if block is None:
                block, number = self.single(line.text, level)
            for one in block if isinstance(block, list) else [block]:
                nest.level(line.width)
                nest.add(line.width, one, number)
            yield at
            at = after

    def _spanning(self, at: int, end: int, depth: int) -> tuple[Block | list[Block] | None, int]:
        """What takes several lines, and the line behind it."""
        line, last = self.document.lines[at], self.document.ends.get(at)
        if last is None or last >= end:
            if line.text[0] == ">" and depth < DEPTH:
                return alert(self, at, end, depth)
            return pipe_table(self.document, at, end, self.inline)
        raw = self.document.raw[at + 1 : last]
        if line.text[0] in "`~":
            closed = last > at and self._is_closed(line.text, self.document.lines[last].text)
            inner = raw if closed else self.document.raw[at + 1 : last + 1]
            return self._code(line.text, "\n".join(dedented(inner, line.width))), last + 1
        if line.text[0] == "$":
            expression = "\n".join(dedented(raw, line.width))
            return make("equation", {"expression": expression}), last + 1
        if line.text[:6].lower() == "<table":
            source = "\n".join(one.text for one in self.document.lines[at : last + 1])
            return html_table(source, self.inline), last + 1
        if depth >= DEPTH:
            return None, at + 1
        columns, after = columns_of(self, at, end, depth)
        return (columns, after) if columns else (around(self, line.text, at, last, depth), last + 1)

    def _is_closed(self, opening: str, closing: str) -> bool:
        fence = opening[: len(opening) - len(opening.lstrip(opening[0]))]
        bare = closing.strip(" \t")
        return len(bare) >= len(fence) and not bare.strip(fence[0])

    def _code(self, opening: str, content: str) -> Block:
        info, looks = self.looks(opening.lstrip(opening[0]).strip(" \t"))
        caption = self.inline.rich_text(looks.get("caption", ""))
        return code(content, unquoted(info), caption)

    def looks(self, line: str) -> tuple[str, dict[str, str]]:
        """A line without the ``{color="blue"}`` at its end, and what that says; as it is if it says nothing known."""
        found = _LOOKS.search(line) if line.endswith(("}", "} ", "}\t")) else None
        if found is None:
            return line, {}
        looks = {name or word: unquoted(value) for name, value, word in _LOOK.findall(found.group(1))}
        color = looks.get("color")
        strange = color and color != "default" and notion_color(color) is None
        if strange or not looks.keys() <= {"color", "toggle", "caption"}:
            return line, {}
        return line[: found.start()], looks

    def within(self, document: Lines, depth: int) -> list[Block]:
        """The blocks of other lines."""
        return replace(self, document=document).blocks(0, len(document.lines), depth)

    def single(self, line: str, depth: int) -> tuple[Block | list[Block], int | None]:
        """The block of one line; with its number if it has one."""
        if line[0] in "<!$":
            block = element(line, self.inline)
            if block is not None:
                return block, None
        found = _MARKER.match(line)
        if found is None:
            return self.text_block("paragraph", line), None
        rest = line[found.end() :]
        if found.group("divider"):
            return make("divider", {}), None
        if found.group("heading"):
            return self._heading(len(found.group("heading")), rest), None
        if found.group("quote"):
            return self.text_block("quote", rest), None
        if found.group("todo"):
            return self._item("to_do", rest, depth, checked=found.group("todo") in "xX"), None
        if found.group("bullet"):
            return self._item("bulleted_list_item", rest, depth), None
        return self._item("numbered_list_item", rest, depth), int(found.group("number"))

    def text_block(self, kind: str, line: str, **payload: Any) -> Block:
        """A block whose text is the line, in the colour that its end says."""
        line, looks = self.looks(line) if kind.startswith("heading") or not line.endswith("toggle}") else (line, {})
        color = notion_color(looks.get("color", ""))
        colored = {"color": color} if color else {}
        return make(kind, {"rich_text": self.inline.rich_text(words_of(line)), **colored, **payload})

    def _heading(self, level: int, rest: str) -> Block:
        _, looks = self.looks(rest)
        toggle = {"is_toggleable": True} if looks.get("toggle", "no").lower() in {"", "true"} else {}
        return self.text_block(f"heading_{min(level, 4)}", rest, **toggle)

    def _item(self, kind: str, rest: str, depth: int, **payload: Any) -> Block:
        """A list item; what is no text stands inside an item without text."""
        inner = rest.strip(" \t")
        if depth < DEPTH and inner and (inner[0] in "<!$" or _MARKER.match(inner)):
            child, _ = self.single(inner, depth + 1)
            if isinstance(child, dict) and child["type"] != "paragraph":
                return make(kind, {"rich_text": [], **payload, "children": [child]})
        return self.text_block(kind, rest, **payload)


@dataclass(slots=True)
class Nest:
    """Blocks that are added one after the other, each inside the last one that stands less deep."""

    depth: int
    blocks: list[Block] = field(default_factory=list[Block])
    open: list[tuple[int, Block]] = field(default_factory=list[tuple[int, Block]])
    """From the outside in: columns in front, and the block."""

    def level(self, width: int) -> int:
        """How deep a line is that stands at this width; what is beside or outside of it is ended."""
        while self.open and not self._inside(width):
            self.open.pop()
        return self.depth + len(self.open)

    def add(self, width: int, block: Block, number: int | None) -> None:
        """One more block, with its number if it has one."""
        while self.open and (not holds(self.open[-1][1]) or self.depth + len(self.open) > DEPTH):
            self.open.pop()
        siblings = children_in(self.open[-1][1]) if self.open else self.blocks
        follows = bool(siblings) and siblings[-1]["type"] == "numbered_list_item"
        if number is not None and number != 1 and not follows:
            block["numbered_list_item"]["list_start_index"] = number
        siblings.append(block)
        self.open.append((width, block))

    def _inside(self, width: int) -> bool:
        outer, block = self.open[-1]
        return width - outer >= (2 if block["type"] in _LISTS else TAB)
