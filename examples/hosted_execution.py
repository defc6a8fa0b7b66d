"""Keep Notion's credentials on a server and execute by connector: with the SDK, and by HTTP alone.

    python examples/hosted_execution.py              # offline: a gateway of its own, on a sandbox workspace

    AIRBYTE_API_BASE_URL=https://gateway.example AIRBYTE_CLIENT_ID=... AIRBYTE_CLIENT_SECRET=... \\
        NOTION_TOKEN=ntn_... python examples/hosted_execution.py

It creates a connector for each of two customers, reads by it, and deletes it.
"""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from agent_server import Server, serving

from airbyte_agent_notion import NotionAccessTokenAuthConfig, NotionConnector

CONNECTORS = "/api/v1/integrations/connectors"


async def main() -> None:
    with serving() as server:
        if not server.notion_token:
            raise SystemExit("Set NOTION_TOKEN: it is what the server is to keep.")
        async with signed_in(server) as http:
            created = await with_the_sdk(server)
            await http.delete(f"{CONNECTORS}/{created}")
            await by_http_alone(http, server.notion_token)


async def with_the_sdk(server: Server) -> str:
    config = server.config(customer_name="sdk-customer")
    created = await NotionConnector.create(
        airbyte_config=config,
        auth_config=NotionAccessTokenAuthConfig(token=server.notion_token),
        base_url=server.base_url,
    )
    await created.close()
    print("SDK: created", created.connector_id)

    # From now on, here and elsewhere, the customer's name is enough. The token has stayed on the server.
    async with NotionConnector(config, base_url=server.base_url) as notion:
        print("SDK: checked,", (await notion.check()).status)
        show("SDK", (await notion.pages.list(query="handbook")).data)
        found = await notion.execute("pages", "list", {"page_size": 2})
        show("SDK", found.data)
    return str(created.connector_id)


async def by_http_alone(http: httpx.AsyncClient, notion_token: str) -> None:
    created = await asked(
        http.post(
            CONNECTORS,
            json={
                "customer_name": "http-customer",
                "connector_type": "Notion",
                "credentials": {"token": notion_token},
            },
        )
    )
    print("HTTP: created", created["id"])

    found = await asked(http.get(CONNECTORS, params={"customer_name": "http-customer"}))
    [connector_id] = [each["id"] for each in found["data"]]
    call = {"entity": "pages", "action": "list", "params": {"query": "handbook"}}
    done = await asked(http.post(f"{CONNECTORS}/{connector_id}/execute", json=call))
    print("HTTP: executed,", done["status"])
    show("HTTP", done["result"])

    refused = await http.post(f"{CONNECTORS}/{connector_id}/execute", json={**call, "action": "explode"})
    print("HTTP: refused,", refused.status_code, refused.json()["message"])
    await http.delete(f"{CONNECTORS}/{connector_id}")


def signed_in(server: Server) -> httpx.AsyncClient:
    """A client with an application token, which the server gives for client id and secret."""
    organization = {"X-Organization-Id": server.organization_id} if server.organization_id else {}
    given = httpx.post(
        f"{server.base_url}/api/v1/account/applications/token",
        json={"client_id": server.client_id, "client_secret": server.client_secret},
        headers=organization,
    )
    headers = {"Authorization": f"Bearer {given.raise_for_status().json()['access_token']}", **organization}
    return httpx.AsyncClient(base_url=server.base_url, headers=headers, timeout=60)


async def asked(call: Any) -> Any:
    """The JSON of an answer; its status is checked."""
    response: httpx.Response = await call
    return response.raise_for_status().json()


def show(how: str, pages: list[Any]) -> None:
    for page in pages:
        titles = [value["title"] for value in page["properties"].values() if value["type"] == "title"]
        print(f"{how}: page", "".join(part["plain_text"] for part in titles[0]))


if __name__ == "__main__":
    asyncio.run(main())
