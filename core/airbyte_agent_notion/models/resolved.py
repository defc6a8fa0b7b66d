"""What a reference stands for."""

from typing import Literal, NotRequired, TypeAlias

from typing_extensions import TypedDict

from .objects import DataSourceRef

__all__ = ["Kind", "Resolved"]

Kind: TypeAlias = Literal["page", "database", "data_source", "block"]


class Resolved(TypedDict):
    """The object that a reference means."""

    object: Kind
    id: str
    title: str
    """Plain title; the beginning of a block's text."""
    url: str | None
    """None for a block, which has none in the API."""
    data_sources: NotRequired[list[DataSourceRef]]
    """A database's."""
    complete: NotRequired[bool]
    """False for a title that search had more hits for than were read: another object may have it too."""
