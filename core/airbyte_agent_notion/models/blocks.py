"""Blocks: one TypedDict for all kinds, with a payload under the key that ``type`` names."""

from typing import Literal, Required

from typing_extensions import TypedDict

from .pieces import Empty, Equation, File, Icon, Link, Parent, PartialUser, Present, RichText

__all__ = [
    "Block",
    "CalendarEvent",
    "CalloutPayload",
    "CodePayload",
    "ColumnPayload",
    "HeadingPayload",
    "LinkPayload",
    "LinkToPagePayload",
    "MediaPayload",
    "MeetingNotesBlocks",
    "MeetingNotesPayload",
    "MeetingRecording",
    "NumberedListItemPayload",
    "ParagraphPayload",
    "SyncedBlockPayload",
    "SyncedFrom",
    "TableOfContentsPayload",
    "TablePayload",
    "TableRowPayload",
    "TemplatePayload",
    "TextPayload",
    "TitlePayload",
    "ToDoPayload",
    "UnsupportedPayload",
]


class TextPayload(TypedDict, total=False):
    """Text of a bulleted list item, a quote or a toggle."""

    rich_text: Present[list[RichText]]
    color: Present[str]


class ParagraphPayload(TextPayload, total=False):
    """Text of a paragraph."""

    icon: Icon | None
    """Only a paragraph inside a tab block has one."""


class HeadingPayload(TextPayload, total=False):
    """Text of a heading."""

    is_toggleable: Present[bool]
    """Only a toggleable heading has children."""


class NumberedListItemPayload(TextPayload, total=False):
    """Text of a numbered list item."""

    list_start_index: int
    list_format: str
    """``numbers``, ``letters`` or ``roman``."""


class ToDoPayload(TextPayload, total=False):
    """Text of a to-do item."""

    checked: Present[bool]


class CalloutPayload(TextPayload, total=False):
    """Text of a callout."""

    icon: Present[Icon | None]


class CodePayload(TypedDict, total=False):
    """Code."""

    rich_text: Present[list[RichText]]
    caption: Present[list[RichText]]
    language: Present[str]


class TemplatePayload(TypedDict, total=False):
    """Label of a template button."""

    rich_text: Present[list[RichText]]


class TableOfContentsPayload(TypedDict, total=False):
    """A table of contents, which Notion fills in."""

    color: Present[str]


class ColumnPayload(TypedDict, total=False):
    """A column of a column list."""

    width_ratio: float
    """Between 0 and 1; missing where all columns are equally wide."""


class TablePayload(TypedDict, total=False):
    """A simple table; its rows are its children."""

    table_width: Present[int]
    """The number of columns."""
    has_column_header: Present[bool]
    has_row_header: Present[bool]


class TableRowPayload(TypedDict, total=False):
    """A row of a simple table."""

    cells: Present[list[list[RichText]]]


class SyncedFrom(TypedDict, total=False):
    """The original of a synced block."""

    type: Required[str]
    block_id: Present[str]


class SyncedBlockPayload(TypedDict, total=False):
    """A block whose children appear in several places."""

    synced_from: Present[SyncedFrom | None]
    """None in the original."""


class LinkToPagePayload(TypedDict, total=False):
    """A link to a page, database or comment; ``type`` names the key that holds the id."""

    type: Required[str]
    page_id: Present[str]
    database_id: Present[str]
    comment_id: Present[str]


class LinkPayload(Link, total=False):
    """A bookmark, an embed, or a link preview (which has no caption)."""

    caption: list[RichText]


class MediaPayload(File, total=False):
    """An image, video, audio, PDF or other file."""

    caption: Present[list[RichText]]
    name: str
    """Only file blocks have one."""


class TitlePayload(TypedDict, total=False):
    """Title of a child page or child database."""

    title: Present[str]


class MeetingNotesBlocks(TypedDict, total=False):
    """The blocks that hold the parts of meeting notes."""

    summary_block_id: str
    notes_block_id: str
    transcript_block_id: str


class CalendarEvent(TypedDict, total=False):
    """The meeting that the notes belong to."""

    start_time: Present[str]
    end_time: Present[str]
    attendees: list[str]
    """Ids of users."""


class MeetingRecording(TypedDict, total=False):
    """When a meeting was recorded."""

    start_time: str
    end_time: str


class MeetingNotesPayload(TypedDict, total=False):
    """Notes that Notion's AI takes of a meeting."""

    title: list[RichText]
    status: str
    children: MeetingNotesBlocks
    calendar_event: CalendarEvent
    recording: MeetingRecording


class UnsupportedPayload(TypedDict, total=False):
    """A block that the API does not show."""

    block_type: str
    """What it is, such as ``button``, ``form`` or ``ai_block``."""


class Block(TypedDict, total=False):
    """A piece of a page's content; ``type`` names the key that holds the payload, and children are read apart."""

    object: Required[Literal["block"]]
    id: Required[str]
    type: Present[str]
    parent: Present[Parent]
    created_time: Present[str]
    created_by: Present[PartialUser]
    last_edited_time: Present[str]
    last_edited_by: Present[PartialUser]
    has_children: Present[bool]
    """False for a child database, whose rows are not blocks."""
    in_trash: Present[bool]
    archived: bool
    """The same as ``in_trash``; gone from version 2026-03-11 on."""
    request_id: str

    paragraph: Present[ParagraphPayload]
    heading_1: Present[HeadingPayload]
    heading_2: Present[HeadingPayload]
    heading_3: Present[HeadingPayload]
    heading_4: Present[HeadingPayload]
    bulleted_list_item: Present[TextPayload]
    numbered_list_item: Present[NumberedListItemPayload]
    to_do: Present[ToDoPayload]
    toggle: Present[TextPayload]
    quote: Present[TextPayload]
    callout: Present[CalloutPayload]
    code: Present[CodePayload]
    equation: Present[Equation]
    template: Present[TemplatePayload]
    divider: Present[Empty]
    breadcrumb: Present[Empty]
    table_of_contents: Present[TableOfContentsPayload]
    tab: Present[Empty]
    column_list: Present[Empty]
    column: Present[ColumnPayload]
    table: Present[TablePayload]
    table_row: Present[TableRowPayload]
    synced_block: Present[SyncedBlockPayload]
    link_to_page: Present[LinkToPagePayload]
    bookmark: Present[LinkPayload]
    embed: Present[LinkPayload]
    link_preview: Present[LinkPayload]
    image: Present[MediaPayload]
    video: Present[MediaPayload]
    audio: Present[MediaPayload]
    pdf: Present[MediaPayload]
    file: Present[MediaPayload]
    child_page: Present[TitlePayload]
    child_database: Present[TitlePayload]
    meeting_notes: Present[MeetingNotesPayload]
    transcription: Present[MeetingNotesPayload]
    """What ``meeting_notes`` is called before version 2026-03-11."""
    unsupported: Present[UnsupportedPayload]
