"""The seed document's hosted blocks, Python and curl, against our gateway over loopback, on a sandbox."""

import asyncio
import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

pytest.importorskip("fastapi", reason="the extra gateway is not installed")

from browser import Browser
from served_gateway import Client, Served, served_gateway

from airbyte_agent_notion import NotionAccessTokenAuthConfig, NotionConnector, SyncNotionConnector
from airbyte_agent_notion.sandbox import Sandbox

from .test_seed import ACCESS_TOKEN, CLIENT_ID, CLIENT_SECRET, PUBLIC_API, TOKEN, block, run

pytestmark = [pytest.mark.sockets, pytest.mark.enable_socket]

CALLBACK = "https://yourapp.com/oauth/callback"
CUSTOMER = "a-customer"
OWN_APP = ("our-own-app", "our-own-secret")


@pytest.fixture
def gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    with served_gateway(tmp_path, Sandbox.sample()) as served:
        callback = f"{served.url}/api/v1/integrations/connectors/oauth/callback"
        served.sandbox.oauth.register(*OWN_APP, name="Our Own App", redirect_uris=[callback])
        monkeypatch.setenv("AIRBYTE_API_BASE_URL", served.url)
        yield served


@pytest.fixture
def client(gateway: Served) -> Client:
    return gateway.organization(redirect_urls=(CALLBACK,))


@pytest.fixture
def values(gateway: Served, client: Client) -> dict[str, str]:
    """What stands for the document's placeholders."""
    body = {"client_id": client.client_id, "client_secret": client.client_secret}
    bearer = httpx.post(f"{gateway.url}/api/v1/account/applications/token", json=body).json()["access_token"]
    return {
        PUBLIC_API: gateway.url,
        "<YOUR_BEARER_TOKEN>": bearer,
        "<YOUR_ORGANIZATION_ID>": client.organization_id,
        "<CUSTOMER_NAME>": CUSTOMER,
        "<your_customer_name>": CUSTOMER,
        "<your_organization_id>": client.organization_id,
        "<your_airbyte_client_id>": client.client_id,
        "<your_airbyte_client_secret>": client.client_secret,
        "<your-client-id>": client.client_id,
        "<your-client-secret>": client.client_secret,
        CLIENT_ID: OWN_APP[0],
        CLIENT_SECRET: OWN_APP[1],
        TOKEN: gateway.sandbox.token,
    }


def shell(name: str, values: Mapping[str, str], home: Path) -> tuple[int, Any]:
    """Run a curl block as it stands: the HTTP status, and the JSON of the answer."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    (home / ".curlrc").write_text('silent\nshow-error\nnoproxy = "*"\nwrite-out = "\\n%{http_code}"\n')
    done = subprocess.run(
        ["bash", "-c", block(name, values)],
        env={"CURL_HOME": str(home), "PATH": "/usr/local/bin:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    text, _, status = done.stdout.rpartition("\n")
    return int(status), json.loads(text) if text else None


def who(gateway: Served, client: Client, **fields: Any) -> Any:
    """What the connector acts as."""
    with SyncNotionConnector(client.config(**fields), base_url=gateway.url) as notion:
        return notion.users.get_me()


@pytest.mark.parametrize("name", ["03_hosted_create_oauth.sh", "09_hosted_create_token.sh"])
def test_the_connector_that_a_block_creates_executes(
    name: str, gateway: Served, client: Client, values: dict[str, str], tmp_path: Path
) -> None:
    values[ACCESS_TOKEN] = gateway.sandbox.oauth.grant(client_id=OWN_APP[0]).access_token
    status, created = shell(name, values, tmp_path)
    assert (status, created["name"]) == (200, "My Notion Connector")
    assert who(gateway, client, connector_id=created["id"])["object"] == "user"
    assert who(gateway, client, customer_name=CUSTOMER)["object"] == "user"


def consent_page(url: str) -> str:
    with Browser() as browser:
        return browser.go(url).text


def consent_url(gateway: Served, client: Client) -> str:
    return SyncNotionConnector.get_consent_url(
        airbyte_config=client.config(customer_name=CUSTOMER), redirect_url=CALLBACK, base_url=gateway.url
    )


@pytest.mark.parametrize("how", ["curl", "python"])
def test_the_own_oauth_app_is_named_until_it_is_reverted(
    how: str, gateway: Served, client: Client, values: dict[str, str], tmp_path: Path
) -> None:
    """The consent screen shows the developer's app after block 04 or 05, and the server's before and after."""

    def do(python: str, curl: str, status: int) -> None:
        if how == "curl":
            assert shell(curl, values, tmp_path)[0] == status
            return
        names = "from airbyte_agent_notion import NotionConnector, AirbyteAuthConfig\n"
        run(names + block(python, values), {})

    assert "Gateway of the house" in consent_page(consent_url(gateway, client))
    do("04_hosted_own_oauth_app.py", "05_hosted_own_oauth_app.sh", 200)
    assert "Our Own App" in consent_page(consent_url(gateway, client))
    do("06_hosted_revert_oauth_app.py", "07_hosted_revert_oauth_app.sh", 204)
    assert "Gateway of the house" in consent_page(consent_url(gateway, client))


def test_the_oauth_flow_leads_to_the_callback_with_a_connector(
    gateway: Served, client: Client, values: dict[str, str], tmp_path: Path
) -> None:
    status, initiated = shell("08_hosted_initiate_oauth.sh", values, tmp_path)
    assert status == 200
    back = gateway.sandbox.oauth.consent(initiated["consent_url"])
    answer = httpx.get(back, follow_redirects=False)
    assert answer.headers["location"].startswith(f"{CALLBACK}?connector_id=")
    outcome = NotionConnector.parse_callback(answer.headers["location"])
    assert who(gateway, client, connector_id=outcome.connector_id)["object"] == "user"
    assert who(gateway, client, customer_name=CUSTOMER)["object"] == "user"


def made(gateway: Served, client: Client) -> str:
    notion = SyncNotionConnector.create(
        airbyte_config=client.config(customer_name=CUSTOMER),
        auth_config=NotionAccessTokenAuthConfig(token=gateway.sandbox.token),
        base_url=gateway.url,
    )
    notion.close()
    assert notion.connector_id is not None
    return notion.connector_id


def test_the_execution_block_of_curl(gateway: Served, client: Client, values: dict[str, str], tmp_path: Path) -> None:
    values |= {"<connector_id>": made(gateway, client), "<entity>": "users", "<action>": "list"}
    status, answer = shell("11_hosted_execution.sh", values, tmp_path)
    assert (status, answer["status"]) == (200, "success")
    assert answer["result"][0]["object"] == "user"
    assert set(answer["connector_metadata"]) >= {"next_cursor", "has_more"}
    assert answer["execution_metadata"]["connector_instance_id"] == values["<connector_id>"]


def test_the_execution_block_of_python(gateway: Served, client: Client, values: dict[str, str]) -> None:
    pydantic_ai = pytest.importorskip("pydantic_ai")
    models = pytest.importorskip("pydantic_ai.models.function")
    messages = pytest.importorskip("pydantic_ai.messages")
    made(gateway, client)

    def script(history: list[Any], info: Any) -> Any:
        if len(history) == 1:
            assert [tool.name for tool in info.function_tools] == ["notion_execute"]
            call = messages.ToolCallPart("notion_execute", {"entity": "users", "action": "get_me"})
            return messages.ModelResponse(parts=[call])
        return messages.ModelResponse(parts=[messages.TextPart(history[-1].parts[0].content)])

    agent = pydantic_ai.Agent(models.FunctionModel(script))
    connector = run(block("10_hosted_execution.py", values), {"agent": agent})["connector"]
    assert connector.connector_id is None

    async def ask() -> str:
        async with connector:
            return (await agent.run("Who am I?")).output

    assert "|bot|" in asyncio.run(ask())
    assert connector.connector_id
