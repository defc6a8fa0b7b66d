"""Data sources with their columns, databases and views."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ...narrowing import list_of, object_of
from .heads import head
from .ink import Ink
from .lean import lean_json
from .pages import in_order, looks, title_of
from .pieces import Column, Fields, Piece, Table

__all__ = ["column_text", "data_source", "data_sources", "database", "view"]

Json = Mapping[str, Any]

_COLUMN = re.compile(r"\{\{notion:block_property:([^:{}]+):[^{}]*\}\}")
"""How a formula names a column, in Notion's internal form."""


def data_source(found: Json, ink: Ink) -> list[Piece]:
    """A data source: a line for every column."""
    ink.container = str(found.get("id") or "")
    columns = object_of(found.get("properties"))
    by_id = {str(object_of(column).get("id")): name for name, column in columns.items()}
    listed = [(ink.name(name), column_text(object_of(columns[name]), ink, by_id)) for name in in_order(columns)]
    about = Fields(head(_facts(found), ink, title_of(found)), _titles(found, ink))
    return [about, Fields("Columns:", listed)] if listed else [about]


def data_sources(found: Sequence[Json], ink: Ink) -> list[Piece]:
    """Several data sources, one a line, with names and types of their columns."""
    columns = [
        Column("id", [ink.link("data_source", each.get("id")) for each in found], fixed=True),
        Column("title", [ink.text(title_of(each)) for each in found], fixed=True),
        Column("in", [ink.link("database", _database_of(each)) for each in found], ours=True),
        Column("state", [looks(each, ink) for each in found], ours=True),
        Column("columns", [_names(each, ink) for each in found], ours=True),
    ]
    return [Table(columns)]


def _database_of(found: Json) -> object:
    return object_of(found.get("parent")).get("database_id")


def _names(found: Json, ink: Ink) -> str:
    columns = object_of(found.get("properties"))
    return ", ".join(f"{ink.item(name)} {object_of(columns[name]).get('type', '')}" for name in in_order(columns))


def _titles(found: Json, ink: Ink) -> list[tuple[str, str]]:
    """Title and description, where there are some."""
    pairs = [("title", ink.text(title))] if (title := title_of(found)) else []
    description = list_of(found.get("description"))
    return [*pairs, ("description", ink.rich(description))] if description else pairs


def _facts(found: Json) -> Json:
    """What the head says of a data source, whose address is its database's."""
    return {key: value for key, value in found.items() if key not in {"last_edited_time", "url"}}


def column_text(column: Json, ink: Ink, by_id: Mapping[str, str]) -> str:
    """Type and settings of a column.

    Args:
        column: its schema.
        ink: how values are written.
        by_id: the names of all columns, for formulas.
    """
    kind = str(column.get("type") or "")
    settings = object_of(column.get(kind))
    written = _formula(settings, ink, by_id) if kind == "formula" else _settings(kind, settings, ink)
    description = column.get("description")
    text = f"{kind}{written}"
    return f"{text} ({ink.text(description)})" if isinstance(description, str) and description else text


def _settings(kind: str, settings: Json, ink: Ink) -> str:
    if kind in {"select", "multi_select"}:
        options = [_option(object_of(each), ink) for each in list_of(settings.get("options"))]
        return f": {', '.join(options)}" if options else ""
    if kind == "status":
        return _groups(settings, ink)
    if kind == "number":
        chosen = settings.get("format")
        return f" {ink.text(str(chosen))}" if chosen not in (None, "number") else ""
    if kind == "relation":
        return _relation(settings, ink)
    if kind == "rollup":
        names = [ink.text(str(settings.get(f"{each}_property_name") or "")) for each in ("rollup", "relation")]
        return f": {ink.text(str(settings.get('function') or ''))} of {names[0]} via {names[1]}"
    if kind == "unique_id":
        prefix = settings.get("prefix")
        return f" {ink.text(str(prefix))}-" if prefix else ""
    return f" {ink.text(lean_json(settings))}" if settings else ""


def _formula(settings: Json, ink: Ink, by_id: Mapping[str, str]) -> str:
    """The expression, with names of columns where Notion's internal form has their ids."""

    def named(found: re.Match[str]) -> str:
        name = by_id.get(found.group(1))
        return found.group() if name is None else f"prop({json.dumps(name, ensure_ascii=False)})"

    return f": {ink.text(_COLUMN.sub(named, str(settings.get('expression') or '')))}"


def _option(option: Json, ink: Ink) -> str:
    name = ink.item(str(option.get("name") or ""))
    description = option.get("description")
    return f"{name} ({ink.item(description)})" if isinstance(description, str) and description else name


def _groups(settings: Json, ink: Ink) -> str:
    """``: To-do [Not started], Complete [Done, Cancelled]``; options alone where there are no groups."""
    options = {str(each.get("id")): _option(each, ink) for each in map(object_of, list_of(settings.get("options")))}
    parts: list[str] = []
    for group in map(object_of, list_of(settings.get("groups"))):
        held = [options.pop(each) for each in map(str, list_of(group.get("option_ids"))) if each in options]
        parts += [f"{ink.item(str(group.get('name') or ''))} [{', '.join(held)}]"] if held else []
    parts += options.values()
    return f": {', '.join(parts)}" if parts else ""


def _relation(settings: Json, ink: Ink) -> str:
    target = ink.link("data_source", settings.get("data_source_id"))
    target = target or ink.link("database", settings.get("database_id"))
    other = object_of(settings.get("dual_property")).get("synced_property_name")
    text = f" to {target}" if target else ""
    return f"{text}, there {ink.text(str(other))}" if other else text


def database(found: Json, ink: Ink) -> list[Piece]:
    """A database with its data sources."""
    ink.container = str(found.get("id") or "")
    pairs = _titles(found, ink)
    sources = [object_of(each) for each in list_of(found.get("data_sources"))]
    listed = [f"{ink.link('data_source', each.get('id'))} {ink.item(str(each.get('name') or ''))}" for each in sources]
    pairs += [("data sources", ", ".join(listed))] if listed else []
    made = found.get("database_type")
    pairs += [("type", ink.text(str(made)))] if made else []
    return [Fields(head(found, ink, title_of(found)), pairs)]


def view(found: Json, ink: Ink) -> list[Piece]:
    """A view with its filter, sorts and settings."""
    pairs = [("name", ink.text(str(found["name"])))] if found.get("name") else []
    pairs += [("type", ink.text(str(found["type"])))] if found.get("type") else []
    source = ink.link("data_source", found.get("data_source_id"))
    pairs += [("rows of", source)] if source else []
    board = ink.link("view", found.get("dashboard_view_id"))
    pairs += [("dashboard", board)] if board else []
    for key in ("filter", "sorts", "quick_filters", "configuration"):
        settings = found.get(key)
        if settings and settings != {"type": found.get("type")}:
            pairs.append((key.replace("_", " "), ink.text(lean_json(settings))))
    return [Fields(head(found, ink, title_of(found)), pairs)]
