"""Views and their queries as JSON."""

from __future__ import annotations

from typing import Any

from ..ids import undashed
from ..moments import to_millisecond
from ..state_views import View, ViewQuery
from .objects import BASE_URL
from .text import user_reference

__all__ = ["query_json", "view_json", "view_reference", "view_rest"]


def view_json(view: View) -> dict[str, Any]:
    """A view."""
    body = {
        "object": "view",
        "id": view.id,
        "parent": {"type": "database_id", "database_id": view.database_id},
        "data_source_id": None if view.type == "dashboard" else view.source_id,
        "name": view.name,
        "type": view.type,
        "created_time": to_millisecond(view.created),
        "created_by": user_reference(view.created_by),
        "last_edited_time": to_millisecond(view.edited),
        "last_edited_by": user_reference(view.edited_by),
        "url": f"{BASE_URL}{undashed(view.database_id)}?v={undashed(view.id)}",
        "filter": view.filter,
        "sorts": view.sorts,
        "quick_filters": view.quick_filters,
        "configuration": {"type": view.type, **_configuration(view)},
    }
    return body if view.dashboard_id is None else {**body, "dashboard_view_id": view.dashboard_id}


def _configuration(view: View) -> dict[str, Any]:
    if view.type != "dashboard":
        return view.configuration
    return {"rows": [{"widgets": [{"view_id": each} for each in row]} for row in view.rows]}


def view_reference(identifier: str) -> dict[str, Any]:
    """A view as lists give it out."""
    return {"object": "view", "id": identifier}


def view_rest(view: View) -> dict[str, Any]:
    """What is left to say of a view that was deleted."""
    parent = {"type": "database_id", "database_id": view.database_id}
    return {**view_reference(view.id), "parent": parent, "type": view.type}


def query_json(query: ViewQuery, results: list[dict[str, Any]], next_cursor: str | None) -> dict[str, Any]:
    """A cached query with the first page of its results."""
    return {
        "object": "view_query",
        "id": query.id,
        "view_id": query.view_id,
        "expires_at": to_millisecond(query.expires),
        "total_count": len(query.page_ids),
        "results": results,
        "next_cursor": next_cursor,
        "has_more": next_cursor is not None,
    }
