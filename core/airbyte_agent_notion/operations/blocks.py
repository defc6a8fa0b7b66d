"""Blocks: the content of pages."""

from ..fields import BlockId
from ..models.blocks import Block
from ..namespace import M, Namespace, method
from ..operation import ListOperation, Operation, Spec

__all__ = ["Blocks", "GetBlock", "ListBlocks"]


class ListBlocks(ListOperation[Block]):
    """List the blocks directly inside a page or block, in order: the text of a page. Where has_children is true, list
    that block's id for what is inside it.
    """

    spec = Spec("blocks", "list", "GET /v1/blocks/{block_id}/children", capability="read_content")
    block_id: BlockId


class GetBlock(Operation[Block]):
    """Get one block without what is inside it. A page's id gives its child_page block."""

    spec = Spec("blocks", "get", "GET /v1/blocks/{block_id}", capability="read_content")
    block_id: BlockId


class Blocks(Namespace[M]):
    """The content of pages."""

    list = method(ListBlocks)
    get = method(GetBlock)
