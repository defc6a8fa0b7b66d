"""Blocks: the content of pages."""

from ..fields import BlockId
from ..models.blocks import Block
from ..namespace import M, Namespace, method
from ..operation import Operation, Spec
from .block_writes import AppendBlocks, DeleteBlock, RestoreBlock, UpdateBlock
from .children import ListBlocks
from .tree import ListBlockTree

__all__ = ["Blocks", "GetBlock", "ListBlockTree", "ListBlocks"]


class GetBlock(Operation[Block]):
    """Get one block without what is inside it. A page's id gives its child_page block."""

    spec = Spec("blocks", "get", "GET /v1/blocks/{block_id}", capability="read_content")
    block_id: BlockId


class Blocks(Namespace[M]):
    """The content of pages."""

    list = method(ListBlocks)
    list_tree = method(ListBlockTree)
    get = method(GetBlock)
    append = method(AppendBlocks)
    update = method(UpdateBlock)
    delete = method(DeleteBlock)
    restore = method(RestoreBlock)
