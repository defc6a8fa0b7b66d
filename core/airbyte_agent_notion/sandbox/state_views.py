"""Views, their cached queries, and custom emojis, as typed records."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

__all__ = ["CustomEmoji", "View", "ViewQuery", "Views"]


@dataclass(slots=True, kw_only=True)
class View:
    """A saved way to look at a data source. Filters, sorts and configuration are kept as the JSON that was checked."""

    id: str
    database_id: str
    """Whose tab it is: the database of its data source, or one that links to it."""
    source_id: str
    name: str
    type: str
    created: datetime
    edited: datetime
    created_by: str
    edited_by: str
    filter: dict[str, Any] | None = None
    sorts: list[Any] | None = None
    quick_filters: dict[str, Any] | None = None
    configuration: dict[str, Any] = field(default_factory=dict[str, Any])
    """Without its ``type``, which is the view's."""
    dashboard_id: str | None = None
    """The dashboard that it is a widget of."""
    rows: list[list[str]] = field(default_factory=list[list[str]])
    """Of a dashboard: ids of its widgets, row by row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewQuery:
    """The rows that a view showed at one moment; gone after a quarter of an hour."""

    id: str
    view_id: str
    page_ids: tuple[str, ...]
    expires: datetime


@dataclass(slots=True, kw_only=True)
class Views:
    """The views of a workspace."""

    by_id: dict[str, View] = field(default_factory=dict[str, View])
    order: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Ids of a database's views, in the order of its tabs."""
    queries: dict[str, ViewQuery] = field(default_factory=dict[str, ViewQuery])
    started: set[str] = field(default_factory=set[str])
    """Data sources that have got the table view that each one starts with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomEmoji:
    """An emoji that the workspace has added."""

    id: str
    name: str
    url: str
