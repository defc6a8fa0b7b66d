"""The text of a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...narrowing import list_of
from ..markdown import outline
from .ink import Ink
from .lean import unsigned_text
from .pieces import Piece, Prose, Told

__all__ = ["page_text"]


def page_text(found: Mapping[str, Any], ink: Ink) -> Told:
    """A page's Markdown, Notion's or ours, or its headings alone; what of it is missing is said."""
    identifier = str(found.get("id") or "")
    markdown, headings = (_text(found.get(key), ink, identifier) for key in ("markdown", "outline"))
    pieces: list[Piece] = [Prose(markdown or headings)]
    warnings = [each for each in list_of(found.get("warnings")) if isinstance(each, str)]
    if warnings:
        pieces.append(Prose("\n".join(f"Warning: {ink.text(each)}" for each in warnings)))
    what = "headings" if headings and not markdown else "text"
    contents = headings or outline(markdown)
    return Told(
        pieces, f"{what} of page {ink.id('page', identifier)}".rstrip(), _said(found, ink, what), outline=contents
    )


def _text(markdown: object, ink: Ink, identifier: str) -> str:
    lines = "\n".join(str(each) for each in list_of(markdown))
    text = markdown if isinstance(markdown, str) else lines
    return ink.markdown(unsigned_text(text, ink.refs.file, identifier))


def _said(found: Mapping[str, Any], ink: Ink, what: str) -> tuple[str, ...]:
    if found.get("changed") is False:
        return ("There was nothing to change.",)
    said = ("This is the part that has changed.",) if found.get("changed") is True else ()
    lost = [str(each) for each in list_of(found.get("missing")) or list_of(found.get("unknown_block_ids"))]
    names = [ink.id("block", each) for each in lost if each != found.get("id")]
    if len(names) < len(lost):
        said = (*said, "The end of the page could not be read.")
    if names:
        return (*said, f"Not shown: {', '.join(names)}; each can be read by itself.")
    if not lost and (found.get("complete") is False or found.get("truncated") is True):
        return (*said, f"The {what} is not complete.")
    return said if found.get("markdown") or found.get("outline") else (*said, f"The page has no {what}.")
