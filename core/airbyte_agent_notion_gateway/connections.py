"""NotionConnectors that are kept from call to call: each token's budget of requests is counted in its connector."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import httpx

from airbyte_agent_notion import NotionConnector, Policy
from airbyte_agent_notion.models import NotionAccessTokenAuthConfig

from .problems import not_found
from .store import Connector, ConnectorPolicy, Credentials, Store
from .threads import Threads

__all__ = ["Connection", "Connections"]

_POLICIES = {"read_only": Policy.read_only, "write": Policy.write, "full": Policy.full}
_KEPT = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A connector to Notion with one version of the credentials. It holds the access token and nothing else of them."""

    notion: NotionConnector
    version: int
    policy: ConnectorPolicy


class Connections:
    """The most recently used connections. For one event loop.

    Args:
        store: where credentials are.
        threads: for the store.
        http_client: shared by all; it keeps no cookies.
        base_url: where requests go instead of https://api.notion.com.
        deadline: seconds that one call may take.
    """

    def __init__(
        self,
        *,
        store: Store,
        threads: Threads,
        http_client: httpx.AsyncClient,
        base_url: str | None,
        deadline: float,
    ) -> None:
        self._store = store
        self._threads = threads
        self._client = http_client
        self._base_url = base_url
        self._deadline = deadline
        self._kept: OrderedDict[str, Connection] = OrderedDict()

    async def get(self, connector: Connector) -> Connection:
        """The connection of a connector's present version and policy; raises Problem (404) if it has gone."""
        kept = self._kept.get(connector.id)
        if kept is not None and (kept.version, kept.policy) == (connector.version, connector.policy):
            self._kept.move_to_end(connector.id)
            return kept
        found = await self._threads.run(self._store.connectors.credentials, connector.id)
        if found is None:
            raise not_found("connector")
        credentials, version = found
        made = Connection(notion=self.build(credentials, connector.policy), version=version, policy=connector.policy)
        self._keep(connector.id, made)
        return made

    def build(self, credentials: Credentials, policy: ConnectorPolicy = "read_only") -> NotionConnector:
        """A connector to Notion with an access token; it renews nothing by itself."""
        token = credentials.token if isinstance(credentials, NotionAccessTokenAuthConfig) else credentials.access_token
        return NotionConnector(
            auth_config=NotionAccessTokenAuthConfig(token=token),
            policy=_POLICIES[policy](),
            base_url=self._base_url,
            http_client=self._client,
            deadline=self._deadline,
        )

    def forget(self, connector_id: str) -> None:
        """Drop a deleted connector's connection."""
        self._kept.pop(connector_id, None)

    def _keep(self, connector_id: str, made: Connection) -> None:
        self._kept[connector_id] = made
        self._kept.move_to_end(connector_id)
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
