"""GET custom_emojis."""

from __future__ import annotations

from typing import Any

from ..context import Context
from ..routing import Route
from ..state_views import CustomEmoji

__all__ = ["ROUTES"]


def list_emojis(context: Context) -> dict[str, Any]:
    """The emojis that the workspace has added, or the one of that exact name."""
    context.allow(query=("name", "start_cursor", "page_size"))
    name = context.one("name")
    wanted = [each for each in context.workspace.emojis.values() if name in (None, each.name)]
    answer = context.listing("custom_emoji", wanted, _emoji, lambda each: each.id)
    # Alone among the lists it has no object of its type's name (recorded).
    return {key: value for key, value in answer.items() if key != "custom_emoji"}


def _emoji(emoji: CustomEmoji) -> dict[str, Any]:
    return {"id": emoji.id, "name": emoji.name, "url": emoji.url}


ROUTES = (Route(method="GET", path="/v1/custom_emojis", handler=list_emojis, capability="read_content"),)
