"""An operation's parameters as it wants them: their names, then their values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from ..catalog import refused
from ..errors import InvalidParams
from ..fields import parse_id
from ..narrowing import object_of
from ..operation import Effect, JsonObject, Operation, Spec
from ..repair import MAY_WRAP, WRAPPERS, container, merged, params_object
from . import forms
from .aliases import named_like
from .blocks import as_markdown, block, blocks
from .contents import contents
from .guards import is_list, is_object
from .homes import Undecided, home
from .ids import bare_id
from .shapes import Shape, accepted, shapes_of
from .values import fitted, says_nothing
from .words import key

__all__ = ["mended"]

AnyOperation = type[Operation[Any]]


def mended(operation: AnyOperation, params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters in the operation's own names and forms, wherever that does not change what they mean.

    Nothing is dropped but what says nothing: what finds no place is left for ``Catalog.parse`` to refuse.

    Raises:
        InvalidParams: one parameter is given under two names with two values, a parent may be of several kinds, or an
            update has nothing to change.
    """
    given = _unwrapped({str(name): value for name, value in params.items()}, operation)
    given = _redundant_gone(operation, given)
    found = _valued(operation, contents(operation, _named(operation, given)))
    _check_changes(operation, found)
    return found


def _check_changes(operation: AnyOperation, given: Mapping[str, Any]) -> None:
    """Refuse an update of nothing, which Notion would answer as if it had changed something."""
    spec = operation.spec
    if spec.action != "update":
        return
    others = {*spec.query, "drop", "markdown_version", *_PLACEHOLDER.findall(spec.path)}
    changes = [
        name for name, value in given.items() if name not in others and (value is not None or _clears(spec, name))
    ]
    may = [name for name in operation.model_fields if name not in others]
    if all(given[name] == {} for name in changes) and not others.isdisjoint(given):
        raise InvalidParams(
            f"{spec.name}: nothing to change is given.",
            hint=f"Give at least one of {', '.join(may)}.",
            details={"operation": spec.name, "parameters": {}},
        )


_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def _clears(spec: Spec, name: str) -> bool:
    return name in spec.nullable


def _unwrapped(given: dict[str, Any], operation: AnyOperation, depth: int = 0) -> dict[str, Any]:
    """Without keys under which the parameters stand once more."""
    for name in [each for each in given if each not in operation.model_fields]:
        inner = _inside(name, given[name], operation)
        if inner is not None and depth < MAX_WRAPPED:
            del given[name]
            given = merged(_unwrapped(params_object(inner), operation, depth + 1), given)
    return given


def _inside(name: str, value: Any, operation: AnyOperation) -> JsonObject | None:
    """The parameters under a key that names none; under one that may be a value's, if they are the operation's."""
    wanted = key(name)
    if wanted not in _WRAPPED and wanted not in _MAY_WRAP:
        return None
    inner = container(value)
    if not is_object(inner):
        return None
    if wanted in _WRAPPED or any(each in operation.model_fields for each in inner):
        return inner
    meant = named_like(name, value, operation) is None and any(
        named_like(each, item, operation) is not None for each, item in inner.items()
    )
    return inner if meant else None


_WRAPPED = frozenset(key(name) for name in WRAPPERS)
_MAY_WRAP = frozenset(key(name) for name in MAY_WRAP)
MAX_WRAPPED = 8


def _redundant_gone(operation: AnyOperation, given: dict[str, Any]) -> dict[str, Any]:
    """Without what repeats the call's own name, or what it does anyway."""
    spec = operation.spec
    says: dict[str, object] = {"entity": key(spec.entity), "action": key(spec.action)}
    trash = {"delete": "true", "restore": "false"}.get(spec.action)

    def repeats(name: str, value: object) -> bool:
        if name in operation.model_fields:
            return False
        if name in says:
            return isinstance(value, str) and key(value) == says[name]
        return trash is not None and key(name) in _TRASHED and str(value).lower() == trash

    return {name: value for name, value in given.items() if not repeats(name, value)}


_TRASHED = frozenset(key(name) for name in ("in_trash", "archived", "trashed"))


def _named(operation: AnyOperation, given: Mapping[str, Any]) -> dict[str, Any]:
    """Under the operation's own names. One that is given wins nothing over another: two values are refused."""
    fields, own = operation.model_fields, accepted(operation)
    found = {name: value for name, value in given.items() if name in fields or name in own}
    strays: dict[str, Any] = {}
    for name, value in given.items():
        if name in found:
            continue
        ours = named_like(name, value, operation)
        if ours is None:
            strays[name] = value
            continue
        _put(operation, found, ours, _wrapped(ours, key(name), value), name)
    return {**found, **strays}


def _wrapped(ours: str, name: str, value: Any) -> Any:
    """The value in the form that the other name implies: ``after`` a block, ``page_id`` of a parent."""
    if ours == "parent" and name in _HOMES:
        inner = container(value)
        return inner if is_object(inner) and name == "parent" else {_HOMES[name]: bare_id("id", value)}
    if ours == "position" and name == "after" and isinstance(value, str):
        return {"type": "after_block", "after_block": {"id": value}}
    return value


_HOMES = {
    **dict.fromkeys(("pageid", "page", "parentpageid"), "page_id"),
    **dict.fromkeys(("databaseid", "database", "parentdatabaseid"), "database_id"),
    **dict.fromkeys(("datasourceid", "datasource", "parentdatasourceid"), "data_source_id"),
    **dict.fromkeys(("blockid", "block"), "block_id"),
}


def _put(operation: AnyOperation, found: dict[str, Any], ours: str, value: Any, name: str) -> None:
    if ours not in found or found[ours] is None:
        found[ours] = value
        return
    if value is not None and _read(operation, ours, found[ours]) != _read(operation, ours, value):
        raise refused(operation, {name: f"{name} and {ours} mean the same and differ: give {ours} alone"})


def _read(operation: AnyOperation, name: str, value: Any) -> Any:
    """A value for comparing it with another: of an id or URL the id."""
    found = fitted(name, value, shapes_of(operation)[name])
    for each in operation.model_fields[name].metadata:
        if hasattr(each, "part"):
            with suppress(ValueError):
                return parse_id(found, part=each.part)
    return found


def _valued(operation: AnyOperation, given: dict[str, Any]) -> dict[str, Any]:
    """Every value as its field wants it; a text that stands for nothing is left out."""
    shapes, found = shapes_of(operation), dict[str, Any]()
    kept = {*operation.spec.nullable, *(name for name, item in operation.model_fields.items() if item.is_required())}
    content = given.get("children")
    nothing = content is None or "children" not in shapes or says_nothing(content, shapes["children"])
    text = None if nothing or "markdown" not in shapes else as_markdown(content)
    if text is not None and given.get("markdown") is None and text.strip():
        given = {**{name: value for name, value in given.items() if name != "children"}, "markdown": text}
    for name, value in given.items():
        shape = shapes.get(name)
        if shape is None:
            found[name] = block({name: value})[name] if name in accepted(operation) else value
        elif name in kept or not says_nothing(value, shape):
            found[name] = _value(operation, name, value, shape)
    return found


def _value(operation: AnyOperation, name: str, value: Any, shape: Shape) -> Any:
    if value is None or says_nothing(value, shape):
        return value
    if name == "parent":
        try:
            return fitted(name, home(value, shape), shape)
        except Undecided as forms_:
            raise _undecided(operation, name, str(forms_)) from None
    if name in _OF_NAME and shape.kind in {"list", "object", "form"}:
        return fitted(name, _OF_NAME[name](operation, container(value)), shape)
    return fitted(name, value, shape)


def _undecided(operation: AnyOperation, name: str, choices: str) -> InvalidParams:
    error = refused(operation, {name: f"{name} must say what it is: {choices}"})
    error.hint = "search.resolve finds out what an id, URL or title is."
    return error


def _filter(operation: AnyOperation, value: Any) -> Any:
    if shapes_of(operation)["filter"].kind == "form":
        return forms.search_filter(value)
    return forms.filter_(value) if operation.spec.entity != "meeting_notes" else forms.unpacked(value)


def _sort(operation: AnyOperation, value: Any) -> Any:
    return forms.search_sort(value) if shapes_of(operation)["sort"].kind == "form" else value


def _properties(operation: AnyOperation, value: Any) -> Any:
    """Values of a row, or columns, out of their JSON text where they are no text themselves."""
    if is_list(value) and len(value) == 1:
        value = container(value[0])
    if not is_object(value):
        return value
    columns = operation.spec.entity != "pages"
    short = columns and operation.spec.effect is Effect.WRITE and operation.spec.action == "create"
    return {name: _property(item, short=short) for name, item in value.items()}


def _property(value: Any, *, short: bool) -> Any:
    if not isinstance(value, str):
        return forms.unpacked(value)
    found = container(value)
    if is_object(found):
        return forms.unpacked(found)
    if is_list(found) and found and all(isinstance(each, (str, dict)) for each in found):
        return forms.unpacked(found)
    return {value: {}} if short and value.isidentifier() else value


def _source(operation: AnyOperation, value: Any) -> Any:
    given = object_of(value)
    return (
        {**given, "properties": _properties(operation, container(given["properties"]))}
        if "properties" in given
        else value
    )


def _plain(change: Callable[[Any], Any]) -> Callable[[AnyOperation, Any], Any]:
    return lambda _, value: change(value)


_OF_NAME: Mapping[str, Callable[[AnyOperation, Any], Any]] = {
    **{name: _plain(change) for name, change in forms.SHORT.items()},
    **dict.fromkeys(("title", "description"), _plain(forms.rich_text)),
    **dict.fromkeys(
        ("quick_filters", "configuration", "options", "create_database", "placement"), _plain(forms.unpacked)
    ),
    "children": _plain(blocks),
    "block": _plain(block),
    "filter": _filter,
    "sort": _sort,
    "properties": _properties,
    "initial_data_source": _source,
}
"""By parameter, what short forms of it there are. Text is never looked into where text is wanted."""
