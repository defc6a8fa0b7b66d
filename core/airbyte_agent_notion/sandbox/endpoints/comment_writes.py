"""POST comments, PATCH and DELETE comments/{comment_id}."""

from __future__ import annotations

from typing import Any, Literal, cast

from ..context import Context
from ..narrow import as_id, as_object, as_string, one_of, only, required
from ..pagetext import inline_markdown
from ..parse.attachments import attached_files
from ..parse.places import parent_of
from ..parse.text import rich_text
from ..problems import UNDEFINED, Problem, malformed, not_present
from ..routing import Route
from ..state import Comment, Discussion, Page, Parent, RichText
from .lookups import get_comment

__all__ = ["ROUTES"]

CREATE = ("parent", "discussion_id", "rich_text", "markdown", "markdown_version", "attachments", "display_name")
MAX_NAME = 100


def create_comment(context: Context) -> dict[str, Any]:
    """A comment in a discussion, or on a page or block.

    Comments on a page join the page's open discussion, if there is one (recorded); on a block each begins its own.
    """
    context.allow(body=CREATE)
    body = context.body
    if ("parent" in body) is ("discussion_id" in body):
        raise malformed("body.parent", "defined, or `body.discussion_id` in its place", body.get("parent", UNDEFINED))
    thread, anchor = _thread(context)
    text = _text(context)
    signed, custom = _signature(context)
    files = attached_files(context, context.body.get("attachments", []), "body.attachments")
    now = context.workspace.now()
    if thread is None:
        thread = Discussion(id=context.workspace.new_id(), parent=anchor)
        context.workspace.discussions[thread.id] = thread
    comment = Comment(
        id=context.workspace.new_id(),
        discussion_id=thread.id,
        created=now,
        edited=now,
        created_by=context.workspace.bot_id,
        text=text,
        signed=signed,
        custom_name=custom,
        attachments=files,
    )
    thread.comments.append(comment)
    context.committed.resource_id = comment.id
    return context.render.comment(thread, comment)


def _thread(context: Context) -> tuple[Discussion | None, Parent]:
    """The discussion to write into, if it exists, and what it is about."""
    if "discussion_id" in context.body:
        return _discussion(context)
    anchor = parent_of(context, context.body["parent"], "body.parent", allowed=("page_id", "block_id"))
    if anchor is None:
        raise malformed("body.parent.page_id", "defined", UNDEFINED)
    kind: Literal["page_id", "block_id"] = "page_id" if isinstance(anchor, Page) else "block_id"
    threads = [each for each in context.workspace.discussions.values() if each.parent.id == anchor.id]
    open_ones = [each for each in threads if not each.resolved] if kind == "page_id" else []
    return open_ones[-1] if open_ones else None, Parent(kind=kind, id=anchor.id)


def _discussion(context: Context) -> tuple[Discussion, Parent]:
    identifier = as_id(context.body["discussion_id"], "body.discussion_id")
    thread = context.workspace.discussions.get(identifier)
    anchor = None if thread is None else context.workspace.find(thread.parent.id)
    if thread is None or anchor is None or not context.workspace.is_shared(anchor):
        raise context.missing("discussion", identifier)
    context.editable(anchor)
    return thread, thread.parent


def _text(context: Context) -> RichText:
    body = context.body
    if "markdown_version" in body and "markdown" not in body:
        raise not_present("body.markdown_version", body["markdown_version"])
    if "markdown" in body:
        if "rich_text" in body:
            raise not_present("body.markdown", body["markdown"])
        spans = inline_markdown(as_string(body["markdown"], "body.markdown"))
        return rich_text(context, spans, "body.markdown", least=1)
    return rich_text(context, required(dict(body), "rich_text", "body"), "body.rich_text", least=1)


def _signature(context: Context) -> tuple[Literal["integration", "user", "custom"] | None, str | None]:
    """Whose name a comment shows."""
    if "display_name" not in context.body:
        return None, None
    where = "body.display_name"
    body = as_object(context.body["display_name"], where)
    kind = one_of(body.get("type"), f"{where}.type", ("integration", "user", "custom"))
    only(body, where, "type", *(("custom",) if kind == "custom" else ()))
    if kind != "custom":
        return cast('Literal["integration", "user"]', kind), None
    inner = as_object(required(body, "custom", where), f"{where}.custom")
    only(inner, f"{where}.custom", "name")
    name = required(inner, "name", f"{where}.custom")
    return "custom", as_string(name, f"{where}.custom.name", limit=MAX_NAME, empty=False)


def update_comment(context: Context) -> dict[str, Any]:
    """The text of a comment of this connection's own."""
    context.allow(body=("rich_text", "markdown", "markdown_version"))
    thread, comment = _own(context)
    comment.text = _text(context)
    comment.edited = context.workspace.now()
    context.committed.resource_id = comment.id
    return context.render.comment(thread, comment)


def delete_comment(context: Context) -> dict[str, Any]:
    """Remove a comment of this connection's own; the answer is the comment as it was."""
    context.allow()
    thread, comment = _own(context)
    answer = context.render.comment(thread, comment)
    thread.comments.remove(comment)
    if not thread.comments:
        del context.workspace.discussions[thread.id]
    context.committed.resource_id = comment.id
    return answer


def _own(context: Context) -> tuple[Discussion, Comment]:
    thread, comment = get_comment(context)
    if comment.created_by != context.workspace.bot_id:
        message = "Only comments that this connection has made can be updated or deleted by it."
        raise Problem(403, "restricted_resource", message)
    return thread, comment


ROUTES = (
    Route(method="POST", path="/v1/comments", handler=create_comment, capability="insert_comments"),
    Route(method="PATCH", path="/v1/comments/{comment_id}", handler=update_comment, capability="insert_comments"),
    Route(method="DELETE", path="/v1/comments/{comment_id}", handler=delete_comment, capability="insert_comments"),
)
