"""From a connector's arguments to what it runs on: credentials, executor, transport."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from ._version import __version__
from .errors import ConfigurationError
from .executors.agent_api import AgentApi
from .executors.hosted import HostedExecutor
from .executors.local import LocalExecutor
from .models.credentials import AirbyteAuthConfig, NotionAccessTokenAuthConfig, NotionOauth20AuthConfig
from .settings import Settings

if TYPE_CHECKING:
    from .wire.transport import HttpClient, HttpTransport

__all__ = [
    "AuthConfig",
    "Executor",
    "Options",
    "TokenRefreshCallback",
    "credentials_of",
    "hosted",
    "open_agent_api",
    "open_executor",
    "open_transport",
]

AuthConfig: TypeAlias = NotionAccessTokenAuthConfig | NotionOauth20AuthConfig | AirbyteAuthConfig
Executor: TypeAlias = LocalExecutor | HostedExecutor
TokenRefreshCallback: TypeAlias = Callable[[Mapping[str, Any]], Awaitable[None] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """A connector's arguments beside its credentials; None leaves one to the environment or the default."""

    base_url: str | None = None
    notion_version: str | None = None
    timeout: float | None = None
    http_client: HttpClient | None = None
    on_token_refresh: TokenRefreshCallback | None = None
    deadline: float | None = None
    requests_per_minute: int | None = None
    proxy: str | None = None
    ca_file: str | None = None

    def settings(self, *, hosted: bool) -> Settings:
        """The settings that they give; raises ConfigurationError."""
        return Settings.resolve(
            base_url=self.base_url,
            notion_version=self.notion_version,
            timeout=self.timeout,
            deadline=self.deadline,
            requests_per_minute=self.requests_per_minute,
            hosted=hosted,
        )


_NOT_HOSTED = {
    "on_token_refresh": "the server renews its grants",
    "notion_version": "the server chooses it",
    "requests_per_minute": "the server keeps to Notion's limits",
}


def open_executor(credentials: AuthConfig, settings: Settings, options: Options) -> Executor:
    """Where operations run with these credentials; raises ConfigurationError."""
    if isinstance(credentials, AirbyteAuthConfig):
        for name, reason in _NOT_HOSTED.items():
            if getattr(options, name) is not None:
                raise ConfigurationError(f"{name} has no use in hosted mode: {reason}.", hint="Leave it out.")
        return HostedExecutor(credentials, deadline=settings.deadline)
    return LocalExecutor(
        credentials,
        settings.notion_version,
        per_minute=settings.requests_per_minute,
        deadline=settings.deadline,
        on_token_refresh=options.on_token_refresh,
    )


def open_transport(settings: Settings, options: Options) -> HttpTransport:
    """What sends the requests; raises ConfigurationError."""
    from .wire.transport import HttpTransport  # httpx is loaded when it is first needed

    return HttpTransport(
        base_url=settings.base_url,
        timeout=None if options.timeout is None and options.http_client is not None else settings.timeout,
        user_agent=f"airbyte-agent-notion/{__version__}",
        http_client=options.http_client,
        proxy=options.proxy,
        ca_file=options.ca_file,
    )


def open_agent_api(config: AirbyteAuthConfig, options: Options) -> tuple[AgentApi, HttpTransport]:
    """The server itself, whoever's connector; raises ConfigurationError."""
    settings = options.settings(hosted=True)
    api = AgentApi(hosted(config), deadline=settings.deadline)
    return api, open_transport(settings, options)


_ACCEPTED = "NotionAccessTokenAuthConfig(token=...), NotionOauth20AuthConfig(...) or AirbyteAuthConfig(...)"


def credentials_of(given: object) -> AuthConfig:
    """The credentials given, else those of the environment; raises ConfigurationError."""
    if isinstance(given, AirbyteAuthConfig):
        return _completed(given)
    if isinstance(given, (NotionAccessTokenAuthConfig, NotionOauth20AuthConfig)):
        return given
    if given is not None:
        raise ConfigurationError(f"auth_config is of type {type(given).__name__}.", hint=f"Accepted are {_ACCEPTED}.")
    if token := os.environ.get("NOTION_TOKEN", "").strip():
        return NotionAccessTokenAuthConfig(token=token)
    if os.environ.get("AIRBYTE_CLIENT_ID") and os.environ.get("AIRBYTE_CLIENT_SECRET"):
        return _completed(AirbyteAuthConfig())
    raise ConfigurationError(
        "There are no credentials.",
        hint=f"Pass auth_config: {_ACCEPTED}; or set NOTION_TOKEN; or try NotionConnector.sandbox().",
    )


def hosted(config: object) -> AirbyteAuthConfig:
    """A hosted configuration, completed from the environment; raises ConfigurationError for anything else."""
    if isinstance(config, AirbyteAuthConfig):
        return _completed(config)
    raise ConfigurationError(
        f"airbyte_config is of type {type(config).__name__}.", hint="It must be an AirbyteAuthConfig(...)."
    )


_VARIABLES = {
    "airbyte_client_id": "AIRBYTE_CLIENT_ID",
    "airbyte_client_secret": "AIRBYTE_CLIENT_SECRET",
    "organization_id": "AIRBYTE_ORGANIZATION_ID",
    "customer_name": "AIRBYTE_CUSTOMER_NAME",
    "connector_id": "AIRBYTE_CONNECTOR_ID",
}


def _completed(config: AirbyteAuthConfig) -> AirbyteAuthConfig:
    """With what the environment knows where the config is silent; client and connector never come from two places."""
    given = {name: value for name in _VARIABLES if (value := getattr(config, name)) is not None}
    client = {"airbyte_client_id", "airbyte_client_secret", "organization_id"}
    whose = {"customer_name", "connector_id"}
    wanted = [name for group in (client, whose) if not group & given.keys() for name in group]
    found = {name: value for name in wanted if (value := os.environ.get(_VARIABLES[name], "").strip())}
    return AirbyteAuthConfig(**{**given, **found})
