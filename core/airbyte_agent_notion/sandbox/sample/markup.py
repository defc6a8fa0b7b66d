"""Rich text from a small inline markup, so that the sample's content reads as prose.

``**bold** *italic* ~~struck~~ __underlined__ `code` [text](url) $equation$ {red|text}`` and the mentions
``@user:key @page:key @db:key @date:2026-11-30``.
"""

from __future__ import annotations

import re

from ..ids import derived_id
from ..state import DateValue, RichText, Span

__all__ = ["database_id", "page_id", "rich", "user_id"]

_TOKEN = re.compile(
    r"\*\*(?P<bold>.+?)\*\*|~~(?P<strikethrough>.+?)~~|__(?P<underline>.+?)__|\*(?P<italic>.+?)\*"
    r"|`(?P<code>.+?)`|\$(?P<equation>.+?)\$|\[(?P<label>.+?)\]\((?P<url>.+?)\)|\{(?P<color>\w+)\|(?P<colored>.+?)\}"
    r"|@user:(?P<user>[\w-]+)|@page:(?P<page>[\w-]+)|@db:(?P<database>[\w-]+)|@date:(?P<date>[\d-]+)"
)
_MARKS = ("bold", "italic", "strikethrough", "underline", "code")


def user_id(key: str) -> str:
    """The id of the user with that key."""
    return derived_id("user", key)


def page_id(key: str) -> str:
    """The id of the page with that key."""
    return derived_id("page", key)


def database_id(key: str) -> str:
    """The id of the database with that key."""
    return derived_id("database", key)


def rich(text: str) -> RichText:
    """Parse the markup."""
    spans: list[Span] = []
    position = 0
    for found in _TOKEN.finditer(text):
        if found.start() > position:
            spans.append(Span(text=text[position : found.start()]))
        spans.append(_span(found))
        position = found.end()
    if position < len(text):
        spans.append(Span(text=text[position:]))
    return tuple(spans)


def _span(found: re.Match[str]) -> Span:
    part = {name: value for name, value in found.groupdict().items() if value is not None}
    mark = next((name for name in _MARKS if name in part), None)
    if mark is not None:
        return Span(text=part[mark], marks=frozenset([mark]))
    if "label" in part:
        return Span(text=part["label"], link=part["url"])
    if "color" in part:
        return Span(text=part["colored"], color=part["color"])
    if "equation" in part:
        return Span(kind="equation", text=part["equation"])
    if "date" in part:
        return Span(kind="date", date=DateValue(start=part["date"]))
    return _mention(part)


def _mention(part: dict[str, str]) -> Span:
    if "user" in part:
        return Span(kind="user", target=user_id(part["user"]))
    if "page" in part:
        return Span(kind="page", target=page_id(part["page"]))
    return Span(kind="database", target=database_id(part["database"]))
