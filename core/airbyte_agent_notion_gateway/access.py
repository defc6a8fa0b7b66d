"""Who calls, and for which organisation: the bearer token and ``X-Organization-Id``, looked up again at every call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from .logs import current_facts
from .problems import Problem
from .secret_text import is_id
from .services import Hub, Services
from .store import Workspace
from .tokens import BearerClaims, InvalidToken

__all__ = ["ORGANIZATION_HEADER", "Application", "Caller", "OrganizationHeader", "Principal", "chosen_organization"]

ORGANIZATION_HEADER = "X-Organization-Id"
_BEARER = HTTPBearer(auto_error=False, bearerFormat="JWT", description="An application token or a scoped token.")

OrganizationHeader = Annotated[
    str | None,
    Header(
        alias=ORGANIZATION_HEADER,
        description="The organisation that is meant; needed where the client belongs to several.",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """On whose behalf a call runs. Every look-up is confined to it."""

    client_id: str
    organization_id: str
    workspace: Workspace | None = None
    """Of a scoped token: the only workspace that it reaches."""

    @property
    def workspace_id(self) -> str | None:
        """The scoped token's workspace; None where the whole organisation is reached."""
        return None if self.workspace is None else self.workspace.id

    def require_application(self, what: str) -> None:
        """Refuse a scoped token; raises Problem."""
        if self.workspace is not None:
            raise Problem(
                403, f"A scoped token cannot be used for {what}. Use an application token.", code="scope_insufficient"
            )


def chosen_organization(organizations: tuple[str, ...], header: str | None, bound: str | None) -> str | None:
    """The organisation that a call is for: the token's, else the header's, else the client's only one, else None.

    Raises:
        Problem: 403; the token's or the header's is none of the client's, or they differ.
    """
    named = None if header is None else header.strip().lower()
    for each in (named, bound):
        if each is not None and (not is_id(each) or each not in organizations):
            raise _foreign()
    if named and bound and named != bound:
        raise _foreign()
    only = organizations[0] if len(organizations) == 1 else None
    return bound or named or only


async def _principal(
    request: Request,
    hub: Hub,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
    organization: OrganizationHeader = None,
) -> Principal:
    if len(request.headers.getlist(ORGANIZATION_HEADER)) > 1:
        raise _foreign()
    claims = _claims(hub, bearer)
    principal = await hub.threads.run(_looked_up, hub, claims, organization)
    facts = current_facts().get()
    if facts is not None:
        facts.client_id, facts.organization_id = principal.client_id, principal.organization_id
    return principal


def _claims(hub: Services, bearer: HTTPAuthorizationCredentials | None) -> BearerClaims:
    try:
        return hub.tokens.read_bearer("" if bearer is None else bearer.credentials)
    except InvalidToken:
        raise _unauthorized() from None


def _looked_up(hub: Services, claims: BearerClaims, header: str | None) -> Principal:
    organizations = hub.store.organizations.client_organizations(claims.client_id)
    if not organizations:
        raise _unauthorized()
    chosen = chosen_organization(organizations, header, claims.organization_id)
    if chosen is None:
        raise Problem(
            400,
            f"This client belongs to several organizations. Name one in the header {ORGANIZATION_HEADER}.",
            code="organization_required",
            field=ORGANIZATION_HEADER,
        )
    workspace = None
    if claims.workspace_id is not None:
        workspace = hub.store.workspaces.get(chosen, claims.workspace_id, by="id")
        if workspace is None:
            raise _unauthorized()
    return Principal(client_id=claims.client_id, organization_id=chosen, workspace=workspace)


Caller = Annotated[Principal, Depends(_principal)]


async def _application(principal: Caller) -> Principal:
    principal.require_application("this")
    return principal


Application = Annotated[Principal, Depends(_application)]
"""A caller with an application token; a scoped one is refused."""


def _unauthorized() -> Problem:
    return Problem(
        401,
        "The bearer token is missing, wrong or expired. Get one at POST /api/v1/account/applications/token.",
        code="unauthorized",
        headers={"WWW-Authenticate": "Bearer"},
    )


def _foreign() -> Problem:
    return Problem(
        403,
        f"{ORGANIZATION_HEADER} names no organization of this client and token.",
        code="organization_forbidden",
        field=ORGANIZATION_HEADER,
    )
