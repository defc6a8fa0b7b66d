"""Comments on pages and blocks."""

from ..fields import BlockId, CommentId
from ..listing import ListOperation
from ..models.objects import Comment
from ..namespace import M, Namespace, method
from ..operation import Operation, Spec
from .comment_writes import CreateComment, DeleteComment, UpdateComment

__all__ = ["Comments", "GetComment", "ListComments"]


class ListComments(ListOperation[Comment]):
    """List the open comments on one page or block. Comments on the blocks inside a page are listed with each block's
    own id; resolved ones are never listed.
    """

    spec = Spec("comments", "list", "GET /v1/comments", capability="read_comments")
    block_id: BlockId


class GetComment(Operation[Comment]):
    """Get one comment by its id."""

    spec = Spec("comments", "get", "GET /v1/comments/{comment_id}", capability="read_comments")
    comment_id: CommentId


class Comments(Namespace[M]):
    """Comments on pages and blocks."""

    list = method(ListComments)
    get = method(GetComment)
    create = method(CreateComment)
    update = method(UpdateComment)
    delete = method(DeleteComment)
