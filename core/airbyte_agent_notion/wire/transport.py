"""HTTP by httpx: the only module that imports it.

Connections live per process for blocking calls and per (process, event loop) for awaited ones, so that one connector
serves several ``asyncio.run`` calls, loops in threads, and sync code inside a running loop.
"""

from __future__ import annotations

import json
import os
import ssl
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from threading import Lock
from time import monotonic
from typing import Any, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass
from weakref import WeakKeyDictionary, finalize

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

CONNECT_SECONDS = 10.0

_Client = TypeVar("_Client", httpx.Client, httpx.AsyncClient)


class HttpTransport:
    """Sends requests below ``base_url``. Redirects are never followed: they could carry a secret elsewhere.

    Args:
        base_url: scheme, host and optional path prefix, without a trailing slash.
        timeout: seconds to wait for a response to begin and between its parts; None leaves it to ``http_client``.
        user_agent: User-Agent header.
        http_client: the caller's own client, for its kind of call only; an async one for its own loop only.
        proxy: address of a proxy for all requests; without it the usual environment variables decide.
        ca_file: certificates to trust in place of the usual ones.
    """

    def __init__(
        self,
        *,
        base_url: str,
        timeout: float | None,
        user_agent: str,
        http_client: HttpClient | None = None,
        proxy: str | None = None,
        ca_file: str | None = None,
    ) -> None:
        self._base_url = base_url
        self._headers = {"user-agent": user_agent}
        self._seconds = timeout
        if http_client is not None and not isinstance(http_client, (httpx.Client, httpx.AsyncClient)):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ConfigurationError(
                f"http_client is of type {type(http_client).__name__}.",
                hint="Accepted are httpx.Client and httpx.AsyncClient.",
            )
        if http_client is not None and (proxy or ca_file):
            raise ConfigurationError(
                "proxy and ca_file cannot be set for an http_client of your own.", hint="Build it with them."
            )
        self._options = {} if http_client else _options(base_url, proxy, ca_file)
        self._own = http_client
        self._own_loop: object = None
        self._lock = Lock()
        self._blocking: tuple[int, httpx.HTTPTransport] | None = None
        self._awaiting: WeakKeyDictionary[Any, tuple[int, httpx.AsyncHTTPTransport, AsyncGenerator[None]]]
        self._awaiting = WeakKeyDictionary()
        self._closed = False

    def send(self, request: Request) -> Response:
        """Send blocking; raises TransportError, InvalidResponse, ConnectorClosed or ConfigurationError."""
        read = _Reading(request)
        with _translated():
            response = self._open(request)
            try:
                for chunk in response.iter_bytes():
                    read.add(chunk)
            finally:
                response.close()
        return _response(response, read.content)

    async def asend(self, request: Request) -> Response:
        """Send awaiting; raises as ``send`` does."""
        read = _Reading(request)
        with _translated():
            response = await self._aopen(request)
            try:
                async for chunk in response.aiter_bytes():
                    read.add(chunk)
            finally:
                await response.aclose()
        return _response(response, read.content)

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

    def _open(self, request: Request) -> httpx.Response:
        self._refuse_closed()
        if self._own is None:
            return self._connections().handle_request(self._built(request))
        if not isinstance(self._own, httpx.Client):
            raise ConfigurationError(
                "The connector was given an httpx.AsyncClient, and this is a blocking call.",
                hint="Await the call, or give the connector an httpx.Client.",
            )
        own = _still_open(self._own)
        return own.send(own.build_request(**self._arguments(request)), stream=True, follow_redirects=False)

    async def _aopen(self, request: Request) -> httpx.Response:
        self._refuse_closed()
        loop = _running_loop()
        if self._own is None:
            return await (await self._aconnections(loop)).handle_async_request(self._built(request))
        own = self._own_for(loop)
        return await own.send(own.build_request(**self._arguments(request)), stream=True, follow_redirects=False)

    def _built(self, request: Request) -> httpx.Request:
        """A request for our own connections, which keep no cookies, follow nothing and add nothing."""
        return httpx.Request(
            request.method,
            self._base_url + request.path,
            params=request.query or None,
            content=_body(request),
            # As httpx.Headers, whose repr hides the token: tools that report local variables call it.
            headers=httpx.Headers({**_ACCEPT, **self._headers, **_content_type(request), **request.headers}),
            extensions={"timeout": _timeouts(self._seconds_for(request))},
        )

    def _arguments(self, request: Request) -> dict[str, Any]:
        """The same for a client of the caller's, which adds its own; its timeouts hold unless the connector has one."""
        seconds = None if self._seconds is None else self._seconds_for(request)
        return {
            "method": request.method,
            "url": self._base_url + request.path,
            "params": request.query or None,
            "content": _body(request),
            "headers": httpx.Headers({**self._headers, **_content_type(request), **request.headers}),
            **({} if seconds is None else {"timeout": httpx.Timeout(**_timeouts(seconds))}),
        }

    def _seconds_for(self, request: Request) -> float | None:
        given = [seconds for seconds in (self._seconds, request.time_left) if seconds is not None]
        return max(min(given), 0.001) if given else None

    def _connections(self) -> httpx.HTTPTransport:
        with self._lock:
            if self._blocking is None or self._blocking[0] != os.getpid():
                connections = httpx.HTTPTransport(**self._options)
                self._blocking = (os.getpid(), connections)
                # A connector that is dropped and not closed leaves no open socket behind.
                finalize(self, _close_in, os.getpid(), connections)
            return self._blocking[1]

    async def _aconnections(self, loop: Any) -> httpx.AsyncHTTPTransport:
        held = self._awaiting.get(loop)
        if held is None or held[0] != os.getpid():
            connections = httpx.AsyncHTTPTransport(**self._options)
            held = self._awaiting[loop] = (os.getpid(), connections, _hold(connections))
            # A generator started inside a loop is closed by the loop's own shutdown, and the connections with it.
            await anext(held[2])
        return held[1]

    def _own_for(self, loop: object) -> httpx.AsyncClient:
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


async def _hold(connections: httpx.AsyncHTTPTransport) -> AsyncGenerator[None]:
    try:
        yield
    finally:
        await connections.aclose()


_ACCEPT = {"accept": "application/json", "accept-encoding": "gzip, deflate"}


def _body(request: Request) -> bytes | None:
    """JSON as short as it can be, whatever httpx would make of it: Notion counts its bytes."""
    if request.json is None:
        return request.content
    return json.dumps(request.json, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _content_type(request: Request) -> dict[str, str]:
    kind = request.content_type if request.json is None else "application/json"
    return {} if kind is None else {"content-type": kind}


def _timeouts(seconds: float | None) -> dict[str, float | None]:
    connect = CONNECT_SECONDS if seconds is None else min(seconds, CONNECT_SECONDS)
    return {"connect": connect, "read": seconds, "write": seconds, "pool": seconds}


def _options(base_url: str, proxy: str | None, ca_file: str | None) -> dict[str, Any]:
    address = proxy or _proxy_of_environment(base_url)
    try:
        return {
            **({"proxy": httpx.Proxy(address)} if address else {}),
            **({"verify": ssl.create_default_context(cafile=ca_file)} if ca_file else {}),
        }
    except (ValueError, httpx.InvalidURL):
        raise ConfigurationError("proxy is not an address.", hint="An example is http://localhost:3128.") from None
    except OSError as error:
        raise ConfigurationError(
            f"ca_file cannot be read: {type(error).__name__}.", hint="It names a file of PEM certificates."
        ) from None


def _proxy_of_environment(base_url: str) -> str | None:
    """HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, unless NO_PROXY names the host."""
    url = urlsplit(base_url)
    proxies = getproxies()
    address = proxies.get(url.scheme) or proxies.get("all")
    if not address or proxy_bypass(url.netloc):
        return None
    return address if "://" in address else f"http://{address}"


def _close_in(process: int, connections: httpx.HTTPTransport) -> None:
    if process == os.getpid():
        connections.close()


class _Reading:
    """A response body as it arrives, within the request's limits."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._began = monotonic()
        self._chunks: list[bytes] = []
        self._size = 0

    @property
    def content(self) -> bytes:
        return b"".join(self._chunks)

    def add(self, chunk: bytes) -> None:
        limit, left = self._request.max_response_bytes, self._request.time_left
        self._size += len(chunk)
        if self._size > limit:
            raise InvalidResponse(
                f"The answer is longer than {limit:,} bytes and was not read further.",
                hint="Ask for less, for instance with a smaller page_size.",
            )
        if left is not None and monotonic() - self._began > left:
            raise RequestTimedOut("The answer was still arriving when the call's time was up.")
        self._chunks.append(chunk)


def _response(response: httpx.Response, content: bytes) -> Response:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers.raw}
    return Response(status=response.status_code, headers=headers, content=content)


@contextmanager
def _translated() -> Generator[None]:
    """Turn httpx's exceptions into ours. Their texts are left out where they could repeat a header."""
    try:
        yield
    except NotionAgentError:
        raise
    except httpx.TimeoutException as error:
        phase = {"ConnectTimeout": "connecting", "WriteTimeout": "sending", "PoolTimeout": "waiting for a connection"}
        timed_out = RequestTimedOut(f"Timed out while {phase.get(type(error).__name__, 'waiting for the answer')}.")
        timed_out.sent = not isinstance(error, (httpx.ConnectTimeout, httpx.PoolTimeout))
        raise timed_out from error
    except (httpx.ConnectError, httpx.ProxyError) as error:
        # A proxy's words are its own; they could repeat its address.
        said = type(error).__name__ if isinstance(error, httpx.ProxyError) else error
        failed = ConnectionFailed(f"Could not connect: {said}.")
        failed.sent = False
        raise failed from error
    except (httpx.DecodingError, httpx.InvalidURL) as error:
        raise InvalidResponse(f"The exchange failed: {type(error).__name__}.") from error
    except httpx.LocalProtocolError as error:
        # Its text can repeat a header with a secret: not even as the cause.
        raise ConnectionFailed(f"The connection broke: {type(error).__name__}.") from None
    except httpx.HTTPError as error:
        raise ConnectionFailed(f"The connection broke: {type(error).__name__}.") from error
