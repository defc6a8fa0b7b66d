"""What authenticates a request to Notion, and how an OAuth grant is renewed."""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from pydantic import SecretStr

from ..errors import InvalidResponse, NotionAgentError, Recovery, Unauthorized
from ..flow import Flow, Request, Response, call, send
from ..models.credentials import NotionAccessTokenAuthConfig, NotionOauth20AuthConfig
from .retry import failure_of, is_ambiguous
from .single_flight import SingleFlight
from .status import decode

__all__ = [
    "Grant",
    "Hidden",
    "NotionCredentials",
    "app_secrets",
    "basic_headers",
    "bearer",
    "decode_without",
    "notion_headers",
    "without_token",
]

NotionCredentials = NotionAccessTokenAuthConfig | NotionOauth20AuthConfig

_log = logging.getLogger("airbyte_agent_notion")
_KNOWN_PREFIXES = ("ntn_", "secret_")


def bearer(credentials: NotionCredentials) -> SecretStr:
    """The bearer token of either open-source credential.

    Notion calls its tokens opaque, so an unknown prefix is sent all the same.
    """
    if isinstance(credentials, NotionOauth20AuthConfig):
        return credentials.access_token
    if not credentials.token.get_secret_value().startswith(_KNOWN_PREFIXES):
        _log.debug("The Notion token starts with neither %s; it is sent as it is.", " nor ".join(_KNOWN_PREFIXES))
    return credentials.token


def without_token(response: Response, *secrets: SecretStr) -> Response:
    """A refusal without the secrets, which a proxy may have echoed: it ends up in errors, logs and models."""
    headers, content = dict(response.headers), response.content
    for secret in secrets:
        text = secret.get_secret_value()
        headers = {name: value.replace(text, "***") for name, value in headers.items()}
        content = content.replace(text.encode(), b"***")
    return Response(status=response.status, headers=headers, content=content)


def decode_without(response: Response, *secrets: SecretStr, not_found: str | None = None) -> dict[str, Any]:
    """Notion's JSON object; or an error that holds none of the secrets, whoever answered."""
    if response.status >= 300:
        return decode(without_token(response, *secrets), not_found=not_found)
    with suppress(NotionAgentError):
        return decode(response)
    # Again, outside of that error, which would come along as this one's context.
    return decode(without_token(response, *secrets))


def app_secrets(client_id: str, client_secret: SecretStr) -> tuple[SecretStr, SecretStr]:
    """The client secret, plain and as the Basic header holds it."""
    return client_secret, SecretStr(_basic(client_id, client_secret))


def notion_headers(token: SecretStr, notion_version: str) -> dict[str, str]:
    """What every call to Notion carries."""
    return {"authorization": f"Bearer {token.get_secret_value()}", "notion-version": notion_version}


def basic_headers(client_id: str, client_secret: SecretStr, notion_version: str) -> dict[str, str]:
    """What the OAuth endpoints take in place of a bearer token."""
    return {"authorization": f"Basic {_basic(client_id, client_secret)}", "notion-version": notion_version}


def _basic(client_id: str, client_secret: SecretStr) -> str:
    return b64encode(f"{client_id}:{client_secret.get_secret_value()}".encode()).decode()


class Hidden(dict[str, Any]):
    """A JSON body that holds a secret, and does not show it."""

    def __repr__(self) -> str:
        return f"<{', '.join(self)}>"


class Grant:
    """The token in use, and its renewal where there is a refresh token. Thread-safe.

    However many calls are refused at once, one refresh is sent: Notion takes each refresh token once and answers with a
    new pair. It is handed to ``on_refresh`` before the old pair is dropped, and a cancelled caller does not stop it.
    """

    def __init__(
        self, credentials: NotionCredentials, on_refresh: Callable[[Mapping[str, Any]], Any] | None = None
    ) -> None:
        self._app = credentials if isinstance(credentials, NotionOauth20AuthConfig) else None
        self._on_refresh = on_refresh
        self._token = bearer(credentials)
        self._refresh_token = self._app.refresh_token if self._app else None
        self._renewals = SingleFlight()

    @property
    def token(self) -> SecretStr:
        """The access token in use."""
        return self._token

    @property
    def refreshable(self) -> bool:
        """Whether an expired token can be renewed."""
        return self._refresh_token is not None

    def refreshed(self, refused: SecretStr, notion_version: str) -> Flow[None]:
        """Renew the token that was refused, unless another call has done so or is about to.

        Calls that wait for another's refresh share its outcome, also where it failed.
        """
        yield from self._renewals.run(
            lambda: self._renew(notion_version),
            needed=lambda: self._token.get_secret_value() == refused.get_secret_value(),
        )

    def _renew(self, notion_version: str) -> Flow[None]:
        pair = yield from self._exchange(notion_version)
        try:
            if self._on_refresh is not None:
                callback = self._on_refresh
                yield from call(lambda: callback(dict(pair)))
        finally:
            # Also where the callback failed: the old pair is of no use any more.
            self._token = SecretStr(pair["access_token"])
            self._refresh_token = SecretStr(pair.get("refresh_token") or self._secret())

    def _exchange(self, notion_version: str) -> Flow[dict[str, Any]]:
        if self._app is None:
            raise Unauthorized("There is nothing to renew the token with.", status=401)
        # No secret stands in a local variable: error reporters send those along.
        secrets = (SecretStr(self._secret()), *app_secrets(self._app.client_id, self._app.client_secret))
        try:
            response = yield from send(self._refresh(self._app, notion_version))
            pair = Hidden(decode_without(response, *secrets))
        except NotionAgentError as error:
            failure = failure_of(error)
            if failure is not None and not is_ambiguous(failure) and failure.status in {None, 429, 529}:
                raise  # Notion refused to start, or was not reached: nothing is lost.
            raise _not_renewed(error, lost=failure is not None and is_ambiguous(failure)) from error
        if not isinstance(pair.get("access_token"), str):
            raise InvalidResponse("Notion's answer to a token refresh holds no access_token.")
        return pair

    def _refresh(self, app: NotionOauth20AuthConfig, notion_version: str) -> Request:
        return Request(
            method="POST",
            path="/v1/oauth/token",
            json=Hidden(grant_type="refresh_token", refresh_token=self._secret()),
            headers=basic_headers(app.client_id, app.client_secret, notion_version),
        )

    def _secret(self) -> str:
        return "" if self._refresh_token is None else self._refresh_token.get_secret_value()


def _not_renewed(error: NotionAgentError, *, lost: bool) -> Unauthorized:
    """What a call raises whose token could not be renewed. The call itself was refused and has no effect."""
    if lost:
        recovery, hint = Recovery.RETRY_LATER, "Call again; if it stays, a person must authorize the connection again."
    else:
        recovery = Recovery.ASK_OPERATOR
        hint = "Calling again will not help: a person must authorize the connection again."
    return Unauthorized(
        f"The access token has expired and could not be renewed: {error.message}",
        status=401,
        code=error.code,
        recovery=recovery,
        hint=hint,
        details=error.details,
        request_id=error.request_id,
    )
