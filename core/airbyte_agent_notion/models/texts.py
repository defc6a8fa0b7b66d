"""A page's text, and files found again: what composites answer in forms of our own."""

from typing import Literal, Required

from typing_extensions import TypedDict

__all__ = ["PageText", "StoredFile"]


class PageText(TypedDict, total=False):
    """The text of a page, of a section of it, or of what an edit has changed."""

    object: Required[Literal["page_text"]]
    id: Required[str]
    markdown: str
    """Notion's Markdown in short; ``notion-file:`` references stand for files that Notion keeps."""
    outline: str
    """The headings, one a line, in place of ``markdown`` where only they were asked for."""
    complete: Required[bool]
    """False where something could not be read; ``missing`` names it."""
    missing: Required[list[str]]
    """Ids of blocks that could not be read; the page's own where its end is missing."""
    changed: bool
    """Of an edit: whether there was anything to change. ``markdown`` is then the part that has changed."""
    unverified: str
    """Of an edit: why its effect cannot be seen in Notion's answer."""
    left_out: str
    """Says that something lies outside the allowed roots."""


class StoredFile(TypedDict, total=False):
    """A file that Notion keeps, with an address that is good for about an hour."""

    object: Required[Literal["file"]]
    id: Required[str]
    """The reference: ``notion-file:...``; it stays the same."""
    name: Required[str]
    url: Required[str]
    """Signed: whoever has it can open the file until it expires."""
    expiry_time: str
    type: str
    """Where it stands: ``icon``, ``cover``, ``property``, ``attachment``, or the type of its block."""
    parent: Required[dict[str, str]]
    """What it is in, e.g. ``{"type": "page_id", "page_id": "..."}``."""
