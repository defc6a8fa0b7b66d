"""A gateway on a sandbox, wholly in process: requests to Notion go to ``sandbox.exchange``, those to the gateway to its
ASGI application, awaited or blocking.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import anyio
import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI

from airbyte_agent_notion.flow import Request
from airbyte_agent_notion.models import NotionOAuthCredentials
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion_gateway import GatewaySettings, create_app
from airbyte_agent_notion_gateway.store import NewOrganization, Store

BASE = "http://gateway.test"
NOTION = "https://notion.test"
TOKEN_PATH = "/api/v1/account/applications/token"
CONNECTORS = "/api/v1/integrations/connectors"


def notion_transport(sandbox: Sandbox) -> httpx.MockTransport:
    """A transport for httpx that a sandbox answers."""

    async def answer(request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        exchange = sandbox.exchange(
            Request(
                method=request.method,
                path=request.url.raw_path.partition(b"?")[0].decode(),
                query=tuple(request.url.params.multi_items()),
                json=json.loads(body) if body else None,
                headers=dict(request.headers),
            )
        )
        # Other tasks go on meanwhile, as they would over a network.
        await anyio.sleep(exchange.delay)
        if exchange.response is None:
            raise httpx.ReadError("dropped", request=request)
        found = exchange.response
        return httpx.Response(found.status, headers=dict(found.headers), content=found.content)

    return httpx.MockTransport(answer)


@dataclass(frozen=True, slots=True)
class Tenant:
    """An organisation with its client."""

    id: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(slots=True)
class Gateway:
    """A running application with what a test needs of it."""

    app: FastAPI
    store: Store
    sandbox: Sandbox
    settings: GatewaySettings
    http: httpx.AsyncClient

    def organization(self, name: str = "Acme", *, client: Tenant | None = None, redirect_urls: Any = ()) -> Tenant:
        """A new organisation, with a new client or with that of another."""
        made: NewOrganization = self.store.organizations.create(
            name, redirect_urls=redirect_urls, client_id=None if client is None else client.client_id
        )
        secret = client.client_secret if made.client_secret is None and client else made.client_secret
        plain = secret if isinstance(secret, str) else secret.get_secret_value()
        return Tenant(made.organization.id, made.client_id, plain)

    async def token(self, tenant: Tenant, *, organization: str | None = None) -> str:
        """An application token."""
        headers = {} if organization is None else {"X-Organization-Id": organization}
        body = {"client_id": tenant.client_id, "client_secret": tenant.client_secret}
        answer = await self.http.post(TOKEN_PATH, json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()["access_token"]

    async def scoped(self, token: str, workspace: str) -> str:
        """A scoped token."""
        path = "/api/v1/account/applications/scoped-token"
        answer = await self.http.post(path, json={"workspace_name": workspace}, headers=bearer(token))
        assert answer.status_code == 200, answer.text
        return answer.json()["token"]

    async def connector(self, token: str, *, customer: str = "acme", credentials: Any = None, **more: Any) -> str:
        """The id of a new connector; by default with the sandbox's token."""
        given = {"token": self.sandbox.token} if credentials is None else credentials
        body = {"customer_name": customer, "connector_type": "Notion", "credentials": given, **more}
        answer = await self.http.post(CONNECTORS, json=body, headers=bearer(token))
        assert answer.status_code == 200, answer.text
        return answer.json()["id"]

    async def execute(self, token: str, connector: str, entity: str, action: str, params: Any = None, **more: Any):
        """The answer to an execute."""
        body = {"entity": entity, "action": action, "params": params, **more}
        return await self.http.post(f"{CONNECTORS}/{connector}/execute", json=body, headers=bearer(token))

    def grant(self, *, expired: bool = False) -> dict[str, str]:
        """Credentials of a grant at the sandbox."""
        pair = self.sandbox.oauth.grant()
        if expired:
            self.sandbox.oauth.expire(pair.access_token)
        return {
            "client_id": self.sandbox.oauth.client_id,
            "client_secret": self.sandbox.oauth.client_secret,
            "access_token": pair.access_token,
            "refresh_token": pair.refresh_token,
        }

    def asked(self, path: str, *, grant_type: str | None = None) -> int:
        """How many requests the sandbox got at a path."""
        found = [each for each in self.sandbox.requests if each.path == path]
        return len([each for each in found if grant_type is None or (each.body or {}).get("grant_type") == grant_type])


def bearer(token: str, organization: str | None = None) -> dict[str, str]:
    """Headers of a call."""
    named = {} if organization is None else {"X-Organization-Id": organization}
    return {"Authorization": f"Bearer {token}", **named}


def with_app(settings: GatewaySettings, sandbox: Sandbox, **changes: Any) -> GatewaySettings:
    """Settings whose server has the sandbox's OAuth client as its own app."""
    app = NotionOAuthCredentials(client_id=sandbox.oauth.client_id, client_secret=sandbox.oauth.client_secret)
    return replace(settings, **{"notion_oauth": app, "notion_base_url": NOTION, "public_url": BASE, **changes})


@asynccontextmanager
async def running(
    settings: GatewaySettings,
    store: Store,
    sandbox: Sandbox,
    *,
    clock: Callable[[], datetime] | None = None,
    **changes: Any,
) -> AsyncIterator[Gateway]:
    """A gateway whose Notion is the sandbox, with its lifespan."""
    told = with_app(settings, sandbox, **changes)
    timing = {} if clock is None else {"clock": clock}
    async with httpx.AsyncClient(transport=notion_transport(sandbox)) as notion:
        app = create_app(told, store=store, notion_client=notion, **timing)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url=BASE) as http:
            yield Gateway(app=app, store=store, sandbox=sandbox, settings=told, http=http)


def query_of(url: str) -> dict[str, str]:
    """The query of a URL, each name once."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query, keep_blank_values=True).items()}


class BlockingTransport(httpx.BaseTransport):
    """Lets a blocking client call an application that runs in another thread's event loop."""

    def __init__(self, app: Any, portal: BlockingPortal) -> None:
        self._inner = httpx.ASGITransport(app)
        self._portal = portal

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        return self._portal.call(self._exchange, request)

    async def _exchange(self, request: httpx.Request) -> httpx.Response:
        answer = await self._inner.handle_async_request(request)
        content = await answer.aread()
        return httpx.Response(answer.status_code, headers=answer.headers, content=content, request=request)


@contextmanager
def blocking(
    settings: GatewaySettings, store: Store, sandbox: Sandbox, **changes: Any
) -> Iterator[tuple[Gateway, httpx.Client]]:
    """A gateway in a loop of another thread, and a blocking client to it. ``Gateway.http`` belongs to that loop."""
    with start_blocking_portal() as portal:
        held = portal.wrap_async_context_manager(running(settings, store, sandbox, **changes))
        with held as gateway, httpx.Client(transport=BlockingTransport(gateway.app, portal), base_url=BASE) as client:
            yield gateway, client
