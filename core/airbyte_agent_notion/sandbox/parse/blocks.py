"""New blocks as they are sent, with what they hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..context import Context
from ..narrow import as_array, as_object, at_most, one_of, only, required
from ..problems import UNDEFINED, invalid, malformed, not_present
from ..state import Block, Content, Page
from ..versions import block_type, state_type
from .block_content import Sent, new_content, wrong_width
from .block_types import ANY, BLOCK_TYPES, BlockType

__all__ = ["Draft", "count", "holds", "new_blocks"]

MAX_CHILDREN = 100
MAX_BLOCKS = 1000
MAX_NESTING = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A block to be created, with its children."""

    type: str
    content: Content
    children: tuple[Draft, ...] = ()


def count(drafts: tuple[Draft, ...]) -> int:
    """How many blocks there are, nested ones included."""
    return sum(1 + count(each.children) for each in drafts)


def holds(record: Page | Block) -> str | None:
    """What may be put into a page or block: any blocks, blocks of one type, or None."""
    if isinstance(record, Page):
        return ANY
    plain = record.content.plain
    if record.type.startswith("heading_") and not plain.get("is_toggleable"):
        return None
    return None if plain.get("synced_from") else BLOCK_TYPES[record.type].holds


def new_blocks(
    context: Context, value: Any, where: str, *, parent: Page | Block | None = None, least: int = 0
) -> tuple[Draft, ...]:
    """The blocks of a request: at most 100 side by side, 1,000 in all, two levels below the first.

    Args:
        context: The request.
        value: The array.
        where: Its place in the request.
        parent: What they are put into; None for a page that is yet to be created.
        least: How many there must be.

    Raises:
        Problem: 400: something is wrong with a block, or the parent cannot hold it.
    """
    reader, holder = _Reader(context=context), ANY
    if isinstance(parent, Block):
        allowed = holds(parent)
        if allowed is None:
            raise invalid("Block does not support children.")
        holder = allowed
        reader = replace(reader, width=parent.content.plain.get("table_width"), inside=parent.type)
    drafts = reader.blocks(value, where, holder, least=least)
    total = count(drafts)
    if total > MAX_BLOCKS:
        raise invalid(f"body failed validation: {where} should hold ≤ `{MAX_BLOCKS}` blocks, instead was `{total}`.")
    return drafts


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Reads blocks of one level."""

    context: Context
    depth: int = 0
    width: int | None = None
    inside: str = ANY

    def blocks(self, value: Any, where: str, holder: str, *, least: int) -> tuple[Draft, ...]:
        items = as_array(value, where)
        at_most(items, where, MAX_CHILDREN, least=least)
        return tuple(self._block(each, f"{where}[{index}]", holder) for index, each in enumerate(items))

    def _block(self, value: Any, where: str, holder: str) -> Draft:
        body = as_object(value, where)
        name = _named(self.context, body, where)
        only(body, where, "object", "type", name)
        one_of(body.get("object", "block"), f"{where}.object", ("block",))
        kind = state_type(name)
        if not BLOCK_TYPES[kind].creatable or not _belongs(kind, holder):
            raise not_present(f"{where}.{name}", body[name])
        return self._draft(kind, as_object(body[name], f"{where}.{name}"), f"{where}.{name}")

    def _draft(self, kind: str, payload: dict[str, Any], where: str) -> Draft:
        facts = BLOCK_TYPES[kind]
        content = new_content(self.context, kind, payload, where)
        self._check_row(kind, content, where)
        if content.icon is not None and kind == "paragraph" and self.inside != "tab":
            raise not_present(f"{where}.icon", payload["icon"])
        return Draft(type=kind, content=content, children=self._children(kind, facts, content, payload, where))

    def _check_row(self, kind: str, content: Content, where: str) -> None:
        if kind == "table_row" and content.cells is not None and len(content.cells) != self.width:
            raise wrong_width(where, self.width, len(content.cells))

    def _children(self, kind: str, facts: BlockType, content: Content, payload: Sent, where: str) -> tuple[Draft, ...]:
        where = f"{where}.children"
        if "children" not in payload:
            if facts.least:
                raise malformed(where, "defined", UNDEFINED)
            return ()
        allowed = holds_draft(kind, content)
        if self.depth == MAX_NESTING or (allowed is None and payload["children"]):
            raise not_present(where, payload["children"])
        inner = replace(self, depth=self.depth + 1, width=content.plain.get("table_width"), inside=kind)
        return inner.blocks(payload["children"], where, allowed or ANY, least=facts.least)


def holds_draft(kind: str, content: Content) -> str | None:
    """What a block that is to be created may hold."""
    if kind.startswith("heading_") and not content.plain.get("is_toggleable"):
        return None
    return None if content.plain.get("synced_from") else BLOCK_TYPES[kind].holds


def _belongs(kind: str, holder: str) -> bool:
    return kind == holder if holder != ANY else kind not in ("column", "table_row")


def _named(context: Context, body: Sent, where: str) -> str:
    """The block type that a payload is sent for, as the request's version names it."""
    names = [block_type(context.version, each) for each in BLOCK_TYPES]
    if "type" in body:
        kind = one_of(body["type"], f"{where}.type", names)
        required({**body}, kind, where)
        return kind
    found = next((each for each in names if each in body), None)
    if found is None:
        raise malformed(f"{where}.type", "defined", UNDEFINED)
    return found
