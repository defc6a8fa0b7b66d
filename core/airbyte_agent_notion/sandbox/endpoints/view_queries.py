"""Views' queries: the rows that a view shows, kept for a quarter of an hour."""

from __future__ import annotations

from typing import Any

from ..context import Context
from ..problems import invalid
from ..render.views import query_json
from ..routing import Route
from ..state_views import ViewQuery
from ..viewing import QUERY_LIFETIME, forget_queries, shown_rows
from .views import get_view

__all__ = ["ROUTES"]


def create_query(context: Context) -> dict[str, Any]:
    """Run a view's saved filter and sorts; the first page of references to its rows."""
    context.allow(body=("page_size",))
    view = get_view(context)
    if view.type == "dashboard":
        raise invalid("A dashboard has no rows of its own: query one of its views.")
    workspace = context.workspace
    rows = shown_rows(workspace, view)[: context.row_cap]
    query = ViewQuery(
        id=workspace.new_id(),
        view_id=view.id,
        page_ids=tuple(each.id for each in rows),
        expires=workspace.now() + QUERY_LIFETIME,
    )
    forget_queries(workspace)[query.id] = query
    page = context.cut(query.page_ids, str, scope=query.id)
    return query_json(query, [_reference(each) for each in page.items], page.next_cursor)


def get_results(context: Context) -> dict[str, Any]:
    """A page of references to rows, as the query found them."""
    context.allow(query=("start_cursor", "page_size"))
    view, identifier = get_view(context), context.path["query_id"]
    query = forget_queries(context.workspace).get(identifier)
    if query is None or query.view_id != view.id:
        raise context.missing("view_query", identifier)
    page = context.cut(query.page_ids, str, scope=query.id)
    return context.envelope("page", [_reference(each) for each in page.items], page.next_cursor)


def delete_query(context: Context) -> dict[str, Any]:
    """Drop a cached query; one that is gone already may be dropped again."""
    context.allow()
    get_view(context)
    identifier = context.path["query_id"]
    context.workspace.views.queries.pop(identifier, None)
    return {"object": "view_query", "id": identifier, "deleted": True}


def _reference(identifier: str) -> dict[str, Any]:
    return {"object": "page", "id": identifier}


ROUTES = (
    Route(method="POST", path="/v1/views/{view_id}/queries", handler=create_query, capability="read_content"),
    Route(method="GET", path="/v1/views/{view_id}/queries/{query_id}", handler=get_results, capability="read_content"),
    Route(
        method="DELETE", path="/v1/views/{view_id}/queries/{query_id}", handler=delete_query, capability="read_content"
    ),
)
