"""Meeting notes: blocks that Notion's AI fills from a recording."""

from typing import Annotated, Literal, NotRequired, Required, Self, TypeAlias

from pydantic import Field, model_validator
from typing_extensions import TypedDict

from ..fields import BlockId, FileUploadId, JsonDict, PageId
from ..models.blocks import Block
from ..models.meetings import MeetingNotesFound
from ..namespace import M, Namespace, method
from ..operation import Effect, Operation, Spec
from .parameters import Nulls

__all__ = [
    "CreateMeetingNotes",
    "MeetingNotes",
    "MeetingOptions",
    "MeetingPage",
    "MeetingSort",
    "MeetingSource",
    "QueryMeetingNotes",
]

Language: TypeAlias = Literal[
    "auto", "en", "zh-CN", "zh-TW", "es", "fr", "de", "ja", "ko", "pt", "ru", "th", "vi", "id", "da", "fi", "no", "nl",
    "it", "sv", "ar", "he", "pl",
]  # fmt: skip


class MeetingSource(TypedDict, total=False):
    """The recording: an uploaded file, or an audio or video block."""

    type: Required[Literal["file_upload", "block"]]
    file_upload_id: FileUploadId
    block_id: BlockId


class MeetingPage(TypedDict):
    """The page that the notes are put on."""

    type: NotRequired[Literal["page_id"]]
    page_id: PageId


class MeetingOptions(TypedDict, total=False):
    """What else Notion does."""

    kickoff_summary: bool


class MeetingSort(TypedDict):
    """An order of meeting notes."""

    property: str
    direction: NotRequired[Literal["ascending", "descending"]]


class CreateMeetingNotes(Operation[Block]):
    """Have Notion transcribe a recording into a meeting notes block. Its status says how far it is: blocks.get."""

    spec = Spec(
        "meeting_notes",
        "create",
        "POST /v1/blocks/meeting_notes",
        effect=Effect.WRITE,
        capability="insert_content",
        read_back="GET /v1/blocks/{id}",
        verify="blocks.list shows the blocks on the page.",
    )
    source: Annotated[MeetingSource, Nulls] = Field(
        description='{"type": "file_upload", "file_upload_id": "..."} or {"type": "block", "block_id": "..."}'
    )
    parent: Annotated[MeetingPage, Nulls] | None = Field(
        default=None, description='{"type": "page_id", "page_id": "..."}; for a file_upload only, which needs it.'
    )
    title: str | None = Field(default=None, description="Title of the meeting.")
    language: Language | None = Field(default=None, description="Spoken language; auto if left out.")
    options: MeetingOptions | None = Field(default=None, description='{"kickoff_summary": true}')

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        held = [name for name in ("file_upload_id", "block_id") if name in self.source]
        kind = self.source["type"]
        if held != [f"{kind}_id"]:
            raise ValueError(f"source: type {kind!r} needs {kind}_id, and only that")
        if (kind == "file_upload") != (self.parent is not None):
            raise ValueError("parent is given for a file_upload, and only for that")
        return self


class QueryMeetingNotes(Operation[MeetingNotesFound]):
    """Find meeting notes by title, attendees or dates, at most limit. The filter is not that of data sources."""

    spec = Spec("meeting_notes", "query", "POST /v1/blocks/meeting_notes/query", capability="read_content")
    filter: JsonDict | None = Field(
        default=None,
        description='{"operator": "and", "filters": [{"property": "title", "filter": {"operator": "string_contains", '
        '"value": "..."}}]}',
    )
    sort: list[MeetingSort] | None = Field(
        default=None, description='[{"property": "created_time", "direction": "descending"}]'
    )
    limit: Annotated[int, Field(ge=1)] | None = Field(default=None, description="50 if left out; there is no cursor.")


class MeetingNotes(Namespace[M]):
    """Notes that Notion's AI takes of meetings."""

    query = method(QueryMeetingNotes)
    create = method(CreateMeetingNotes)
