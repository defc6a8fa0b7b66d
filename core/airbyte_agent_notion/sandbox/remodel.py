"""Carrying out a schema plan: the columns, and what follows for rows and for other data sources."""

from __future__ import annotations

from collections.abc import Iterable

from .compute import plain_value
from .edits import Editor
from .ids import property_id
from .parse.options import default_status
from .parse.schema import SchemaPlan
from .relating import relate
from .state import DataSource, Page, Property, Relation, Span, Value
from .workspace import Workspace, as_ids, as_number

__all__ = ["remodel"]

CHOICES = ("select", "multi_select", "status")
TEXTS = ("rich_text", "url", "email", "phone_number", "number")
"""Types whose values become each other's by way of plain text."""


def remodel(editor: Editor, source: DataSource, plan: SchemaPlan) -> None:
    """Give a data source the columns of a plan."""
    workspace = editor.workspace
    rows = [each for each in workspace.pages.values() if each.parent.id == source.id]
    known = {each.id for each in source.properties}
    _let_go(workspace, source, plan, rows)
    source.properties = plan.properties
    columns = {each.id: each for each in plan.properties}
    for old in plan.retyped:
        new = columns.get(old.id)
        if new is not None:
            for row in rows:
                row.values[old.id] = _converted(workspace, old, new, row.values.get(old.id))
    for prop in plan.properties:
        if prop.type in CHOICES and prop.id in known:
            _keep_options(prop, rows)
        if prop.type == "unique_id" and not prop.last_number:
            for row in rows:
                editor.number(prop, row)
    for identifier, name in plan.mirrors.items():
        _mirror(workspace, source, columns[identifier], name, rows)
    editor.touch(source)


def _let_go(workspace: Workspace, source: DataSource, plan: SchemaPlan, rows: Iterable[Page]) -> None:
    for relation in plan.unmirrored:
        far = workspace.sources.get(relation.source_id)
        # In a relation of a data source to itself the other side stands among the plan's own columns.
        columns = plan.properties if relation.source_id == source.id else (far.properties if far else [])
        for each in columns:
            if each.id == relation.synced_property_id and each.relation is not None:
                each.relation = Relation(source_id=each.relation.source_id)
    gone = [*(each.id for each in plan.dropped), *plan.retargeted]
    for row in rows:
        for identifier in gone:
            row.values.pop(identifier, None)


def _keep_options(prop: Property, rows: Iterable[Page]) -> None:
    """Clear what names an option that is gone."""
    known = {each.id for each in prop.options}
    for row in rows:
        held = as_ids(row.values.get(prop.id))
        kept = tuple(each for each in held if each in known)
        if kept != held:
            row.values[prop.id] = kept if prop.type == "multi_select" else None
        if prop.type == "status" and not kept:
            row.values[prop.id] = default_status(prop)


def _converted(workspace: Workspace, old: Property, new: Property, value: Value) -> Value:
    """A value after its column got another type; None where nothing can be made of it."""
    if {old.type, new.type} <= set(CHOICES):
        held = as_ids(value)
        return held if new.type == "multi_select" else next(iter(held), None)
    if old.type not in TEXTS or new.type not in TEXTS:
        return None
    number = as_number(value)
    text = plain_value(workspace, old, value) if number is None else f"{number:g}"
    if new.type == "rich_text":
        return (Span(text=text),) if text else ()
    if new.type != "number":
        return text or None
    try:
        return float(text)
    except ValueError:
        return None


def _mirror(workspace: Workspace, source: DataSource, prop: Property, name: str | None, rows: Iterable[Page]) -> None:
    """Give a relation its other side: a column of the related data source, filled from this one."""
    far = workspace.sources[prop.relation.source_id] if prop.relation else source
    wanted = name or f"Related to {workspace.title(source) or 'New database'} ({prop.name})"
    taken = {each.name for each in far.properties}
    label = next(
        each for each in (wanted, *(f"{wanted} {number}" for number in range(1, len(taken) + 2))) if each not in taken
    )
    ids = {each.id for each in far.properties}
    identifier = next(
        each
        for each in (property_id(far.id, source.id, prop.id, str(attempt)) for attempt in range(len(ids) + 100))
        if each not in ids
    )
    mirror = Property(id=identifier, name=label, type="relation")
    mirror.relation = Relation(source_id=source.id, synced_property_id=prop.id)
    far.properties.append(mirror)
    prop.relation = Relation(source_id=far.id, synced_property_id=identifier)
    for row in rows:
        targets = as_ids(row.values.pop(prop.id, ()))
        relate(workspace, row, prop, targets)
