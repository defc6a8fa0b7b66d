"""Rich text within Notion's limits: long text becomes several items, which read as one."""

from collections.abc import Iterator
from typing import Any, cast

from ..operation import JsonObject
from .shapes import object_of

__all__ = ["MAX_ITEMS", "MAX_TEXT", "TooLong", "as_rich_text", "split_rich_text", "units"]

MAX_TEXT = 2_000
"""Characters of one item, counted as UTF-16 does, which is the stricter way."""
MAX_EQUATION = 1_000
MAX_URL = 2_000
MAX_ITEMS = 100
"""Items of one rich text."""


class TooLong(ValueError):
    """What cannot be split and is longer than Notion takes; the message says what it is."""


def units(text: str) -> int:
    """The length of a text in UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text)


def as_rich_text(text: str) -> list[JsonObject]:
    """Plain text as rich text; none for an empty one. Raises TooLong."""
    return split_rich_text([{"type": "text", "text": {"content": text}}]) if text else []


def split_rich_text(items: list[Any]) -> list[Any]:
    """Rich text whose items are short enough; the list itself where they are already.

    Where that makes more items than Notion takes, neighbours that look the same are joined first.

    Raises:
        TooLong: an equation or a link is too long, or the text would need more than 100 items.
    """
    if len(items) <= MAX_ITEMS and not any(_is_long(item) for item in items):
        return items
    split = [piece for item in items for piece in _pieces(item)]
    if len(split) > MAX_ITEMS:
        split = [piece for item in _joined(items) for piece in _pieces(item)]
    if len(split) > MAX_ITEMS:
        raise TooLong(
            f"the text would need {len(split)} items of {MAX_TEXT:,} characters; Notion takes {MAX_ITEMS} in one block "
            "or value: spread it over several"
        )
    return split


def _is_long(item: Any) -> bool:
    content = _content(item)
    if content is not None and units(content) > MAX_TEXT:
        return True
    for path, limit in _UNSPLITTABLE.items():
        found = _at(item, *path)
        if isinstance(found, str) and units(found) > limit:
            raise TooLong(f"{' '.join(path)} has {units(found):,} characters; Notion takes {limit:,}")
    return False


_UNSPLITTABLE = {("equation", "expression"): MAX_EQUATION, ("text", "link", "url"): MAX_URL}


def _pieces(item: Any) -> Iterator[Any]:
    content = _content(item)
    if content is None or units(content) <= MAX_TEXT:
        yield item
        return
    for piece in _cut(content):
        yield _with_content(item, piece)


def _cut(text: str) -> Iterator[str]:
    """Pieces of at most 2,000 units, cut between characters."""
    start = size = 0
    for index, character in enumerate(text):
        width = 1 + (character > "\uffff")
        if size + width > MAX_TEXT:
            yield text[start:index]
            start, size = index, 0
        size += width
    yield text[start:]


def _joined(items: list[Any]) -> list[Any]:
    """The items with text neighbours of the same look and link as one."""
    joined: list[Any] = []
    for item in items:
        content, last = _content(item), joined[-1] if joined else {}
        before = _content(last)
        if content is not None and before is not None and _look(last) == _look(item):
            joined[-1] = _with_content(last, before + content)
        else:
            joined.append(item)
    return joined


def _look(item: JsonObject) -> tuple[object, object]:
    marks = object_of(item.get("annotations"))
    return _at(item, "text", "link"), {key: value for key, value in marks.items() if value}


def _with_content(item: JsonObject, content: str) -> JsonObject:
    # What Notion answers beside it (plain_text) would no longer be true.
    kept = {key: value for key, value in item.items() if key != "plain_text"}
    return {**kept, "text": {**item["text"], "content": content}}


def _content(item: Any) -> str | None:
    """The text of a text item; None for anything else."""
    found = _at(item, "text", "content")
    return found if isinstance(found, str) and item.get("type", "text") == "text" else None


def _at(value: Any, *path: str) -> Any:
    for key in path:
        value = cast("JsonObject", value).get(key) if isinstance(value, dict) else None
    return value
