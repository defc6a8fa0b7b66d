"""A data source's properties as JSON."""

from __future__ import annotations

from typing import Any

from ..state import Option, Property
from ..workspace import Workspace
from .values import wire_id

__all__ = ["property_json"]


def property_json(workspace: Workspace, owner: list[Property], prop: Property) -> dict[str, Any]:
    """One schema entry."""
    return {
        "id": wire_id(prop.id),
        "name": prop.name,
        "description": prop.description,
        "type": prop.type,
        prop.type: _payload(workspace, owner, prop),
    }


def _payload(workspace: Workspace, owner: list[Property], prop: Property) -> dict[str, Any]:
    if prop.type == "number":
        return {"format": prop.number_format}
    if prop.type in ("select", "multi_select", "status"):
        groups = [
            {"id": each.id, "name": each.name, "color": each.color, "option_ids": list(each.option_ids)}
            for each in prop.groups
        ]
        options = [_option(each) for each in prop.options]
        return {"options": options, "groups": groups} if prop.type == "status" else {"options": options}
    if prop.type == "unique_id":
        return {"prefix": prop.prefix}
    if prop.formula is not None:
        return {"expression": prop.formula.expression}
    if prop.relation is not None:
        return _relation(workspace, prop)
    return _rollup(workspace, owner, prop) if prop.rollup is not None else {}


def _option(option: Option) -> dict[str, Any]:
    return {"id": option.id, "name": option.name, "color": option.color, "description": option.description}


def _relation(workspace: Workspace, prop: Property) -> dict[str, Any]:
    relation = prop.relation
    target = workspace.sources.get(relation.source_id) if relation else None
    if relation is None or target is None:
        return {}
    body: dict[str, Any] = {"database_id": target.parent.id, "data_source_id": target.id}
    synced = target.by_id(relation.synced_property_id) if relation.synced_property_id else None
    if synced is None:
        return {**body, "type": "single_property", "single_property": {}}
    dual = {"synced_property_name": synced.name, "synced_property_id": wire_id(synced.id)}
    return {**body, "type": "dual_property", "dual_property": dual}


def _rollup(workspace: Workspace, owner: list[Property], prop: Property) -> dict[str, Any]:
    rollup = prop.rollup
    relation = next((each for each in owner if rollup and each.id == rollup.relation_id), None)
    if rollup is None or relation is None or relation.relation is None:
        return {}
    target = workspace.sources.get(relation.relation.source_id)
    rolled = target.by_id(rollup.property_id) if target else None
    # These inner ids are not percent-encoded, unlike all others.
    return {
        "rollup_property_name": rolled.name if rolled else "",
        "relation_property_name": relation.name,
        "rollup_property_id": rollup.property_id,
        "relation_property_id": rollup.relation_id,
        "function": rollup.function,
    }
