"""What happens after the answer, as typed records: accepted tasks, templates being applied, notes being taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

__all__ = ["AsyncTask", "Later", "MeetingJob", "TemplateJob"]

TaskStatus: TypeAlias = Literal["queued", "running", "succeeded", "failed"]


@dataclass(slots=True, kw_only=True)
class AsyncTask:
    """A request that was accepted and is carried out later; ``result`` or ``error`` is what it would have answered."""

    id: str
    name: str
    """Of the operation, e.g. ``create_page``."""
    version: str
    endpoint: str
    path: Mapping[str, str]
    query: tuple[tuple[str, str], ...]
    body: Mapping[str, Any]
    public: bool
    created: datetime
    status: TaskStatus = "queued"
    polls: int = 0
    result: dict[str, Any] | None = None
    error: dict[str, Any] | None = None


@dataclass(slots=True, kw_only=True)
class TemplateJob:
    """A template that is about to be applied to a page."""

    page_id: str
    template_id: str
    due: datetime
    requests: int
    """Requests that still find the page without it."""
    timezone: str = "UTC"


@dataclass(slots=True, kw_only=True)
class MeetingJob:
    """A meeting whose notes are being taken: each look at them finds them one step further."""

    block_id: str
    step: int = 0


@dataclass(slots=True, kw_only=True)
class Later:
    """Everything that is under way, and how soon it comes about."""

    tasks: dict[str, AsyncTask] = field(default_factory=dict[str, AsyncTask])
    templates: list[TemplateJob] = field(default_factory=list[TemplateJob])
    meetings: dict[str, MeetingJob] = field(default_factory=dict[str, MeetingJob])
    accept: Literal["when_allowed", "always", "never"] = "when_allowed"
    """When a page is created, or its Markdown changed, by a task (202): if ``allow_async`` is set, always, or never."""
    polls: int = 2
    """How often a task is read before it is over."""
    poll_after_seconds: int = 1
    seconds: timedelta = timedelta(seconds=30)
    """After this long in the workspace's own time, tasks and templates are done though nobody has asked."""
    template_requests: int = 0
    """How many requests still find a new page without its template's content."""
    retention: timedelta = timedelta(hours=1)
    """How long a task is known."""
