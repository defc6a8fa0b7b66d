"""``NotionConnector`` (async) and ``SyncNotionConnector``: the same operations, awaited or blocking."""

from __future__ import annotations

import inspect
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, TypeAlias

from ._version import __version__
from .catalog import Catalog
from .engine import Engine, Runner
from .errors import ConfigurationError, NotAvailable, NotionAgentError
from .executors.local import LocalExecutor
from .flow import Flow
from .models.credentials import AirbyteAuthConfig, NotionAccessTokenAuthConfig, NotionOauth20AuthConfig
from .namespace import Async, M, Mode, Sync
from .operation import Api
from .operations import NotionSurface
from .operations.users import GetMe
from .policy import Policy
from .ports import Transport
from .schema import describe, overview, record_schema
from .settings import Settings
from .tool_utils import ToolUtils

if TYPE_CHECKING:
    from .sandbox import Sandbox
    from .wire.transport import HttpClient

__all__ = ["AuthConfig", "CheckResult", "NotionConnector", "SyncNotionConnector", "TokenRefreshCallback"]

AuthConfig: TypeAlias = NotionAccessTokenAuthConfig | NotionOauth20AuthConfig | AirbyteAuthConfig
TokenRefreshCallback: TypeAlias = Callable[[Mapping[str, Any]], Awaitable[None] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """Whether the connector works, and if not, why."""

    status: Literal["healthy", "unhealthy"]
    error: str | None = None
    """What is wrong and the next step; None when healthy."""
    code: str | None = None
    """The error's code; None when healthy."""
    checked_entity: str = GetMe.spec.entity
    checked_action: str = GetMe.spec.action


class _Connector(NotionSurface[M]):
    """What both connectors share.

    Args:
        auth_config: NotionAccessTokenAuthConfig or NotionOauth20AuthConfig; by default a token from NOTION_TOKEN.
        base_url: where requests go instead of https://api.notion.com; by default NOTION_BASE_URL.
        notion_version: ``2026-03-11`` (default) or ``2025-09-03``.
        policy: which operations may run; by default Policy.read_only().
        timeout: seconds to wait for a response to begin and between its parts; by default 65.
        http_client: an httpx client of your own, for its kind of call (and loop) only; never changed or closed.
        on_token_refresh: for OAuth grants with a refresh token: called with Notion's answer, which holds the new
            ``access_token`` and ``refresh_token``, before the old pair is dropped. Store both: Notion takes each
            refresh token once. Async functions only with NotionConnector.
        deadline: seconds that one call may take in all, waiting included; by default 300.
        requests_per_minute: your plan's budget in any 60 s, shared by all connectors of this process with the same
            token; by default 180. Business and Enterprise plans have 600.
        proxy: address of an HTTP proxy; by default the usual environment variables decide.
        ca_file: a file of PEM certificates to trust in place of the usual ones.

    Raises:
        ConfigurationError: an argument is wrong, or there are no credentials.
    """

    _kind: ClassVar[type[Mode]]

    tool_utils = ToolUtils()

    def __init__(
        self,
        auth_config: AuthConfig | None = None,
        *,
        base_url: str | None = None,
        notion_version: str | None = None,
        policy: Policy | None = None,
        timeout: float | None = None,
        http_client: HttpClient | None = None,
        on_token_refresh: TokenRefreshCallback | None = None,
        deadline: float | None = None,
        requests_per_minute: int | None = None,
        proxy: str | None = None,
        ca_file: str | None = None,
    ) -> None:
        credentials = _credentials(auth_config)
        self._check_callback(on_token_refresh)
        settings = Settings.resolve(
            base_url=base_url,
            notion_version=notion_version,
            timeout=timeout,
            deadline=deadline,
            requests_per_minute=requests_per_minute,
            hosted=isinstance(credentials, AirbyteAuthConfig),
        )
        if isinstance(credentials, AirbyteAuthConfig):
            raise NotAvailable(
                "Hosted mode (AirbyteAuthConfig) is not part of this version.",
                hint="Use NotionAccessTokenAuthConfig or NotionOauth20AuthConfig.",
            )
        from .wire.transport import HttpTransport  # httpx is loaded when it is first needed

        transport = HttpTransport(
            base_url=settings.base_url,
            timeout=None if timeout is None and http_client is not None else settings.timeout,
            user_agent=f"airbyte-agent-notion/{__version__}",
            http_client=http_client,
            proxy=proxy,
            ca_file=ca_file,
        )
        executor = LocalExecutor(
            credentials,
            settings.notion_version,
            per_minute=settings.requests_per_minute,
            deadline=settings.deadline,
            on_token_refresh=on_token_refresh,
        )
        self._install(executor, transport, policy)

    def _install(self, executor: Api, transport: Transport, policy: Policy | None) -> None:
        if policy is not None and not isinstance(policy, Policy):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ConfigurationError("policy must be a Policy.", hint="For instance Policy.read_only().")
        engine = Engine(catalog=Catalog.of(type(self)), policy=policy or Policy.read_only(), executor=executor)
        self.runner: Runner = Runner(engine=engine, transport=transport)
        super().__init__(self.runner, self._kind)

    @classmethod
    def sandbox(
        cls, sandbox: Sandbox | None = None, *, policy: Policy | None = None, notion_version: str | None = None
    ) -> Self:
        """A connector to an in-process Notion workspace: no account, no network.

        Args:
            sandbox: the workspace; by default a fresh sample.
            policy: as for the constructor.
            notion_version: as for the constructor.
        """
        from .sandbox import Sandbox

        workspace = Sandbox.sample() if sandbox is None else sandbox
        settings = Settings.resolve(notion_version=notion_version, environ={})
        credentials = NotionAccessTokenAuthConfig(token=workspace.token)
        connector = cls.__new__(cls)
        executor = LocalExecutor(credentials, settings.notion_version, per_minute=None)
        connector._install(executor, workspace.transport(), policy)  # noqa: SLF001
        return connector

    def __repr__(self) -> str:
        if not hasattr(self, "runner"):  # Asked for in the traceback of a failed construction.
            return f"<{type(self).__name__}, not built>"
        engine = self.runner.engine
        effects = ", ".join(sorted(engine.policy.effects))
        return f"<{type(self).__name__} Notion-Version {engine.executor.notion_version}, may {effects}>"

    @property
    def connector_id(self) -> str | None:
        """Id of the hosted connector; None in open-source mode."""
        return None

    def list_entities(self) -> list[dict[str, Any]]:
        """The entities that the policy allows, each with ``entity_name``, ``description``, ``available_actions`` and
        ``parameters`` by action (``name``, ``required``, ``type``, ``description``).
        """
        catalog, policy = self.runner.engine.catalog, self.runner.engine.policy
        found: list[dict[str, Any]] = []
        for entity in catalog.entities:
            allowed = [item for item in catalog.operations(entity) if policy.allows(item.spec.effect)]
            if allowed:
                found.append(overview(entity, catalog.description(entity), allowed))
        return found

    def entity_schema(self, entity: str) -> dict[str, Any]:
        """An entity's ``record`` (JSON Schema of its Notion object) and its ``actions`` (``description``, ``effect``,
        ``endpoint`` and ``parameters``, a JSON Schema, each). A fresh copy, free to change.

        Raises:
            UnknownEntity: there is no such entity; the error names those there are.
        """
        catalog = self.runner.engine.catalog
        operations = catalog.operations(entity)
        return {
            "entity": entity,
            "description": catalog.description(entity),
            "record": record_schema(operations[0]),
            "actions": {operation.spec.action: describe(operation) for operation in operations},
        }

    def _check(self) -> Flow[CheckResult]:
        try:
            yield from self.runner.engine.executor.call(self.runner.engine.catalog.parse(GetMe, {}))
        except NotionAgentError as error:
            return CheckResult(status="unhealthy", error=str(error), code=error.code)
        except Exception as error:  # A health check reports; it never breaks its caller.
            return CheckResult(status="unhealthy", error=f"Unexpected {type(error).__name__}.", code="unexpected")
        return CheckResult(status="healthy")

    def _check_callback(self, callback: TokenRefreshCallback | None) -> None:
        if callback is not None and not callable(callback):
            raise ConfigurationError("on_token_refresh must be a function of the new token pair.")


class NotionConnector(_Connector[Async]):
    """Notion for agents, awaited.

    ``await notion.pages.get(page_id=...)``, ``async for page in notion.pages.list.iterate(query=...)``,
    ``await notion.execute("pages", "get", {"page_id": ...})``.
    """

    _kind = Async

    async def execute(self, entity: str, action: str, params: Mapping[str, Any] | str | None = None) -> Any:
        """Run an operation by name.

        Args:
            entity: e.g. ``pages``.
            action: e.g. ``get``.
            params: the operation's parameters, as an object or as JSON text of one.

        Returns:
            Notion's object as a dict, or a ListResult with ``data`` and ``meta``.

        Raises:
            NotionAgentError: see airbyte_agent_notion.errors.
        """
        return await self.runner.adrive(self.runner.engine.execute(entity, action, params))

    async def check(self) -> CheckResult:
        """Ask Notion whom the token acts as; never raises."""
        return await self.runner.adrive(self._check())

    async def close(self) -> None:
        """Close the connections of the running loop; the connector cannot be used afterwards."""
        await self.runner.transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


class SyncNotionConnector(_Connector[Sync]):
    """Notion for agents, blocking: the twin of NotionConnector, also inside a running event loop.

    ``notion.pages.get(page_id=...)``, ``for page in notion.pages.list.iterate(query=...)``,
    ``notion.execute("pages", "get", {"page_id": ...})``.
    """

    _kind = Sync

    def execute(self, entity: str, action: str, params: Mapping[str, Any] | str | None = None) -> Any:
        """Run an operation by name; as NotionConnector.execute, blocking."""
        return self.runner.drive(self.runner.engine.execute(entity, action, params))

    def check(self) -> CheckResult:
        """Ask Notion whom the token acts as; never raises."""
        return self.runner.drive(self._check())

    def close(self) -> None:
        """Close the connections; the connector cannot be used afterwards."""
        self.runner.transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _check_callback(self, callback: TokenRefreshCallback | None) -> None:
        super()._check_callback(callback)
        if inspect.iscoroutinefunction(callback):
            raise ConfigurationError(
                "A blocking connector cannot call an async on_token_refresh.", hint="Pass a plain function."
            )


_ACCEPTED = "NotionAccessTokenAuthConfig(token=...), NotionOauth20AuthConfig(...) or AirbyteAuthConfig(...)"


def _credentials(given: object) -> AuthConfig:
    if isinstance(given, (NotionAccessTokenAuthConfig, NotionOauth20AuthConfig, AirbyteAuthConfig)):
        return given
    if given is not None:
        raise ConfigurationError(f"auth_config is of type {type(given).__name__}.", hint=f"Accepted are {_ACCEPTED}.")
    if token := os.environ.get("NOTION_TOKEN", "").strip():
        return NotionAccessTokenAuthConfig(token=token)
    client_id, secret = os.environ.get("AIRBYTE_CLIENT_ID"), os.environ.get("AIRBYTE_CLIENT_SECRET")
    if client_id and secret:
        return AirbyteAuthConfig(airbyte_client_id=client_id, airbyte_client_secret=secret)
    raise ConfigurationError(
        "There are no credentials.",
        hint=f"Pass auth_config: {_ACCEPTED}; or set NOTION_TOKEN; or try NotionConnector.sandbox().",
    )
