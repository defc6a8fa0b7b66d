"""Open-source mode: operations go straight to Notion with the developer's own token."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import random
from typing import Any, TypeVar, cast
from urllib.parse import quote

from pydantic import SecretStr

from ..errors import NotionAgentError
from ..flow import Flow, Request, gather, sleep
from ..operation import Effect, Operation, Spec
from ..settings import DEFAULT_DEADLINE, DEFAULT_REQUESTS_PER_MINUTE
from ..wire.auth import Grant, NotionCredentials, decode_without, notion_headers
from ..wire.limits import Limiter
from ..wire.versions import spelled
from .exchange import Exchange, unknown_outcome

__all__ = ["LocalExecutor"]

T = TypeVar("T")
JsonObject = dict[str, Any]


class LocalExecutor:
    """Runs operations on Notion's REST API: within the limits, again where that is safe, until a deadline.

    Args:
        credentials: token, or OAuth with or without a refresh token.
        notion_version: Notion-Version header.
        per_minute: requests in any 60 s, shared by everything in this process that uses the token; None for no limit.
        deadline: seconds that one call may take in all; None for no limit.
        on_token_refresh: called with Notion's answer to a refresh before the old pair is dropped.
        draw: random numbers from 0 to 1, for the jitter.
    """

    def __init__(
        self,
        credentials: NotionCredentials,
        notion_version: str,
        *,
        per_minute: int | None = DEFAULT_REQUESTS_PER_MINUTE,
        deadline: float | None = DEFAULT_DEADLINE,
        on_token_refresh: Callable[[Mapping[str, Any]], Any] | None = None,
        draw: Callable[[], float] = random,
    ) -> None:
        self.notion_version = notion_version
        self.grant = Grant(credentials, on_token_refresh)
        token = self.grant.token.get_secret_value()
        self.limiter = Limiter(None) if per_minute is None else Limiter.shared(token, per_minute)
        self.deadline = deadline
        self.draw = draw

    def __str__(self) -> str:
        return f"Notion-Version {self.notion_version}"

    def perform(self, operation: Operation[Any]) -> Flow[JsonObject]:
        """One primitive operation as a call of its own."""
        return _Call(self).perform(operation)

    def call(self, operation: Operation[T]) -> Flow[T]:
        """Any operation, primitive or composite, within one deadline."""
        return operation.flow(_Call(self))

    def wait(self, seconds: float) -> Flow[None]:
        """Let time pass; outside a call there is no deadline."""
        return sleep(seconds)


class _Call:
    """One call: what its requests share."""

    def __init__(self, executor: LocalExecutor) -> None:
        self._grant = executor.grant
        self._exchange = Exchange(executor.limiter, deadline=executor.deadline, draw=executor.draw)
        self.notion_version = executor.notion_version

    def call(self, operation: Operation[T]) -> Flow[T]:
        """An operation within this call."""
        return operation.flow(self)

    def wait(self, seconds: float) -> Flow[None]:
        """Let time pass within this call."""
        return self._exchange.wait(seconds)

    def perform(self, operation: Operation[Any]) -> Flow[JsonObject]:
        """One operation's request, and its decoded answer.

        Raises:
            ApiError: Notion refused.
            OutcomeUnknown: a write may or may not have taken effect.
            DeadlineExceeded: the call's time is up.
            TransportError, InvalidResponse: there was no answer, or none of Notion's.
        """
        try:
            return (yield from self._answer(operation.request(), operation.effect, operation.spec))
        except NotionAgentError as error:
            unknown = unknown_outcome(operation, error)
            if unknown is None:
                raise
            committed = yield from self._committed(operation, error)
            if committed is None:
                raise unknown from error
            return committed

    def _answer(self, request: Request, effect: Effect, spec: Spec) -> Flow[JsonObject]:
        def attempt(token: SecretStr) -> Flow[JsonObject]:
            response = yield from self._exchange.send(sent.prepared(notion_headers(token, self.notion_version)))
            return decode_without(response, token, not_found=spec.not_found)

        sent = spelled(request, self.notion_version)
        repeatable = effect is Effect.READ or spec.repeatable or request.method in {"GET", "DELETE"}
        return self._exchange.repeated(attempt, token=self._token, renewed=self._renewed, repeatable=repeatable)

    def _token(self) -> Flow[SecretStr]:
        yield from ()
        return self._grant.token

    def _renewed(self, refused: SecretStr) -> Flow[bool]:
        if not self._grant.refreshable:
            return False
        yield from self._grant.refreshed(refused, self.notion_version)
        return True

    def _committed(self, operation: Operation[Any], error: NotionAgentError) -> Flow[JsonObject | None]:
        """What a write saved although it failed, where Notion names it and it can be read; else None."""
        template, appends = operation.spec.read_back, operation.spec.appends
        # Of new children the resource named is the parent, which says nothing of them.
        wanted = _ids(error.details.get("committed_child_ids" if appends else "committed_resource_id"))
        if template is None or not wanted:
            return None
        try:
            found = yield from gather([self._read(template, each, operation.spec) for each in wanted])
        except NotionAgentError:
            return None
        if appends:
            return {"object": "list", "results": found, "next_cursor": None, "has_more": False}
        return found[0]

    def _read(self, template: str, identifier: str, spec: Spec) -> Flow[JsonObject]:
        method, _, path = template.partition(" ")
        request = Request(method=method, path=path.replace("{id}", quote(identifier, safe="")))
        return self._answer(request, Effect.READ, spec)


def _ids(value: object) -> list[str]:
    """Notion's additional_data holds strings and lists of strings; dots alone would be another path."""
    values = cast("list[object]", value) if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str) and each.strip(".")]
