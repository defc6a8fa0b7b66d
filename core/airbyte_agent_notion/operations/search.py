"""Search by title, and what the lists of pages and data sources share with it."""

from typing import Literal, NotRequired, TypeVar

from pydantic import Field
from typing_extensions import TypedDict

from ..listing import ListOperation, ListResult
from ..models.objects import DataSource, Page
from ..operation import JsonObject, Spec
from .complete import marked_pages

__all__ = ["Search", "SearchFilter", "SearchSort", "TitleSearch"]

T = TypeVar("T")


class SearchSort(TypedDict):
    """By time of the last edit; without it the most recently edited come first."""

    timestamp: Literal["last_edited_time"]
    direction: NotRequired[Literal["ascending", "descending"]]


class SearchFilter(TypedDict, total=False):
    """Only pages, or only data sources; or ``{"in_trash": true}``, alone or with it."""

    property: Literal["object"]
    value: Literal["page", "data_source"]
    in_trash: bool


class TitleSearch(ListOperation[T]):
    """A list that Notion answers through its title search."""

    query: str | None = Field(default=None, description="Words of the title; leave out to list everything.")
    sort: SearchSort | None = Field(
        default=None, description='{"timestamp": "last_edited_time", "direction": "ascending" or "descending"}'
    )

    def result(self, data: JsonObject) -> ListResult[T]:
        """The hits; ``incomplete`` in a page names values that are cut off."""
        return marked_pages(super().result(data))


class Search(TitleSearch[Page | DataSource]):
    """Search pages and data sources by title, most recently edited first. Text inside pages is not searched, and only
    what is shared with the connection is found. For one kind only use pages.list or data_sources.list.
    """

    spec = Spec("search", "search", "POST /v1/search", capability="read_content")
    filter: SearchFilter | None = Field(
        default=None, description='{"property": "object", "value": "page" or "data_source"}'
    )
