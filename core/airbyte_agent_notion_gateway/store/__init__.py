"""What a gateway keeps, in SQLite or PostgreSQL: organisations, workspaces, connectors, OAuth apps, consents."""

from .errors import NameTaken, OrganizationGone, StoreUnavailable
from .facade import Store
from .records import (
    Claimed,
    Client,
    Connector,
    ConnectorPolicy,
    Consent,
    ConsentStatus,
    Credentials,
    NewOrganization,
    OAuthApp,
    Organization,
    Scheme,
    Workspace,
    WorkspaceStatus,
)

__all__ = [
    "Claimed",
    "Client",
    "Connector",
    "ConnectorPolicy",
    "Consent",
    "ConsentStatus",
    "Credentials",
    "NameTaken",
    "NewOrganization",
    "OAuthApp",
    "Organization",
    "OrganizationGone",
    "Scheme",
    "Store",
    "StoreUnavailable",
    "Workspace",
    "WorkspaceStatus",
]
