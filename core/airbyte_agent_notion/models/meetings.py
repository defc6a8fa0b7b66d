"""Meeting notes that were searched for."""

from typing import Required

from typing_extensions import TypedDict

from .blocks import Block
from .pieces import Present

__all__ = ["MeetingNotesFound"]


class MeetingNotesFound(TypedDict, total=False):
    """Meeting notes as blocks."""

    results: Required[list[Block]]
    has_more: Present[bool]
    """There are more than ``limit``, and no way to them but a narrower filter."""
    request_id: str
