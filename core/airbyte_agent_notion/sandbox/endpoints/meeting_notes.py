"""POST blocks/meeting_notes, and the query that lists all of them."""

from __future__ import annotations

from typing import Any

from ..context import Context
from ..meeting_filters import MeetingFilter, sort_meetings
from ..meetings import start_notes
from ..narrow import as_array, as_boolean, as_id, as_object, as_string, one_of, only, required
from ..problems import UNDEFINED, invalid, malformed, not_present
from ..routing import Route
from ..state import Block, Page, Parent, Span
from ..uploads import usable_upload
from .lookups import get_block

__all__ = ["ROUTES"]

LANGUAGES = (
    *("auto", "en", "zh-CN", "zh-TW", "es", "fr", "de", "ja", "ko", "pt", "ru", "th", "vi"),
    *("id", "da", "fi", "no", "nl", "it", "sv", "ar", "he", "pl"),
)
RECORDINGS = ("audio", "video")
LIMIT, MOST = 50, 100


def create_notes(context: Context) -> dict[str, Any]:
    """Have notes taken of a recording: an upload, put on a page, or a media block that is there already."""
    context.allow(body=("source", "parent", "title", "language", "options"))
    body = dict(context.body)
    source = as_object(required(body, "source", "body"), "body.source")
    kind = one_of(required(source, "type", "body.source"), "body.source.type", ("file_upload", "block"))
    one_of(body.get("language", "auto"), "body.language", LANGUAGES)
    _check_options(body.get("options", {}))
    title = (Span(text=as_string(body["title"], "body.title", limit=2000)),) if "title" in body else ()
    holder, position = _from_upload(context, body, source) if kind == "file_upload" else _from_block(context, source)
    parent = Parent(kind="page_id" if isinstance(holder, Page) else "block_id", id=holder.id)
    block = start_notes(context.workspace, parent, title)
    holder.children.insert(position, block.id)
    holder.edited = context.workspace.now()
    return context.render.block(block)


def _check_options(value: Any) -> None:
    options = as_object(value, "body.options")
    only(options, "body.options", "kickoff_summary")
    if "kickoff_summary" in options:
        as_boolean(options["kickoff_summary"], "body.options.kickoff_summary")


def _from_upload(context: Context, body: dict[str, Any], source: dict[str, Any]) -> tuple[Page, int]:
    only(source, "body.source", "type", "file_upload_id")
    parent = as_object(required(body, "parent", "body"), "body.parent")
    only(parent, "body.parent", "type", "page_id")
    identifier = as_id(parent.get("page_id", UNDEFINED), "body.parent.page_id")
    page = context.visible(context.workspace.find(identifier), "page", identifier)
    if not isinstance(page, Page):
        raise context.missing("page", identifier)
    upload = as_id(source.get("file_upload_id", UNDEFINED), "body.source.file_upload_id")
    usable_upload(context, upload, among=RECORDINGS)
    return page, len(page.children)


def _from_block(context: Context, source: dict[str, Any]) -> tuple[Page | Block, int]:
    only(source, "body.source", "type", "block_id")
    if "parent" in context.body:
        raise not_present("body.parent", context.body["parent"])
    block = get_block(context, as_id(source.get("block_id", UNDEFINED), "body.source.block_id"))
    if not isinstance(block, Block) or block.type not in RECORDINGS:
        raise invalid(f"Block {block.id} is no recording: notes are taken of audio and video blocks.")
    holder = context.workspace.find(block.parent.id)
    if not isinstance(holder, Page | Block):
        raise context.missing("block", block.parent.id)
    return holder, holder.children.index(block.id) + 1


def query_notes(context: Context) -> dict[str, Any]:
    """The meeting notes that pass a filter, newest first unless sorted; there is no cursor."""
    context.allow(body=("filter", "sort", "limit"))
    limit = context.body.get("limit", LIMIT)
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MOST:
        raise malformed("body.limit", f"≥ `1` and ≤ `{MOST}`", limit)
    workspace = context.workspace
    keep = MeetingFilter(workspace=workspace).compile(context.body.get("filter", {}), "body.filter")
    blocks = [each for each in workspace.blocks.values() if each.type == "meeting_notes"]
    seen = [each for each in blocks if workspace.is_shared(each) and not workspace.in_trash(each) and keep(each)]
    ordered = sort_meetings(workspace, seen, as_array(context.body.get("sort", []), "body.sort"))
    return {"results": [context.render.block(each) for each in ordered[:limit]], "has_more": len(ordered) > limit}


ROUTES = (
    Route(method="POST", path="/v1/blocks/meeting_notes", handler=create_notes, capability="insert_content"),
    Route(method="POST", path="/v1/blocks/meeting_notes/query", handler=query_notes, capability="read_content"),
)
