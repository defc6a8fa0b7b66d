"""What changes comments: creating, updating, deleting."""

from typing import Annotated, Literal, NotRequired, Required, Self

from pydantic import Field, model_validator
from typing_extensions import TypedDict

from ..fields import BlockId, CommentId, DiscussionId, FileUploadId, JsonDict, PageId, Text
from ..models.objects import Comment
from ..operation import Effect, Operation, Spec
from .parameters import RICH_TEXT, MarkdownVersion, Nulls, OnePlace, exactly_one, only_with

__all__ = [
    "Attached",
    "CommentParent",
    "CommentedOn",
    "CreateComment",
    "CustomName",
    "DeleteComment",
    "ShownAs",
    "UpdateComment",
]

_READ_BACK = "GET /v1/comments/{id}"
_MARKDOWN = "In place of rich_text; inline formatting only."


class CommentParent(TypedDict, total=False):
    """What is commented on: a page or a block."""

    type: Literal["page_id", "block_id"]
    page_id: PageId
    block_id: BlockId


CommentedOn = Annotated[CommentParent, Nulls, OnePlace]


class Attached(TypedDict):
    """An uploaded file."""

    file_upload_id: FileUploadId
    type: NotRequired[Literal["file_upload"]]


class CustomName(TypedDict):
    """A name of one's own."""

    name: Text


class ShownAs(TypedDict, total=False):
    """The name under which a comment appears."""

    type: Required[Literal["integration", "user", "custom"]]
    custom: CustomName


class CreateComment(Operation[Comment]):
    """Comment on a page or block, or reply in a discussion. A comment on a stretch of text cannot be begun, only
    replied to.
    """

    spec = Spec(
        "comments",
        "create",
        "POST /v1/comments",
        effect=Effect.WRITE,
        capability="insert_comments",
        read_back=_READ_BACK,
        verify="comments.list shows the comments on the page or block.",
    )
    parent: CommentedOn | None = Field(
        default=None, description='{"page_id": "..."} or {"block_id": "..."}; begins a discussion.'
    )
    discussion_id: DiscussionId | None = Field(
        default=None, description="In place of parent; discussion_id of the comment to reply to."
    )
    rich_text: list[JsonDict] | None = Field(default=None, description=RICH_TEXT)
    markdown: str | None = Field(default=None, description=_MARKDOWN)
    markdown_version: MarkdownVersion | None = Field(default=None, description="Of markdown; Notion's default is v1.")
    attachments: Annotated[list[Attached], Field(max_length=3)] | None = Field(
        default=None, description='At most 3: [{"file_upload_id": "..."}]'
    )
    display_name: ShownAs | None = Field(
        default=None,
        description='{"type": "user"}; {"type": "integration"} or {"type": "custom", "custom": {"name": "..."}}',
    )

    @model_validator(mode="after")
    def _one_place_and_text(self) -> Self:
        exactly_one(self, "parent", "discussion_id")
        exactly_one(self, "rich_text", "markdown")
        only_with(self, "markdown_version", "markdown")
        name = self.display_name
        if name is not None and (name["type"] == "custom") != ("custom" in name):
            raise ValueError("display_name: custom is given if type is 'custom', and only then")
        return self


class UpdateComment(Operation[Comment]):
    """Change the text of a comment that this connection made."""

    spec = Spec(
        "comments",
        "update",
        "PATCH /v1/comments/{comment_id}",
        effect=Effect.WRITE,
        capability="insert_comments",
        read_back=_READ_BACK,
        verify="comments.get shows whether it has changed.",
    )
    comment_id: CommentId
    rich_text: list[JsonDict] | None = Field(default=None, description=RICH_TEXT)
    markdown: str | None = Field(default=None, description=_MARKDOWN)
    markdown_version: MarkdownVersion | None = Field(default=None, description="Of markdown; Notion's default is v1.")

    @model_validator(mode="after")
    def _one_text(self) -> Self:
        exactly_one(self, "rich_text", "markdown")
        only_with(self, "markdown_version", "markdown")
        return self


class DeleteComment(Operation[Comment]):
    """Delete a comment that this connection made, for good."""

    spec = Spec(
        "comments",
        "delete",
        "DELETE /v1/comments/{comment_id}",
        effect=Effect.DESTRUCTIVE,
        capability="insert_comments",
        verify="comments.get finds it no more once it is deleted.",
    )
    comment_id: CommentId
