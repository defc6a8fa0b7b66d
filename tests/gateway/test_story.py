"""The whole story of hosted mode over real loopback sockets, with the commands and the server that a user runs."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

import httpx
import pytest
from browser import Browser

from airbyte_agent_notion import AirbyteAuthConfig, SyncNotionConnector
from airbyte_agent_notion.errors import ConfigurationError
from airbyte_agent_notion.models import NotionOAuthCredentials
from airbyte_agent_notion.plugins import load
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.sandbox.oauth import Grant
from airbyte_agent_notion_cli.demo.stories import OFFLINE

pytestmark = [
    pytest.mark.sockets,
    pytest.mark.enable_socket,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # LlamaIndex looks at deprecated attributes.
]

FRAMEWORKS = {"pydantic-ai": "pydantic_ai", "langchain": "langchain", "llama-index": "llama_index.core"}
SERVERS_APP = ("the-servers-app", "canary-servers-secret")
OWN_APP = ("our-own-app", "canary-own-secret")
CUSTOMER = "Ana's workspace & more"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@contextmanager
def application() -> Iterator[str]:
    """A developer's application: it is only there to be come back to."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/oauth/callback"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Commands:
    """The console script, in processes of their own."""

    def __init__(self, folder: Path, database_url: str, port: int, notion: str) -> None:
        self._options = ["--data-dir", str(folder), "--database-url", database_url, "--port", str(port)]
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AIRBYTE_", "NOTION_"))}
        self._environ = {
            **kept,
            "NOTION_BASE_URL": notion,
            "NOTION_GATEWAY_CLIENT_ID": SERVERS_APP[0],
            "NOTION_GATEWAY_CLIENT_SECRET": SERVERS_APP[1],
            "PYTHONUNBUFFERED": "1",
        }

    def start(self, *words: str, log: Path) -> "subprocess.Popen[bytes]":
        with log.open("wb") as file:
            return subprocess.Popen(self._line(*words), env=self._environ, stdout=file, stderr=file)

    def run(self, *words: str) -> str:
        done = subprocess.run(
            self._line(*words), env=self._environ, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _line(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "airbyte_agent_notion_cli", "gateway", *words, *self._options]


def wait_until_ready(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = monotonic() + 60
    while monotonic() < until:
        assert process.poll() is None, log.read_text()
        try:
            if httpx.get(f"{url}/ready").status_code == 200:
                return
        except httpx.TransportError:
            sleep(0.05)
    raise AssertionError(log.read_text())


@pytest.fixture
def sandbox() -> Iterator[tuple[Sandbox, str]]:
    workspace = Sandbox.sample()
    with workspace.serve() as server:
        yield workspace, server.url


def told(output: str, name: str) -> str:
    return next(line.removeprefix(name).strip() for line in output.splitlines() if line.startswith(name))


def installed() -> list[str]:
    found = [name for name, module in FRAMEWORKS.items() if find_spec(module.partition(".")[0])]
    # LangChain's adapter needs langchain-core only; its agents are in langchain.
    without_agents = {"langchain"} if find_spec("langchain_core") else set()
    assert set(os.environ.get("EXPECTED_FRAMEWORKS", "").split()) <= {*found, *without_agents}
    return found


def test_from_an_organization_to_the_deletion_of_its_connector(database_url, data_dir, tmp_path, sandbox) -> None:
    notion, notion_url = sandbox
    port, log = free_port(), tmp_path / "server.log"
    url = f"http://127.0.0.1:{port}"
    callback = f"{url}/api/v1/integrations/connectors/oauth/callback"
    notion.oauth.register(*SERVERS_APP, name="Gateway of the house", redirect_uris=[callback])
    notion.oauth.register(*OWN_APP, name="Our Own App", redirect_uris=[callback])
    commands = Commands(data_dir, database_url, port, notion_url)

    server = commands.start(log=log)
    try:
        wait_until_ready(url, server, log)
        with application() as redirect_url:
            # An organisation, made beside the running server.
            made = commands.run("organizations", "create", "Brightkeel", "--redirect-url", redirect_url)
            client_id, client_secret = told(made, "client id"), told(made, "client secret")

            def config(**fields: str) -> AirbyteAuthConfig:
                return AirbyteAuthConfig(airbyte_client_id=client_id, airbyte_client_secret=client_secret, **fields)

            # Its own OAuth app, which the consent page then names; a person agrees and comes back with a connector.
            own = NotionOAuthCredentials(client_id=OWN_APP[0], client_secret=OWN_APP[1])
            SyncNotionConnector.configure_oauth_app_parameters(airbyte_config=config(), credentials=own, base_url=url)
            consent = SyncNotionConnector.get_consent_url(
                airbyte_config=config(customer_name=CUSTOMER), redirect_url=redirect_url, base_url=url
            )
            with Browser() as browser:
                assert "Our Own App" in browser.go(consent).text
                browser.press("Allow access")
                arrived = str(browser.response.url)
        assert arrived.startswith(f"{redirect_url}?")
        outcome = SyncNotionConnector.parse_callback(arrived)
        assert outcome.ok

        with SyncNotionConnector(config(customer_name=CUSTOMER), base_url=url) as connector:
            # Looked up by the customer's name, and read by an agent of each framework.
            assert connector.users.get_me()["type"] == "bot"
            assert connector.connector_id == outcome.connector_id
            for framework in installed():
                story = OFFLINE[framework][0]
                answer = import_module(f"airbyte_agent_notion_cli.demo.{framework.replace('-', '_')}").answer
                with SyncNotionConnector.sandbox() as local:
                    expected = answer(load(framework).tools(local), story.question, story.script())
                assert answer(load(framework).tools(connector), story.question, story.script()) == expected

            # The grant expires: one refresh, and nobody notices.
            notion.oauth.expire_all()
            assert connector.check().status == "healthy"
            assert [each.refreshes for each in of_own_app(notion)] == [1]

            # The vault's key is rotated while the server runs; the old one is gone from the file.
            before = json.loads((data_dir / "keys.json").read_text())["keys"]
            assert "sealed with the key" in commands.run("rotate-keys")
            after = json.loads((data_dir / "keys.json").read_text())["keys"]
            assert {each["id"] for each in before}.isdisjoint(each["id"] for each in after)
            notion.oauth.expire_all()
            assert connector.check().status == "healthy"
            assert [each.refreshes for each in of_own_app(notion)] == [2], "a refresh under the new key"

            # Deleted: gone here, and the grant is revoked at Notion.
            headers = {"Authorization": f"Bearer {bearer(url, client_id, client_secret)}"}
            path = f"{url}/api/v1/integrations/connectors/{outcome.connector_id}"
            assert httpx.delete(path, headers=headers).status_code == 202
            with pytest.raises(ConfigurationError, match="has no Notion connector"):
                connector.users.get_me()
            assert [each.revoked for each in of_own_app(notion)] == [True]
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=60) == 0

    secrets = (client_secret, OWN_APP[1], SERVERS_APP[1], "ntn_sandbox", "nrt_sandbox")
    for file in (log, *data_dir.iterdir()):
        content = file.read_bytes()
        assert [secret for secret in secrets if secret.encode() in content] == [], file.name


def of_own_app(notion: Sandbox) -> list[Grant]:
    return [each for each in notion.oauth.grants if each.client_id == OWN_APP[0]]


def bearer(url: str, client_id: str, client_secret: str) -> str:
    body = {"client_id": client_id, "client_secret": client_secret}
    return httpx.post(f"{url}/api/v1/account/applications/token", json=body).json()["access_token"]
