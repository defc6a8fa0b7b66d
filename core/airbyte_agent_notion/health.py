"""Whether a connector works: asked of Notion, in hosted mode of the server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .engine import Engine
from .errors import NotionAgentError
from .executors.hosted import HostedExecutor
from .flow import Flow
from .operation import JsonObject
from .operations.users import GetMe

__all__ = ["CheckResult", "checked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """Whether the connector works, and if not, why."""

    status: Literal["healthy", "unhealthy"]
    error: str | None = None
    """What is wrong and the next step; None when healthy."""
    code: str | None = None
    """The error's code; None when healthy."""
    checked_entity: str = GetMe.spec.entity
    checked_action: str = GetMe.spec.action


def checked(engine: Engine) -> Flow[CheckResult]:
    """Ask whom the token acts as, or let the server do so; never raises."""
    try:
        if isinstance(engine.executor, HostedExecutor):
            return _told((yield from engine.executor.check()))
        yield from engine.executor.call(engine.catalog.parse(GetMe, {}))
    except NotionAgentError as error:
        return CheckResult(status="unhealthy", error=str(error), code=error.code)
    except Exception as error:  # A health check reports; it never breaks its caller.
        return CheckResult(status="unhealthy", error=f"Unexpected {type(error).__name__}.", code="unexpected")
    return CheckResult(status="healthy")


def _told(result: JsonObject) -> CheckResult:
    """A server's report; what it leaves out is not taken for health."""
    where = {
        "checked_entity": str(result.get("checked_entity") or GetMe.spec.entity),
        "checked_action": str(result.get("checked_action") or GetMe.spec.action),
    }
    if result.get("status") == "healthy":
        return CheckResult(status="healthy", **where)
    error = str(result.get("error") or "The server says no more than that the connector does not work.")
    return CheckResult(status="unhealthy", error=error, code=str(result.get("code") or "unhealthy"), **where)
