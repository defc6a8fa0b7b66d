"""What an object is, where it stands and in which state: the line above what it holds."""

from collections.abc import Mapping
from typing import Any

from ...narrowing import object_of
from ..shaped import Kind
from .dates import minute
from .ink import Ink

__all__ = ["KINDS", "flags", "head", "icon_text", "in_trash", "parent_text"]

Json = Mapping[str, Any]

KINDS: Mapping[str, Kind] = {
    "page": "page",
    "database": "database",
    "data_source": "data_source",
    "block": "block",
    "user": "user",
    "comment": "comment",
    "view": "view",
    "file_upload": "file_upload",
}
"""What the ids of Notion's objects belong to."""

_PARENTS: Mapping[str, Kind] = {
    "data_source_id": "data_source",
    "page_id": "page",
    "block_id": "block",
    "database_id": "database",
    "agent_id": "other",
}
"""Where an object lives; beside a data source's id its database's is given too."""


def head(found: Json, ink: Ink, title: str = "") -> str:
    """``page p123456789 in ds123456789, edited 2026-06-18T17:51Z``, with what else there is to say of it."""
    kind = str(found.get("object") or "object")
    words = kind.replace("_", " ")
    named = ink.titled(KINDS.get(kind, "other"), found.get("id"), title)
    parent = parent_text(found, ink)
    parts = [" ".join(part for part in (words, named, parent and f"in {parent}") if part)]
    edited = minute(found.get("last_edited_time"))
    parts += [f"edited {edited}"] if edited else []
    parts += flags(found, ink)
    url = found.get("url")
    shown = isinstance(url, str) and not ink.for_people
    return ", ".join([*parts, ink.address(str(url))] if shown else parts)


def parent_text(found: Json, ink: Ink) -> str:
    """``p123456789`` or ``workspace``; empty where it is not known."""
    parent = object_of(found.get("parent"))
    for key, kind in _PARENTS.items():
        identifier = parent.get(key)
        if isinstance(identifier, str):
            return ink.link(kind, identifier)
    return "workspace" if parent.get("workspace") or parent.get("type") == "workspace" else ""


def in_trash(found: Json) -> bool:
    """Whether it is in the trash, in either spelling."""
    return found.get("in_trash") is True or ("in_trash" not in found and found.get("archived") is True)


def flags(found: Json, ink: Ink) -> list[str]:
    """What people see of an object's state and looks."""
    said: list[str] = []
    if in_trash(found):
        said.append("in trash")
    for key, words in (("is_archived", "archived"), ("is_locked", "locked"), ("is_inline", "inline")):
        if found.get(key) is True:
            said.append(words)
    if icon := found.get("icon"):
        said.append(f"icon {icon_text(icon, ink)}")
    if cover := found.get("cover"):
        said.append(f"cover {icon_text(cover, ink)}")
    public = found.get("public_url")
    if isinstance(public, str):
        said.append(f"public {ink.address(public)}")
    return said


def icon_text(icon: Any, ink: Ink) -> str:
    """An emoji, a name, an address or a reference."""
    given = object_of(icon)
    kind = str(given.get("type") or next(iter(given), ""))
    inner = given.get(kind)
    if kind == "emoji":
        return ink.text(str(inner or ""))
    value = object_of(inner)
    if kind == "custom_emoji":
        return ink.text(f":{value.get('name', '')}:")
    if kind == "icon":
        return ink.text(f"{value.get('name', '')} {value.get('color') or ''}".strip())
    url = value.get("url")
    if not isinstance(url, str):
        return ink.text(kind)
    return ink.text(ink.refs.file(ink.container, url)) if kind == "file" else ink.address(url)
