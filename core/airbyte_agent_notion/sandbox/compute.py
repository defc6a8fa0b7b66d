"""Computed properties: formulas and rollups, worked out from state each time they are asked for."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from .moments import exact, parse, to_minute
from .state import DateValue, FormulaResult, Page, Property, Rollup, Value
from .workspace import Workspace, as_date, as_files, as_ids, as_number, as_text

__all__ = [
    "LIMIT",
    "Rolled",
    "Row",
    "computed_formula",
    "computed_rollup",
    "is_empty",
    "plain_value",
    "related",
    "result_kind",
    "rolled_property",
]

LIMIT = 25
"""How many related rows formulas and rollups look at, and how many items a page object lists."""

UNSUPPORTED = frozenset({"show_unique", "unique", "median", "count_per_group", "percent_per_group"})
"""Functions that the property item endpoint never answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A page as formulas see it."""

    workspace: Workspace
    page: Page

    @property
    def now(self) -> datetime:
        """The sandbox's present moment."""
        return self.workspace.now()

    def _value(self, name: str) -> tuple[Property, Value]:
        # A column that was dropped counts as empty.
        gone = Property(id="", name=name, type="rich_text")
        schema = self.workspace.schema(self.page)
        prop = next((each for each in schema if (each.known_as or each.name) == name), gone)
        return prop, self.page.values.get(prop.id)

    def text(self, name: str) -> str:
        """Plain text, or the name of the chosen option."""
        return plain_value(self.workspace, *self._value(name))

    def number(self, name: str) -> float | None:
        """A number; of a rollup, its number."""
        prop, value = self._value(name)
        if prop.rollup is None:
            return as_number(value)
        rolled = computed_rollup(self.workspace, self.page, prop)
        return rolled.number

    def date(self, name: str) -> DateValue | None:
        """A date."""
        return as_date(self._value(name)[1])

    def count(self, name: str) -> int:
        """How many items the property holds; of a relation at most 25, which is where formulas stop."""
        return min(len(as_ids(self._value(name)[1])), LIMIT)


def plain_value(workspace: Workspace, prop: Property, value: Value) -> str:
    """Plain text of a text-like value; option names of a select, status or multi-select."""
    if prop.type in ("title", "rich_text"):
        return workspace.plain(as_text(value))
    if prop.options:
        names = {each.id: each.name for each in prop.options}
        return ", ".join(names[each] for each in as_ids(value) if each in names)
    return value if isinstance(value, str) else ""


def computed_formula(workspace: Workspace, page: Page, prop: Property) -> FormulaResult:
    """The result of a formula property."""
    compute = prop.formula.compute if prop.formula is not None else None
    return None if compute is None else compute(Row(workspace=workspace, page=page))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rolled:
    """A rollup's result; ``kind`` tells which field holds it."""

    kind: str
    function: str
    source: Property | None = None
    """The property that was rolled up."""
    number: float | None = None
    date: DateValue | None = None
    items: tuple[tuple[Page, Value], ...] = ()


def related(workspace: Workspace, page: Page, relation_id: str) -> list[Page]:
    """The rows that a relation points at and that the connection may see."""
    found = (workspace.pages.get(each) for each in as_ids(page.values.get(relation_id)))
    return [each for each in found if each is not None and workspace.is_shared(each) and not each.trashed]


def computed_rollup(workspace: Workspace, page: Page, prop: Property, *, limit: int | None = LIMIT) -> Rolled:
    """The result of a rollup property over at most ``limit`` related rows."""
    rollup = prop.rollup
    function = rollup.function if rollup else ""
    source = rolled_property(workspace, workspace.schema(page), prop)
    if rollup is None or source is None or (function in UNSUPPORTED and limit is None):
        return Rolled(kind="unsupported", function=function)
    rows = related(workspace, page, rollup.relation_id)[:limit]
    pairs = tuple((row, _value(workspace, row, source)) for row in rows)
    kind = result_kind(rollup)
    day = DATES[function](_days(pairs)) if kind == "date" else None
    number = _number(function, workspace, source, pairs) if kind == "number" else None
    return Rolled(kind=kind, function=function, source=source, number=number, date=day, items=pairs)


def result_kind(rollup: Rollup) -> str:
    """What a rollup gives: array, date or number."""
    if rollup.function in ("show_original", "show_unique"):
        return "array"
    return "date" if rollup.function in DATES else "number"


def rolled_property(workspace: Workspace, schema: Iterable[Property], prop: Property) -> Property | None:
    """The property of the related rows that a rollup of this schema looks at."""
    rollup = prop.rollup
    relation = next((each.relation for each in schema if rollup and each.id == rollup.relation_id), None)
    target = workspace.sources.get(relation.source_id) if relation else None
    return target.by_id(rollup.property_id) if target and rollup else None


def _value(workspace: Workspace, row: Page, source: Property) -> Value:
    if source.type in ("created_time", "last_edited_time"):
        return DateValue(start=to_minute(row.created if source.type == "created_time" else row.edited))
    return row.values.get(source.id) if source.formula is None else computed_formula(workspace, row, source)


def is_empty(value: Value) -> bool:
    """Whether a stored value is empty; a checkbox never is."""
    return value is None or value == "" or value == ()


def _days(pairs: Sequence[tuple[Page, Value]]) -> list[DateValue]:
    return [value for _, value in pairs if isinstance(value, DateValue)]


def _moment(text: str) -> datetime:
    return exact(parse(text) or date.min)


def _earliest(days: list[DateValue]) -> DateValue | None:
    found = min(days, key=lambda day: _moment(day.start), default=None)
    return None if found is None else DateValue(start=found.start)


def _latest(days: list[DateValue]) -> DateValue | None:
    ends = [day.end or day.start for day in days]
    return DateValue(start=max(ends, key=_moment)) if ends else None


def _span(days: list[DateValue]) -> DateValue | None:
    first, last = _earliest(days), _latest(days)
    return DateValue(start=first.start, end=last.start) if first and last else None


DATES: dict[str, Callable[[list[DateValue]], DateValue | None]] = {
    "earliest_date": _earliest,
    "latest_date": _latest,
    "date_range": _span,
}

NUMBERS: dict[str, Callable[[list[float]], float]] = {
    "sum": sum,
    "average": statistics.fmean,
    "median": statistics.median,
    "min": min,
    "max": max,
    "range": lambda numbers: max(numbers) - min(numbers),
}


def _number(function: str, workspace: Workspace, source: Property, pairs: Sequence[tuple[Page, Value]]) -> float | None:
    if function in NUMBERS:
        numbers = [number for _, value in pairs if (number := as_number(value)) is not None]
        result = NUMBERS[function](numbers) if numbers else (0 if function == "sum" else None)
        return int(result) if isinstance(result, float) and result.is_integer() else result
    share = function.startswith("percent_")
    counted = _count(function.removeprefix("percent_"), workspace, source, [value for _, value in pairs])
    if not share:
        return counted
    return round(counted / len(pairs), 4) if pairs else None


def _count(what: str, workspace: Workspace, source: Property, values: Sequence[Value]) -> int:
    filled = [value for value in values if not is_empty(value)]
    counts: dict[str, Callable[[], int]] = {
        "count": lambda: len(values),
        "count_values": lambda: sum(max(1, len(as_files(each))) if isinstance(each, tuple) else 1 for each in filled),
        "empty": lambda: len(values) - len(filled),
        "not_empty": lambda: len(filled),
        "unique": lambda: len({plain_value(workspace, source, each) or each for each in filled}),
        "checked": lambda: sum(1 for each in values if each is True),
        "unchecked": lambda: sum(1 for each in values if each is not True),
    }
    return counts[what]()
