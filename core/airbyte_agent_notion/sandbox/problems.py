"""Refusals: what Notion answers instead of a result. Wording follows the recorded meaning, not the letter."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

__all__ = ["UNDEFINED", "Problem", "invalid", "malformed", "not_found", "not_present", "shown"]


class Problem(Exception):
    """A refusal with its HTTP status, Notion's error code and message."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        additional_data: Mapping[str, str | list[str]] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.additional_data = dict(additional_data or {})
        self.retry_after = retry_after

    def body(self) -> dict[str, Any]:
        """The error object, without its request id."""
        body: dict[str, Any] = {"object": "error", "status": self.status, "code": self.code, "message": self.message}
        if self.additional_data:
            body["additional_data"] = self.additional_data
        return body


UNDEFINED: Any = object()
"""Stands for a missing value in messages."""


def shown(value: Any) -> str:
    """A value as Notion quotes it in messages."""
    return "`undefined`" if value is UNDEFINED else f"`{json.dumps(value, ensure_ascii=False)}`"


def invalid(message: str) -> Problem:
    """400 validation_error."""
    return Problem(400, "validation_error", message)


def malformed(where: str, expected: str, value: Any) -> Problem:
    """400 for one field, e.g. ``malformed("body.page_size", "a number", "x")``.

    ``where`` starts with path, query or body.
    """
    part = where.split(".", 1)[0]
    return invalid(f"{part} failed validation: {where} should be {expected}, instead was {shown(value)}.")


def not_present(where: str, value: Any) -> Problem:
    """400 for a key that the endpoint does not know."""
    return malformed(where, "not present", value)


def not_found(kind: str, identifier: str, *, connection: str, bot_id: str) -> Problem:
    """404: absent, or not shared with the connection; Notion does not tell which."""
    message = (
        f"Could not find {kind} with ID: {identifier}. Check that the relevant pages and databases "
        f'are shared with your integration "{connection}".'
    )
    return Problem(404, "object_not_found", message, additional_data={"integration_id": bot_id})
