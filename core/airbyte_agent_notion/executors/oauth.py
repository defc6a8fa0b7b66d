"""The OAuth endpoints, with client id and secret in place of a token. Nothing is repeated: a code works once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from pydantic import SecretStr

from ..errors import NotionAgentError, OutcomeUnknown
from ..flow import Flow, Request, send, sleep
from ..models.credentials import NotionOAuthCredentials
from ..operation import Effect, Operation
from ..wire.auth import Hidden, app_secrets, basic_headers, decode_without
from ..wire.retry import failure_of, is_ambiguous

__all__ = ["OAuthExecutor"]

T = TypeVar("T")


class OAuthExecutor:
    """Runs the operations of ``operations/oauth.py``."""

    def __init__(self, credentials: NotionOAuthCredentials, notion_version: str) -> None:
        self._credentials = credentials
        self.notion_version = notion_version

    def perform(self, operation: Operation[Any]) -> Flow[dict[str, Any]]:
        """One request; secrets never show in an error."""
        app = self._credentials
        sent = [SecretStr(value) for value in operation.params().values() if isinstance(value, str) and value]
        try:
            response = yield from send(self._request(operation))
            return decode_without(response, *app_secrets(app.client_id, app.client_secret), *sent)
        except NotionAgentError as error:
            failure = failure_of(error)
            if operation.effect is Effect.READ or failure is None or not is_ambiguous(failure):
                raise
            raise OutcomeUnknown(
                f"{operation.spec.name} was sent, and its outcome is not known: {error.message}",
                hint=operation.spec.verify,
                details={"operation": operation.spec.name},
                request_id=error.request_id,
            ) from error

    def _request(self, operation: Operation[Any]) -> Request:
        app, request = self._credentials, operation.request()
        headers = basic_headers(app.client_id, app.client_secret, self.notion_version)
        return replace(request, json=Hidden(request.json), headers=headers)

    def call(self, operation: Operation[T]) -> Flow[T]:
        """Any operation."""
        return operation.flow(self)

    def wait(self, seconds: float) -> Flow[None]:
        """Let time pass; there is no deadline."""
        return sleep(seconds)
