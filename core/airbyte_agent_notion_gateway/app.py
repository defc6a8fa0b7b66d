"""The application: everything wired together."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from airbyte_agent_notion import __version__
from airbyte_agent_notion.errors import NotionAgentError

from .connections import Connections
from .consent import Consents
from .execution import Executions
from .gates import Gates
from .grants import Grants
from .logs import say
from .middleware import BodyLimit, RequestLog, TimeLimit
from .problems import Problem, on_http_exception, on_problem, on_validation
from .refresh import Renewals
from .routes import api_router, health_router
from .services import Services, store_problem
from .settings import GatewaySettings
from .store import Store
from .threads import Threads
from .tokens import Tokens

__all__ = ["create_app"]

SHUTDOWN_SECONDS = 30.0
"""How long renewals and consents under way may take once the server is told to stop."""

_CONNECT_SECONDS, _ANSWER_SECONDS = 10.0, 65.0


def _utc_now() -> datetime:
    return datetime.now(UTC)


def create_app(
    settings: GatewaySettings,
    *,
    store: Store | None = None,
    notion_client: httpx.AsyncClient | None = None,
    clock: Callable[[], datetime] = _utc_now,
) -> FastAPI:
    """The Agent API as an ASGI application, for one event loop. Blocks while it opens the store.

    Args:
        settings: where data is, and how much is served.
        store: an open one, which stays open; by default that of the settings, closed with the application.
        notion_client: for requests to Notion, which stays open; it must keep no cookies. By default one of our own.
        clock: the present moment, aware.

    Raises:
        ConfigurationError: the store cannot be opened with these settings.
        StoreUnavailable: the database does not answer.
    """
    kept = Store.open(settings, clock=clock) if store is None else store
    client = _client(settings) if notion_client is None else notion_client
    services = _services(settings, kept, client, clock)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None]:
        yield
        await services.consents.close(SHUTDOWN_SECONDS)
        await services.renewals.close(SHUTDOWN_SECONDS)
        if notion_client is None:
            await client.aclose()
        if store is None:
            await services.threads.run(kept.close)

    app = _application(lifespan)
    app.state.services = services
    # The last one added is the outermost.
    app.add_middleware(BodyLimit, max_bytes=settings.max_body_bytes)
    app.add_middleware(TimeLimit, seconds=settings.request_seconds)
    app.add_middleware(RequestLog)
    return app


def _application(lifespan: Callable[[FastAPI], object]) -> FastAPI:
    app = FastAPI(
        title="Agent API for Notion",
        version=__version__,
        summary="Credentials stay on this server; agents execute by connector.",
        lifespan=lifespan,  # type: ignore[arg-type]
        # Its pages would load scripts from elsewhere; the document itself is at /openapi.json.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_operation_id,
        exception_handlers={
            Problem: on_problem,
            HTTPException: on_http_exception,
            RequestValidationError: on_validation,
            NotionAgentError: _on_store_error,
        },
    )
    app.include_router(health_router())
    app.include_router(api_router(), prefix="/api")
    app.include_router(api_router(), include_in_schema=False)
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name


async def _on_store_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, NotionAgentError)
    problem = store_problem(error)
    if problem.status_code >= 500:
        # The texts of our own errors hold no secret, and name the key that is missing.
        say(logging.ERROR, str(error), error=error, code=error.code)
    return problem.response()


def _client(settings: GatewaySettings) -> httpx.AsyncClient:
    connections = settings.max_concurrency + 50
    return httpx.AsyncClient(
        # All tenants share it: what Notion says to one must not be told of another.
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        timeout=httpx.Timeout(_ANSWER_SECONDS, connect=_CONNECT_SECONDS),
        limits=httpx.Limits(max_connections=connections, max_keepalive_connections=50),
        follow_redirects=False,
    )


def _services(
    settings: GatewaySettings, store: Store, client: httpx.AsyncClient, clock: Callable[[], datetime]
) -> Services:
    threads = Threads()
    tokens = Tokens(store.signing_secret(), clock=clock)
    grants = Grants(base_url=settings.notion_base_url, http_client=client)
    connections = Connections(
        store=store,
        threads=threads,
        http_client=client,
        base_url=settings.notion_base_url,
        deadline=max(settings.request_seconds - 10, 0.8 * settings.request_seconds),
    )
    renewals = Renewals(
        store=store, threads=threads, grants=grants, clock=clock, lease_seconds=settings.refresh_lease_seconds
    )
    return Services(
        settings=settings,
        store=store,
        threads=threads,
        tokens=tokens,
        clock=clock,
        gates=Gates(total=settings.max_concurrency, each=settings.max_concurrency_per_organization),
        grants=grants,
        connections=connections,
        renewals=renewals,
        executions=Executions(store=store, threads=threads, connections=connections, renewals=renewals),
        consents=Consents(settings=settings, store=store, threads=threads, tokens=tokens, grants=grants, clock=clock),
    )
