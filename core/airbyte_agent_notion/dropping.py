"""Child pages and databases go into the trash with no edit of content that does not name them."""

from __future__ import annotations

import re
from typing import Any, cast

from .brevity import MAX_TOKENS, brief, fitting, tokens
from .errors import InvalidParams
from .flow import Flow
from .named_ids import ids_in_text
from .narrowing import object_of
from .operation import Api, JsonObject, Operation
from .operations.block_writes import DeleteBlock, UpdateBlock
from .operations.blocks import GetBlock
from .operations.page_markdown import GetPageMarkdown, UpdatePageMarkdown
from .operations.page_writes import UpdatePage
from .operations.tree import LEAVES, LOOP, ListBlockTree

__all__ = ["check_dropping", "edited"]

MOST_BLOCKS = 10_000
MAX_TITLE = 8
"""Tokens of a child's title in a message."""
_TAG = re.compile(r"<(?:page|database)\b[^>]*>")


def check_dropping(operation: Operation[Any], api: Api) -> Flow[None]:
    """Read what a call would take along.

    Raises:
        InvalidParams: child pages or databases that ``drop`` does not name; ``details["children"]`` lists them.
    """
    if isinstance(operation, UpdatePage) and operation.erase_content:
        gone = yield from _children(operation, operation.page_id, api)
    elif isinstance(operation, DeleteBlock) or (isinstance(operation, UpdateBlock) and operation.in_trash):
        gone = yield from _inside_block(operation, operation.block_id, api)
    elif isinstance(operation, UpdatePageMarkdown):
        gone = yield from _gone_from_text(operation, api)
    else:
        return
    named = set(cast("list[str]", getattr(operation, "drop", None) or []))
    children = [each for each in gone if each["id"] not in named]
    if children:
        said = f"{operation.spec.name} would put child pages or databases into the trash that drop does not name"
        hint = f"Move them away first with pages.move; or, if they are to go, name them in drop{_too(operation)}."
        room = MAX_TOKENS - tokens(f"{said}: . Nothing was changed. {hint}") - len("and more")
        shown = [f"{each['type']} {each['id']} {brief(each['title'], MAX_TITLE)!r}" for each in children]
        raise InvalidParams(
            f"{said}: {fitting(shown, room, most=10)}. Nothing was changed.",
            hint=hint,
            details={"operation": operation.spec.name, "children": children},
        )


def _too(operation: Operation[Any]) -> str:
    return " and leave allow_deleting_content true" if isinstance(operation, UpdatePageMarkdown) else ""


def edited(text: str, edit: UpdatePageMarkdown) -> str:
    """A page's Markdown after an edit, as far as that can be told; of a range that is not found, the new part alone."""
    if edit.replace_content is not None:
        return edit.replace_content["new_str"]
    if edit.update_content is not None:
        for each in edit.update_content["content_updates"]:
            count = -1 if each.get("replace_all_matches") else 1
            text = text.replace(each["old_str"], each["new_str"], count)
        return text
    if edit.replace_content_range is not None:
        first, _, last = edit.replace_content_range["content_range"].partition("...")
        start = text.find(first)
        end = text.find(last, start + len(first)) if start >= 0 else -1
        new = edit.replace_content_range["content"]
        return new if end < 0 else text[:start] + new + text[end + len(last) :]
    insertion = edit.insert_content
    assert insertion is not None  # One of the four is given.
    at_start = insertion.get("position", {"type": "end"})["type"] == "start"
    return f"{insertion['content']}\n{text}" if at_start else f"{text}\n{insertion['content']}"


def _children(operation: Operation[Any], block_id: str, api: Api) -> Flow[list[JsonObject]]:
    """The child pages and databases in a page or block, at every depth of its content."""
    tree = yield from api.call(ListBlockTree(block_id=block_id, max_blocks=MOST_BLOCKS))
    if tree["next_cursor"] is not None or any(each["reason"] != LOOP for each in tree["skipped"]):
        raise InvalidParams(
            f"{operation.spec.name}: the content could not be read whole, so that it is not known which child pages "
            "and databases would go into the trash with it. Nothing was changed.",
            hint="Delete it in smaller parts, with blocks.delete.",
            details={"operation": operation.spec.name},
        )
    leaves = [cast("JsonObject", each) for each in tree["blocks"] if each["type"] in LEAVES]
    return [{"id": each["id"], "type": each["type"], "title": _title(each)} for each in leaves]


def _inside_block(operation: Operation[Any], block_id: str, api: Api) -> Flow[list[JsonObject]]:
    block = yield from api.call(GetBlock(block_id=block_id))
    # A page or database that is itself named is meant.
    if block.get("type") in LEAVES or not block.get("has_children"):
        return []
    return (yield from _children(operation, block_id, api))


def _gone_from_text(edit: UpdatePageMarkdown, api: Api) -> Flow[list[JsonObject]]:
    """The children whose tags an edit takes away. Where deleting is not allowed, Notion refuses such an edit."""
    given = edit.update_content or edit.replace_content or edit.replace_content_range
    if given is None or not given.get("allow_deleting_content"):
        return []
    children = yield from _children(edit, edit.page_id, api)
    if not children:
        return []
    page = yield from api.call(GetPageMarkdown(page_id=edit.page_id, markdown_version=edit.markdown_version))
    kept = {each for tag in _TAG.findall(edited(page["markdown"], edit)) for each in ids_in_text(tag)}
    return [each for each in children if each["id"] not in kept]


def _title(block: JsonObject) -> str:
    return str(object_of(block.get(str(block.get("type")))).get("title") or "")
