"""Which server the hosted examples speak to: one of yours, or a gateway that is started here.

Yours is named by AIRBYTE_CLIENT_ID, AIRBYTE_CLIENT_SECRET and AIRBYTE_API_BASE_URL (also AIRBYTE_ORGANIZATION_ID, where
the client has several organisations). Without those a gateway runs on loopback, in a temporary directory, with a
sandbox in place of Notion: no account, no network. That needs the extra ``gateway``.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from tempfile import TemporaryDirectory
from threading import Thread

from airbyte_agent_notion import AirbyteAuthConfig
from airbyte_agent_notion.models import NotionOAuthCredentials
from airbyte_agent_notion.sandbox import Sandbox

__all__ = ["Server", "serving"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server and our client there."""

    base_url: str
    client_id: str
    client_secret: str = field(repr=False)
    organization_id: str | None = None
    notion_token: str = field(default="", repr=False)
    """A token of Notion's, or of the sandbox's; empty if there is none."""

    def config(self, *, customer_name: str | None = None, connector_id: str | None = None) -> AirbyteAuthConfig:
        """What a connector of that customer, or of that id, is built with."""
        return AirbyteAuthConfig(
            airbyte_client_id=self.client_id,
            airbyte_client_secret=self.client_secret,
            organization_id=self.organization_id,
            customer_name=customer_name,
            connector_id=connector_id,
        )


@contextmanager
def serving() -> Generator[Server]:
    """The server that the environment names, else one that runs as long as the context."""
    client_id, secret = os.environ.get("AIRBYTE_CLIENT_ID"), os.environ.get("AIRBYTE_CLIENT_SECRET")
    if not client_id or not secret:
        with _gateway() as started:
            yield started
        return
    yield Server(
        base_url=os.environ.get("AIRBYTE_API_BASE_URL") or "https://api.airbyte.ai",
        client_id=client_id,
        client_secret=secret,
        organization_id=os.environ.get("AIRBYTE_ORGANIZATION_ID") or None,
        notion_token=os.environ.get("NOTION_TOKEN", ""),
    )


@contextmanager
def _gateway() -> Generator[Server]:
    try:
        import uvicorn

        from airbyte_agent_notion_gateway import GatewaySettings, create_app
        from airbyte_agent_notion_gateway.store import Store
    except ImportError as missing:
        raise SystemExit(f'{missing.name} is missing: python -m pip install ".[gateway]"') from missing

    sandbox = Sandbox.sample()
    app = NotionOAuthCredentials(client_id=sandbox.oauth.client_id, client_secret=sandbox.oauth.client_secret)
    with (
        TemporaryDirectory() as folder,
        sandbox.serve() as notion,
        socket.create_server(("127.0.0.1", 0)) as listener,
    ):
        settings = GatewaySettings.resolve(
            data_dir=folder,
            port=listener.getsockname()[1],
            notion_base_url=notion.url,
            notion_oauth=app,
            environ={},
        )
        store = Store.open(settings)
        ours = store.organizations.create("Example")
        store.close()
        assert ours.client_secret is not None  # It is for a client that is new.
        server = uvicorn.Server(uvicorn.Config(create_app(settings), log_config=None))
        thread = Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while thread.is_alive() and not server.started:
                time.sleep(0.01)
            if not server.started:
                raise SystemExit("The gateway did not start.")
            yield Server(
                base_url=settings.public_url,
                client_id=ours.client_id,
                client_secret=ours.client_secret.get_secret_value(),
                notion_token=sandbox.token,
            )
        finally:
            server.should_exit = True
            thread.join()
