"""Results made up for what shapes them, names that tell objects apart, and a reader of the compact text of rows."""

import re
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any, cast

from airbyte_agent_notion.listing import ListMeta, ListResult
from airbyte_agent_notion.operation import Operation, Spec
from airbyte_agent_notion.shaping.shape import shape
from airbyte_agent_notion.shaping.shaped import Format, Shaped

Json = dict[str, Any]

PLAIN = {"bold": False, "italic": False, "strikethrough": False, "underline": False, "code": False, "color": "default"}
SIGNED = "https://files.example/9d5f1c44-0000-4000-8000-0000000000aa/a.png?X-Amz-Signature=5ecre7&X-Amz-Expires=3600"
STAMP = "2026-06-18T17:51:00.000Z"


def uid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


PAGE, SOURCE, DATABASE, BLOCK, USER = map(uid, (1, 2, 3, 4, 5))


class Names:
    """``p1`` for the page of id ...1, ``file(p1)`` for what is in it."""

    letters: Mapping[str, str] = {"page": "p", "database": "db", "data_source": "ds", "block": "b", "user": "u"}

    def id(self, kind: str, identifier: str) -> str:
        digits = identifier.rpartition("-")[2].lstrip("0") or "0"
        return self.letters.get(kind, kind[0]) + digits

    def file(self, container: str, url: str) -> str:
        return f"file({self.id('page', container)})"

    def person(self, user: Mapping[str, Any]) -> str:
        return str(user.get("name") or self.id("user", str(user["id"])))

    def text(self, markdown: str) -> str:
        return re.sub(r"https://app\.notion\.com/p/([0-9a-f]{32})", lambda found: f"p{int(found[1][-12:])}", markdown)


def call(name: str, **params: Any) -> Operation[Any]:
    """What shaping looks at of an operation."""
    entity, action = name.split(".")
    spec = Spec(entity, action, "GET /v1/x")
    return cast("Operation[Any]", SimpleNamespace(spec=spec, params=lambda: params, **params))


def shaped(name: str, result: Any, form: Format = "compact", **params: Any) -> Shaped:
    return shape(call(name, **params), result, format=form, refs=Names())


def listed(*items: Any, cursor: str | None = None, reason: str | None = None, **envelope: Any) -> ListResult[Any]:
    meta = ListMeta(next_cursor=cursor, has_more=cursor is not None, incomplete_reason=reason, envelope=envelope)
    return ListResult(data=list(items), meta=meta)


def words(content: str, link: str | None = None, **looks: Any) -> Json:
    text = {"content": content, "link": {"url": link} if link else None}
    return {"type": "text", "text": text, "annotations": {**PLAIN, **looks}, "plain_text": content, "href": link}


def rich(content: str) -> list[Json]:
    return [words(content)] if content else []


def value(kind: str, payload: Any, **more: Any) -> Json:
    return {"id": "x", "type": kind, kind: payload, **more}


def page(number: int = 1, /, title: str = "A", title_name: str = "Name", **properties: Json) -> Json:
    values = {**properties, title_name: {"id": "title", "type": "title", "title": rich(title)}}
    return {
        "object": "page",
        "id": uid(number),
        "created_time": STAMP,
        "last_edited_time": STAMP,
        "created_by": {"object": "user", "id": USER},
        "last_edited_by": {"object": "user", "id": USER},
        "parent": {"type": "data_source_id", "data_source_id": SOURCE, "database_id": DATABASE},
        "icon": None,
        "cover": None,
        "in_trash": False,
        "is_archived": False,
        "is_locked": False,
        "url": f"https://app.notion.com/p/{number}",
        "public_url": None,
        "properties": values,
    }


def block(number: int, kind: str, content: str | None = None, /, **payload: Any) -> Json:
    found = {"object": "block", "id": uid(number), "type": kind, "has_children": False}
    return {**found, kind: {**({} if content is None else {"rich_text": rich(content)}), **payload}}


def cells_of(line: str) -> list[str]:
    """The cells of a line of compact text, as they were before they were written."""
    return [unescaped(cell) for cell in split(line, "|")]


def items_of(cell: str) -> list[str]:
    """The items of a cell that is still escaped."""
    return [unescaped(item) for item in split(cell, ", ")]


def split(text: str, mark: str) -> list[str]:
    """Text at a mark; what stands behind a backslash is none."""
    parts, start, at = [], 0, 0
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text.startswith(mark, at):
            parts.append(text[start:at])
            at += len(mark)
            start = at
        else:
            at += 1
    return [*parts, text[start:]]


def unescaped(cell: str) -> str:
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "r": "\r"}.get(found[1], found[1]), cell, flags=re.DOTALL)


def table(body: str) -> list[dict[str, str]]:
    """Rows of compact text with every column, also those that stand above; values as they were before."""
    lines = body.split("\n")
    same: dict[str, str] = {}
    if lines[0].startswith("All rows: "):
        same = dict(_pair(each) for each in split(lines.pop(0).removeprefix("All rows: "), "|"))
    empty = [unescaped(each) for each in split(lines.pop(0)[7:], "|")] if lines[0].startswith("Empty: ") else []
    names = cells_of(lines[0])
    return [{**same, **dict.fromkeys(empty, ""), **dict(zip(names, cells_of(line), strict=True))} for line in lines[1:]]


def _pair(text: str) -> tuple[str, str]:
    name, *rest = split(text, "=")
    return unescaped(name), unescaped("=".join(rest))


def strings(data: Any) -> Iterator[str]:
    """Every text at any depth."""
    if isinstance(data, str):
        yield data
    for each in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from strings(each)
