"""A row's values as plain ones: compiled against the schema before anything is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from ...flow import Flow
from ...models.objects import Page
from ...models.properties import NewOption
from ...operation import Api, JsonObject
from ..shapes import object_of
from .columns import READ_ONLY, Column, Unfit, refused
from .lookups import Lookups
from .names import told
from .tables import Table
from .values import CLEARED, VALUE_TYPES, converted, listed

__all__ = ["PlainRow", "is_plain", "noted", "plain_row"]

MAX_REFERENCES = 100
"""People, and relations, of one request."""

Lookup = Callable[[str], Flow[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainRow:
    """A row's values, compiled to what Notion takes."""

    properties: JsonObject
    new_options: list[NewOption] = field(default_factory=list[NewOption])
    """Options that exist only once the row is written."""
    data_source_id: str | None = None
    """Where the row lives; None for a page that is no row."""


def is_plain(properties: Mapping[str, Any] | None) -> bool:
    """Whether a value among them is not Notion's own form of it, so that the schema is needed."""
    return any(not _is_own(key, value) for key, value in (properties or {}).items())


def _is_own(key: str, value: object) -> bool:
    if isinstance(value, dict):
        given = cast("JsonObject", value)
        kind = given.get("type")
        return _value_type(given) is not None if kind is None else kind in {*VALUE_TYPES, *READ_ONLY} & set(given)
    if key != "title" or not isinstance(value, list):
        return False
    # Notion takes a title without its type's key.
    return all(isinstance(item, dict) for item in cast("list[object]", value))


def noted(page: Page, row: PlainRow | None) -> Page:
    """The page with ``new_options``, if writing it has created some."""
    return {**page, "new_options": row.new_options} if row is not None and row.new_options else page


def _value_type(given: JsonObject) -> str | None:
    """The type that an object names as Notion's own values do, by a key that holds the value."""
    keys = set(given) - {"id", "type", "name", "has_more"}
    return next(iter(keys)) if len(keys) == 1 and keys <= VALUE_TYPES else None


def plain_row(
    api: Api, properties: Mapping[str, Any] | None, table: Flow[Table], *, operation: str
) -> Flow[PlainRow | None]:
    """The values as Notion takes them, by the names of their properties; None where they are its own already.

    Args:
        api: looks people and related rows up.
        properties: by name (or id): Notion's own values, plain ones, or both.
        table: reads what columns there are; run only where they are needed.
        operation: its name, for the error.

    Raises:
        InvalidParams: with every problem of the row; nothing was written.
    """
    if properties is None or not is_plain(properties):
        table.close()
        return None
    found = yield from table
    compiler = _Compiler(lookups=Lookups(api))
    for key, value in properties.items():
        try:
            yield from compiler.take(found.columns.find(key), value)
        except Unfit as problem:
            compiler.problems[key] = str(problem)
    if compiler.problems:
        raise refused(
            operation,
            {f"properties.{key}": said for key, said in compiler.problems.items()},
            columns=found.columns.names,
            hint=_next_step(found, compiler.problems),
        )
    return PlainRow(properties=compiler.values, new_options=compiler.new_options, data_source_id=found.data_source_id)


def _next_step(table: Table, problems: Mapping[str, str]) -> str:
    row = table.data_source_id is not None or all(table.columns.title_meant(key) for key in problems)
    return _CORRECT if row else _NO_ROW


_CORRECT = "Nothing was written. Correct these and send the whole call again."
_NO_ROW = (
    'Only rows have more than title. If the parent is a data source: {"data_source_id": "..."}. Nothing was written.'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compiler:
    lookups: Lookups
    values: JsonObject = field(default_factory=dict[str, Any])
    new_options: list[NewOption] = field(default_factory=list[NewOption])
    problems: dict[str, str] = field(default_factory=dict[str, str])

    def take(self, column: Column, value: Any) -> Flow[None]:
        """Add one value; raises Unfit."""
        if column.name in self.values:
            raise Unfit(f"{column.name!r} is given twice")
        if column.type in READ_ONLY or column.type not in CLEARED:
            raise Unfit(f"{column.type} properties cannot be written: Notion fills them in")
        payload = yield from self._payload(column, value)
        self.values[column.name] = {column.type: payload}
        if column.type in {"select", "multi_select"}:
            self._note(column, payload)

    def _payload(self, column: Column, value: Any) -> Flow[Any]:
        kind = column.type
        if value is None:
            cleared = CLEARED[kind]
            return [] if cleared == () else cleared
        if isinstance(value, dict):
            given = cast("JsonObject", value)
            if kind in given:
                return given[kind]
            other = _value_type(given)
            if other is not None and kind != "people":
                raise Unfit(f"is of type {kind}, not {other}")
        if kind == "people":
            return (yield from self._references(value, self.lookups.person))
        if kind == "relation":
            source = column.settings.get("data_source_id")
            return (yield from self._references(value, lambda said: self.lookups.row(source, said)))
        return converted(column, value)

    def _references(self, value: Any, look_up: Lookup) -> Flow[list[JsonObject]]:
        found: list[JsonObject] = []
        for each in listed(value):
            given = object_of(each)
            said: object = given.get("id", given.get("email", given.get("name"))) if given else each
            if not isinstance(said, str) or not said.strip():
                raise Unfit(f"{told(each)} is neither an id nor a name")
            identifier = yield from look_up(said.strip())
            if {"id": identifier} not in found:
                found.append({"id": identifier})
        if len(found) > MAX_REFERENCES:
            raise Unfit(f"{len(found)} are given; Notion takes {MAX_REFERENCES}")
        return found

    def _note(self, column: Column, payload: Any) -> None:
        for option in cast("list[object]", listed(payload)):
            name = cast("JsonObject", option).get("name") if isinstance(option, dict) else None
            if isinstance(name, str) and name not in column.option_names:
                self.new_options.append({"property": column.name, "option": name})
