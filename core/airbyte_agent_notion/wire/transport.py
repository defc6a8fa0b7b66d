"""HTTP by httpx: the only module that imports it.

Connections live per process for blocking calls and per (process, event loop) for awaited ones, so that one connector
serves several ``asyncio.run`` calls, loops in threads, and sync code inside a running loop.
"""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import httpx

from ..errors import (
    ConfigurationError,
    ConnectionFailed,
    ConnectorClosed,
    InvalidResponse,
    NotionAgentError,
    RequestTimedOut,
)
from ..flow import Request, Response

__all__ = ["HttpClient", "HttpTransport"]

HttpClient = httpx.Client | httpx.AsyncClient
"""A client of the caller's own: used as it is, neither changed nor closed."""

_Client = TypeVar("_Client", httpx.Client, httpx.AsyncClient)


class HttpTransport:
    """Sends requests below ``base_url``. Redirects are never followed: they could carry a secret elsewhere.

    Args:
        base_url: scheme, host and optional path prefix, without a trailing slash.
        timeout: seconds to wait for a response to begin and between its parts; None leaves it to ``http_client``.
        user_agent: User-Agent header.
        http_client: the caller's own client, for its kind of call only; an async one for its own loop only.
    """

    def __init__(
        self, *, base_url: str, timeout: float | None, user_agent: str, http_client: HttpClient | None = None
    ) -> None:
        self._base_url = base_url
        self._headers = {"user-agent": user_agent}
        self._timeout = None if timeout is None else httpx.Timeout(timeout, connect=min(timeout, 10.0))
        if http_client is not None and not isinstance(http_client, (httpx.Client, httpx.AsyncClient)):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ConfigurationError(
                f"http_client is of type {type(http_client).__name__}.",
                hint="Accepted are httpx.Client and httpx.AsyncClient.",
            )
        self._own = http_client
        self._own_loop: object = None
        self._lock = Lock()
        self._blocking: tuple[int, httpx.Client] | None = None
        self._awaiting: WeakKeyDictionary[Any, tuple[int, httpx.AsyncClient, AsyncGenerator[httpx.AsyncClient]]]
        self._awaiting = WeakKeyDictionary()
        self._closed = False

    def send(self, request: Request) -> Response:
        """Send blocking; raises TransportError, InvalidResponse, ConnectorClosed or ConfigurationError."""
        client = self._client()
        with _translated(), client.stream(**self._arguments(request)) as response:
            content = bytearray()
            for chunk in response.iter_bytes():
                content += _within(request, content, chunk)
            return _response(response, content)

    async def asend(self, request: Request) -> Response:
        """Send awaiting; raises as ``send`` does."""
        client = await self._aclient()
        with _translated():
            async with client.stream(**self._arguments(request)) as response:
                content = bytearray()
                async for chunk in response.aiter_bytes():
                    content += _within(request, content, chunk)
                return _response(response, content)

    def close(self) -> None:
        """Close the blocking connections and refuse further calls. The caller's own client stays open."""
        with self._lock:
            self._closed = True
            blocking, self._blocking = self._blocking, None
        if blocking is not None and blocking[0] == os.getpid():
            blocking[1].close()

    async def aclose(self) -> None:
        """Close what ``close`` closes and the running loop's connections; other loops close theirs as they end."""
        self.close()
        held = self._awaiting.pop(_running_loop(), None)
        if held is not None and held[0] == os.getpid():
            await held[2].aclose()

    def _arguments(self, request: Request) -> dict[str, Any]:
        arguments: dict[str, Any] = {
            "method": request.method,
            "url": self._base_url + request.path,
            # As httpx.Headers, whose repr hides the token: tools that report local variables call it.
            "headers": httpx.Headers({**self._headers, **request.headers}),
            "follow_redirects": False,
        }
        if self._timeout is not None:
            arguments["timeout"] = self._timeout
        if request.query:
            arguments["params"] = request.query
        if request.json is not None:
            arguments["json"] = request.json
        return arguments

    def _client(self) -> httpx.Client:
        with self._lock:
            self._refuse_closed()
            if self._own is not None:
                if isinstance(self._own, httpx.Client):
                    return _still_open(self._own)
                raise ConfigurationError(
                    "The connector was given an httpx.AsyncClient, and this is a blocking call.",
                    hint="Await the call, or give the connector an httpx.Client.",
                )
            if self._blocking is None or self._blocking[0] != os.getpid():
                self._blocking = (os.getpid(), httpx.Client())
            return self._blocking[1]

    async def _aclient(self) -> httpx.AsyncClient:
        loop = _running_loop()
        if self._own is not None:
            return self._own_for(loop)
        self._refuse_closed()
        held = self._awaiting.get(loop)
        if held is None or held[0] != os.getpid():
            client = httpx.AsyncClient()
            held = self._awaiting[loop] = (os.getpid(), client, _hold(client))
            # A generator started inside a loop is closed by the loop's own shutdown, and the client with it.
            await anext(held[2])
        return held[1]

    def _own_for(self, loop: object) -> httpx.AsyncClient:
        self._refuse_closed()
        if not isinstance(self._own, httpx.AsyncClient):
            raise ConfigurationError(
                "The connector was given an httpx.Client, and this is an awaited call.",
                hint="Make a blocking call, or give the connector an httpx.AsyncClient.",
            )
        if self._own_loop is None:
            self._own_loop = loop
        if self._own_loop is not loop:
            raise ConfigurationError(
                "The httpx.AsyncClient given to this connector belongs to another event loop.",
                hint="Use the connector in one loop, or give it no http_client: it then has connections for each.",
            )
        return _still_open(self._own)

    def _refuse_closed(self) -> None:
        if self._closed:
            raise ConnectorClosed("The connector is closed.")


def _still_open(client: _Client) -> _Client:
    if client.is_closed:
        raise ConfigurationError(
            f"The httpx.{type(client).__name__} given to this connector has been closed.",
            hint="Keep it open as long as the connector is used, or give it no http_client.",
        )
    return client


def _running_loop() -> Any:
    """The event loop that this task runs in: asyncio's, or trio's token of it."""
    import asyncio

    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return sys.modules["trio"].lowlevel.current_trio_token()


async def _hold(client: httpx.AsyncClient) -> AsyncGenerator[httpx.AsyncClient]:
    try:
        yield client
    finally:
        await client.aclose()


def _within(request: Request, content: bytearray, chunk: bytes) -> bytes:
    if len(content) + len(chunk) > request.max_response_bytes:
        raise InvalidResponse(
            f"The answer is longer than {request.max_response_bytes:,} bytes and was not read further.",
            hint="Ask for less, for instance with a smaller page_size.",
        )
    return chunk


def _response(response: httpx.Response, content: bytearray) -> Response:
    return Response(status=response.status_code, headers=dict(response.headers), content=bytes(content))


@contextmanager
def _translated() -> Generator[None]:
    """Turn httpx's exceptions into ours. Their texts are left out where they could repeat a header."""
    try:
        yield
    except NotionAgentError:
        raise
    except httpx.TimeoutException as error:
        phase = {"ConnectTimeout": "connecting", "WriteTimeout": "sending", "PoolTimeout": "waiting for a connection"}
        raise RequestTimedOut(
            f"Timed out while {phase.get(type(error).__name__, 'waiting for the answer')}."
        ) from error
    except httpx.ConnectError as error:
        raise ConnectionFailed(f"Could not connect: {error}.") from error
    except (httpx.DecodingError, httpx.InvalidURL) as error:
        raise InvalidResponse(f"The exchange failed: {type(error).__name__}.") from error
    except httpx.LocalProtocolError as error:
        # Its text can repeat a header with a secret: not even as the cause.
        raise ConnectionFailed(f"The connection broke: {type(error).__name__}.") from None
    except httpx.HTTPError as error:
        raise ConnectionFailed(f"The connection broke: {type(error).__name__}.") from error
