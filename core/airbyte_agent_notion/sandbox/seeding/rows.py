"""Schemas and rows of the small form: plain values, and names in place of ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from urllib.parse import quote

from ...errors import ConfigurationError
from ..ids import parse_id
from ..state import Property
from ..workspace import Workspace
from .pieces import as_list, as_map

__all__ = ["Names", "row_properties", "schema_properties"]


class Names:
    """What the names in rows stand for."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.sources: dict[str, str] = {}
        """Ids of data sources by their database's title."""
        self.rows: dict[tuple[str, str], str] = {}
        """Ids of rows by data source and title."""

    def schema(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """A schema entry whose relation's ``data_source`` or rollup's names are brought to ids."""
        relation = as_map(body.get("relation"))
        if "data_source" not in relation:
            return dict(body)
        title = str(relation["data_source"])
        rest = {key: value for key, value in relation.items() if key != "data_source"}
        return {**body, "relation": {**rest, "data_source_id": self._known(self.sources, title, "database")}}

    def user(self, name: str) -> str:
        """A user's id, by id, name or e-mail address."""
        for each in self.workspace.users.values():
            if name in (each.id, each.name, each.email):
                return each.id
        raise _unknown("user", name, [each.name for each in self.workspace.users.values()])

    def row(self, prop: Property, name: str) -> str:
        """The id of a related row, by id or title."""
        source = prop.relation.source_id if prop.relation else ""
        return parse_id(name) or self._known(self.rows, (source, name), "row")

    def finish(self) -> None:
        """Bring the names in rollups to ids, now that all columns are there."""
        for source in self.workspace.sources.values():
            for prop in source.properties:
                if prop.rollup is not None:
                    self._rollup(source.properties, prop)

    def _rollup(self, columns: list[Property], prop: Property) -> None:
        rollup = prop.rollup
        via = next((each for each in columns if rollup and rollup.relation_id in (each.id, each.name)), None)
        target = self.workspace.sources.get(via.relation.source_id) if via and via.relation else None
        rolled = target.find(rollup.property_id) if target and rollup else None
        if rollup is not None and via is not None and rolled is not None:
            rollup.relation_id, rollup.property_id = via.id, rolled.id

    def _known(self, table: Mapping[Any, str], key: Any, what: str) -> str:
        if key not in table:
            name = key if isinstance(key, str) else key[1]
            raise _unknown(what, name, [each if isinstance(each, str) else each[1] for each in table])
        return table[key]


def _unknown(what: str, name: str, known: list[str]) -> ConfigurationError:
    shown = ", ".join(sorted(each for each in known if each)[:10])
    return ConfigurationError(f"There is no {what} {name!r}.", hint=f"Known: {shown or 'none'}.")


def schema_properties(given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Schema entries; a mere type, such as ``"number"``, stands for an entry without details."""
    found: dict[str, dict[str, Any]] = {}
    for name, each in given.items():
        body: dict[str, Any] = {each: {}} if isinstance(each, str) else dict(as_map(each))
        for kind in ("select", "multi_select", "status"):
            if isinstance(body.get(kind), list):
                body[kind] = {"options": as_list(body[kind])}
        rollup = as_map(body.get("rollup"))
        if rollup:
            body["rollup"] = {
                "function": rollup.get("function", "show_original"),
                "relation_property_id": rollup.get("relation") or rollup.get("relation_property_id"),
                "rollup_property_id": rollup.get("property") or rollup.get("rollup_property_id"),
            }
        found[name] = body
    return found


Write: TypeAlias = Callable[[Names, Property, Any], Any]


def row_properties(names: Names, columns: list[Property], given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Values as Notion gives them out, by column; a value in that form already is taken as it is.

    Raises:
        ConfigurationError: There is no such column, or a name that nothing has.
    """
    known = {each.name: each for each in columns}
    found: dict[str, dict[str, Any]] = {}
    for name, value in given.items():
        prop = known.get(name)
        if prop is None:
            raise _unknown("column", name, list(known))
        if isinstance(value, dict) and prop.type in value:
            value = as_map(value)[prop.type]
        elif value is not None and prop.type in WRITERS:
            value = WRITERS[prop.type](names, prop, value)
        found[name] = {"id": quote(prop.id, safe=""), "type": prop.type, prop.type: value}
    return found


def _date(_: Names, __: Property, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    start, _sep, end = value.partition("/")
    return {"start": start, "end": end or None}


def _many(value: Any) -> list[Any]:
    return list(as_list(value)) if isinstance(value, list) else [value]


def _files(_: Names, __: Property, value: Any) -> Any:
    found = [{"external": {"url": each}} if isinstance(each, str) else dict(as_map(each)) for each in _many(value)]
    return [{**each, "external": {"url": each["url"]}} if "url" in each else each for each in found]


WRITERS: Mapping[str, Write] = {
    "date": _date,
    "multi_select": lambda _, __, value: _many(value),
    "people": lambda names, _, value: [
        each if isinstance(each, dict) else {"id": names.user(str(each))} for each in _many(value)
    ],
    "relation": lambda names, prop, value: [
        each if isinstance(each, dict) else {"id": names.row(prop, str(each))} for each in _many(value)
    ],
    "files": _files,
    "unique_id": lambda _, prop, value: {"prefix": prop.prefix, "number": value} if isinstance(value, int) else value,
}
"""How plain values become those that Notion gives out; the rest is the same in both."""
