"""What the store hands out: frozen values, no rows. All times are aware and in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from pydantic import SecretStr

from airbyte_agent_notion.models import (
    NotionAccessTokenAuthConfig,
    NotionOauth20AuthConfig,
    NotionOAuthCredentials,
)

__all__ = [
    "Claimed",
    "Client",
    "Connector",
    "ConnectorPolicy",
    "Consent",
    "ConsentStatus",
    "Credentials",
    "NewOrganization",
    "OAuthApp",
    "Organization",
    "Scheme",
    "Workspace",
    "WorkspaceStatus",
]

Credentials: TypeAlias = NotionAccessTokenAuthConfig | NotionOauth20AuthConfig
ConnectorPolicy: TypeAlias = Literal["read_only", "write", "full"]
Scheme: TypeAlias = Literal["token", "oauth"]
WorkspaceStatus: TypeAlias = Literal["active", "inactive"]
ConsentStatus: TypeAlias = Literal["pending", "claimed", "done"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """A tenant."""

    id: str
    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrganization:
    """A tenant just made."""

    organization: Organization
    client_id: str
    client_secret: SecretStr | None
    """Known only here and now; None where an existing client was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Who may ask for tokens."""

    id: str
    disabled: bool
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """A customer of an organisation."""

    id: str
    organization_id: str
    name: str
    status: WorkspaceStatus
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """A customer's access to Notion; its credentials are asked for apart."""

    id: str
    organization_id: str
    workspace_id: str
    workspace_name: str
    name: str
    policy: ConnectorPolicy
    scheme: Scheme
    managed: bool
    """Whether its credentials come from a consent flow of this server."""
    version: int
    """Grows by one whenever the credentials change."""
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthApp:
    """That an organisation has a Notion OAuth app of its own."""

    id: str
    organization_id: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A consent flow under way, or done."""

    id: str
    organization_id: str
    workspace_name: str
    redirect_url: str
    name: str | None
    app_client_id: str
    status: ConsentStatus
    connector_id: str | None
    """The connector that it made; None until it is done, and again once that is deleted."""
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A consent that the caller alone may now finish, and the app that it was begun with."""

    consent: Consent
    app: NotionOAuthCredentials
