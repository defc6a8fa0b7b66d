"""What Notion answers with 202: a task, which is followed to its end."""

from typing import Any, cast

from ..errors import (
    ApiError,
    Conflict,
    Forbidden,
    InvalidRequest,
    NotFound,
    NotionAgentError,
    OutcomeUnknown,
)
from ..flow import Flow
from ..operation import Api, JsonObject, Operation
from .async_tasks import GetAsyncTask

__all__ = ["followed"]

RUNNING = frozenset({"queued", "running", "retrying"})
USUAL_WAIT = 1.0
LEAST_WAIT = 0.5
"""Seconds between two looks at a task: where Notion does not say, and at the least."""

_REFUSALS: dict[object, type[ApiError]] = {400: InvalidRequest, 403: Forbidden, 404: NotFound, 409: Conflict}


def followed(operation: Operation[Any], api: Api) -> Flow[JsonObject]:
    """Run a write that may be answered with a task, and return what a direct answer would have been.

    Raises:
        OutcomeUnknown: the task runs on, or it cannot be seen how it ended; ``details["task_id"]`` names it.
        ApiError: the task failed, and nothing was changed.
    """
    answer = yield from api.perform(operation)
    if answer.get("object") != "async_task":
        return answer
    task_id = str(answer.get("id"))
    while answer.get("status") in RUNNING:
        try:
            yield from api.wait(_wait(answer))
            answer = yield from api.perform(GetAsyncTask(task_id=task_id))
        except (NotionAgentError, ValueError) as error:  # ValueError: an id that cannot be asked for.
            raise _unknown(operation, task_id, "still runs", getattr(error, "message", "its id is none.")) from error
    return _ended(operation, task_id, answer)


def _wait(task: JsonObject) -> float:
    seconds = task.get("poll_after_seconds")
    return max(LEAST_WAIT, float(seconds)) if isinstance(seconds, (int, float)) else USUAL_WAIT


def _ended(operation: Operation[Any], task_id: str, task: JsonObject) -> JsonObject:
    status, result = task.get("status"), task.get("result")
    if status == "succeeded" and isinstance(result, dict):
        return cast("JsonObject", result)
    given = task.get("error")
    error = cast("JsonObject", given) if isinstance(given, dict) else {}
    refused = error.get("status")
    if status == "failed" and isinstance(refused, int) and 400 <= refused < 500:
        raise _refusal(task_id, refused, error)
    raise _unknown(operation, task_id, f"ended as {status!r}", str(error.get("message") or "without a result."))


def _refusal(task_id: str, status: int, error: JsonObject) -> ApiError:
    code, additional = error.get("code"), error.get("additional_data")
    told = cast("JsonObject", additional) if isinstance(additional, dict) else {}
    return _REFUSALS.get(status, ApiError)(
        str(error.get("message") or f"The task {task_id} failed."),
        status=status,
        code=code if isinstance(code, str) else None,
        details={**told, "task_id": task_id},
        request_id=error.get("request_id"),
    )


def _unknown(operation: Operation[Any], task_id: str, how: str, why: str) -> OutcomeUnknown:
    return OutcomeUnknown(
        f"{operation.spec.name} was accepted as task {task_id}, which {how}: {why}",
        hint=f"Do not repeat it. Ask async_tasks.get for this task later, or look: {operation.spec.verify}",
        details={"operation": operation.spec.name, "params": operation.params(), "task_id": task_id},
    )
