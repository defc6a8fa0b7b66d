"""Property values as JSON, in page objects and in property items."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TypeAlias
from urllib.parse import quote

from ..compute import LIMIT, Rolled, computed_formula, computed_rollup, related
from ..moments import exact, parse, to_minute
from ..state import DateValue, Page, Place, Property, Value, Verification
from ..workspace import Workspace, as_date, as_files, as_ids, as_number, as_text
from .text import date_json, file_json, rich_text_json, user_json, user_reference

__all__ = ["LISTED", "bare_json", "formula_json", "rollup_json", "value_items", "value_json", "wire_id"]

LISTED = ("title", "rich_text", "people", "relation")
"""Types whose property items come as a list, and which page objects truncate."""

Make: TypeAlias = Callable[[Workspace, Page, Property, Value], Any]


def wire_id(identifier: str) -> str:
    """A property id as Notion gives it out: percent-encoded."""
    return quote(identifier, safe="")


def value_json(workspace: Workspace, page: Page, prop: Property) -> dict[str, Any]:
    """One entry of a page's ``properties``; lists stop at 25 items."""
    body: dict[str, Any] = {"id": wire_id(prop.id), "type": prop.type}
    if prop.type not in LISTED:
        return {**body, prop.type: single_value(workspace, page, prop)}
    items = value_items(workspace, page, prop)
    body[prop.type] = items[:LIMIT]
    # Only relations say that they were cut; for the others length 25 is the only sign.
    return {**body, "has_more": len(items) > LIMIT} if prop.type == "relation" else body


def value_items(workspace: Workspace, page: Page, prop: Property) -> list[Any]:
    """All elements of a title, rich text, people or relation."""
    value = page.values.get(prop.id)
    if prop.type == "people":
        return [_user(workspace, each) for each in as_ids(value)]
    if prop.type == "relation":
        return [{"id": each.id} for each in related(workspace, page, prop.id)]
    return rich_text_json(workspace, as_text(value))


def single_value(workspace: Workspace, page: Page, prop: Property) -> Any:
    """The value of a property that is not a list."""
    make = MAKERS.get(prop.type)
    stored = page.values.get(prop.id)
    return stored if make is None else make(workspace, page, prop, stored)


def _user(workspace: Workspace, identifier: str) -> dict[str, Any]:
    user = workspace.users.get(identifier)
    return user_reference(identifier) if user is None else user_json(workspace, user)


def _options(prop: Property, value: Value) -> list[dict[str, Any]]:
    known = {each.id: each for each in prop.options}
    chosen = (known[each] for each in as_ids(value) if each in known)
    return [{"id": each.id, "name": each.name, "color": each.color} for each in chosen]


def _option(_: Workspace, __: Page, prop: Property, value: Value) -> dict[str, Any] | None:
    return next(iter(_options(prop, value)), None)


def formula_json(workspace: Workspace, page: Page, prop: Property) -> dict[str, Any]:
    """A formula's typed result."""
    if prop.formula is None or prop.formula.compute is None:
        return {"type": "unsupported", "unsupported": {}}
    result = computed_formula(workspace, page, prop)
    value = date_json(result) if isinstance(result, DateValue) else result
    return {"type": prop.formula.kind, prop.formula.kind: value}


def rollup_json(workspace: Workspace, rolled: Rolled) -> dict[str, Any]:
    """A rollup's typed result; array items are bare values without an id."""
    payloads: dict[str, Any] = {"number": rolled.number, "date": date_json(rolled.date), "unsupported": {}}
    if rolled.kind == "array" and rolled.source is not None:
        source = rolled.source
        payloads["array"] = [bare_json(workspace, page, source) for page, _ in rolled.items]
    return {"type": rolled.kind, rolled.kind: payloads[rolled.kind], "function": rolled.function}


def bare_json(workspace: Workspace, page: Page, prop: Property) -> dict[str, Any]:
    """A value with nothing but its type, as it stands in rollup arrays."""
    body = value_json(workspace, page, prop)
    return {"type": prop.type, prop.type: body[prop.type]}


def _multi(_: Workspace, __: Page, prop: Property, value: Value) -> list[dict[str, Any]]:
    return _options(prop, value)


def _files(workspace: Workspace, _: Page, __: Property, value: Value) -> list[dict[str, Any]]:
    return [{"name": each.name, **file_json(workspace, each)} for each in as_files(value)]


def _unique(_: Workspace, __: Page, prop: Property, value: Value) -> dict[str, Any]:
    return {"prefix": prop.prefix, "number": as_number(value)}


def _place(_: Workspace, __: Page, ___: Property, value: Value) -> dict[str, Any] | None:
    return asdict(value) if isinstance(value, Place) else None


def _verification(workspace: Workspace, _: Page, __: Property, value: Value) -> dict[str, Any] | None:
    if not isinstance(value, Verification):
        return None
    end = parse(value.date.end) if value.date and value.date.end else None
    expired = value.state == "verified" and end is not None and exact(end) < workspace.now()
    by = None if value.by is None else _user(workspace, value.by)
    return {"state": "expired" if expired else value.state, "date": date_json(value.date), "verified_by": by}


MAKERS: dict[str, Make] = {
    "select": _option,
    "status": _option,
    "multi_select": _multi,
    "files": _files,
    "unique_id": _unique,
    "checkbox": lambda _, __, ___, value: value is True,
    "date": lambda _, __, ___, value: date_json(as_date(value)),
    "formula": lambda workspace, page, prop, _: formula_json(workspace, page, prop),
    "rollup": lambda workspace, page, prop, _: rollup_json(workspace, computed_rollup(workspace, page, prop)),
    "created_time": lambda _, page, __, ___: to_minute(page.created),
    "last_edited_time": lambda _, page, __, ___: to_minute(page.edited),
    "created_by": lambda workspace, page, __, ___: _user(workspace, page.created_by),
    "last_edited_by": lambda workspace, page, __, ___: _user(workspace, page.edited_by),
    "button": lambda _, __, ___, ____: {},
    "place": _place,
    "verification": _verification,
}
"""How each type's value is built; a type that is missing here is given out as stored."""
