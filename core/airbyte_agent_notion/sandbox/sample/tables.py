"""Columns and rows: properties by name, values as plain Python, turned into state."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from ..ids import derived_id, property_id
from ..state import (
    DataSource,
    DateValue,
    FileValue,
    Formula,
    FormulaResult,
    Option,
    OptionGroup,
    Page,
    Parent,
    Property,
    Relation,
    Rollup,
    RowView,
    Value,
)
from ..workspace import as_ids
from .builder import Builder
from .document import Document
from .markup import page_id, rich, user_id

__all__ = ["Table", "choice", "column", "formula", "relation", "rollup", "status"]

GROUPS = (("To-do", "gray"), ("In progress", "blue"), ("Complete", "green"))


def column(table: str, name: str, kind: str, **details: Any) -> Property:
    """A column; ``details`` are further fields of Property."""
    identifier = "title" if kind == "title" else property_id(table, name)
    return Property(id=identifier, name=name, type=kind, **details)


def choice(table: str, name: str, kind: str, options: Sequence[tuple[str, str]]) -> Property:
    """A select or multi-select: pairs of option name and colour."""
    made = [Option(id=derived_id("option", table, name, label), name=label, color=color) for label, color in options]
    return column(table, name, kind, options=made)


def status(table: str, name: str, grouped: Sequence[Sequence[tuple[str, str]]]) -> Property:
    """A status: the options of To-do, In progress and Complete."""
    prop = choice(table, name, "status", [option for options in grouped for option in options])
    for (group, color), options in zip(GROUPS, grouped, strict=True):
        ids = [derived_id("option", table, name, label) for label, _ in options]
        prop.groups.append(
            OptionGroup(id=derived_id("group", table, name, group), name=group, color=color, option_ids=ids)
        )
    return prop


def relation(table: str, name: str, target: str, *, synced: str | None = None) -> Property:
    """A relation to another table; ``synced`` names the column there that mirrors it."""
    mirror = None if synced is None else property_id(target, synced)
    return column(
        table, name, "relation", relation=Relation(source_id=derived_id("source", target), synced_property_id=mirror)
    )


def rollup(table: str, name: str, via: str, target: str, of: str, function: str) -> Property:
    """A rollup of one column of a related table; ``of`` is a column's name, or "title"."""
    rolled = "title" if of == "title" else property_id(target, of)
    return column(
        table, name, "rollup", rollup=Rollup(relation_id=property_id(table, via), property_id=rolled, function=function)
    )


def formula(
    table: str,
    name: str,
    kind: Literal["string", "number", "boolean", "date"],
    expression: str,
    compute: Callable[[RowView], FormulaResult],
) -> Property:
    """A formula: what is shown, and the same as a function."""
    return column(table, name, "formula", formula=Formula(expression=expression, kind=kind, compute=compute))


class Table:
    """Adds rows to a data source."""

    def __init__(self, builder: Builder, source: DataSource) -> None:
        self.builder = builder
        self.source = source
        self._count = 0

    def row(self, key: str, values: Mapping[str, Any], *, author: str | None = None) -> Document:
        """Add a row.

        Values: text in markup, options by name, people and relations by key, dates as ``start`` or ``start/end``.
        """
        self._count += 1
        created, edited = self.builder.times(key)
        writer = self.builder.author(key) if author is None else user_id(author)
        page = Page(
            id=page_id(key),
            parent=Parent(kind="data_source_id", id=self.source.id),
            created=created,
            edited=edited,
            created_by=writer,
            edited_by=self.builder.author(f"edit {key}"),
        )
        for prop in self.source.properties:
            if prop.type == "unique_id":
                page.values[prop.id] = self._count
            elif prop.name in values:
                page.values[prop.id] = _value(prop, values[prop.name])
        self.builder.workspace.pages[page.id] = page
        self._mirror(page)
        return Document(self.builder.workspace, page)

    def _mirror(self, page: Page) -> None:
        """Write the other side of dual relations."""
        pages = self.builder.workspace.pages
        for prop in self.source.properties:
            mirror = prop.relation.synced_property_id if prop.relation else None
            targets = as_ids(page.values.get(prop.id)) if mirror else ()
            known = [pages[each] for each in targets if each in pages]
            for other in known:
                _append(other, str(mirror), page.id)


def _append(page: Page, identifier: str, target: str) -> None:
    page.values[identifier] = (*as_ids(page.values.get(identifier)), target)


def _value(prop: Property, given: Any) -> Value:
    if given is None:
        return None
    makers: dict[str, Callable[[Any], Value]] = {
        "title": rich,
        "rich_text": rich,
        "select": lambda name: _option(prop, name),
        "status": lambda name: _option(prop, name),
        "multi_select": lambda names: tuple(_option(prop, name) for name in names),
        "date": _date,
        "people": lambda keys: tuple(user_id(key) for key in keys),
        "relation": lambda keys: tuple(page_id(key) for key in keys),
        "files": lambda files: tuple(FileValue(name=name, url=url) for name, url in files),
    }
    make = makers.get(prop.type)
    return given if make is None else make(given)


def _option(prop: Property, name: str) -> str:
    return next(each.id for each in prop.options if each.name == name)


def _date(text: str) -> DateValue:
    start, _, end = text.partition("/")
    return DateValue(start=start, end=end or None)
