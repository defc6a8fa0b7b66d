"""Calls to Notion for a connector: as its policy allows, once more after a renewal where Notion refused the token."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from airbyte_agent_notion import CheckResult, NotionConnector
from airbyte_agent_notion.errors import ConfigurationError, NotionAgentError, Unauthorized, UnknownAction, UnknownEntity

from .connections import Connections
from .outcomes import Outcome, failure, success
from .problems import not_found
from .refresh import Renewals
from .store import Connector, Credentials, Store, StoreUnavailable
from .threads import Threads
from .vault import VaultError

__all__ = ["Executions"]

T = TypeVar("T")

CHECKED = CheckResult(status="healthy")

_OURS = (StoreUnavailable, VaultError, ConfigurationError)
"""What went wrong on the way to the call, not in it."""


class Executions:
    """Runs operations and checks.

    Args:
        store: where connectors are.
        threads: for the store.
        connections: the connectors to Notion.
        renewals: renews what Notion refuses.
    """

    def __init__(self, *, store: Store, threads: Threads, connections: Connections, renewals: Renewals) -> None:
        self._store = store
        self._threads = threads
        self._connections = connections
        self._renewals = renewals

    async def execute(
        self, connector: Connector, entity: str, action: str, params: Mapping[str, Any] | None
    ) -> Outcome:
        """Run an operation by name. Notion's refusals and the call's own faults are outcomes.

        Raises:
            StoreUnavailable, VaultError, ConfigurationError: the credentials cannot be read.
            Problem: the connector has gone.
        """
        operation = f"{entity}.{action}"
        if operation == "*.check":
            return success(_as_json(await self.check(connector)), operation=operation)
        try:
            result = await self._run(connector, lambda notion: notion.execute(entity, action, params))
            return success(result, operation=operation)
        except _OURS:
            raise
        except NotionAgentError as error:
            unknown = isinstance(error, (UnknownEntity, UnknownAction))
            names = _offered(await self._notion(connector)) if unknown else []
            return failure(error, operation=operation, offered=names, policy=connector.policy)

    async def check(self, connector: Connector) -> CheckResult:
        """Whether a connector works; raises as ``execute`` does."""
        try:
            await self._run(connector, _ask_who)
        except _OURS:
            raise
        except NotionAgentError as error:
            return CheckResult(status="unhealthy", error=str(error), code=error.code)
        return CHECKED

    async def check_credentials(self, credentials: Credentials) -> CheckResult:
        """Whether credentials work that are not stored. An expired grant is not renewed: its new pair would be lost."""
        return await self._connections.build(credentials).check()

    async def _run(self, connector: Connector, call: Callable[[NotionConnector], Awaitable[T]]) -> T:
        connection = await self._connections.get(connector)
        try:
            return await call(connection.notion)
        except Unauthorized:
            # Nothing has happened at Notion: with another token the whole call can be made again.
            if not await self._renewals.renew(connector, version=connection.version):
                raise
        return await call(await self._notion(await self._again(connector)))

    async def _again(self, connector: Connector) -> Connector:
        get = self._store.connectors.get
        found = await self._threads.run(get, connector.organization_id, connector.id)
        if found is None:
            raise not_found("connector")
        return found

    async def _notion(self, connector: Connector) -> NotionConnector:
        return (await self._connections.get(connector)).notion


def _offered(notion: NotionConnector) -> list[str]:
    """Names of the operations that a connector may run, ``entity.action``."""
    return [
        f"{entity['entity_name']}.{action}"
        for entity in notion.list_entities()
        for action in entity["available_actions"]
    ]


def _as_json(check: CheckResult) -> dict[str, Any]:
    """A check as the result of ``{entity: "*", action: "check"}``."""
    return {
        "status": check.status,
        "error": check.error,
        "checked_entity": check.checked_entity,
        "checked_action": check.checked_action,
    }


async def _ask_who(notion: NotionConnector) -> Any:
    return await notion.execute(CHECKED.checked_entity, CHECKED.checked_action)
