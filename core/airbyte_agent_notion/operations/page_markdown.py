"""A page's content as Markdown: reading it, and editing it by text."""

import re
from typing import Annotated, Literal, NotRequired, Self

from pydantic import Field, model_validator
from typing_extensions import TypedDict

from ..errors import InvalidRequest
from ..fields import PageId, SomeText, Text
from ..flow import Flow
from ..models.markdown import PageMarkdown
from ..operation import Api, Effect, JsonObject, Operation, Spec
from .held_lines import takes_away
from .parameters import DROP, Drop, MarkdownVersion, exactly_one
from .tasks import followed

__all__ = [
    "ContentUpdate",
    "GetPageMarkdown",
    "InsertContent",
    "MarkdownPosition",
    "ReplaceContent",
    "ReplaceRange",
    "UpdateContent",
    "UpdatePageMarkdown",
]

_ALLOW = '"allow_deleting_content": true'
_MAY_DROP = f"{_ALLOW} in it lets the child pages go that drop names."
_OF_CHILDREN = re.compile(r"allow_deleting_content|child (?:page|database)", re.IGNORECASE)
"""In Notion's refusal of an edit that would lose child pages."""
_DROPS_NOTHING = (
    f"drop says what an edit with {_ALLOW} may delete: set that in update_content, replace_content or "
    "replace_content_range, or give no drop"
)

Edit = Literal["update_content", "replace_content", "insert_content", "replace_content_range"]


class ContentUpdate(TypedDict):
    """One replacement of text that stands in the page exactly once, unless ``replace_all_matches``."""

    old_str: SomeText
    new_str: Text
    replace_all_matches: NotRequired[bool]


class UpdateContent(TypedDict):
    """Replacements of text."""

    content_updates: Annotated[list[ContentUpdate], Field(min_length=1)]
    allow_deleting_content: NotRequired[bool]
    """Lets child pages and databases be deleted whose tags are missing afterwards."""


class ReplaceContent(TypedDict):
    """The whole content anew; blocks that stay as they are keep their ids."""

    new_str: Text
    allow_deleting_content: NotRequired[bool]


class MarkdownPosition(TypedDict):
    """Which end of the page."""

    type: Literal["start", "end"]


class InsertContent(TypedDict):
    """Content put in after a selection (``start text...end text``) or at an end."""

    content: Text
    after: NotRequired[Text]
    position: NotRequired[MarkdownPosition]


class ReplaceRange(TypedDict):
    """Content in place of a selection (``start text...end text``)."""

    content: Text
    content_range: Text
    allow_deleting_content: NotRequired[bool]


class GetPageMarkdown(Operation[PageMarkdown]):
    """Get a page's text as Notion's own Markdown; pages.read is the easy way. Where truncated is true,
    unknown_block_ids names what is missing: call again with each as page_id.
    """

    spec = Spec("pages", "get_markdown", "GET /v1/pages/{page_id}/markdown", capability="read_content")
    page_id: PageId
    include_transcript: bool | None = Field(default=None, description="True adds transcripts of meeting notes.")
    markdown_version: MarkdownVersion | None = Field(default=None, description="Notion's default is v1.")


class UpdatePageMarkdown(Operation[PageMarkdown]):
    """Edit a page's text by Notion's own commands; pages.edit is the easy way. Answers the whole page. type names the
    edit, and the parameter of that name says what to do: update_content replaces exact text from pages.get_markdown.
    Child pages and databases are kept unless allow_deleting_content is true and drop names them.
    """

    spec = Spec(
        "pages",
        "update_markdown",
        "PATCH /v1/pages/{page_id}/markdown",
        effect=Effect.WRITE,
        capability="update_content",
        verify="pages.get_markdown shows the page's text.",
    )
    page_id: PageId
    type: Edit = Field(description="The edit; give the parameter of the same name.")
    update_content: UpdateContent | None = Field(
        default=None, description=f'{{"content_updates": [{{"old_str": "...", "new_str": "..."}}]}}; {_MAY_DROP}'
    )
    replace_content: ReplaceContent | None = Field(
        default=None, description=f'{{"new_str": "..."}}, the whole page; {_MAY_DROP}'
    )
    insert_content: InsertContent | None = Field(
        default=None, description='{"content": "...", "position": {"type": "start" or "end"}}'
    )
    replace_content_range: ReplaceRange | None = Field(
        default=None, description=f'{{"content": "...", "content_range": "first...last words"}}; {_MAY_DROP}'
    )
    allow_async: bool | None = Field(default=None, description="For long edits; Notion may take its time.")
    markdown_version: MarkdownVersion | None = Field(default=None, description="Of the text; Notion's default is v1.")
    drop: Drop | None = Field(default=None, description=f"With allow_deleting_content; {DROP}")

    @model_validator(mode="after")
    def _edit_of_its_type(self) -> Self:
        exactly_one(self, "update_content", "replace_content", "insert_content", "replace_content_range")
        if getattr(self, self.type) is None:
            raise ValueError(f"type is {self.type!r}: give {self.type}")
        if self.drop and not self._allows_deleting():
            raise ValueError(_DROPS_NOTHING)
        if self.insert_content and {"after", "position"} <= self.insert_content.keys():
            raise ValueError("insert_content: after and position exclude each other")
        return self

    def _allows_deleting(self) -> bool:
        edit = self.update_content or self.replace_content or self.replace_content_range
        return bool(edit and edit.get("allow_deleting_content"))

    @property
    def effect(self) -> Effect:
        """Destructive where it may delete or empty blocks: a page or range replaced, less text, or deleting allowed."""
        edit = self.update_content
        if self.insert_content is not None:
            return Effect.WRITE
        if edit is None or edit.get("allow_deleting_content"):
            return Effect.DESTRUCTIVE
        takes = any(takes_away(each["old_str"], each["new_str"]) for each in edit["content_updates"])
        return Effect.DESTRUCTIVE if takes else Effect.WRITE

    def body(self, params: JsonObject) -> JsonObject:
        """Without ``drop``, which is for the connector."""
        return {name: value for name, value in params.items() if name != "drop"}

    def flow(self, api: Api) -> Flow[PageMarkdown]:
        """One request; a task is followed to its end.

        Raises:
            InvalidRequest: such as where child pages would be lost; the hint says all that lets them go.
        """
        try:
            return self.result((yield from followed(self, api)))
        except InvalidRequest as error:
            if not self._allows_deleting() and _OF_CHILDREN.search(error.message):
                error.hint = (
                    "Keep their tags in the text, or move them away first with pages.move; if they are to go into the "
                    f"trash, set {_ALLOW} in {self.type} and name their ids in drop, both in one call."
                )
            raise
