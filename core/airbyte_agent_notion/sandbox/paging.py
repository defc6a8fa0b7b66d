"""Cursors and page sizes. A cursor is opaque and belongs to one listing: Notion refuses it anywhere else."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from .problems import invalid

__all__ = ["MAX_PAGE_SIZE", "Slice", "cut"]

T = TypeVar("T")

MAX_PAGE_SIZE = 100
_MAC_BYTES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice(Generic[T]):
    """One page of a listing."""

    items: list[T]
    next_cursor: str | None
    start: int
    """Position of the first item in the whole listing."""


def cut(items: Sequence[T], *, key: Callable[[T], str], scope: str, cursor: str | None, size: int) -> Slice[T]:
    """The page that starts at ``cursor``. Raises a 400 if the cursor was not issued for ``scope``.

    A cursor names the first item of its page, so that a listing may change between two pages; if that item has gone,
    its position counts.
    """
    start = 0 if cursor is None else _position(items, key=key, scope=scope, cursor=cursor)
    end = start + size
    upcoming = _encode(scope, {"at": end, "key": key(items[end])}) if end < len(items) else None
    return Slice(items=list(items[start:end]), next_cursor=upcoming, start=start)


def _position(items: Sequence[T], *, key: Callable[[T], str], scope: str, cursor: str) -> int:
    """The position at which a cursor's page starts."""
    payload = _decode(scope, cursor)
    position = next((index for index, each in enumerate(items) if key(each) == payload["key"]), None)
    return min(int(payload["at"]), len(items)) if position is None else position


def _encode(scope: str, payload: dict[str, Any]) -> str:
    data = json.dumps(payload).encode()
    return base64.urlsafe_b64encode(_mac(scope, data) + data).decode().rstrip("=")


def _decode(scope: str, cursor: str) -> dict[str, Any]:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    mac, data = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(scope, data)):
        raise invalid(f"The start_cursor provided is invalid: {cursor}")
    return cast("dict[str, Any]", json.loads(data))


def _mac(scope: str, data: bytes) -> bytes:
    # Not a secret: it binds a cursor to its listing, as Notion's cursors are bound.
    return hmac.new(scope.encode(), data, hashlib.sha256).digest()[:_MAC_BYTES]
