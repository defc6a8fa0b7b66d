"""Users and comments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...narrowing import list_of, object_of
from .dates import minute
from .heads import parent_text
from .ink import Ink
from .pieces import Column, Piece, Table

__all__ = ["author_of", "comments", "users"]

Json = Mapping[str, Any]


def users(found: Sequence[Json], ink: Ink) -> list[Piece]:
    """Users, at least one: id, name, address and kind."""
    columns = [
        Column("id", [ink.id("user", each.get("id")) for each in found], fixed=True),
        Column("name", [ink.text(str(each.get("name") or "")) for each in found], fixed=True),
        Column("email", [ink.text(_email(each)) for each in found], ours=True),
        Column("type", [ink.text(str(each.get("type") or "")) for each in found], ours=True),
        Column("workspace", [ink.text(_workspace(each)) for each in found], ours=True),
        Column("owner", [_owner(each, ink) for each in found], ours=True),
    ]
    return [Table(columns)]


def _email(user: Json) -> str:
    return str(object_of(user.get("person")).get("email") or "")


def _workspace(user: Json) -> str:
    return str(object_of(user.get("bot")).get("workspace_name") or "")


def _owner(user: Json, ink: Ink) -> str:
    owner = object_of(object_of(object_of(user.get("bot")).get("owner")).get("user"))
    return ink.person(owner) if owner.get("id") else ""


def comments(found: Sequence[Json], ink: Ink) -> list[Piece]:
    """Comments, at least one: id, author, time, place, thread, text and what is attached."""
    lines = [_comment(each, ink) for each in found]
    names = ("id", "by", "at", "in", "discussion", "text", "attached")
    cells = [list(column) for column in zip(*lines, strict=True)]
    table = [
        Column(name, column, fixed=name in {"id", "text"}, ours=True) for name, column in zip(names, cells, strict=True)
    ]
    return [Table(table)]


def _comment(found: Json, ink: Ink) -> tuple[str, ...]:
    ink.container = str(found.get("id") or "")
    text = list_of(found.get("rich_text"))
    edited, created = minute(found.get("last_edited_time")), minute(found.get("created_time"))
    return (
        ink.id("comment", found.get("id")),
        author_of(found, ink),
        f"{created} edited {edited}" if edited and edited != created else created,
        parent_text(found, ink),
        ink.id("discussion", found.get("discussion_id")),
        ink.formatted(text) if text else "",
        ", ".join(_attachment(object_of(each), ink) for each in list_of(found.get("attachments"))),
    )


def author_of(found: Json, ink: Ink) -> str:
    """The name under which a comment appears, else its author's."""
    shown = object_of(found.get("display_name")).get("resolved_name")
    if isinstance(shown, str) and shown:
        return ink.text(shown)
    author = object_of(found.get("created_by"))
    return ink.person(author) if author.get("id") else ""


def _attachment(found: Json, ink: Ink) -> str:
    url = object_of(found.get("file")).get("url")
    target = ink.refs.file(ink.container, url) if isinstance(url, str) else ""
    return ink.named(str(found.get("category") or "file"), target)
