"""What an execute answers: results and Notion's metadata, or an error of the core's tree with a fitting status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, cast

from airbyte_agent_notion import ListResult
from airbyte_agent_notion.errors import (
    ApiError,
    Conflict,
    DeadlineExceeded,
    Forbidden,
    IncompleteResult,
    InvalidCall,
    NotAvailable,
    NotFound,
    NotionAgentError,
    PolicyDenied,
    RateLimited,
    RequestTimedOut,
    ServerError,
    UnknownAction,
    UnknownEntity,
)

from .problems import FieldError

__all__ = ["Outcome", "failure", "success"]

JsonObject = dict[str, Any]

_STATUS: tuple[tuple[type[NotionAgentError], int], ...] = (
    (InvalidCall, 422),
    (IncompleteResult, 422),
    (PolicyDenied, 403),
    (NotAvailable, 400),
    (Forbidden, 403),
    (NotFound, 404),
    (Conflict, 409),
    (RateLimited, 429),
    (ServerError, 502),
    (ApiError, 400),  # the rest of Notion's refusals, those of the connector's credentials among them
    (RequestTimedOut, 504),
    (DeadlineExceeded, 504),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a call came to, before it is an HTTP answer."""

    status: int
    body: JsonObject
    """Without ``execution_metadata``."""
    operation: str | None
    """``entity.action``, for the log; None where the caller's words name no operation."""
    retry_after: int | None = None


def success(result: Any, *, operation: str) -> Outcome:
    """A result: of a list its items, with all else that Notion said of it as metadata."""
    body: JsonObject = {"status": "success", "result": result, "connector_metadata": None}
    if isinstance(result, ListResult):
        page = cast("ListResult[Any]", result)  # type: ignore[redundant-cast]
        body |= {"result": page.data, "connector_metadata": _metadata(page)}
    return Outcome(status=200, body=body, operation=operation)


def _metadata(result: ListResult[Any]) -> JsonObject:
    meta = result.meta
    told = {"next_cursor": meta.next_cursor, "has_more": meta.has_more, "request_id": meta.request_id}
    lacking = {} if meta.incomplete_reason is None else {"complete": False, "incomplete_reason": meta.incomplete_reason}
    return {**told, **meta.envelope, **lacking}


def failure(error: NotionAgentError, *, operation: str, offered: Sequence[str], policy: str) -> Outcome:
    """An error. ``status: failed`` tells a client that the call ran here and failed, not the way to it.

    Args:
        error: what went wrong.
        operation: ``entity.action`` as the caller named it.
        offered: the operations that there are, told where the entity or the action is unknown.
        policy: the connector's, told where it is in the way.
    """
    told = error.to_dict()
    unknown = isinstance(error, (UnknownEntity, UnknownAction))
    if unknown:
        told["details"] = {**error.details, "offered": list(offered)}
    text = str(error)
    if isinstance(error, PolicyDenied):
        told["hint"] = (
            f"Do not retry. The connector's policy is {policy!r}; whoever runs the application can change it with "
            'PUT /api/v1/integrations/connectors/{id} and {"policy": "write"} or "full".'
        )
        text = f"{error.message} {told['hint']}"
    body: JsonObject = {
        "status": "failed",
        "result": None,
        "connector_metadata": None,
        "message": text,
        "errors": [each.model_dump() for each in _errors(error, text, told.get("details"))],
        "error": told,
    }
    known = None if unknown else operation
    return Outcome(status=_status(error), body=body, operation=known, retry_after=_retry_after(error))


def _errors(error: NotionAgentError, text: str, details: JsonObject | None) -> list[FieldError]:
    by_name = error.details.get("parameters")
    if isinstance(error, InvalidCall) and isinstance(by_name, dict):
        named = cast("dict[str, str]", by_name)
        return [FieldError(field=name or None, message=said, error_code=error.code) for name, said in named.items()]
    field = "entity" if isinstance(error, UnknownEntity) else "action" if isinstance(error, UnknownAction) else None
    return [FieldError(field=field, message=text, error_code=error.code, details=details)]


def _status(error: NotionAgentError) -> int:
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 502)


def _retry_after(error: NotionAgentError) -> int | None:
    seconds = error.retry_after if isinstance(error, RateLimited) else None
    return None if seconds is None else max(1, ceil(seconds))
