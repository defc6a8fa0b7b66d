"""Hosted mode: operations run on a server that keeps the credentials, by connector."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import random
from typing import Any, TypeVar, cast
from urllib.parse import quote

from ..errors import ConfigurationError, InvalidResponse, NotAvailable, NotFound, NotionAgentError
from ..flow import Flow, Request, sleep
from ..models.credentials import (
    AirbyteAuthConfig,
    NotionAccessTokenAuthConfig,
    NotionOauth20AuthConfig,
)
from ..operation import Effect, JsonObject, Operation, Spec
from ..settings import DEFAULT_DEADLINE, DEFAULT_NOTION_VERSION
from ..wire.agent_api import UNSUPPORTED, connector_path, execution_error, has_failed
from ..wire.auth import Hidden
from ..wire.single_flight import SingleFlight
from .agent_api import CONNECTOR_TYPE, AgentApi
from .exchange import Exchange, unknown_outcome

__all__ = ["HostedExecutor"]

T = TypeVar("T")
Credentials = NotionAccessTokenAuthConfig | NotionOauth20AuthConfig


class HostedExecutor:
    """Runs operations by POST /connectors/{id}/execute. Composites run their primitives one by one from here.

    Args:
        config: client id and secret, and which connector is meant: its id, or the customer whose only one it is.
        deadline: seconds that one call may take in all.
        draw: random numbers from 0 to 1, for the jitter.
    """

    notion_version = DEFAULT_NOTION_VERSION
    """The server decides; what it answers is read as this version's."""

    def __init__(
        self,
        config: AirbyteAuthConfig,
        *,
        deadline: float | None = DEFAULT_DEADLINE,
        draw: Callable[[], float] = random,
    ) -> None:
        if config.connector_id is None and config.customer_name is None:
            raise ConfigurationError(
                "Hosted mode needs to know whose connector is meant.",
                hint="Give customer_name or connector_id to AirbyteAuthConfig.",
            )
        self.api = AgentApi(config, deadline=deadline, draw=draw)
        self.connector_id = config.connector_id
        """Given, created, or looked up by the customer's name; None before that."""
        self._customer = config.customer_name
        self._given = config.connector_id is not None
        self._look_ups = SingleFlight()

    def __str__(self) -> str:
        return f"hosted connector {self.connector_id or f'of {self._customer!r}'}"

    def perform(self, operation: Operation[Any]) -> Flow[JsonObject]:
        """One primitive operation as a call of its own."""
        return _Call(self).perform(operation)

    def call(self, operation: Operation[T]) -> Flow[T]:
        """Any operation, primitive or composite, within one deadline."""
        return operation.flow(_Call(self))

    def wait(self, seconds: float) -> Flow[None]:
        """Let time pass; outside a call there is no deadline."""
        return sleep(seconds)

    def create(
        self,
        credentials: Credentials | None,
        *,
        name: str | None,
        replication_config: Mapping[str, Any] | None,
        server_side_oauth_secret_id: str | None,
        source_template_id: str | None,
    ) -> Flow[None]:
        """Create the customer's connector; this executor then is bound to it."""
        if self._given:
            raise ConfigurationError(
                "A connector is to be created, and airbyte_config names one already.", hint="Leave connector_id out."
            )
        if (credentials is None) == (server_side_oauth_secret_id is None):
            raise ConfigurationError(
                "A connector is created with auth_config or with server_side_oauth_secret_id.", hint="Give one of them."
            )
        body = self._named(name, replication_config, source_template_id)
        if credentials is not None:
            body["credentials"] = credential_fields(credentials)
        if server_side_oauth_secret_id is not None:
            body["server_side_oauth_secret_id"] = server_side_oauth_secret_id
        self.connector_id = yield from self.api.create(body, *(_secrets(credentials) if credentials else ()))
        self._given = True

    def consent_url(
        self,
        redirect_url: str,
        *,
        name: str | None,
        replication_config: Mapping[str, Any] | None,
        source_template_id: str | None,
    ) -> Flow[str]:
        """Where the customer's user agrees; the server then creates the connector."""
        body = self._named(name, replication_config, source_template_id)
        return self.api.consent_url({**body, "redirect_url": redirect_url})

    def check(self) -> Flow[JsonObject]:
        """The server's own check of the connector: ``status``, ``error``, ``checked_entity``, ``checked_action``."""
        call = _Call(self)
        body = yield from call.answer(_CHECK, {}, repeatable=True)
        if has_failed(body):
            raise execution_error(body, _CHECK)
        return _object(body, _CHECK)

    def identified(self, exchange: Exchange) -> Flow[str]:
        """The connector's id, looked up once for all who need it."""
        while True:
            found = self.connector_id  # Another call may forget it meanwhile.
            if found is not None:
                return found
            yield from self._look_ups.run(lambda: self._look_up(exchange), needed=lambda: self.connector_id is None)

    def forget(self, connector_id: str) -> bool:
        """Forget an id that the server does not know; False where it was given and cannot be looked up again."""
        if not self._given and self.connector_id == connector_id:
            self.connector_id = None
        return not self._given

    def _look_up(self, exchange: Exchange) -> Flow[None]:
        self.connector_id = yield from self.api.find(self._customer or "", exchange)

    def _named(
        self, name: str | None, replication_config: Mapping[str, Any] | None, source_template_id: str | None
    ) -> Hidden:
        if self._customer is None:
            raise ConfigurationError(
                "A connector is created for a customer.", hint="Give customer_name to AirbyteAuthConfig."
            )
        optional = {
            "name": name,
            "replication_config": None if replication_config is None else dict(replication_config),
            "source_template_id": source_template_id,
        }
        given = {key: value for key, value in optional.items() if value is not None}
        return Hidden({"customer_name": self._customer, "connector_type": CONNECTOR_TYPE, **given})


_CHECK = Spec("*", "check", "POST /check")


class _Call:
    """One call: what its requests share."""

    def __init__(self, executor: HostedExecutor) -> None:
        self._executor = executor
        self._exchange = executor.api.exchange()
        self.notion_version = executor.notion_version

    def call(self, operation: Operation[T]) -> Flow[T]:
        """An operation within this call."""
        return operation.flow(self)

    def wait(self, seconds: float) -> Flow[None]:
        """Let time pass within this call."""
        return self._exchange.wait(seconds)

    def perform(self, operation: Operation[Any]) -> Flow[JsonObject]:
        """Run an operation on the server, and give Notion's object as it was there.

        Raises:
            NotAvailable: it needs a token of one's own, or, with code ``unsupported_by_server``, the server does not
                offer it.
            OutcomeUnknown: a write may or may not have taken effect.
            NotionAgentError: what the operation failed with on the server, or the server itself.
        """
        if operation.spec.surface == "python":
            raise NotAvailable(
                f"{operation.spec.name} cannot run in hosted mode.", hint="Use a connector with a Notion token for it."
            )
        repeatable = operation.effect is Effect.READ or operation.spec.repeatable
        try:
            body = yield from self.answer(operation.spec, operation.params(), repeatable=repeatable)
        except NotionAgentError as error:
            other = unknown_outcome(operation, error) or _unsupported(operation.spec, error)
            if other is None:
                raise
            raise other from error
        if has_failed(body):
            raise execution_error(body, operation.spec)
        return _data(body, operation)

    def answer(self, spec: Spec, params: JsonObject, *, repeatable: bool) -> Flow[JsonObject]:
        """The server's answer; a remembered connector that is gone is looked up again, once."""
        identifier = yield from self._executor.identified(self._exchange)
        try:
            return (yield from self._execute(identifier, spec, params, repeatable=repeatable))
        except NotFound:
            if not self._executor.forget(identifier):
                raise
            found = yield from self._executor.identified(self._exchange)
            if found == identifier:
                raise
        return (yield from self._execute(found, spec, params, repeatable=repeatable))

    def _execute(self, identifier: str, spec: Spec, params: JsonObject, *, repeatable: bool) -> Flow[JsonObject]:
        body = {"entity": spec.entity, "action": spec.action, "params": params}
        path = connector_path(_part(identifier), "execute")
        request = Request(method="POST", path=path, json=body)
        return self._executor.api.request(request, repeatable=repeatable, exchange=self._exchange)


PUBLIC_OPERATIONS = (
    "blocks.get",
    "blocks.list",
    "comments.list",
    "data_sources.get",
    "data_sources.list",
    "pages.get",
    "pages.list",
    "users.get",
    "users.list",
)
"""What every published version of Airbyte's client could call."""


def _unsupported(spec: Spec, error: NotionAgentError) -> NotAvailable | None:
    """A server that is not ours refuses what it does not know with a bare 400 or 422."""
    status = getattr(error, "status", None)
    if status in {400, 422} and spec.name not in PUBLIC_OPERATIONS:
        return NotAvailable(
            f"This server does not seem to offer {spec.name}: {error.message}",
            code=UNSUPPORTED,
            hint=f"Every server offers {', '.join(PUBLIC_OPERATIONS)}.",
            details={"operation": spec.name, "offered": list(PUBLIC_OPERATIONS), **error.details},
            request_id=error.request_id,
        )
    return None


def _data(body: JsonObject, operation: Operation[Any]) -> JsonObject:
    """Notion's own object: the items of a list come back into it."""
    result = body.get("result")
    if not isinstance(result, list):
        return _object(body, operation.spec)
    told = body.get("connector_metadata")
    meta = cast("JsonObject", told) if isinstance(told, dict) else {}
    cursor, more = meta.get("next_cursor", meta.get("end_cursor")), meta.get("has_more", meta.get("has_next_page"))
    items: str = getattr(operation, "items_key", "results")
    return {"object": "list", **meta, "next_cursor": cursor, "has_more": bool(more), items: result}


def _object(body: JsonObject, spec: Spec) -> JsonObject:
    result = body.get("result")
    if not isinstance(result, dict):
        raise InvalidResponse(f"The server's answer to {spec.name} holds no result.")
    return cast("JsonObject", result)


def _part(identifier: str) -> str:
    if not identifier.strip("."):
        raise ConfigurationError("connector_id is not an id.")
    return quote(identifier, safe="")


def credential_fields(credentials: Credentials) -> Hidden:
    """The credentials as the server takes them."""
    if not isinstance(credentials, (NotionAccessTokenAuthConfig, NotionOauth20AuthConfig)):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ConfigurationError(
            f"auth_config is of type {type(credentials).__name__}.",
            hint="Pass NotionAccessTokenAuthConfig(token=...) or NotionOauth20AuthConfig(...).",
        )
    shown = {name: getattr(credentials, name) for name in type(credentials).model_fields}
    return Hidden(
        {
            name: value if isinstance(value, str) else value.get_secret_value()
            for name, value in shown.items()
            if value is not None
        }
    )


def _secrets(credentials: Credentials) -> tuple[Any, ...]:
    values = (getattr(credentials, name) for name in type(credentials).model_fields)
    return tuple(value for value in values if value is not None and not isinstance(value, str))
