"""Blocks as models write them: text for rich text, keys beside the type, parts as JSON text."""

from __future__ import annotations

from typing import Any, cast

from ..narrowing import list_of, object_of
from ..operation import JsonObject
from ..repair import container
from .forms import KEPT, rich_text, unpacked
from .guards import is_list, is_object

__all__ = ["as_markdown", "block", "blocks"]

WITH_TEXT = frozenset(
    {
        "bulleted_list_item", "callout", "code", "heading_1", "heading_2", "heading_3", "heading_4",
        "numbered_list_item", "paragraph", "quote", "to_do", "toggle",
    }
)  # fmt: skip
"""Types whose content is rich text."""
_TEXTS = ("rich_text", "text", "content")
_OUTSIDE = frozenset({"type", "object"})
MAX_DEPTH = 40


def as_markdown(value: object) -> str | None:
    """Content that is text alone, or a list of texts, as Markdown; None for blocks."""
    found = container(value)
    if isinstance(found, str):
        return found
    items = list_of(found)
    if not items or not all(isinstance(each, str) and container(each) is each for each in items):
        return None
    return "\n\n".join(cast("list[str]", items))


def blocks(value: Any, depth: int = 0) -> Any:
    """A list of blocks; of one where a single one is given."""
    found = container(value)
    if is_object(found):
        found = [found]
    if not is_list(found) or depth > MAX_DEPTH:
        return value
    return [block(each, depth) for each in list_of(found)]


def block(value: Any, depth: int = 0) -> Any:
    """One block in Notion's form."""
    value = container(value)
    if isinstance(value, str):
        return {"type": "paragraph", "paragraph": {"rich_text": rich_text(value)}}
    given = object_of(value)
    if not given:
        return value
    kind = given.get("type")
    if isinstance(kind, str) and kind in WITH_TEXT and kind not in given:
        inner = {name: item for name, item in given.items() if name not in _OUTSIDE}
        if not any(name in inner for name in _TEXTS):
            return given
        given = {**{name: item for name, item in given.items() if name in _OUTSIDE}, kind: inner}
    return {name: _content(name, item, depth) for name, item in given.items()}


def _content(name: str, value: Any, depth: int) -> Any:
    if name == "children":
        return blocks(value, depth + 1)
    if name in _OUTSIDE:
        return value
    found = container(value)
    if name not in WITH_TEXT:
        return _inside(found, depth) if is_object(found) else found
    if isinstance(found, (str, list)):
        return {"rich_text": rich_text(found)}
    given = object_of(found)
    said = [each for each in _TEXTS if each in given]
    if len(said) == 1:
        given = {"rich_text" if each == said[0] else each: item for each, item in given.items()}
        given["rich_text"] = rich_text(given["rich_text"])
    return _inside(given, depth)


def _inside(given: JsonObject, depth: int) -> JsonObject:
    """A block's own content, with what stands in it out of its JSON text."""
    return {name: blocks(item, depth + 1) if name == "children" else _part(name, item) for name, item in given.items()}


def _part(name: str, item: Any) -> Any:
    if name in {"rich_text", "caption"}:
        return rich_text(item)
    return item if name in _WORDS and isinstance(item, str) else unpacked(item)


_WORDS = KEPT | {"title"}
