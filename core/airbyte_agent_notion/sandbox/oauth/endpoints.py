"""The JSON endpoints: token, introspect, revoke."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...flow import Request
from ..narrow import as_object, only
from ..problems import UNDEFINED, Problem, malformed
from ..render.text import user_json
from ..workspace import Workspace
from .clients import Clients
from .grants import Grants, Record

__all__ = ["PREFIX", "Endpoints"]

PREFIX = "/v1/oauth/"
GRANT_TYPES = ("authorization_code", "refresh_token")


class Endpoints:
    """What an app's server asks, with the app's id and secret."""

    def __init__(self, workspace: Workspace, clients: Clients, grants: Grants) -> None:
        self._workspace = workspace
        self._clients = clients
        self._grants = grants
        self._by_name: dict[str, Callable[[str, dict[str, Any]], dict[str, Any]]] = {
            "token": self._token,
            "introspect": self._introspect,
            "revoke": self._revoke,
        }

    def answer(self, request: Request, authorization: str) -> dict[str, Any]:
        """Answer a request below PREFIX; raises Problem.

        Notion documents neither whether these endpoints need Notion-Version nor a rate limit of theirs: none is asked.
        """
        endpoint = self._by_name.get(request.path.removeprefix(PREFIX))
        if endpoint is None or request.method.upper() != "POST":
            raise Problem(400, "invalid_request_url", "Invalid request URL.")
        client = self._clients.authenticate(authorization)
        return endpoint(client.id, as_object({} if request.json is None else request.json, "body"))

    def _token(self, client_id: str, body: dict[str, Any]) -> dict[str, Any]:
        kind = body.get("grant_type", UNDEFINED)
        if kind == "authorization_code":
            return self._answer_token(self._exchange(client_id, body))
        if kind == "refresh_token":
            return self._answer_token(self._refresh(client_id, body))
        raise malformed("body.grant_type", " or ".join(f'`"{each}"`' for each in GRANT_TYPES), kind)

    def _exchange(self, client_id: str, body: dict[str, Any]) -> Record:
        only(body, "body", "grant_type", "code", "redirect_uri")
        code = _text(body, "code")
        grant = self._grants.redeem(code, client_id=client_id, redirect_uri=body.get("redirect_uri"))
        if grant is None:
            raise Problem(400, "invalid_grant", "Invalid code: it was used, has expired, or redirect_uri differs.")
        return grant

    def _refresh(self, client_id: str, body: dict[str, Any]) -> Record:
        only(body, "body", "grant_type", "refresh_token")
        grant = self._grants.renew(_text(body, "refresh_token"), client_id=client_id)
        if grant is None:
            raise Problem(400, "invalid_grant", "Invalid refresh token: it was used, revoked, or is another client's.")
        return grant

    def _introspect(self, client_id: str, body: dict[str, Any]) -> dict[str, Any]:
        grant = self._own(client_id, body)
        active = grant is not None and not (grant.expired and body["token"] == grant.pair.access_token)
        return {"active": True, "iat": grant.issued} if grant is not None and active else {"active": False}

    def _revoke(self, client_id: str, body: dict[str, Any]) -> dict[str, Any]:
        grant = self._own(client_id, body)
        if grant is not None:
            grant.revoked = True
        return {}

    def _own(self, client_id: str, body: dict[str, Any]) -> Record | None:
        """The client's grant of the token in the body, be it the access or the refresh token."""
        only(body, "body", "token")
        return self._grants.of_either(_text(body, "token"), client_id=client_id)

    def _answer_token(self, grant: Record) -> dict[str, Any]:
        workspace = self._workspace
        person = next((each for each in workspace.users.values() if each.kind == "person" and not each.guest), None)
        user = None if person is None else {"type": "user", "user": user_json(workspace, person)}
        return {
            "access_token": grant.pair.access_token,
            "token_type": "bearer",
            "refresh_token": grant.pair.refresh_token,
            "bot_id": workspace.bot_id,
            "workspace_id": workspace.id,
            "workspace_name": workspace.name,
            "workspace_icon": None,
            "owner": user or {"type": "workspace", "workspace": True},
            "duplicated_template_id": None,
        }


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name, UNDEFINED)
    if not isinstance(value, str):
        raise malformed(f"body.{name}", "a string", value)
    return value
