"""POST databases and PATCH databases/{database_id}."""

from __future__ import annotations

from typing import Any

from ..context import Context
from ..edits import Editor
from ..narrow import as_boolean, as_object, only
from ..parse.files import cover, icon
from ..parse.places import parent_of, trash_flag, trash_keys
from ..parse.schema import SchemaPlan, plan_schema
from ..parse.text import rich_text
from ..problems import UNDEFINED, invalid, malformed
from ..remodel import remodel
from ..routing import Route
from ..state import Database, DataSource, Page
from .lookups import get_database

__all__ = ["ROUTES"]

CREATE = ("parent", "title", "description", "is_inline", "initial_data_source", "icon", "cover")
UPDATE = ("parent", "title", "description", "is_inline", "icon", "cover", "is_locked")
FLAGS = {"is_inline": "inline", "is_locked": "locked"}
"""Flags of an update, and what they are called in the state."""
DEFAULT: Any = {"Name": {"title": {}}}
"""The columns of a data source that is created without any."""


def create_database(context: Context) -> dict[str, Any]:
    """A database with one data source, under a page or at the top of the workspace."""
    context.allow(body=CREATE)
    allowed = ("page_id", "workspace") if context.public else ("page_id",)
    if "parent" not in context.body:
        raise malformed("body.parent", "defined", UNDEFINED)
    holder = parent_of(context, context.body["parent"], "body.parent", allowed=allowed)
    looks = _looks(context)
    inline = as_boolean(context.body.get("is_inline", False), "body.is_inline")
    plan = _first_columns(context)
    editor = Editor(workspace=context.workspace, user_id=context.workspace.bot_id)
    database = editor.database(holder if isinstance(holder, Page) else None, title=())
    source = editor.source(database, context.workspace.new_id(), title=())
    _look(database, looks)
    _look(source, looks)
    database.inline = inline
    plan.source_id = source.id
    remodel(editor, source, plan)
    context.committed.resource_id = database.id
    return context.render.database(database)


def _first_columns(context: Context) -> SchemaPlan:
    where = "body.initial_data_source"
    body = as_object(context.body.get("initial_data_source", {}), where)
    only(body, where, "properties")
    properties = body.get("properties", DEFAULT)
    # The data source has no id yet; that of its place in the workspace serves to derive ids of columns from.
    seed = f"new {context.workspace.minted}"
    return plan_schema(context, properties, f"{where}.properties", source_id=seed, existing=[])


def _looks(context: Context) -> dict[str, Any]:
    """What is sent of title, description, icon and cover."""
    body = context.body
    read: dict[str, Any] = {"title": rich_text, "description": rich_text, "icon": icon, "cover": cover}
    return {key: read[key](context, body[key], f"body.{key}") for key in read if key in body}


def _look(record: Database | DataSource, looks: dict[str, Any]) -> None:
    for key, value in looks.items():
        setattr(record, key, value)


def update_database(context: Context) -> dict[str, Any]:
    """A database's title, looks, flags and parent; a single data source follows."""
    context.allow(body=(*UPDATE, *trash_keys(context)))
    database = get_database(context)
    trash = trash_flag(context)
    _check_editable(context, database, trash)
    looks = _looks(context)
    flags = {key: as_boolean(context.body[key], f"body.{key}") for key in FLAGS if key in context.body}
    move = "parent" in context.body
    holder = _new_home(context, database) if move else None
    editor = Editor(workspace=context.workspace, user_id=context.workspace.bot_id)
    _look(database, looks)
    sources = [context.workspace.sources[each] for each in database.sources]
    live = [each for each in sources if not each.trashed]
    if len(live) == 1:
        # The only data source has the looks of its database (recorded for title and description).
        _look(live[0], looks)
    for key, value in flags.items():
        setattr(database, FLAGS[key], value)
    database.trashed = database.trashed if trash is None else trash
    if move:
        editor.move(database, holder)
    if context.body:
        editor.touch(database)
    context.committed.resource_id = database.id
    return context.render.database(database)


def _check_editable(context: Context, database: Database, trash: bool | None) -> None:
    if database.trashed and trash is not None:
        holder = context.workspace.find(database.parent.id)
        if holder is not None and not trash:
            context.editable(holder)
    elif context.body:
        context.editable(database)


def _new_home(context: Context, database: Database) -> Page | None:
    allowed = ("page_id", "workspace") if context.public else ("page_id",)
    holder = parent_of(context, context.body["parent"], "body.parent", allowed=allowed)
    if holder is not None and any(each.id == database.id for each in context.workspace.lineage(holder)):
        raise invalid("A database cannot be moved below itself.")
    return holder if isinstance(holder, Page) else None


ROUTES = (
    Route(method="POST", path="/v1/databases", handler=create_database, capability="insert_content"),
    Route(method="PATCH", path="/v1/databases/{database_id}", handler=update_database, capability="update_content"),
)
