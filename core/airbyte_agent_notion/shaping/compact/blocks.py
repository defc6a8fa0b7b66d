"""Blocks as an outline: every block begins with what names it, and stands as deep as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from ...narrowing import list_of, object_of
from ..markdown import RenderOptions, render
from ..shaped import Kind
from .heads import icon_text
from .ink import Ink
from .lean import lean_json
from .pieces import Prose

__all__ = ["Outline", "outline"]

Json = Mapping[str, Any]
Write: TypeAlias = Callable[[Json, Json, "Outline"], str]

MORE = "[+]"
"""Behind the name of a block with others inside that are not listed."""

_LEAVES = {"child_page": "page", "child_database": "database"}
"""Documents of their own: their blocks have their ids."""


def outline(blocks: Sequence[Json], ink: Ink, root: str = "") -> Prose:
    """Blocks in reading order, each as deep as its ``depth`` says.

    Args:
        blocks: as a list or a tree of blocks has them.
        ink: how values are written.
        root: id of the page or block that was read: what files are said to be in.
    """
    ink.container = root
    if ink.for_people:
        return Prose(render(_nested(blocks), options=ink.options))
    outlined = Outline(ink)
    lines: list[str] = []
    depths = [_depth(block) for block in blocks]
    for index, block in enumerate(blocks):
        inside = index + 1 < len(depths) and depths[index + 1] > depths[index]
        lines.append(outlined.line(block, depths[index], inside=inside))
    return Prose(ink.markdown("\n".join(lines)))


def _nested(blocks: Sequence[Json]) -> list[dict[str, Any]]:
    """Blocks with what is inside them; what that is, is not always known."""
    roots: list[dict[str, Any]] = []
    path: list[dict[str, Any]] = [{"children": roots}]
    for block in blocks:
        copy = dict(block)
        del path[_depth(block) + 1 :]
        path[-1].setdefault("children", []).append(copy)
        path.append(copy)
    return roots


def _depth(block: Json) -> int:
    depth = block.get("depth")
    return min(depth, 100) if isinstance(depth, int) and depth > 0 else 0


class Outline:
    """Writes one block after the other."""

    def __init__(self, ink: Ink) -> None:
        self.ink = ink
        self.options: RenderOptions = replace(ink.options, children=_nothing)
        self._numbers: dict[int, int] = {}

    def line(self, block: Json, depth: int, *, inside: bool) -> str:
        """A block with its name in front; lines that go on are indented like it."""
        kind = str(block.get("type") or "")
        indent = "\t" * depth
        name = self.ink.id(
            "page" if kind == "child_page" else "database" if kind in _LEAVES else "block", block.get("id")
        )
        if block.get("has_children") and not inside and kind not in _LEAVES:
            self.ink.notes.add("inside")
            name = f"{name} {MORE}"
        text = self._numbered(block, depth) if kind == "numbered_list_item" else self._text(block, kind, depth)
        if block.get("in_trash") is True:
            text = f"(in trash) {text}"
        return f"{indent}{name} {text}".rstrip(" ").replace("\n", f"\n{indent}")

    def _text(self, block: Json, kind: str, depth: int) -> str:
        self._numbers.pop(depth, None)
        payload = object_of(block.get(kind))
        write = _WRITERS.get(kind)
        try:
            return render([block], options=self.options) if write is None else write(block, payload, self)
        except (AttributeError, LookupError, TypeError, ValueError):
            return f"<{kind}> {lean_json(payload)}"

    def _numbered(self, block: Json, depth: int) -> str:
        payload = object_of(block.get("numbered_list_item"))
        start = payload.get("list_start_index")
        number = self._numbers[depth] + 1 if depth in self._numbers else start if isinstance(start, int) else 1
        self._numbers[depth] = number
        self._numbers = {key: value for key, value in self._numbers.items() if key <= depth}
        return f"{number}. {self.words(payload)}"

    def words(self, payload: Json, key: str = "rich_text") -> str:
        """The text of a block on one line, with its colour."""
        text = list_of(payload.get(key))
        block = {"type": "paragraph", "paragraph": {"rich_text": text, "color": payload.get("color")}}
        return render([block], options=self.options) if text else ""


def _nothing(_: Json) -> Sequence[Json]:
    return ()


def _paragraph(block: Json, payload: Json, outlined: Outline) -> str:
    icon = payload.get("icon")
    words = render([block], options=outlined.options) if payload.get("rich_text") else ""
    return f"<tab icon {icon_text(icon, outlined.ink)}> {words}" if icon else words


def _tagged(tag: str, *keys: tuple[str, str]) -> Write:
    """``<tag ...> text``."""

    def write(_: Json, payload: Json, outlined: Outline) -> str:
        looks = [tag]
        if payload.get("icon"):
            looks.append(icon_text(payload["icon"], outlined.ink))
        looks += [words if value is True else f"{words} {value}" for key, words in keys if (value := payload.get(key))]
        return f"<{' '.join(looks)}> {outlined.words(payload)}"

    return write


def _row(_: Json, payload: Json, outlined: Outline) -> str:
    cells = [outlined.words({"rich_text": cell}).replace("|", "\\|") for cell in list_of(payload.get("cells"))]
    return f"| {' | '.join(cells)} |"


def _synced(_: Json, payload: Json, outlined: Outline) -> str:
    source = object_of(payload.get("synced_from")).get("block_id")
    return f"<synced_block of {outlined.ink.id('block', source)}>" if source else "<synced_block>"


def _titled(_: Json, payload: Json, outlined: Outline) -> str:
    return f"<page> {outlined.ink.text(str(payload.get('title') or ''))}"


def _database(_: Json, payload: Json, outlined: Outline) -> str:
    return f"<database> {outlined.ink.text(str(payload.get('title') or ''))}"


def _link(_: Json, payload: Json, outlined: Outline) -> str:
    kind = str(payload.get("type") or next(iter(payload), "page_id"))
    named: Kind = "page" if kind == "page_id" else "database" if kind == "database_id" else "comment"
    return f"<link to {named} {outlined.ink.id(named, payload.get(kind))}>"


def _meeting(_: Json, payload: Json, outlined: Outline) -> str:
    ink = outlined.ink
    event, parts = object_of(payload.get("calendar_event")), object_of(payload.get("children"))
    said = [str(payload.get("status") or "")]
    said += [f"{event.get('start_time')}/{event.get('end_time')}"] if event.get("start_time") else []
    people = [ink.person({"object": "user", "id": each}) for each in list_of(event.get("attendees"))]
    said += [f"with {', '.join(people)}"] if people else []
    said += [f"{key.removesuffix('_block_id')} {ink.id('block', parts[key])}" for key in sorted(parts) if parts[key]]
    return f"<meeting_notes {'; '.join(part for part in said if part)}> {outlined.words(payload, 'title')}"


def _unsupported(_: Json, payload: Json, outlined: Outline) -> str:
    return f"<unsupported {outlined.ink.text(str(payload.get('block_type') or ''))}>".replace(" >", ">")


_WRITERS: Mapping[str, Write] = {
    "paragraph": _paragraph,
    "toggle": _tagged("toggle"),
    "callout": _tagged("callout"),
    "template": _tagged("template"),
    "column_list": _tagged("columns"),
    "column": _tagged("column", ("width_ratio", "width")),
    "tab": _tagged("tabs"),
    "table": _tagged("table", ("has_column_header", "header row"), ("has_row_header", "header column")),
    "table_row": _row,
    "synced_block": _synced,
    "child_page": _titled,
    "child_database": _database,
    "link_to_page": _link,
    "meeting_notes": _meeting,
    "transcription": _meeting,
    "unsupported": _unsupported,
}
