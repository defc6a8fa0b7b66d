"""Blocks that are tags in Markdown: files, tables, columns, pages and what else has no sign of its own."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from .escape import attributes, destination, edges, line_start, safe_url, text
from .narrow import as_list, as_mapping
from .write_pipes import pipes
from .writer import Json, Spot, Write, Writer, color_of, file_name

__all__ = ["TAGS"]

_COLUMN = re.compile(r"\s*</?column\b")
_ONE_LINE = re.compile(r"\s*<column\b(?:[^<>]*/>|.*</column>)\Z")


def image(writer: Writer, at: Spot) -> None:
    """``![caption](url)``."""
    caption = edges(writer.words(at.payload.get("caption")))
    writer.lines.append(f"{at.indent}![{caption}]({destination(safe_url(writer.file(at.block, at.payload)))})")


def media(writer: Writer, at: Spot) -> None:
    """``<video src="url">caption</video>``."""
    url, name = writer.file(at.block, at.payload), str(at.payload.get("name") or "")
    shown = name and writer.options.extended and not (writer.options.compact and name == file_name(url))
    looks = writer.address("src", url) + attributes(name=name if shown else None)
    writer.one_line(str(at.block["type"]), looks, writer.words(at.payload.get("caption")), at.indent)


def document(writer: Writer, at: Spot) -> None:
    """``<page url>Title</page>`` or ``<database url>Title</database>``."""
    kind = str(at.block["type"]).removeprefix("child_")
    url = writer.url(kind, at.block["id"]) if at.block.get("id") else None
    shown = at.payload.get("is_inline")
    looks = writer.address("url", url) + attributes(inline=None if shown is None else str(bool(shown)).lower())
    writer.one_line(kind, looks, text(str(at.payload.get("title") or "")), at.indent)


def table(writer: Writer, at: Spot) -> None:
    """``<table>`` with a line for every cell."""
    rows = writer.options.children(at.block)
    if rows is None and at.block.get("has_children"):
        writer.inside(at.block, at.indent)
        return
    if writer.options.compact and not at.payload.get("has_row_header") and pipes(writer, at, rows or ()):
        return
    header_row, header_column = (
        "true" if at.payload.get(name) else None for name in ("has_column_header", "has_row_header")
    )
    writer.lines.append(f"{at.indent}<table{attributes(header_row=header_row, header_column=header_column)}>")
    for block in rows or ():
        row(writer, Spot(block, block.get("table_row") or {}, at.indent))
    writer.lines.append(f"{at.indent}</table>")


def row(writer: Writer, at: Spot) -> None:
    """``<tr>`` with its cells."""
    writer.lines.append(f"{at.indent}<tr>")
    for cell in at.payload.get("cells") or ():
        writer.lines.append(f"{at.indent}<td>{edges(writer.words(cell))}</td>")
    writer.lines.append(f"{at.indent}</tr>")


def columns(writer: Writer, at: Spot) -> None:
    """``<columns>``; in compact form only the columns, if each is one line and no others stand in front."""
    is_first = not (writer.lines and _COLUMN.match(writer.lines[-1]))
    start = writer.open("columns", "", at.indent)
    writer.inside(at.block, writer.deeper(at.indent))
    inside = writer.lines[start:]
    if writer.options.compact and is_first and len(inside) > 1 and all(map(_ONE_LINE.match, inside)):
        del writer.lines[start - 1]
    else:
        writer.close("columns", at.indent, start)


def column(writer: Writer, at: Spot) -> None:
    """``<column>``; in extended form with its width in percent."""
    ratio = _percent(at.payload.get("width_ratio")) if writer.options.extended else None
    writer.around("column", attributes(ratio=ratio), at)


def _percent(ratio: object) -> str | None:
    try:
        return format((Decimal(repr(ratio)) * 100).normalize(), "f") if ratio else None
    except InvalidOperation:
        return None


def tabs(writer: Writer, at: Spot) -> None:
    """``<tabs>``: every paragraph inside is a tab."""
    children = writer.options.children(at.block)
    deeper = writer.deeper(at.indent)
    writer.open("tabs", "", at.indent)
    for tab in children or ():
        inner: Json = tab.get("paragraph") or {}
        writer.titled("tab", writer.address("icon", writer.icon(tab, inner)), Spot(tab, inner, deeper))
    if children is None:
        writer.inside(at.block, deeper)
    writer.lines.append(f"{at.indent}</tabs>")


def synced(writer: Writer, at: Spot) -> None:
    """The original with its own address, a copy with that of its original."""
    source: Json | None = at.payload.get("synced_from")
    if source:
        tag = "synced_copy" if writer.options.compact else "synced_block_reference"
        writer.around(tag, writer.address("url", writer.url("block", str(source.get("block_id") or ""))), at)
    else:
        tag = "synced" if writer.options.compact else "synced_block"
        writer.around(tag, writer.address("url", writer.block_url(at.block)), at)


def divider(writer: Writer, at: Spot) -> None:
    """``---``."""
    writer.lines.append(f"{at.indent}---")


def contents(writer: Writer, at: Spot) -> None:
    """``<table_of_contents/>``."""
    tag = "toc" if writer.options.compact else "table_of_contents"
    writer.lines.append(f"{at.indent}<{tag}{attributes(color=color_of(at.payload))}/>")


def meeting(writer: Writer, at: Spot) -> None:
    """``<meeting-notes>``: title, summary, notes and, if asked for, transcript; then what else is inside."""
    deeper = writer.deeper(at.indent)
    writer.open("meeting-notes", "", at.indent)
    if title := writer.words(at.payload.get("title")):
        writer.lines.append(f"{deeper}{line_start(edges(title))}")
    named = as_mapping(at.payload.get("children"))
    children = writer.options.children(at.block) or ()
    for name in ("summary", "notes", "transcript"):
        inside = _section(writer, at, name, children, named)
        if inside and (name != "transcript" or writer.options.transcript):
            writer.lines.append(f"{deeper}<{name}>")
            writer.blocks(inside, writer.deeper(deeper))
            writer.lines.append(f"{deeper}</{name}>")
    writer.blocks((child for child in children if child.get("id") not in set(named.values())), deeper)
    if not children and at.block.get("has_children"):
        writer.inside(at.block, deeper)
    writer.lines.append(f"{at.indent}</meeting-notes>")


def _section(writer: Writer, at: Spot, name: str, children: Sequence[Json], named: Json) -> Sequence[Json]:
    """What a part of the notes holds: as parsed from Markdown, or inside the block that Notion names for it."""
    parsed = as_list(at.payload.get(name))
    if parsed is not None:
        return parsed
    holder = next((child for child in children if child.get("id") == named.get(f"{name}_block_id", "")), None)
    return (writer.options.children(holder) or ()) if holder else ()


def link(writer: Writer, at: Spot) -> None:
    """In extended form: ``<bookmark url>caption</bookmark>``, ``<embed src>caption</embed>``, tags alone."""
    kind, url = str(at.block["type"]), str(at.payload.get("url") or "")
    if kind == "embed":
        looks = writer.address("src", url or writer.file(at.block, at.payload))
        writer.one_line(kind, looks, writer.words(at.payload.get("caption")), at.indent)
    elif kind == "bookmark":
        writer.one_line(kind, writer.address("url", url), writer.words(at.payload.get("caption")), at.indent)
    else:
        writer.lines.append(f"{at.indent}<{kind}{writer.address('url', url or None)}/>")


def link_to(writer: Writer, at: Spot) -> None:
    """In extended form: ``<link_to_page url/>``, with ``type`` where it is no page."""
    kind = str(at.payload.get("type") or next(iter(at.payload), "page_id")).removesuffix("_id")
    url = writer.url(kind, str(at.payload.get(f"{kind}_id") or ""))
    other = attributes(type=None if kind == "page" else kind)
    if writer.options.compact:
        writer.lines.append(f"{at.indent}<link{writer.address('url', url)}{other}/>")
    else:
        writer.lines.append(f"{at.indent}<link_to_page{other}{attributes(url=url)}/>")


TAGS: dict[str, Write] = {
    "divider": divider,
    "table_of_contents": contents,
    "tab": tabs,
    "column_list": columns,
    "column": column,
    "table": table,
    "table_row": row,
    "synced_block": synced,
    "link_to_page": link_to,
    "image": image,
    **dict.fromkeys(("bookmark", "breadcrumb", "embed", "link_preview"), link),
    **dict.fromkeys(("audio", "file", "pdf", "video"), media),
    **dict.fromkeys(("child_page", "child_database"), document),
    **dict.fromkeys(("meeting_notes", "transcription"), meeting),
}
