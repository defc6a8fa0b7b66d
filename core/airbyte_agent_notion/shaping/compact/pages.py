"""Pages: one with all that it holds, and many as rows or as hits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...narrowing import list_of, object_of
from .dates import day
from .escape import OURS
from .heads import KINDS, flags, head, icon_text, in_trash, parent_text
from .ink import Ink, plain_text
from .pieces import Column, Fields, Piece, Table
from .values import CUT, UNCERTAIN, value_text

__all__ = ["hits", "in_order", "looks", "page", "rows", "title_of"]

Json = Mapping[str, Any]


def title_of(found: Json) -> str:
    """An object's title as plain text."""
    if found.get("object") == "page":
        for value in map(object_of, object_of(found.get("properties")).values()):
            if value.get("type") == "title":
                return plain_text(value.get("title"))
    title = found.get("title")
    return title if isinstance(title, str) else plain_text(title) or str(found.get("name") or "")


def in_order(properties: Mapping[str, Any]) -> list[str]:
    """Names of properties: the title's, then the others by the alphabet."""
    return sorted(properties, key=lambda name: (not _is_title(properties[name]), name.casefold(), name))


def _is_title(value: Any) -> bool:
    return object_of(value).get("type") == "title"


def page(found: Json, ink: Ink) -> list[Piece]:
    """A page with its properties."""
    ink.container = str(found.get("id") or "")
    values = object_of(found.get("properties"))
    marks = _marks(found, ink)
    pairs: list[tuple[str, str]] = []
    empty: list[str] = []
    for name in in_order(values):
        text = _marked(value_text(values[name], ink), marks.get(name))
        if text:
            pairs.append((ink.name(name), text))
        else:
            empty.append(ink.name(name))
    pieces: list[Piece] = [Fields(head(found, ink, title_of(found)), pairs, empty)]
    created = [object_of(each) for each in list_of(found.get("new_options"))]
    if created:
        ink.notes.add("options")
        options = [f"{ink.name(str(each.get('property')))}={ink.text(str(each.get('option')))}" for each in created]
        pieces.append(Fields("", [("New options", "|".join(options))]))
    return pieces


def _marks(found: Json, ink: Ink) -> dict[str, str]:
    """What stands behind the values that are not whole."""
    marks: dict[str, str] = {}
    for each in map(object_of, list_of(found.get("incomplete"))):
        reason = str(each.get("reason") or "")
        computed = not reason.startswith("stops")
        ink.notes.add("computed" if computed else "unread" if "could not" in reason else "cut")
        marks[str(each.get("property"))] = UNCERTAIN if computed else CUT
    return marks


def _marked(text: str, mark: str | None) -> str:
    return f"{text} {mark}".lstrip() if mark and not text.endswith(mark) else text


def rows(found: Sequence[Json], ink: Ink, within: str = "") -> list[Piece]:
    """Pages of one data source as a table of their properties.

    Args:
        found: pages, at least one.
        ink: how values are written.
        within: id of the data source: said only of pages elsewhere.
    """
    properties = [object_of(each.get("properties")) for each in found]
    kinds: dict[str, Any] = {}
    for values in properties:
        if kinds.keys() != values.keys():
            kinds = {**kinds, **values}
    cells: dict[str, list[str]] = {name: [] for name in in_order(kinds)}
    for each, values in zip(found, properties, strict=True):
        ink.container = str(each.get("id") or "")
        marks = _marks(each, ink) if "incomplete" in each else None
        for name, column in cells.items():
            value = values.get(name)
            text = value_text(value, ink) if value is not None else ""
            column.append(_marked(text, marks.get(name)) if marks else text)
    columns = [Column(ink.name(name), column, fixed=_is_title(kinds[name])) for name, column in cells.items()]
    ids = [_ids(found, ink)]
    if ink.for_people and columns and columns[0].fixed:
        columns[0], ids = columns[0]._replace(cells=_titles(found, ink)), []
    states = [_state(each, ink, within) for each in found]
    columns.append(Column(OURS, states, ours=True))
    return [Table([*ids, *columns], "All rows")]


def _state(found: Json, ink: Ink, within: str) -> str:
    parent = object_of(found.get("parent"))
    elsewhere = not parent or within in {parent.get("data_source_id"), parent.get("database_id")}
    ink.container = str(found.get("id") or "")
    return ", ".join([*([] if elsewhere else [f"in {parent_text(found, ink)}"]), *flags(found, ink)])


def _ids(found: Sequence[Json], ink: Ink) -> Column:
    return Column("id", [ink.link(KINDS.get(str(each.get("object")), "page"), each.get("id")) for each in found], True)


def _titles(found: Sequence[Json], ink: Ink) -> list[str]:
    return [ink.titled(KINDS.get(str(each.get("object")), "page"), each.get("id"), title_of(each)) for each in found]


def hits(found: Sequence[Json], ink: Ink) -> list[Piece]:
    """Objects of any kind, at least one: title, kind, place and day of the last change."""
    titles = _titles(found, ink) if ink.for_people else [ink.text(title_of(each)) for each in found]
    columns = [
        *([] if ink.for_people else [_ids(found, ink)]),
        Column("title", titles, fixed=True),
        Column("kind", [_kind(each) for each in found], ours=True),
        Column("in", [parent_text(each, ink) for each in found], ours=True),
        Column("edited", [day(each.get("last_edited_time")) for each in found], ours=True),
        Column("state", [looks(each, ink) for each in found], ours=True),
    ]
    return [Table(columns)]


def _kind(found: Json) -> str:
    kind = str(found.get("object") or "page")
    return "" if kind == "page" else kind.replace("_", " ")


def looks(found: Json, ink: Ink) -> str:
    """What a line in a list says of an object's state and icon."""
    ink.container = str(found.get("id") or "")
    said = [f"icon {icon_text(found['icon'], ink)}"] if found.get("icon") else []
    said += ["in trash"] if in_trash(found) else []
    return ", ".join(said + (["archived"] if found.get("is_archived") is True else []))
