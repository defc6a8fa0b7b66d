"""Filter operators: for each kind of value, which there are, what they take, and whether a value passes.

The kinds and operators are those of reference part 4.1. Text compares without regard to case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias, cast

from .ids import parse_id
from .moments import RELATIVE_DAYS, day_of, parse, range_of
from .narrow import as_object
from .problems import malformed

__all__ = ["KINDS", "Comparable", "Kind", "Test", "build"]

Moment: TypeAlias = date | datetime
Comparable: TypeAlias = str | float | bool | Moment | frozenset[str] | None
"""What a row's value is compared as: text, number, checkbox, option name, start of a date, or a set of ids or names."""

Test: TypeAlias = Callable[[Comparable], bool]
Make: TypeAlias = Callable[[Any, date], Test]
"""Builds a test from an operator's argument and today's date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of filter."""

    accepts: Callable[[Any], bool]
    """Whether an argument is of the right sort."""
    expected: str
    """What the argument should be, for messages."""
    operators: Mapping[str, Make]
    ranges: bool = False
    """Whether the relative ranges (``past_week``: ``{}``) apply."""


def build(kind: str, condition: Any, *, where: str, today: date) -> Test:
    """The test of one condition such as ``{"equals": 3}``. Raises a 400 naming what is wrong with it."""
    operators = as_object(condition, where)
    if len(operators) != 1:
        raise malformed(where, "an object with exactly one operator", operators)
    [(operator, argument)] = operators.items()
    spec = KINDS[kind]
    if operator in ("is_empty", "is_not_empty") and kind != "checkbox":
        return _emptiness(operator, argument, where)
    if spec.ranges and range_of(operator, today) is not None:
        return _within(operator, argument, where, today)
    make = spec.operators.get(operator)
    if make is None:
        raise malformed(f"{where}.{operator}", "not present", argument)
    if not spec.accepts(argument):
        raise malformed(f"{where}.{operator}", spec.expected, argument)
    return make(argument, today)


def _empty(value: Comparable) -> bool:
    return value is None or value == "" or value == frozenset()


def _emptiness(operator: str, argument: Any, where: str) -> Test:
    if argument is not True:
        raise malformed(f"{where}.{operator}", "`true`", argument)
    return _empty if operator == "is_empty" else lambda value: not _empty(value)


def _within(operator: str, argument: Any, where: str, today: date) -> Test:
    span = range_of(operator, today)
    if argument != {} or span is None:
        raise malformed(f"{where}.{operator}", "an empty object", argument)
    first, last = span
    return lambda value: isinstance(value, date) and first <= day_of(value) <= last


def _text(compare: Callable[[str, str], bool], *, negate: bool = False) -> Make:
    def make(argument: Any, _: date) -> Test:
        wanted = str(argument).casefold()
        return lambda value: compare((value if isinstance(value, str) else "").casefold(), wanted) is not negate

    return make


def _number(compare: Callable[[float, float], bool], *, when_empty: bool = False) -> Make:
    def make(argument: Any, _: date) -> Test:
        return lambda value: compare(value, argument) if isinstance(value, int | float) else when_empty

    return make


def _day(compare: Callable[[Moment, Moment], bool]) -> Make:
    def make(argument: Any, today: date) -> Test:
        relative = RELATIVE_DAYS.get(argument)
        wanted = relative(today) if relative else parse(argument)

        def test(value: Comparable) -> bool:
            if not isinstance(value, date) or wanted is None:
                return False
            # A day in the filter, or in the row, compares day by day; two moments compare exactly.
            both = isinstance(value, datetime) and isinstance(wanted, datetime)
            return compare(value, wanted) if both else compare(day_of(value), day_of(wanted))

        return test

    return make


def _chosen(*, negate: bool) -> Make:
    """Select and status: one name, or any of several."""

    def make(argument: Any, _: date) -> Test:
        names = frozenset([argument] if isinstance(argument, str) else argument)
        return lambda value: (value in names) is not negate

    return make


def _contains(*, negate: bool, ids: bool) -> Make:
    """Multi-select, people and relations: one item, or any of several."""

    def make(argument: Any, _: date) -> Test:
        wanted = [argument] if isinstance(argument, str) else list(argument)
        sought = frozenset((parse_id(each) or each) if ids else each for each in wanted)
        return lambda value: bool(sought & value if isinstance(value, frozenset) else ()) is not negate

    return make


def _is_text(argument: Any) -> bool:
    return isinstance(argument, str)


def _is_number(argument: Any) -> bool:
    return isinstance(argument, int | float) and not isinstance(argument, bool)


def _is_names(argument: Any) -> bool:
    if not isinstance(argument, list):
        return _is_text(argument)
    names = cast("Sequence[Any]", argument)
    return bool(names) and all(map(_is_text, names))


def _is_reference(argument: Any) -> bool:
    return isinstance(argument, str) and (argument == "me" or parse_id(argument) is not None)


def _is_id(argument: Any) -> bool:
    return isinstance(argument, str) and parse_id(argument) is not None


def _is_day(argument: Any) -> bool:
    return isinstance(argument, str) and (argument in RELATIVE_DAYS or parse(argument) is not None)


TEXT = Kind(
    accepts=_is_text,
    expected="a string",
    operators={
        "equals": _text(lambda value, wanted: value == wanted),
        "does_not_equal": _text(lambda value, wanted: value == wanted, negate=True),
        "contains": _text(lambda value, wanted: wanted in value),
        "does_not_contain": _text(lambda value, wanted: wanted in value, negate=True),
        "starts_with": _text(lambda value, wanted: value.startswith(wanted)),
        "ends_with": _text(lambda value, wanted: value.endswith(wanted)),
    },
)
NUMBER = Kind(
    accepts=_is_number,
    expected="a number",
    operators={
        "equals": _number(lambda value, wanted: value == wanted),
        "does_not_equal": _number(lambda value, wanted: value != wanted, when_empty=True),
        "greater_than": _number(lambda value, wanted: value > wanted),
        "less_than": _number(lambda value, wanted: value < wanted),
        "greater_than_or_equal_to": _number(lambda value, wanted: value >= wanted),
        "less_than_or_equal_to": _number(lambda value, wanted: value <= wanted),
    },
)
CHECKBOX = Kind(
    accepts=lambda argument: isinstance(argument, bool),
    expected="a boolean",
    operators={
        "equals": lambda argument, _: lambda value: (value is True) is argument,
        "does_not_equal": lambda argument, _: lambda value: (value is True) is not argument,
    },
)
CHOICE = Kind(
    accepts=_is_names,
    expected="a string or an array of strings",
    operators={"equals": _chosen(negate=False), "does_not_equal": _chosen(negate=True)},
)
CHOICES = Kind(
    accepts=_is_names,
    expected="a string or an array of strings",
    operators={
        "contains": _contains(negate=False, ids=False),
        "does_not_contain": _contains(negate=True, ids=False),
    },
)
DATE = Kind(
    accepts=_is_day,
    expected="a valid ISO 8601 date string or a relative date",
    operators={
        "equals": _day(lambda value, wanted: value == wanted),
        "before": _day(lambda value, wanted: value < wanted),
        "after": _day(lambda value, wanted: value > wanted),
        "on_or_before": _day(lambda value, wanted: value <= wanted),
        "on_or_after": _day(lambda value, wanted: value >= wanted),
    },
    ranges=True,
)
REFERENCES = {"contains": _contains(negate=False, ids=True), "does_not_contain": _contains(negate=True, ids=True)}
# "me" stands for the user behind an OAuth connection; this one has none, so it is nobody's id and matches nothing.
PEOPLE = Kind(accepts=_is_reference, expected='a valid uuid or `"me"`', operators=REFERENCES)
RELATION = Kind(accepts=_is_id, expected="a valid uuid", operators=REFERENCES)
FILES = Kind(accepts=lambda _: False, expected="not present", operators={})
VERIFICATION = Kind(
    accepts=lambda argument: argument in ("verified", "expired", "none"),
    expected="`verified`, `expired` or `none`",
    operators={"status": _chosen(negate=False), "does_not_equal": _chosen(negate=True)},
)

KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("title", "rich_text", "url", "email", "phone_number"), TEXT),
    **dict.fromkeys(("number", "unique_id"), NUMBER),
    "checkbox": CHECKBOX,
    **dict.fromkeys(("select", "status"), CHOICE),
    "multi_select": CHOICES,
    **dict.fromkeys(("date", "created_time", "last_edited_time"), DATE),
    **dict.fromkeys(("people", "created_by", "last_edited_by"), PEOPLE),
    "relation": RELATION,
    "files": FILES,
    "verification": VERIFICATION,
}
"""Filter kinds by name; formula and rollup wrap one of these."""
