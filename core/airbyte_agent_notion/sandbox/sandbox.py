"""The sandbox itself: one request in, one response out, under Notion's rules."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ..errors import ConnectionFailed
from ..flow import Request, Response
from .context import Context
from .endpoints import ROUTES
from .faults import Faults
from .ids import derived_id
from .narrow import as_object
from .problems import Problem
from .routing import match, path_ids
from .state import User
from .versions import VERSIONS
from .workspace import Workspace

if TYPE_CHECKING:
    from .server import SandboxServer
    from .transport import SandboxTransport

__all__ = ["Exchange", "Received", "Sandbox"]

TOKEN = "ntn_sandbox_0123456789"  # noqa: S105 - a made-up token for a made-up workspace
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def _fixed_now() -> datetime:
    return NOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One request as it arrived, without headers, and the status it got; None if its connection was dropped."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    body: Any
    status: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What becomes of a request: the response, or None for a broken connection, after a delay in seconds."""

    response: Response | None
    delay: float = 0.0


class Sandbox:
    """An in-process Notion workspace that refuses what Notion refuses and answers as Notion answers.

    Args:
        workspace: The state to serve; an empty workspace by default.
        token: The bearer token that is accepted.
        clock: Seconds, monotonic; the rate limiter reads it.
    """

    def __init__(
        self,
        *,
        workspace: Workspace | None = None,
        token: str = TOKEN,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.token = token
        self.workspace = _empty_workspace() if workspace is None else workspace
        self.faults = Faults(clock=clock)
        self.requests: list[Received] = []
        """Everything received, oldest first; never a token."""
        self._lock = threading.Lock()
        self._answered = 0

    @classmethod
    def sample(
        cls,
        *,
        token: str = TOKEN,
        now: Callable[[], datetime] = _fixed_now,
        clock: Callable[[], float] = time.monotonic,
    ) -> Sandbox:
        """A sandbox with the sample workspace of a small company, the same at every call.

        Args:
            token: The bearer token that is accepted.
            now: The present moment, for relative dates, formulas and expiring file URLs; fixed by default. The
                content's own dates do not move with it.
            clock: Seconds, monotonic; the rate limiter reads it.
        """
        from .sample import build

        return cls(workspace=build(now=now), token=token, clock=clock)

    def __repr__(self) -> str:
        return f"<Sandbox {self.workspace.name!r}: {len(self.workspace.pages)} pages>"

    def handle(self, request: Request) -> Response:
        """Answer one request, without waiting. Thread-safe.

        Raises:
            ConnectionFailed: A fault drops the connection.
        """
        response = self.exchange(request).response
        if response is None:
            raise ConnectionFailed("The sandbox dropped the connection.")
        return response

    def exchange(self, request: Request, *, broken_json: bool = False) -> Exchange:
        """What becomes of a request, delays and broken connections included; the caller performs those.

        Args:
            request: The request.
            broken_json: Its body could not be parsed.
        """
        with self._lock:
            fault = self.faults.take(request)
            response = None
            if fault is None or not fault.drop:
                response = self._respond(request, fault.problem() if fault else None, broken_json=broken_json)
            self.requests.append(
                Received(
                    method=request.method,
                    path=request.path,
                    query=tuple(request.query),
                    body=None if request.json is None else json.loads(json.dumps(request.json)),
                    status=None if response is None else response.status,
                )
            )
            return Exchange(response=response, delay=0.0 if fault is None else fault.delay)

    def transport(self, *, timeout: float | None = None) -> SandboxTransport:
        """A transport that answers from this sandbox, without sockets.

        Args:
            timeout: Seconds after which a delayed answer counts as timed out.
        """
        from .transport import SandboxTransport

        return SandboxTransport(self, timeout=timeout)

    def serve(self, host: str = "127.0.0.1", *, port: int = 0) -> SandboxServer:
        """Serve this sandbox over HTTP on loopback; use it as a context manager, or close it.

        Raises:
            ConfigurationError: ``host`` is not a loopback address.
        """
        from .server import SandboxServer

        return SandboxServer(self, host=host, port=port)

    def _respond(self, request: Request, problem: Problem | None, *, broken_json: bool) -> Response:
        self._answered += 1
        headers: dict[str, str] = {}
        try:
            if problem is not None:
                raise problem
            body, status = self._answer(request, broken_json=broken_json), 200
        except Problem as refusal:
            body, status = refusal.body(), refusal.status
            if refusal.retry_after is not None:
                headers["retry-after"] = str(refusal.retry_after)
        request_id = derived_id("request", str(self._answered))
        body["request_id"] = request_id
        content = json.dumps(body, ensure_ascii=False).encode(errors="replace")
        headers.update(
            {
                "content-type": "application/json; charset=utf-8",
                "content-length": str(len(content)),
                "x-notion-request-id": request_id,
            }
        )
        return Response(status=status, headers=headers, content=content)

    def _answer(self, request: Request, *, broken_json: bool) -> dict[str, Any]:
        limit = self.faults.check_rate()
        if limit is not None:
            raise limit
        found = match(ROUTES, request.method, request.path)
        headers = {name.lower(): value for name, value in request.headers.items()}
        version = self._admit(headers)
        if broken_json:
            raise Problem(400, "invalid_json", "Error parsing JSON body.")
        context = Context(
            workspace=self.workspace,
            version=version,
            endpoint=f"{found.route.method} {found.route.path}",
            path=path_ids(found.parameters),
            query=request.query,
            body=_json_body(request),
        )
        return found.route.handler(context)

    def _admit(self, headers: Mapping[str, str]) -> str:
        """Check token, then version; the version."""
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or token.strip() != self.token:
            raise Problem(401, "unauthorized", "API token is invalid.")
        version = headers.get("notion-version")
        if version is None:
            raise Problem(400, "missing_version", "The Notion-Version header is missing.")
        if version not in VERSIONS:
            raise Problem(
                400, "validation_error", f"Notion-Version should be one of {', '.join(VERSIONS)}, not {version}."
            )
        return version


def _json_body(request: Request) -> dict[str, Any]:
    # A copy through JSON: what is kept or echoed never aliases the caller's objects.
    body = None if request.json is None else json.loads(json.dumps(request.json))
    if body is None or request.method.upper() == "GET":
        return {}
    return as_object(body, "body")


def _empty_workspace() -> Workspace:
    bot = User(id=derived_id("user", "bot"), name="Sandbox connection", kind="bot")
    workspace_id = derived_id("workspace", "empty")
    return Workspace(id=workspace_id, name="Empty", bot_id=bot.id, now=_fixed_now, users={bot.id: bot})
