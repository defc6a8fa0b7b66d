"""What a short filter says of one property, as Notion's conditions."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from ...flow import Flow
from ...operation import JsonObject
from ..shapes import items_of, object_of
from .columns import Column, Unfit
from .dates import is_moment, moment_of, range_of
from .groups import any_of
from .lookups import Lookups
from .names import did_you_mean, matching, there_are, told
from .operators import FAMILIES, RELATIVE_DAYS, operator_of, wanted_range
from .values import converted, listed

__all__ = ["Conditions"]

EMPTINESS = {"is_empty": "is_not_empty", "is_not_empty": "is_empty"}
NEGATIVE = frozenset({"does_not_equal", "does_not_contain", "contains_all"})
"""Operators of which each item of a list must hold."""
REFERENCES = frozenset({"people", "created_by", "last_edited_by", "relation"})
TAKE_LISTS = frozenset({"select", "status", "multi_select"})
FORMULAS = {"string": "rich_text", "number": "number", "checkbox": "checkbox", "date": "date"}
"""Filter kinds of formulas, and the type of property that works like it."""
QUANTIFIED = frozenset({"any", "every", "none", "number", "date"})
ROLLED_DATES = frozenset({"earliest_date", "latest_date"})
ROLLED_LISTS = frozenset({"show_original", "show_unique", "date_range", "count_per_group", "percent_per_group"})


Wrap = Callable[[JsonObject], JsonObject]
"""Puts a condition under its property."""


class Conditions:
    """Compiles conditions of single properties.

    Args:
        lookups: finds people and related rows.
    """

    def __init__(self, lookups: Lookups) -> None:
        self._lookups = lookups

    def of(self, column: Column, value: Any) -> Flow[list[JsonObject]]:
        """The conditions that must all hold; raises Unfit."""
        own = _own_form(column, value)
        if own is not None:
            return [own]
        found: list[JsonObject] = []
        for said, argument in _operators(column, value):
            like, wrap = _kind(column, said, argument)
            found += yield from self._condition(like, operator_of(like.type, said), argument, wrap)
        return found

    def _condition(self, column: Column, operator: str, argument: Any, wrap: Wrap) -> Flow[list[JsonObject]]:
        if operator in EMPTINESS or (argument is None and "is_empty" in FAMILIES[column.type]):
            return [wrap({_emptiness(operator, argument): True})]
        if wanted_range(operator):
            return [wrap({operator: {}})]
        if FAMILIES[column.type] is FAMILIES["date"] and operator in {"equals", "between"}:
            return [wrap(each) for each in _of_dates(operator, argument)]
        if operator == "between":
            low, high = _pair(argument)
            return [
                wrap({"greater_than_or_equal_to": converted(column, low)}),
                wrap({"less_than_or_equal_to": converted(column, high)}),
            ]
        items: list[Any] = []
        for each in listed(argument):
            items += yield from self._argument(column, each)
        return _spread(column, operator, items, wrap)

    def _argument(self, column: Column, value: Any) -> Flow[list[Any]]:
        """One argument as Notion takes it; a status group stands for its options."""
        kind = column.type
        if kind in REFERENCES:
            return [(yield from self._reference(column, value))]
        if kind in TAKE_LISTS:
            return _option_names(column, value)
        if FAMILIES[kind] is FAMILIES["title"] and isinstance(value, (str, int, float)):
            return [str(value)]
        if kind == "unique_id":
            return [_number_of(column, value)]
        if FAMILIES[kind] is FAMILIES["date"]:
            return [_day(value)]
        if kind == "verification" and isinstance(value, str):
            return [value]
        if kind in {"number", "checkbox"}:
            return [converted(column, value)]
        raise Unfit(f"{told(value)} cannot be compared with a {kind} property")

    def _reference(self, column: Column, value: Any) -> Flow[str]:
        given = object_of(value)
        said: object = given.get("id", given.get("name")) if given else value
        if not isinstance(said, str) or not said.strip():
            raise Unfit(f"{told(value)} is neither an id nor a name")
        if column.type == "relation":
            return (yield from self._lookups.row(column.settings.get("data_source_id"), said.strip()))
        return said if said == "me" else (yield from self._lookups.person(said.strip()))


def _own_form(column: Column, value: Any) -> JsonObject | None:
    """Notion's own condition under the type's key, such as ``{"select": {"equals": ...}}``; None for anything else."""
    if not isinstance(value, dict) or len(cast("JsonObject", value)) != 1:
        return None
    [(kind, condition)] = cast("JsonObject", value).items()
    if isinstance(condition, dict):
        if kind == column.type or (kind == "rich_text" and FAMILIES.get(column.type) is FAMILIES["title"]):
            return {"property": column.name, kind: condition}
        if (column.type == "formula" and kind in FORMULAS) or (column.type == "rollup" and kind in QUANTIFIED):
            return {"property": column.name, column.type: {kind: condition}}
    return None


def _operators(column: Column, value: Any) -> list[tuple[str, Any]]:
    """Operators with their arguments; a bare value is compared."""
    if isinstance(value, dict):
        given = cast("JsonObject", value)
        if set(given) <= {"id", "name", "object", "type"} and column.type in REFERENCES:
            return [("contains", given)]
        if not given:
            raise Unfit("says nothing; write a value, or an operator with one")
        return list(given.items())
    if (value is None or value == "") and column.type != "checkbox":
        return [("is_empty", True)]
    if value == [] or isinstance(value, tuple):
        raise Unfit("an empty list matches nothing")
    return [("status" if column.type == "verification" else "equals", value)]


def _kind(column: Column, said: str, argument: Any) -> tuple[Column, Wrap]:
    """The column as which to compare, and how its condition is written."""
    if column.type == "formula":
        kind = _formula_kind(said, argument)
        like = Column(name=column.name, id=column.id, type=FORMULAS[kind], settings={})
        return like, lambda condition: {"property": column.name, "formula": {kind: condition}}
    if column.type == "rollup":
        kind = _rollup_kind(column)
        like = Column(name=column.name, id=column.id, type=kind, settings={})
        return like, lambda condition: {"property": column.name, "rollup": {kind: condition}}
    if column.type not in FAMILIES:
        raise Unfit(f"{column.type} properties cannot be filtered by")
    if not column.id:
        return column, lambda condition: {"timestamp": column.name, column.type: condition}
    return column, lambda condition: {"property": column.name, column.type: condition}


def _formula_kind(said: str, argument: Any) -> str:
    """What a formula is compared as: the schema does not tell its result, so the argument does."""
    first = listed(argument)[0] if listed(argument) else None
    if isinstance(first, bool):
        return "string" if said.replace("_", "") in {"isempty", "isnotempty", "empty", "notempty"} else "checkbox"
    if isinstance(first, (int, float)):
        return "number"
    dated = isinstance(first, str) and (first in RELATIVE_DAYS or bool(wanted_range(first)) or is_moment(first))
    return "date" if dated or wanted_range(said) else "string"


def _rollup_kind(column: Column) -> str:
    function = column.settings.get("function")
    if function in ROLLED_LISTS:
        raise Unfit(
            f"is a rollup that lists values ({function}); write the condition whole: "
            '{"any": {"rich_text": {"contains": "..."}}}, or every, none'
        )
    return "date" if function in ROLLED_DATES else "number"


def _emptiness(operator: str, argument: Any) -> str:
    if operator not in EMPTINESS:
        if operator in {"equals", "contains"}:
            return "is_empty"
        if operator in {"does_not_equal", "does_not_contain"}:
            return "is_not_empty"
        raise Unfit(f"{operator} needs a value, not null")
    if argument not in (True, False, None):
        raise Unfit(f"{operator} takes true or false, not {told(argument)}")
    return EMPTINESS[operator] if argument is False else operator


def _of_dates(operator: str, argument: Any) -> list[JsonObject]:
    """A day, any of several, a range, or a word for one of them."""
    ends = range_of(argument)
    if ends is None and operator == "between":
        if isinstance(argument, str) and (word := wanted_range(argument)):
            return [{word: {}}]
        ends = _pair(argument)
    if ends is not None:
        return [{"on_or_after": _day(ends[0])}, {"on_or_before": _day(ends[1])}]
    if isinstance(argument, str) and (word := wanted_range(argument)):
        return [{word: {}}]
    if isinstance(argument, list):
        raise Unfit("takes one day, or a range as {'start': ..., 'end': ...}")
    return [{"equals": _day(argument)}]


def _day(value: Any) -> str:
    word = value.strip().lower().replace(" ", "_") if isinstance(value, str) else ""
    return word if word in RELATIVE_DAYS else moment_of(value)


def _pair(argument: Any) -> tuple[Any, Any]:
    given = object_of(argument)
    ends = [given.get("start", given.get("from")), given.get("end", given.get("to"))] if given else listed(argument)
    if len(ends) != 2 or None in ends:
        raise Unfit("between takes two values: [from, to]")
    return ends[0], ends[1]


def _option_names(column: Column, value: Any) -> list[str]:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise Unfit(f"{told(value)} is no option; write its name. {there_are(column.option_names)}")
    found = matching(str(value).strip(), column.option_names, str)
    if found:
        return found[:1]
    groups = cast("list[Mapping[str, Any]]", column.settings.get("groups") or [])
    group = matching(str(value), groups, lambda each: str(each.get("name")))
    if group:
        ids = items_of(group[0].get("option_ids"))
        return [str(option.get("name")) for option in column.options if option.get("id") in ids]
    hint = did_you_mean(str(value), column.option_names)
    raise Unfit(f"there is no option {told(value)}{hint} {there_are(column.option_names)}")


def _number_of(column: Column, value: Any) -> Any:
    prefix = column.settings.get("prefix")
    if isinstance(value, str) and prefix and value.strip().upper().startswith(f"{prefix}-".upper()):
        value = value.strip()[len(prefix) + 1 :]
    return converted(Column(name=column.name, id=column.id, type="number", settings={}), value)


def _spread(column: Column, operator: str, items: list[Any], wrap: Wrap) -> list[JsonObject]:
    """One condition for one item; for several a list where Notion takes it, else several conditions."""
    if not items:
        raise Unfit("an empty list matches nothing")
    notions = "contains" if operator == "contains_all" else operator
    if len(items) == 1:
        return [wrap({notions: items[0]})]
    if column.type in TAKE_LISTS and operator != "contains_all":
        return [wrap({operator: items})]
    conditions = [wrap({notions: item}) for item in items]
    return conditions if operator in NEGATIVE else [any_of(conditions)]
