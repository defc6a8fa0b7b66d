"""POST search: titles only, most recently edited first."""

from __future__ import annotations

import re
from typing import Any

from ..context import Context
from ..narrow import as_object, only
from ..problems import malformed
from ..routing import Route
from ..state import DataSource, Page

__all__ = ["ROUTES"]

OBJECTS = ("page", "data_source")
DIRECTIONS = ("ascending", "descending")
NEWEST_FIRST = {"timestamp": "last_edited_time", "direction": "descending"}


def search(context: Context) -> dict[str, Any]:
    """Pages and data sources with a matching title.

    A title matches if any word of the query, without a plural s, begins one of its words (recorded: "Tests" also
    finds "Markdown Test"; a query of two words finds titles with either).
    """
    context.allow(body=("query", "filter", "sort", "start_cursor", "page_size"))
    wanted, trashed = _filter(context)
    stems = _stems(context)
    scored = [
        (each, score)
        for each in _candidates(context, trashed=trashed)
        if (wanted is None or _kind(each) == wanted) and (score := _score(context, each, stems)) > 0
    ]
    ordered = [each for each, _ in _ordered(context, scored)]
    return context.listing("page_or_data_source", ordered, lambda each: _render(context, each), lambda each: each.id)


def _candidates(context: Context, *, trashed: bool) -> list[Page | DataSource]:
    workspace = context.workspace
    everything: list[Page | DataSource] = [*workspace.pages.values(), *workspace.sources.values()]
    return [each for each in everything if workspace.is_shared(each) and workspace.in_trash(each) is trashed]


def _kind(record: Page | DataSource) -> str:
    return "page" if isinstance(record, Page) else "data_source"


def _render(context: Context, record: Page | DataSource) -> dict[str, Any]:
    return context.render.page(record) if isinstance(record, Page) else context.render.data_source(record)


def _stems(context: Context) -> list[str]:
    query = context.body.get("query", "")
    if not isinstance(query, str):
        raise malformed("body.query", "a string or `undefined`", query)
    return [_stem(word) for word in re.findall(r"\w+", query.casefold())]


def _stem(word: str) -> str:
    return word[:-1] if len(word) > len("xxx") and word.endswith("s") else word


def _score(context: Context, record: Page | DataSource, stems: list[str]) -> int:
    if not stems:
        return 1
    words = re.findall(r"\w+", context.workspace.title(record).casefold())
    return sum(1 for stem in stems if any(word.startswith(stem) for word in words))


def _filter(context: Context) -> tuple[str | None, bool]:
    body = as_object(context.body.get("filter", {}), "body.filter")
    only(body, "body.filter", "property", "value", "in_trash")
    if ("property" in body or "value" in body) and body.get("property") != "object":
        raise malformed("body.filter.property", '`"object"`', body.get("property"))
    if "property" in body and body.get("value") not in OBJECTS:
        raise malformed("body.filter.value", '`"page"` or `"data_source"`', body.get("value"))
    if not isinstance(body.get("in_trash", False), bool):
        raise malformed("body.filter.in_trash", "a boolean or `undefined`", body["in_trash"])
    return body.get("value"), body.get("in_trash", False)


def _ordered(context: Context, scored: list[tuple[Page | DataSource, int]]) -> list[tuple[Page | DataSource, int]]:
    sort = as_object(context.body.get("sort", NEWEST_FIRST), "body.sort")
    only(sort, "body.sort", "property", "timestamp", "direction")
    newest = sorted(scored, key=lambda pair: pair[0].edited, reverse=sort.get("direction") != "ascending")
    if sort.get("property") == "relevance":
        return sorted(newest, key=lambda pair: -pair[1])
    if sort.get("timestamp") != "last_edited_time":
        raise malformed("body.sort.timestamp", '`"last_edited_time"`', sort.get("timestamp"))
    if sort.get("direction") not in DIRECTIONS:
        raise malformed("body.sort.direction", '`"ascending"` or `"descending"`', sort.get("direction"))
    return newest


ROUTES = (Route(method="POST", path="/v1/search", handler=search, capability="read_content"),)
