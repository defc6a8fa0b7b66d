"""Parents and positions as they are sent."""

from __future__ import annotations

from typing import Any

from ..context import Context
from ..narrow import as_id, as_object, one_of, only, required
from ..problems import UNDEFINED, invalid, malformed
from ..state import Block, Database, DataSource, Page
from ..versions import has_older_spellings

__all__ = ["after", "parent_of", "place_among", "trash_flag", "trash_keys"]

KINDS = ("page_id", "database_id", "data_source_id", "block_id", "workspace")


def parent_of(
    context: Context, value: Any, where: str, *, allowed: tuple[str, ...]
) -> Page | Block | Database | DataSource | None:
    """The record that a parent names; None for the workspace.

    Args:
        context: The request.
        value: The parent object.
        where: Its place in the request.
        allowed: The kinds of parent that there may be.

    Raises:
        Problem: 400: it is malformed, or lies in the trash; 404: there is no such record, or it is not shared.
    """
    body = as_object(value, where)
    kind = next((each for each in KINDS if each in body), body.get("type"))
    if kind not in allowed:
        raise malformed(f"{where}.{allowed[0]}", "defined", UNDEFINED)
    only(body, where, "type", kind)
    if body.get("type", kind) != kind:
        raise malformed(f"{where}.type", f'`"{kind}"`', body["type"])
    if kind == "workspace":
        if required(body, kind, where) is not True:
            raise malformed(f"{where}.workspace", "`true`", body[kind])
        return None
    return _record(context, kind.removesuffix("_id"), as_id(required(body, kind, where), f"{where}.{kind}"))


def _record(context: Context, kind: str, identifier: str) -> Page | Block | Database | DataSource:
    record = context.visible(context.workspace.find(identifier), kind, identifier)
    types = {"page": Page, "block": Block, "database": Database, "data_source": DataSource}
    if type(record) is not types[kind]:
        raise context.missing(kind, identifier)
    context.editable(record)
    return record


def place_among(context: Context, holder: Page | Block, value: Any, where: str, *, ends: tuple[str, str]) -> int:
    """The index among a holder's children that a position names.

    Args:
        context: The request.
        holder: What holds the children.
        value: The position object.
        where: Its place in the request.
        ends: What the endpoint calls start and end.
    """
    body = as_object(value, where)
    kind = one_of(body.get("type"), f"{where}.type", (*ends, "after_block"))
    only(body, where, "type", *(("after_block",) if kind == "after_block" else ()))
    if kind != "after_block":
        return 0 if kind == ends[0] else len(holder.children)
    inner = as_object(required(body, "after_block", where), f"{where}.after_block")
    only(inner, f"{where}.after_block", "id")
    return after(context, holder, required(inner, "id", f"{where}.after_block"), f"{where}.after_block.id")


def after(context: Context, holder: Page | Block, value: Any, where: str) -> int:
    """The index behind a child that is named by its id."""
    identifier = as_id(value, where)
    if identifier not in [each.id for each in context.workspace.children(holder)]:
        raise invalid(f"Block with ID {identifier} is not a child of {holder.id}: it cannot be appended after.")
    return holder.children.index(identifier) + 1


def trash_keys(context: Context) -> tuple[str, ...]:
    """How a request may spell the trash flag."""
    return ("in_trash", "archived") if has_older_spellings(context.version) else ("in_trash",)


def trash_flag(context: Context) -> bool | None:
    """The trash flag that a request sets, if it does."""
    found = [(key, context.body[key]) for key in trash_keys(context) if key in context.body]
    for key, value in found:
        if not isinstance(value, bool):
            raise malformed(f"body.{key}", "a boolean or `undefined`", value)
    if len({value for _, value in found}) > 1:
        raise invalid("body failed validation: body.archived should be equal to body.in_trash.")
    return found[0][1] if found else None
