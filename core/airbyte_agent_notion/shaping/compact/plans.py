"""What a call would do: for every request what would change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ...narrowing import list_of, object_of
from ..shaped import Kind
from .dates import period
from .ink import Ink
from .lean import lean_json
from .pieces import Fields, Piece

__all__ = ["dry_run"]

Json = Mapping[str, Any]

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}")
_NEW = "00000000"
"""What the ids begin with that stand for what is not there yet."""
_KINDS: Mapping[str, Kind] = {
    "pages": "page",
    "databases": "database",
    "data_sources": "data_source",
    "comments": "comment",
    "views": "view",
    "file_uploads": "file_upload",
}
_KEYS: Mapping[str, Kind] = {
    "page_id": "page",
    "database_id": "database",
    "data_source_id": "data_source",
    "block_id": "block",
    "comment_id": "comment",
    "view_id": "view",
    "discussion_id": "discussion",
    "to": "block",
}


def dry_run(found: Json, ink: Ink) -> list[Piece]:
    """A line for every request, and below it what would change; of what changes nothing known, what would be sent."""
    pieces: list[Piece] = []
    for request in map(object_of, list_of(found.get("requests"))):
        difference = object_of(request.get("difference"))
        pairs = list(_changes(difference, ink))
        if (not pairs or "unknown" in difference) and request.get("body") is not None:
            pairs.append(("body", _text(request["body"], ink)))
        pieces.append(Fields(_head(request, ink), pairs))
    return pieces


def _head(request: Json, ink: Ink) -> str:
    """``pages.update p123456789``."""
    path = str(request.get("path") or "")
    kind = _KINDS.get(path.removeprefix("/v1/").partition("/")[0], "block")
    found = _ID.search(path)
    named = _named(kind, found.group(), ink) if found else ""
    return f"{ink.text(str(request.get('operation') or ''))} {named}".strip()


def _named(kind: Kind, identifier: str, ink: Ink) -> str:
    return "(new)" if identifier.startswith(_NEW) else ink.link(kind, identifier)


def _changes(difference: Json, ink: Ink) -> Iterator[tuple[str, str]]:
    """``Status: Open -> Done`` for each key that changes."""
    for key in sorted(difference):
        value = object_of(difference[key])
        if key in {"created", "properties"} and value:
            if key == "created":
                yield key, f"{ink.text(str(value.get('object') or ''))} {_place(value.get('in'), ink)}".strip()
            yield from _changes({name: value[name] for name in value if name not in {"in", "object"}}, ink)
        elif {*value} == {"from", "to"}:
            yield ink.name(key), f"{_side(value['from'], ink)} -> {_side(value['to'], ink)}"
        elif difference[key] not in (None, {}, []):
            yield ink.name(key), _text(difference[key], ink)


def _place(parent: Any, ink: Ink) -> str:
    given = {"parent": parent} if isinstance(parent, str) else object_of(parent)
    named = [_named(_KEYS.get(key, "other"), value, ink) for key, value in given.items() if _is_id(value)]
    return f"in {named[0]}" if named else _text(parent, ink) if parent else ""


def _is_id(value: object) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _side(value: Any, ink: Ink) -> str:
    return _text(value, ink) if value not in (None, [], "") else "(empty)"


def _text(value: Any, ink: Ink) -> str:
    """Text, a date, lines of text, a place; anything else as JSON."""
    if isinstance(value, str):
        return ink.text(value)
    given, items = object_of(value), list_of(value)
    if "start" in given:
        return ink.text(period(given))
    if items and all(isinstance(each, str) for each in items):
        return ", ".join(ink.item(each) for each in items)
    return ink.text(lean_json(_short(value, ink)))


def _short(value: Any, ink: Ink) -> Any:
    """JSON with short names of objects where a key says what it names."""
    items = list_of(value)
    if items:
        return [_short(each, ink) for each in items]
    given = object_of(value)
    if not given:
        return value
    kind = _KINDS.get(f"{given.get('object')}s", "other")
    return {
        key: _named(kind if key == "id" else _KEYS.get(key, "other"), each, ink) if _is_id(each) else _short(each, ink)
        for key, each in given.items()
    }
