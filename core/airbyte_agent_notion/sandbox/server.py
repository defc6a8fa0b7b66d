"""A sandbox over HTTP, on loopback only, for any HTTP client: HTTP/1.1 with connections kept alive."""

from __future__ import annotations

import contextlib
import json
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, cast
from urllib.parse import parse_qsl, urlsplit

from ..errors import ConfigurationError
from ..flow import Request, Response
from .multipart import MULTIPART

if TYPE_CHECKING:
    from .sandbox import Sandbox

__all__ = ["SandboxServer"]

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 100


class SandboxServer:
    """A running server; ``url`` is what a client takes as base URL."""

    def __init__(self, sandbox: Sandbox, *, host: str = "127.0.0.1", port: int = 0) -> None:
        if host not in LOOPBACK:
            raise ConfigurationError(
                f"The sandbox is served on loopback only, not on {host!r}.", hint="Use 127.0.0.1, localhost or ::1."
            )
        self._http = (_Server6 if host == "::1" else _Server)((host, port), sandbox)
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{self._http.server_address[1]}"
        """Base URL without a trailing slash, e.g. ``http://127.0.0.1:49152``."""
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.daemon = True
        self._thread.start()
        self._closed = False

    def close(self) -> None:
        """Stop, close all connections and wait for their threads. May be called twice."""
        if self._closed:
            return
        self._closed = True
        self._http.shutdown()
        self._thread.join()
        self._http.hang_up()
        self._http.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    # Handler threads are joined by server_close(), after hang_up() has ended their connections.
    daemon_threads = False
    block_on_close = True
    # Connections that may wait to be accepted; with the five of the base class a burst of clients loses some.
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End the connections that clients keep alive."""
        self.stopping.set()
        with self._guard:
            connections = list(self._open)
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent about clients that hang up, and only about those."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Server6(_Server):
    address_family = socket.AF_INET6


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._serve()

    do_POST = do_GET  # noqa: N815 - the base class finds methods by these names
    do_PATCH = do_GET  # noqa: N815
    do_PUT = do_GET  # noqa: N815
    do_DELETE = do_GET  # noqa: N815
    do_HEAD = do_GET  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the sandbox keeps its own log."""

    def _serve(self) -> None:
        server = cast("_Server", self.server)
        raw = self._read()
        upload = self.headers.get_content_type() == MULTIPART
        body, broken = (None, False) if upload else _parse(raw)
        url = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=url.path,
            query=tuple(parse_qsl(url.query, keep_blank_values=True)),
            json=body,
            content=raw if upload else None,
            content_type=self.headers["content-type"] if upload else None,
            headers=dict(self.headers.items()),
        )
        form = _parse_form(raw or b"") if self.headers.get_content_type() == FORM else []
        exchange = server.sandbox.exchange(request, broken_json=broken, form=form)
        if exchange.delay > 0:
            server.stopping.wait(exchange.delay)
        if exchange.response is None:
            self._drop()
        else:
            self._write(exchange.response)

    def _read(self) -> bytes | None:
        """The body; None if its length is not told properly, after which the connection is of no use."""
        try:
            return self._body()
        except ValueError:
            self.close_connection = True
            return None

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return b"".join(iter(self._chunk, b""))
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _chunk(self) -> bytes:
        size = int(self.rfile.readline().split(b";")[0], 16)
        data = self.rfile.read(size)
        self.rfile.readline()
        return data

    def _drop(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _write(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.content)


def _parse(raw: bytes | None) -> tuple[Any, bool]:
    """The JSON body, and whether it could not be parsed."""
    if not raw:
        return None, raw is None
    try:
        return json.loads(raw), False
    except (ValueError, RecursionError):
        return None, True


def _parse_form(raw: bytes) -> list[tuple[str, str]]:
    """The fields of a form; none of them if there are too many."""
    try:
        return parse_qsl(raw.decode(errors="replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return []
