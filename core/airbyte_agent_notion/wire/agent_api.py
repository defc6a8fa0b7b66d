"""The Agent API's answers: an object, a failed execution, or a refusal by the server itself.

Its shapes are in Airbyte's public OpenAPI document: a refusal is ``{message, errors: [{field, message, error_code,
details}]}``, an execution ``{status, result, connector_metadata, execution_metadata}``. An execution that failed has
``status: "failed"``; where ``error`` holds one of our errors as ``to_dict`` gives it, that error comes back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from pydantic import SecretStr

from ..brevity import MAX_TOKENS, brief, fitting, tokens
from ..errors import (
    ApiError,
    Forbidden,
    InvalidRequest,
    InvalidResponse,
    NotAvailable,
    NotFound,
    NotionAgentError,
    RateLimited,
    Recovery,
    ServerError,
    Unauthorized,
    UnknownAction,
    UnknownEntity,
)
from ..flow import Response
from ..operation import JsonObject, Spec
from .auth import without_token
from .status import BY_STATUS, MAX_MESSAGE, ROOM, json_object, retry_after

__all__ = ["UNSUPPORTED", "connector_path", "decode_agent", "execution_error", "has_failed"]

CONNECTORS = "/api/v1/integrations/connectors"
UNSUPPORTED = "unsupported_by_server"
"""Code of the NotAvailable that stands for an operation which the server does not offer."""

_HINTS: Mapping[type[ApiError], str] = {
    Unauthorized: "Calling again will not help: a person must check airbyte_client_id and airbyte_client_secret.",
    Forbidden: "Calling again will not help: a person must check organization_id and the client's organisations.",
    NotFound: "Calling again will not help: a person must check connector_id or customer_name, and base_url.",
    InvalidRequest: "A person must check the connector's configuration.",
}
_UNKNOWN_NAME = frozenset({UnknownEntity.code, UnknownAction.code})


def connector_path(connector_id: str = "", *rest: str) -> str:
    """Path of the connectors, of one, or of something below it; ``connector_id`` is percent-encoded by the caller."""
    return "/".join([CONNECTORS, *([connector_id] if connector_id else []), *rest])


def has_failed(body: Mapping[str, Any]) -> bool:
    """Whether a body is that of an execution which failed."""
    return body.get("status") == "failed" and ("result" in body or "execution_metadata" in body)


def decode_agent(response: Response, *secrets: SecretStr) -> JsonObject:
    """The body of a 2xx answer, or of a failed execution whatever its HTTP status; ``{}`` where a 2xx has none.

    Raises:
        ApiError: the server refused; ``details["errors"]`` lists what it said of each field.
        InvalidResponse: anything that is not the Agent API's JSON.
    """
    if 200 <= response.status < 300 and not response.content:
        return {}
    body = _parsed(response)
    if response.status < 300 and not has_failed(body):
        return body
    # What becomes the text of an error must not repeat a secret, whoever answered.
    safe = without_token(response, *secrets)
    body = _parsed(safe)
    if has_failed(body):
        return body
    raise _refusal(safe, body)


def _parsed(response: Response) -> JsonObject:
    try:
        return json_object(response, response.headers.get("x-request-id"))
    except InvalidResponse as error:
        error.hint = "Something other than the Agent API answered: check base_url and proxies."
        raise


def execution_error(body: Mapping[str, Any], spec: Spec, *, status: int = 200) -> NotionAgentError:
    """The error of a failed execution: ours again where the server runs this package, else what it says."""
    told = body.get("error")
    error = cast("JsonObject", told) if isinstance(told, dict) else {}
    code = _text(error.get("error")) or _text(error.get("code")) or _first(body, "error_code") or ""
    if code in _UNKNOWN_NAME:
        return unsupported(spec, offered(error, body))
    message = _text(error.get("message")) or _message(body) or "The server says that it failed, and not why."
    message = _cut(message, _text(error.get("hint")) or "")
    facts: dict[str, Any] = {
        "hint": _text(error.get("hint")),
        "code": code or None,
        "recovery": _recovery(error.get("recovery")),
        "details": error.get("details") if isinstance(error.get("details"), dict) else {},
        "request_id": _text(error.get("request_id")),
    }
    if isinstance(error.get("status"), int):
        return _api_error(error["status"], message, facts, error.get("retry_after"))
    if kind := _by_code().get(code):
        return kind(message, **facts)
    facts["code"] = code or "execution_failed"
    return ApiError(message, status=status, **facts)


def unsupported(spec: Spec, names: list[str]) -> NotAvailable:
    """The error for an operation that the server does not offer."""
    return NotAvailable(
        f"This server does not offer {spec.name}.",
        code=UNSUPPORTED,
        hint=f"It offers {fitting(names, ROOM, most=20, separator=', ')}."
        if names
        else "It does not say what it offers.",
        details={"operation": spec.name, "offered": names},
    )


def offered(*places: Mapping[str, Any]) -> list[str]:
    """The operations that a refusal of an unknown one lists."""
    for place in places:
        for details in (place.get("details"), _first(place, "details")):
            names = cast("JsonObject", details).get("offered") if isinstance(details, dict) else None
            if isinstance(names, list):
                return [str(name) for name in cast("list[object]", names)]
    return []


def _refusal(response: Response, body: JsonObject) -> NotionAgentError:
    entries = list(_entries(body))
    facts: dict[str, Any] = {
        "code": _first(body, "error_code"),
        "details": {"errors": entries} if entries else {},
        "request_id": response.headers.get("x-request-id") or _text(body.get("request_id")),
    }
    message = f"The Agent API answered {response.status}: {_message(body) or 'without a message'}"
    return _api_error(response.status, message, facts, retry_after(response), _HINTS)


def _api_error(
    status: int, message: str, facts: dict[str, Any], wait: object, hints: Mapping[type[ApiError], str] | None = None
) -> ApiError:
    text = _cut(message[:MAX_MESSAGE], (hints or {}).get(BY_STATUS.get(status, ApiError), ""))
    if text != message:
        facts = {**facts, "details": {**facts["details"], "message": message[:MAX_MESSAGE]}}
    if status in {429, 529}:
        seconds = float(wait) if isinstance(wait, (int, float)) else None
        return RateLimited(text, status=status, retry_after=seconds, **facts)
    kind = ServerError if status >= 500 else InvalidRequest if status == 422 else BY_STATUS.get(status, ApiError)
    if hints and kind in hints:
        facts = {**facts, "hint": hints[kind], "recovery": Recovery.ASK_OPERATOR}
    return kind(text, status=status, **facts)


def _cut(message: str, hint: str) -> str:
    """As much of a message as the whole text of an error has room for."""
    room = max(MAX_TOKENS - tokens(hint), MIN_ROOM)
    return message if tokens(message) <= room else brief(message, room)


MIN_ROOM = 24


def _entries(body: Mapping[str, Any]) -> Iterator[JsonObject]:
    errors = body.get("errors")
    for entry in cast("list[object]", errors) if isinstance(errors, list) else []:
        if isinstance(entry, dict):
            yield cast("JsonObject", entry)


def _first(body: Mapping[str, Any], key: str) -> Any:
    value = next((entry[key] for entry in _entries(body) if entry.get(key)), None)
    return value if key == "details" or isinstance(value, str) else None


def _message(body: Mapping[str, Any]) -> str:
    told = next((body[key] for key in ("message", "error_message", "detail", "error") if _text(body.get(key))), None)
    fields = [
        f"{entry['field']}: {entry['message']}"
        for entry in _entries(body)
        if _text(entry.get("field")) and _text(entry.get("message"))
    ]
    if not told and not fields:
        return str(_first(body, "message") or "")
    return " ".join([str(told or ""), *(field for field in fields if field not in str(told))]).strip()


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _recovery(value: object) -> Recovery | None:
    return Recovery(value) if isinstance(value, str) and value in set(Recovery) else None


def _by_code() -> dict[str, type[NotionAgentError]]:
    """Our errors by their code, but for those that stand for an HTTP status."""
    found: dict[str, type[NotionAgentError]] = {}
    waiting: list[type[NotionAgentError]] = [NotionAgentError]
    while waiting:
        kind = waiting.pop()
        if not issubclass(kind, ApiError):
            found.setdefault(kind.code, kind)
            waiting += kind.__subclasses__()
    return found
