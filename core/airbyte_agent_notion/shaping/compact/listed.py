"""Lists: what their items say, how many there are, and how to go on."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, cast

from ...listing import ListMeta, ListResult
from ...narrowing import list_of, object_of
from ..shaped import Kind
from .blocks import outline
from .ink import Ink
from .lean import lean_json
from .others import emojis, property_items, templates, uploads
from .pages import hits, rows
from .people import comments, users
from .pieces import Fields, Piece, Prose, Told
from .schemas import data_sources
from .values import value_text

__all__ = ["counted", "listed", "view_rows"]

Json = Mapping[str, Any]
Write: TypeAlias = Callable[[Sequence[Json], Ink], list[Piece]]

_REASONS = {
    "query_result_limit_reached": "Notion lists no more than 10,000 rows of one query: filter more narrowly.",
    "deadline": "The call's time was up.",
}
_CURSOR = re.compile(r"[\w.=+/-]{1,500}")
_WORD = re.compile(r"[a-z][a-z_ ]{0,60}")
_KINDS: Mapping[str, tuple[str, Write]] = {
    "comment": ("comment", comments),
    "user": ("user", users),
    "file_upload": ("upload", uploads),
    "property_item": ("item", property_items),
}
_ACTIONS: Mapping[str, tuple[str, Write]] = {
    "data_sources.list": ("data source", data_sources),
    "data_sources.list_templates": ("template", templates),
    "custom_emojis.list": ("emoji", emojis),
}
_EMPTY = {
    "blocks.list": "block",
    "comments.list": "comment",
    "data_sources.query": "row",
    "databases.query": "row",
    "file_uploads.list": "upload",
    "pages.list": "page",
    "search.search": "hit",
    "users.list": "user",
    "views.get_query_results": "row",
    "views.list": "view",
}
_WITHIN: tuple[tuple[str, Kind], ...] = (
    ("data_source_id", "data_source"),
    ("database_id", "database"),
    ("block_id", "block"),
    ("page_id", "page"),
    ("view_id", "view"),
)
_QUERY: tuple[tuple[Kind, str], ...] = (("other", "id"), ("view", "view_id"))
_SOURCES = {
    "search.search": "search hits",
    "pages.list": "pages found",
    "data_sources.list": "data sources found",
}


def listed(name: str, params: Any, result: ListResult[Any], ink: Ink) -> Told:
    """What there is to say of a list.

    Args:
        name: the operation's.
        params: where its parameters are attributes.
        result: the list.
        ink: how values are written.
    """
    data = list_of(cast("object", result.data))
    items = [given for each in data if (given := object_of(each))]
    noun, pieces = _written(name, params, items, ink)
    if len(items) < len(data):
        pieces.append(Prose("\n".join(lean_json(each) for each in data if not object_of(each))))
    meta = result.meta
    more = {"start_cursor": meta.next_cursor} if meta.has_more and meta.next_cursor else None
    said = [counted(len(data), noun, more=meta.has_more)]
    if name == "blocks.append":
        said = [f"{len(data)} added."]
    said += _missing(meta)
    pieces += _total(meta, ink)
    if items and name in {"search.search", "pages.list"}:
        said.append("Properties: pages.get, data_sources.query.")
    return Told(pieces, _source(name, params, noun, ink), tuple(said), more)


def _total(meta: ListMeta, ink: Ink) -> list[Piece]:
    """What a rollup comes to, which stands beside the items that it looks at."""
    value = object_of(meta.envelope.get("property_item"))
    computed = object_of(value.get("rollup"))
    if computed.get("type") in {None, "array", "incomplete"}:
        return []
    return [Fields("", [(ink.text(str(computed.get("function") or "rollup")), value_text(value, ink))])]


def counted(count: int, noun: str, *, more: bool) -> str:
    """``10 rows; no more.``"""
    many = noun if count == 1 else f"{noun}s"
    if not count:
        return f"No {many} in this part; there are more." if more else f"No {noun}s."
    return f"{count:,} {many}; {'there are more' if more else 'no more'}."


def _missing(meta: ListMeta) -> list[str]:
    said: list[str] = []
    reason = meta.incomplete_reason
    if reason is not None:
        plain = reason.replace("_", " ") if _WORD.fullmatch(reason) else "of unknown reason"
        said.append(_REASONS.get(reason, f"The list lacks items: {plain}."))
    if "left_out" in meta.envelope:
        said.append("Items outside the allowed roots are left out.")
    return said


def _source(name: str, params: Any, noun: str, ink: Ink) -> str:
    if name in _SOURCES:
        return _SOURCES[name]
    for key, kind in _WITHIN:
        identifier = getattr(params, key, None)
        if isinstance(identifier, str):
            return f"{noun}s of {ink.refs.id(kind, identifier)}"
    return f"{noun}s"


def _written(name: str, params: Any, items: list[Any], ink: Ink) -> tuple[str, list[Piece]]:
    noun = _EMPTY.get(name, "item")
    if not items:
        return _ACTIONS[name][0] if name in _ACTIONS else noun, []
    if name in _ACTIONS:
        noun, write = _ACTIONS[name]
        return noun, write(items, ink)
    kinds = {str(each.get("object")) for each in items}
    kind = kinds.pop() if len(kinds) == 1 else ""
    if kind in _KINDS:
        noun, write = _KINDS[kind]
        return noun, write(items, ink)
    if kind == "block":
        root = str(getattr(params, "block_id", None) or "")
        if name == "blocks.append":
            return "block", [_appended(items, ink)]
        return "block", [outline(items, ink, root)]
    if kind == "view":
        return "view", [_ids(items, "view", ink)]
    if name.endswith(".query") or name == "views.get_query_results":
        return "row", _rows(items, params, ink)
    if kind == "page" or kinds & {"page", "data_source", "database"} or kind in {"data_source", "database"}:
        return noun if noun != "item" else "object", hits(items, ink)
    return noun, [Prose("\n".join(map(lean_json, items)))]


def _rows(items: Sequence[Json], params: Any, ink: Ink) -> list[Piece]:
    pages = [each for each in items if each.get("object") == "page"]
    others = [each for each in items if each.get("object") != "page"]
    if pages and not any(object_of(each.get("properties")) for each in pages):
        return [_ids(pages, "page", ink), *(hits(others, ink) if others else [])]
    within = str(getattr(params, "data_source_id", None) or getattr(params, "database_id", None) or "")
    return [*(rows(pages, ink, within) if pages else []), *(hits(others, ink) if others else [])]


def _ids(items: Sequence[Json], kind: Kind, ink: Ink) -> Prose:
    return Prose("\n".join(ink.link(kind, each.get("id")) for each in items))


def _appended(blocks: Sequence[Json], ink: Ink) -> Prose:
    """Names of new blocks; what they hold the caller knows."""
    return Prose("\n".join(f"{ink.id('block', each.get('id'))} {each.get('type') or ''}".strip() for each in blocks))


def view_rows(found: Json, ink: Ink) -> Told:
    """A view's rows as its query answers them: ids."""
    query, view = (ink.id(kind, found.get(key)) for kind, key in _QUERY)
    items = [object_of(each) for each in list_of(found.get("results"))]
    said = [counted(len(items), "row", more=found.get("has_more") is True)]
    total = found.get("total_count")
    if isinstance(total, int):
        said.append(f"{total:,} in all.")
    cursor = found.get("next_cursor")
    if found.get("has_more") is True and isinstance(cursor, str) and _CURSOR.fullmatch(cursor):
        said.append(f"For more: views.get_query_results with view_id, query_id {query} and start_cursor {cursor}.")
    pieces: list[Piece] = [_ids(items, "page", ink)] if items else []
    return Told(pieces, f"rows of {view}", tuple(said))
