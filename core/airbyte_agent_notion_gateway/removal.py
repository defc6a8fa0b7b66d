"""Deleting connectors. What our own consent flow was granted is given back to Notion, once the row is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from airbyte_agent_notion.errors import NotionAgentError
from airbyte_agent_notion.models import NotionOauth20AuthConfig

from .problems import not_found
from .services import Services
from .store import Connector

__all__ = ["remove_connector", "remove_workspace"]


async def remove_connector(hub: Services, connector: Connector) -> None:
    """Delete a connector; raises Problem (404) if it has gone."""
    grants = await _managed_grants(hub, [connector])
    delete = hub.store.connectors.delete
    if not await hub.threads.run(delete, connector.organization_id, connector.id):
        raise not_found("connector")
    hub.connections.forget(connector.id)
    await _revoke(hub, grants)


async def remove_workspace(hub: Services, organization_id: str, workspace_id: str) -> None:
    """Delete a workspace with its connectors; raises Problem (404) if it has gone."""
    connectors = await hub.threads.run(hub.store.connectors.list, organization_id, workspace_id=workspace_id)
    grants = await _managed_grants(hub, connectors)
    if not await hub.threads.run(hub.store.workspaces.delete, organization_id, workspace_id, by="id"):
        raise not_found("workspace")
    for each in connectors:
        hub.connections.forget(each.id)
    await _revoke(hub, grants)


async def _managed_grants(hub: Services, connectors: Iterable[Connector]) -> list[NotionOauth20AuthConfig]:
    """The grants that are ours to revoke. One that cannot be read does not keep its connector from being deleted."""
    found: list[NotionOauth20AuthConfig] = []
    for each in connectors:
        if each.managed:
            try:
                held = await hub.threads.run(hub.store.connectors.credentials, each.id)
            except NotionAgentError:
                continue
            if held is not None and isinstance(held[0], NotionOauth20AuthConfig):
                found.append(held[0])
    return found


async def _revoke(hub: Services, grants: list[NotionOauth20AuthConfig]) -> None:
    await asyncio.gather(*(hub.grants.revoke_quietly(grant) for grant in grants))
