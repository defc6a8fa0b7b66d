"""Reading a page's text: all of it, one section, or its headings."""

from pydantic import Field

from ..fields import PageId, SomeText
from ..flow import Flow
from ..models.texts import PageText
from ..operation import Api, Operation, Spec

__all__ = ["ReadPage"]


class ReadPage(Operation[PageText]):
    """Read a page's text as Markdown: whole, one section, or its outline (the headings). Child pages and databases are
    listed, not entered. Where complete is false, missing names the blocks that could not be read.
    """

    spec = Spec("pages", "read", "GET /v1/pages/{page_id}/markdown", capability="read_content")
    page_id: PageId
    section: SomeText | None = Field(default=None, description="Heading of the section to read alone.")
    outline: bool | None = Field(default=None, description="True answers the headings only.")
    include_transcript: bool | None = Field(default=None, description="True adds transcripts of meeting notes.")

    def flow(self, api: Api) -> Flow[PageText]:
        """One request where Notion's Markdown says it all; else more, for blocks that it has no words for.

        Raises:
            InvalidParams: there is no such section; the message names those like it.
            AmbiguousReference: several sections have this heading.
        """
        from .page_text.reading import shown

        return (
            yield from shown(
                api,
                self.page_id,
                wanted=self.section,
                outlined=bool(self.outline),
                transcript=bool(self.include_transcript),
            )
        )
