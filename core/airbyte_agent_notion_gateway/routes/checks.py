"""Whether credentials work."""

from __future__ import annotations

from typing import Any, Literal
from uuid import uuid4

from fastapi import APIRouter
from pydantic import BaseModel, Field

from airbyte_agent_notion import CheckResult

from ..access import Caller
from ..bodies import CheckBody
from ..secrets_in import parsed_credentials
from ..services import Hub
from .own import own_connector

__all__ = ["router"]

router = APIRouter(prefix="/integrations/connectors", tags=["Connectors"])


class CheckOut(BaseModel):
    """What a check came to."""

    id: str = Field(description="Of this check.")
    status: Literal["succeeded", "failed"]
    error_message: str | None = None
    failure_reason: str | None = None
    entity_check_results: list[dict[str, Any]] = Field(default=[], description="None are made.")

    @classmethod
    def of(cls, result: CheckResult) -> CheckOut:
        """From the core's result."""
        status: Literal["succeeded", "failed"] = "succeeded" if result.status == "healthy" else "failed"
        return cls(id=str(uuid4()), status=status, error_message=result.error, failure_reason=result.code)


@router.post("/check", name="check_credentials")
async def check_credentials(body: CheckBody, hub: Hub, principal: Caller) -> CheckOut:
    """Try credentials out without storing them. An expired OAuth grant is not renewed by this."""
    body.require_notion()
    credentials = parsed_credentials(body.credentials)
    with hub.gates.admitted(principal.organization_id):
        return CheckOut.of(await hub.executions.check_credentials(credentials))


@router.post("/{connector_id}/check", name="check_connector")
async def check_connector(connector_id: str, hub: Hub, principal: Caller) -> CheckOut:
    """Ask Notion whom a connector acts as."""
    connector = await own_connector(hub, principal, connector_id)
    with hub.gates.admitted(principal.organization_id):
        return CheckOut.of(await hub.executions.check(connector))
