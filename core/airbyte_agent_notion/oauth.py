"""Notion's OAuth flow for developers: the authorization URL, and what follows the redirect. Never offered to a model.

    app = NotionOAuth(NotionOAuthCredentials(client_id=..., client_secret=...))
    url = app.authorization_url(redirect_uri=..., state=...)      # send the user there
    pair = await app.create_token(code=..., redirect_uri=...)     # back at redirect_uri

``SyncNotionOAuth`` is the blocking twin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode

from ._version import __version__
from .catalog import Catalog
from .engine import Engine, Runner
from .executors.oauth import OAuthExecutor
from .models.credentials import NotionOAuthCredentials
from .namespace import Async, M, Mode, Sync
from .operations.oauth import Introspection, OAuth, TokenPair
from .policy import Policy
from .settings import Settings

if TYPE_CHECKING:
    from .wire.transport import HttpClient

__all__ = ["Introspection", "NotionOAuth", "SyncNotionOAuth", "TokenPair"]


class _App(OAuth[M]):
    """An OAuth app.

    Args:
        credentials: its client id and secret.
        base_url: where requests go instead of https://api.notion.com; by default NOTION_BASE_URL.
        timeout: seconds to wait for a response; by default 65.
        http_client: an httpx client of your own, for its kind of call (and loop) only; never changed or closed.
    """

    _kind: ClassVar[type[Mode]]

    def __init__(
        self,
        credentials: NotionOAuthCredentials,
        *,
        base_url: str | None = None,
        timeout: float | None = None,
        http_client: HttpClient | None = None,
    ) -> None:
        from .wire.transport import HttpTransport

        settings = Settings.resolve(base_url=base_url, timeout=timeout)
        transport = HttpTransport(
            base_url=settings.base_url,
            timeout=None if timeout is None and http_client is not None else settings.timeout,
            user_agent=f"airbyte-agent-notion/{__version__}",
            http_client=http_client,
        )
        self._credentials = credentials
        self._base_url = settings.base_url
        self._transport = transport
        executor = OAuthExecutor(credentials, settings.notion_version)
        # These operations are the developer's own: no policy of a tool applies.
        engine = Engine(catalog=Catalog(self.operations()), policy=Policy.full(), executor=executor)
        super().__init__(Runner(engine=engine, transport=transport), self._kind)

    def authorization_url(self, *, redirect_uri: str, state: str) -> str:
        """Where to send a user's browser.

        Args:
            redirect_uri: one of the app's registered redirect URIs; there ``code`` and ``state`` arrive, or ``error``.
            state: a random value bound to the user's session; compare it before you use the code.
        """
        query: dict[str, Any] = {
            "client_id": self._credentials.client_id,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "owner": "user",
            "state": state,
        }
        return f"{self._base_url}/v1/oauth/authorize?{urlencode(query)}"


class NotionOAuth(_App[Async]):
    """Notion's OAuth flow, awaited."""

    _kind = Async

    async def close(self) -> None:
        """Close the connections of the running loop."""
        await self._transport.aclose()


class SyncNotionOAuth(_App[Sync]):
    """Notion's OAuth flow, blocking."""

    _kind = Sync

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()
