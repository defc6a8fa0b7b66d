"""What views there are: the table view that every data source starts with, and the rows that a view shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from .filters import FilterCompiler
from .ids import derived_id
from .narrow import as_array, as_object
from .sorting import sort_rows
from .state import Database, DataSource, Page
from .state_views import View, ViewQuery
from .workspace import Workspace

__all__ = ["QUERY_LIFETIME", "forget_queries", "remove_view", "shown_rows", "start_views", "with_group_options"]

QUERY_LIFETIME = timedelta(minutes=15)
DEFAULT_NAME = "Default view"


def start_views(workspace: Workspace, database: Database) -> list[str]:
    """The ids of a database's views in order, after giving each new data source its table view."""
    views = workspace.views
    order = views.order.setdefault(database.id, [])
    for source in (workspace.sources[each] for each in database.sources):
        if source.id not in views.started:
            views.started.add(source.id)
            view = _table(database, source)
            views.by_id[view.id] = view
            order.append(view.id)
    return order


def _table(database: Database, source: DataSource) -> View:
    return View(
        id=derived_id("view", source.id),
        database_id=database.id,
        source_id=source.id,
        name=DEFAULT_NAME,
        type="table",
        created=source.created,
        edited=source.created,
        created_by=source.created_by,
        edited_by=source.created_by,
    )


def remove_view(workspace: Workspace, view: View) -> None:
    """Remove a view; of a dashboard, its widgets with it."""
    views = workspace.views
    for widget in [each for each in views.by_id.values() if each.dashboard_id == view.id]:
        remove_view(workspace, widget)
    dashboard = views.by_id.get(view.dashboard_id or "")
    if dashboard is not None:
        rows = [[each for each in row if each != view.id] for row in dashboard.rows]
        dashboard.rows = [row for row in rows if row]
    views.order[view.database_id] = [each for each in views.order.get(view.database_id, []) if each != view.id]
    views.queries = {key: query for key, query in views.queries.items() if query.view_id != view.id}
    del views.by_id[view.id]


def forget_queries(workspace: Workspace) -> dict[str, ViewQuery]:
    """The cached queries that have not expired."""
    now = workspace.now()
    views = workspace.views
    views.queries = {key: query for key, query in views.queries.items() if now < query.expires}
    return views.queries


def shown_rows(workspace: Workspace, view: View) -> list[Page]:
    """The rows that pass the view's filter, in the order of its sorts."""
    source = workspace.sources[view.source_id]
    rows = workspace.rows(source)
    if view.filter is not None:
        compiler = FilterCompiler(workspace=workspace, source=source)
        keep = compiler.compile(with_group_options(source, view.filter))
        rows = [page for page in rows if keep(page)]
    return sort_rows(workspace, source, rows, view.sorts or [])


def with_group_options(source: DataSource, raw: Any) -> Any:
    """A filter in which the name of a group of status options stands no longer, but all of its options."""
    if isinstance(raw, list):
        return [with_group_options(source, each) for each in as_array(raw, "body.filter")]
    if not isinstance(raw, dict):
        return raw
    body = {key: with_group_options(source, each) for key, each in as_object(raw, "body.filter").items()}
    prop = source.find(str(body.get("property", "")))
    if prop is None or prop.type != "status" or not isinstance(body.get("status"), dict):
        return body
    named = {each.id: each.name for each in prop.options}
    groups = {group.name: [named[each] for each in group.option_ids] for group in prop.groups}
    meant = {name: options for name, options in groups.items() if name not in named.values()}
    condition = as_object(body["status"], "body.filter.status")
    return {**body, "status": {key: _expanded(value, meant) for key, value in condition.items()}}


def _expanded(value: Any, groups: dict[str, list[str]]) -> Any:
    given: Sequence[Any] = as_array(value, "body.filter.status") if isinstance(value, list) else [value]
    if not any(isinstance(each, str) and each in groups for each in given):
        return given[0] if len(given) == 1 else given
    return [name for each in given for name in groups.get(str(each), [str(each)])]
