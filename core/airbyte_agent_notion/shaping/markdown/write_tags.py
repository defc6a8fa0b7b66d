"""Blocks that are tags in Markdown: files, tables, columns, pages and what else has no sign of its own."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from .escape import attributes, destination, edges, line_start, safe_url, text
from .narrow import as_list, as_mapping
from .writer import Json, Spot, Write, Writer, color_of

__all__ = ["TAGS"]


def image(writer: Writer, at: Spot) -> None:
    """``![caption](url)``."""
    caption = edges(writer.words(at.payload.get("caption")))
    writer.lines.append(f"{at.indent}![{caption}]({destination(safe_url(writer.file(at.block, at.payload)))})")


def media(writer: Writer, at: Spot) -> None:
    """``<video src="url">caption</video>``."""
    name = str(at.payload.get("name") or "") if writer.options.extended else ""
    looks = attributes(src=writer.file(at.block, at.payload), name=name or None)
    writer.one_line(str(at.block["type"]), looks, writer.words(at.payload.get("caption")), at.indent)


def document(writer: Writer, at: Spot) -> None:
    """``<page url>Title</page>`` or ``<database url>Title</database>``."""
    kind = str(at.block["type"]).removeprefix("child_")
    url = writer.url(kind, at.block["id"]) if at.block.get("id") else None
    shown = at.payload.get("is_inline")
    looks = attributes(url=url, inline=None if shown is None else str(bool(shown)).lower())
    writer.one_line(kind, looks, text(str(at.payload.get("title") or "")), at.indent)


def table(writer: Writer, at: Spot) -> None:
    """``<table>`` with a line for every cell."""
    rows = writer.options.children(at.block)
    if rows is None and at.block.get("has_children"):
        writer.inside(at.block, at.indent)
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
        writer.one_line("td", "", writer.words(cell), at.indent)
    writer.lines.append(f"{at.indent}</tr>")


def columns(writer: Writer, at: Spot) -> None:
    """``<columns>``."""
    writer.around("columns", "", at)


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
    writer.lines.append(f"{at.indent}<tabs>")
    for tab in children or ():
        inner: Json = tab.get("paragraph") or {}
        writer.titled("tab", attributes(icon=writer.icon(tab, inner)), Spot(tab, inner, at.indent + "\t"))
    if children is None:
        writer.inside(at.block, at.indent + "\t")
    writer.lines.append(f"{at.indent}</tabs>")


def synced(writer: Writer, at: Spot) -> None:
    """The original with its own address, a copy with that of its original."""
    source: Json | None = at.payload.get("synced_from")
    if source:
        url = writer.url("block", str(source.get("block_id") or ""))
        writer.around("synced_block_reference", attributes(url=url), at)
    else:
        writer.around("synced_block", attributes(url=writer.block_url(at.block)), at)


def divider(writer: Writer, at: Spot) -> None:
    """``---``."""
    writer.lines.append(f"{at.indent}---")


def contents(writer: Writer, at: Spot) -> None:
    """``<table_of_contents/>``."""
    writer.lines.append(f"{at.indent}<table_of_contents{attributes(color=color_of(at.payload))}/>")


def meeting(writer: Writer, at: Spot) -> None:
    """``<meeting-notes>``: title, summary, notes and, if asked for, transcript; then what else is inside."""
    writer.lines.append(f"{at.indent}<meeting-notes>")
    if title := writer.words(at.payload.get("title")):
        writer.lines.append(f"{at.indent}\t{line_start(edges(title))}")
    named = as_mapping(at.payload.get("children"))
    children = writer.options.children(at.block) or ()
    for name in ("summary", "notes", "transcript"):
        inside = _section(writer, at, name, children, named)
        if inside and (name != "transcript" or writer.options.transcript):
            writer.lines.append(f"{at.indent}\t<{name}>")
            writer.blocks(inside, at.indent + "\t\t")
            writer.lines.append(f"{at.indent}\t</{name}>")
    writer.blocks((child for child in children if child.get("id") not in set(named.values())), at.indent + "\t")
    if not children and at.block.get("has_children"):
        writer.inside(at.block, at.indent + "\t")
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
        looks = attributes(src=url or writer.file(at.block, at.payload))
        writer.one_line(kind, looks, writer.words(at.payload.get("caption")), at.indent)
    elif kind == "bookmark":
        writer.one_line(kind, attributes(url=url), writer.words(at.payload.get("caption")), at.indent)
    else:
        writer.lines.append(f"{at.indent}<{kind}{attributes(url=url or None)}/>")


def link_to(writer: Writer, at: Spot) -> None:
    """In extended form: ``<link_to_page url/>``, with ``type`` where it is no page."""
    kind = str(at.payload.get("type") or next(iter(at.payload), "page_id")).removesuffix("_id")
    url = writer.url(kind, str(at.payload.get(f"{kind}_id") or ""))
    looks = attributes(type=None if kind == "page" else kind, url=url)
    writer.lines.append(f"{at.indent}<link_to_page{looks}/>")


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
