"""Views of data sources, and the queries that they run."""

from typing import Any, Literal, Required

from typing_extensions import TypedDict

from .pieces import Parent, PartialUser, Present

__all__ = ["View", "ViewQuery", "ViewQueryDeleted", "ViewRef", "ViewRow"]


class ViewRef(TypedDict, total=False):
    """A view as a list has it: its id alone."""

    object: Required[Literal["view"]]
    id: Required[str]


class View(ViewRef, total=False):
    """How a data source is shown. Its filter and sorts are those of queries."""

    parent: Present[Parent]
    """The database that it is a tab of."""
    data_source_id: Present[str | None]
    """None for a dashboard."""
    name: Present[str]
    type: Present[str]
    """``table``, ``board``, ``list``, ``calendar``, ``timeline``, ``gallery``, ``form``, ``chart``, ``map`` or
    ``dashboard``."""
    url: Present[str]
    filter: Present[dict[str, Any] | None]
    sorts: Present[list[dict[str, Any]] | None]
    quick_filters: Present[dict[str, Any] | None]
    configuration: Present[dict[str, Any] | None]
    created_time: Present[str]
    created_by: Present[PartialUser]
    last_edited_time: Present[str]
    last_edited_by: Present[PartialUser]
    dashboard_view_id: str
    """The dashboard that it is a widget of."""
    request_id: str


class ViewRow(TypedDict, total=False):
    """A row that a view shows: its id alone."""

    object: Required[Literal["page"]]
    id: Required[str]


class ViewQuery(TypedDict, total=False):
    """A view's rows at one moment, kept for about 15 minutes; with the first page of them."""

    object: Required[Literal["view_query"]]
    id: Required[str]
    view_id: Present[str]
    expires_at: Present[str]
    total_count: Present[int]
    results: Present[list[ViewRow]]
    next_cursor: Present[str | None]
    """``start_cursor`` for ``views.get_query_results``."""
    has_more: Present[bool]
    request_status: dict[str, Any]
    request_id: str


class ViewQueryDeleted(TypedDict, total=False):
    """A query that was freed."""

    object: Required[Literal["view_query"]]
    id: Required[str]
    deleted: Present[bool]
    request_id: str
