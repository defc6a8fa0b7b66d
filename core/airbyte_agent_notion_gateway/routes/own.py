"""What belongs to a caller."""

from __future__ import annotations

from ..access import Principal
from ..logs import current_facts
from ..problems import Problem, not_found
from ..secret_text import is_id
from ..services import Services
from ..store import Connector

__all__ = ["own_connector", "own_workspace_name"]


async def own_connector(hub: Services, principal: Principal, connector_id: str) -> Connector:
    """A connector within the caller's reach; raises Problem (404) for every other."""
    wanted = connector_id.lower()
    found = None
    if is_id(wanted):
        get = hub.store.connectors.get
        found = await hub.threads.run(get, principal.organization_id, wanted, workspace_id=principal.workspace_id)
    if found is None:
        raise not_found("connector")
    facts = current_facts().get()
    if facts is not None:
        facts.connector_id = found.id
    return found


def own_workspace_name(principal: Principal, name: str | None) -> str | None:
    """The workspace that is meant, a scoped token's own by default; raises Problem (403) if that names another."""
    if principal.workspace is None:
        return name
    if name not in {None, principal.workspace.name}:
        raise Problem(
            403, "The scoped token is for another workspace.", code="scope_insufficient", field="workspace_name"
        )
    return principal.workspace.name
