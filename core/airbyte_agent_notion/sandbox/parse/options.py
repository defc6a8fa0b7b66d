"""Options of select, multi-select and status properties: chosen by a row, or listed in a schema."""

from __future__ import annotations

from typing import Any

from ..ids import derived_id
from ..narrow import as_array, as_id, as_object, as_string, at_most, one_of, only, required
from ..problems import invalid
from ..state import Option, OptionGroup, Property
from .text import PLAIN_COLORS

__all__ = ["GROUPS", "chosen_option", "default_status", "listed_options", "set_groups"]

MAX_OPTIONS = 100
MAX_NAME = 100
GROUPS = (("To-do", "gray"), ("In progress", "blue"), ("Complete", "green"))
STATUSES = (("Not started", "default", "To-do"), ("In progress", "blue", "In progress"), ("Done", "green", "Complete"))
"""The options of a status property that is created without any."""


def chosen_option(prop: Property, value: Any, where: str, *, seed: str, new: list[Option]) -> str:
    """The id of the option that a row names.

    An unknown name makes a new option, which is added to ``new``, unless the property is a status.
    """
    body = as_object(value, where)
    only(body, where, "id", "name", "color", "description")
    known = [*prop.options, *new]
    if "name" not in body:
        identifier = as_string(required(body, "id", where), f"{where}.id")
        if not any(each.id == identifier for each in known):
            raise invalid(f'Invalid {prop.type} option. The option with ID "{identifier}" does not exist.')
        return identifier
    name = _option_name(body["name"], f"{where}.name", prop.type)
    found = next((each for each in known if each.name == name), None)
    if found is not None:
        return found.id
    if prop.type == "status":
        raise invalid(f'Invalid status option. Status option "{name}" does not exist.')
    color = one_of(body.get("color", "default"), f"{where}.color", PLAIN_COLORS)
    new.append(Option(id=derived_id("option", seed, prop.id, name), name=name, color=color))
    return new[-1].id


def _option_name(value: Any, where: str, kind: str) -> str:
    name = as_string(value, where, limit=MAX_NAME, empty=False)
    if "," in name:
        raise invalid(f"Invalid {kind} option, commas not allowed: {name}")
    return name


def default_status(prop: Property) -> str | None:
    """The option that a new row has: the first one to do."""
    groups = {each.name: each.option_ids for each in prop.groups}
    return next(iter(groups.get("To-do", [])), None)


def listed_options(
    kind: str, value: Any, where: str, *, seed: str, existing: list[Option]
) -> tuple[list[Option], dict[str, str]]:
    """The options of a schema entry, and the group that each new status option is sent with, by its id.

    An option that exists is matched by its id or name and keeps its id; one that is not listed is gone.
    """
    items = as_array(value, where)
    at_most(items, where, MAX_OPTIONS)
    options: list[Option] = []
    groups: dict[str, str] = {}
    for index, each in enumerate(items):
        spot = f"{where}[{index}]"
        body = as_object(each, spot)
        only(body, spot, "id", "name", "color", "description", *(("group",) if kind == "status" else ()))
        option = _listed(body, spot, kind, seed, existing)
        if any(other.id == option.id or other.name == option.name for other in options):
            raise invalid(f"body failed validation: {where} should not name an option twice: {option.name}")
        options.append(option)
        if body.get("group") is not None:
            groups[option.id] = one_of(body["group"], f"{spot}.group", [name for name, _ in GROUPS])
    return options, groups


def _listed(body: dict[str, Any], where: str, kind: str, seed: str, existing: list[Option]) -> Option:
    sent = None if body.get("id") is None else as_string(body["id"], f"{where}.id")
    found = next((each for each in existing if sent is not None and each.id == sent), None)
    name = body.get("name") if found is None else body.get("name", found.name)
    name = _option_name(required(body, "name", where) if name is None else name, f"{where}.name", kind)
    found = found or next((each for each in existing if each.name == name), None)
    color = one_of(body.get("color") or (found.color if found else "default"), f"{where}.color", PLAIN_COLORS)
    if found is not None and found.color != color:
        raise invalid(f"Cannot update color of {kind} with name: {found.name}.")
    description = body.get("description", found.description if found else None)
    if description is not None:
        description = as_string(description, f"{where}.description")
    # An id that was sent and is unknown is Notion's to give, not the caller's.
    identifier = found.id if found is not None else derived_id("option", seed, name)
    if found is None and sent is not None:
        as_id(sent, f"{where}.id")
    return Option(id=identifier, name=name, color=color, description=description)


def set_groups(prop: Property, seed: str, sent: dict[str, str]) -> None:
    """Put a status property's options into groups: where they were sent to or have been, else To-do."""
    before = {identifier: group.name for group in prop.groups for identifier in group.option_ids}
    home = {each.id: sent.get(each.id) or before.get(each.id, "To-do") for each in prop.options}
    known = {each.name: each.id for each in prop.groups}
    prop.groups = [
        OptionGroup(
            id=known.get(name) or derived_id("group", seed, name),
            name=name,
            color=color,
            option_ids=[each.id for each in prop.options if home[each.id] == name],
        )
        for name, color in GROUPS
    ]
