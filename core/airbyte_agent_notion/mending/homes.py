"""Where something is to live, as models say it: an id alone, a URL, a type with an id."""

from __future__ import annotations

from typing import Any

from ..narrowing import object_of
from ..operation import JsonObject
from ..repair import container
from .guards import is_list, is_object
from .ids import bare_id, handle_kind, sort_of, url_part
from .shapes import Shape
from .values import placed
from .words import key

__all__ = ["Undecided", "home"]

_OF_HANDLE = {"p": "page_id", "db": "database_id", "ds": "data_source_id", "b": "block_id"}
_TYPES = {"page": "page_id", "database": "database_id", "datasource": "data_source_id", "block": "block_id"}


class Undecided(ValueError):
    """A parent that may be of several kinds; the message says how to write it."""


def home(value: Any, shape: Shape) -> Any:
    """A parent in Notion's form.

    Raises:
        Undecided: it may be one of several kinds, and nothing says which.
    """
    value = container(value)
    if is_list(value) and len(value) == 1:  # pyright: ignore[reportUnknownArgumentType]
        value = value[0]  # pyright: ignore[reportUnknownVariableType]
    places = [name for name in shape.keys if name.endswith("_id")]
    if isinstance(value, str):
        return _of_text(value.strip(), places, "workspace" in shape.keys)
    if not is_object(value):
        return value  # pyright: ignore[reportUnknownVariableType]
    given = _typed(placed(object_of(value), shape))
    named = [name for name in given if name in places]
    said: object = given.get("type")
    under = next((name for name in given if key(name) in _VALUE), None)
    if not named and under is not None and set(given) <= {under, "type", "object"}:
        if isinstance(said, str) and said in places:
            return {said: given[under]}
        return _of_text(str(bare_id("id", given[under])), places, workspace=False)
    if not named and places and not set(given) & {"workspace", *shape.required} and said != "workspace":
        ids = [each for each in given.values() if isinstance(each, str) and sort_of(each) in {"id", "handle"}]
        raise Undecided(_filled(places, ids[0]) if len(ids) == 1 else _forms(places))
    return given


_VALUE = frozenset({"id", "uuid", "value", "url"})
"""Keys under which an id stands beside its type."""


def _typed(given: JsonObject) -> JsonObject:
    """The type by its usual name; ``object`` says the same."""
    known = _SPELLED.values()
    given = {name if name in known else _SPELLED.get(key(name), name): item for name, item in given.items()}
    said: object = given.get("type", given.get("object", given.get("kind")))
    kind = _TYPES.get(key(said)) if isinstance(said, str) else None
    if kind is None:
        return given
    return {"type": kind, **{name: item for name, item in given.items() if name not in {"type", "object", "kind"}}}


_SPELLED = {
    key(f"{before}{name}_{end}"): f"{name}_id"
    for name in ("page", "database", "data_source", "block")
    for before in ("", "parent_")
    for end in ("id", "uuid", "url", "link")
}
"""A place's other names."""


def _of_text(text: str, places: list[str], workspace: bool) -> Any:
    if workspace and key(text) == "workspace":
        return {"type": "workspace", "workspace": True}
    kind = _OF_HANDLE.get(handle_kind(text) or "")
    if kind in places:
        return {kind: text}
    found = str(bare_id("id", text))
    sort = sort_of(found)
    if sort == "url":
        view, block = url_part(found)
        if view and "database_id" in places:
            return {"database_id": found}
        if "block_id" in places:
            return {"block_id" if block else "page_id": found}
    if len(places) == 1 and sort not in {"handle", "other"}:
        return {places[0]: found}
    if sort == "title":
        return found
    raise Undecided(_forms(places))


def _forms(places: list[str]) -> str:
    return " or ".join(f'{{"{name}": "..."}}' for name in sorted(places, key=_rank)[:3])


def _filled(places: list[str], identifier: str) -> str:
    """The same with the id that was given, once."""
    first, *others = sorted(places, key=_rank)
    rest = f", or with {' or '.join(others)} in place of {first}" if others else ""
    return f'{{"parent": {{"{first}": "{identifier}"}}}}{rest}'


def _rank(name: str) -> int:
    return ("page_id", "data_source_id", "database_id", "block_id").index(name)
