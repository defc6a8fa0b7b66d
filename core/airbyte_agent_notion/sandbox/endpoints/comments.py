"""GET comments and comments/{comment_id}."""

from __future__ import annotations

from typing import Any

from ..context import Context
from ..routing import Route
from .lookups import get_block, get_comment

__all__ = ["ROUTES"]


def list_comments(context: Context) -> dict[str, Any]:
    """Comments of the open discussions on exactly that page or block, oldest first."""
    context.allow(query=("block_id", "start_cursor", "page_size"))
    anchor = get_block(context, context.query_id("block_id"))
    threads = [each for each in context.workspace.discussions.values() if each.parent.id == anchor.id]
    pairs = [(thread, comment) for thread in threads if not thread.resolved for comment in thread.comments]
    pairs.sort(key=lambda pair: pair[1].created)
    return context.listing("comment", pairs, lambda pair: context.render.comment(*pair), lambda pair: pair[1].id)


def retrieve_comment(context: Context) -> dict[str, Any]:
    """One comment, also of a resolved discussion."""
    context.allow()
    return context.render.comment(*get_comment(context))


ROUTES = (
    Route(method="GET", path="/v1/comments", handler=list_comments, capability="read_comments"),
    Route(method="GET", path="/v1/comments/{comment_id}", handler=retrieve_comment, capability="read_comments"),
)
