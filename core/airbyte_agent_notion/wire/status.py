"""From a response to Notion's decoded object, or to an error of our tree."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from math import isfinite
from time import time
from typing import Any, cast

from pydantic_core import from_json

from ..brevity import brief, fitting
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
from .retry import BLOCKED

__all__ = ["BY_STATUS", "MAX_MESSAGE", "ROOM", "decode", "json_object", "retry_after"]

BY_STATUS: dict[int, type[ApiError]] = {
    400: InvalidRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
}
MAX_MESSAGE = 1_000
"""Characters of Notion's message that an error keeps in ``details``."""
ROOM = 72
"""Tokens of it that stand in the error's text."""
_TOO_LARGE: dict[str, Any] = {
    "recovery": Recovery.FIX_ARGUMENTS,
    "hint": "The request is too large: split it into several smaller ones.",
}


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
    body = json_object(response, request_id)
    if 200 <= response.status < 300:
        return body
    raise _error(response, body, request_id, not_found)


def retry_after(
    response: Response, additional: Mapping[str, Any] | None = None, *, wall_clock: float | None = None
) -> float | None:
    """Seconds that the answer asks to wait: the Retry-After header, as seconds or as an HTTP date, else the same in
    ``additional_data``; None where it asks for nothing that can be understood.
    """
    for value in (response.headers.get("retry-after", ""), (additional or {}).get("retry_after", "")):
        seconds = _seconds(str(value).strip(), time() if wall_clock is None else wall_clock)
        if seconds is not None:
            return max(0.0, seconds)
    return None


def _seconds(text: str, wall_clock: float) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        try:
            return parsedate_to_datetime(text).timestamp() - wall_clock
        except (ValueError, OverflowError):
            return None
    return seconds if isfinite(seconds) else None


def json_object(response: Response, request_id: str | None) -> dict[str, Any]:
    """The JSON object that an answer of any status holds; raises InvalidResponse."""
    if 300 <= response.status < 400:
        raise _unusable(response, request_id, "a redirect, which is not followed with a secret")
    try:
        body = _parsed(response.content)
    except (ValueError, RecursionError):
        kind = response.headers.get("content-type", "").partition(";")[0] or "no content type"
        what = f"{kind} that is not JSON" if response.content else "an empty body"
        raise _unusable(response, request_id, what) from None
    if not isinstance(body, dict):
        raise _unusable(response, request_id, f"JSON that is no object but {type(body).__name__}")
    return cast("dict[str, Any]", body)


def _parsed(content: bytes) -> Any:
    try:
        return from_json(content, cache_strings="keys")
    except ValueError:
        # The quick parser refuses what Notion may send: half an emoji, deep nesting.
        return json.loads(content)


def _unusable(response: Response, request_id: str | None, what: str) -> InvalidResponse:
    details: dict[str, Any] = {"status": response.status}
    if (wait := retry_after(response)) is not None:
        details["retry_after"] = wait
    if ray := response.headers.get("cf-ray"):
        details["cf_ray"] = ray
    named = f" (cf-ray {ray})" if ray and not request_id else ""
    too_large = _TOO_LARGE if response.status == 413 else {}
    return InvalidResponse(
        f"HTTP {response.status} with {what}{named}.", details=details, request_id=request_id, **too_large
    )


def _error(response: Response, body: dict[str, Any], request_id: str | None, not_found: str | None) -> NotionAgentError:
    # The OAuth endpoints may answer with RFC 6749's error and error_description.
    message = body.get("message") or body.get("error_description") or f"HTTP {response.status} without a message."
    code = body.get("code") or body.get("error")
    additional = body.get("additional_data")
    details = cast("dict[str, Any]", additional) if isinstance(additional, dict) else {}
    facts: dict[str, Any] = {
        "code": code if isinstance(code, str) else None,
        "details": details,
        "request_id": body.get("request_id") or request_id,
    }
    whole = str(message)[:MAX_MESSAGE]
    text = brief(whole, ROOM)
    if text != whole:
        facts["details"] = {**details, "notion_message": whole}
    if response.status in {429, 529}:
        if details.get("rate_limit_reason") == BLOCKED:
            facts.update(recovery=Recovery.ASK_OPERATOR, hint="Do not retry: Notion has blocked these requests.")
        return RateLimited(text, status=response.status, retry_after=retry_after(response, details), **facts)
    if response.status >= 500:
        return ServerError(text, status=response.status, **facts)
    if facts["code"] == "row_limit_exceeded":
        facts.update(recovery=Recovery.ASK_OPERATOR, hint="The data source is full: no row can be added to it.")
        return Conflict(text, status=response.status, **facts)
    if response.status == 413:
        facts.update(_TOO_LARGE)
        return ApiError(text, status=response.status, **facts)
    kind = BY_STATUS.get(response.status, ApiError)
    hint = _sources(whole, details) if kind is InvalidRequest else None
    return kind(text, status=response.status, hint=hint or _hint(kind, whole, not_found), **facts)


def _hint(kind: type[ApiError], message: str, not_found: str | None) -> str | None:
    """The next step, by the kind of object that Notion's message names."""
    if kind is NotFound:
        found = _NAMED.search(message)
        what = found[1].replace(" ", "_").lower() if found else ""
        return f"{_FIND.get(what, '')}{not_found}" if not_found else _NOT_FOUND.get(what)
    if kind is InvalidRequest:
        return _mended(message)
    return _OTHERS_COMMENT if kind is Forbidden and "comment" in message.lower() else None


def _sources(message: str, details: Mapping[str, Any]) -> str | None:
    """What to name in place of a database that has several data sources."""
    if not _SEVERAL.search(message):
        return None
    known: object = details.get("child_data_source_ids")
    ids = [str(each) for each in cast("list[object]", known)] if isinstance(known, list) else []
    if ids:
        return f'As {{"data_source_id": "..."}} give {fitting(ids, ROOM, most=2, separator=" or ")}.'
    return 'databases.get lists its data_sources: give the id of one, {"data_source_id": "..."}.'


_SEVERAL = re.compile(r"\b(?:several|multiple|\d+) data[ _]sources\b", re.IGNORECASE)


def _mended(message: str) -> str | None:
    """How a request is mended that Notion refused, where its message alone does not say it in our names."""
    if "cursor" in message:
        return "Leave start_cursor out to begin anew, or give next_cursor of the previous answer to the same call."
    if found := _PROPERTY.search(message):
        return f"data_sources.get lists the names and ids of properties; there is none {brief(repr(found[1]), 12)}."
    if not (found := _OTHER_KIND.search(message)):
        return None
    identifier, kind = found.groups()
    given = f'{{"{kind.replace(" ", "_").lower()}_id": "{identifier}"}}'
    return f"It is a {kind}: use {kind.replace(' ', '_').lower()}s.get, and {given} wherever it is named."


_OTHER_KIND = re.compile(r"\bID (\S+) is an? (page|database|data[ _]source|block), not an? ", re.IGNORECASE)
_PROPERTY = re.compile(r"could not find property with name or id: (.{1,200})", re.IGNORECASE)
_NAMED = re.compile(r"could not find (?:a )?([a-z]+(?:[_ ](?:source|upload))?)", re.IGNORECASE)
_SHARE = "If it is right, a person must add this connection to {} in Notion."
_NOT_FOUND: Mapping[str, str] = {
    "page": f"Check the id with search.search. {_SHARE.format('the page')}",
    "block": f"Check the id: pages.list has pages, blocks.list a page's blocks; it may be deleted. "
    f"{_SHARE.format('the page')}",
    "database": f"Check the id with search.resolve: it may be a data source's or a page's. {_SHARE.format('it')}",
    "data_source": f"Check the id with data_sources.list; databases.get lists a database's. {_SHARE.format('it')}",
    "user": "Check the id: users.list shows all but guests, users.get_me this connection.",
    "comment": "Check the id: comments.list shows a page's or block's; it may be resolved or deleted.",
    "view": f"Check the id: views.list shows a database's. {_SHARE.format('the database')}",
    "file_upload": "Check the id: file_uploads.list shows them; one that is attached to nothing expires.",
}
_FIND: Mapping[str, str] = {
    "page": 'search.search finds ids; those of a data source are given as {"data_source_id": "..."}. ',
    "database": "data_sources.list finds ids, search.resolve says what one is. ",
    "data_source": "data_sources.list finds ids, search.resolve says what one is. ",
}
"""What goes before an operation's own next step."""
_OTHERS_COMMENT = (
    "A connection changes only its own comments, and needs the comment capability, which a person grants in Notion."
)
