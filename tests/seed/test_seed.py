"""The seed document's code, as it stands there, with nothing but the placeholders replaced."""

import ast
import asyncio
import inspect
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from airbyte_agent_notion import (
    AirbyteAuthConfig,
    NotionAccessTokenAuthConfig,
    NotionAgentError,
    NotionConnector,
    NotionOauth20AuthConfig,
    NotionOAuthCredentials,
)
from airbyte_agent_notion.sandbox import Sandbox

BLOCKS = Path(__file__).parent / "blocks"
PUBLIC_API = "https://api.airbyte.ai"
CLIENT_ID = "<Your Notion OAuth integration's client ID>"
CLIENT_SECRET = "<Your Notion OAuth integration's client secret>"
ACCESS_TOKEN = "<OAuth access token obtained through the Notion authorization flow>"
TOKEN = "<Notion internal integration token (starts with ntn_ or secret_)>"
PLACEHOLDERS = {CLIENT_ID: "an-oauth-client", CLIENT_SECRET: "an-oauth-secret", ACCESS_TOKEN: "TOKEN", TOKEN: "TOKEN"}


def block(name: str, values: Mapping[str, str]) -> str:
    """A block with its placeholders replaced; none may be left."""
    text = (BLOCKS / name).read_text()
    for placeholder, value in values.items():
        text = text.replace(placeholder, value)
    assert not re.search(r"<[A-Za-z][^>]*>", text), "a placeholder is left"
    return text


def run(source: str, namespace: dict[str, Any]) -> dict[str, Any]:
    """Execute a block with top-level await allowed."""
    code = compile(source, "seed", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    result = eval(code, namespace)
    if inspect.iscoroutine(result):
        asyncio.run(result)
    return namespace


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.fixture
def workspace(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    sandbox = Sandbox.sample()
    with sandbox.serve() as server:
        monkeypatch.setenv("NOTION_BASE_URL", server.url)
        yield sandbox


def test_blocks_are_the_documents() -> None:
    path = os.environ.get("SEED_DOCUMENT")
    if not path:
        pytest.skip("SEED_DOCUMENT names no document to compare the blocks with")
    document = squeezed(Path(path).read_text())
    position = 0
    for file in sorted(BLOCKS.iterdir()):
        found = document.find(squeezed(file.read_text()), position)
        assert found >= 0, f"{file.name} is not the document's next block"
        position = found + 1
    kept = squeezed("".join(file.read_text() for file in BLOCKS.iterdir()))
    for start in ("fromairbyte_agent_notion", "awaitNotionConnector", "@agent.tool_plain", "curl-X"):
        assert document.count(start) == kept.count(start), f"a block with {start} is missing"


@pytest.mark.sockets
@pytest.mark.enable_socket
@pytest.mark.parametrize("name", ["01_open_source_oauth.py", "02_open_source_token.py"])
def test_open_source_block_runs_and_its_connector_works(name: str, workspace: Sandbox) -> None:
    values = {**PLACEHOLDERS, ACCESS_TOKEN: workspace.token, TOKEN: workspace.token}
    connector = run(block(name, values), {})["connector"]
    assert isinstance(connector, NotionConnector)

    async def use() -> Any:
        async with connector:
            return await connector.execute("users", "get_me", {})

    assert asyncio.run(use())["object"] == "user"


TABLES: dict[type, Mapping[str, str]] = {
    NotionOauth20AuthConfig: {
        "client_id": "an-oauth-client",
        "client_secret": "an-oauth-secret",
        "access_token": "ntn_access",
    },
    NotionAccessTokenAuthConfig: {"token": "ntn_token"},
    NotionOAuthCredentials: {"client_id": "an-oauth-client", "client_secret": "an-oauth-secret"},
}
FIELDS = [(kind, name) for kind, fields in TABLES.items() for name in fields]


@pytest.mark.parametrize("kind", TABLES)
def test_exactly_the_documented_fields_are_required(kind: Any) -> None:
    assert {name for name, field in kind.model_fields.items() if field.is_required()} == set(TABLES[kind])
    assert kind(**TABLES[kind])


@pytest.mark.parametrize(("kind", "name"), FIELDS)
def test_a_missing_field_is_named(kind: Any, name: str) -> None:
    given = {key: value for key, value in TABLES[kind].items() if key != name}
    with pytest.raises(NotionAgentError, match=rf"{kind.__name__}: {name} is required") as caught:
        kind(**given)
    assert caught.value.details["fields"] == list(kind.model_fields)


@pytest.mark.parametrize("kind", TABLES)
def test_an_unknown_field_is_refused_and_its_value_not_repeated(kind: Any) -> None:
    with pytest.raises(NotionAgentError, match="tokn is not a field") as caught:
        kind(**TABLES[kind], tokn="ntn_canary")
    assert "canary" not in str(caught.value)


def test_hosted_credentials_take_the_seeds_fields() -> None:
    config = AirbyteAuthConfig(
        customer_name="a-customer",
        organization_id="an-organization",
        airbyte_client_id="a-client",
        airbyte_client_secret="a-secret",
    )
    assert config.customer_name == "a-customer"
    assert config.airbyte_client_secret is not None
    assert config.airbyte_client_secret.get_secret_value() == "a-secret"
