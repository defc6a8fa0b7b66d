"""GET async_tasks/{task_id}."""

from __future__ import annotations

from typing import Any

from ..context import Context
from ..render.tasks import task_json
from ..routing import Route

__all__ = ["ROUTES"]


def get_task(context: Context) -> dict[str, Any]:
    """A task, from queued over running to its end; looking at it is what takes it there."""
    context.allow()
    identifier = context.path["task_id"]
    task = context.workspace.later.tasks.get(identifier)
    if task is None:
        raise context.missing("async_task", identifier)
    if task.status == "queued" and task.polls > 0:
        task.status = "running"
    task.polls += 1
    return task_json(context.workspace, task)


ROUTES = (Route(method="GET", path="/v1/async_tasks/{task_id}", handler=get_task),)
