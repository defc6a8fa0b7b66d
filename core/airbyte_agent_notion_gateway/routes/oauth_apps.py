"""An organisation's own Notion OAuth app."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from ..access import Application
from ..bodies import DEFINITION_ID, OAuthAppBody, require_notion_type
from ..secrets_in import parsed_app
from ..services import Hub

__all__ = ["router"]

router = APIRouter(prefix="/oauth/credentials", tags=["OAuth"])

_SPEC: dict[str, Any] = {
    "type": "object",
    "required": ["client_id", "client_secret"],
    "additionalProperties": False,
    "properties": {
        "client_id": {"type": "string", "title": "Client id", "description": "OAuth client id of your Notion app."},
        "client_secret": {
            "type": "string",
            "title": "Client secret",
            "description": "OAuth client secret of your Notion app.",
            "airbyte_secret": True,
        },
    },
}


class OAuthAppOut(BaseModel):
    """That there is an app, without its secret."""

    id: str
    scope_type: Literal["organization"] = "organization"
    scope_id: str
    connector_type: Literal["source"] = "source"
    connector_definition_id: str = DEFINITION_ID
    created_at: datetime
    updated_at: datetime


class OAuthAppSpec(BaseModel):
    """Which fields ``configuration`` takes."""

    connector_type: str
    connector_definition_id: str
    spec: dict[str, Any]


@router.put("", name="set_oauth_app")
async def set_oauth_app(body: OAuthAppBody, hub: Hub, principal: Application) -> OAuthAppOut:
    """From now on consent pages name this app. Flows under way end with the app that they began with."""
    require_notion_type(body.connector_type)
    app = parsed_app(body.configuration)
    made = await hub.threads.run(hub.store.oauth_apps.set, principal.organization_id, app)
    return OAuthAppOut(
        id=made.id, scope_id=made.organization_id, created_at=made.created_at, updated_at=made.updated_at
    )


@router.delete("/connector_type/{connector_type}", status_code=204, name="delete_oauth_app")
async def delete_oauth_app(connector_type: str, hub: Hub, principal: Application) -> Response:
    """Go back to the server's app; nothing happens if there is no own one."""
    require_notion_type(connector_type)
    await hub.threads.run(hub.store.oauth_apps.delete, principal.organization_id)
    return Response(status_code=204)


@router.get("/spec", name="read_oauth_spec")
async def read_oauth_spec(_principal: Application, connector_type: Annotated[str, Query()]) -> OAuthAppSpec:
    """Which fields are required."""
    require_notion_type(connector_type)
    return OAuthAppSpec(connector_type="notion", connector_definition_id=DEFINITION_ID, spec=_SPEC)
