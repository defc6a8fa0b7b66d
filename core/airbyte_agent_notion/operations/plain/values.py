"""From plain values to what Notion takes for them, for every type that needs no look-up."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, cast
from urllib.parse import unquote, urlsplit

from ...operation import JsonObject
from ..shapes import is_list, items_of, object_of
from ..texts import TooLong, as_rich_text, split_rich_text, units
from .columns import Column, Unfit
from .dates import date_value
from .names import likely_misspelt, matching, shown, there_are, told

__all__ = ["CLEARED", "VALUE_TYPES", "converted", "listed", "option_of"]

Payload: TypeAlias = Any
Convert: TypeAlias = Callable[[Column, Any], Payload]

MAX_URL = 2_000
MAX_SHORT = 200
MAX_NAME = 100

CLEARED: Mapping[str, Payload] = {
    **dict.fromkeys(("title", "rich_text", "multi_select", "people", "files", "relation"), ()),
    **dict.fromkeys(("number", "select", "status", "date", "url", "email", "phone_number", "place")),
    "checkbox": False,
    "verification": {"state": "unverified"},
}
"""What null stands for, by type."""

VALUE_TYPES = frozenset(CLEARED)
"""Types of values that can be written: keys that mark a value as Notion's own."""


def converted(column: Column, value: Any) -> Payload:
    """What stands under the type's key; raises Unfit."""
    return _CONVERSIONS[column.type](column, value)


def listed(value: Any) -> list[Any]:
    """A list as it is, anything else as a list of one."""
    return items_of(value) if is_list(value) else [value]


def option_of(column: Column, value: Any) -> JsonObject:
    """One option of a select, multi-select or status: one that exists, or for the former two a new one."""
    if isinstance(value, dict) and {"id", "name"} & set(cast("JsonObject", value)):
        return cast("JsonObject", value)
    if isinstance(value, bool) or not isinstance(value, (str, int)) or value == "":
        raise Unfit(f"{told(cast('object', value))} is no option; write its name. {there_are(column.option_names)}")
    name = str(value).strip()
    found = matching(name, column.option_names, str)
    if len(found) == 1:
        return {"name": found[0]}
    if found:
        raise Unfit(f"{told(name)} stands for several options: {shown(found)}; write one exactly")
    return {"name": _new_option(column, name)}


def _new_option(column: Column, name: str) -> str:
    near = likely_misspelt(name, column.option_names)
    hint = f"; did you mean {near!r}?" if near else "."
    known = there_are(column.option_names)
    if column.type == "status":
        raise Unfit(f"there is no status {told(name)}{hint} {known}; new ones are made in Notion")
    if near:
        forced = f"{{{column.type!r}: {{'name': {name!r}}}}}" if column.type == "select" else f"[{{'name': {name!r}}}]"
        raise Unfit(f"there is no option {told(name)}{hint} {known}; for a new option write {forced}")
    if "," in name or len(name) > MAX_NAME:
        raise Unfit(f"{name[:MAX_NAME]!r} cannot be an option: names have no comma and at most {MAX_NAME} characters")
    return name


def _options(column: Column, value: Any) -> list[JsonObject]:
    parts: list[Any] = []
    for each in listed(value):
        # No option has a comma in its name, unless it is as old as this one.
        several = isinstance(each, str) and "," in each and not matching(each, column.option_names, str)
        parts += [part.strip() for part in each.split(",") if part.strip()] if several else [each]
    found = [option_of(column, each) for each in parts]
    return [each for index, each in enumerate(found) if each not in found[:index]]


def _text(_: Column, value: Any) -> list[Any]:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(value)
    try:
        if isinstance(value, str):
            return as_rich_text(value)
        if is_list(value) and all(isinstance(item, dict) for item in items_of(value)):
            return split_rich_text(items_of(value))
    except TooLong as error:
        raise Unfit(str(error)) from None
    raise Unfit("write text")


def _number(_: Column, value: Any) -> int | float:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    text = value.strip() if isinstance(value, str) else ""
    if re.fullmatch(r"[+-]?\d+", text):
        return int(text)
    if re.fullmatch(r"[+-]?(\d+\.\d+|\d+(\.\d+)?[eE][+-]?\d{1,2})", text):
        return float(text)
    raise Unfit(f"{told(value)} is no number; write it like 1200.5, without separators, signs of money or percent")


def _checkbox(_: Column, value: Any) -> bool:
    words = {"true": True, "yes": True, "false": False, "no": False}
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().casefold() in words:
        return words[value.strip().casefold()]
    raise Unfit(f"{told(value)} is neither true nor false")


def _short(what: str, limit: int, shape: str) -> Convert:
    def convert(_: Column, value: Any) -> str:
        text = value.strip() if isinstance(value, str) else ""
        if not re.fullmatch(shape, text) or units(text) > limit:
            raise Unfit(f"{told(value)} is no {what} of at most {limit:,} characters")
        return text

    return convert


def _files(_: Column, value: Any) -> list[JsonObject]:
    return [_file(each) for each in listed(value)]


def _file(value: Any) -> JsonObject:
    if isinstance(value, str) and re.fullmatch(r"https?://\S+", value.strip()):
        return _external(value.strip(), None)
    given = object_of(value)
    if given.get("object") == "file_upload":
        named = {"name": str(given["filename"])[:MAX_NAME]} if given.get("filename") else {}
        return {"type": "file_upload", "file_upload": {"id": given.get("id")}, **named}
    if isinstance(given.get("url"), str):
        return _external(given["url"], given.get("name"))
    if {"external", "file_upload", "file"} & set(given):
        return given
    raise Unfit(f"{told(value)} is no file; write an https:// address, or what file_uploads.create answered")


def _external(url: str, name: object) -> JsonObject:
    parts = urlsplit(url)
    found = str(name or unquote(parts.path.rstrip("/").rpartition("/")[2]) or parts.hostname or "file")
    return {"type": "external", "name": found[:MAX_NAME], "external": {"url": url}}


def _place(_: Column, value: Any) -> JsonObject:
    given = object_of(value)
    if all(isinstance(given.get(key), (int, float)) for key in ("lat", "lon")):
        return given
    raise Unfit("write a place as {'lat': 52.5, 'lon': 13.4, 'name': ...}")


def _verification(_: Column, value: Any) -> JsonObject:
    state = {True: "verified", False: "unverified"}.get(value, value) if not isinstance(value, dict) else None
    if isinstance(state, str) and state.strip().casefold() in {"verified", "unverified"}:
        return {"state": state.strip().casefold()}
    if isinstance(value, dict) and "state" in value:
        return cast("JsonObject", value)
    raise Unfit("write 'verified' or 'unverified'")


def _date(_: Column, value: Any) -> JsonObject:
    return date_value(value)


_CONVERSIONS: Mapping[str, Convert] = {
    "title": _text,
    "rich_text": _text,
    "number": _number,
    "select": option_of,
    "status": option_of,
    "multi_select": _options,
    "date": _date,
    "files": _files,
    "checkbox": _checkbox,
    "url": _short("address", MAX_URL, r"\S+"),
    "email": _short("e-mail address", MAX_SHORT, r"[^@\s]+@[^@\s]+"),
    "phone_number": _short("phone number", MAX_SHORT, r".+"),
    "place": _place,
    "verification": _verification,
}
