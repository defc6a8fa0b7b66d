"""Copies of blocks, with new ids, as templates make them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from .state import Block, Content, DateValue, Page, Parent, RichText, Span
from .workspace import Workspace

__all__ = ["copy_blocks"]


def copy_blocks(
    workspace: Workspace, origin: Page | Block, target: Page | Block, *, today: datetime, me: str
) -> list[Block]:
    """Copy everything below ``origin`` but child pages and databases; the copies' parent is ``target``.

    Args:
        workspace: Where both are.
        origin: Whose children are copied.
        target: What becomes their parent; its list of children is the caller's to write.
        today: What template mentions of today and now turn into.
        me: What template mentions of the user turn into.
    """
    copied: list[Block] = []
    for each in workspace.children(origin):
        if not isinstance(each, Block):
            continue
        now = workspace.now()
        block = Block(
            id=workspace.new_id(),
            parent=Parent(kind="page_id" if isinstance(target, Page) else "block_id", id=target.id),
            created=now,
            edited=now,
            created_by=me,
            edited_by=me,
            type=each.type,
            content=_content(each.content, today, me),
        )
        workspace.blocks[block.id] = block
        block.children = [one.id for one in copy_blocks(workspace, each, block, today=today, me=me)]
        copied.append(block)
    return copied


def _content(content: Content, today: datetime, me: str) -> Content:
    cells = content.cells
    return replace(
        content,
        texts={key: _text(text, today, me) for key, text in content.texts.items()},
        cells=None if cells is None else tuple(_text(cell, today, me) for cell in cells),
        plain=dict(content.plain),
    )


def _text(text: RichText, today: datetime, me: str) -> RichText:
    return tuple(_span(span, today, me) for span in text)


def _span(span: Span, today: datetime, me: str) -> Span:
    if span.kind == "template_mention_user":
        return replace(span, kind="user", text="", target=me)
    if span.kind != "template_mention_date":
        return span
    moment = today.date().isoformat() if span.text == "today" else today.isoformat(timespec="minutes")
    return replace(span, kind="date", text="", date=DateValue(start=moment))
