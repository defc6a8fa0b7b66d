"""What answers about connectors and workspaces hold; never a credential."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from .bodies import DEFINITION_ID
from .store import Connector, ConnectorPolicy, Workspace, WorkspaceStatus

__all__ = ["ConnectorList", "ConnectorOut", "SourceTemplate", "SummarizedConnector", "WorkspaceOut"]


class SourceTemplate(BaseModel):
    """What a connector is made from; there is one."""

    id: str = DEFINITION_ID
    name: str = "Notion"
    icon: str | None = None
    actor_definition_id: str = DEFINITION_ID
    mode: str = "DIRECT"
    connector_name: str = "notion"


class SummarizedConnector(BaseModel):
    """A connector in a list."""

    id: str
    name: str
    workspace_name: str
    summarized_source_template: SourceTemplate
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, connector: Connector) -> SummarizedConnector:
        """From the store's record."""
        return cls(
            id=connector.id,
            name=connector.name,
            workspace_name=connector.workspace_name,
            summarized_source_template=SourceTemplate(),
            created_at=connector.created_at,
            updated_at=connector.updated_at,
        )


class ConnectorList(BaseModel):
    """All that match."""

    data: list[SummarizedConnector]


class ConnectorOut(BaseModel):
    """A connector, without its credentials."""

    id: str
    name: str
    workspace_name: str
    customer_name: str
    policy: ConnectorPolicy
    source_template: SourceTemplate
    replication_config: None = None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, connector: Connector) -> ConnectorOut:
        """From the store's record."""
        return cls(
            id=connector.id,
            name=connector.name,
            workspace_name=connector.workspace_name,
            customer_name=connector.workspace_name,
            policy=connector.policy,
            source_template=SourceTemplate(),
            created_at=connector.created_at,
            updated_at=connector.updated_at,
        )


class WorkspaceOut(BaseModel):
    """A workspace."""

    id: str
    name: str
    organization_id: str
    status: WorkspaceStatus
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, workspace: Workspace) -> WorkspaceOut:
        """From the store's record."""
        return cls(
            id=workspace.id,
            name=workspace.name,
            organization_id=workspace.organization_id,
            status=workspace.status,
            created_at=workspace.created_at,
            updated_at=workspace.updated_at,
        )
