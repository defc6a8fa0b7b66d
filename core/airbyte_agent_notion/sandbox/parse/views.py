"""What a view is made of, as it is sent: filter, sorts, quick filters and configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..context import Context
from ..filters import FilterCompiler
from ..narrow import as_array, as_boolean, as_numeric, as_object, as_string, one_of, required
from ..problems import UNDEFINED, invalid, malformed, not_present
from ..sorting import sort_rows
from ..state import DataSource, Property
from ..viewing import with_group_options

__all__ = ["VIEW_TYPES", "view_configuration", "view_filter", "view_quick_filters", "view_sorts"]

VIEW_TYPES = ("table", "board", "list", "calendar", "timeline", "gallery", "form", "chart", "map", "dashboard")
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "board": ("group_by",),
    "calendar": ("date_property_id",),
    "timeline": ("date_property_id",),
    "chart": ("chart_type",),
}
CHARTS = ("column", "bar", "line", "donut", "number")
DATES = ("date", "created_time", "last_edited_time", "formula", "rollup")
GROUPINGS: Mapping[str, tuple[str, ...]] = {
    "date": ("day", "week", "month", "year", "relative"),
    "created_time": ("day", "week", "month", "year", "relative"),
    "last_edited_time": ("day", "week", "month", "year", "relative"),
    "status": ("group", "option"),
}
"""Granularities, where they are known."""


def view_filter(context: Context, source: DataSource, value: Any, where: str) -> dict[str, Any] | None:
    """A filter that fits the data source; unlike in a query, the options that it names must exist."""
    if value is None:
        return None
    body = as_object(value, where)
    _check_options(source, body, where)
    FilterCompiler(workspace=context.workspace, source=source).compile(with_group_options(source, body), where=where)
    return body


def _check_options(source: DataSource, raw: Any, where: str) -> None:
    if isinstance(raw, list):
        for index, each in enumerate(as_array(raw, where)):
            _check_options(source, each, f"{where}[{index}]")
    if not isinstance(raw, dict):
        return
    body = as_object(raw, where)
    for group in ("and", "or"):
        _check_options(source, body.get(group), f"{where}.{group}")
    prop = source.find(str(body.get("property", "")))
    if prop is not None and prop.type in ("select", "status", "multi_select"):
        known = {each.name for each in prop.options} | {each.name for each in prop.groups}
        for name in _named(body.get(prop.type)):
            if name not in known:
                raise invalid(f'{prop.type} option "{name}" does not exist for property "{prop.name}".')


def _named(condition: Any) -> list[str]:
    if not isinstance(condition, dict):
        return []
    values = as_object(condition, "body.filter").values()
    lists = [list(as_array(each, "body.filter")) if isinstance(each, list) else [each] for each in values]
    return [name for each in lists for name in each if isinstance(name, str)]


def view_sorts(context: Context, source: DataSource, value: Any, where: str) -> list[Any] | None:
    """Sorts by properties of the data source."""
    if value is None:
        return None
    sorts = list(as_array(value, where))
    for index, each in enumerate(sorts):
        body = as_object(each, f"{where}[{index}]")
        if "timestamp" in body:
            raise not_present(f"{where}[{index}].timestamp", body["timestamp"])
    sort_rows(context.workspace, source, [], sorts)
    return sorts


def view_quick_filters(
    context: Context, source: DataSource, value: Any, where: str, *, saved: dict[str, Any] | None = None
) -> dict[str, Any] | None:
    """Conditions by property, laid over the saved ones; null removes one, or all of them."""
    if value is None:
        return None
    merged = dict(saved or {})
    for key, condition in as_object(value, where).items():
        if condition is None:
            merged.pop(key, None)
        else:
            view_filter(context, source, {"property": key, **as_object(condition, f"{where}.{key}")}, f"{where}.{key}")
            merged[key] = condition
    return merged or None


def view_configuration(
    source: DataSource, kind: str, value: Any, where: str, *, saved: dict[str, Any] | None = None
) -> dict[str, Any]:
    """A configuration of that type, laid over the saved one; its ``type`` is left out.

    Raises:
        Problem: 400: another type, a required key missing, or something that does not fit the data source.
    """
    body = as_object(value, where)
    one_of(required(body, "type", where), f"{where}.type", (kind,))
    if kind == "dashboard":
        raise invalid(f"body failed validation: {where} of a dashboard is read-only.")
    for key in REQUIRED.get(kind, ()):
        required(body, key, where)
    for key, each in body.items():
        if key in CHECKS and each is not None:
            CHECKS[key](source, each, f"{where}.{key}")
    return {**(saved or {}), **{key: each for key, each in body.items() if key != "type"}}


def _property(source: DataSource, value: Any, where: str) -> Property:
    name = as_string(value, where)
    prop = source.find(name)
    if prop is None:
        raise invalid(f"Could not find property with name or id: {name}")
    return prop


def _date_property(source: DataSource, value: Any, where: str) -> None:
    prop = _property(source, value, where)
    if prop.type not in DATES:
        raise invalid(f"body failed validation: {where} should name a date, but {prop.name} is of type {prop.type}.")


def _group_by(source: DataSource, value: Any, where: str) -> None:
    body = as_object(value, where)
    prop = _property(source, required(body, "property_id", where), f"{where}.property_id")
    if "type" in body:
        one_of(body["type"], f"{where}.type", (prop.type,))
    sort = as_object(required(body, "sort", where), f"{where}.sort")
    one_of(sort.get("type", UNDEFINED), f"{where}.sort.type", ("manual", "ascending", "descending"))
    if "group_by" in body and prop.type in GROUPINGS:
        one_of(body["group_by"], f"{where}.group_by", GROUPINGS[prop.type])


def _properties(source: DataSource, value: Any, where: str) -> None:
    for index, each in enumerate(as_array(value, where)):
        here = f"{where}[{index}]"
        body = as_object(each, here)
        _property(source, required(body, "property_id", here), f"{here}.property_id")
        if body.get("visible") is not None:
            as_boolean(body["visible"], f"{here}.visible")
        if body.get("width") is not None and as_numeric(body["width"], f"{here}.width") < 1:
            raise malformed(f"{here}.width", "≥ `1`", body["width"])


def _chart(_: DataSource, value: Any, where: str) -> None:
    one_of(value, where, CHARTS)


CHECKS = {
    "group_by": _group_by,
    "sub_group_by": _group_by,
    "date_property_id": _date_property,
    "end_date_property_id": _date_property,
    "chart_type": _chart,
    "properties": _properties,
}
"""The keys that are checked; all others are kept as they come."""
