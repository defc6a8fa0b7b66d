"""The OAuth flow that ends with a connector."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from ..access import Caller
from ..bodies import InitiateBody, refuse_unsupported
from ..consent import UnknownState
from ..problems import Problem
from ..services import Hub
from .own import own_workspace_name

__all__ = ["router"]

router = APIRouter(prefix="/integrations/connectors/oauth", tags=["OAuth"])

_PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}
_UNKNOWN = (
    "This authorization is not known here: it was used already, took too long, or the address is incomplete.\n"
    "Go back to the application that you came from and begin again.\n"
)


class ConsentUrl(BaseModel):
    """Where to send the person's browser."""

    consent_url: str


@router.post("/initiate", name="initiate_oauth")
async def initiate_oauth(body: InitiateBody, hub: Hub, principal: Caller) -> ConsentUrl:
    """Begin: the person gives consent on Notion's page, the connector is stored here, and the browser ends at
    ``redirect_url`` with ``connector_id``, or with ``error`` and ``error_description``.
    """
    refuse_unsupported(body)
    body.require_notion()
    workspace = own_workspace_name(principal, body.named())
    if workspace is None:
        raise Problem(422, "workspace_name is required.", code="validation_error", field="workspace_name")
    begin = hub.consents.begin
    url = await begin(principal.organization_id, workspace, redirect_url=body.redirect_url, name=body.name)
    return ConsentUrl(consent_url=url)


@router.get(
    "/callback",
    name="complete_oauth",
    status_code=303,
    responses={303: {"description": "Back to the application"}, 400: {"description": "A page that says so"}},
)
async def complete_oauth(
    hub: Hub,
    state: Annotated[str, Query(max_length=4_096)] = "",
    code: Annotated[str | None, Query(max_length=4_096)] = None,
    error: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """Where Notion sends the browser. Not for applications."""
    try:
        target = await hub.consents.complete(state=state, code=code, error=error)
    except UnknownState:
        return PlainTextResponse(_UNKNOWN, status_code=400, headers=_PRIVATE)
    return RedirectResponse(target, status_code=303, headers=_PRIVATE)
