"""PATCH blocks/{block_id}/children, PATCH blocks/{block_id} and DELETE blocks/{block_id}."""

from __future__ import annotations

from typing import Any

from ..context import Context
from ..edits import Editor
from ..narrow import required
from ..parse.block_content import block_changes
from ..parse.block_types import BLOCK_TYPES
from ..parse.blocks import new_blocks
from ..parse.places import after, place_among, trash_flag, trash_keys
from ..problems import invalid, not_present
from ..routing import Route
from ..state import Block, Database, Page
from ..versions import block_type, has_older_spellings
from .lookups import get_block

__all__ = ["ROUTES"]

AFTER_BLOCK = "after_block"


def append_children(context: Context) -> dict[str, Any]:
    """New blocks within a page or block, at its end or where a position says.

    The answer lists them, and after them what follows them, if they were put behind a block (recorded).
    """
    older = ("after",) if has_older_spellings(context.version) else ()
    context.allow(body=("children", "position", *older))
    holder = get_block(context, context.path["block_id"])
    if isinstance(holder, Database):
        raise invalid("Block does not support children.")
    context.editable(holder)
    index, behind = _place(context, holder)
    drafts = new_blocks(
        context, required(dict(context.body), "children", "body"), "body.children", parent=holder, least=1
    )
    editor = Editor(workspace=context.workspace, user_id=context.workspace.bot_id)
    made = editor.insert(holder, index, drafts)
    context.committed.resource_id = holder.id
    context.committed.child_ids = [each.id for each in made]
    listed: list[Page | Block | Database] = [*made]
    if behind:
        children = context.workspace.children(holder)
        listed = children[[each.id for each in children].index(made[0].id) :]
    return context.envelope("block", [context.render.block(each) for each in listed], None)


def _place(context: Context, holder: Page | Block) -> tuple[int, bool]:
    """The index of the new blocks, and whether they are put behind a block."""
    body = context.body
    if "after" in body:
        if "position" in body:
            raise not_present("body.after", body["after"])
        return after(context, holder, body["after"], "body.after"), True
    if "position" not in body:
        return len(holder.children), False
    index = place_among(context, holder, body["position"], "body.position", ends=("start", "end"))
    return index, body["position"]["type"] == AFTER_BLOCK


def update_block(context: Context) -> dict[str, Any]:
    """A block's content, or its way into the trash and back."""
    trash = trash_flag(context)
    names = [block_type(context.version, each) for each in BLOCK_TYPES]
    context.allow(body=("type", *trash_keys(context), *names))
    record = get_block(context, context.path["block_id"])
    content = _change(context, record, [key for key in context.body if key in names], trash=trash)
    if trash is not None:
        record.trashed = trash
    if isinstance(record, Block) and content is not None:
        record.content = content
    if context.body:
        Editor(workspace=context.workspace, user_id=context.workspace.bot_id).touch(record)
    context.committed.resource_id = record.id
    return context.render.block(record)


def _change(context: Context, record: Page | Block | Database, sent: list[str], *, trash: bool | None) -> Any:
    """The new content, if any; refuses what cannot be updated."""
    if len(sent) > 1:
        raise not_present(f"body.{sent[1]}", context.body[sent[1]])
    if sent and not isinstance(record, Block):
        raise invalid("A page or database cannot be updated as a block: use its own endpoint.")
    kind = block_type(context.version, record.type) if isinstance(record, Block) else ""
    if (kind and context.body.get("type", kind) != kind) or (sent and sent[0] != kind):
        raise invalid(f"A block of type {kind} cannot be updated as {sent[0] if sent else context.body['type']}.")
    holder = context.workspace.find(record.parent.id)
    if record.trashed and trash is False and holder is not None:
        context.editable(holder)
    elif context.body and not (record.trashed and trash):
        context.editable(record)
    if not sent or not isinstance(record, Block):
        return None
    return block_changes(context, record, context.body[kind], f"body.{kind}")


def delete_block(context: Context) -> dict[str, Any]:
    """A block, page or database into the trash."""
    context.allow()
    record = get_block(context, context.path["block_id"])
    context.editable(record)
    record.trashed = True
    editor = Editor(workspace=context.workspace, user_id=context.workspace.bot_id)
    editor.touch(record)
    holder = context.workspace.find(record.parent.id)
    if holder is not None and not isinstance(record, Block):
        editor.touch(holder)
    context.committed.resource_id = record.id
    return context.render.block(record)


ROUTES = (
    Route(
        method="PATCH",
        path="/v1/blocks/{block_id}/children",
        handler=append_children,
        capability="insert_content",
    ),
    Route(method="PATCH", path="/v1/blocks/{block_id}", handler=update_block, capability="update_content"),
    Route(method="DELETE", path="/v1/blocks/{block_id}", handler=delete_block, capability="update_content"),
)
