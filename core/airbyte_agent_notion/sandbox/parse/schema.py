"""Property schemas as they are sent: a plan of what becomes of a data source's columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

from ..context import Context
from ..ids import property_id
from ..narrow import as_object, as_string, one_of, only, required
from ..problems import UNDEFINED, invalid, malformed, not_present
from ..state import Formula, Option, Property, Relation
from .options import STATUSES, listed_options, set_groups
from .relations import relation_of, rollup_of
from .values import find_property

__all__ = ["SchemaPlan", "plan_schema"]

MAX_NAME = 255
EMPTY = (
    "title",
    "rich_text",
    "date",
    "people",
    "files",
    "checkbox",
    "url",
    "email",
    "phone_number",
    "created_time",
    "created_by",
    "last_edited_time",
    "last_edited_by",
    "place",
)
"""Types whose schema is an empty object."""
_FORMATS = (
    "number number_with_commas percent dollar australian_dollar canadian_dollar singapore_dollar euro pound yen ruble "
    "rupee won yuan real lira rupiah franc hong_kong_dollar new_zealand_dollar krona norwegian_krone mexican_peso rand "
    "new_taiwan_dollar danish_krone zloty baht forint koruna shekel chilean_peso philippine_peso dirham colombian_peso "
    "riyal ringgit leu argentine_peso uruguayan_peso peruvian_sol"
)
FORMATS = tuple(_FORMATS.split())


@dataclass(slots=True, kw_only=True)
class SchemaPlan:
    """The columns as they shall be, and what follows for the rest of the workspace."""

    source_id: str
    properties: list[Property]
    """Copies: nothing is changed before the plan is carried out."""
    dropped: list[Property] = field(default_factory=list[Property])
    retyped: list[Property] = field(default_factory=list[Property])
    """Columns that got another type, as they were."""
    retargeted: list[str] = field(default_factory=list[str])
    """Ids of relations that point elsewhere now: their values are void."""
    mirrors: dict[str, str | None] = field(default_factory=dict[str, str | None])
    """Relations that get another side, by id, with the name that was asked for."""
    unmirrored: list[Relation] = field(default_factory=list[Relation])
    """Relations, as they were, whose other side is on its own now."""

    def find(self, key: str) -> Property | None:
        """The column of that name or id."""
        return find_property(tuple(self.properties), key)


Configure: TypeAlias = Callable[["_Planner", Property, dict[str, Any], str], None]


def plan_schema(context: Context, value: Any, where: str, *, source_id: str, existing: list[Property]) -> SchemaPlan:
    """What a ``properties`` object makes of a data source's columns.

    Raises:
        Problem: 400 or 404: an entry is malformed, names something that is not there, or asks for what Notion refuses.
    """
    plan = SchemaPlan(source_id=source_id, properties=deepcopy(existing))
    planner = _Planner(context=context, plan=plan)
    body = as_object(value, where)
    # Rollups may name relations of the same request.
    later = {key for key, entry in body.items() if isinstance(entry, dict) and "rollup" in entry}
    for key in [*(each for each in body if each not in later), *(each for each in body if each in later)]:
        planner.entry(key, body[key], f"{where}.{key}")
    titles = [each for each in plan.properties if each.type == "title"]
    if len(titles) != 1:
        raise invalid("Title is not provided." if not titles else "There should be exactly one title property.")
    return plan


@dataclass(frozen=True, slots=True, kw_only=True)
class _Planner:
    context: Context
    plan: SchemaPlan

    def entry(self, key: str, value: Any, where: str) -> None:
        """Plan one entry: create, drop, rename, configure or retype."""
        prop = self.plan.find(key)
        if value is None:
            self._drop(key, prop)
            return
        body = as_object(value, where)
        kinds = [each for each in body if each not in ("type", "name", "description", "id")]
        if len(kinds) > 1:
            raise not_present(f"{where}.{kinds[1]}", body[kinds[1]])
        kind = kinds[0] if kinds else None
        if kind is not None:
            one_of(kind, f"{where}.type", tuple(CONFIGURE))
        if kind != body.get("type", kind) and kind is not None:
            raise malformed(f"{where}.type", f'`"{kind}"`', body["type"])
        if prop is None:
            prop = self._create(key, kind, body, where)
        elif kind is not None and kind != prop.type:
            prop = self._retype(prop, kind)
        self._label(prop, body, where)
        if kind is not None:
            CONFIGURE[kind](self, prop, as_object(body[kind], f"{where}.{kind}"), f"{where}.{kind}")

    def _drop(self, key: str, prop: Property | None) -> None:
        if prop is None:
            raise invalid(f"{key} is not a property that exists.")
        if prop.type == "title":
            raise invalid("Cannot delete the title property.")
        self.plan.properties.remove(prop)
        self.plan.dropped.append(prop)
        self.unmirror(prop)

    def _create(self, key: str, kind: str | None, body: dict[str, Any], where: str) -> Property:
        if kind is None:
            if "type" in body:
                raise malformed(f"{where}.{body['type']}", "defined", UNDEFINED)
            raise invalid(f"{key} is not a property that exists.")
        if kind == "title" and any(each.type == "title" for each in self.plan.properties):
            raise invalid("There should be exactly one title property.")
        name = as_string(key, where, limit=MAX_NAME, empty=False)
        prop = Property(id="title" if kind == "title" else self._new_id(name), name=name, type=kind)
        self.plan.properties.append(prop)
        return prop

    def _new_id(self, name: str) -> str:
        taken = {each.id for each in (*self.plan.properties, *self.plan.dropped)}
        tries = (property_id(self.plan.source_id, name, str(attempt)) for attempt in range(len(taken) + 100))
        return next(each for each in tries if each not in taken)

    def _retype(self, prop: Property, kind: str) -> Property:
        if "title" in (prop.type, kind):
            raise invalid("Cannot change the type of the title property, or make another property the title.")
        if "place" in (prop.type, kind):
            raise invalid(f"{prop.name} cannot be converted from {prop.type} to {kind}.")
        self.plan.retyped.append(prop)
        self.unmirror(prop)
        keep = prop.options if {prop.type, kind} <= {"select", "multi_select", "status"} else list[Option]()
        made = Property(id=prop.id, name=prop.name, type=kind, description=prop.description, options=deepcopy(keep))
        made.known_as = prop.known_as
        self.plan.properties[self.plan.properties.index(prop)] = made
        return made

    def _label(self, prop: Property, body: dict[str, Any], where: str) -> None:
        if body.get("description", prop.description) is not None and "description" in body:
            prop.description = as_string(body["description"], f"{where}.description")
        elif "description" in body:
            prop.description = None
        if "name" not in body:
            return
        name = as_string(body["name"], f"{where}.name", limit=MAX_NAME, empty=False)
        if any(each.name == name for each in self.plan.properties if each is not prop):
            raise invalid(f"There is already a property named {name}.")
        if name != prop.name:
            prop.known_as, prop.name = prop.known_as or prop.name, name

    def unmirror(self, prop: Property) -> None:
        """Leave a relation's other side on its own."""
        relation = prop.relation
        self.plan.mirrors.pop(prop.id, None)
        if relation is not None and relation.synced_property_id is not None:
            self.plan.unmirrored.append(relation)
            prop.relation = Relation(source_id=relation.source_id)


def _empty(_: _Planner, __: Property, body: dict[str, Any], where: str) -> None:
    only(body, where)


def _number(_: _Planner, prop: Property, body: dict[str, Any], where: str) -> None:
    only(body, where, "format")
    prop.number_format = one_of(body.get("format", prop.number_format), f"{where}.format", FORMATS)


def _choice(planner: _Planner, prop: Property, body: dict[str, Any], where: str) -> None:
    only(body, where, "options")
    if "options" in body:
        prop.options, _ = listed_options(
            prop.type,
            body["options"],
            f"{where}.options",
            seed=_seed(planner, prop),
            existing=prop.options,
        )


def _seed(planner: _Planner, prop: Property) -> str:
    return f"{planner.plan.source_id} {prop.id}"


def _status(planner: _Planner, prop: Property, body: dict[str, Any], where: str) -> None:
    # Groups are made in Notion's own pages; those that are sent back say nothing new.
    only(body, where, "options", "groups")
    seed = _seed(planner, prop)
    if "groups" in body and not prop.groups:
        raise not_present(f"{where}.groups", body["groups"])
    sent: Any = body.get("options")
    if sent is None and not prop.options:
        sent = [{"name": name, "color": color, "group": group} for name, color, group in STATUSES]
    groups: dict[str, str] = {}
    if sent is not None:
        prop.options, groups = listed_options("status", sent, f"{where}.options", seed=seed, existing=prop.options)
    set_groups(prop, seed, groups)


def _unique(_: _Planner, prop: Property, body: dict[str, Any], where: str) -> None:
    only(body, where, "prefix")
    if "prefix" in body:
        prefix = body["prefix"]
        prop.prefix = None if prefix is None else as_string(prefix, f"{where}.prefix", limit=MAX_NAME)


def _formula(_: _Planner, prop: Property, body: dict[str, Any], where: str) -> None:
    only(body, where, "expression")
    expression = as_string(required(body, "expression", where), f"{where}.expression", empty=False)
    if prop.formula is None or prop.formula.expression != expression:
        prop.formula = Formula(expression=expression)


def _relation(planner: _Planner, prop: Property, body: dict[str, Any], where: str) -> None:
    plan, before = planner.plan, prop.relation
    target, dual = relation_of(planner.context, body, where, own=plan.source_id)
    if before is not None and before.source_id == target.source_id:
        if dual is None:
            planner.unmirror(prop)
        elif before.synced_property_id is None and prop.id not in plan.mirrors:
            plan.mirrors[prop.id] = dual or None
        return
    if before is not None:
        planner.unmirror(prop)
        plan.retargeted.append(prop.id)
    prop.relation = target
    if dual is not None:
        plan.mirrors[prop.id] = dual or None


def _rollup(planner: _Planner, prop: Property, body: dict[str, Any], where: str) -> None:
    prop.rollup = rollup_of(planner.context, body, where, columns=planner.plan.properties, own=planner.plan.source_id)


CONFIGURE: Mapping[str, Configure] = {
    **dict.fromkeys(EMPTY, cast("Configure", _empty)),
    "number": _number,
    "select": _choice,
    "multi_select": _choice,
    "status": _status,
    "unique_id": _unique,
    "formula": _formula,
    "relation": _relation,
    "rollup": _rollup,
}
