"""What differs between the Notion versions that we speak, in one place (operations use the names of the newest).

| | 2025-09-03 | 2026-03-11 |
|---|---|---|
| the trash, in a PATCH | ``archived`` (``in_trash`` too, by the documentation) | ``in_trash`` only |
| where blocks are appended | ``after``; ``position`` since January 2026 | ``position`` only |
| objects answered | ``archived`` beside ``in_trash``; block type ``transcription`` | ``in_trash``; ``meeting_notes`` |

``is_archived``, which puts a page aside, is the same in both and is not the trash. Answers stay as Notion gave them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from ..flow import Request

__all__ = ["spelled"]

JsonObject = dict[str, Any]

_OLD = frozenset({"2025-09-03"})


def spelled(request: Request, notion_version: str) -> Request:
    """The request as that version spells it."""
    body: object = request.json
    if notion_version not in _OLD or request.method != "PATCH" or not isinstance(body, dict):
        return request
    given = cast("JsonObject", body)
    old = _old_position(_old_trash(given))
    return request if old is given else replace(request, json=old)


def _old_trash(body: JsonObject) -> JsonObject:
    if "in_trash" not in body:
        return body
    return {("archived" if name == "in_trash" else name): value for name, value in body.items()}


def _old_position(body: JsonObject) -> JsonObject:
    position = body.get("position")
    if not isinstance(position, dict):
        return body
    place = cast("JsonObject", position)
    if place.get("type") == "start":
        return body  # ``after`` cannot say it.
    rest = {name: value for name, value in body.items() if name != "position"}
    return {**rest, "after": place["after_block"]["id"]} if place.get("type") == "after_block" else rest
