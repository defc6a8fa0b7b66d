"""What the API says when it refuses: ``{message, errors: [{field, message, error_code, details}]}``, whatever happened.

Nothing that a caller sent is repeated but names of fields: values may be secrets.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

__all__ = [
    "REFUSALS",
    "ErrorBody",
    "FieldError",
    "JsonAnswer",
    "Problem",
    "not_found",
    "on_http_exception",
    "on_problem",
    "on_validation",
    "refused_fields",
    "unexpected",
]


class FieldError(BaseModel):
    """One thing that is wrong."""

    field: str | None = Field(default=None, description="The field that is meant, e.g. credentials.access_token.")
    message: str = Field(description="What is wrong, then the next step.")
    error_code: str = Field(description="Stable identifier.")
    details: dict[str, Any] | None = None


class ErrorBody(BaseModel):
    """Every answer that is no success."""

    message: str = Field(description="What is wrong, then the next step.")
    errors: list[FieldError]


class JsonAnswer(JSONResponse):
    """JSON that also carries text which cannot stand in UTF-8, such as half an emoji."""

    def render(self, content: Any) -> bytes:
        """The body."""
        try:
            return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        except UnicodeEncodeError:
            return json.dumps(content, separators=(",", ":")).encode()


class Problem(HTTPException):
    """A refusal, raised anywhere below a route.

    Args:
        status: HTTP status.
        message: what is wrong, then the next step; without a secret.
        code: stable identifier.
        field: the field that is meant.
        details: JSON data for programs.
        errors: several refusals at once, in place of ``field`` and ``details``.
        headers: of the answer.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str,
        field: str | None = None,
        details: dict[str, Any] | None = None,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, message, dict(headers or {}))
        self.code = code
        first = FieldError(field=field, message=message, error_code=code, details=details)
        self.body = ErrorBody(message=message, errors=list(errors) or [first])

    def response(self) -> Response:
        """The answer."""
        return JsonAnswer(self.body.model_dump(), status_code=self.status_code, headers=self.headers)


def not_found(what: str) -> Problem:
    """404, the same for what does not exist and for what belongs to another."""
    return Problem(404, f"There is no such {what} here. Check its id or name.", code="not_found")


def unexpected() -> Problem:
    """500."""
    return Problem(500, "The server failed. Call again later; its log has more.", code="internal_error")


def refused_fields(errors: Sequence[FieldError]) -> Problem:
    """422 with a message that counts them up."""
    told = "; ".join(f"{each.field}: {each.message}" if each.field else each.message for each in errors)
    return Problem(422, told, code="validation_error", errors=errors)


async def on_problem(_request: Request, error: Exception) -> Response:
    """Answer a Problem."""
    assert isinstance(error, Problem)
    return error.response()


_PLAIN = {
    400: ("bad_request", "The request cannot be read. Send JSON in UTF-8."),
    404: ("not_found", "There is no such address. /openapi.json lists those there are."),
    405: ("method_not_allowed", "This address does not take that method. /openapi.json lists those it takes."),
}


async def on_http_exception(_request: Request, error: Exception) -> Response:
    """Answer what the framework raises by itself."""
    assert isinstance(error, HTTPException)
    code, message = _PLAIN.get(error.status_code, ("http_error", "The request was refused."))
    return Problem(error.status_code, message, code=code, headers=error.headers).response()


async def on_validation(_request: Request, error: Exception) -> Response:
    """Answer a request that does not fit, without repeating its values."""
    assert isinstance(error, RequestValidationError)
    return refused_fields([_told(each) for each in error.errors()]).response()


def _told(problem: Mapping[str, Any]) -> FieldError:
    place, kind = tuple(problem["loc"]), str(problem["type"])
    if kind == "json_invalid":
        return FieldError(message="The body is not JSON.", error_code=kind)
    if place == ("body",) and kind in _NO_OBJECT:
        return FieldError(message="Send a JSON object, with Content-Type: application/json.", error_code=kind)
    return FieldError(field=_name(place), message=_words(problem, kind), error_code=kind)


_NO_OBJECT = {"missing", "model_attributes_type", "model_type", "dict_type"}


def _name(place: Sequence[Any]) -> str | None:
    parts = place[1:] if place and place[0] in {"body", "query", "path", "header", "cookie"} else place
    # A caller's own key: named, but not at any length.
    return ".".join(str(part) for part in parts)[:100] or None


def _words(problem: Mapping[str, Any], kind: str) -> str:
    if kind == "missing":
        return "is required."
    if kind == "extra_forbidden":
        return "is not a field here."
    said = str(problem["msg"]).removeprefix("Value error, ").rstrip(".")
    return f"{said[:1].lower()}{said[1:]}."


def _refusals() -> dict[int | str, dict[str, Any]]:
    said = {
        400: "The request lacks something, such as X-Organization-Id",
        401: "The bearer token is missing, wrong or expired",
        403: "Not allowed for this client, organisation or token",
        404: "Not here",
        405: "Another method is needed",
        413: "The body is too large",
        422: "A field is missing, unknown or wrong",
        429: "Too many at once, or Notion's limit; see Retry-After",
        500: "The server failed",
        503: "Overloaded, or the database does not answer; see Retry-After",
        504: "Out of time",
    }
    return {status: {"model": ErrorBody, "description": text} for status, text in said.items()}


REFUSALS = _refusals()
"""The documented refusals of every route."""
