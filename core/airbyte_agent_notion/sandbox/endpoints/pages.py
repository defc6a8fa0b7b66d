"""GET pages/{page_id} and pages/{page_id}/properties/{property_id}."""

from __future__ import annotations

from typing import Any

from ..compute import UNSUPPORTED, Rolled, computed_rollup
from ..context import Context
from ..paging import Slice
from ..problems import invalid
from ..render.values import LISTED, rollup_json, single_value, value_items, wire_id
from ..routing import Route
from ..state import Page, Property
from ..workspace import Workspace
from .lookups import get_page, select_properties

__all__ = ["ROUTES"]


def retrieve_page(context: Context) -> dict[str, Any]:
    """A page with its properties, never its content."""
    context.allow(query=("filter_properties",))
    page = get_page(context)
    return context.render.page(page, select_properties(context, list(context.workspace.schema(page))))


def retrieve_property(context: Context) -> dict[str, Any]:
    """One property in full: a single item, or a paged list for types that page objects truncate."""
    context.allow(query=("start_cursor", "page_size"))
    page = get_page(context)
    wanted = context.path["property_id"]
    prop = next((each for each in context.workspace.schema(page) if each.id == wanted), None)
    if prop is None:
        raise invalid(f"{wanted} is not a property that exists.")
    if prop.type == "rollup":
        return _rollup(context, page, prop)
    if prop.type not in LISTED:
        return _item(prop, prop.type, single_value(context.workspace, page, prop))
    elements = list(enumerate(value_items(context.workspace, page, prop)))
    cut = context.cut(elements, lambda pair: str(pair[0]))
    return _list(context, page, prop, [_item(prop, prop.type, each) for _, each in cut.items], cut, {})


def _item(prop: Property, kind: str, value: Any) -> dict[str, Any]:
    return {"object": "property_item", "type": kind, "id": wire_id(prop.id), kind: value}


def _list(
    context: Context, page: Page, prop: Property, results: list[dict[str, Any]], cut: Slice[Any], value: dict[str, Any]
) -> dict[str, Any]:
    url = f"https://api.notion.com/v1/pages/{page.id}/properties/{wire_id(prop.id)}"
    next_url = f"{url}?start_cursor={cut.next_cursor}" if cut.next_cursor else None
    body = context.envelope("property_item", results, cut.next_cursor)
    body["property_item"] = {"id": wire_id(prop.id), "next_url": next_url, "type": prop.type, prop.type: value}
    return body


def _rollup(context: Context, page: Page, prop: Property) -> dict[str, Any]:
    workspace = context.workspace
    rolled = computed_rollup(workspace, page, prop, limit=None)
    cut = context.cut(list(enumerate(_elements(workspace, rolled))), lambda pair: str(pair[0]))
    results = [_item(prop, kind, value) for _, (kind, value) in cut.items]
    return _list(context, page, prop, results, cut, _aggregate(context, rolled, cut))


def _elements(workspace: Workspace, rolled: Rolled) -> list[tuple[str, Any]]:
    """Type and value of what a rollup lists: its values, flattened, or the related rows of a calculated one."""
    source = rolled.source
    if rolled.kind != "array" or source is None:
        return [("relation", {"id": row.id}) for row, _ in rolled.items]
    if source.type in LISTED:
        return [(source.type, each) for row, _ in rolled.items for each in value_items(workspace, row, source)]
    return [(source.type, single_value(workspace, row, source)) for row, _ in rolled.items]


def _aggregate(context: Context, rolled: Rolled, cut: Slice[Any]) -> dict[str, Any]:
    function = rolled.function
    if function in UNSUPPORTED:
        return {"type": "unsupported", "unsupported": {}, "function": function}
    if cut.next_cursor is not None:
        return {"type": "incomplete", "incomplete": {}, "function": function}
    if rolled.kind == "array":
        # The values are in results; the aggregate stays empty.
        return {"type": "array", "array": [], "function": function}
    return rollup_json(context.workspace, rolled)


ROUTES = (
    Route(method="GET", path="/v1/pages/{page_id}", handler=retrieve_page, capability="read_content"),
    Route(
        method="GET",
        path="/v1/pages/{page_id}/properties/{property_id}",
        handler=retrieve_property,
        capability="read_content",
    ),
)
