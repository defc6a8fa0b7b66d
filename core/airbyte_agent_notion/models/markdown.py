"""A page's content as Markdown."""

from typing import Literal, Required

from typing_extensions import TypedDict

from .pieces import Present

__all__ = ["PageMarkdown"]


class PageMarkdown(TypedDict, total=False):
    """A page's content in Notion's Markdown."""

    object: Required[Literal["page_markdown"]]
    id: Required[str]
    markdown: Present[str]
    truncated: Present[bool]
    """True where something could not be shown: ``unknown_block_ids`` names it."""
    unknown_block_ids: Present[list[str]]
    """Each can be asked for by itself."""
    warnings: list[str]
    """Of an edit in Markdown version v2."""
    request_id: str
