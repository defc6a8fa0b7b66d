"""What a page holds in a property, as text: what a write of plain values takes back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from ...narrowing import object_of
from .dates import moment, period
from .ink import Ink

__all__ = ["CUT", "UNCERTAIN", "number_text", "value_text"]

Write: TypeAlias = Callable[[Any, Ink], str]

CUT = "… +more"
"""Behind a value that stops before its end."""
UNCERTAIN = "…?"
"""Behind a value that is computed from some of the related pages only."""
NOT_COMPUTED = "(not computed)"


def value_text(value: Mapping[str, Any], ink: Ink) -> str:
    """A property value as a cell; empty where the page holds nothing."""
    try:
        kind = value["type"]
        payload = value.get(kind)
        if payload is None:
            return ""
        write = _WRITERS.get(kind)
        text = _unknown(payload, ink) if write is None else write(payload, ink)
        return f"{text} {CUT}" if kind == "relation" and _has_more(value, ink) else text
    except (AttributeError, KeyError, TypeError, ValueError):
        return _unknown(value, ink)


def _has_more(value: Mapping[str, Any], ink: Ink) -> bool:
    if value.get("has_more") is True:
        ink.notes.add("cut")
        return True
    return False


def number_text(number: float) -> str:
    """A number without separators, whole ones without a point."""
    if isinstance(number, float) and number.is_integer() and abs(number) < 1e16:
        return str(int(number))
    return json.dumps(number)


def _rich(payload: list[Any], ink: Ink) -> str:
    return ink.rich(payload) if payload else ""


def _number(payload: float, ink: Ink) -> str:
    return ink.text(number_text(payload))


def _option(payload: Mapping[str, Any], ink: Ink) -> str:
    name = payload.get("name")
    return ink.text(str(payload.get("id") or "") if name is None else str(name))


def _options(payload: list[Mapping[str, Any]], ink: Ink) -> str:
    return ", ".join([ink.guard(_option(each, ink)) for each in payload])


def _date(payload: Mapping[str, Any], ink: Ink) -> str:
    return ink.text(period(payload))


def _people(payload: list[Mapping[str, Any]], ink: Ink) -> str:
    return ", ".join([ink.person(each) for each in payload])


def _person(payload: Mapping[str, Any], ink: Ink) -> str:
    return ink.person(payload) if payload else ""


def _files(payload: list[Mapping[str, Any]], ink: Ink) -> str:
    return ", ".join([_file(each, ink) for each in payload])


def _file(payload: Mapping[str, Any], ink: Ink) -> str:
    kind = payload.get("type") or ("external" if "external" in payload else "file")
    found = object_of(payload.get(kind)).get("url")
    name = str(payload.get("name") or "")
    if not found:
        return ink.item(name or _lean(payload))
    url = str(found)
    reference = ink.refs.file(ink.container, url) if kind == "file" else ink.reference(url)
    return ink.named(name if name != url else "", reference)


def _checkbox(payload: Any, ink: Ink) -> str:
    return "yes" if payload is True else "no" if payload is False else _unknown(payload, ink)


def _address(payload: str, ink: Ink) -> str:
    return ink.address(payload)


def _short(payload: Any, ink: Ink) -> str:
    return ink.text(str(payload))


def _relation(payload: list[Mapping[str, Any]], ink: Ink) -> str:
    return ", ".join([ink.link("page", each["id"]) for each in payload])


def _moment(payload: str, ink: Ink) -> str:
    return ink.text(moment(payload))


def _unique_id(payload: Mapping[str, Any], ink: Ink) -> str:
    prefix, number = payload.get("prefix"), payload.get("number")
    if number is None:
        return ""
    return ink.text(f"{prefix}-{number}" if prefix else str(number))


def _button(_: Any, ink: Ink) -> str:
    del ink
    return "(button)"


def _verification(payload: Mapping[str, Any], ink: Ink) -> str:
    state, date, user = payload.get("state"), payload.get("date"), payload.get("verified_by")
    text = ink.text(str(state or ""))
    text = f"{text} {ink.text(period(date))}" if date else text
    return f"{text} by {ink.person(user)}" if user else text


def _place(payload: Mapping[str, Any], ink: Ink) -> str:
    words = [str(payload[key]) for key in ("name", "address") if payload.get(key)]
    numbers = [payload[key] for key in ("lat", "lon") if payload.get(key) is not None]
    where = f"({', '.join(number_text(each) for each in numbers)})" if numbers else ""
    return ink.text(" ".join([*dict.fromkeys(words), where]).strip())


def _computed(payload: Mapping[str, Any], ink: Ink) -> str:
    kind = payload["type"]
    inner = payload.get(kind)
    if kind in {"unsupported", "incomplete"}:
        return NOT_COMPUTED
    if inner is None:
        return ""
    if kind == "array":
        return ", ".join([each for value in inner if (each := _item(value, ink))])
    return _INNER.get(kind, _unknown)(inner, ink)


def _item(value: Mapping[str, Any], ink: Ink) -> str:
    text = value_text(value, ink)
    return text if value.get("type") in _LISTS else ink.guard(text)


def _unknown(payload: Any, ink: Ink) -> str:
    return ink.text(payload if isinstance(payload, str) else _lean(payload)) if payload not in ({}, [], "") else ""


def _lean(payload: Any) -> str:
    from .lean import lean_json

    return lean_json(payload)


_LISTS = frozenset({"multi_select", "people", "files", "relation", "created_by", "last_edited_by"})
"""Types whose text is guarded already."""
_INNER: Mapping[str, Write] = {"string": _short, "number": _number, "boolean": _checkbox, "date": _date}

_WRITERS: Mapping[str, Write] = {
    "title": _rich,
    "rich_text": _rich,
    "number": _number,
    "select": _option,
    "status": _option,
    "multi_select": _options,
    "date": _date,
    "people": _people,
    "files": _files,
    "checkbox": _checkbox,
    "url": _address,
    "email": _short,
    "phone_number": _short,
    "relation": _relation,
    "formula": _computed,
    "rollup": _computed,
    "unique_id": _unique_id,
    "created_time": _moment,
    "last_edited_time": _moment,
    "last_visited_time": _moment,
    "created_by": _person,
    "last_edited_by": _person,
    "button": _button,
    "verification": _verification,
    "place": _place,
}
