"""Editing a page's text as it is read."""

import re
from typing import TYPE_CHECKING, Self

from pydantic import Field, model_validator

from ..fields import PageId, SomeText
from ..flow import Flow
from ..models.texts import PageText
from ..operation import Api, Effect, Operation, Spec
from .held_lines import takes_away
from .parameters import DROP, Drop, exactly_one, only_with

if TYPE_CHECKING:
    from .page_text.edited import Edited

__all__ = ["EditPage"]

_PARTS = re.compile(r"\n|</|(?<!\\)\|")
"""Ends of lines, containers and cells: text with fewer of them has fewer blocks, or rows with less in them."""


class EditPage(Operation[PageText]):
    """Edit a page's text as pages.read shows it. Give one edit: find and replace; section and markdown, its new body;
    append (at the end of the page, or of section); or prepend. Answers the changed part. Blocks that stay as they are
    keep their ids and comments. Child pages and databases stay unless drop names them.
    """

    spec = Spec(
        "pages",
        "edit",
        "PATCH /v1/pages/{page_id}/markdown",
        effect=Effect.WRITE,
        capability="update_content",
        verify="pages.read shows the page's text.",
    )
    page_id: PageId
    find: SomeText | None = Field(default=None, description="Text that stands in the page once, exactly as read.")
    replace: str | None = Field(default=None, description="What replaces it; empty deletes it.")
    all: bool | None = Field(default=None, description="True replaces every occurrence of find.")
    section: SomeText | None = Field(default=None, description="Heading of the section that markdown or append is for.")
    markdown: str | None = Field(
        default=None, description="New body of section; with a heading of its own first, the whole section."
    )
    append: SomeText | None = Field(default=None, description="Markdown for the end of the page, or of section.")
    prepend: SomeText | None = Field(default=None, description="Markdown for the start of the page.")
    drop: Drop | None = Field(default=None, description=DROP)

    @model_validator(mode="after")
    def _one_edit(self) -> Self:
        exactly_one(self, "find", "markdown", "append", "prepend")
        if self.find is not None and self.replace is None:
            raise ValueError("find goes with replace; an empty replace deletes the text")
        for name in ("replace", "all"):
            only_with(self, name, "find")
        only_with(self, "markdown", "section")
        if self.section is not None and self.markdown is None and self.append is None:
            raise ValueError("section goes with markdown or append only")
        for name in ("append", "prepend"):
            if not (getattr(self, name) or "x").strip():
                raise ValueError(f"{name} holds no text")
        return self

    @property
    def effect(self) -> Effect:
        """Destructive where blocks may go: a section's body replaced, children dropped, or text put in place of other
        that has more lines, more lines that hold anything, or more cells and containers.
        """
        if self.drop or self.markdown is not None:
            return Effect.DESTRUCTIVE
        if self.find is None:
            return Effect.WRITE
        old, new = self.find, self.replace or ""
        takes = takes_away(old, new) or len(_PARTS.findall(new)) < len(_PARTS.findall(old))
        return Effect.DESTRUCTIVE if takes else Effect.WRITE

    def flow(self, api: Api) -> Flow[PageText]:
        """Read the page, and send one edit; nothing where the text is so already.

        Raises:
            InvalidParams: find or section is not there as given, child pages would go that drop does not name, or
                blocks that the edit does not name would get lost in what it opens.
            AmbiguousReference: several sections have this heading.
            Conflict: the page was changed while it was edited, and would have been written anew.
        """
        from .page_text.editing import added, changed

        if self.section is None and self.find is None:
            if self.append is not None:
                return (yield from added(api, self.page_id, self.append, "end", operation=self.spec.name))
            return (yield from added(api, self.page_id, self.prepend or "", "start", operation=self.spec.name))
        return (yield from changed(api, self.page_id, self._applied, drop=self.drop or [], operation=self.spec.name))

    def _applied(self, text: str) -> "Edited":
        """The page's text with the edit in it."""
        from .page_text.found import replaced
        from .page_text.places import section_replaced, settled, with_appended

        if self.find is not None:
            return replaced(text, self.find, self.replace or "", everywhere=bool(self.all))
        if self.append is not None:
            return with_appended(text, self.section or "", settled(self.append, self.page_id))
        return section_replaced(text, self.section or "", settled(self.markdown or "", self.page_id))
