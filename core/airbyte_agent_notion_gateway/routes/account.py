"""Tokens for applications and for one workspace."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, SecretStr

from ..access import ORGANIZATION_HEADER, Application, Caller, OrganizationHeader, chosen_organization
from ..bodies import ScopedTokenBody, TokenBody
from ..logs import current_facts
from ..problems import Problem
from ..services import Hub

__all__ = ["router"]

router = APIRouter(tags=["Tokens"])


class TokenOut(BaseModel):
    """An application token."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - the name of a scheme
    expires_in: int
    organization_id: str | None = None
    """The organisation that it is for; null where each call has to name one."""


class ScopedTokenOut(BaseModel):
    """A scoped token."""

    token: str


class ScopedTokenInfo(BaseModel):
    """What a scoped token reaches."""

    organization_id: str
    workspace_id: str
    workspace_name: str


@router.post("/account/applications/token", name="create_application_token")
async def create_application_token(
    body: TokenBody, hub: Hub, request: Request, organization: OrganizationHeader = None
) -> TokenOut:
    """Exchange a client's id and secret for a bearer token.

    With X-Organization-Id the token is bound to that organisation.
    """
    if not await hub.threads.hash(_is_client, hub, body.client_id, body.client_secret):
        raise Problem(401, "The client id and secret do not match.", code="invalid_client")
    organizations = await hub.threads.run(hub.store.organizations.client_organizations, body.client_id)
    bound = None
    if organization is not None:
        values = request.headers.getlist(ORGANIZATION_HEADER)
        bound = chosen_organization(organizations, organization if len(values) == 1 else "", None)
    facts = current_facts().get()
    if facts is not None:
        facts.client_id, facts.organization_id = body.client_id, bound
    seconds = hub.settings.application_token_seconds
    token = hub.tokens.application(body.client_id, organization_id=bound, seconds=seconds)
    only = organizations[0] if len(organizations) == 1 else None
    return TokenOut(access_token=token, expires_in=seconds, organization_id=bound or only)


def _is_client(hub: Hub, client_id: str, secret: SecretStr) -> bool:
    # An id that no database can hold is looked up as one that nobody has.
    known = client_id if client_id.isascii() and client_id.isprintable() else "-"
    return hub.store.organizations.verify_client(known, secret)


@router.post("/account/applications/scoped-token", name="create_scoped_token")
async def create_scoped_token(body: ScopedTokenBody, hub: Hub, principal: Application) -> ScopedTokenOut:
    """A token for one workspace, which is made on first use. It may not be used for anything beyond its connectors."""
    name = body.named()
    if name is None:
        raise Problem(422, "workspace_name is required.", code="validation_error", field="workspace_name")
    workspace = await hub.threads.run(hub.store.workspaces.ensure, principal.organization_id, name)
    token = hub.tokens.scoped(
        principal.client_id,
        organization_id=principal.organization_id,
        workspace_id=workspace.id,
        seconds=hub.settings.scoped_token_seconds,
    )
    return ScopedTokenOut(token=token)


@router.get("/account/applications/scoped-token/info", name="read_scoped_token")
async def read_scoped_token(principal: Caller) -> ScopedTokenInfo:
    """What the scoped token that is sent as bearer reaches."""
    if principal.workspace is None:
        raise Problem(400, "This is no scoped token.", code="not_a_scoped_token")
    return ScopedTokenInfo(
        organization_id=principal.organization_id,
        workspace_id=principal.workspace.id,
        workspace_name=principal.workspace.name,
    )


router.add_api_route(
    "/embedded/scoped-token",
    create_scoped_token,
    methods=["POST"],
    response_model=ScopedTokenOut,
    name="create_embedded_scoped_token",
)
router.add_api_route(
    "/embedded/scoped-token/info",
    read_scoped_token,
    methods=["GET"],
    response_model=ScopedTokenInfo,
    name="read_embedded_scoped_token",
)
