"""What a person sees of Notion's objects on a screen: a walker of its own, which knows nothing of how we write them."""

import re
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

MEDIA = {"audio", "file", "image", "pdf", "video"}
TIMES = {"created_time", "last_edited_time"}


def of_blocks(blocks: list[Json]) -> Iterator[str]:
    """Every visible value of blocks, with what is inside them under ``children``."""
    for block in blocks:
        kind = block["type"]
        yield from _of_payload(kind, block.get(kind) or {})
        yield from of_blocks(block.get("children") or [])


def _of_payload(kind: str, payload: Json) -> Iterator[str]:
    for name in ("rich_text", "caption"):
        yield from of_rich_text(payload.get(name) or [])
    for cell in payload.get("cells") or []:
        yield from of_rich_text(cell)
    for name in ("expression", "url"):
        if payload.get(name):
            yield str(payload[name])
    if isinstance(payload.get("title"), str):
        yield payload["title"]
    if kind == "code" and payload.get("language") not in {None, "plain text"}:
        yield payload["language"]
    if kind in MEDIA and payload.get("type") == "external":
        yield payload["external"]["url"]
    icon = payload.get("icon") or {}
    if icon.get("type") == "emoji":
        yield icon["emoji"]


def of_rich_text(items: list[Json]) -> Iterator[str]:
    """Its words, the places that its links lead to, and its dates."""
    for item in items:
        if item["type"] == "mention":
            yield from _of_mention(item)
            continue
        yield item["plain_text"]
        link = ((item.get("text") or {}).get("link") or {}).get("url")
        if link and link.startswith("http"):
            yield link


def _of_mention(item: Json) -> Iterator[str]:
    mention = item["mention"]
    if mention["type"] == "date":
        yield mention["date"]["start"][:10]
    elif mention["type"] != "template_mention":
        yield item["plain_text"].removeprefix("@")


def of_row(page: Json) -> Iterator[tuple[str, str]]:
    """Columns that hold something, each with every visible value."""
    for name, value in page["properties"].items():
        for shown in of_value(value):
            if shown.strip():
                yield name, shown


def of_value(value: Json) -> Iterator[str]:
    """What is visible of a property's value. What points at other pages is their titles, which it does not hold."""
    kind = value["type"]
    held = value.get(kind)
    if held is None or held == []:
        return
    if kind in {"title", "rich_text"}:
        yield from of_rich_text(held)
    elif kind in {"select", "status"}:
        yield held["name"]
    elif kind == "multi_select":
        yield from (each["name"] for each in held)
    elif kind == "people":
        yield from (each["name"] for each in held if each.get("name"))
    elif kind in {"created_by", "last_edited_by"}:
        yield held.get("name") or ""
    elif kind == "files":
        yield from (each["name"] for each in held)
    elif kind == "date":
        yield from (moment[:10] for moment in (held["start"], held.get("end")) if moment)
    elif kind == "number":
        yield number(held)
    elif kind in {"url", "email", "phone_number"}:
        yield held
    elif kind in TIMES:
        yield held[:10]
    elif kind == "unique_id":
        yield f"{held['prefix']}-{held['number']}" if held.get("prefix") else str(held["number"])
    elif kind == "formula":
        yield from of_value(held) if held["type"] != "string" else iter([held["string"] or ""])
    elif kind == "rollup":
        inner = held["array"] if held["type"] == "array" else [held]
        for each in inner:
            yield from of_value(each)


def of_schema(source: Json) -> Iterator[str]:
    """A table's name, its columns, their kinds and options."""
    yield from ("".join(item["plain_text"] for item in source.get(name) or []) for name in ("title", "description"))
    for name, column in source["properties"].items():
        yield name
        yield column["type"]
        held = column.get(column["type"]) or {}
        yield from (option["name"] for option in held.get("options") or [])
        for key in ("format", "expression"):
            if isinstance(held.get(key), str) and held[key] not in {"", "number"}:
                # Names of columns stand in an expression as ids, which no one sees.
                yield from re.split(r"\{\{notion:[^{}]*\}\}", held[key])


def number(value: float) -> str:
    """A number as a person writes it."""
    return format(value, "f").rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


_ESCAPES = re.compile(r"\\([\\`*_{}\[\]()<>#+\-.!|~$^,:;\"'=&%@/?])")


def plain(text: str) -> str:
    """Text as it reads: without escapes, marks and breaks, so that it is found wherever it is written."""
    text = _ESCAPES.sub(r"\1", text.replace("<br>", " ").replace("\\n", " "))
    return re.sub(r"[\s*_~`$]+", "", text)
