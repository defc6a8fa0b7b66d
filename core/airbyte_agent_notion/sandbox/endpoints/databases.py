"""GET databases/{database_id}, data_sources/{data_source_id} and data_sources/{data_source_id}/templates."""

from __future__ import annotations

from typing import Any

from ..context import Context
from ..routing import Route
from .lookups import get_data_source, get_database

__all__ = ["ROUTES"]


def retrieve_database(context: Context) -> dict[str, Any]:
    """A database: the container and the names of its data sources."""
    context.allow()
    return context.render.database(get_database(context))


def retrieve_data_source(context: Context) -> dict[str, Any]:
    """A data source with its schema."""
    context.allow()
    return context.render.data_source(get_data_source(context))


def list_templates(context: Context) -> dict[str, Any]:
    """The templates of a data source, by name if one is given; the envelope is not that of other lists."""
    context.allow(query=("name", "start_cursor", "page_size"))
    wanted = (context.one("name") or "").casefold()
    templates = [each for each in get_data_source(context).templates if wanted in each.name.casefold()]
    page = context.cut(templates, lambda each: each.id)
    return {
        "templates": [{"id": each.id, "name": each.name, "is_default": each.default} for each in page.items],
        "has_more": page.next_cursor is not None,
        "next_cursor": page.next_cursor,
    }


ROUTES = (
    Route(method="GET", path="/v1/databases/{database_id}", handler=retrieve_database, capability="read_content"),
    Route(
        method="GET", path="/v1/data_sources/{data_source_id}", handler=retrieve_data_source, capability="read_content"
    ),
    Route(
        method="GET",
        path="/v1/data_sources/{data_source_id}/templates",
        handler=list_templates,
        capability="read_content",
    ),
)
