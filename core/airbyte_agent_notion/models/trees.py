"""What composite reads answer beside Notion's own objects."""

from typing import Literal, Required

from typing_extensions import TypedDict

from .blocks import Block

__all__ = ["BlockTree", "Skipped", "TreeBlock"]


class TreeBlock(Block, total=False):
    """A block with its place in the tree."""

    depth: Required[int]
    """0 for what is directly inside the page or block asked for."""
    parent_id: Required[str]
    """The block it was read under: for what a synced copy shows that copy, not the original."""


class Skipped(TypedDict):
    """A block whose inside is not in the tree."""

    block_id: str
    reason: str
    """``loop`` for a synced block that shows itself again, which loses nothing; else why it could not be read."""


class BlockTree(TypedDict):
    """All blocks below a page or block, in the order in which they are read on the page."""

    object: Literal["block_tree"]
    root_id: str
    blocks: list[TreeBlock]
    count: int
    """How many blocks are in this answer."""
    complete: bool
    """False if there is more (``next_cursor``) or something could not be read (``skipped``)."""
    next_cursor: str | None
    """Pass it as ``start_cursor`` to go on exactly behind the last block; None at the end."""
    incomplete_reason: str | None
    """Why the answer ends before the tree: ``max_blocks`` or ``deadline``."""
    skipped: list[Skipped]
