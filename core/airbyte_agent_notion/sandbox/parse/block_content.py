"""What blocks say, as it is sent: the payload of a new block, and changes to that of an existing one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from ..context import Context
from ..narrow import as_array, as_boolean, as_id, as_numeric, as_object, as_string, one_of, only, required
from ..problems import UNDEFINED, Problem, invalid, malformed, not_present
from ..state import Block, Content, Database, Page
from .block_types import BLOCK_TYPES, LANGUAGES, MEDIA
from .files import file_value, icon, web_url
from .text import COLORS, rich_text

__all__ = ["Sent", "block_changes", "new_content", "wrong_width"]

MAX_WIDTH = 100
MAX_EXPRESSION = 1000
MAX_NAME = 900
TARGETS = ("page_id", "database_id", "comment_id")
UPLOADS: Mapping[str, tuple[str, ...]] = {
    "image": ("image",),
    "video": ("video",),
    "audio": ("audio",),
    "pdf": ("pdf",),
    "embed": ("html", "htm"),
}
"""What an uploaded file must be; a file block takes any."""

Sent: TypeAlias = Mapping[str, Any]


def wrong_width(where: str, width: int | None, given: int) -> Problem:
    """400: a row has not as many cells as its table has columns."""
    return malformed(f"{where}.cells.length", f"`{width}`, the width of the table", given)


def new_content(context: Context, kind: str, payload: dict[str, Any], where: str) -> Content:
    """The content of a new block."""
    facts = BLOCK_TYPES[kind]
    only(payload, where, *facts.keys, *(("children",) if facts.holds else ()))
    for key in facts.required:
        required(payload, key, where)
    empty = Content(texts=dict.fromkeys(facts.texts, ()), plain=dict(facts.plain))
    if kind == "embed" and "file_upload" not in payload:
        required(payload, "url", where)
    if kind in MEDIA:
        _media_source(payload, where)
    if kind == "link_to_page":
        return _link_to_page(context, payload, where)
    return _changed(context, kind, empty, payload, where)


def _media_source(payload: Sent, where: str) -> None:
    if "external" not in payload and "file_upload" not in payload:
        raise malformed(f"{where}.external", "defined, or `file_upload` in its place", UNDEFINED)


def block_changes(context: Context, block: Block, value: Any, where: str) -> Content:
    """The content of a block after an update; what is not sent stays."""
    facts = BLOCK_TYPES[block.type]
    if not facts.writable:
        raise invalid(f"Block type {block.type} cannot be updated.")
    payload = as_object(value, where)
    only(payload, where, *(key for key in facts.keys if key not in facts.fixed))
    if block.type == "callout" and payload.get("icon", ...) is None:
        raise malformed(f"{where}.icon", "an object", None)
    if block.type == "link_to_page":
        return _link_to_page(context, payload, where)
    content = _changed(context, block.type, block.content, payload, where)
    _check_change(context, block, content, payload, where)
    return content


def _check_change(context: Context, block: Block, content: Content, payload: Sent, where: str) -> None:
    holder = context.workspace.find(block.parent.id)
    if block.type == "table_row" and content.cells is not None and isinstance(holder, Block):
        width = holder.content.plain.get("table_width")
        if len(content.cells) != width:
            raise wrong_width(where, width, len(content.cells))
    in_tab = isinstance(holder, Block) and holder.type == "tab"
    if block.type == "paragraph" and payload.get("icon") is not None and not in_tab:
        raise not_present(f"{where}.icon", payload["icon"])
    if payload.get("is_toggleable") is False and context.workspace.children(block):
        raise invalid(f"{where}.is_toggleable cannot be set to false while the block has children.")


def _changed(context: Context, kind: str, content: Content, payload: dict[str, Any], where: str) -> Content:
    texts, plain = dict(content.texts), dict(content.plain)
    changed = Content(texts=texts, cells=content.cells, file=content.file, icon=content.icon, plain=plain)
    for key, value in payload.items():
        spot = f"{where}.{key}"
        if key in ("rich_text", "caption"):
            texts[key] = rich_text(context, value, spot)
        elif key == "icon":
            changed.icon = icon(context, value, spot)
        elif key == "cells":
            rows = as_array(value, spot)
            changed.cells = tuple(rich_text(context, cell, f"{spot}[{index}]") for index, cell in enumerate(rows))
        elif key in PLAIN:
            plain[key] = PLAIN[key](value, spot)
    if "synced_from" in payload:
        plain["synced_from"] = _synced(context, payload["synced_from"], f"{where}.synced_from")
    if kind in (*MEDIA, "embed"):
        _change_file(context, kind, changed, payload, where)
    return changed


def _change_file(context: Context, kind: str, changed: Content, payload: dict[str, Any], where: str) -> None:
    name = as_string(payload["name"], f"{where}.name", limit=MAX_NAME) if "name" in payload else None
    source = {key: value for key, value in payload.items() if key in ("type", "external", "file_upload")}
    if "external" in source or "file_upload" in source:
        changed.file = file_value(context, source, where, name=name, among=UPLOADS.get(kind))
        changed.plain.pop("url", None)
    elif kind == "embed" and "url" in payload:
        changed.file = None
    elif name is not None and changed.file is not None:
        changed.file = replace(changed.file, name=name)
    if kind == "file" and changed.file is not None:
        changed.plain["name"] = changed.file.name


def _link_to_page(context: Context, payload: dict[str, Any], where: str) -> Content:
    named = [key for key in TARGETS if key in payload]
    if len(named) != 1 or payload.get("type", named[0]) != named[0]:
        raise malformed(where, "an object with exactly one of `page_id`, `database_id` or `comment_id`", payload)
    only(payload, where, "type", *TARGETS)
    kind = named[0]
    identifier = as_id(payload[kind], f"{where}.{kind}")
    if kind == "comment_id":
        if context.workspace.comment(identifier) is None:
            raise context.missing("comment", identifier)
    else:
        record = context.visible(context.workspace.find(identifier), kind.removesuffix("_id"), identifier)
        if not isinstance(record, Page if kind == "page_id" else Database):
            raise context.missing(kind.removesuffix("_id"), identifier)
    return Content(plain={"type": kind, kind: identifier})


def _synced(context: Context, value: Any, where: str) -> dict[str, Any] | None:
    if value is None:
        return None
    body = as_object(value, where)
    only(body, where, "type", "block_id")
    identifier = as_id(required(body, "block_id", where), f"{where}.block_id")
    original = context.visible(context.workspace.find(identifier), "block", identifier)
    if not isinstance(original, Block) or original.type != "synced_block" or original.content.plain.get("synced_from"):
        raise invalid(f"body failed validation: {where}.block_id should be an original synced block.")
    return {"type": "block_id", "block_id": identifier}


def _ratio(value: Any, where: str) -> float:
    ratio = as_numeric(value, where)
    if not 0 < ratio <= 1:
        raise malformed(where, "a number above 0 and up to 1", value)
    return ratio


def _width(value: Any, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MAX_WIDTH:
        raise malformed(where, f"a whole number from 1 to {MAX_WIDTH}", value)
    return value


PLAIN: Mapping[str, Callable[[Any, str], Any]] = {
    "color": lambda value, where: one_of(value, where, COLORS),
    "language": lambda value, where: one_of(value, where, LANGUAGES),
    "expression": lambda value, where: as_string(value, where, limit=MAX_EXPRESSION),
    "url": web_url,
    "table_width": _width,
    "width_ratio": _ratio,
    **dict.fromkeys(("checked", "is_toggleable", "has_column_header", "has_row_header"), as_boolean),
}
