"""Around every request: its id and its line in the log, the limit of time, the limit of the body. Pure ASGI."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any
from uuid import uuid4

import anyio
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .logs import Facts, current_facts, say
from .problems import Problem, unexpected

__all__ = ["BodyLimit", "RequestLog", "TimeLimit"]

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
_GONE = 499
"""In the log only: the caller went away before there was an answer."""

Http = Callable[[Scope, Receive, Send], Awaitable[None]]


class RequestLog:
    """Gives each request an id (a valid ``x-request-id`` of the caller is kept), answers what nobody caught, and writes
    one line.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - as ASGI says
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        facts = Facts(request_id=_request_id(scope))
        began, held = perf_counter(), current_facts().set(facts)
        try:
            await self._answered(facts, scope, receive, send)
        finally:
            _write_line(scope, facts, perf_counter() - began)
            current_facts().reset(held)

    async def _answered(self, facts: Facts, scope: Scope, receive: Receive, send: Send) -> None:
        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                facts.status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", facts.request_id.encode())]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:
            say(logging.ERROR, "unexpected error", error=error)
            if facts.status is not None:
                raise
            await unexpected().response()(scope, receive, noted)


def _request_id(scope: Scope) -> str:
    given = _header(scope, b"x-request-id")
    return given if _REQUEST_ID.fullmatch(given) else uuid4().hex


def _header(scope: Scope, name: bytes) -> str:
    found: list[bytes] = [value for key, value in scope["headers"] if key.lower() == name]
    return found[0].decode("latin-1") if len(found) == 1 else ""


def _write_line(scope: Scope, facts: Facts, seconds: float) -> None:
    status = facts.status or _GONE
    say(
        logging.WARNING if status >= 500 else logging.INFO,
        "request",
        method=scope["method"],
        route=_template(scope),
        status=status,
        ms=round(seconds * 1_000, 1),
        organization_id=facts.organization_id,
        client_id=facts.client_id,
        connector_id=facts.connector_id,
        operation=facts.operation,
    )


def _template(scope: Scope) -> str | None:
    """The route's path with the names of its parameters in place of their values; None where no route was found."""
    template: str | None = getattr(scope.get("route"), "path", None)
    if template is None:
        return None
    # Releases of FastAPI differ in whether a route knows the prefixes that it was included with.
    own = template.removeprefix("/api").removeprefix("/v1")
    prefix = next((each for each in ("/api/v1", "/v1") if scope["path"].startswith(f"{each}/")), "")
    return prefix + own


class TimeLimit:
    """Answers 504 when a request takes too long.

    Args:
        app: what is limited.
        seconds: for one request, its body's arrival included.
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - as ASGI says
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        started = False

        async def noted(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        with anyio.move_on_after(self._seconds) as limit:
            await self._app(scope, receive, noted)
        if limit.cancelled_caught and not started:
            late = Problem(504, f"No answer within {self._seconds:g} s. Ask for less at a time.", code="timeout")
            await late.response()(scope, receive, send)
        return None


class BodyLimit:
    """Answers 413 to a body that is too large, by what it announces and by what arrives.

    The body is read before the application is called, which so never sees half of one.
    """

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - as ASGI says
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        announced = _header(scope, b"content-length")
        if announced.isdecimal() and int(announced[:20]) > self._max:
            return await self._refuse(scope, receive, send)
        body = await self._read(receive)
        if body is None:
            return None
        if len(body) > self._max:
            return await self._refuse(scope, receive, send)
        return await self._app(scope, _replayed(body, receive), send)

    async def _read(self, receive: Receive) -> bytearray | None:
        """The body, or as much as shows that it is too large; None if the caller went away."""
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return None
            body += message.get("body", b"")
            if len(body) > self._max or not message.get("more_body", False):
                return body

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        said = f"The body is larger than {self._max:,} bytes. Send less at a time."
        await Problem(413, said, code="body_too_large").response()(scope, receive, send)


def _replayed(body: bytearray, receive: Receive) -> Receive:
    pending: list[dict[str, Any]] = [{"type": "http.request", "body": bytes(body), "more_body": False}]

    async def again() -> Message:
        return pending.pop() if pending else await receive()

    return again
