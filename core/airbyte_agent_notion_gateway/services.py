"""What the routes work with, made once for an application."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, cast

from fastapi import Depends, Request

from airbyte_agent_notion.errors import InvalidCall, NotionAgentError

from .connections import Connections
from .consent import Consents
from .execution import Executions
from .gates import Gates
from .grants import Grants
from .problems import Problem
from .refresh import Renewals
from .settings import GatewaySettings
from .store import NameTaken, OrganizationGone, Store, StoreUnavailable
from .threads import Threads
from .tokens import Tokens

__all__ = ["Hub", "Services", "services_of", "store_problem"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything that outlives a request."""

    settings: GatewaySettings
    store: Store
    threads: Threads
    tokens: Tokens
    clock: Callable[[], datetime]
    gates: Gates
    grants: Grants
    connections: Connections
    renewals: Renewals
    executions: Executions
    consents: Consents


def services_of(request: Request) -> Services:
    """The application's services."""
    return cast("Services", request.app.state.services)


async def _services(request: Request) -> Services:
    # Async, or FastAPI would ask for them in a thread.
    return services_of(request)


Hub = Annotated[Services, Depends(_services)]


def store_problem(error: NotionAgentError) -> Problem:
    """An error of the store, or of the vault, as an answer."""
    if isinstance(error, InvalidCall):
        return Problem(422, str(error), code=error.code, field=_field(error))
    if isinstance(error, NameTaken):
        return Problem(409, str(error), code=error.code, field=_field(error))
    if isinstance(error, OrganizationGone):
        return Problem(403, str(error), code=error.code)
    if isinstance(error, StoreUnavailable):
        return Problem(503, str(error), code=error.code, headers={"Retry-After": "1"})
    # Only the operator can mend it, for instance a key that is missing.
    return Problem(503, "The server cannot read what it keeps: its operator must look in its log.", code="not_ready")


def _field(error: NotionAgentError) -> str | None:
    field = error.details.get("field")
    return field if isinstance(field, str) else None
