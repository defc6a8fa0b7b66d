"""Custom emojis of the workspace."""

from pydantic import Field

from ..listing import ListOperation
from ..models.pieces import CustomEmoji
from ..namespace import M, Namespace, method
from ..operation import Spec

__all__ = ["CustomEmojis", "ListCustomEmojis"]


class ListCustomEmojis(ListOperation[CustomEmoji]):
    """List the workspace's own emojis, whose ids icons and mentions take."""

    spec = Spec("custom_emojis", "list", "GET /v1/custom_emojis", capability="read_content")
    name: str | None = Field(default=None, description="Only the one with exactly this name.")


class CustomEmojis(Namespace[M]):
    """Emojis that the workspace has added."""

    list = method(ListCustomEmojis)
