"""The consent flow: an authorization URL, and what happens when the browser comes back with a code.

The state that travels with the browser is signed, single use, expires, and is bound to the organisation, the redirect
URL and the OAuth app.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from airbyte_agent_notion.errors import InvalidCall, NotionAgentError
from airbyte_agent_notion.models import NotionOauth20AuthConfig

from .faults import fault_point
from .grants import Grants
from .logs import current_facts, say
from .problems import Problem
from .redirects import checked_redirect_url, is_loopback_url
from .settings import GatewaySettings
from .store import Claimed, Connector, Consent, Store
from .threads import Threads
from .tokens import ConsentClaims, InvalidToken, Tokens

__all__ = ["CALLBACK_PATH", "Consents", "UnknownState", "redirect_allowed"]

CALLBACK_PATH = "/api/v1/integrations/connectors/oauth/callback"
_OURS = frozenset({"connector_id", "error", "error_description"})
_PORTS = {"http": 80, "https": 443}


class UnknownState(Exception):
    """The state is forged, used, expired or none: the browser is sent nowhere."""


class Consents:
    """Begins and completes consent flows. For one event loop."""

    def __init__(
        self,
        *,
        settings: GatewaySettings,
        store: Store,
        threads: Threads,
        tokens: Tokens,
        grants: Grants,
        clock: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._store = store
        self._threads = threads
        self._tokens = tokens
        self._grants = grants
        self._clock = clock
        self._under_way: set[asyncio.Task[str]] = set()

    async def begin(self, organization_id: str, workspace_name: str, *, redirect_url: str, name: str | None) -> str:
        """Notion's page where a person gives consent.

        Raises:
            Problem: the redirect URL is not allowed, or there is no OAuth app to ask with.
            NotionAgentError: the store failed.
        """
        await self._threads.run(self._require_allowed, organization_id, redirect_url)
        app = await self._threads.run(self._store.oauth_apps.get, organization_id) or self._settings.notion_oauth
        if app is None:
            raise _no_app()
        expires = self._clock() + timedelta(seconds=self._settings.consent_seconds)
        consent = await self._threads.run(
            self._store.consents.create,
            organization_id,
            workspace_name,
            redirect_url=redirect_url,
            name=name,
            app=app,
            expires_at=expires,
        )
        state = self._tokens.consent(
            consent.id,
            organization_id=organization_id,
            redirect_url=redirect_url,
            app_client_id=app.client_id,
            expires_at=expires,
        )
        return self._grants.authorization_url(app, redirect_uri=self._callback, state=state)

    async def complete(self, *, state: str, code: str | None, error: str | None) -> str:
        """Where the browser goes next: the consent's redirect URL with ``connector_id``, or with ``error``.

        Once begun it ends, though the browser may have gone: a code works once.

        Raises:
            UnknownState: there is no such flow under way.
        """
        try:
            claims = self._tokens.read_consent(state)
        except InvalidToken:
            raise UnknownState from None
        task = asyncio.create_task(self._completed(claims, code, error))
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    async def close(self, seconds: float) -> None:
        """Let flows end that are being completed, for so many seconds."""
        if self._under_way:
            await asyncio.wait(list(self._under_way), timeout=seconds)

    @property
    def _callback(self) -> str:
        return self._settings.public_url + CALLBACK_PATH

    def _ended(self, task: asyncio.Task[str]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()  # looked at: the browser may have gone

    def _require_allowed(self, organization_id: str, redirect_url: str) -> None:
        try:
            checked_redirect_url(redirect_url)
        except InvalidCall as error:
            raise _refused(str(error)) from None
        if any(name in _OURS for name, _ in parse_qsl(urlsplit(redirect_url).query, keep_blank_values=True)):
            raise _refused(f"The redirect URL's query holds one of {', '.join(sorted(_OURS))}. Leave that out.")
        if not self._allowed(organization_id, redirect_url):
            raise _refused(
                "The redirect URL is none of this organization's. Its operator can add it: "
                "airbyte-agent-notion gateway redirect-urls add ORGANIZATION_ID URL."
            )

    def _allowed(self, organization_id: str, redirect_url: str) -> bool:
        if self._settings.development and is_loopback_url(redirect_url):
            return True
        return redirect_allowed(redirect_url, self._store.organizations.redirect_urls(organization_id))

    async def _completed(self, claims: ConsentClaims, code: str | None, error: str | None) -> str:
        claimed = await self._threads.run(self._claimed, claims)
        consent = claimed.consent
        facts = current_facts().get()
        if facts is not None:
            facts.organization_id = consent.organization_id
        if error is not None or not code:
            return _declined(consent, error)
        try:
            grant = await self._grants.exchange(claimed.app, code=code, redirect_uri=self._callback)
        except NotionAgentError as failed:
            say(logging.WARNING, "Notion did not exchange a code", error=failed, notion_code=failed.code)
            return _failed(consent, "Notion did not accept the authorization. Begin again.")
        fault_point("consent.exchanged")
        connector = await self._stored(consent, grant)
        if connector is None:
            return _failed(consent, "The connector could not be stored. Begin again.")
        if facts is not None:
            facts.connector_id = connector.id
        return _with_query(consent.redirect_url, {"connector_id": connector.id})

    def _claimed(self, claims: ConsentClaims) -> Claimed:
        claimed = self._store.consents.claim(claims.consent_id)
        if claimed is None:
            raise UnknownState
        consent = claimed.consent
        bound = claims.binds(
            organization_id=consent.organization_id,
            redirect_url=consent.redirect_url,
            app_client_id=consent.app_client_id,
        )
        # The list is read again: an address may have been taken off it since.
        if not bound or not self._allowed(consent.organization_id, consent.redirect_url):
            raise UnknownState
        return claimed

    async def _stored(self, consent: Consent, grant: NotionOauth20AuthConfig) -> Connector | None:
        """The connector; None where the store does not take it, and then the grant is given back."""
        for _ in range(2):
            try:
                made = await self._threads.run(self._finished, consent, grant)
            except Exception as error:
                say(logging.ERROR, "a granted connector could not be stored", error=error)
            else:
                if made is not None:
                    return made
        await self._grants.revoke_quietly(grant)
        return None

    def _finished(self, consent: Consent, grant: NotionOauth20AuthConfig) -> Connector | None:
        made = self._store.consents.finish(consent.id, credentials=grant)
        if made is not None:
            return made
        # The try before may have stored it although no answer came.
        now = self._store.consents.get(consent.id)
        if now is None or now.connector_id is None:
            return None
        return self._store.connectors.get(consent.organization_id, now.connector_id)


def redirect_allowed(url: str, allowed: tuple[str, ...]) -> bool:
    """Whether scheme, host, port and path are those of an allowed URL; the query is free."""
    return any(_place(url) == _place(each) for each in allowed)


def _place(url: str) -> tuple[str, str, int | None, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or _PORTS.get(parts.scheme), parts.path or "/"


def _with_query(url: str, added: dict[str, str]) -> str:
    parts = urlsplit(url)
    query = "&".join(each for each in (parts.query, urlencode(added)) if each)
    return urlunsplit(parts._replace(query=query))


def _declined(consent: Consent, error: str | None) -> str:
    if error == "access_denied":
        return _with_query(
            consent.redirect_url,
            {"error": "access_denied", "error_description": "The person did not give consent."},
        )
    return _failed(consent, "Notion ended the authorization with an error. Begin again.")


def _failed(consent: Consent, description: str) -> str:
    return _with_query(consent.redirect_url, {"error": "creation_failed", "error_description": description})


def _refused(message: str) -> Problem:
    return Problem(422, message, code="redirect_url_not_allowed", field="redirect_url")


def _no_app() -> Problem:
    return Problem(
        400,
        "There is no Notion OAuth app to ask for consent with. Set your own with PUT /api/v1/oauth/credentials, or let "
        "the operator set NOTION_GATEWAY_CLIENT_ID and NOTION_GATEWAY_CLIENT_SECRET.",
        code="oauth_app_required",
    )
