"""GET and PATCH pages/{page_id}/markdown."""

from __future__ import annotations

from typing import Any

from ...shaping.markdown import Refusal, edit
from ..context import Context
from ..edits import Editor
from ..narrow import as_array, as_boolean, as_object, as_string, one_of, only, required
from ..pagetext import keep_edit, options_of, page_text, tree_of
from ..problems import invalid, malformed, not_present
from ..routing import Route
from ..state import Block
from .lookups import get_page

__all__ = ["ROUTES", "check_version"]

COMMANDS = {
    "update_content": ("content_updates", "allow_deleting_content"),
    "replace_content": ("new_str", "allow_deleting_content"),
    "insert_content": ("content", "after", "position"),
    "replace_content_range": ("content", "content_range", "allow_deleting_content"),
}
TEXTS = ("new_str", "content", "after", "content_range")
NEEDED = {"replace_content": ("new_str",), "insert_content": ("content",)}


def get_markdown(context: Context) -> dict[str, Any]:
    """A page as Markdown; or a block, by its id."""
    context.allow(query=("include_transcript", "markdown_version"))
    given = context.one("include_transcript")
    if given is not None:
        one_of(given, "query.include_transcript", ("true", "false"))
    if context.one("markdown_version") is not None:
        check_version(context.one("markdown_version"), "query.markdown_version")
    record = context.workspace.find(context.path["page_id"])
    holder = record if isinstance(record, Block) and context.workspace.is_shared(record) else get_page(context)
    return page_text(context, holder, transcript=given == "true")


def check_version(value: Any, where: str) -> None:
    """The version of the dialect, of which the sandbox has the first only."""
    if one_of(value, where, ("v1", "v2")) == "v2":
        raise invalid(f"body failed validation: {where} v2 is a preview that the sandbox does not have.")


def update_markdown(context: Context) -> dict[str, Any]:
    """Edit a page's text; the whole page after the edit."""
    context.allow(body=("type", *COMMANDS, "allow_async", "markdown_version"))
    body = context.body
    page = get_page(context)
    context.editable(page)
    if "markdown_version" in body:
        check_version(body["markdown_version"], "body.markdown_version")
    kind = one_of(body.get("type"), "body.type", tuple(COMMANDS))
    for other in COMMANDS:
        if other != kind and other in body:
            raise not_present(f"body.{other}", body[other])
    _check(kind, as_object(required(dict(body), kind, "body"), f"body.{kind}"))
    found = edit(body, tree_of(context, page), options=options_of(page))
    if isinstance(found, Refusal):
        raise invalid(found.message)
    keep_edit(context, Editor(workspace=context.workspace, user_id=context.workspace.bot_id), page, found.page)
    context.committed.resource_id = page.id
    return page_text(context, page)


def _check(kind: str, given: dict[str, Any]) -> None:
    """The shape of a command."""
    where = f"body.{kind}"
    only(given, where, *COMMANDS[kind])
    for key in NEEDED.get(kind, COMMANDS[kind][:1]):
        required(given, key, where)
    for key in TEXTS:
        if key in given:
            as_string(given[key], f"{where}.{key}")
    if "allow_deleting_content" in given:
        as_boolean(given["allow_deleting_content"], f"{where}.allow_deleting_content")
    if "position" in given:
        position = as_object(given["position"], f"{where}.position")
        one_of(position.get("type"), f"{where}.position.type", ("start", "end"))
        if "after" in given:
            raise not_present(f"{where}.after", given["after"])
    for index, each in enumerate(as_array(given.get("content_updates", []), f"{where}.content_updates")):
        _check_update(as_object(each, f"{where}.content_updates[{index}]"), f"{where}.content_updates[{index}]")


def _check_update(update: dict[str, Any], where: str) -> None:
    only(update, where, "old_str", "new_str", "replace_all_matches")
    for key in ("old_str", "new_str"):
        as_string(required(update, key, where), f"{where}.{key}")
    if not update["old_str"]:
        raise malformed(f"{where}.old_str.length", "≥ `1`", 0)
    if "replace_all_matches" in update:
        as_boolean(update["replace_all_matches"], f"{where}.replace_all_matches")


ROUTES = (
    Route(method="GET", path="/v1/pages/{page_id}/markdown", handler=get_markdown, capability="read_content"),
    Route(method="PATCH", path="/v1/pages/{page_id}/markdown", handler=update_markdown, capability="update_content"),
)
