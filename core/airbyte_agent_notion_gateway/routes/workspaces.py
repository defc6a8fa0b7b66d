"""Workspaces: an organisation's customers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from ..access import Application
from ..answers import WorkspaceOut
from ..bodies import WorkspaceUpdate
from ..problems import not_found
from ..removal import remove_workspace
from ..services import Hub, Services
from ..store import Workspace, WorkspaceStatus

__all__ = ["router"]

router = APIRouter(prefix="/workspaces", tags=["Workspaces"])


class WorkspaceList(BaseModel):
    """One page."""

    data: list[WorkspaceOut]
    next: str | None = Field(description="Pass it as cursor for the next page; null at the end.")


@router.get("", name="list_workspaces")
async def list_workspaces(
    hub: Hub,
    principal: Application,
    name_contains: Annotated[str | None, Query(max_length=255)] = None,
    status: Annotated[WorkspaceStatus | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=2_000)] = None,
) -> WorkspaceList:
    """The organisation's workspaces by name."""
    rows, following = await hub.threads.run(
        hub.store.workspaces.list,
        principal.organization_id,
        name_contains=name_contains,
        status=status,
        limit=limit,
        cursor=cursor,
    )
    return WorkspaceList(data=[WorkspaceOut.of(row) for row in rows], next=following)


@router.get("/{workspace_name:path}", name="get_workspace")
async def get_workspace(workspace_name: str, hub: Hub, principal: Application) -> WorkspaceOut:
    """One workspace by name or id."""
    return WorkspaceOut.of(await _own(hub, principal.organization_id, workspace_name))


@router.put("/{workspace_name:path}", name="update_workspace")
async def update_workspace(
    workspace_name: str, body: WorkspaceUpdate, hub: Hub, principal: Application
) -> WorkspaceOut:
    """Rename a workspace, or mark it as inactive, which is a note of yours: its connectors go on working."""
    found = await _own(hub, principal.organization_id, workspace_name)
    update = hub.store.workspaces.update
    changed = await hub.threads.run(
        update, principal.organization_id, found.id, by="id", name=body.name, status=body.status
    )
    if changed is None:
        raise not_found("workspace")
    return WorkspaceOut.of(changed)


@router.delete("/{workspace_name:path}", status_code=204, name="delete_workspace")
async def delete_workspace(workspace_name: str, hub: Hub, principal: Application) -> Response:
    """Delete a workspace with its connectors; grants of this server's consent flow are revoked at Notion."""
    found = await _own(hub, principal.organization_id, workspace_name)
    await remove_workspace(hub, principal.organization_id, found.id)
    return Response(status_code=204)


async def _own(hub: Services, organization_id: str, name_or_id: str) -> Workspace:
    found = await hub.threads.run(hub.store.workspaces.get, organization_id, name_or_id)
    if found is None:
        raise not_found("workspace")
    return found
