"""Results that are one object."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from ...narrowing import list_of, object_of
from .blocks import outline
from .contents import page_text
from .heads import KINDS, head, in_trash
from .ink import Ink
from .lean import lean_json
from .listed import counted, view_rows
from .others import kept_file, property_items, resolved, task, uploads
from .pages import page, title_of
from .people import comments, users
from .pieces import Fields, Piece, Prose, Told
from .plans import dry_run
from .schemas import data_source, database, view

__all__ = ["single"]

Json = Mapping[str, Any]
Write: TypeAlias = Callable[[Json, Ink], Told]

_BRIEF = frozenset({"delete", "move", "restore"})
"""Actions that change nothing of what an object holds."""
_TITLED = frozenset({"data_source", "database", "page"})


def single(name: str, params: Any, found: Json, ink: Ink) -> Told:
    """What there is to say of one object.

    Args:
        name: the operation's.
        params: where its parameters are attributes.
        found: the result.
        ink: how values are written.
    """
    kind = str(found.get("object") or "")
    if name == "search.resolve":
        said = () if found.get("complete") is not False else ("Search had more hits than were read.",)
        return Told(resolved(found, ink), "what the reference means", said)
    if name.startswith("meeting_notes.") and isinstance(found.get("results"), list):
        return _meetings(found, ink)
    if kind == "block":
        return _block(found, ink)
    write = _brief if name.rpartition(".")[2] in _BRIEF and kind in _TITLED else _WRITERS.get(kind, _unknown)
    told = write(found, ink)
    if params is not None and kind == "view_query" and found.get("deleted") is True:
        return told._replace(said=("The query was freed.",), pieces=[])
    return told._replace(said=(*_state(found), *told.said))


def _state(found: Json) -> tuple[str, ...]:
    said = ("It is in the trash.",) if in_trash(found) else ()
    if isinstance(found.get("left_out"), str):
        said = (*said, "Items outside the allowed roots are left out.")
    reason = found.get("unverified")
    return (*said, f"Not verified: {reason}") if isinstance(reason, str) else said


def _plain(write: Callable[[Json, Ink], list[Piece]]) -> Write:
    def told(found: Json, ink: Ink) -> Told:
        kind = KINDS.get(str(found.get("object") or ""), "other")
        identifier = ink.id(kind, found.get("id"))
        return Told(write(found, ink), f"{kind.replace('_', ' ')} {identifier}".rstrip())

    return told


def _brief(found: Json, ink: Ink) -> Told:
    def short(found: Json, ink: Ink) -> list[Piece]:
        title = title_of(found)
        facts = {key: value for key, value in found.items() if key != "url"}
        return [Fields(head(facts, ink, title), [("title", ink.text(title))] if title else [])]

    return _plain(short)(found, ink)


def _one(write: Callable[[list[Json], Ink], list[Piece]], source: str) -> Write:
    return lambda found, ink: Told(write([found], ink), source)


def _block(found: Json, ink: Ink) -> Told:
    parent = object_of(found.get("parent"))
    identifier = str(found.get("id") or "")
    root = str(parent.get("page_id") or parent.get("block_id") or identifier)
    return Told([outline([found], ink, root)], f"block {ink.id('block', identifier)}".rstrip(), _state(found))


def _tree(found: Json, ink: Ink) -> Told:
    blocks = [object_of(each) for each in list_of(found.get("blocks"))]
    root = str(found.get("root_id") or "")
    cursor = found.get("next_cursor")
    said = [counted(len(blocks), "block", more=isinstance(cursor, str))]
    skipped = [object_of(each) for each in list_of(found.get("skipped"))]
    lost = [ink.id("block", each.get("block_id")) for each in skipped if each.get("reason") != "loop"]
    if lost:
        said.append(f"Could not be read: {', '.join(lost)}.")
    more = {"start_cursor": cursor} if isinstance(cursor, str) else None
    return Told([outline(blocks, ink, root)], f"blocks of {ink.id('block', root)}".rstrip(), tuple(said), more)


def _meetings(found: Json, ink: Ink) -> Told:
    blocks = [object_of(each) for each in list_of(found.get("results"))]
    more = found.get("has_more") is True
    said = [counted(len(blocks), "meeting", more=more)]
    if more:
        said.append("A narrower filter or a greater limit finds them.")
    pieces: list[Piece] = [outline([each], ink, str(each.get("id") or "")) for each in blocks]
    return Told(pieces, "meeting notes found", tuple(said))


def _planned(found: Json, ink: Ink) -> Told:
    return Told(dry_run(found, ink), "what would be sent", ("Nothing was sent: this is what the call would do.",))


def _file(found: Json, ink: Ink) -> Told:
    return Told(kept_file(found, ink), "file", ("Its address is for callers in Python only.",))


def _task(found: Json, ink: Ink) -> Told:
    result = object_of(found.get("result"))
    told = Told(task(found, ink), "task")
    if not result:
        return told
    inner = single("", None, result, ink)
    return told._replace(pieces=[*told.pieces, *inner.pieces], said=inner.said)


def _item(found: Json, ink: Ink) -> Told:
    return Told(property_items([found], ink), "property")


def _unknown(found: Json, ink: Ink) -> Told:
    del ink
    return Told([Prose(lean_json(found))], "answer")


_WRITERS: Mapping[str, Write] = {
    "page": _plain(page),
    "database": _plain(database),
    "data_source": _plain(data_source),
    "view": _plain(view),
    "comment": _one(comments, "comment"),
    "user": _one(users, "user"),
    "file_upload": _one(uploads, "upload"),
    "file": _file,
    "block_tree": _tree,
    "page_text": page_text,
    "page_markdown": page_text,
    "property_item": _item,
    "view_query": view_rows,
    "async_task": _task,
    "dry_run": _planned,
}
