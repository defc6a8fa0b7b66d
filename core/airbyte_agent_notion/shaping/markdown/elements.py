"""The dialect's tags, images and equations on one line, and tags around blocks."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple, Protocol

from .dialect import COLORS, MEDIA, Block, notion_color
from .escape import unquoted
from .inline_parse import InlineParser
from .lines import TAG, Lines
from .make import make, words_of
from .tags import ATTRIBUTES, CODE, tag_values

__all__ = ["Reader", "around", "element"]

_LEAF = re.compile(rf"<([a-z][a-z_-]*)({ATTRIBUTES})(?:(/)>|>(?:(.*)</\1\s*>)?)[ \t]*\Z", re.IGNORECASE | re.DOTALL)
_EQUATION = re.compile(r"\$\$((?:[^$]|\$(?!\$))+)\$\$[ \t]*\Z")
_LABEL = re.compile(rf"\\.|{CODE}|[\[\]]", re.DOTALL)
_TARGET = re.compile(
    r"\(\s*(?:<((?:[^<>\\\n]|\\.)*)>|((?:[^\\\s()<>]|\\.|\((?:[^\\\s()]|\\.|\([^\s()]*\))*\))*))"
    r"(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)[ \t]*(?:\{[a-z]+=\"[^\"]*\"\})?[ \t]*\Z"
)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_NATIVE = re.compile(r"icons/([\w-]+)_([a-z]+)")
_SUMMARY = re.compile(r"<summary>(.*)</summary>[ \t]*\Z", re.IGNORECASE | re.DOTALL)
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

    def text_block(self, kind: str, line: str) -> Block:
        """A line as text."""
        ...


def element(line: str, inline: InlineParser) -> Block | None:
    """The block of a line that is one tag, an image or an equation; None if it is none of them."""
    if line[0] == "$":
        found = _EQUATION.match(line)
        return make("equation", {"expression": found.group(1).strip()}) if found else None
    if line[0] == "!":
        return _image(line, inline)
    found = _LEAF.match(line)
    if found is None:
        return None
    name, looks = found.group(1).lower(), tag_values(found.group(2))
    words = found.group(4)
    if words is not None or found.group(3):
        block = _leaf(name, looks, words or "", inline)
        if block is not None:
            return block
    return _void(name.replace("-", "_"), looks, inline) if not (words and words.strip()) else None


def _image(line: str, inline: InlineParser) -> Block | None:
    depth = 0
    for found in _LABEL.finditer(line, 1):
        depth += {"[": 1, "]": -1}.get(found.group(), 0)
        if depth == 0:
            target = _TARGET.match(line, found.end())
            if target is None or line[1] != "[":
                return None
            written = target.group(1) if target.group(1) is not None else target.group(2)
            url = _plain_url(written)
            return _media("image", url, inline, line[2 : found.start()], {}) if url else None
    return None


def _plain_url(written: str) -> str:
    return unquoted(_ESCAPED.sub(lambda found: found.group(1), written))


def _media(kind: str, url: str, inline: InlineParser, caption: str, looks: dict[str, str]) -> Block:
    words = inline.rich_text(words_of(caption))
    name = {"name": looks["name"]} if looks.get("name") and kind == "file" else {}
    payload = {**_file(url), **({"caption": words} if words else {}), **name}
    kept = url.startswith("notion-file:")
    return make(kind, payload, inline.id_in(url) if kept else None)


def _file(url: str) -> dict[str, Any]:
    """A file of Notion's, uploaded or elsewhere, by what stands for it."""
    if url.startswith("notion-file:"):
        return {"type": "file", "file": {"url": url}}
    if url.startswith("file-upload://"):
        return {"type": "file_upload", "file_upload": {"id": url.removeprefix("file-upload://")}}
    return {"type": "external", "external": {"url": url}}


def _leaf(name: str, looks: dict[str, str], words: str, inline: InlineParser) -> Block | None:
    """A tag with text inside."""
    url = looks.get("src") or looks.get("source") or looks.get("url") or ""
    if name in {"page", "database"}:
        title = "".join(run.body for run in inline.runs(words_of(words)))
        shown = {"is_inline": looks["inline"] == "true"} if "inline" in looks else {}
        return make(f"child_{name}", {"title": title, **shown}, inline.id_in(url) if url else None)
    if name in MEDIA and url:
        return _media(name, url, inline, words, looks)
    if name in {"bookmark", "embed"} and url:
        caption = inline.rich_text(words_of(words))
        where = {"url": url} if not url.startswith("file-upload://") else _file(url)
        return make(name, {**where, **({"caption": caption} if caption else {})})
    return None


def _void(name: str, looks: dict[str, str], inline: InlineParser) -> Block | None:
    """A tag that stands alone."""
    url = looks.get("url", "")
    if name == "empty_block":
        return make("paragraph", {"rich_text": [], **_color(looks)})
    if name == "table_of_contents":
        return make(name, _color(looks))
    if name == "unknown":
        payload = {"block_type": looks["alt"]} if looks.get("alt") else {}
        return make("unsupported", payload, inline.id_in(url))
    if name == "breadcrumb":
        return make(name, {})
    if name == "link_preview" and url:
        return make(name, {"url": url})
    if name == "link_to_page" and (identifier := inline.id_in(url)):
        key = f"{looks.get('type') or 'page'}_id"
        return make(name, {"type": key, key: identifier})
    return None


def _color(looks: dict[str, str]) -> dict[str, str]:
    color = notion_color(looks.get("color", ""))
    return {"color": color} if color in COLORS else {}


def around(parser: Reader, line: str, at: int, last: int, depth: int) -> Block | list[Block]:
    """The block of a tag that is opened on one line and closed on the last."""
    found = TAG.fullmatch(line.strip(" \t"))
    assert found is not None
    name, looks = found.group(2).lower(), tag_values(found.group(3))
    make_block = {
        "details": _details,
        "template": _details,
        "callout": _callout,
        "columns": _columns,
        "tabs": _tabs,
        "synced_block": _synced,
        "synced_block_reference": _synced,
        "meeting-notes": _meeting,
    }.get(name)
    block = make_block(_Span(parser, name, looks, at + 1, last, depth + 1)) if make_block else None
    if block is not None:
        return block
    outer = [parser.text_block("paragraph", parser.document.lines[number].text) for number in (at, last)]
    return [outer[0], *parser.blocks(at + 1, last, depth), outer[1]]


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
    return make(kind, {"rich_text": words, **_color(span.looks), **_inside(children)})


def _titled(parser: Reader, start: int, end: int, depth: int) -> dict[str, Any]:
    """A first line of plain text as the text of the block itself, and the rest as what is inside it."""
    children = parser.blocks(start, end, depth)
    first = children[0] if children else None
    if first and first["type"] == "paragraph" and first["paragraph"].keys() == {"rich_text"}:
        return {"rich_text": first["paragraph"]["rich_text"], **_inside(children[1:])}
    return {"rich_text": [], **_inside(children)}


def _callout(span: _Span) -> Block:
    icon = _icon(span.looks.get("icon", ""), span.parser.inline)
    return make("callout", {**_titled(span.parser, span.start, span.end, span.depth), **icon, **_color(span.looks)})


def _icon(written: str, inline: InlineParser) -> dict[str, Any]:
    native = _NATIVE.fullmatch(written)
    if native:
        return {"icon": {"type": "icon", "icon": {"name": native.group(1), "color": native.group(2)}}}
    if written.startswith(("http://", "https://", "notion-file:", "file-upload://")):
        return {"icon": _file(written)}
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
            yield found.group(2).lower(), tag_values(found.group(3)), at + 1, last
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
        payload = _titled(span.parser, first, last, span.depth + 1)
        if section or len(payload) > 1 or payload["rich_text"]:
            tabs.append(make("paragraph", {**payload, **_icon(values.get("icon", ""), span.parser.inline)}))
    return make("tab", {"children": tabs}) if tabs else None


def _synced(span: _Span) -> Block | None:
    identifier = span.parser.inline.id_in(span.looks.get("url", ""))
    children = _inside(span.blocks())
    if span.name == "synced_block":
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
            titled = _titled(span.parser, first, last, span.depth)
            payload["title"] = titled["rich_text"]
            loose += titled.get("children", [])
        else:
            loose += span.parser.blocks(first, last, span.depth)
    return make("meeting_notes", {**payload, **_inside(loose)})
