"""What stands where an operation has no parameter for it: titles, columns, edits, kinds of object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..catalog import refused
from ..narrowing import object_of
from ..operation import Operation
from ..repair import container
from . import forms
from .guards import is_object
from .words import key

__all__ = ["contents"]

AnyOperation = type[Operation[Any]]


def contents(operation: AnyOperation, given: dict[str, Any]) -> dict[str, Any]:
    """Titles, columns and edits that stand where the operation has no parameter for them."""
    for test, move in _MOVES:
        given = move(operation, given) if test(operation) else given
    return given


def _title_in_properties(operation: AnyOperation, given: dict[str, Any]) -> dict[str, Any]:
    """``title`` of a page is one of its values; the property of that id is its title in every table."""
    found = {key(name): name for name in given if name not in operation.model_fields}
    name = next((found[each] for each in ("title", "name", "pagetitle") if each in found), None)
    properties = container(given.get("properties"))
    if name is None or not (properties is None or is_object(properties)):
        return given
    values = object_of(properties)
    # Beside other values a name may be a column's own.
    if "title" in values and values["title"] != given[name]:
        raise refused(operation, {name: f"{name} and properties.title differ: give the title once"})
    rest = {each: value for each, value in given.items() if each != name}
    return {**rest, "properties": {"title": given[name], **values}}


def _columns_in_source(_: AnyOperation, given: dict[str, Any]) -> dict[str, Any]:
    """The columns of a new database are those of its first data source."""
    name = next((each for each in given if key(each) in {"property", "schema", "column"}), None)
    if name is None or given.get("initial_data_source") is not None:
        return given
    rest = {each: value for each, value in given.items() if each != name}
    return {**rest, "initial_data_source": {"properties": container(given[name])}}


_EDITS = ("update_content", "replace_content", "insert_content", "replace_content_range")


def _edit_named(_: AnyOperation, given: dict[str, Any]) -> dict[str, Any]:
    """An edit without its type, or with its keys beside."""
    there = [name for name in _EDITS if given.get(name) is not None]
    if len(there) == 1 and given.get("type") is None:
        given = {**given, "type": there[0]}
    if not there and {"old_str", "new_str"} <= given.keys() and given.get("type") in {None, "update_content"}:
        edit = {name: given[name] for name in ("old_str", "new_str", "replace_all_matches") if name in given}
        rest = {name: value for name, value in given.items() if name not in edit}
        return {**rest, "type": "update_content", "update_content": {"content_updates": [edit]}}
    if not there and given.get("type") == "replace_content" and "new_str" in given:
        rest = {name: value for name, value in given.items() if name != "new_str"}
        return {**rest, "replace_content": {"new_str": given["new_str"]}}
    return given


def _filter_beside(_: AnyOperation, given: dict[str, Any]) -> dict[str, Any]:
    """Kind of object beside the query of a search."""
    name = next((each for each in given if key(each) in {"object", "type", "objecttype", "filtertype"}), None)
    if name is None or given.get("filter") is not None or not is_object(forms.search_filter(given[name])):
        return given
    return {**{each: value for each, value in given.items() if each != name}, "filter": given[name]}


_MOVES: list[tuple[Callable[[AnyOperation], bool], Callable[[AnyOperation, dict[str, Any]], dict[str, Any]]]] = [
    (lambda operation: operation.spec.name in {"pages.create", "pages.update"}, _title_in_properties),
    (lambda operation: operation.spec.name == "databases.create", _columns_in_source),
    (lambda operation: operation.spec.name == "pages.update_markdown", _edit_named),
    (lambda operation: operation.spec.name == "search.search", _filter_beside),
]
