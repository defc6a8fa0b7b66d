"""Property values as they are sent, by the type of their property."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import unquote

from ..context import Context
from ..narrow import (
    as_array,
    as_boolean,
    as_id,
    as_numeric,
    as_object,
    as_string,
    at_most,
    one_of,
    only,
    required,
)
from ..problems import UNDEFINED, invalid, malformed
from ..state import FileValue, Option, Page, Place, Property, Value, Verification
from ..workspace import as_files
from .dates import date_value
from .files import file_value
from .options import chosen_option
from .text import MAX_URL, rich_text

__all__ = ["READ_ONLY", "Values", "find_property", "read_values"]

MAX_ITEMS = 100
MAX_SHORT = 200
MAX_NAME = 100
READ_ONLY = frozenset(
    {
        "rollup",
        "formula",
        "unique_id",
        "created_time",
        "created_by",
        "last_edited_time",
        "last_edited_by",
        "button",
    }
)
ECHOED = ("id", "type", "name", "has_more")
"""Keys of a value that may be sent back, and are ignored."""


@dataclass(slots=True, kw_only=True)
class Values:
    """What a request sets."""

    values: dict[str, Value] = field(default_factory=dict[str, Value])
    """By property id."""
    options: dict[str, list[Option]] = field(default_factory=dict[str, list[Option]])
    """New options, by property id."""


def find_property(schema: tuple[Property, ...], key: str) -> Property | None:
    """The property of that name, or else of that id, percent-encoded or not."""
    found = next((each for each in schema if each.name == key), None)
    return found or next((each for each in schema if each.id in (key, unquote(key))), None)


def read_values(
    context: Context, value: Any, schema: tuple[Property, ...], *, source_id: str, page: Page | None = None
) -> Values:
    """The ``properties`` of a request.

    Args:
        context: The request.
        value: The object, by name or id of the properties.
        schema: The properties that the page has.
        source_id: The data source of the page; empty for a page that is no row.
        page: The page, if it exists: files that it holds may be sent back.

    Raises:
        Problem: 400 or 404: there is no such property, or it cannot have that value.
    """
    body = as_object(value, "body.properties")
    reader = _Reader(context=context, source_id=source_id, page=page)
    read = Values()
    for key, entry in body.items():
        prop = find_property(schema, key)
        if prop is None:
            raise invalid(f"{key} is not a property that exists.")
        if prop.id in read.values:
            raise invalid(f"{prop.name} is given twice: by its name and by its id.")
        if prop.type in READ_ONLY:
            raise invalid(f"{prop.name} is a {prop.type} property, which cannot be written.")
        where = f"body.properties.{key}"
        read.values[prop.id] = reader.value(prop, _payload(prop, entry, where), f"{where}.{prop.type}")
        if reader.new_options:
            read.options[prop.id] = list(reader.new_options)
            reader.new_options.clear()
    return read


def _payload(prop: Property, entry: Any, where: str) -> Any:
    """What is sent for the property; a title may stand without its type (recorded)."""
    if prop.type == "title" and isinstance(entry, list):
        return as_array(entry, where)
    body = as_object(entry, where)
    if prop.type not in body:
        raise invalid(f"{prop.name} is expected to be {prop.type}.")
    only(body, where, prop.type, *ECHOED)
    if body.get("type", prop.type) != prop.type:
        raise invalid(f"{prop.name} is expected to be {prop.type}.")
    return body[prop.type]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Reads the values of one request, and counts what a request may hold 100 of."""

    context: Context
    source_id: str
    page: Page | None
    new_options: list[Option] = field(default_factory=list[Option])
    counted: dict[str, int] = field(default_factory=dict[str, int])

    def value(self, prop: Property, sent: Any, where: str) -> Value:
        """One value."""
        return READERS[prop.type](self, prop, sent, where)

    def items(self, kind: str, sent: Any, where: str) -> list[Any]:
        """An array whose items count together with those of the request's other properties of that kind."""
        items = list(as_array(sent, where))
        self.counted[kind] = self.counted.get(kind, 0) + len(items)
        at_most(items, where, MAX_ITEMS)
        if self.counted[kind] > MAX_ITEMS:
            raise malformed(f"{where}.length", f"≤ `{MAX_ITEMS}` in one request", self.counted[kind])
        return items

    def option(self, prop: Property, sent: Any, where: str) -> str:
        """An option's id."""
        return chosen_option(prop, sent, where, seed=self.source_id, new=self.new_options)


Read: TypeAlias = Callable[[_Reader, Property, Any, str], Value]


def _text(reader: _Reader, _: Property, sent: Any, where: str) -> Value:
    return rich_text(reader.context, sent, where)


def _number(_: _Reader, __: Property, sent: Any, where: str) -> Value:
    return None if sent is None else as_numeric(sent, where)


def _choice(reader: _Reader, prop: Property, sent: Any, where: str) -> Value:
    return None if sent is None else reader.option(prop, sent, where)


def _choices(reader: _Reader, prop: Property, sent: Any, where: str) -> Value:
    items = reader.items("multi_select", sent, where)
    chosen = [reader.option(prop, each, f"{where}[{index}]") for index, each in enumerate(items)]
    return tuple(dict.fromkeys(chosen))


def _date(_: _Reader, __: Property, sent: Any, where: str) -> Value:
    return None if sent is None else date_value(sent, where)


def _identifiers(reader: _Reader, kind: str, sent: Any, where: str, *echoed: str) -> list[str]:
    found: list[str] = []
    for index, each in enumerate(reader.items(kind, sent, where)):
        spot = f"{where}[{index}]"
        body = as_object(each, spot)
        only(body, spot, "id", *echoed)
        found.append(as_id(body.get("id", UNDEFINED), f"{spot}.id"))
    return list(dict.fromkeys(found))


def _people(reader: _Reader, _: Property, sent: Any, where: str) -> Value:
    person = ("object", "type", "name", "avatar_url", "person", "bot")
    found = _identifiers(reader, "people", sent, where, *person)
    for each in found:
        if each not in reader.context.workspace.users:
            raise reader.context.missing("user", each)
    return tuple(found)


def _relation(reader: _Reader, prop: Property, sent: Any, where: str) -> Value:
    context, found = reader.context, _identifiers(reader, "relation", sent, where)
    target = prop.relation.source_id if prop.relation else ""
    for each in found:
        row = context.visible(context.workspace.find(each), "page", each)
        if not isinstance(row, Page):
            raise context.missing("page", each)
        if row.parent.id != target:
            raise invalid(f"Page with ID {each} is not in the data source that {prop.name} is related to.")
    return tuple(found)


def _files(reader: _Reader, prop: Property, sent: Any, where: str) -> Value:
    held = as_files(reader.page.values.get(prop.id)) if reader.page else ()
    items = as_array(sent, where)
    at_most(items, where, MAX_ITEMS)
    return tuple(_file(reader.context, held, each, f"{where}[{index}]") for index, each in enumerate(items))


def _file(context: Context, held: tuple[FileValue, ...], value: Any, where: str) -> FileValue:
    body = as_object(value, where)
    only(body, where, "type", "name", "external", "file_upload", "file")
    name = None if body.get("name") is None else as_string(body["name"], f"{where}.name", limit=MAX_NAME, empty=False)
    if "file" in body:
        # A file that Notion hosts can only be sent back to where it came from.
        found = next((each for each in held if each.name == name and each.url is None), None)
        if found is None:
            raise malformed(f"{where}.file", "a file that the property holds already", body["file"])
        return found
    if name is None and "file_upload" not in body:
        required(body, "name", where)
    return file_value(context, body, where, name=name)


def _checkbox(_: _Reader, __: Property, sent: Any, where: str) -> Value:
    return as_boolean(sent, where)


def _short(limit: int) -> Read:
    # Unset is null; an empty string is not (reference: part 2.1).
    return lambda _, __, sent, where: None if sent is None else as_string(sent, where, limit=limit, empty=False)


def _place(_: _Reader, __: Property, sent: Any, where: str) -> Value:
    if sent is None:
        return None
    body = as_object(sent, where)
    names = ("name", "address", "aws_place_id", "google_place_id")
    only(body, where, "lat", "lon", *names)
    texts = {key: as_string(body[key], f"{where}.{key}") for key in names if body.get(key) is not None}
    lat, lon = (as_numeric(required(body, key, where), f"{where}.{key}") for key in ("lat", "lon"))
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise malformed(where, "a place on Earth", sent)
    return Place(lat=lat, lon=lon, **texts)


def _verification(reader: _Reader, _: Property, sent: Any, where: str) -> Value:
    body = as_object(sent, where)
    state = one_of(body.get("state"), f"{where}.state", ("verified", "unverified"))
    only(body, where, "state", *(("date",) if state == "verified" else ()))
    if state == "unverified":
        return Verification(state="unverified")
    date = None if body.get("date") is None else date_value(body["date"], f"{where}.date")
    return Verification(state="verified", date=date, by=reader.context.workspace.bot_id)


READERS: Mapping[str, Read] = {
    "title": _text,
    "rich_text": _text,
    "number": _number,
    "select": _choice,
    "status": _choice,
    "multi_select": _choices,
    "date": _date,
    "people": _people,
    "relation": _relation,
    "files": _files,
    "checkbox": _checkbox,
    "url": _short(MAX_URL),
    "email": _short(MAX_SHORT),
    "phone_number": _short(MAX_SHORT),
    "place": _place,
    "verification": _verification,
}
