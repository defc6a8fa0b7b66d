"""A server that speaks the Agent API: its tokens, and the calls that make and find connectors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import random
from typing import cast

from pydantic import SecretStr

from ..errors import ConfigurationError, InvalidResponse, NotionAgentError, OutcomeUnknown
from ..flow import Flow, Request, now
from ..models.credentials import AirbyteAuthConfig, NotionOAuthCredentials
from ..operation import JsonObject
from ..wire.agent_api import connector_path, decode_agent
from ..wire.auth import Hidden
from ..wire.limits import Limiter
from ..wire.retry import failure_of, is_ambiguous
from ..wire.single_flight import SingleFlight
from .exchange import Exchange, never_renewed

__all__ = ["CONNECTOR_TYPE", "DEFINITION_ID", "AgentApi"]

CONNECTOR_TYPE = "Notion"
DEFINITION_ID = "6e00b415-b02e-4160-bf02-58176a0ae687"
"""What the Agent API calls Notion's connector."""

OAUTH_CREDENTIALS = "/api/v1/oauth/credentials"

TOKEN_SECONDS = 900.0
"""How long an application token lives where the server does not say."""
MARGIN_SECONDS = 60.0
"""An application token is exchanged so long before its end."""


class AgentApi:
    """Requests to the server with the application's token. Thread-safe.

    Args:
        config: client id and secret, and the organisation where the client has several.
        deadline: seconds that one call may take in all.
        draw: random numbers from 0 to 1, for the jitter.
    """

    def __init__(
        self, config: AirbyteAuthConfig, *, deadline: float | None, draw: Callable[[], float] = random
    ) -> None:
        if config.airbyte_client_id is None or config.airbyte_client_secret is None:
            raise ConfigurationError(
                "Hosted mode needs airbyte_client_id and airbyte_client_secret.",
                hint="Give both to AirbyteAuthConfig, or set AIRBYTE_CLIENT_ID and AIRBYTE_CLIENT_SECRET.",
            )
        self._client_id = config.airbyte_client_id
        self._client_secret = config.airbyte_client_secret
        self._organization = {} if config.organization_id is None else {"x-organization-id": config.organization_id}
        self._deadline, self._draw = deadline, draw
        self._limiter = Limiter(None)
        self._token: SecretStr | None = None
        self._usable_until = 0.0
        self._exchanges = SingleFlight()

    def exchange(self) -> Exchange:
        """What the requests of one call share."""
        return Exchange(self._limiter, deadline=self._deadline, draw=self._draw)

    def request(
        self,
        request: Request,
        *,
        repeatable: bool,
        exchange: Exchange | None = None,
        secrets: tuple[SecretStr, ...] = (),
    ) -> Flow[JsonObject]:
        """Send a request, with the token exchanged first where it must be and once more after a 401.

        Args:
            request: its headers are ours to set.
            repeatable: whether sending again cannot do anything twice.
            exchange: the call that it belongs to; by default one of its own.
            secrets: what the request holds and no error may repeat.

        Raises:
            ApiError: the server refused.
            TransportError, InvalidResponse, DeadlineExceeded: as for every call.
        """
        within = exchange or self.exchange()

        def attempt(token: SecretStr) -> Flow[JsonObject]:
            headers = {"authorization": f"Bearer {token.get_secret_value()}", **self._organization}
            response = yield from within.send(request.prepared(headers))
            return decode_agent(response, token, self._client_secret, *secrets)

        return within.repeated(attempt, token=lambda: self._current(within), renewed=self._drop, repeatable=repeatable)

    def find(self, customer_name: str, exchange: Exchange) -> Flow[str]:
        """Id of a customer's only connector.

        Raises:
            ConfigurationError: there is none, or there are several; ``details["choices"]`` lists them.
        """
        query = (("customer_name", customer_name), ("definition_id", DEFINITION_ID))
        request = Request(method="GET", path=connector_path(), query=query)
        body = yield from self.request(request, repeatable=True, exchange=exchange)
        found = body.get("data")
        if not isinstance(found, list):
            raise InvalidResponse("The Agent API's answer to a look-up of connectors holds no list under 'data'.")
        return _only(cast("list[object]", found), customer_name)

    def create(self, body: Mapping[str, object], *secrets: SecretStr) -> Flow[str]:
        """Create a connector and return its id; never repeated blindly."""
        request = Request(method="POST", path=connector_path(), json=Hidden(body))
        try:
            answer = yield from self.request(request, repeatable=False, secrets=secrets)
        except NotionAgentError as error:
            failure = failure_of(error)
            if failure is None or not is_ambiguous(failure):
                raise
            raise OutcomeUnknown(
                f"A connector was to be created, and it is not known whether it was: {error.message}",
                hint="Look whether the customer has it, for instance with check(), before you create it again.",
                request_id=error.request_id,
            ) from error
        return _text(answer, "id", "the creation of a connector")

    def consent_url(self, body: Mapping[str, object]) -> Flow[str]:
        """Where to send the user's browser."""
        request = Request(method="POST", path=connector_path("oauth", "initiate"), json=dict(body))
        # Repeating it makes another address; nothing is connected before a person agrees.
        answer = yield from self.request(request, repeatable=True)
        url = _text(answer, "consent_url", "the beginning of a consent")
        if not url.startswith(("https://", "http://")):
            raise InvalidResponse("The Agent API's consent_url is not an http(s) address.")
        return url

    def configure(self, app: NotionOAuthCredentials | None) -> Flow[None]:
        """Show the organisation's own OAuth app on consent pages; None shows the server's again."""
        if app is None:
            path = f"{OAUTH_CREDENTIALS}/connector_type/{CONNECTOR_TYPE.lower()}"
            yield from self.request(Request(method="DELETE", path=path), repeatable=True)
            return
        if not isinstance(app, NotionOAuthCredentials):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ConfigurationError(
                f"credentials are of type {type(app).__name__}.", hint="Pass NotionOAuthCredentials(...), or None."
            )
        configuration = Hidden(client_id=app.client_id, client_secret=app.client_secret.get_secret_value())
        body = Hidden(connector_type=CONNECTOR_TYPE.lower(), configuration=configuration)
        request = Request(method="PUT", path=OAUTH_CREDENTIALS, json=body)
        yield from self.request(request, repeatable=True, secrets=(app.client_secret,))

    def _current(self, exchange: Exchange) -> Flow[SecretStr]:
        """The token, exchanged once for all who need it."""
        moment = yield from now()
        yield from self._exchanges.run(
            lambda: self._exchange_token(exchange),
            needed=lambda: self._token is None or moment >= self._usable_until,
        )
        assert self._token is not None
        return self._token

    def _drop(self, refused: SecretStr) -> Flow[bool]:
        """The refused token is used no more, unless another call has replaced it already."""
        yield from ()
        if self._token is refused:
            self._usable_until = 0.0
        return True

    def _exchange_token(self, exchange: Exchange) -> Flow[None]:
        body = Hidden(client_id=self._client_id, client_secret=self._client_secret.get_secret_value())
        path = "/api/v1/account/applications/token"
        request = Request(method="POST", path=path, json=body, headers=self._organization)

        def attempt(_no_token: SecretStr) -> Flow[JsonObject]:
            response = yield from exchange.send(request)
            return decode_agent(response, self._client_secret)

        answer = yield from exchange.repeated(attempt, token=_nothing, renewed=never_renewed, repeatable=True)
        token = answer.get("access_token")
        if not isinstance(token, str) or not token or not all("!" <= character <= "~" for character in token):
            raise InvalidResponse("The Agent API's answer to a token exchange holds no access_token.")
        self._token = SecretStr(token)
        self._usable_until = (yield from now()) + _usable_for(answer.get("expires_in"))


def _nothing() -> Flow[SecretStr]:
    yield from ()
    return SecretStr("")


def _usable_for(expires_in: object) -> float:
    told = isinstance(expires_in, (int, float)) and not isinstance(expires_in, bool) and expires_in > 0
    seconds = float(cast("float", expires_in)) if told else TOKEN_SECONDS
    return max(seconds - MARGIN_SECONDS, seconds / 2)


def _only(found: list[object], customer_name: str) -> str:
    rows = [cast("JsonObject", each) for each in found if isinstance(each, dict)]
    ids = [str(row["id"]) for row in rows if row.get("id")]
    if len(ids) == 1:
        return ids[0]
    if not ids:
        raise ConfigurationError(
            f"The customer {customer_name!r} has no Notion connector.",
            hint="Create one with create(...), or let the user connect at get_consent_url(...).",
            code="connector_not_found",
        )
    raise ConfigurationError(
        f"The customer {customer_name!r} has {len(ids)} Notion connectors.",
        hint=f"Name one in AirbyteAuthConfig(connector_id=...): {', '.join(ids[:10])}.",
        code="connector_ambiguous",
        details={"choices": ids},
    )


def _text(answer: JsonObject, key: str, what: str) -> str:
    value = answer.get(key)
    if not isinstance(value, str) or not value:
        raise InvalidResponse(f"The Agent API's answer to {what} holds no {key}.")
    return value
