"""What happens after the answer: requests that are accepted and carried out later, templates, meeting notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from .context import Committed, Context
from .meetings import take_notes
from .narrow import as_boolean
from .problems import Problem
from .render.tasks import task_json
from .routing import Route
from .state_tasks import AsyncTask
from .templates import apply_due_templates
from .uploads import keep_attached
from .workspace import Workspace

__all__ = ["Answer", "advance", "answer", "forget_tasks"]

Answer: TypeAlias = tuple[int, dict[str, Any]]
"""Status and body."""

ACCEPTED: Mapping[str, str] = {
    "POST /v1/pages": "create_page",
    "PATCH /v1/pages/{page_id}/markdown": "update_page_markdown",
}
"""The endpoints that take ``allow_async``, and the names of their tasks."""


def answer(context: Context, route: Route) -> Answer:
    """What the endpoint answers; or a task that it is done by (202), where the request allows that."""
    name = ACCEPTED.get(context.endpoint)
    if name is None:
        return 200, _handled(context, route)
    allowed = as_boolean(context.body.get("allow_async", False), "body.allow_async")
    accept = context.workspace.later.accept
    # It is for Markdown, whose conversion takes its time; without Markdown the endpoint refuses it.
    allowed = allowed and (name != "create_page" or "markdown" in context.body)
    if accept == "never" or not (allowed or accept == "always"):
        return 200, _handled(context, route)
    plain = {key: value for key, value in context.body.items() if key != "allow_async"}
    return 202, _accept(replace(context, body=plain), name)


def _handled(context: Context, route: Route) -> dict[str, Any]:
    body = route.handler(context)
    keep_attached(context)
    return body


def _accept(context: Context, name: str) -> dict[str, Any]:
    workspace = context.workspace
    task = AsyncTask(
        id=workspace.new_id(),
        name=name,
        version=context.version,
        endpoint=context.endpoint,
        path=context.path,
        query=tuple(context.query),
        body=context.body,
        public=context.public,
        created=workspace.now(),
    )
    workspace.later.tasks[task.id] = task
    return task_json(workspace, task)


def advance(context: Context, routes: Sequence[Route]) -> None:
    """Do what is due when a request comes in."""
    workspace = context.workspace
    apply_due_templates(workspace)
    take_notes(workspace)
    forget_tasks(workspace)
    later = workspace.later
    for task in list(later.tasks.values()):
        late = workspace.now() >= task.created + later.seconds
        if task.status in ("queued", "running") and (late or task.polls >= later.polls):
            _carry_out(context, task, routes)


def forget_tasks(workspace: Workspace) -> None:
    """Drop the tasks that are no longer known."""
    later = workspace.later
    now = workspace.now()
    later.tasks = {key: task for key, task in later.tasks.items() if now < task.created + later.retention}


def _carry_out(context: Context, task: AsyncTask, routes: Sequence[Route]) -> None:
    route = next(each for each in routes if f"{each.method} {each.path}" == task.endpoint)
    own = replace(
        context,
        version=task.version,
        endpoint=task.endpoint,
        path=task.path,
        query=task.query,
        body=task.body,
        parts=(),
        public=task.public,
        committed=Committed(),
    )
    try:
        task.result, task.status = _handled(own, route), "succeeded"
    except Problem as problem:
        task.error, task.status = problem.body(), "failed"
