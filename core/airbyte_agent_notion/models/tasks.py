"""Tasks: what Notion has accepted with 202 and works at."""

from typing import Any, Literal, Required

from typing_extensions import TypedDict

from .pieces import Present

__all__ = ["AsyncTask", "TaskError", "TaskOperation"]


class TaskOperation(TypedDict, total=False):
    """What was asked for."""

    surface: Present[str]
    """``rest`` or ``mcp``."""
    name: Present[str]


class TaskError(TypedDict, total=False):
    """Why a task failed: Notion's usual error."""

    object: Required[Literal["error"]]
    status: Present[int]
    code: Present[str]
    message: Present[str]
    additional_data: dict[str, Any]
    request_id: str


class AsyncTask(TypedDict, total=False):
    """A task; once it has ended it is kept for a while, then not found."""

    object: Required[Literal["async_task"]]
    id: Required[str]
    status: Present[str]
    """``queued``, ``running``, ``retrying``, ``succeeded`` or ``failed``."""
    status_url: Present[str]
    created_time: Present[str]
    operation: Present[TaskOperation]
    poll_after_seconds: float
    """While it runs: when to ask again."""
    result: dict[str, Any]
    """Once it has succeeded: what a direct answer would have been."""
    error: TaskError
    """Once it has failed."""
    request_id: str
