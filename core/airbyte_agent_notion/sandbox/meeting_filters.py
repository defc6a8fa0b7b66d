"""Filters and sorts of the meeting notes query, whose grammar is its own (reference: part 2.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from .ids import parse_id
from .moments import RELATIVE_DAYS, day_of, exact, parse, range_of
from .narrow import as_array, as_object, as_string, one_of, only, required
from .problems import UNDEFINED, malformed
from .state import Block
from .workspace import Workspace

__all__ = ["MeetingFilter", "sort_meetings"]

Keep: TypeAlias = Callable[[Block], bool]

PROPERTIES = ("title", "attendees", "created_time", "created_by", "last_edited_time", "last_edited_by")
MAX_NESTING = 2

STRINGS: Mapping[str, Callable[[str, str], bool]] = {
    "string_is": lambda text, wanted: text == wanted,
    "string_is_not": lambda text, wanted: text != wanted,
    "string_contains": lambda text, wanted: wanted in text,
    "string_does_not_contain": lambda text, wanted: wanted not in text,
    "string_starts_with": lambda text, wanted: text.startswith(wanted),
    "string_ends_with": lambda text, wanted: text.endswith(wanted),
}
DATES: Mapping[str, Callable[[date, date], bool]] = {
    "date_is": lambda day, wanted: day == wanted,
    "date_is_before": lambda day, wanted: day < wanted,
    "date_is_after": lambda day, wanted: day > wanted,
    "date_is_on_or_before": lambda day, wanted: day <= wanted,
    "date_is_on_or_after": lambda day, wanted: day >= wanted,
}
RANGES = ("date_is_within", "date_is_relative_to")
PERSONS = ("person_contains", "person_does_not_contain")
EMPTY = ("is_empty", "is_not_empty")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingFilter:
    """Turns a filter into a predicate over meeting-notes blocks."""

    workspace: Workspace

    def compile(self, raw: Any, where: str, depth: int = 0) -> Keep:
        """The predicate of ``{operator: and | or, filters: [...]}``; an empty object lets everything through."""
        body = as_object(raw, where)
        if not body:
            return lambda _: True
        if "property" in body:
            return self._leaf(body, where)
        only(body, where, "operator", "filters")
        operator = one_of(required(body, "operator", where), f"{where}.operator", ("and", "or"))
        parts = as_array(required(body, "filters", where), f"{where}.filters")
        if depth >= MAX_NESTING:
            raise malformed(f"{where}.filters", "at most two levels deep", list(parts))
        keeps = [self.compile(each, f"{where}.filters[{index}]", depth + 1) for index, each in enumerate(parts)]
        join = all if operator == "and" else any
        return lambda block: not keeps or join(keep(block) for keep in keeps)

    def _leaf(self, body: dict[str, Any], where: str) -> Keep:
        only(body, where, "property", "filter")
        name = one_of(body["property"], f"{where}.property", PROPERTIES)
        inner = as_object(required(body, "filter", where), f"{where}.filter")
        only(inner, f"{where}.filter", "operator", "value")
        operators = (*_operators(name), *EMPTY)
        operator = one_of(required(inner, "operator", f"{where}.filter"), f"{where}.filter.operator", operators)
        if operator in EMPTY:
            return lambda block: (not self._value(block, name)) is (operator == "is_empty")
        value = inner.get("value", UNDEFINED)
        return self._test(name, operator, value, f"{where}.filter.value")

    def _test(self, name: str, operator: str, value: Any, where: str) -> Keep:
        if operator in STRINGS:
            text = as_string(value, where).casefold()
            return lambda block: STRINGS[operator](self._value(block, name).casefold(), text)
        if operator in PERSONS:
            wanted = _persons(value, where)
            return lambda block: bool(wanted & set(self._value(block, name))) is (operator == "person_contains")
        if operator in RANGES:
            first, last = self._range(value, where)
            return lambda block: first <= day_of(self._value(block, name)) <= last
        day = self._day(value, where)
        return lambda block: DATES[operator](day_of(self._value(block, name)), day)

    def _day(self, value: Any, where: str) -> date:
        text = as_string(value, where)
        if text in RELATIVE_DAYS:
            return RELATIVE_DAYS[text](self.workspace.now().date())
        moment = parse(text)
        if moment is None:
            raise malformed(where, "a valid ISO 8601 date string", value)
        return day_of(moment)

    def _range(self, value: Any, where: str) -> tuple[date, date]:
        found = range_of(as_string(value, where), self.workspace.now().date())
        if found is None:
            raise malformed(where, "a relative range such as `past_week`", value)
        return found

    def _value(self, block: Block, name: str) -> Any:
        if name == "title":
            return self.workspace.plain(block.content.texts.get("title", ()))
        if name == "attendees":
            return as_object(block.content.plain.get("calendar_event") or {}, name).get("attendees", [])
        values: dict[str, datetime | list[str]] = {
            "created_time": block.created,
            "last_edited_time": block.edited,
            "created_by": [block.created_by],
            "last_edited_by": [block.edited_by],
        }
        return values[name]


def _operators(name: str) -> tuple[str, ...]:
    if name == "title":
        return tuple(STRINGS)
    return (*DATES, *RANGES) if name.endswith("_time") else PERSONS


def _persons(value: Any, where: str) -> set[str]:
    given: Sequence[Any] = [value] if isinstance(value, str) else as_array(value, where)
    found = [parse_id(each) if isinstance(each, str) else None for each in given]
    if None in found or not found:
        raise malformed(where, "a valid uuid, or an array of them", value)
    return {each for each in found if each is not None}


def sort_meetings(workspace: Workspace, blocks: Sequence[Block], sorts: Sequence[Any]) -> list[Block]:
    """The blocks in order; newest first if there are no sorts."""
    keys: Mapping[str, Callable[[Block], Any]] = {
        "title": lambda block: workspace.plain(block.content.texts.get("title", ())).casefold(),
        "created_time": lambda block: exact(block.created),
        "last_edited_time": lambda block: exact(block.edited),
        "created_by": lambda block: block.created_by,
        "last_edited_by": lambda block: block.edited_by,
    }
    ordered = sorted(blocks, key=keys["created_time"], reverse=True)
    for index, raw in reversed(list(enumerate(sorts))):
        where = f"body.sort[{index}]"
        body = as_object(raw, where)
        only(body, where, "property", "direction")
        name = one_of(body.get("property", UNDEFINED), f"{where}.property", tuple(keys))
        direction = one_of(body.get("direction", "ascending"), f"{where}.direction", ("ascending", "descending"))
        ordered.sort(key=keys[name], reverse=direction == "descending")
    return ordered
