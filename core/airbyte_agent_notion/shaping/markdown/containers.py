"""Tags around blocks."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple, Protocol

from .dialect import Block
from .elements import color_in, file_of, looks_of
from .inline_parse import InlineParser
from .lines import TAG, Lines
from .make import make, words_of

__all__ = ["Reader", "around", "columns_of", "titled"]

_NATIVE = re.compile(r"icons/([\w-]+)_([a-z]+)")
_SUMMARY = re.compile(r"<summary>(.*)</summary>[ \t]*\Z", re.IGNORECASE | re.DOTALL)
_COLUMN = re.compile(r"<column\b", re.IGNORECASE)
_SECTIONS = ("summary", "notes", "transcript")


class Reader(Protocol):
    """What reads the lines inside a tag."""

    @property
    def document(self) -> Lines:
        """All lines."""
        ...

    @property
    def inline(self) -> InlineParser:
        """What reads the text of a line."""
        ...

    def blocks(self, start: int, end: int, depth: int) -> list[Block]:
        """The blocks of a range of lines."""
        ...

    def within(self, document: Lines, depth: int) -> list[Block]:
        """The blocks of other lines."""
        ...

    def text_block(self, kind: str, line: str) -> Block:
        """A line as text."""
        ...


def around(parser: Reader, line: str, at: int, last: int, depth: int) -> Block | list[Block]:
    """The block of a tag that is opened on one line and closed on the last."""
    found = TAG.fullmatch(line.strip(" \t"))
    assert found is not None
    name, looks = found.group(2).lower(), looks_of(found.group(3))
    make_block = {
        "details": _details,
        "template": _details,
        "callout": _callout,
        "columns": _columns,
        "tabs": _tabs,
        **dict.fromkeys(("synced", "synced_block", "synced_block_reference", "synced_copy"), _synced),
        "meeting-notes": _meeting,
    }.get(name)
    block = make_block(_Span(parser, name, looks, at + 1, last, depth + 1)) if make_block else None
    if block is not None:
        return block
    outer = [parser.text_block("paragraph", parser.document.lines[number].text) for number in (at, last)]
    return [outer[0], *parser.blocks(at + 1, last, depth + 1), outer[1]]


def columns_of(parser: Reader, at: int, end: int, depth: int) -> tuple[Block | None, int]:
    """Columns that follow each other without a tag around them, and the line behind; None if there are not two."""
    document, after, count = parser.document, at, 0
    while after < end and (last := document.ends.get(after, end)) < end and _COLUMN.match(document.lines[after].text):
        after, count = last + 1, count + 1
    return (_columns(_Span(parser, "columns", {}, at, after, depth + 1)), after) if count > 1 else (None, at + 1)


class _Span(NamedTuple):
    """The lines inside a tag, and what the tag says."""

    parser: Reader
    name: str
    looks: dict[str, str]
    start: int
    end: int
    depth: int

    def blocks(self) -> list[Block]:
        return self.parser.blocks(self.start, self.end, self.depth)


def _inside(blocks: list[Block]) -> dict[str, Any]:
    return {"children": blocks} if blocks else {}


def _details(span: _Span) -> Block:
    at = next((number for number in range(span.start, span.end) if span.parser.document.lines[number].text), span.end)
    summary = _SUMMARY.match(span.parser.document.lines[at].text) if at < span.end else None
    words = span.parser.inline.rich_text(words_of(summary.group(1))) if summary else []
    children = span.parser.blocks(at + 1 if summary else span.start, span.end, span.depth)
    kind = "toggle" if span.name == "details" else "template"
    return make(kind, {"rich_text": words, **color_in(span.looks), **_inside(children)})


def titled(children: list[Block]) -> dict[str, Any]:
    """A first line of plain text as the text of the block itself, and the rest as what is inside it."""
    first = children[0] if children else None
    if first and first["type"] == "paragraph" and first["paragraph"].keys() == {"rich_text"}:
        return {"rich_text": first["paragraph"]["rich_text"], **_inside(children[1:])}
    return {"rich_text": [], **_inside(children)}


def _callout(span: _Span) -> Block:
    icon = _icon(_icon_of(span.looks), span.parser.inline)
    return make("callout", {**titled(span.blocks()), **icon, **color_in(span.looks)})


def _icon_of(looks: dict[str, str]) -> str:
    return looks.get("icon") or looks.get("url", "")


def _icon(written: str, inline: InlineParser) -> dict[str, Any]:
    native = _NATIVE.fullmatch(written)
    if native:
        return {"icon": {"type": "icon", "icon": {"name": native.group(1), "color": native.group(2)}}}
    if written.startswith(("http://", "https://", "notion-file:", "file-upload://")):
        return {"icon": file_of(written)}
    if written.startswith(":") and written.endswith(":") and len(written) > 2:
        identifier = inline.emojis.get(written[1:-1])
        return {"icon": {"type": "custom_emoji", "custom_emoji": {"id": identifier}}} if identifier else {}
    return {"icon": {"type": "emoji", "emoji": written}} if written else {}


def _sections(
    parser: Reader, start: int, end: int, names: tuple[str, ...]
) -> Iterator[tuple[str, dict[str, str], int, int]]:
    """The tags of these names in a range, each with its inner lines; what is between them under the name ````."""
    at = loose = start
    while at < end:
        last = parser.document.ends.get(at, at)
        found = TAG.fullmatch(parser.document.lines[at].text.strip(" \t")) if at < last < end else None
        if found and found.group(2).lower() in names:
            yield "", {}, loose, at
            yield found.group(2).lower(), looks_of(found.group(3)), at + 1, last
            loose = last + 1
        at = min(last, end - 1) + 1
    yield "", {}, loose, end


def _columns(span: _Span) -> Block | None:
    columns: list[Block] = []
    for section, values, first, last in _sections(span.parser, span.start, span.end, ("column",)):
        children = span.parser.blocks(first, last, span.depth + 1)
        if section or children:
            columns.append(make("column", {**_ratio(values), **_inside(children)}))
    return make("column_list", {"children": columns}) if columns else None


def _ratio(values: dict[str, str]) -> dict[str, float]:
    try:
        ratio = float(Decimal(values.get("ratio", "").removesuffix("%")) / 100)
    except InvalidOperation:
        return {}
    return {"width_ratio": ratio} if 0 < ratio <= 1 else {}


def _tabs(span: _Span) -> Block | None:
    tabs: list[Block] = []
    for section, values, first, last in _sections(span.parser, span.start, span.end, ("tab",)):
        payload = titled(span.parser.blocks(first, last, span.depth + 1))
        if section or len(payload) > 1 or payload["rich_text"]:
            tabs.append(make("paragraph", {**payload, **_icon(_icon_of(values), span.parser.inline)}))
    return make("tab", {"children": tabs}) if tabs else None


def _synced(span: _Span) -> Block | None:
    identifier = span.parser.inline.id_in(span.looks["url"])
    children = _inside(span.blocks())
    if span.name in {"synced", "synced_block"}:
        return make("synced_block", {"synced_from": None, **children}, identifier)
    source = {"type": "block_id", "block_id": identifier}
    return make("synced_block", {"synced_from": source, **children}) if identifier else None


def _meeting(span: _Span) -> Block:
    payload: dict[str, Any] = {"title": []}
    loose: list[Block] = []
    for section, _, first, last in _sections(span.parser, span.start, span.end, _SECTIONS):
        if section:
            payload.setdefault(section, []).extend(span.parser.blocks(first, last, span.depth + 1))
        elif not payload["title"] and not loose and len(payload) == 1:
            first_line = titled(span.parser.blocks(first, last, span.depth))
            payload["title"] = first_line["rich_text"]
            loose += first_line.get("children", [])
        else:
            loose += span.parser.blocks(first, last, span.depth)
    return make("meeting_notes", {**payload, **_inside(loose)})
