"""Sorts of data source queries: first wins, and empty values come last in either direction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, cast

from .comparables import comparable, of_moment
from .compute import computed_rollup
from .filters import TIMESTAMPS
from .moments import exact
from .narrow import as_array, as_object, only
from .problems import UNDEFINED, invalid, malformed
from .state import DataSource, Page, Property
from .workspace import Workspace

__all__ = ["sort_rows"]

DIRECTIONS = ("ascending", "descending")


def sort_rows(workspace: Workspace, source: DataSource, rows: Sequence[Page], sorts: Any) -> list[Page]:
    """The rows in order. Raises a 400 if a sort is malformed or names no property."""
    ordered = list(rows)
    parsed = [_parse(source, each, f"body.sorts[{i}]") for i, each in enumerate(as_array(sorts, "body.sorts"))]
    for prop, descending in reversed(parsed):
        ordered = _by(ordered, _key(workspace, prop), descending=descending)
    return ordered


def _parse(source: DataSource, raw: Any, where: str) -> tuple[Property, bool]:
    body = as_object(raw, where)
    only(body, where, "property", "timestamp", "direction")
    direction = body.get("direction", UNDEFINED)
    if direction not in DIRECTIONS:
        raise malformed(f"{where}.direction", '`"ascending"` or `"descending"`', direction)
    if ("property" in body) is ("timestamp" in body):
        raise malformed(where, "an object with either `property` or `timestamp`", body)
    return _target(source, body, where), direction == "descending"


def _target(source: DataSource, body: dict[str, Any], where: str) -> Property:
    if "timestamp" in body:
        name = body["timestamp"]
        if name not in TIMESTAMPS:
            raise malformed(f"{where}.timestamp", '`"created_time"` or `"last_edited_time"`', name)
        return Property(id=name, name=name, type=name)
    if not isinstance(body["property"], str):
        raise malformed(f"{where}.property", "a string", body["property"])
    prop = source.find(body["property"])
    if prop is None:
        raise invalid(f"Could not find sort property with name or id: {body['property']}")
    return prop


def _by(rows: list[Page], key: Callable[[Page], Any], *, descending: bool) -> list[Page]:
    keyed = [(key(page), page) for page in rows]
    filled = [pair for pair in keyed if pair[0] is not None]
    filled.sort(key=lambda pair: pair[0], reverse=descending)
    return [page for _, page in filled] + [page for value, page in keyed if value is None]


def _key(workspace: Workspace, prop: Property) -> Callable[[Page], Any]:
    order = {each.name: index for index, each in enumerate(prop.options)}

    def key(page: Page) -> Any:
        value: Any = comparable(workspace, page, prop)
        if prop.rollup is not None:
            rolled = computed_rollup(workspace, page, prop)
            value = rolled.number if rolled.number is not None else of_moment(rolled.date)
        if isinstance(value, date):
            return exact(value)
        if isinstance(value, frozenset):
            return _first(cast("frozenset[str]", value), order)
        return order.get(value, value) if prop.options else value.casefold() if isinstance(value, str) else value

    return key


def _first(items: frozenset[str], order: dict[str, int]) -> Any:
    return min((order.get(each, each) for each in items), default=None)
