"""Views: list, read, create, update and delete."""

from __future__ import annotations

from typing import Any

from ..context import Context
from ..narrow import as_id, as_object, as_string, one_of, only, required
from ..parse.views import VIEW_TYPES, view_configuration, view_filter, view_quick_filters, view_sorts
from ..problems import UNDEFINED, invalid, malformed, not_present
from ..render.views import view_json, view_reference, view_rest
from ..routing import Route
from ..state import Database, DataSource, Page, Parent
from ..state_views import View
from ..viewing import remove_view, start_views

__all__ = ["ROUTES", "get_view"]

MOST_WIDGETS = 4
HOMES = ("database_id", "view_id", "create_database")


def list_views(context: Context) -> dict[str, Any]:
    """References to the views of a database, or to all views of a data source, linked ones elsewhere included."""
    context.allow(query=("database_id", "data_source_id", "start_cursor", "page_size"))
    if context.one("database_id") is None and context.one("data_source_id") is None:
        raise malformed("query.database_id", "defined, or `data_source_id` in its place", UNDEFINED)
    workspace = context.workspace
    for each in list(workspace.databases.values()):
        start_views(workspace, each)
    ids = list(workspace.views.by_id)
    if context.one("database_id") is not None:
        ids = workspace.views.order[_database(context, context.query_id("database_id")).id]
    if context.one("data_source_id") is not None:
        source = _source(context, context.query_id("data_source_id"))
        ids = [each for each in ids if workspace.views.by_id[each].source_id == source.id]
    return context.listing("view", ids, view_reference, lambda each: each)


def _database(context: Context, identifier: str) -> Database:
    record = context.visible(context.workspace.find(identifier), "database", identifier)
    if not isinstance(record, Database):
        raise context.missing("database", identifier)
    return record


def _source(context: Context, identifier: str) -> DataSource:
    record = context.visible(context.workspace.find(identifier), "data_source", identifier)
    if not isinstance(record, DataSource):
        raise context.missing("data_source", identifier)
    return record


def get_view(context: Context) -> View:
    """The view in the path; a 404 if its database is not shared."""
    identifier = context.path["view_id"]
    for each in list(context.workspace.databases.values()):
        start_views(context.workspace, each)
    return _view(context, identifier)


def _view(context: Context, identifier: str) -> View:
    view = context.workspace.views.by_id.get(identifier)
    database = None if view is None else context.workspace.find(view.database_id)
    if view is None or database is None or not context.workspace.is_shared(database):
        raise context.missing("view", identifier)
    return view


def retrieve_view(context: Context) -> dict[str, Any]:
    """A view."""
    context.allow()
    return view_json(get_view(context))


def create_view(context: Context) -> dict[str, Any]:
    """A view in a database, in a dashboard, or in a database of its own that links to the data source."""
    context.allow(
        body=(
            *("data_source_id", "name", "type", *HOMES, "filter", "sorts", "quick_filters", "configuration"),
            *("position", "placement"),
        )
    )
    body = dict(context.body)
    source = _source(context, as_id(required(body, "data_source_id", "body"), "body.data_source_id"))
    kind = one_of(required(body, "type", "body"), "body.type", VIEW_TYPES)
    home = [each for each in HOMES if each in body]
    if len(home) != 1:
        given = body.get("database_id", UNDEFINED)
        raise malformed("body.database_id", "the only one of `database_id`, `view_id` and `create_database`", given)
    now, bot = context.workspace.now(), context.workspace.bot_id
    view = View(
        id=context.workspace.new_id(),
        database_id="",
        source_id=source.id,
        name=as_string(required(body, "name", "body"), "body.name"),
        type=kind,
        created=now,
        edited=now,
        created_by=bot,
        edited_by=bot,
    )
    _shape(context, source, view, body)
    _place(context, view, body, home[0])
    context.workspace.views.by_id[view.id] = view
    return view_json(view)


def _shape(context: Context, source: DataSource, view: View, body: dict[str, Any]) -> None:
    """Write what the body says of filter, sorts, quick filters and configuration, all of it checked before."""
    found: dict[str, Any] = {}
    if "filter" in body:
        found["filter"] = view_filter(context, source, body["filter"], "body.filter")
    if "sorts" in body:
        found["sorts"] = view_sorts(context, source, body["sorts"], "body.sorts")
    if "quick_filters" in body:
        where, saved = "body.quick_filters", view.quick_filters
        found["quick_filters"] = view_quick_filters(context, source, body["quick_filters"], where, saved=saved)
    if "configuration" in body:
        where, kept = "body.configuration", view.configuration
        found["configuration"] = view_configuration(source, view.type, body["configuration"], where, saved=kept)
    for name, value in found.items():
        setattr(view, name, value)


def _place(context: Context, view: View, body: dict[str, Any], home: str) -> None:
    if "position" in body and home != "database_id":
        raise not_present("body.position", body["position"])
    if "placement" in body and home != "view_id":
        raise not_present("body.placement", body["placement"])
    if home == "view_id":
        _into_dashboard(context, view, body)
    elif home == "database_id":
        database = _database(context, as_id(body["database_id"], "body.database_id"))
        order = start_views(context.workspace, database)
        index = _position(order, body.get("position", {"type": "end"}))
        view.database_id = database.id
        order.insert(index, view.id)
    else:
        view.database_id = _linked_database(context, body["create_database"]).id
        context.workspace.views.order[view.database_id] = [view.id]


def _position(order: list[str], value: Any) -> int:
    body = as_object(value, "body.position")
    only(body, "body.position", "type", "view_id")
    kind = one_of(body.get("type", UNDEFINED), "body.position.type", ("start", "end", "after_view"))
    if kind != "after_view":
        return 0 if kind == "start" else len(order)
    after = as_id(body.get("view_id", UNDEFINED), "body.position.view_id")
    if after not in order:
        raise invalid(f"View {after} is not a view of the database.")
    return order.index(after) + 1


def _into_dashboard(context: Context, view: View, body: dict[str, Any]) -> None:
    dashboard = _view(context, as_id(body["view_id"], "body.view_id"))
    if dashboard.type != "dashboard" or view.type == "dashboard":
        raise invalid("Only a dashboard holds views, and no dashboard holds another one.")
    placement = as_object(body.get("placement", {"type": "new_row"}), "body.placement")
    only(placement, "body.placement", "type", "row_index")
    kind = one_of(placement.get("type", UNDEFINED), "body.placement.type", ("new_row", "existing_row"))
    index = placement.get("row_index", len(dashboard.rows) if kind == "new_row" else UNDEFINED)
    last = len(dashboard.rows) - (kind == "existing_row")
    if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index <= last:
        raise malformed("body.placement.row_index", f"between `0` and `{last}`", index)
    if kind == "new_row":
        dashboard.rows.insert(index, [view.id])
    elif len(dashboard.rows[index]) >= MOST_WIDGETS:
        raise invalid(f"A row of a dashboard holds at most {MOST_WIDGETS} widgets.")
    else:
        dashboard.rows[index].append(view.id)
    view.database_id, view.dashboard_id = dashboard.database_id, dashboard.id


def _linked_database(context: Context, value: Any) -> Database:
    """A database without data sources of its own, on a page."""
    where = "body.create_database"
    body = as_object(value, where)
    only(body, where, "parent", "position")
    parent = as_object(required(body, "parent", where), f"{where}.parent")
    only(parent, f"{where}.parent", "type", "page_id")
    identifier = as_id(parent.get("page_id", UNDEFINED), f"{where}.parent.page_id")
    page = context.visible(context.workspace.find(identifier), "page", identifier)
    if not isinstance(page, Page):
        raise context.missing("page", identifier)
    index = _block_position(page, body.get("position"), f"{where}.position")
    workspace, now = context.workspace, context.workspace.now()
    database = Database(
        id=workspace.new_id(),
        parent=Parent(kind="page_id", id=page.id),
        created=now,
        edited=now,
        created_by=workspace.bot_id,
        edited_by=workspace.bot_id,
        title=(),
        inline=True,
    )
    workspace.databases[database.id] = database
    page.children.insert(index, database.id)
    return database


def _block_position(page: Page, value: Any, where: str) -> int:
    if value is None:
        return len(page.children)
    body = as_object(value, where)
    only(body, where, "type", "block_id")
    one_of(body.get("type", UNDEFINED), f"{where}.type", ("after_block",))
    block = as_id(body.get("block_id", UNDEFINED), f"{where}.block_id")
    if block not in page.children:
        raise invalid(f"Block {block} is not a child of page {page.id}.")
    return page.children.index(block) + 1


def update_view(context: Context) -> dict[str, Any]:
    """Change a view; null clears filter, sorts and quick filters."""
    context.allow(body=("name", "filter", "sorts", "quick_filters", "configuration"))
    view, body = get_view(context), dict(context.body)
    name = as_string(body["name"], "body.name") if "name" in body else view.name
    _shape(context, context.workspace.sources[view.source_id], view, body)
    view.name = name
    view.edited, view.edited_by = context.workspace.now(), context.workspace.bot_id
    return view_json(view)


def delete_view(context: Context) -> dict[str, Any]:
    """Remove a view; of its rows nothing is lost."""
    context.allow()
    view = get_view(context)
    remove_view(context.workspace, view)
    return view_rest(view)


ROUTES = (
    Route(method="GET", path="/v1/views", handler=list_views, capability="read_content"),
    Route(method="POST", path="/v1/views", handler=create_view, capability="insert_content"),
    Route(method="GET", path="/v1/views/{view_id}", handler=retrieve_view, capability="read_content"),
    Route(method="PATCH", path="/v1/views/{view_id}", handler=update_view, capability="update_content"),
    Route(method="DELETE", path="/v1/views/{view_id}", handler=delete_view, capability="update_content"),
)
