"""The sandbox itself: one request in, one response out, under Notion's rules."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from ..errors import ConnectionFailed
from ..flow import Request, Response
from .context import ROW_CAP, Committed, Context
from .endpoints import ROUTES
from .faults import Fault, Faults
from .ids import derived_id
from .multipart import Part, parse_multipart
from .narrow import as_object
from .oauth import OAuth
from .problems import Problem
from .routing import CAPABILITIES, match, path_ids
from .snapshots import Snapshot, put_back, take
from .state import User
from .tasks import Answer, advance, answer
from .versions import VERSIONS
from .workspace import Workspace

if TYPE_CHECKING:
    from .server import SandboxServer
    from .transport import SandboxTransport

__all__ = ["Exchange", "Received", "Sandbox"]

TOKEN = "ntn_sandbox_0123456789"  # noqa: S105 - a made-up token for a made-up workspace
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
STATIC = "token"
"""The connection of the sandbox's own token, which is internal; those of OAuth are public."""
MAX_BODY = 500 * 1024
SECRETS = frozenset({"code", "form_token", "token", "refresh_token"})
"""Keys of an OAuth request whose values are not kept."""

Form: TypeAlias = Sequence[tuple[str, str]]


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
        token: The bearer token that is accepted, beside those that ``oauth`` grants.
        clock: Seconds, monotonic; the rate limiter reads it.
        row_cap: Rows that one filter and sort of a query yields at most.
    """

    def __init__(
        self,
        *,
        workspace: Workspace | None = None,
        token: str = TOKEN,
        clock: Callable[[], float] = time.monotonic,
        row_cap: int = ROW_CAP,
    ) -> None:
        self.token = token
        self.workspace = _empty_workspace() if workspace is None else workspace
        self.row_cap = row_cap
        self.capabilities: Collection[str] = CAPABILITIES
        """What the connection may do; without the one that an endpoint needs it answers 403."""
        self.faults = Faults(clock=clock)
        self.oauth = OAuth(self.workspace)
        """Clients, the authorization page, codes and token pairs."""
        self.requests: list[Received] = []
        """Everything received, oldest first; never a token. A refresh is a request for ``/v1/oauth/token`` whose body
        has ``grant_type`` refresh_token.
        """
        self._lock = threading.Lock()
        self._answered = 0
        self._committed = Committed()

    @classmethod
    def sample(
        cls,
        *,
        token: str = TOKEN,
        now: Callable[[], datetime] = _fixed_now,
        clock: Callable[[], float] = time.monotonic,
        row_cap: int = ROW_CAP,
    ) -> Sandbox:
        """A sandbox with the sample workspace of a small company, the same at every call.

        Args:
            token: The bearer token that is accepted.
            now: The present moment, for relative dates, formulas and expiring file URLs; fixed by default. The
                content's own dates do not move with it.
            clock: Seconds, monotonic; the rate limiter reads it.
            row_cap: Rows that one filter and sort of a query yields at most.
        """
        from .sample import build

        return cls(workspace=build(now=now), token=token, clock=clock, row_cap=row_cap)

    @classmethod
    def from_json(
        cls,
        data: Mapping[str, Any],
        *,
        token: str = TOKEN,
        now: Callable[[], datetime] = _fixed_now,
        clock: Callable[[], float] = time.monotonic,
        row_cap: int = ROW_CAP,
    ) -> Sandbox:
        """A sandbox with a workspace of one's own, e.g. ``{"pages": [{"title": "Home", "blocks": ["Welcome."]}]}``.

        Args:
            data: The workspace, in the small form that ``airbyte_agent_notion.sandbox.seeding.load_form`` describes,
                or what ``to_json`` gave.
            token: The bearer token that is accepted.
            now: The present moment; fixed by default.
            clock: Seconds, monotonic; the rate limiter reads it.
            row_cap: Rows that one filter and sort of a query yields at most.

        Raises:
            ConfigurationError: The data is not understood.
        """
        from .seeding import load_form

        workspace = _empty_workspace(now)
        load_form(workspace, data)
        return cls(workspace=workspace, token=token, clock=clock, row_cap=row_cap)

    def to_json(self) -> dict[str, Any]:
        """The workspace as JSON, which ``from_json`` takes.

        How formulas are computed, the bytes of files, uploads, views and what is under way are not part of it.
        """
        from .seeding import dump

        return dump(self.workspace)

    def __repr__(self) -> str:
        return f"<Sandbox {self.workspace.name!r}: {len(self.workspace.pages)} pages>"

    def handle(self, request: Request, *, form: Form = ()) -> Response:
        """Answer one request, without waiting. Thread-safe.

        Args:
            request: The request.
            form: The fields of a submitted HTML form, in place of a JSON body.

        Raises:
            ConnectionFailed: A fault drops the connection.
        """
        response = self.exchange(request, form=form).response
        if response is None:
            raise ConnectionFailed("The sandbox dropped the connection.")
        return response

    def exchange(self, request: Request, *, broken_json: bool = False, form: Form = ()) -> Exchange:
        """What becomes of a request, delays and broken connections included; the caller performs those.

        Args:
            request: The request.
            broken_json: Its body could not be parsed as JSON.
            form: The fields of a submitted HTML form; only the OAuth authorization page takes one.
        """
        with self._lock:
            fault = self.faults.take(request)
            response = self._outcome(fault, lambda: self._own(request, form, broken_json=broken_json))
            self.requests.append(
                Received(
                    method=request.method,
                    path=request.path,
                    query=tuple(request.query),
                    body=self._kept(request, form),
                    status=None if response is None else response.status,
                )
            )
            return Exchange(response=response, delay=0.0 if fault is None else fault.delay)

    def snapshot(self) -> Snapshot:
        """The state of the workspace, to be restored later; faults, tokens and the log of requests are not in it."""
        with self._lock:
            return take(self.workspace)

    def restore(self, snapshot: Snapshot) -> None:
        """Put the workspace back into the state of a snapshot, which may be used again.

        Raises:
            ValueError: The snapshot is of another workspace.
        """
        with self._lock:
            put_back(self.workspace, snapshot)

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

    def _kept(self, request: Request, form: Form) -> Any:
        """A copy of the body, without OAuth's secrets."""
        body: Any = None if request.json is None else json.loads(json.dumps(request.json))
        if request.content is not None:
            body = {part.name: part.described() for part in _parts(request)}
        if self.oauth.page.handles(request):
            body = dict(form) or body
        if not self.oauth.handles(request) or not isinstance(body, dict):
            return body
        given = cast("dict[str, Any]", body)
        return {key: "***" if key in SECRETS else value for key, value in given.items()}

    def _outcome(self, fault: Fault | None, own: Callable[[], Response]) -> Response | None:
        """The answer, or None for a broken connection."""
        self._committed = Committed()
        response = None
        if fault is None or fault.after or not fault.answers:
            response = own()
        if fault is None:
            return response
        if fault.answers:
            response = self._failed(fault)
        laid_over = {name.lower(): value for name, value in fault.headers.items()}
        return None if response is None else replace(response, headers={**response.headers, **laid_over})

    def _own(self, request: Request, form: Form, *, broken_json: bool) -> Response:
        """The answer without any fault."""
        if self.oauth.page.handles(request):
            return self.oauth.page.answer(request, form)
        return self._respond(lambda: self._answer(request, broken_json=broken_json))

    def _failed(self, fault: Fault) -> Response | None:
        problem = fault.problem(_saved(self._committed))
        if problem is None:
            return fault.raw()

        def refuse() -> Answer:
            raise problem

        return self._respond(refuse)

    def _respond(self, answer: Callable[[], Answer]) -> Response:
        self._answered += 1
        headers: dict[str, str] = {}
        try:
            status, body = answer()
        except Problem as refusal:
            body, status = refusal.body(), refusal.status
            if refusal.retry_after is not None:
                headers["retry-after"] = str(refusal.retry_after)
        request_id = derived_id("request", str(self._answered))
        if "templates" not in body:
            # Alone among the answers, a list of templates does not say it (recorded).
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

    def _answer(self, request: Request, *, broken_json: bool) -> Answer:
        headers = {name.lower(): value for name, value in request.headers.items()}
        authorization = headers.get("authorization", "")
        if self.oauth.handles(request):
            _refuse_broken(broken_json)
            return 200, self.oauth.answer(request, authorization)
        connection = self._connection(authorization)
        limit = self.faults.check_rate(connection or "")
        if limit is not None:
            raise limit
        found = match(ROUTES, request.method, request.path)
        version = _admit(connection, headers.get("notion-version"))
        _refuse_broken(broken_json)
        if found.route.capability is not None and found.route.capability not in self.capabilities:
            raise Problem(403, "restricted_resource", "Insufficient permissions for this endpoint.")
        context = Context(
            workspace=self.workspace,
            version=version,
            endpoint=f"{found.route.method} {found.route.path}",
            path=path_ids(found.parameters),
            query=request.query,
            body=_json_body(request),
            parts=_parts(request),
            row_cap=self.row_cap,
            public=connection != STATIC,
            committed=self._committed,
        )
        advance(context, ROUTES)
        return answer(context, found.route)

    def _connection(self, authorization: str) -> str | None:
        """Which connection sends, by its bearer token; None for a token that is not accepted."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return None
        return STATIC if token.strip() == self.token else self.oauth.connection(token.strip())


def _admit(connection: str | None, version: str | None) -> str:
    """Check token, then version; the version."""
    if connection is None:
        raise Problem(401, "unauthorized", "API token is invalid.")
    if version is None:
        raise Problem(400, "missing_version", "The Notion-Version header is missing.")
    if version not in VERSIONS:
        raise Problem(400, "validation_error", f"Notion-Version should be one of {', '.join(VERSIONS)}, not {version}.")
    return version


def _refuse_broken(broken: bool) -> None:
    if broken:
        raise Problem(400, "invalid_json", "Error parsing JSON body.")


def _saved(committed: Committed) -> Mapping[str, str | list[str]]:
    """What a write has saved, as additional_data names it."""
    if committed.resource_id is None:
        return {}
    children = {"committed_child_ids": committed.child_ids} if committed.child_ids else {}
    return {"committed_resource_id": committed.resource_id, **children}


def _json_body(request: Request) -> dict[str, Any]:
    # A copy through JSON: what is kept or echoed never aliases the caller's objects.
    text = json.dumps(request.json, ensure_ascii=False)
    if len(text.encode(errors="surrogatepass")) > MAX_BODY:
        raise Problem(413, "validation_error", f"The request body should have ≤ `{MAX_BODY}` bytes.")
    body = None if request.json is None else json.loads(text)
    if body is None or request.method.upper() == "GET":
        return {}
    return as_object(body, "body")


def _parts(request: Request) -> list[Part]:
    return parse_multipart(request.content_type or "", request.content or b"")


def _empty_workspace(now: Callable[[], datetime] = _fixed_now) -> Workspace:
    bot = User(id=derived_id("user", "bot"), name="Sandbox connection", kind="bot")
    workspace_id = derived_id("workspace", "empty")
    return Workspace(id=workspace_id, name="Empty", bot_id=bot.id, now=now, users={bot.id: bot})
