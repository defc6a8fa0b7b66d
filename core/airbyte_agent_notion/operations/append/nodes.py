"""Blocks to be created as a tree: checked as a whole, before the first of them is sent."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from ...operation import JsonObject
from ..shapes import is_list, items_of, object_of
from ..texts import TooLong, split_rich_text

__all__ = ["MAX_BODY", "MAX_SIDE_BY_SIDE", "ROOMS", "Node", "planted"]

MAX_SIDE_BY_SIDE = 100
MAX_BODY = 490_000
"""Bytes of a request's blocks: Notion takes 500 KB in all."""

ROOMS: Mapping[str, tuple[str, int]] = {
    "column_list": ("column", 2),
    "tab": ("paragraph", 1),
    "table": ("table_row", 1),
}
"""What holds blocks of one type only, and how many of them it must be created with."""
_AT_HOME = {"column": "column_list", "table_row": "table"}
_HOLD_NONE = frozenset(
    {
        "audio",
        "bookmark",
        "breadcrumb",
        "code",
        "divider",
        "embed",
        "equation",
        "file",
        "image",
        "link_to_page",
        "pdf",
        "table_of_contents",
        "table_row",
        "video",
    }
)
_NOT_MADE_HERE = {
    "child_page": "pages.create makes pages",
    "child_database": "databases.create makes databases",
    "link_preview": "use bookmark",
    "template": "Notion makes no new template buttons",
    "unsupported": "Notion's API cannot make it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A block with what is to stand in it."""

    path: str
    """Where it stands in what was given, e.g. ``children[3].children[0]``."""
    kind: str
    block: JsonObject
    """Without its children."""
    children: tuple["Node", ...] = ()
    own_size: int
    """Bytes, at most, of the block by itself."""
    count: int = field(init=False)
    """Blocks, itself included."""
    size: int = field(init=False)
    """Bytes, at most, of the block with everything in it."""
    height: int = field(init=False)
    """Levels below it."""
    widest: int = field(init=False)
    """The most blocks that stand side by side below it."""

    def __post_init__(self) -> None:
        below = self.children
        facts = {
            "count": 1 + sum(child.count for child in below),
            "size": self.own_size + sum(child.size for child in below),
            "height": 1 + max(child.height for child in below) if below else 0,
            "widest": max(len(below), *(child.widest for child in below)) if below else 0,
        }
        for name, value in facts.items():
            object.__setattr__(self, name, value)

    def with_children(self, children: Sequence[JsonObject]) -> JsonObject:
        """The block as it is sent."""
        if not children:
            return self.block
        return {**self.block, self.kind: {**self.block[self.kind], "children": list(children)}}

    def whole(self) -> JsonObject:
        """The block with everything in it."""
        return self.with_children([child.whole() for child in self.children])


def planted(blocks: Sequence[Any], problems: dict[str, str], *, name: str = "children") -> list[Node]:
    """The blocks as trees; what is wrong with them goes into ``problems``, by path."""
    return [_node(block, f"{name}[{index}]", None, problems) for index, block in enumerate(blocks)]


def _node(block: Any, path: str, holder: "_Holder | None", problems: dict[str, str]) -> Node:
    given = object_of(block)
    kind = _kind(given)
    payload = given.get(kind)
    if not isinstance(payload, dict):
        problems[path] = 'must be a block such as {"type": "paragraph", "paragraph": {"rich_text": [...]}}'
        return Node(path=path, kind=kind, block=given, own_size=0)
    inner = cast("JsonObject", payload)
    beside, within = given.get("children"), inner.get("children")
    if beside is not None and within is not None:
        problems[path] = "children stand twice: beside the type's object and in it"
    content = _within_limits({key: value for key, value in inner.items() if key != "children"}, path, problems)
    bare = {**{key: value for key, value in given.items() if key != "children"}, kind: content}
    children = within if within is not None else beside
    _check(kind, content, children, path, holder, problems)
    here = _Holder(kind=kind, width=content.get("table_width"))
    nodes = [
        _node(child, f"{path}.children[{index}]", here, problems) for index, child in enumerate(items_of(children))
    ]
    own = len(json.dumps(bare, ensure_ascii=False).encode()) + len(', "children": [], ')
    if own > MAX_BODY:
        problems.setdefault(path, f"has {own:,} bytes by itself; a request may have 500 KB: make several blocks of it")
    return Node(path=path, kind=kind, block=bare, children=tuple(nodes), own_size=own)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Holder:
    kind: str
    width: Any


def _kind(block: JsonObject) -> str:
    named = block.get("type")
    if isinstance(named, str):
        return named
    return next((key for key, value in block.items() if isinstance(value, dict)), "")


def _within_limits(content: JsonObject, path: str, problems: dict[str, str]) -> JsonObject:
    """The content with long text split into items."""
    changed: JsonObject = {}
    try:
        for key in ("rich_text", "caption"):
            if is_list(content.get(key)):
                changed[key] = split_rich_text(content[key])
        if is_list(content.get("cells")):
            cells = items_of(content["cells"])
            changed["cells"] = [split_rich_text(items_of(cell)) if is_list(cell) else cell for cell in cells]
    except TooLong as error:
        problems[path] = str(error)
    return {**content, **changed}


def _check(
    kind: str, content: JsonObject, children: Any, path: str, holder: _Holder | None, problems: dict[str, str]
) -> None:
    """Note what Notion would refuse for sure, and what would leave the rest half done."""
    if children is not None and not is_list(children):
        problems.setdefault(path, "children must be a list")
        return
    inside = items_of(children)
    said = _misplaced(kind, content, holder) or _overfull(kind, content, inside)
    if said:
        problems.setdefault(path, said)


def _misplaced(kind: str, content: JsonObject, holder: _Holder | None) -> str | None:
    if kind in _NOT_MADE_HERE:
        return f"{kind} cannot be appended: {_NOT_MADE_HERE[kind]}"
    if holder is None:
        return None
    room = ROOMS.get(holder.kind)
    if room is not None and kind != room[0]:
        return f"{holder.kind} holds {room[0]} blocks only, not {kind}"
    if room is None and kind in _AT_HOME:
        return f"{kind} stands in a {_AT_HOME[kind]} only"
    cells = content.get("cells")
    if kind == "table_row" and is_list(cells) and len(items_of(cells)) != holder.width:
        return f"has {len(items_of(cells))} cells; the table's table_width is {holder.width}"
    return None


def _overfull(kind: str, content: JsonObject, children: list[Any]) -> str | None:
    if children and (kind in _HOLD_NONE or content.get("synced_from")):
        return f"{kind} cannot hold children"
    if children and kind.startswith("heading_") and not content.get("is_toggleable"):
        return 'a heading holds children only with "is_toggleable": true'
    inner, least = ROOMS.get(kind, ("", 0))
    if len(children) < least:
        return f"{kind} must be created with at least {least} {inner} block{'s' if least > 1 else ''} as children"
    return None
