"""Asynchronous tasks as JSON."""

from __future__ import annotations

from typing import Any

from ..moments import to_millisecond
from ..state_tasks import AsyncTask
from ..workspace import Workspace

__all__ = ["task_json"]

API_URL = "https://api.notion.com/v1/async_tasks/"


def task_json(workspace: Workspace, task: AsyncTask) -> dict[str, Any]:
    """A task: when to ask again, or what it came to."""
    body: dict[str, Any] = {
        "object": "async_task",
        "id": task.id,
        "status": task.status,
        "status_url": API_URL + task.id,
        "created_time": to_millisecond(task.created),
        "operation": {"surface": "rest", "name": task.name},
    }
    if task.status == "succeeded":
        body["result"] = task.result
    elif task.status == "failed":
        body["error"] = task.error
    else:
        body["poll_after_seconds"] = workspace.later.poll_after_seconds
    return body
