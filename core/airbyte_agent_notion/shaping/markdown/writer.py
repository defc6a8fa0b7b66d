"""What writes blocks line by line; how each kind is written stands in ``write_text`` and ``write_tags``."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .dialect import OPAQUE, color_name
from .escape import attributes, bare_first, edges, line_start
from .inline import inline
from .narrow import as_mapping
from .options import RenderOptions

__all__ = ["Spot", "Write", "Writer", "color_of", "file_kind", "file_name"]

Json = Mapping[str, Any]
_ALIASES = {"link_to_page": "alias"}
"""What Notion calls a block within itself, where that is not the API's name."""


_NAME = re.compile(r"[A-Za-z][\w-]*")
_MARKED = re.compile(r"#|\$\$|>|[-+](?=[ \t]|\Z)|---|\d{1,9}\.|<(?:details|template)\b")
"""Lines that stay on their own inside a tag: what is a heading, an item, a quote, an equation or has a summary."""


class Spot(NamedTuple):
    """A block where it is written."""

    block: Json
    payload: Json
    indent: str
    """The tabs in front of its lines."""


@dataclass(slots=True)
class Writer:
    """Collects lines."""

    options: RenderOptions
    writers: Mapping[str, "Write"]
    """How each kind of block is written."""
    lines: list[str] = field(default_factory=list[str])
    unknown: list[str] = field(default_factory=list[str])
    """Ids of blocks whose inside is missing."""
    tables: list[int] = field(default_factory=list[int])
    """The lines behind tables of pipes."""

    def blocks(self, blocks: Iterable[Json], indent: str) -> None:
        """Siblings, numbered where they are numbered."""
        number: int | None = None
        for block in blocks:
            kind = block.get("type") or ""
            spot = Spot(block, block.get(kind) or {}, indent)
            if kind == "numbered_list_item":
                number = _start(spot.payload) if number is None else number + 1
                self.item(spot, f"{number}.")
                continue
            number = None
            write = self.writers.get(kind)
            if write is None or (kind in OPAQUE and not self.options.extended):
                alt = str(spot.payload.get("block_type") or "") if kind == "unsupported" else _ALIASES.get(kind, kind)
                self.lines.append(f"{indent}{self.unknown_tag(block, alt)}")
            else:
                write(self, spot)

    def inside(self, block: Json, indent: str) -> None:
        """What is inside a block; a tag in its place if that is not known."""
        children = self.options.children(block)
        if children:
            self.blocks(children, indent)
        elif children is None and block.get("has_children"):
            self.lines.append(f"{indent}{self.unknown_tag(block)}")
            self.unknown.append(str(block.get("id") or ""))

    def item(self, at: Spot, marker: str) -> None:
        """A list item."""
        words = line_start(edges(self.words(at.payload.get("rich_text"))))
        if words and marker == "-" and not words.strip("- \t"):
            words = f"\\{words}"  # "- --" is a divider
        self.line(f"{marker} {words}" if words else marker, at)

    def line(self, line: str, at: Spot) -> None:
        """A block's line with its colour, and what is inside the block one tab deeper."""
        color = at.payload.get("color")
        if color and color != "default" and (name := color_name(color)):
            line += f' {{color="{name}"}}'
        self.lines.append(at.indent + line)
        self.inside(at.block, at.indent + "\t")

    def around(self, tag: str, looks: str, at: Spot) -> None:
        """A tag on lines of its own around what is inside the block."""
        start = self.open(tag, looks, at.indent)
        self.inside(at.block, self.deeper(at.indent))
        self.close(tag, at.indent, start)

    def titled(self, tag: str, looks: str, at: Spot) -> None:
        """The same, with the block's own text as first line: an empty one only where it could be mistaken."""
        start = self.open(tag, looks, at.indent)
        words = self.words(at.payload.get("rich_text"))
        children = self.options.children(at.block)
        inner = self.deeper(at.indent)
        if words:
            self.lines.append(f"{inner}{line_start(edges(words))}")
        elif (children and children[0].get("type") == "paragraph") or not (
            children or at.block.get("has_children") or self.options.compact
        ):
            self.empty(inner)
        self.inside(at.block, inner)
        self.close(tag, at.indent, start)

    def open(self, tag: str, looks: str, indent: str) -> int:
        """Begin a tag around blocks; gives where it stands."""
        self.lines.append(f"{indent}<{tag}{looks}>")
        return len(self.lines)

    def deeper(self, indent: str) -> str:
        """What stands in front of lines inside a tag: only what is inside a line of text needs a tab."""
        return indent if self.options.compact else indent + "\t"

    def close(self, tag: str, indent: str, start: int) -> None:
        """End a tag; in compact form on the line that it began on, if one simple line or none is inside."""
        inside = len(self.lines) - start
        if not self.options.compact or inside > 1:
            self.lines.append(f"{indent}</{tag}>")
        elif not inside:
            opening = self.lines[-1]
            is_titled = opening.endswith("</summary>")
            self.lines[-1] = f"{opening}</{tag}>" if is_titled else f"{opening[:-1]}/>"
        elif _is_simple(inner := self.lines[-1].removeprefix(indent)):
            self.lines[-2:] = [f"{self.lines[-2]}{inner}</{tag}>"]
        else:
            self.lines.append(f"{indent}</{tag}>")

    def empty(self, indent: str, color: str | None = None) -> None:
        """A paragraph without text."""
        self.lines.append(f"{indent}<{'p' if self.options.compact else 'empty-block'}{attributes(color=color)}/>")

    def one_line(self, tag: str, looks: str, words: str, indent: str) -> None:
        """A tag with text inside."""
        if words or not self.options.compact:
            self.lines.append(f"{indent}<{tag}{looks}>{edges(words)}</{tag}>")
        else:
            self.lines.append(f"{indent}<{tag}{looks}/>")

    def address(self, name: str, value: str | None) -> str:
        """The attribute that all others follow; in compact form bare."""
        return bare_first(name, value) if self.options.compact else attributes(**{name: value})

    def unknown_tag(self, block: Json, kind: str = "") -> str:
        """What stands for a block that cannot be shown."""
        url = self.block_url(block)
        if self.options.compact and url and _NAME.fullmatch(kind):
            return f"<unknown{bare_first('url', url)} {kind}/>"
        return f"<unknown{self.address('url', url)}{attributes(alt=kind or None)}/>"

    def words(self, rich_text: Iterable[Json] | None) -> str:
        """Rich text on one line."""
        return inline(rich_text, self.inline_url, self.options.compact) if rich_text else ""

    def inline_url(self, kind: str, identifier: str) -> str:
        """The address of an object as it stands in a tag."""
        return self.address("url", self.url(kind, identifier))

    def url(self, kind: str, identifier: str) -> str:
        """The address of an object."""
        return self.options.object_url(kind, identifier, self.options.page_id)

    def block_url(self, block: Json) -> str | None:
        """The address of a block; None for one that is not there yet."""
        return self.url("block", block["id"]) if block.get("id") else None

    def icon(self, block: Json, payload: Json) -> str | None:
        """An icon as an attribute."""
        icon: Json = payload.get("icon") or {}
        kind = icon.get("type") or next(iter(icon), "")
        value = as_mapping(icon.get(kind))
        if not value:
            return str(icon.get(kind) or "") or None
        if kind == "custom_emoji":
            return f":{value.get('name') or value.get('id')}:"
        if kind == "icon":
            return f"icons/{value.get('name')}_{value.get('color') or 'gray'}"
        return self.file(block, icon)

    def file(self, block: Json, payload: Json) -> str:
        """The address of a file: an outside one as it is, a kept one as the caller wants it."""
        kind = file_kind(payload)
        value: Json = payload.get(kind) or {}
        if kind == "file_upload":
            return f"file-upload://{value.get('id')}"
        url = str(value.get("url") or "")
        return self.options.file_url(block, url) if kind == "file" and not url.startswith("notion-file:") else url


Write = Callable[[Writer, Spot], None]


def color_of(payload: Json) -> str | None:
    """A block's colour as an attribute."""
    return color_name(payload.get("color"))


def _is_simple(line: str) -> bool:
    """Whether a line may stand between tags: text, or a tag that is no title, nor ends with space."""
    return not (_MARKED.match(line) or line[-1] in " \t" or "</summary>" in line)


def file_kind(payload: Json) -> str:
    """Where a file is: ``external``, ``file`` (kept by Notion) or ``file_upload``."""
    kinds = ("external", "file", "file_upload")
    return str(payload.get("type") or next((kind for kind in kinds if kind in payload), ""))


def file_name(url: str) -> str:
    """The last part of an address's path."""
    return url.partition("?")[0].partition("#")[0].rpartition("/")[2]


def _start(payload: Json) -> int:
    start = payload.get("list_start_index")
    return start if isinstance(start, int) and 0 <= start < 10**8 else 1
