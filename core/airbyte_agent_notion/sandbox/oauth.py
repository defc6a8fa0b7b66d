"""OAuth as Notion does it, without the page in the browser: codes, rotating token pairs, introspection, revocation."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from ..flow import Request
from .narrow import as_object, only
from .problems import UNDEFINED, Problem, malformed
from .render.text import user_json
from .workspace import Workspace

__all__ = ["OAuth", "TokenPair"]

CLIENT_SECRET = "sandbox-secret"  # noqa: S105 - a made-up secret of a made-up client

PREFIX = "/v1/oauth/"
GRANT_TYPES = ("authorization_code", "refresh_token")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TokenPair:
    """What an authorization, or a refresh, gives out."""

    access_token: str
    refresh_token: str


@dataclass(slots=True, kw_only=True, repr=False)
class _Grant:
    """One authorization of one client. ``pair`` is the newest; earlier pairs have no power any more."""

    client_id: str
    connection: str
    pair: TokenPair
    issued: int
    expired: bool = False
    revoked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Code:
    client_id: str
    redirect_uri: str | None


class _Refused(Problem):
    """A refusal in OAuth's own shape (RFC 6749, 5.2)."""

    def body(self) -> dict[str, Any]:
        return {"error": self.code, "error_description": self.message}


class OAuth:
    """Clients, codes and grants of one sandbox. A grant sees what the static token sees, as a connection of its own."""

    def __init__(self, workspace: Workspace) -> None:
        self.client_id = "sandbox-client"
        """A client that is registered from the start."""
        self.client_secret = CLIENT_SECRET
        self._workspace = workspace
        self._clients = {self.client_id: self.client_secret}
        self._codes: dict[str, _Code] = {}
        self._grants: list[_Grant] = []
        self._number = count(1)
        self._endpoints: dict[str, Callable[[str, dict[str, Any]], dict[str, Any]]] = {
            "token": self._token,
            "introspect": self._introspect,
            "revoke": self._revoke,
        }

    def __repr__(self) -> str:
        return f"<OAuth: {len(self._clients)} clients, {len(self._grants)} grants>"

    def register(self, client_id: str, client_secret: str) -> None:
        """Let a further client in."""
        self._clients[client_id] = client_secret

    def code(self, *, redirect_uri: str | None = None, client_id: str | None = None) -> str:
        """A code as the callback receives it after a user agreed; it can be exchanged once.

        Args:
            redirect_uri: what the authorization URL named; the exchange must then repeat it.
            client_id: whose code; by default the first client's.
        """
        code = f"sandbox-code-{next(self._number)}"
        self._codes[code] = _Code(client_id=client_id or self.client_id, redirect_uri=redirect_uri)
        return code

    def grant(self, *, client_id: str | None = None) -> TokenPair:
        """Authorize a client (by default the first) at once; the API takes the access token as bearer."""
        return self._new_grant(client_id or self.client_id).pair

    def expire(self, access_token: str) -> None:
        """Answer 401 to that access token from now on; its refresh token still works."""
        grant = self._of_access(access_token)
        if grant is not None:
            grant.expired = True

    def connection(self, access_token: str) -> str | None:
        """Which connection the bearer is; None for a token that is unknown, expired, replaced or revoked."""
        grant = self._of_access(access_token)
        return None if grant is None or grant.expired else grant.connection

    def handles(self, request: Request) -> bool:
        """Whether the request is for an OAuth endpoint."""
        return request.path.startswith(PREFIX)

    def answer(self, request: Request, authorization: str) -> dict[str, Any]:
        """Answer a request for an OAuth endpoint; raises Problem.

        Notion documents neither whether these endpoints need Notion-Version nor a rate limit of theirs: none is asked.
        """
        endpoint = self._endpoints.get(request.path.removeprefix(PREFIX))
        if endpoint is None or request.method.upper() != "POST":
            raise Problem(400, "invalid_request_url", "Invalid request URL.")
        client_id = self._client(authorization)
        return endpoint(client_id, as_object({} if request.json is None else request.json, "body"))

    def _client(self, authorization: str) -> str:
        scheme, _, encoded = authorization.partition(" ")
        try:
            plain = base64.b64decode(encoded.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            plain = ""
        client_id, _, secret = plain.partition(":")
        if scheme.lower() != "basic" or self._clients.get(client_id, "") != secret or not secret:
            raise _Refused(401, "invalid_client", "Client authentication failed.")
        return client_id

    def _token(self, client_id: str, body: dict[str, Any]) -> dict[str, Any]:
        kind = body.get("grant_type", UNDEFINED)
        if kind == "authorization_code":
            grant = self._exchange(client_id, body)
        elif kind == "refresh_token":
            grant = self._refresh(client_id, body)
        else:
            raise malformed("body.grant_type", " or ".join(f'`"{each}"`' for each in GRANT_TYPES), kind)
        return self._answer_token(grant)

    def _exchange(self, client_id: str, body: dict[str, Any]) -> _Grant:
        only(body, "body", "grant_type", "code", "redirect_uri")
        code = self._codes.pop(_text(body, "code"), None)
        if code is None or code.client_id != client_id or code.redirect_uri != body.get("redirect_uri"):
            raise Problem(400, "invalid_grant", "Invalid code: it was used, has expired, or redirect_uri differs.")
        return self._new_grant(client_id)

    def _refresh(self, client_id: str, body: dict[str, Any]) -> _Grant:
        only(body, "body", "grant_type", "refresh_token")
        token = _text(body, "refresh_token")
        grant = next((each for each in self._live() if each.pair.refresh_token == token), None)
        if grant is None or grant.client_id != client_id:
            raise Problem(400, "invalid_grant", "Invalid refresh token: it was used, revoked, or is another client's.")
        grant.pair, grant.expired = self._new_pair(), False
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

    def _own(self, client_id: str, body: dict[str, Any]) -> _Grant | None:
        """The client's grant of the token in the body, be it the access or the refresh token."""
        only(body, "body", "token")
        token = _text(body, "token")
        pairs = ((each, (each.pair.access_token, each.pair.refresh_token)) for each in self._live())
        return next((grant for grant, pair in pairs if token in pair and grant.client_id == client_id), None)

    def _live(self) -> list[_Grant]:
        return [each for each in self._grants if not each.revoked]

    def _of_access(self, token: str) -> _Grant | None:
        return next((each for each in self._live() if each.pair.access_token == token), None)

    def _new_grant(self, client_id: str) -> _Grant:
        issued = int(self._workspace.now().timestamp())
        connection = f"grant-{len(self._grants) + 1}"
        grant = _Grant(client_id=client_id, connection=connection, pair=self._new_pair(), issued=issued)
        self._grants.append(grant)
        return grant

    def _new_pair(self) -> TokenPair:
        number = next(self._number)
        return TokenPair(access_token=f"ntn_sandbox_access_{number}", refresh_token=f"nrt_sandbox_refresh_{number}")

    def _answer_token(self, grant: _Grant) -> dict[str, Any]:
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
