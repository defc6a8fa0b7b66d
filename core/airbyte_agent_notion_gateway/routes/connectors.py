"""Connectors: create, list, get, change, delete."""

from __future__ import annotations

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Query
from pydantic import BaseModel

from ..access import Caller
from ..answers import ConnectorList, ConnectorOut, SummarizedConnector
from ..bodies import (
    DEFINITION_ID,
    ConnectorBody,
    ConnectorUpdate,
    Name,
    Tenant,
    refuse_unsupported,
)
from ..problems import Problem, not_found
from ..removal import remove_connector
from ..secrets_in import parsed_credentials
from ..services import Hub
from .own import own_connector, own_workspace_name

__all__ = ["router"]

router = APIRouter(prefix="/integrations/connectors", tags=["Connectors"])


class Job(BaseModel):
    """What was begun; it is done already."""

    job_id: str


@router.post("", name="create_connector")
async def create_connector(body: ConnectorBody, hub: Hub, principal: Caller) -> ConnectorOut:
    """Store credentials as a customer's connector. They are not tried out: see check."""
    refuse_unsupported(body)
    body.require_notion()
    if body.policy is not None:
        principal.require_application("policies")
    workspace = own_workspace_name(principal, body.named())
    if workspace is None:
        raise Problem(422, "workspace_name is required.", code="validation_error", field="workspace_name")
    made = await hub.threads.run(
        hub.store.connectors.create,
        principal.organization_id,
        workspace,
        name=body.name,
        credentials=parsed_credentials(body.credentials),
        policy=body.policy or "read_only",
    )
    return ConnectorOut.of(made)


@router.get("", name="list_connectors")
async def list_connectors(
    hub: Hub,
    principal: Caller,
    workspace_name: Annotated[Name | None, Query()] = None,
    customer_name: Annotated[Name | None, Query()] = None,
    external_user_id: Annotated[Name | None, Query()] = None,
    workspace_id: Annotated[Name | None, Query()] = None,
    definition_id: Annotated[str | None, Query()] = None,
) -> ConnectorList:
    """The connectors of a workspace; without a name all of the organisation, or of a scoped token's workspace."""
    tenant = Tenant(workspace_name=workspace_name, customer_name=customer_name, external_user_id=external_user_id)
    name = own_workspace_name(principal, tenant.named())
    if principal.workspace_id is not None and workspace_id not in {None, principal.workspace_id}:
        principal.require_application("another workspace")
    if definition_id is not None and definition_id.strip().lower() != DEFINITION_ID:
        return ConnectorList(data=[])
    rows = await hub.threads.run(
        hub.store.connectors.list,
        principal.organization_id,
        workspace_id=principal.workspace_id or workspace_id,
        workspace_name=name if principal.workspace_id is None else None,
    )
    return ConnectorList(data=[SummarizedConnector.of(row) for row in rows])


@router.get("/{connector_id}", name="get_connector")
async def get_connector(connector_id: str, hub: Hub, principal: Caller) -> ConnectorOut:
    """One connector."""
    return ConnectorOut.of(await own_connector(hub, principal, connector_id))


@router.put("/{connector_id}", name="update_connector")
async def update_connector(connector_id: str, body: ConnectorUpdate, hub: Hub, principal: Caller) -> ConnectorOut:
    """Change a connector's name, credentials or policy."""
    principal.require_application("changing a connector")
    refuse_unsupported(body)
    found = await own_connector(hub, principal, connector_id)
    changed = await hub.threads.run(
        hub.store.connectors.update,
        principal.organization_id,
        found.id,
        name=body.name,
        policy=body.policy,
        credentials=None if body.credentials is None else parsed_credentials(body.credentials),
    )
    if changed is None:
        raise not_found("connector")
    return ConnectorOut.of(changed)


@router.delete("/{connector_id}", status_code=202, name="delete_connector")
async def delete_connector(connector_id: str, hub: Hub, principal: Caller) -> Job:
    """Delete a connector. A grant that this server's consent flow made is revoked at Notion."""
    await remove_connector(hub, await own_connector(hub, principal, connector_id))
    return Job(job_id=str(uuid4()))
