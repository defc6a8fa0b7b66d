"""Addresses of Notion's objects in Markdown, made short and long again: ``<page https://app.notion.com/p/1f0c...>`` is
``<page p482915307>``. Only where a tag or a link names its target, so that text stays text.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ..file_refs import FILE_SCHEME
from .handles import HANDLE

__all__ = ["lengthened", "object_address", "shortened"]

_HEX = r"[0-9a-f]{32}"
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_PLACE = r"(?P<before><(?P<tag>[a-z][a-z_-]*) (?:url=\"|src=\"|icon=\")?|\]\(|\bicon=\")"
_BEHIND = r"(?=[\s/>\")])"
_ADDRESS = re.compile(
    rf"{_PLACE}(?:https://app\.notion\.com/p/(?P<id>{_HEX})(?:#(?P<block>{_HEX}))?"
    rf"|user://(?P<user>{_UUID})|(?P<file>{FILE_SCHEME}{_HEX}/{_HEX})){_BEHIND}"
)
_SHORT = re.compile(rf"{_PLACE}(?P<handle>{HANDLE.pattern}){_BEHIND}")

_KINDS = {
    "page": "page",
    "link": "page",
    "mention": "page",
    "mention-page": "page",
    "database": "database",
    "mention-database": "database",
    "mention-data-source": "data_source",
}
"""What a tag's address belongs to; a link's is taken for a page's, every other tag's for a block's."""


def object_address(kind: str, identifier: str) -> str:
    """The address of an object as Markdown has it; a file's reference is one already."""
    if kind == "file":
        return identifier
    return f"user://{identifier}" if kind == "user" else f"https://app.notion.com/p/{identifier.replace('-', '')}"


def shortened(markdown: str, short: Callable[[str, str, str], str]) -> str:
    """Markdown with ``short(kind, id, address)`` in place of every address."""

    def put(found: re.Match[str]) -> str:
        before, address = found["before"], found[0][len(found["before"]) :]
        if found["file"]:
            return before + short("file", found["file"], address)
        if found["user"]:
            return before + short("user", found["user"], address)
        if found["block"]:
            return before + short("block", found["block"], address)
        kind = _KINDS.get(found["tag"], "block") if found["tag"] else "page"
        return before + short(kind, found["id"], address)

    return _ADDRESS.sub(put, markdown)


def lengthened(markdown: str, address: Callable[[str], str | None]) -> str:
    """Markdown with ``address(handle)`` in place of every handle; where that is None it stays."""
    return _SHORT.sub(lambda found: found["before"] + (address(found["handle"]) or found["handle"]), markdown)
