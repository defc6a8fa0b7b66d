"""A record of each executed operation: what ran, on what, how it ended. Never any content, never a secret."""

from __future__ import annotations

import inspect
import json
import logging
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from .errors import ConfigurationError, NotionAgentError, PolicyDenied, Recovery
from .flow import Flow, call, now
from .operation import Effect, JsonObject

__all__ = ["AuditRecord", "AuditSink", "Ended", "JsonLines", "Logging", "Subject", "Trail", "check_sink"]

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Ended(StrEnum):
    """How an operation ended."""

    OK = "ok"
    DENIED = "denied"
    """The policy, the roots, or a person refused it; nothing was sent, or no more than reads."""
    FAILED = "failed"
    UNKNOWN = "unknown"
    """A write that may have taken effect."""
    PLANNED = "planned"
    """A dry run: nothing that writes was sent."""
    CANCELLED = "cancelled"
    """The caller gave up; a write may have taken effect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """One executed operation."""

    time: datetime
    """When it began, in UTC."""
    operation: str
    """``entity.action``."""
    targets: tuple[str, ...]
    """Ids that the call named, then ids of what it has made; 100 at most."""
    effect: Effect
    outcome: Ended
    error: str | None = None
    """The error's code."""
    request_id: str | None = None
    """Notion's, of the last request."""
    tag: str | None = None
    """The caller's own, e.g. whose conversation it is."""
    duration: float = 0.0
    """Seconds."""
    within: str | None = None
    """For a write that is a step of a longer operation: that operation."""

    def to_dict(self) -> JsonObject:
        """As JSON data; nothing is left out."""
        return {
            "time": self.time.isoformat(timespec="milliseconds"),
            "operation": self.operation,
            "targets": list(self.targets),
            "effect": self.effect.value,
            "outcome": self.outcome.value,
            "error": self.error,
            "request_id": self.request_id,
            "tag": self.tag,
            "duration": round(self.duration, 3),
            "within": self.within,
        }


AuditSink: TypeAlias = Callable[[AuditRecord], Awaitable[None] | None]
"""Takes each record; async functions with NotionConnector only."""


class JsonLines:
    """A sink that appends one JSON object a line to a file, each by one write, so that processes may share it.

    Args:
        path: the file; made, readable by its owner only, if it is not there. It may be moved away at any time.
        fsync: wait until each line is on the disk.
    """

    def __init__(self, path: str | os.PathLike[str], *, fsync: bool = False) -> None:
        self._path = Path(path)
        self._fsync = fsync

    def __call__(self, record: AuditRecord) -> None:
        """Append the record; raises OSError."""
        line = json.dumps(record.to_dict(), ensure_ascii=False).encode(errors="replace") + b"\n"
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            if os.write(file, line) != len(line):
                raise OSError("the disk took a part of the line only")
            if self._fsync:
                os.fsync(file)
        finally:
            os.close(file)


class Logging:
    """A sink that logs each record as JSON; the record itself is the log record's attribute ``audit``.

    Args:
        logger: by default ``airbyte_agent_notion.audit``.
        level: by default INFO.
    """

    def __init__(self, logger: logging.Logger | None = None, *, level: int = logging.INFO) -> None:
        self._logger = logger or _log
        self._level = level

    def __call__(self, record: AuditRecord) -> None:
        """Log the record."""
        text = json.dumps(record.to_dict(), ensure_ascii=False)
        self._logger.log(self._level, "%s", text, extra={"audit": record})


@dataclass(slots=True, kw_only=True)
class Subject:
    """An operation under way, as far as the audit cares; filled in while it runs."""

    operation: str
    effect: Effect
    targets: list[str]
    made: list[str]
    request_id: str | None = None
    planned: bool = False
    within: str | None = None


def _utc() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """Writes records to a sink. One that fails costs no call its result; the log says so."""

    sink: AuditSink | None = None
    tag: str | None = None
    time: Callable[[], datetime] = _utc

    def recorded(self, subject: Subject, work: Flow[T]) -> Flow[T]:
        """Run the work and record how it ended."""
        if self.sink is None:
            return (yield from work)
        time, began = self.time(), (yield from now())
        try:
            result = yield from work
        except GeneratorExit:
            self._write_at_once(self._record(subject, time, Ended.CANCELLED))
            raise
        except Exception as error:
            yield from self._write(self._record(subject, time, _how(error), error, (yield from now()) - began))
            raise
        outcome = Ended.PLANNED if subject.planned else Ended.OK
        yield from self._write(self._record(subject, time, outcome, duration=(yield from now()) - began))
        return result

    def _record(
        self, subject: Subject, time: datetime, outcome: Ended, error: Exception | None = None, duration: float = 0.0
    ) -> AuditRecord:
        told = error if isinstance(error, NotionAgentError) else None
        return AuditRecord(
            time=time,
            operation=subject.operation,
            targets=tuple(dict.fromkeys((*subject.targets, *subject.made)))[:MAX_TARGETS],
            effect=subject.effect,
            outcome=outcome,
            error=told.code if told else type(error).__name__ if error else None,
            request_id=(told.request_id if told else None) or subject.request_id,
            tag=self.tag,
            duration=duration,
            within=subject.within,
        )

    def _write(self, record: AuditRecord) -> Flow[None]:
        sink = self.sink
        assert sink is not None
        try:
            yield from call(lambda: sink(record))
        except Exception as error:
            _lost(record, error)

    def _write_at_once(self, record: AuditRecord) -> None:
        """Where the flow is being closed and can wait for nothing."""
        try:
            assert self.sink is not None
            pending: Any = self.sink(record)
            if inspect.isawaitable(pending):
                close = getattr(pending, "close", lambda: None)
                close()
                raise ConfigurationError("an async sink cannot be awaited for a cancelled call")
        except Exception as error:
            _lost(record, error)


MAX_TARGETS = 100


def check_sink(sink: object, *, blocking: bool) -> None:
    """Raise ConfigurationError unless this is a sink that such a connector can call."""
    if sink is not None and not callable(sink):
        raise ConfigurationError(
            "audit must be a function of an AuditRecord.", hint='For instance audit.JsonLines("audit.jsonl").'
        )
    if blocking and (inspect.iscoroutinefunction(sink) or inspect.iscoroutinefunction(getattr(sink, "__call__", None))):  # noqa: B004
        raise ConfigurationError("A blocking connector cannot call an async audit sink.", hint="Pass a plain function.")


def _how(error: Exception) -> Ended:
    if isinstance(error, PolicyDenied):
        return Ended.DENIED
    unknown = isinstance(error, NotionAgentError) and error.recovery is Recovery.VERIFY_FIRST
    return Ended.UNKNOWN if unknown else Ended.FAILED


def _lost(record: AuditRecord, error: Exception) -> None:
    _log.error(
        "The audit sink failed with %s; this record is lost to it: %s",
        type(error).__name__,
        json.dumps(record.to_dict(), ensure_ascii=False),
    )
