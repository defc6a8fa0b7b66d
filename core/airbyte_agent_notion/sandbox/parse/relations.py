"""Relations and rollups of a schema as they are sent."""

from __future__ import annotations

from typing import Any

from ..context import Context
from ..narrow import as_id, as_object, as_string, one_of, only, required
from ..problems import UNDEFINED, invalid, malformed
from ..state import DataSource, Property, Relation, Rollup
from .values import find_property

__all__ = ["FUNCTIONS", "relation_of", "rollup_of"]

_FUNCTIONS = (
    "count count_values empty not_empty unique show_unique percent_empty percent_not_empty sum average median min max "
    "range earliest_date latest_date date_range checked unchecked percent_checked percent_unchecked count_per_group "
    "percent_per_group show_original"
)
FUNCTIONS = tuple(_FUNCTIONS.split())
KINDS = ("single_property", "dual_property")


def relation_of(context: Context, body: dict[str, Any], where: str, *, own: str) -> tuple[Relation, str | None]:
    """The target of a relation, and the name wanted for its other side: None without one, "" for Notion's own choice.

    Args:
        context: The request.
        body: The entry's payload.
        where: Its place in the request.
        own: Id of the data source that is written, which may not exist yet.
    """
    kind = next((each for each in KINDS if each in body), None)
    if kind is None or len([each for each in KINDS if each in body]) > 1:
        raise malformed(f"{where}.single_property", "defined, or `dual_property` in its place", UNDEFINED)
    only(body, where, "type", "data_source_id", "database_id", kind)
    one_of(body.get("type", kind), f"{where}.type", (kind,))
    target = as_id(required(body, "data_source_id", where), f"{where}.data_source_id")
    if target != own:
        source = context.visible(context.workspace.find(target), "data_source", target)
        if not isinstance(source, DataSource):
            raise context.missing("data_source", target)
    inner = as_object(body[kind], f"{where}.{kind}")
    if kind == "single_property":
        only(inner, f"{where}.{kind}")
        return Relation(source_id=target), None
    only(inner, f"{where}.{kind}", "synced_property_name", "synced_property_id")
    name = inner.get("synced_property_name")
    return Relation(source_id=target), "" if name is None else as_string(name, f"{where}.{kind}.synced_property_name")


def rollup_of(context: Context, body: dict[str, Any], where: str, *, columns: list[Property], own: str) -> Rollup:
    """A rollup over a relation among ``columns``."""
    names = ("relation_property_name", "relation_property_id", "rollup_property_name", "rollup_property_id")
    only(body, where, "function", *names)
    function = one_of(required(body, "function", where), f"{where}.function", FUNCTIONS)
    relation = _named(columns, body, "relation", where)
    if relation.relation is None:
        raise invalid(f"{relation.name} is not a relation, so that {where} cannot roll up over it.")
    target = relation.relation.source_id
    source = context.workspace.sources.get(target)
    far = columns if source is None or target == own else source.properties
    return Rollup(relation_id=relation.id, property_id=_named(far, body, "rollup", where).id, function=function)


def _named(columns: list[Property], body: dict[str, Any], which: str, where: str) -> Property:
    """The column that ``<which>_property_name`` or ``<which>_property_id`` names."""
    key = next((each for each in (f"{which}_property_id", f"{which}_property_name") if body.get(each)), None)
    if key is None:
        raise malformed(f"{where}.{which}_property_name", "defined", UNDEFINED)
    name = as_string(body[key], f"{where}.{key}")
    found = find_property(tuple(columns), name)
    if found is None:
        raise invalid(f"{name} is not a property that exists.")
    return found
