"""From a response to Notion's decoded object, or to an error of our tree."""

from __future__ import annotations

import json
from typing import Any, cast

from ..errors import (
    ApiError,
    Conflict,
    Forbidden,
    InvalidRequest,
    InvalidResponse,
    NotFound,
    NotionAgentError,
    RateLimited,
    Recovery,
    ServerError,
    Unauthorized,
)
from ..flow import Response
from .retry import is_blocked, retry_after

__all__ = ["decode"]

_BY_STATUS: dict[int, type[ApiError]] = {
    400: InvalidRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
}
_MAX_MESSAGE = 1_000


def decode(response: Response, *, not_found: str | None = None) -> dict[str, Any]:
    """Return the JSON object of a 2xx answer.

    Args:
        response: the answer.
        not_found: hint for a 404 in place of the usual one.

    Raises:
        ApiError: Notion's own error, with its code, message and request_id.
        InvalidResponse: anything that is not Notion's JSON.
    """
    request_id = response.headers.get("x-notion-request-id")
    body = _json_object(response, request_id)
    if 200 <= response.status < 300:
        return body
    raise _error(response, body, request_id, not_found)


def _json_object(response: Response, request_id: str | None) -> dict[str, Any]:
    if 300 <= response.status < 400:
        raise _unusable(response, request_id, "a redirect, which is not followed with a secret")
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        kind = response.headers.get("content-type", "").partition(";")[0] or "no content type"
        what = f"{kind} that is not JSON" if response.content else "an empty body"
        raise _unusable(response, request_id, what) from None
    if not isinstance(body, dict):
        raise _unusable(response, request_id, f"JSON that is no object but {type(body).__name__}")
    return cast("dict[str, Any]", body)


def _unusable(response: Response, request_id: str | None, what: str) -> InvalidResponse:
    details: dict[str, Any] = {"status": response.status}
    if ray := response.headers.get("cf-ray"):
        details["cf_ray"] = ray
    named = f" (cf-ray {ray})" if ray and not request_id else ""
    return InvalidResponse(f"HTTP {response.status} with {what}{named}.", details=details, request_id=request_id)


def _error(response: Response, body: dict[str, Any], request_id: str | None, not_found: str | None) -> NotionAgentError:
    message = str(body.get("message") or f"HTTP {response.status} without a message.")[:_MAX_MESSAGE]
    additional = body.get("additional_data")
    facts: dict[str, Any] = {
        "code": body["code"] if isinstance(body.get("code"), str) else None,
        "details": cast("dict[str, Any]", additional) if isinstance(additional, dict) else None,
        "request_id": body.get("request_id") or request_id,
    }
    if response.status in {429, 529}:
        if is_blocked(facts["details"]):
            facts.update(recovery=Recovery.ASK_OPERATOR, hint="Do not retry: Notion has blocked these requests.")
        return RateLimited(message, status=response.status, retry_after=retry_after(response), **facts)
    if response.status >= 500:
        return ServerError(message, status=response.status, **facts)
    kind = _BY_STATUS.get(response.status, ApiError)
    return kind(message, status=response.status, hint=not_found if kind is NotFound else None, **facts)
