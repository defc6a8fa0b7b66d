"""Whether blocks were created by a request that got no answer: read from what stands there now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from ...flow import Flow
from ...listing import Paging
from ...models.blocks import Block
from ...operation import Api, JsonObject
from ..children import ListBlocks

__all__ = ["Place", "Seen", "children_of", "seen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where blocks go, and what is known of it."""

    parent_id: str
    position: JsonObject | None = None
    """As Notion takes it; None for the end."""
    number: int | None = None
    """How many children there were, where the parent is new and all of them are known."""
    behind: tuple[str, ...] | None = None
    """Ids of what follows the block that they go after, where that is known; empty at the end."""

    @property
    def after(self) -> str | None:
        """The block that they go after."""
        given = self.position or {}
        return str(given["after_block"]["id"]) if given.get("type") == "after_block" else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was found: the created blocks, or that there are none, or (neither) that it cannot be told."""

    created: list[JsonObject] | None = None
    behind: tuple[str, ...] | None = None
    """Ids of what follows the created ones."""
    absent: bool = False
    alike: tuple[str, ...] = ()
    """Ids of blocks that look like those sent, and may be older."""


def children_of(api: Api, block_id: str) -> Flow[list[JsonObject]]:
    """Everything directly in a block."""
    paging, found = Paging[Block](ListBlocks(block_id=block_id, page_size=100)), list[JsonObject]()
    while paging.upcoming is not None:
        page = yield from api.call(paging.upcoming)
        found += cast("list[JsonObject]", list(paging.take(page)))
    return found


def seen(place: Place, sent: Sequence[JsonObject], there: Sequence[JsonObject]) -> Seen:
    """Whether the blocks sent are among those that are there.

    Notion has no mark by which to know a block again. What was there before is known for a new parent, and where this
    call has put blocks before; elsewhere a look-alike may be older, and then it is not told.
    """
    if place.number is not None:
        return _counted(place.number, sent, there)
    start = _start(place, sent, there)
    if start is None:
        return Seen()
    found = list(there[start : start + len(sent)])
    if place.behind is not None:
        known = set(place.behind)
        if any(each["id"] in known for each in found) or not _alike(sent, found):
            return Seen(absent=True)
        return Seen(created=found, behind=tuple(str(each["id"]) for each in there[start + len(sent) :]))
    if _alike(sent, found):
        return Seen(alike=tuple(str(each["id"]) for each in found))
    return Seen(absent=True)


def _counted(number: int, sent: Sequence[JsonObject], there: Sequence[JsonObject]) -> Seen:
    if len(there) == number:
        return Seen(absent=True)
    if len(there) == number + len(sent):
        return Seen(created=list(there[number:]))
    return Seen()


def _start(place: Place, sent: Sequence[JsonObject], there: Sequence[JsonObject]) -> int | None:
    """The index at which the blocks would begin; None if what they go after is gone."""
    if place.after is not None:
        return next((index + 1 for index, each in enumerate(there) if each["id"] == place.after), None)
    return 0 if (place.position or {}).get("type") == "start" else max(0, len(there) - len(sent))


def _alike(sent: Sequence[JsonObject], found: Sequence[JsonObject]) -> bool:
    return len(sent) == len(found) and all(_look(a) == _look(b) for a, b in zip(sent, found, strict=True))


def _look(block: JsonObject) -> tuple[str, str, Any]:
    """Type and text of a block, as sent or as read."""
    kind = str(block.get("type") or next((key for key, value in block.items() if isinstance(value, dict)), ""))
    content = block.get(kind)
    inner = cast("JsonObject", content) if isinstance(content, dict) else {}
    return kind, _text(inner.get("rich_text")), inner.get("checked") or False


def _text(items: Any) -> str:
    found: list[str] = []
    for item in cast("list[JsonObject]", items) if isinstance(items, list) else []:
        text = item.get("text")
        # What mentions read like is Notion's to say.
        found.append(str(cast("JsonObject", text).get("content")) if isinstance(text, dict) else "")
    return "".join(found)
