"""``NotionConnector`` (async) and ``SyncNotionConnector``: the same operations, awaited or blocking."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from .calling import executed
from .connections import (
    AuthConfig,
    Options,
    TokenRefreshCallback,
    hosted,
    open_agent_api,
)
from .connector_base import BaseConnector
from .drive import adrive, drive
from .errors import ConfigurationError
from .executors.hosted import Credentials
from .health import CheckResult
from .models.credentials import AirbyteAuthConfig, NotionOAuthCredentials
from .namespace import Async, Sync
from .policy import Policy
from .shaping.shaped import Format

if TYPE_CHECKING:
    from .wire.transport import HttpClient

__all__ = ["AuthConfig", "CheckResult", "NotionConnector", "SyncNotionConnector", "TokenRefreshCallback"]


class NotionConnector(BaseConnector[Async]):
    """Notion for agents, awaited.

    ``await notion.pages.get(page_id=...)``, ``async for page in notion.pages.list.iterate(query=...)``,
    ``await notion.execute("pages", "get", {"page_id": ...})``.
    """

    _kind = Async

    async def execute(
        self,
        entity: str,
        action: str,
        params: Mapping[str, Any] | str | None = None,
        *,
        dry_run: bool | None = None,
        format: Format | None = None,
    ) -> Any:
        """Run an operation by name.

        Args:
            entity: e.g. ``pages``.
            action: e.g. ``get``; ``describe`` answers what the entity can do, as text.
            params: the operation's parameters, as an object or as JSON text of one.
            dry_run: True for a call that is only to be shown; by default as the connector was built.
            format: ``compact``, ``markdown`` or ``raw`` for the result as text, whole and with full ids.

        Returns:
            Notion's object as a dict, or a ListResult with ``data`` and ``meta``; of a write's dry run a DryRun; with
            ``format`` text.

        Raises:
            NotionAgentError: see airbyte_agent_notion.errors.
        """
        flow = executed(self.runner.engine, entity, action, params, dry_run=dry_run, format=format)
        return await self.runner.adrive(flow)

    async def check(self) -> CheckResult:
        """Ask Notion whom the token acts as; never raises."""
        return await self.runner.adrive(self._check())

    @classmethod
    async def create(
        cls,
        *,
        airbyte_config: AirbyteAuthConfig,
        auth_config: Credentials | None = None,
        server_side_oauth_secret_id: str | None = None,
        name: str | None = None,
        replication_config: Mapping[str, Any] | None = None,
        source_template_id: str | None = None,
        policy: Policy | None = None,
        base_url: str | None = None,
        http_client: HttpClient | None = None,
    ) -> Self:
        """Create a customer's connector in hosted mode, and return a connector bound to it.

        Never repeated blindly: where it is not known whether the server has made it, OutcomeUnknown says so.

        Args:
            airbyte_config: client id and secret, ``customer_name``, and ``organization_id`` where it is needed.
            auth_config: Notion's credentials, for the server to keep.
            server_side_oauth_secret_id: in place of ``auth_config``: credentials that the server has already.
            name: of the connector; by default the server chooses.
            replication_config: passed on as it is.
            source_template_id: passed on as it is.
            policy: what the connector returned may do from here; the server has a policy of its own.
            base_url: as for the constructor.
            http_client: as for the constructor.

        Raises:
            ConfigurationError: an argument is missing or wrong.
            NotionAgentError: the server refused, or was not reached.
        """
        notion = cls(hosted(airbyte_config), policy=policy, base_url=base_url, http_client=http_client)
        creation = notion._hosted().create(
            auth_config,
            name=name,
            replication_config=replication_config,
            server_side_oauth_secret_id=server_side_oauth_secret_id,
            source_template_id=source_template_id,
        )
        try:
            await notion.runner.adrive(creation)
        except BaseException:
            await notion.close()
            raise
        return notion

    @classmethod
    async def get_consent_url(
        cls,
        *,
        airbyte_config: AirbyteAuthConfig,
        redirect_url: str,
        name: str | None = None,
        replication_config: Mapping[str, Any] | None = None,
        source_template_id: str | None = None,
        base_url: str | None = None,
        http_client: HttpClient | None = None,
    ) -> str:
        """Ask the server for the address of the consent page, to which you send the customer's browser.

        When the user has agreed, the server makes the connector and sends the browser to ``redirect_url`` with
        ``connector_id``, or with ``error``, in the query: see ``parse_callback``.

        Args:
            airbyte_config: client id and secret, ``customer_name``, and ``organization_id`` where it is needed.
            redirect_url: an address of your application that the server knows.
            name: of the connector; by default the server chooses.
            replication_config: passed on as it is.
            source_template_id: passed on as it is.
            base_url: as for the constructor.
            http_client: as for the constructor.

        Raises:
            ConfigurationError: an argument is missing or wrong.
            NotionAgentError: the server refused, or was not reached.
        """
        async with cls(hosted(airbyte_config), base_url=base_url, http_client=http_client) as notion:
            initiation = notion._hosted().consent_url(
                redirect_url,
                name=name,
                replication_config=replication_config,
                source_template_id=source_template_id,
            )
            return await notion.runner.adrive(initiation)

    @classmethod
    async def configure_oauth_app_parameters(
        cls,
        *,
        airbyte_config: AirbyteAuthConfig,
        credentials: NotionOAuthCredentials | None,
        base_url: str | None = None,
        http_client: HttpClient | None = None,
    ) -> None:
        """Show your own OAuth app's name on consent pages, or the server's again.

        Args:
            airbyte_config: client id and secret, and ``organization_id`` where it is needed.
            credentials: your app's; None to revert to the server's.
            base_url: as for the constructor.
            http_client: as for the constructor.

        Raises:
            ConfigurationError: an argument is missing or wrong.
            NotionAgentError: the server refused, or was not reached.
        """
        api, transport = open_agent_api(airbyte_config, Options(base_url=base_url, http_client=http_client))
        try:
            await adrive(api.configure(credentials), transport)
        finally:
            await transport.aclose()

    async def close(self) -> None:
        """Close the connections of the running loop; the connector cannot be used afterwards."""
        await self.runner.transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


class SyncNotionConnector(BaseConnector[Sync]):
    """Notion for agents, blocking: the twin of NotionConnector, also inside a running event loop.

    ``notion.pages.get(page_id=...)``, ``for page in notion.pages.list.iterate(query=...)``,
    ``notion.execute("pages", "get", {"page_id": ...})``.
    """

    _kind = Sync

    def execute(
        self,
        entity: str,
        action: str,
        params: Mapping[str, Any] | str | None = None,
        *,
        dry_run: bool | None = None,
        format: Format | None = None,
    ) -> Any:
        """Run an operation by name; as NotionConnector.execute, blocking."""
        flow = executed(self.runner.engine, entity, action, params, dry_run=dry_run, format=format)
        return self.runner.drive(flow)

    def check(self) -> CheckResult:
        """Ask Notion whom the token acts as; never raises."""
        return self.runner.drive(self._check())

    @classmethod
    def create(
        cls,
        *,
        airbyte_config: AirbyteAuthConfig,
        auth_config: Credentials | None = None,
        server_side_oauth_secret_id: str | None = None,
        name: str | None = None,
        replication_config: Mapping[str, Any] | None = None,
        source_template_id: str | None = None,
        policy: Policy | None = None,
        base_url: str | None = None,
        http_client: HttpClient | None = None,
    ) -> Self:
        """As NotionConnector.create, blocking."""
        notion = cls(hosted(airbyte_config), policy=policy, base_url=base_url, http_client=http_client)
        creation = notion._hosted().create(
            auth_config,
            name=name,
            replication_config=replication_config,
            server_side_oauth_secret_id=server_side_oauth_secret_id,
            source_template_id=source_template_id,
        )
        try:
            notion.runner.drive(creation)
        except BaseException:
            notion.close()
            raise
        return notion

    @classmethod
    def get_consent_url(
        cls,
        *,
        airbyte_config: AirbyteAuthConfig,
        redirect_url: str,
        name: str | None = None,
        replication_config: Mapping[str, Any] | None = None,
        source_template_id: str | None = None,
        base_url: str | None = None,
        http_client: HttpClient | None = None,
    ) -> str:
        """As NotionConnector.get_consent_url, blocking."""
        with cls(hosted(airbyte_config), base_url=base_url, http_client=http_client) as notion:
            initiation = notion._hosted().consent_url(
                redirect_url,
                name=name,
                replication_config=replication_config,
                source_template_id=source_template_id,
            )
            return notion.runner.drive(initiation)

    @classmethod
    def configure_oauth_app_parameters(
        cls,
        *,
        airbyte_config: AirbyteAuthConfig,
        credentials: NotionOAuthCredentials | None,
        base_url: str | None = None,
        http_client: HttpClient | None = None,
    ) -> None:
        """As NotionConnector.configure_oauth_app_parameters, blocking."""
        api, transport = open_agent_api(airbyte_config, Options(base_url=base_url, http_client=http_client))
        try:
            drive(api.configure(credentials), transport)
        finally:
            transport.close()

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
