"""Schemas and property values of Notion's objects, read back into state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, cast
from urllib.parse import unquote

from ..compute import Row
from ..ids import derived_id, property_id
from ..parse.options import STATUSES, set_groups
from ..state import (
    DateValue,
    FileValue,
    Formula,
    FormulaResult,
    Option,
    OptionGroup,
    Place,
    Property,
    Relation,
    Rollup,
    RowView,
    Value,
    Verification,
)
from ..workspace import Workspace
from .pieces import as_list, as_map, date_of, file_of, text_of

__all__ = ["Stored", "column_of", "learn_column", "value_of"]


@dataclass(frozen=True, slots=True)
class Stored:
    """A formula whose result is not computed, but kept with each row."""

    property_id: str

    def __call__(self, row: RowView) -> FormulaResult:
        """The result that was stored with the row."""
        value = row.page.values.get(self.property_id) if isinstance(row, Row) else None
        return value if value is None or isinstance(value, bool | int | float | str | DateValue) else None


def column_of(name: str, body: Mapping[str, Any], *, seed: str) -> Property:
    """A column of a schema, as it is given out or as it is sent.

    Args:
        name: Its name.
        body: ``{type: {...}}``, with id, description and options' ids or without; those are made from ``seed``.
        seed: The id of the data source.
    """
    kind = str(body.get("type") or next((each for each in body if each not in ("id", "name", "description")), ""))
    given = str(body["id"]) if body.get("id") else None
    identifier = "title" if kind == "title" else property_id(seed, name) if given is None else unquote(given)
    prop = Property(id=identifier, name=name, type=kind, description=body.get("description"))
    payload = as_map(body.get(kind))
    prop.options = [_option(each, seed, prop) for each in as_list(payload.get("options"))]
    prop.number_format = str(payload.get("format", "number"))
    prop.prefix = payload.get("prefix")
    if kind == "status":
        _group(prop, payload, seed)
    elif kind == "relation":
        prop.relation = _relation(payload)
    elif kind == "rollup":
        prop.rollup = _rollup(payload)
    elif kind == "formula":
        prop.formula = Formula(expression=str(payload.get("expression", "")), compute=Stored(identifier))
    return prop


def _option(value: Any, seed: str, prop: Property) -> Option:
    body: Mapping[str, Any] = {"name": value} if isinstance(value, str) else as_map(value)
    name = str(body.get("name", ""))
    return Option(
        id=str(body.get("id") or derived_id("option", seed, prop.id, name)),
        name=name,
        color=str(body.get("color") or "default"),
        description=body.get("description"),
    )


def _group(prop: Property, payload: Mapping[str, Any], seed: str) -> None:
    if not prop.options and "options" not in payload:
        prop.options = [
            Option(id=derived_id("option", seed, prop.id, name), name=name, color=color) for name, color, _ in STATUSES
        ]
    homes = {name: group for name, _, group in STATUSES}
    sent = {as_map(each).get("name"): as_map(each).get("group") for each in as_list(payload.get("options"))}
    known = {each.id: str(sent.get(each.name) or homes.get(each.name, "To-do")) for each in prop.options}
    if "groups" not in payload:
        set_groups(prop, derived_id(seed, prop.id), known)
        return
    prop.groups = [
        OptionGroup(
            id=str(each["id"]),
            name=str(each["name"]),
            color=str(each.get("color", "gray")),
            option_ids=[str(one) for one in as_list(each.get("option_ids"))],
        )
        for each in map(as_map, as_list(payload["groups"]))
    ]


def _relation(payload: Mapping[str, Any]) -> Relation:
    synced = as_map(payload.get("dual_property")).get("synced_property_id")
    source = str(payload.get("data_source_id", ""))
    return Relation(source_id=source, synced_property_id=None if synced is None else unquote(str(synced)))


def _rollup(payload: Mapping[str, Any]) -> Rollup:
    # These inner ids are not percent-encoded.
    return Rollup(
        relation_id=str(payload.get("relation_property_id", "")),
        property_id=str(payload.get("rollup_property_id", "")),
        function=str(payload.get("function", "")),
    )


def learn_column(properties: list[Property], name: str, body: Mapping[str, Any], *, seed: str) -> Property:
    """The column that a row's value belongs to; one that is not known yet is made up from the value."""
    wanted = unquote(str(body["id"])) if body.get("id") else None
    found = next((each for each in properties if each.id == wanted or each.name == name), None)
    if found is None:
        kind = str(body.get("type"))
        inner = as_map(body.get(kind))
        facts: dict[str, Any] = {"options": []} if kind == "status" else {}
        if kind == "rollup":
            facts = {"function": inner.get("function", "")}
        found = column_of(name, {"id": body.get("id"), "type": kind, kind: facts}, seed=seed)
        properties.append(found)
    return found


Read: TypeAlias = Callable[[Workspace, Property, Any, str], Value]


def value_of(workspace: Workspace, prop: Property, body: Mapping[str, Any], *, seed: str) -> Value:
    """The value of a page's property. Options, users and the kind of a formula are learnt from it."""
    raw = body.get(prop.type)
    read = READERS.get(prop.type)
    if read is not None:
        return read(workspace, prop, raw, seed)
    return raw if isinstance(raw, bool | int | float | str) else None


def _chosen(prop: Property, value: Any, seed: str) -> str | None:
    if value is None:
        return None
    body: Mapping[str, Any] = {"name": value} if isinstance(value, str) else as_map(value)
    found = next((each for each in prop.options if body.get("id") == each.id or body.get("name") == each.name), None)
    if found is None:
        found = _option(body, seed, prop)
        prop.options.append(found)
        if prop.type == "status":
            set_groups(prop, derived_id(seed, prop.id), {})
    return found.id


def _choices(_: Workspace, prop: Property, value: Any, seed: str) -> Value:
    found = (_chosen(prop, each, seed) for each in as_list(value))
    return tuple(each for each in found if each is not None)


def _people(_: Workspace, __: Property, value: Any, ___: str) -> Value:
    return tuple(str(as_map(each).get("id", "")) for each in as_list(value))


def _files(_: Workspace, __: Property, value: Any, ___: str) -> Value:
    found: list[FileValue | None] = [file_of(each) for each in as_list(value)]
    return tuple(each for each in found if each is not None)


def _formula(_: Workspace, prop: Property, value: Any, __: str) -> Value:
    body = as_map(value)
    kind: Any = body.get("type")
    if prop.formula is None or kind not in ("string", "number", "boolean", "date"):
        return None
    prop.formula.kind = kind
    result = body.get(kind)
    return date_of(result) if kind == "date" else cast("Value", result)


def _unique(_: Workspace, prop: Property, value: Any, __: str) -> Value:
    number = as_map(value).get("number")
    prop.prefix = as_map(value).get("prefix", prop.prefix)
    prop.last_number = max(prop.last_number, int(number or 0))
    return cast("Value", number)


def _place(_: Workspace, __: Property, value: Any, ___: str) -> Value:
    body = as_map(value)
    if not body:
        return None
    names = ("name", "address", "aws_place_id", "google_place_id")
    return Place(lat=float(body["lat"]), lon=float(body["lon"]), **{key: body.get(key) for key in names})


def _verification(_: Workspace, __: Property, value: Any, ___: str) -> Value:
    body = as_map(value)
    if not body:
        return None
    state: Any = "unverified" if body.get("state") == "unverified" else "verified"
    return Verification(state=state, date=date_of(body.get("date")), by=as_map(body.get("verified_by")).get("id"))


def _nothing(_: Workspace, __: Property, ___: Any, ____: str) -> Value:
    return None


READERS: Mapping[str, Read] = {
    "title": lambda _, __, value, ___: text_of(value),
    "rich_text": lambda _, __, value, ___: text_of(value),
    "select": lambda _, prop, value, seed: _chosen(prop, value, seed),
    "status": lambda _, prop, value, seed: _chosen(prop, value, seed),
    "multi_select": _choices,
    "date": lambda _, __, value, ___: date_of(value),
    "people": _people,
    "relation": lambda _, __, value, ___: tuple(str(as_map(each)["id"]) for each in as_list(value)),
    "files": _files,
    "formula": _formula,
    "unique_id": _unique,
    "place": _place,
    "verification": _verification,
    **dict.fromkeys(("rollup", "button", "created_time", "created_by", "last_edited_time", "last_edited_by"), _nothing),
}
"""How each type's value is read; the rest is kept as it is."""
