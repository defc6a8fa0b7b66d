"""Rows' values as filters and sorts see them: plain comparable Python values."""

from __future__ import annotations

from .compute import computed_formula, plain_value, related
from .moments import parse, to_minute
from .operators import Comparable
from .state import DateValue, FormulaResult, Page, Property, Value
from .workspace import Workspace, as_files, as_ids, as_number

__all__ = ["comparable", "of_formula", "of_moment"]


def of_moment(value: DateValue | None) -> Comparable:
    """The start of a date."""
    return None if value is None else parse(value.start)


def of_formula(result: FormulaResult) -> Comparable:
    """A formula's result; a date counts by its start."""
    return of_moment(result) if isinstance(result, DateValue) else result


def comparable(workspace: Workspace, page: Page, prop: Property) -> Comparable:
    """The value of one property of one row; formulas are computed."""
    value = page.values.get(prop.id)
    if prop.type in ("created_time", "last_edited_time"):
        # Compared as given out: to the minute.
        return parse(to_minute(page.created if prop.type == "created_time" else page.edited))
    if prop.type in ("created_by", "last_edited_by"):
        return frozenset([page.created_by if prop.type == "created_by" else page.edited_by])
    if prop.type == "formula":
        return of_formula(computed_formula(workspace, page, prop))
    if prop.type == "relation":
        return frozenset(each.id for each in related(workspace, page, prop.id))
    return _stored(workspace, prop, value)


def _stored(workspace: Workspace, prop: Property, value: Value) -> Comparable:
    if prop.type == "checkbox":
        return value is True
    if prop.type in ("number", "unique_id"):
        return as_number(value)
    if isinstance(value, DateValue):
        return of_moment(value)
    if prop.type == "multi_select":
        names = {each.id: each.name for each in prop.options}
        return frozenset(names[each] for each in as_ids(value) if each in names)
    if prop.type == "people":
        return frozenset(as_ids(value))
    if prop.type == "files":
        return frozenset(each.name for each in as_files(value))
    return plain_value(workspace, prop, value) or None
