"""How objects are named in text: by a conversation's handles, or by their ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .conversation import Conversation
from .file_refs import file_ref
from .shaping.addresses import shortened
from .shaping.shaped import Kind

__all__ = ["FullRefs", "Names", "ShortRefs"]

MAX_ADDRESSES = 50_000

Names = Mapping[str, str | None]
"""Users' names by id; None where Notion does not tell."""


class ShortRefs:
    """Names objects in text by a conversation's handles."""

    def __init__(self, conversation: Conversation) -> None:
        self._give = conversation.handles.give
        self._names = conversation.names
        self._addresses = conversation.addresses

    def id(self, kind: Kind, identifier: str) -> str:
        """The object's handle."""
        return self._give(kind, identifier)

    def file(self, container: str, url: str) -> str:
        """The file's handle."""
        return self._give("file", file_ref(container, url))

    def person(self, user: Mapping[str, Any]) -> str:
        """The name; the handle where it is not known."""
        identifier = str(user.get("id") or "")
        return str(user.get("name") or "") or self._names.get(identifier) or self._give("user", identifier)

    def text(self, markdown: str) -> str:
        """With handles in place of addresses."""
        return shortened(markdown, self._short)

    def _short(self, kind: str, identifier: str, address: str) -> str:
        handle = self._give(kind, identifier)
        if "#" in address:
            if len(self._addresses) >= MAX_ADDRESSES:
                self._addresses.clear()
            self._addresses[handle] = address
        return handle


class FullRefs:
    """Names objects in text by their ids."""

    def __init__(self, names: Names | None = None) -> None:
        self._names = names or {}

    def id(self, kind: Kind, identifier: str) -> str:
        """The id."""
        del kind
        return identifier

    def file(self, container: str, url: str) -> str:
        """A reference that ``files.get`` takes."""
        return file_ref(container, url)

    def person(self, user: Mapping[str, Any]) -> str:
        """The name; the id where it is not known."""
        identifier = str(user.get("id") or "")
        return str(user.get("name") or "") or self._names.get(identifier) or identifier

    def text(self, markdown: str) -> str:
        """As it is."""
        return markdown
