"""POST data_sources and PATCH data_sources/{data_source_id}."""

from __future__ import annotations

import json
from typing import Any

from ..context import Context
from ..edits import Editor
from ..parse.files import icon
from ..parse.places import parent_of, trash_flag, trash_keys
from ..parse.schema import SchemaPlan, plan_schema
from ..parse.text import rich_text
from ..problems import UNDEFINED, invalid, malformed
from ..remodel import remodel
from ..render.schema import property_json
from ..routing import Route
from ..state import Database, DataSource, Parent
from .lookups import get_data_source

__all__ = ["ROUTES"]

MAX_SCHEMA = 50_000
"""Bytes of a schema as JSON."""


def create_data_source(context: Context) -> dict[str, Any]:
    """One more data source in a database."""
    context.allow(body=("parent", "properties", "title", "icon"))
    for key in ("parent", "properties"):
        if key not in context.body:
            raise malformed(f"body.{key}", "defined", UNDEFINED)
    database = _database(context)
    looks = _looks(context)
    seed = f"new {context.workspace.minted}"
    plan = plan_schema(context, context.body["properties"], "body.properties", source_id=seed, existing=[])
    _check_size(context, plan)
    editor = Editor(workspace=context.workspace, user_id=context.workspace.bot_id)
    source = editor.source(database, context.workspace.new_id(), title=looks.get("title", ()))
    source.icon = looks.get("icon")
    plan.source_id = source.id
    remodel(editor, source, plan)
    editor.touch(database)
    context.committed.resource_id = source.id
    return context.render.data_source(source)


def _database(context: Context) -> Database:
    record = parent_of(context, context.body["parent"], "body.parent", allowed=("database_id",))
    if not isinstance(record, Database):
        raise malformed("body.parent.database_id", "defined", UNDEFINED)
    return record


def _looks(context: Context) -> dict[str, Any]:
    read: dict[str, Any] = {"title": rich_text, "icon": icon}
    return {key: read[key](context, context.body[key], f"body.{key}") for key in read if key in context.body}


def _check_size(context: Context, plan: SchemaPlan) -> None:
    properties = plan.properties
    schema = {each.name: property_json(context.workspace, properties, each) for each in properties}
    size = len(json.dumps(schema, ensure_ascii=False).encode())
    if size > MAX_SCHEMA:
        raise invalid(f"The schema has {size} bytes, but should have ≤ `{MAX_SCHEMA}`.")


def update_data_source(context: Context) -> dict[str, Any]:
    """A data source's columns, title, icon, trash flag and database."""
    context.allow(body=("title", "icon", "properties", "parent", *trash_keys(context)))
    source = get_data_source(context)
    trash = trash_flag(context)
    _check_editable(context, source, trash)
    looks = _looks(context)
    home = _database(context) if "parent" in context.body else None
    plan = _plan(context, source)
    editor = Editor(workspace=context.workspace, user_id=context.workspace.bot_id)
    database = context.workspace.databases[source.parent.id]
    alone = not any(each != source.id and not context.workspace.sources[each].trashed for each in database.sources)
    for key, value in looks.items():
        setattr(source, key, value)
        if alone:
            setattr(database, key, value)
    if alone and looks:
        editor.touch(database)
    source.trashed = source.trashed if trash is None else trash
    if plan is not None:
        remodel(editor, source, plan)
    if home is not None and home is not database:
        _move(editor, source, database, home)
    if context.body:
        editor.touch(source)
    context.committed.resource_id = source.id
    return context.render.data_source(source)


def _plan(context: Context, source: DataSource) -> SchemaPlan | None:
    if "properties" not in context.body:
        return None
    sent = context.body["properties"]
    plan = plan_schema(context, sent, "body.properties", source_id=source.id, existing=source.properties)
    _check_size(context, plan)
    return plan


def _move(editor: Editor, source: DataSource, former: Database, home: Database) -> None:
    former.sources.remove(source.id)
    home.sources.append(source.id)
    source.parent = Parent(kind="database_id", id=home.id)
    editor.touch(former)
    editor.touch(home)


def _check_editable(context: Context, source: DataSource, trash: bool | None) -> None:
    if source.trashed and trash is not None:
        if not trash:
            context.editable(context.workspace.databases[source.parent.id])
    elif context.body:
        context.editable(source)


ROUTES = (
    Route(method="POST", path="/v1/data_sources", handler=create_data_source, capability="insert_content"),
    Route(
        method="PATCH",
        path="/v1/data_sources/{data_source_id}",
        handler=update_data_source,
        capability="update_content",
    ),
)
