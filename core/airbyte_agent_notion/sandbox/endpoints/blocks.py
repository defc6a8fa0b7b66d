"""GET blocks/{block_id} and blocks/{block_id}/children."""

from __future__ import annotations

from typing import Any

from ..context import Context
from ..routing import Route
from ..state import Database
from .lookups import get_block

__all__ = ["ROUTES"]


def retrieve_block(context: Context) -> dict[str, Any]:
    """A block; a page's id answers with its child_page block."""
    context.allow()
    return context.render.block(get_block(context, context.path["block_id"]))


def list_children(context: Context) -> dict[str, Any]:
    """Direct children in order, without trashed ones."""
    context.allow(query=("start_cursor", "page_size"))
    record = get_block(context, context.path["block_id"])
    children = [] if isinstance(record, Database) else context.workspace.children(record)
    return context.listing("block", children, context.render.block, lambda each: each.id)


ROUTES = (
    Route(method="GET", path="/v1/blocks/{block_id}", handler=retrieve_block, capability="read_content"),
    Route(method="GET", path="/v1/blocks/{block_id}/children", handler=list_children, capability="read_content"),
)
