"""A transport that answers from a sandbox: no sockets, but delays and broken connections as on the wire."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ..errors import ConnectionFailed, InvalidResponse, RequestTimedOut
from ..flow import Request, Response

if TYPE_CHECKING:
    from .sandbox import Exchange, Sandbox

__all__ = ["SandboxTransport"]


class SandboxTransport:
    """Sends requests to a sandbox in the same process."""

    def __init__(self, sandbox: Sandbox, *, timeout: float | None = None) -> None:
        self._sandbox = sandbox
        self.timeout = timeout
        """Seconds after which a delayed answer counts as timed out; None waits for any delay."""

    def send(self, request: Request) -> Response:
        """Send and return the response, whatever its status.

        Raises:
            ConnectionFailed: A fault dropped the connection.
            RequestTimedOut: A fault's delay is longer than ``timeout``.
            InvalidResponse: The answer is longer than ``request.max_response_bytes``.
        """
        exchange = self._sandbox.exchange(request)
        wait = self._wait(exchange)
        if wait > 0:
            time.sleep(wait)
        return self._outcome(request, exchange)

    async def asend(self, request: Request) -> Response:
        """As ``send``, awaiting."""
        exchange = self._sandbox.exchange(request)
        wait = self._wait(exchange)
        if wait > 0:
            import anyio

            await anyio.sleep(wait)
        return self._outcome(request, exchange)

    def close(self) -> None:
        """There is nothing to close."""

    async def aclose(self) -> None:
        """There is nothing to close."""

    def _wait(self, exchange: Exchange) -> float:
        return exchange.delay if self.timeout is None else min(exchange.delay, self.timeout)

    def _outcome(self, request: Request, exchange: Exchange) -> Response:
        if self.timeout is not None and exchange.delay > self.timeout:
            raise RequestTimedOut(f"No answer within {self.timeout:g} s.")
        response = exchange.response
        if response is None:
            raise ConnectionFailed("The connection was closed before an answer arrived.")
        if len(response.content) > request.max_response_bytes:
            raise InvalidResponse(f"The answer is longer than {request.max_response_bytes} bytes.")
        return response
