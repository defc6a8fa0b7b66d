"""The primitive under every walk through blocks: what is directly inside one."""

from ..fields import BlockId
from ..listing import ListOperation
from ..models.blocks import Block
from ..operation import Spec

__all__ = ["ListBlocks"]


class ListBlocks(ListOperation[Block]):
    """List the blocks directly inside a page or block, in order. Where has_children is true, list that block's id for
    what is inside it. For a page's text use pages.read.
    """

    spec = Spec("blocks", "list", "GET /v1/blocks/{block_id}/children", capability="read_content")
    block_id: BlockId
