"""POST pages, PATCH pages/{page_id} and POST pages/{page_id}/move."""

from __future__ import annotations

from typing import Any

from ..context import Context
from ..edits import Editor
from ..narrow import as_boolean
from ..parse.blocks import Draft
from ..parse.files import cover, icon
from ..parse.places import parent_of, place_among, trash_flag, trash_keys
from ..parse.values import Values, read_values
from ..problems import UNDEFINED, Problem, invalid, malformed, not_present
from ..routing import Route
from ..state import Database, DataSource, Page
from ..workspace import TITLE_ONLY
from .lookups import get_page, select_properties
from .page_content import apply_template, check_template, first_blocks, put_content

__all__ = ["ROUTES"]

CREATE = (
    "parent",
    "properties",
    "icon",
    "cover",
    "children",
    "content",
    "markdown",
    "markdown_version",
    "allow_async",
    "template",
    "position",
)
UPDATE = ("properties", "icon", "cover", "is_archived", "is_locked", "template", "erase_content")
FLAGS = ("is_archived", "is_locked", "erase_content")
LOOKS: dict[str, Any] = {"icon": icon, "cover": cover}
NO_MOVE = "A page cannot be moved into itself, or below itself."


def create_page(context: Context) -> dict[str, Any]:
    """A new page under a page, as a row of a data source, or at the top of the workspace."""
    context.allow(query=("filter_properties",), body=CREATE)
    holder = _holder(context)
    index = _index(context, holder)
    drafts = first_blocks(context, holder if isinstance(holder, DataSource) else None)
    sent = _values(context, holder)
    looks = {key: read(context, context.body.get(key), f"body.{key}") for key, read in LOOKS.items()}
    schema = list(holder.properties if isinstance(holder, DataSource) else TITLE_ONLY)
    only = select_properties(context, schema)
    editor = Editor(workspace=context.workspace, user_id=context.workspace.bot_id)
    page = editor.page(holder, index=index)
    editor.set_values(page, sent)
    page.icon, page.cover = looks["icon"], looks["cover"]
    _fill(context, editor, page, drafts)
    context.committed.resource_id = page.id
    return context.render.page(page, only)


def _fill(context: Context, editor: Editor, page: Page, drafts: tuple[Draft, ...]) -> None:
    editor.insert(page, 0, drafts)
    put_content(context, editor, page)


def _holder(context: Context) -> Page | DataSource | None:
    """Where the page goes; None for the top of the workspace."""
    if context.body.get("parent") is None:
        if context.public and "parent" not in context.body:
            return None
        raise malformed("body.parent", "defined", context.body.get("parent", UNDEFINED))
    allowed = ("page_id", "database_id", "data_source_id", *(("workspace",) if context.public else ()))
    record = parent_of(context, context.body["parent"], "body.parent", allowed=allowed)
    if isinstance(record, Database):
        return _only_source(context, record)
    if record is not None and not isinstance(record, Page | DataSource):
        raise context.missing("page", record.id)
    return record


def _only_source(context: Context, database: Database) -> DataSource:
    """The data source that a database stands for, as long as it has just one."""
    sources = [context.workspace.sources[each] for each in database.sources]
    live = [each for each in sources if not each.trashed]
    if len(live) != 1:
        raise several_sources(context, database, live)
    return live[0]


def several_sources(context: Context, database: Database, sources: list[DataSource]) -> Problem:
    """400: a database is named where it has several data sources, or none."""
    return Problem(
        400,
        "validation_error",
        f"Database {database.id} has {len(sources)} data sources: name one of them as the parent.",
        additional_data={
            "error_type": "multiple_data_sources_for_database",
            "database_id": database.id,
            "child_data_source_ids": [each.id for each in sources],
            "minimum_api_version": context.version,
        },
    )


def _index(context: Context, holder: Page | DataSource | None) -> int | None:
    if "position" not in context.body:
        return None
    if not isinstance(holder, Page):
        raise not_present("body.position", context.body["position"])
    ends = ("page_start", "page_end")
    return place_among(context, holder, context.body["position"], "body.position", ends=ends)


def _values(context: Context, holder: Page | DataSource | None) -> Values:
    properties = context.body.get("properties", {})
    if isinstance(holder, DataSource):
        return read_values(context, properties, tuple(holder.properties), source_id=holder.id)
    return read_values(context, properties, TITLE_ONLY, source_id="")


def update_page(context: Context) -> dict[str, Any]:
    """A page's properties, looks and flags; what is not sent stays."""
    context.allow(query=("filter_properties",), body=(*UPDATE, *trash_keys(context)))
    page = get_page(context)
    trash = trash_flag(context)
    _check_editable(context, page, trash)
    schema = context.workspace.schema(page)
    sent = read_values(context, context.body.get("properties", {}), schema, source_id=page.parent.id, page=page)
    looks = {key: LOOKS[key](context, context.body[key], f"body.{key}") for key in LOOKS if key in context.body}
    flags = {key: as_boolean(context.body[key], f"body.{key}") for key in FLAGS if key in context.body}
    check_template(context, page)
    only = select_properties(context, list(schema))
    editor = Editor(workspace=context.workspace, user_id=context.workspace.bot_id)
    editor.set_values(page, sent)
    for key, value in looks.items():
        setattr(page, key, value)
    page.archived = flags.get("is_archived", page.archived)
    page.locked = flags.get("is_locked", page.locked)
    page.trashed = page.trashed if trash is None else trash
    if flags.get("erase_content"):
        editor.erase(page)
    apply_template(context, page)
    if context.body:
        editor.touch(page)
    context.committed.resource_id = page.id
    return context.render.page(page, only)


def _check_editable(context: Context, page: Page, trash: bool | None) -> None:
    """A trashed page takes nothing but its restoring, which needs a parent that is not in the trash."""
    if page.trashed and trash is not None:
        holder = context.workspace.find(page.parent.id)
        if holder is not None and not trash and context.workspace.in_trash(holder):
            raise invalid("Can't restore a page with an archived ancestor. You must unarchive the ancestor first.")
        return
    if context.body:
        context.editable(page)


def move_page(context: Context) -> dict[str, Any]:
    """A page with another parent: a page or a data source."""
    context.allow(body=("parent",))
    page = get_page(context)
    context.editable(page)
    if "parent" not in context.body:
        raise malformed("body.parent", "defined", UNDEFINED)
    holder = parent_of(context, context.body["parent"], "body.parent", allowed=("page_id", "data_source_id"))
    if not isinstance(holder, Page | DataSource):
        raise malformed("body.parent.page_id", "defined", UNDEFINED)
    if any(each.id == page.id for each in context.workspace.lineage(holder)):
        raise invalid(NO_MOVE)
    Editor(workspace=context.workspace, user_id=context.workspace.bot_id).move(page, holder)
    context.committed.resource_id = page.id
    return context.render.page(page)


ROUTES = (
    Route(method="POST", path="/v1/pages", handler=create_page, capability="insert_content"),
    Route(method="PATCH", path="/v1/pages/{page_id}", handler=update_page, capability="update_content"),
    Route(method="POST", path="/v1/pages/{page_id}/move", handler=move_page, capability="update_content"),
)
