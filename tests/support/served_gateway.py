"""A gateway over loopback, as anyone runs it: uvicorn, a store of its own, and a served sandbox for Notion."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

import uvicorn

from airbyte_agent_notion import AirbyteAuthConfig
from airbyte_agent_notion.models import NotionOAuthCredentials
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion_gateway import GatewaySettings, create_app
from airbyte_agent_notion_gateway.store import Store

SERVER_APP = ("the-servers-app", "canary-the-servers-secret")


@dataclass
class Served:
    """A running gateway and what lies behind it."""

    url: str
    settings: GatewaySettings
    store: Store
    sandbox: Sandbox

    def organization(self, name: str = "Acme", *, redirect_urls: tuple[str, ...] = ()) -> Client:
        """A new organisation with a client of its own."""
        made = self.store.organizations.create(name, redirect_urls=redirect_urls)
        assert made.client_secret is not None
        return Client(made.organization.id, made.client_id, made.client_secret.get_secret_value())


@dataclass
class Client:
    """A client of one organisation."""

    organization_id: str
    client_id: str
    client_secret: str

    def config(self, **fields: Any) -> AirbyteAuthConfig:
        """What a hosted connector is built with."""
        return AirbyteAuthConfig(airbyte_client_id=self.client_id, airbyte_client_secret=self.client_secret, **fields)


@contextmanager
def served_gateway(folder: Path, sandbox: Sandbox, *, database_url: str | None = None) -> Iterator[Served]:
    """Serve; the server's own OAuth app is registered with the sandbox as "Gateway of the house"."""
    with sandbox.serve() as notion, socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        callback = f"{url}/api/v1/integrations/connectors/oauth/callback"
        sandbox.oauth.register(*SERVER_APP, name="Gateway of the house", redirect_uris=[callback])
        settings = GatewaySettings.resolve(
            data_dir=folder,
            database_url=database_url,
            port=listener.getsockname()[1],
            notion_base_url=notion.url,
            notion_oauth=NotionOAuthCredentials(client_id=SERVER_APP[0], client_secret=SERVER_APP[1]),
            environ={},
        )
        with Store.open(settings) as store:
            server = uvicorn.Server(uvicorn.Config(create_app(settings, store=store), log_config=None, lifespan="on"))
            thread = Thread(target=server.run, kwargs={"sockets": [listener]})
            thread.start()
            try:
                while thread.is_alive() and not server.started:
                    time.sleep(0.01)
                assert server.started, "the gateway did not start"
                yield Served(url=url, settings=settings, store=store, sandbox=sandbox)
            finally:
                server.should_exit = True
                thread.join()
