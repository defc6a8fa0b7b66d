"""GET databases/{database_id} and data_sources/{data_source_id}."""

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


ROUTES = (
    Route(method="GET", path="/v1/databases/{database_id}", handler=retrieve_database),
    Route(method="GET", path="/v1/data_sources/{data_source_id}", handler=retrieve_data_source),
)
