"""Notion's OAuth endpoints, for whichever app a grant belongs to."""

from __future__ import annotations

import logging
from typing import Any, cast

import anyio
import httpx

from airbyte_agent_notion.errors import InvalidResponse, NotionAgentError
from airbyte_agent_notion.models import NotionOauth20AuthConfig, NotionOAuthCredentials
from airbyte_agent_notion.oauth import NotionOAuth, TokenPair

from .logs import say

__all__ = ["Grants"]

_REVOKE_SECONDS = 10.0


class Grants:
    """Makes, renews and revokes grants. Raises NotionAgentError where Notion refuses or does not answer.

    Args:
        base_url: where requests go instead of https://api.notion.com.
        http_client: shared by all; it keeps no cookies.
    """

    def __init__(self, *, base_url: str | None, http_client: httpx.AsyncClient) -> None:
        self._base_url = base_url
        self._client = http_client

    def authorization_url(self, app: NotionOAuthCredentials, *, redirect_uri: str, state: str) -> str:
        """Where a person's browser goes to give consent."""
        return self._oauth(app).authorization_url(redirect_uri=redirect_uri, state=state)

    async def exchange(self, app: NotionOAuthCredentials, *, code: str, redirect_uri: str) -> NotionOauth20AuthConfig:
        """The grant that an authorization's code stands for."""
        return _granted(app, await self._oauth(app).create_token(code=code, redirect_uri=redirect_uri))

    async def renew(self, grant: NotionOauth20AuthConfig) -> NotionOauth20AuthConfig:
        """The grant with a new pair; its refresh token is used up. It must have one."""
        assert grant.refresh_token is not None
        app = _app(grant)
        pair = await self._oauth(app).refresh_token(refresh_token=grant.refresh_token.get_secret_value())
        renewed = _granted(app, pair)
        # Without a new refresh token the old one stays good.
        return renewed if renewed.refresh_token else renewed.model_copy(update={"refresh_token": grant.refresh_token})

    async def revoke(self, grant: NotionOauth20AuthConfig) -> None:
        """End a grant at Notion."""
        await self._oauth(_app(grant)).revoke(token=grant.access_token.get_secret_value())

    async def revoke_quietly(self, grant: NotionOauth20AuthConfig) -> None:
        """End a grant at Notion if Notion answers soon; the log says if not."""
        try:
            with anyio.fail_after(_REVOKE_SECONDS):
                await self.revoke(grant)
        except (NotionAgentError, TimeoutError) as error:
            say(logging.WARNING, "a grant could not be revoked at Notion", error=error)

    def _oauth(self, app: NotionOAuthCredentials) -> NotionOAuth:
        return NotionOAuth(app, base_url=self._base_url, http_client=self._client)


def _app(grant: NotionOauth20AuthConfig) -> NotionOAuthCredentials:
    return NotionOAuthCredentials(client_id=grant.client_id, client_secret=grant.client_secret)


def _granted(app: NotionOAuthCredentials, pair: TokenPair) -> NotionOauth20AuthConfig:
    answer = cast("dict[str, Any]", pair)
    access, refresh = answer.get("access_token"), answer.get("refresh_token")
    if not isinstance(access, str) or not access.strip() or not isinstance(refresh, str | None):
        raise InvalidResponse("Notion's answer holds no token pair.", request_id=answer.get("request_id"))
    return NotionOauth20AuthConfig(
        client_id=app.client_id, client_secret=app.client_secret, access_token=access, refresh_token=refresh or None
    )
