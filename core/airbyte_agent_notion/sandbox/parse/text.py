"""Rich text as it is sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast

from ..context import Context
from ..narrow import as_array, as_boolean, as_id, as_object, as_string, at_most, one_of, only, required
from ..problems import UNDEFINED, invalid, malformed
from ..state import Database, Page, RichText, Span, SpanKind
from .dates import date_value

__all__ = ["COLORS", "MAX_ITEMS", "MAX_URL", "PLAIN_COLORS", "link_url", "rich_text"]

MAX_TEXT = 2000
MAX_EXPRESSION = 1000
MAX_URL = 2000
MAX_ITEMS = 100
PLAIN_COLORS = ("default", "gray", "brown", "orange", "yellow", "green", "blue", "purple", "pink", "red")
COLORS = (*PLAIN_COLORS, *(f"{name}_background" for name in PLAIN_COLORS))
MARKS = ("bold", "italic", "strikethrough", "underline", "code")
READ_ONLY = ("plain_text", "href")
"""Keys of a rich-text item that may be sent back, and are ignored."""
MENTIONS = ("user", "page", "database", "date", "template_mention")
WORDS = {"template_mention_date": ("today", "now"), "template_mention_user": ("me",)}

_URL = re.compile(r"(?:[a-z][a-z0-9+.-]*:|/|#)\S*", re.IGNORECASE)


def rich_text(context: Context, value: Any, where: str, *, least: int = 0) -> RichText:
    """A rich-text array of at most 100 items."""
    items = as_array(value, where)
    at_most(items, where, MAX_ITEMS, least=least)
    return tuple(_span(context, each, f"{where}[{index}]") for index, each in enumerate(items))


def link_url(value: Any, where: str) -> str:
    """A URL of at most 2,000 characters."""
    url = as_string(value, where, limit=MAX_URL)
    if not _URL.fullmatch(url):
        raise invalid("Invalid URL for link.")
    return url


def _span(context: Context, value: Any, where: str) -> Span:
    body = as_object(value, where)
    kind = next((each for each in SPANS if each in body), None)
    if "type" in body:
        named = one_of(body["type"], f"{where}.type", tuple(SPANS))
        kind = named if named in body else None
    if kind is None:
        raise malformed(f"{where}.{body.get('type', 'text')}", "defined", UNDEFINED)
    only(body, where, "type", kind, "annotations", *READ_ONLY)
    facts = SPANS[kind](context, as_object(body[kind], f"{where}.{kind}"), f"{where}.{kind}")
    marks, color = _annotations(body.get("annotations"), f"{where}.annotations")
    return Span(**facts, marks=marks, color=color)


def _annotations(value: Any, where: str) -> tuple[frozenset[str], str]:
    if value is None:
        return frozenset(), "default"
    body = as_object(value, where)
    only(body, where, *MARKS, "color")
    marks = frozenset(mark for mark in MARKS if mark in body and as_boolean(body[mark], f"{where}.{mark}"))
    return marks, one_of(body.get("color", "default"), f"{where}.color", COLORS)


def _text(_: Context, body: dict[str, Any], where: str) -> dict[str, Any]:
    only(body, where, "content", "link")
    content = as_string(required(body, "content", where), f"{where}.content", limit=MAX_TEXT)
    link = body.get("link")
    if link is None:
        return {"text": content}
    inner = as_object(link, f"{where}.link")
    only(inner, f"{where}.link", "url", "type")
    return {"text": content, "link": link_url(required(inner, "url", f"{where}.link"), f"{where}.link.url")}


def _equation(_: Context, body: dict[str, Any], where: str) -> dict[str, Any]:
    only(body, where, "expression")
    expression = as_string(required(body, "expression", where), f"{where}.expression", limit=MAX_EXPRESSION)
    return {"kind": "equation", "text": expression}


def _mention(context: Context, body: dict[str, Any], where: str) -> dict[str, Any]:
    kind = next((each for each in MENTIONS if each in body), None)
    if kind is None:
        raise malformed(f"{where}.{body.get('type', 'user')}", "a mention that can be written", UNDEFINED)
    only(body, where, "type", kind)
    if body.get("type", kind) != kind:
        raise malformed(f"{where}.type", f'`"{kind}"`', body["type"])
    inner = as_object(body[kind], f"{where}.{kind}")
    if kind == "date":
        return {"kind": "date", "date": date_value(inner, f"{where}.date")}
    if kind == "template_mention":
        return _template_mention(inner, f"{where}.template_mention")
    return {"kind": kind, "target": _target(context, kind, as_id(inner.get("id", UNDEFINED), f"{where}.{kind}.id"))}


def _template_mention(body: dict[str, Any], where: str) -> dict[str, Any]:
    kind = next((each for each in WORDS if each in body), "template_mention_date")
    only(body, where, "type", kind)
    word = one_of(required(body, kind, where), f"{where}.{kind}", WORDS[kind])
    return {"kind": cast("SpanKind", kind), "text": word}


def _target(context: Context, kind: str, identifier: str) -> str:
    """The id, if it names something of that kind that the connection sees; otherwise a 404."""
    if kind == "user":
        if identifier not in context.workspace.users:
            raise context.missing("user", identifier)
        return identifier
    record = context.visible(context.workspace.find(identifier), kind, identifier)
    if not isinstance(record, Page if kind == "page" else Database):
        raise context.missing(kind, identifier)
    return identifier


SPANS: dict[str, Callable[[Context, dict[str, Any], str], dict[str, Any]]] = {
    "text": _text,
    "equation": _equation,
    "mention": _mention,
}
