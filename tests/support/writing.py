"""Blocks for tests of writing: trees as they are sent, as they are read back, and what Notion takes of them at once."""

from __future__ import annotations

import json
from typing import Any

Tree = tuple[str, str, tuple[Any, ...]]
"""Type, text and children of a block."""


def paragraph(text: str, *children: Any) -> dict[str, Any]:
    """A paragraph with what stands in it."""
    return block("paragraph", text, *children)


def block(kind: str, text: str, *children: Any) -> dict[str, Any]:
    """A block with a text."""
    content: dict[str, Any] = (
        {"rich_text": [{"type": "text", "text": {"content": text}}]} if text else {"rich_text": []}
    )
    return {"type": kind, kind: {**content, **({"children": list(children)} if children else {})}}


def table(*rows: str) -> dict[str, Any]:
    """A table of one column."""
    return {"type": "table", "table": {"table_width": 1, "children": [row(each) for each in rows]}}


def row(text: str) -> dict[str, Any]:
    """A row of one cell."""
    return {"type": "table_row", "table_row": {"cells": [[{"type": "text", "text": {"content": text}}]]}}


def columns(*contents: list[Any]) -> dict[str, Any]:
    """Columns with what stands in each."""
    inner = [{"type": "column", "column": {"children": list(each)} if each else {}} for each in contents]
    return {"type": "column_list", "column_list": {"children": inner}}


def tree(sent: dict[str, Any]) -> Tree:
    """A block as it is sent, as type, text and children."""
    kind = sent["type"]
    return kind, _text(sent[kind]), tuple(tree(each) for each in sent[kind].get("children", ()))


def trees(sent: list[dict[str, Any]]) -> tuple[Tree, ...]:
    """Several of them."""
    return tuple(tree(each) for each in sent)


def _text(content: dict[str, Any]) -> str:
    items = [item for cell in content["cells"] for item in cell] if "cells" in content else content.get("rich_text", [])
    return "".join(item["text"]["content"] for item in items)


def illegal(children: list[dict[str, Any]]) -> list[str]:
    """What of Notion's limits the blocks of one request break, written down here a second time."""
    problems: list[str] = []
    total = 0

    def look(blocks: list[dict[str, Any]], level: int) -> None:
        nonlocal total
        total += len(blocks)
        if len(blocks) > 100:
            problems.append(f"{len(blocks)} side by side")
        if level > 2 and blocks:
            problems.append("too deep")
        for each in blocks:
            content = each[each["type"]]
            for items in [content.get("rich_text", []), content.get("caption", []), *content.get("cells", [])]:
                if len(items) > 100:
                    problems.append(f"{len(items)} items of text")
                if any(len(item["text"]["content"].encode("utf-16-le")) > 4_000 for item in items):
                    problems.append("a long item of text")
            least = {"table": 1, "column_list": 2, "tab": 1}.get(each["type"], 0)
            if len(content.get("children", [])) < least:
                problems.append(f"a {each['type']} without its children")
            look(content.get("children", []), level + 1)

    look(children, 0)
    if not children:
        problems.append("nothing")
    if total > 1_000:
        problems.append(f"{total} blocks")
    if len(json.dumps({"children": children}, ensure_ascii=False).encode()) > 500_000:
        problems.append("too long a body")
    return problems
