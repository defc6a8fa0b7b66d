"""What of parsed Markdown can be sent to Notion as new blocks."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .dialect import Block
from .options import children_of

__all__ = ["Unwritable", "postable"]

_WHY = {
    "unsupported": "a tag for a block that Markdown has no words for; it can only stay where it is",
    "child_page": "a page; create it with pages.create",
    "child_database": "a database; create it with databases.create",
    "meeting_notes": "meeting notes; create them with blocks.create_meeting_notes",
    "link_preview": "a link preview, which only Notion makes; give it as a bookmark",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwritable:
    """A block that cannot be made from Markdown."""

    type: str
    id: str | None
    reason: str


def postable(blocks: Iterable[Block]) -> tuple[list[Block], list[Unwritable]]:
    """Blocks that Notion takes as new ones, without ids and what it does not take; and those that it does not take."""
    made: list[Block] = []
    refused: list[Unwritable] = []
    for block in blocks:
        kind = str(block["type"])
        why = _WHY.get(kind) or ("a file that Notion keeps; give its URL" if _is_kept(block[kind]) else None)
        if why:
            refused.append(Unwritable(type=kind, id=block.get("id"), reason=why))
            continue
        payload: dict[str, Any] = {key: value for key, value in block[kind].items() if key != "list_start_index"}
        if kind == "synced_block" and payload.get("synced_from"):
            payload.pop("children", None)
        elif children_of(block):
            payload["children"], inner = postable(payload["children"])
            refused += inner
        if _is_kept(payload.get("icon") or {}):
            del payload["icon"]
        made.append({"object": "block", "type": kind, kind: payload})
    return made, refused


def _is_kept(file: dict[str, Any]) -> bool:
    return file.get("type") == "file"
