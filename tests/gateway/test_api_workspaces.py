"""Workspaces, and an organisation's own OAuth app."""

from urllib.parse import quote

import pytest
from gateways import CONNECTORS, bearer, query_of, running

from airbyte_agent_notion.sandbox import Sandbox

APPS = "/api/v1/oauth/credentials"
OWN = {"connector_type": "Notion", "configuration": {"client_id": "own-app", "client_secret": "canary-own-secret"}}


@pytest.fixture
async def gateway(settings, store, moment):
    async with running(settings, store, Sandbox.sample(), clock=moment) as found:
        yield found


@pytest.fixture
def tenant(gateway):
    return gateway.organization(redirect_urls=["https://app.example/back"])


@pytest.fixture
async def token(gateway, tenant):
    return await gateway.token(tenant)


@pytest.fixture
def send(gateway, token):
    async def call(method, path, body=None):
        return await gateway.http.request(method, path, json=body, headers=bearer(token))

    return call


async def test_workspaces_are_listed_page_by_page_and_found_by_part_of_the_name(gateway, tenant, send):
    for number in range(5):
        gateway.store.workspaces.ensure(tenant.id, f"Customer {number}")
    gateway.store.workspaces.ensure(gateway.organization("Other").id, "Customer 9")
    names, cursor, pages = [], "", 0
    while cursor is not None:
        query = f"?limit=2&cursor={cursor}" if cursor else "?limit=2"
        page = (await send("GET", f"/api/v1/workspaces{query}")).json()
        names, cursor, pages = names + [each["name"] for each in page["data"]], page["next"], pages + 1
    assert (names, pages) == ([f"Customer {number}" for number in range(5)], 3)
    found = (await send("GET", "/api/v1/workspaces?name_contains=MER%203")).json()["data"]
    assert [(each["name"], each["organization_id"]) for each in found] == [("Customer 3", tenant.id)]


@pytest.mark.parametrize(
    ("query", "field"), [("limit=0", "limit"), ("limit=101", "limit"), ("cursor=x", "cursor"), ("status=x", "status")]
)
async def test_wrong_queries_are_named(send, query, field):
    answer = await send("GET", f"/v1/workspaces?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


@pytest.mark.parametrize("name", ["acme", "acme/eu west", "ümlaut & co", "100%"])
async def test_workspace_is_read_changed_and_deleted_by_name_or_id(gateway, tenant, token, send, name):
    connector = await gateway.connector(token, customer=name)
    made = gateway.store.workspaces.get(tenant.id, name)
    path = f"/api/v1/workspaces/{quote(name, safe='')}"
    assert (await send("GET", path)).json()["id"] == made.id
    assert (await send("GET", f"/api/v1/workspaces/{made.id}")).json()["name"] == name
    inactive = (await send("PUT", path, {"status": "inactive"})).json()
    assert (inactive["name"], inactive["status"]) == (name, "inactive")
    listed = (await send("GET", "/api/v1/workspaces?status=inactive")).json()["data"]
    assert [each["id"] for each in listed] == [made.id]
    assert (await send("PUT", path, {"name": "renamed"})).json()["name"] == "renamed"
    assert (await send("GET", path)).status_code == 404
    assert (await send("GET", f"{CONNECTORS}/{connector}")).json()["customer_name"] == "renamed"
    assert (await send("DELETE", "/api/v1/workspaces/renamed")).status_code == 204
    assert (await send("GET", f"{CONNECTORS}/{connector}")).status_code == 404
    assert (await send("DELETE", "/api/v1/workspaces/renamed")).status_code == 404


async def test_name_of_another_workspace_is_409(gateway, tenant, send):
    for name in ("one", "two"):
        gateway.store.workspaces.ensure(tenant.id, name)
    answer = await send("PUT", "/api/v1/workspaces/one", {"name": "two"})
    assert answer.status_code == 409
    assert answer.json()["errors"][0]["field"] == "name"


async def test_own_app_takes_the_place_of_the_servers_until_it_is_deleted(gateway, tenant, send):
    async def client_on_the_consent_page():
        body = {"customer_name": "acme", "connector_type": "notion", "redirect_url": "https://app.example/back"}
        answer = await send("POST", f"{CONNECTORS}/oauth/initiate", body)
        return query_of(answer.json()["consent_url"])["client_id"]

    servers = gateway.sandbox.oauth.client_id
    assert await client_on_the_consent_page() == servers
    put = await send("PUT", APPS, OWN)
    assert put.status_code == 200
    body = put.json()
    assert (body["scope_type"], body["scope_id"], body["connector_type"]) == ("organization", tenant.id, "source")
    assert set(body) == {
        "id", "scope_type", "scope_id", "connector_type", "connector_definition_id", "created_at", "updated_at",
    }  # fmt: skip
    assert "canary" not in put.text
    assert await client_on_the_consent_page() == "own-app"
    assert (await send("PUT", APPS, OWN)).json()["id"] == body["id"]
    for _ in range(2):
        answer = await send("DELETE", f"{APPS}/connector_type/NOTION")
        assert (answer.status_code, answer.content) == (204, b"")
    assert await client_on_the_consent_page() == servers


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**OWN, "connector_type": "github"}, "connector_type"),
        ({**OWN, "configuration": {"client_id": "a"}}, "configuration.client_secret"),
        ({**OWN, "configuration": {**OWN["configuration"], "canary": "canary"}}, "configuration.canary"),
        ({**OWN, "configuration": None}, "configuration"),
        ({**OWN, "configuration": {"client_id": "x" * 256, "client_secret": "a"}}, "configuration.client_id"),
        ({"connector_type": "notion"}, "configuration"),
        ({**OWN, "name": "x"}, "name"),
    ],
)
async def test_wrong_apps_are_refused_by_field(send, body, field):
    answer = await send("PUT", APPS, body)
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == [field]
    assert "canary-own-secret" not in answer.text


async def test_spec_names_the_required_fields(send):
    answer = (await send("GET", f"{APPS}/spec?connector_type=Notion")).json()
    assert answer["spec"]["required"] == ["client_id", "client_secret"]
    assert (await send("GET", f"{APPS}/spec?connector_type=github")).status_code == 422
    assert (await send("GET", f"{APPS}/spec")).json()["errors"][0]["field"] == "connector_type"
    assert (await send("DELETE", f"{APPS}/connector_type/github")).status_code == 422
