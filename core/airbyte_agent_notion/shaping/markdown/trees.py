"""The flat list of ``blocks.list_tree`` as nested blocks."""

from collections.abc import Iterable, Mapping
from typing import Any

from ...models.trees import BlockTree
from .dialect import Block

__all__ = ["nested"]


def nested(tree: BlockTree) -> list[Block]:
    """The blocks of a tree, each with what is inside it under ``children``.

    A block whose inside could not be read, or is beyond the tree's end, has no such key: ``render`` shows a tag there.
    """
    unread = {skipped["block_id"] for skipped in tree["skipped"] if skipped["reason"] != "loop"}
    cut = set(_last_path(tree["blocks"])) if tree["next_cursor"] is not None else set[str]()
    roots: list[Block] = []
    path: list[Block] = []
    for block in tree["blocks"]:
        copy: Block = {key: value for key, value in block.items() if key not in {"depth", "parent_id"}}
        if block["id"] not in unread and (block["id"] not in cut or not block.get("has_children")):
            copy["children"] = []
        del path[block["depth"] :]
        (path[-1].setdefault("children", []) if path else roots).append(copy)
        path.append(copy)
    return roots


def _last_path(blocks: Iterable[Mapping[str, Any]]) -> list[str]:
    """The last block of a tree that ends early: what it holds may be on the next piece."""
    last = list(blocks)[-1:]
    return [str(block["id"]) for block in last]
