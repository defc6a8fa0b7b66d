"""What every executor's requests share: a limiter, a deadline, and when a request is sent again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import SecretStr

from ..errors import DeadlineExceeded, NotionAgentError, OutcomeUnknown, Unauthorized
from ..flow import Flow, Request, Response, now, sleep
from ..operation import Effect, Operation
from ..wire.limits import Limiter, send_within
from ..wire.retry import Failure, failure_of, is_ambiguous, wait_before_retry

__all__ = ["Exchange", "never_renewed", "unknown_outcome"]

T = TypeVar("T")

WORKSPACE_LIMIT = "public_api_space_request_rate_limit"


class Exchange:
    """The requests of one call.

    Args:
        limiter: admits requests, and is held back by a 429.
        deadline: seconds from the first request on that the call may take in all; None for no limit.
        draw: random numbers from 0 to 1, for the jitter.
    """

    def __init__(self, limiter: Limiter, *, deadline: float | None, draw: Callable[[], float]) -> None:
        self._limiter = limiter
        self._deadline = deadline
        self._draw = draw
        self._ends_at: float | None = None

    def send(self, request: Request) -> Flow[Response]:
        """Send once, when the limiter admits it; raises DeadlineExceeded where that would be too late."""
        if self._ends_at is None and self._deadline is not None:
            self._ends_at = (yield from now()) + self._deadline
        return (yield from send_within(self._limiter, request, ends_at=self._ends_at))

    def repeated(
        self,
        attempt: Callable[[SecretStr], Flow[T]],
        *,
        token: Callable[[], Flow[SecretStr]],
        renewed: Callable[[SecretStr], Flow[bool]],
        repeatable: bool,
    ) -> Flow[T]:
        """Attempt until there is an answer, or no further try is allowed.

        Args:
            attempt: sends and decodes, with the token given.
            token: the token to use.
            renewed: replaces a token that was refused; False if it cannot. Asked once.
            repeatable: whether sending again cannot do anything twice.
        """
        tries, refused = 0, False
        while True:
            tries += 1
            secret = yield from token()
            try:
                return (yield from attempt(secret))
            except Unauthorized:
                if refused or not (yield from renewed(secret)):
                    raise
                refused = True
                continue
            except NotionAgentError as error:
                caught = error
            failure = failure_of(caught)
            if failure is None:
                raise caught
            wait = wait_before_retry(failure, tries=tries, repeatable=repeatable, draw=self._draw())
            if wait is None or not (yield from self._has_time_for(wait)):
                raise caught
            if failure.status in {429, 529}:
                yield from self._pause(failure, wait)
            else:
                yield from sleep(wait)

    def wait(self, seconds: float) -> Flow[None]:
        """Let time pass; raises DeadlineExceeded at once where the call's time would be up before that."""
        if not (yield from self._has_time_for(seconds)):
            raise DeadlineExceeded(f"The call's time is up before the {seconds:g} s that it was to wait.")
        yield from sleep(seconds)

    def _has_time_for(self, wait: float) -> Flow[bool]:
        return self._ends_at is None or (yield from now()) + wait < self._ends_at

    def _pause(self, failure: Failure, wait: float) -> Flow[None]:
        """Hold back everything that shares the limiter, not only this call."""
        moment = yield from now()
        if failure.reason == WORKSPACE_LIMIT:
            self._limiter.learn_workspace_limit(moment)
        self._limiter.pause(moment + wait)


def never_renewed(_refused: SecretStr) -> Flow[bool]:
    """For credentials that nothing can replace."""
    yield from ()
    return False


def unknown_outcome(operation: Operation[Any], error: NotionAgentError) -> OutcomeUnknown | None:
    """What a write raises that may have taken effect although it failed; None for any other failure."""
    failure = failure_of(error)
    if operation.effect is Effect.READ or failure is None or not is_ambiguous(failure):
        return None
    return OutcomeUnknown(
        f"{operation.spec.name} was sent, and it is not known whether it took effect: {error.message}",
        hint=f"Do not repeat it before you have looked: {operation.spec.verify}",
        details={"operation": operation.spec.name, "params": operation.params(), **error.details},
        request_id=error.request_id,
    )
