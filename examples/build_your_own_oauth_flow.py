"""Let your users connect their Notion: a small web app with the whole OAuth flow, to copy from.

    python examples/build_your_own_oauth_flow.py     # offline: a gateway of its own, on a sandbox workspace

    AIRBYTE_API_BASE_URL=https://gateway.example AIRBYTE_CLIENT_ID=... AIRBYTE_CLIENT_SECRET=... \\
        python examples/build_your_own_oauth_flow.py --port 8000

Then open the address that it prints. Your server must know <address>/oauth/callback as a redirect URL. The app never
sees a token of Notion's: the server keeps it, and the app keeps the connector's id.
"""

from __future__ import annotations

import argparse
import secrets
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from typing import Annotated, Any
from urllib.parse import urlencode

import httpx
import uvicorn
from agent_server import Server, serving
from fastapi import Cookie, FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from airbyte_agent_notion import NotionConnector
from airbyte_agent_notion.errors import ConfigurationError, NotionAgentError

SessionId = Annotated[str, Cookie(alias="session")]


@dataclass
class Session:
    """One browser. Your app has its login, and a database, in place of this."""

    customer_name: str
    flows: set[str] = field(default_factory=set[str])
    """Nonces of the flows that this browser began and has not come back from."""
    connector_id: str | None = None


def create_app(server: Server, *, address: str) -> FastAPI:
    """The app, for a server and the address at which browsers reach the app."""
    app = FastAPI(openapi_url=None)
    sessions: dict[str, Session] = {}

    @app.get("/")
    async def index(session_id: SessionId = "") -> Response:
        answer = page("Connect Notion", '<form method="post" action="/connect"><button>Connect Notion</button></form>')
        if session_id not in sessions:
            session_id = secrets.token_urlsafe(32)
            sessions[session_id] = Session(customer_name=f"customer-{secrets.token_hex(8)}")
            # "lax": not sent with a form on someone else's page, but sent when the browser comes back here.
            secure = address.startswith("https:")
            answer.set_cookie("session", session_id, httponly=True, samesite="lax", secure=secure)
        return answer

    @app.post("/connect")
    async def connect(session_id: SessionId = "") -> Response:
        session = sessions.get(session_id)
        if session is None:
            return problem("This browser has no session.")
        nonce = secrets.token_urlsafe(32)
        consent_url = await NotionConnector.get_consent_url(
            airbyte_config=server.config(customer_name=session.customer_name),
            redirect_url=f"{address}/oauth/callback?{urlencode({'flow': nonce})}",
            base_url=server.base_url,
        )
        session.flows.add(nonce)
        return RedirectResponse(consent_url, 303)

    @app.get("/oauth/callback")
    async def callback(request: Request, flow: str = "", session_id: SessionId = "") -> Response:
        session = sessions.get(session_id)
        # Otherwise anyone could have a user follow a link and connect a Notion that is not the user's.
        if session is None or flow not in session.flows:
            return problem("This browser did not begin that flow, or has come back from it before.")
        session.flows.remove(flow)
        try:
            outcome = NotionConnector.parse_callback(str(request.url))
        except ConfigurationError:
            return problem("That address says neither that Notion is connected nor why not.")
        if outcome.connector_id is None:
            return problem(f"Notion was not connected: {outcome.error}. {outcome.error_description or ''}")
        # A user may write any id into the address bar.
        if outcome.connector_id not in await connectors_of(server, session.customer_name):
            return problem("That connector is not yours.")
        session.connector_id = outcome.connector_id
        return RedirectResponse("/workspace", 303)

    @app.get("/workspace")
    async def workspace(session_id: SessionId = "") -> Response:
        session = sessions.get(session_id)
        if session is None or session.connector_id is None:
            return RedirectResponse("/", 303)
        config = server.config(connector_id=session.connector_id)
        async with NotionConnector(config, base_url=server.base_url) as notion:
            pages = await notion.pages.list(page_size=10)
        return page("Your Notion", "".join(f"<li>{escape(title_of(each))}</li>" for each in pages))

    @app.exception_handler(NotionAgentError)
    async def failed(_: Request, error: Exception) -> Response:
        return problem(str(error), status=502)

    return app


async def connectors_of(server: Server, customer_name: str) -> set[str]:
    """Ids of the connectors that a customer has."""
    organization = {"X-Organization-Id": server.organization_id} if server.organization_id else {}
    async with httpx.AsyncClient(base_url=server.base_url, headers=organization) as http:
        ours = {"client_id": server.client_id, "client_secret": server.client_secret}
        given = await http.post("/api/v1/account/applications/token", json=ours)
        bearer = {"Authorization": f"Bearer {given.raise_for_status().json()['access_token']}"}
        customer = {"customer_name": customer_name}
        found = await http.get("/api/v1/integrations/connectors", params=customer, headers=bearer)
        return {each["id"] for each in found.json()["data"]} if found.is_success else set()


def page(title: str, body: str, *, status: int = 200) -> HTMLResponse:
    """A page; ``body`` is HTML."""
    head = f"<!DOCTYPE html><meta charset=utf-8><title>{escape(title)}</title><h1>{escape(title)}</h1>"
    return HTMLResponse(head + body, status, headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})


def problem(text: str, *, status: int = 400) -> HTMLResponse:
    """A page that says what went wrong."""
    return page("That did not work", f'<p>{escape(text)}</p><a href="/">Back to the start</a>', status=status)


def title_of(record: Any) -> str:
    titles = [value["title"] for value in record["properties"].values() if value["type"] == "title"]
    return "".join(part["plain_text"] for part in titles[0]) if titles else "Untitled"


def main() -> None:
    parser = argparse.ArgumentParser(description="A web app whose users connect their Notion.")
    parser.add_argument("--port", type=int, default=0, help="by default a free one")
    options = parser.parse_args()
    with serving() as server, socket.create_server(("127.0.0.1", options.port)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        print(f"Open {address}/ in a browser. Ctrl-C ends it.", flush=True)
        app = create_app(server, address=address)
        with suppress(KeyboardInterrupt):
            uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])


if __name__ == "__main__":
    main()
