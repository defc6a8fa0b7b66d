"""When a request is sent again: a pure function of the answer and the tries so far."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from math import isfinite
from time import time
from typing import Any

from ..flow import Flow, Request, Response, send, sleep

__all__ = ["is_blocked", "retry_after", "send_with_retry", "wait_before_retry"]

MAX_TRIES = 5
MAX_WAIT = 120.0
"""Seconds; Notion's per-connection limit asks for at most 60, a workspace's may ask for more."""
_REPEATABLE = frozenset({429, 529})
"""Statuses with which Notion refused to start: safe to repeat for every method."""
_BLOCKED = "public_api_request_blocked"
"""The ``rate_limit_reason`` for which waiting does not help."""


def retry_after(response: Response, *, wall_clock: float | None = None) -> float | None:
    """Seconds that a Retry-After header asks for, given as seconds or as an HTTP date; None without one."""
    value = response.headers.get("retry-after", "").strip()
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        pass
    else:
        return max(0.0, seconds) if isfinite(seconds) else None
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - (time() if wall_clock is None else wall_clock))
    except ValueError:
        return None


def wait_before_retry(response: Response, tries: int) -> float | None:
    """Seconds to wait before the next try; None if the answer is final.

    Args:
        response: the answer to the last try.
        tries: how many tries there have been, that one included.
    """
    if response.status not in _REPEATABLE or tries >= MAX_TRIES or _BLOCKED.encode() in response.content:
        return None
    asked = retry_after(response)
    wait = 2.0 ** (tries - 1) if asked is None else asked
    return wait if wait <= MAX_WAIT else None


def is_blocked(details: Mapping[str, Any] | None) -> bool:
    """Whether a 429's ``additional_data`` says that waiting does not help."""
    return details is not None and details.get("rate_limit_reason") == _BLOCKED


def send_with_retry(request: Request) -> Flow[Response]:
    """Send until the answer is final, waiting as told."""
    tries = 0
    while True:
        response = yield from send(request)
        tries += 1
        wait = wait_before_retry(response, tries)
        if wait is None:
            return response
        yield from sleep(wait)
