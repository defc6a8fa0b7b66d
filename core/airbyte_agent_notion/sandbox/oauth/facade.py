"""``sandbox.oauth``: the apps, codes and grants of one sandbox."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from ...errors import ConfigurationError
from ...flow import Request
from ..workspace import Workspace
from .authorization import PATH, AuthorizationPage, Refusal
from .clients import CLIENT_ID, CLIENT_SECRET, Clients
from .endpoints import PREFIX, Endpoints
from .grants import Grant, Grants, TokenPair

__all__ = ["OAuth"]


class OAuth:
    """Clients, codes and grants of one sandbox. A grant sees what the static token sees, as a connection of its own."""

    def __init__(self, workspace: Workspace) -> None:
        self.client_id = CLIENT_ID
        """A client that is registered from the start; it may redirect to any address."""
        self.client_secret = CLIENT_SECRET
        self._clients = Clients()
        self._grants = Grants(workspace)
        self._endpoints = Endpoints(workspace, self._clients, self._grants)
        self.page = AuthorizationPage(workspace, self._clients, self._grants)
        """What a browser sees at the authorization URL."""

    def __repr__(self) -> str:
        return f"<OAuth: {len(self._clients)} clients, {len(self._grants.records)} grants>"

    def register(
        self, client_id: str, client_secret: str, *, name: str | None = None, redirect_uris: Sequence[str] = ()
    ) -> None:
        """Let a further client in.

        Args:
            client_id: its id; a client that has it already is replaced.
            client_secret: its secret.
            name: what the authorization page calls it; by default its id.
            redirect_uris: the only addresses, each exactly, that the page sends a browser to; by default any.
        """
        self._clients.register(client_id, client_secret, name=name, redirect_uris=redirect_uris)

    def authorization_url(self, base_url: str, *, redirect_uri: str, state: str, client_id: str | None = None) -> str:
        """Where an app sends a user's browser, if the sandbox is served at ``base_url``."""
        query = {
            "client_id": client_id or self.client_id,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "owner": "user",
            "state": state,
        }
        return f"{base_url}{PATH}?{urlencode(query)}"

    def consent(self, url: str, *, allow: bool = True) -> str:
        """Do what a person would do at an authorization URL, without a browser.

        Args:
            url: the authorization URL, whatever its host.
            allow: press "Allow access"; otherwise "Cancel".

        Returns:
            The address that the browser is sent to: redirect_uri with ``code``, or with ``error``, and ``state``.

        Raises:
            ConfigurationError: the page would refuse that URL.
        """
        parts = urlsplit(url)
        if not parts.path.endswith(PATH):
            raise ConfigurationError("That is not an authorization URL.", hint=f"It ends with {PATH}?client_id=...")
        try:
            asked = self.page.check(parse_qsl(parts.query, keep_blank_values=True))
        except Refusal as refusal:
            raise ConfigurationError(
                f"The authorization page refuses that URL: {refusal.reason}", hint=refusal.hint
            ) from None
        return self.page.decide(asked, allow=allow)

    def code(self, *, redirect_uri: str | None = None, client_id: str | None = None) -> str:
        """A code as the callback receives it after a user agreed; it can be exchanged once, within CODE_SECONDS.

        Args:
            redirect_uri: what the authorization URL named; the exchange must then repeat it.
            client_id: whose code; by default the first client's.
        """
        return self._grants.issue(client_id or self.client_id, redirect_uri)

    def grant(self, *, client_id: str | None = None) -> TokenPair:
        """Authorize a client (by default the first) at once; the API takes the access token as bearer."""
        return self._grants.begin(client_id or self.client_id).pair

    @property
    def grants(self) -> tuple[Grant, ...]:
        """What has become of every authorization, oldest first; no tokens."""
        return tuple(record.view() for record in self._grants.records)

    def expire(self, access_token: str) -> None:
        """Answer 401 to that access token from now on; its refresh token still works."""
        grant = self._grants.of_access(access_token)
        if grant is not None:
            grant.expired = True

    def expire_all(self) -> None:
        """Answer 401 to every access token given out so far; the refresh tokens still work."""
        for record in self._grants.records:
            record.expired = True

    def connection(self, access_token: str) -> str | None:
        """Which connection the bearer is; None for a token that is unknown, expired, replaced or revoked."""
        grant = self._grants.of_access(access_token)
        return None if grant is None or grant.expired else grant.connection

    def handles(self, request: Request) -> bool:
        """Whether the request is for an OAuth endpoint."""
        return request.path.startswith(PREFIX)

    def answer(self, request: Request, authorization: str) -> dict[str, Any]:
        """Answer a request for a JSON endpoint; raises Problem."""
        return self._endpoints.answer(request, authorization)
