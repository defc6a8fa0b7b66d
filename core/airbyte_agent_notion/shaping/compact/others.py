"""What is neither page nor block: files, templates, emojis, tasks, plans, references."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...narrowing import list_of, object_of
from .dates import minute
from .heads import KINDS, parent_text
from .ink import Ink
from .lean import lean_json
from .pieces import Column, Fields, Piece, Prose, Table
from .values import value_text

__all__ = ["emojis", "kept_file", "property_items", "resolved", "task", "templates", "uploads"]

Json = Mapping[str, Any]


def uploads(found: Sequence[Json], ink: Ink) -> list[Piece]:
    """File uploads, at least one."""
    columns = [
        Column("id", [ink.id("file_upload", each.get("id")) for each in found], fixed=True),
        *_columns(found, ink, "filename", "status", "content_type", "content_length"),
        Column("until", [_deadline(each) for each in found], ours=True),
        Column("parts", [_parts(each) for each in found], ours=True),
        Column("import", [_imported(each, ink) for each in found], ours=True),
    ]
    return [Table(columns)]


def _columns(found: Sequence[Json], ink: Ink, *keys: str) -> list[Column]:
    return [Column(key, [_cell(each.get(key), ink) for each in found], ours=True) for key in keys]


def _cell(value: Any, ink: Ink) -> str:
    if value is None:
        return ""
    return ink.text(value if isinstance(value, str) else lean_json(value))


def _deadline(upload: Json) -> str:
    """When it expires; one that is attached does not."""
    return minute(upload.get("expiry_time")) if upload.get("status") in {"pending", "uploaded"} else ""


def _parts(upload: Json) -> str:
    parts = object_of(upload.get("number_of_parts"))
    return f"{parts.get('sent', 0)} of {parts.get('total', '?')} sent" if parts else ""


def _imported(upload: Json, ink: Ink) -> str:
    result = object_of(upload.get("file_import_result"))
    error = object_of(result.get("error"))
    return ink.text(" ".join(str(each) for each in (result.get("type"), error.get("message")) if each))


def kept_file(found: Json, ink: Ink) -> list[Piece]:
    """A file without its address, which is for callers in Python only."""
    parent, url = object_of(found.get("parent")), found.get("url")
    holder = str(parent.get(str(parent.get("type"))) or "")
    name = ink.refs.file(holder, url) if isinstance(url, str) and holder else str(found.get("id") or "")
    place = parent_text(found, ink) or ink.id("comment", parent.get("comment_id"))
    pairs = [("name", _cell(found.get("name"), ink)), ("type", _cell(found.get("type"), ink)), ("in", place)]
    return [Fields(f"file {ink.text(name)}".rstrip(), [pair for pair in pairs if pair[1]])]


def templates(found: Sequence[Json], ink: Ink) -> list[Piece]:
    """Templates of a data source, at least one."""
    columns = [
        Column("id", [ink.link("page", each.get("id")) for each in found], fixed=True),
        Column("name", [_cell(each.get("name"), ink) for each in found], fixed=True),
        Column("default", ["yes" if each.get("is_default") is True else "" for each in found], ours=True),
    ]
    return [Table(columns)]


def emojis(found: Sequence[Json], ink: Ink) -> list[Piece]:
    """Emojis of the workspace, at least one."""
    columns = [
        Column("id", [ink.id("other", each.get("id")) for each in found], fixed=True),
        Column("name", [_cell(each.get("name"), ink) for each in found], fixed=True),
    ]
    return [Table(columns)]


def property_items(found: Sequence[Json], ink: Ink) -> list[Piece]:
    """Items of one property, as one value."""
    kinds = {each.get("type") for each in found}
    kind = kinds.pop() if len(kinds) == 1 else None
    if kind in {"title", "rich_text", "people", "relation"}:
        payload = [each[kind] for each in found if each.get(kind)]
        return [Prose(value_text({"type": kind, kind: payload}, ink))]
    return [Prose(", ".join(text for each in found if (text := value_text(each, ink))))]


def resolved(found: Json, ink: Ink) -> list[Piece]:
    """What a reference stands for."""
    kind = str(found.get("object") or "object")
    name = ink.link(KINDS.get(kind, "other"), found.get("id"))
    url = found.get("url")
    head = f"{kind.replace('_', ' ')} {name}" + (f", {ink.address(url)}" if isinstance(url, str) else "")
    sources = [object_of(each) for each in list_of(found.get("data_sources"))]
    listed = [f"{ink.link('data_source', each.get('id'))} {_cell(each.get('name'), ink)}".strip() for each in sources]
    pairs = [("title", _cell(found.get("title"), ink)), ("data sources", ", ".join(map(ink.guard, listed)))]
    return [Fields(head, [pair for pair in pairs if pair[1]])]


def task(found: Json, ink: Ink) -> list[Piece]:
    """What Notion is working at."""
    pairs = [("status", _cell(found.get("status"), ink))]
    name = object_of(found.get("operation")).get("name")
    pairs += [("operation", _cell(name, ink)), ("again in seconds", _cell(found.get("poll_after_seconds"), ink))]
    error = object_of(found.get("error"))
    pairs += [("error", ink.text(" ".join(str(error[key]) for key in ("code", "message") if error.get(key))))]
    return [Fields(f"task {_cell(found.get('id'), ink)}", [pair for pair in pairs if pair[1]])]
