"""When a request is sent again: a pure, table-driven function of what a try ended with.

The table follows Notion's error documentation (status codes, request limits). There is no idempotency key, so a write
that may have arrived is never sent again.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import ApiError, InvalidResponse, NotionAgentError, RateLimited, TransportError

__all__ = ["MAX_TRIES", "Failure", "failure_of", "is_ambiguous", "wait_before_retry"]

MAX_TRIES = 5
BACKOFF_BASE = 1.0
BACKOFF_CAP = 30.0
"""Seconds. The wait before try n+1 is drawn between 0 and min(cap, base * 2 ** (n - 1)): full jitter."""
BLOCKED = "public_api_request_blocked"
"""The ``rate_limit_reason`` for which waiting does not help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What a try ended with, as far as the policy cares."""

    status: int | None = None
    """HTTP status; None where no answer arrived."""
    code: str = ""
    """Notion's error code."""
    reason: str = ""
    """``rate_limit_reason`` of a 429."""
    retry_after: float | None = None
    """Seconds that Notion asks to wait."""
    sent: bool = True
    """Whether the request may have arrived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    statuses: frozenset[int | None]
    tries: int
    codes: frozenset[str] | None = None
    reasons: frozenset[str] | None = None
    sent: bool | None = None
    repeatable_only: bool = False

    def covers(self, failure: Failure) -> bool:
        return (
            failure.status in self.statuses
            and (self.codes is None or failure.code in self.codes)
            and (self.reasons is None or failure.reason in self.reasons)
            and (self.sent is None or failure.sent is self.sent)
        )


_RULES = (
    _Rule(statuses=frozenset({429}), reasons=frozenset({BLOCKED}), tries=1),
    # Notion refused to start: safe for every method.
    _Rule(statuses=frozenset({429, 529}), tries=MAX_TRIES),
    # The save collided and was rejected.
    _Rule(statuses=frozenset({409}), codes=frozenset({"conflict_error"}), tries=2),
    _Rule(statuses=frozenset({500, 502, 503, 504}), tries=MAX_TRIES, repeatable_only=True),
    # No answer: whether the request arrived decides.
    _Rule(statuses=frozenset({None}), sent=False, tries=MAX_TRIES),
    _Rule(statuses=frozenset({None}), tries=MAX_TRIES, repeatable_only=True),
)


def wait_before_retry(failure: Failure, *, tries: int, repeatable: bool, draw: float) -> float | None:
    """Seconds to wait before the next try; None if this one was the last.

    Args:
        failure: what the last try ended with.
        tries: how many there have been, that one included.
        repeatable: whether sending again cannot do anything twice: a read, or DELETE.
        draw: a random number from 0 to 1, for the jitter.
    """
    rule = next((rule for rule in _RULES if rule.covers(failure)), None)
    if rule is None or tries >= rule.tries or (rule.repeatable_only and not repeatable):
        return None
    backoff: float = draw * min(BACKOFF_CAP, BACKOFF_BASE * 2 ** (tries - 1))
    return max(failure.retry_after or 0.0, backoff)


def failure_of(error: NotionAgentError) -> Failure | None:
    """The failure that an error stands for; None for one that no further try could mend."""
    if isinstance(error, TransportError):
        return Failure(sent=error.sent)
    if isinstance(error, InvalidResponse):
        return Failure(status=error.details.get("status", 0), retry_after=error.details.get("retry_after"))
    if isinstance(error, RateLimited):
        reason = str(error.details.get("rate_limit_reason", ""))
        return Failure(status=error.status, code=error.code, reason=reason, retry_after=error.retry_after)
    if isinstance(error, ApiError):
        return Failure(status=error.status, code=error.code)
    return None


def is_ambiguous(failure: Failure) -> bool:
    """Whether a write that ended so may have taken effect: Notion failed over it, or its answer was lost."""
    if failure.status is None:
        return failure.sent
    # 0 stands for an answer that could not be read, and a 2xx that is not Notion's tells no more.
    return failure.status == 0 or 200 <= failure.status < 300 or (failure.status >= 500 and failure.status != 529)
