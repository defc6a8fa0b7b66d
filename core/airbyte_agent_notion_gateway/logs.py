"""Structured logs: one JSON object a line, one line a request; never a query string, body, header value or secret."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any

__all__ = ["Facts", "JsonFormatter", "configure", "current_facts", "say"]

_LOGGER = logging.getLogger("airbyte_agent_notion_gateway")


@dataclass(slots=True, kw_only=True)
class Facts:
    """What becomes known of a request on its way, for its line in the log."""

    request_id: str
    client_id: str | None = None
    organization_id: str | None = None
    connector_id: str | None = None
    operation: str | None = None
    """``entity.action``, where the server knows it: other text is the caller's and may be anything."""
    status: int | None = None


_facts: ContextVar[Facts | None] = ContextVar("facts", default=None)


def current_facts() -> ContextVar[Facts | None]:
    """The facts of the request that this task works for; tasks that it starts inherit them."""
    return _facts


def say(level: int, message: str, *, error: BaseException | None = None, **fields: Any) -> None:
    """Write a line. Of an error its type and place are told, not its text, which may hold anything."""
    # Not as exc_info: whoever embeds the application formats records as they like, texts of exceptions included.
    told = {} if error is None else _described(error)
    _LOGGER.log(level, message, extra={"fields": {**fields, **told}})


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger, message, request id, the record's fields, and of an error its type and trace."""
        facts = _facts.get()
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": None if facts is None else facts.request_id,
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line |= _described(record.exc_info[1])
        return json.dumps(line, default=str)


def configure(stream: IO[str] | None = None) -> None:
    """Send the gateway's and uvicorn's records to ``stream`` (by default the standard error) as JSON."""
    handler = logging.StreamHandler(sys.stderr if stream is None else stream)
    handler.setFormatter(JsonFormatter())
    for name in ("airbyte_agent_notion_gateway", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(logging.INFO)


def _described(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "error": type(error).__name__,
        "trace": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
