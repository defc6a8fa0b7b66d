"""All blocks below a page or block, piece after piece, as far as time allows."""

from ..errors import DeadlineExceeded
from ..flow import Flow
from ..models.trees import BlockTree
from ..operation import Api
from .tree import ListBlockTree

__all__ = ["whole_tree"]

PIECE = 10_000
"""Blocks of one walk."""
MAX_BLOCKS = 100_000


def whole_tree(api: Api, block_id: str) -> Flow[BlockTree]:
    """The tree, and ``next_cursor`` where it has an end that was not read: time was up, or there are too many blocks.

    Raises:
        DeadlineExceeded: nothing of it was read.
    """
    tree = yield from api.call(ListBlockTree(block_id=block_id, max_blocks=PIECE))
    while tree["incomplete_reason"] == "max_blocks" and tree["count"] < MAX_BLOCKS:
        try:
            rest = yield from api.call(
                ListBlockTree(block_id=block_id, max_blocks=PIECE, start_cursor=tree["next_cursor"])
            )
        except DeadlineExceeded:
            return {**tree, "incomplete_reason": "deadline"}
        tree = _joined(tree, rest)
    return tree


def _joined(tree: BlockTree, rest: BlockTree) -> BlockTree:
    return {
        **rest,
        "blocks": [*tree["blocks"], *rest["blocks"]],
        "count": tree["count"] + rest["count"],
        "complete": rest["complete"] and not [each for each in tree["skipped"] if each["reason"] != "loop"],
        "skipped": [*tree["skipped"], *rest["skipped"]],
    }
