"""Application tokens, organisations by header, scoped tokens."""

import jwt
import pytest
from gateways import CONNECTORS, TOKEN_PATH, bearer, running

from airbyte_agent_notion.sandbox import Sandbox

SCOPED = "/api/v1/account/applications/scoped-token"


@pytest.fixture
async def gateway(settings, store, moment):
    async with running(settings, store, Sandbox.sample(), clock=moment) as found:
        yield found


def problem(answer):
    """The only error of an answer, whose shape is checked."""
    body = answer.json()
    assert set(body) == {"message", "errors"}, body
    assert all(set(each) == {"field", "message", "error_code", "details"} for each in body["errors"])
    assert len(body["errors"]) == 1
    return body["errors"][0]


@pytest.mark.parametrize("prefix", ["/api", ""])
async def test_client_exchanges_its_secret_for_a_bearer_token(gateway, prefix):
    tenant = gateway.organization()
    answer = await gateway.http.post(
        f"{prefix}/v1/account/applications/token",
        json={"client_id": tenant.client_id, "client_secret": tenant.client_secret},
    )
    assert answer.status_code == 200
    body = answer.json()
    assert (body["token_type"], body["expires_in"], body["organization_id"]) == ("bearer", 900, tenant.id)
    assert (await gateway.http.get(CONNECTORS, headers=bearer(body["access_token"]))).json() == {"data": []}


@pytest.mark.parametrize("wrong", ["secret", "id", "odd id", "disabled"])
async def test_wrong_pair_is_401(gateway, wrong):
    tenant = gateway.organization()
    body = {"client_id": tenant.client_id, "client_secret": tenant.client_secret}
    if wrong == "disabled":
        gateway.store.organizations.disable_client(tenant.client_id)
    else:
        name = "client_secret" if wrong == "secret" else "client_id"
        body[name] = "no\0body" if wrong == "odd id" else "nobody"
    answer = await gateway.http.post(TOKEN_PATH, json=body)
    assert answer.status_code == 401
    assert problem(answer)["error_code"] == "invalid_client"
    assert tenant.client_secret not in answer.text


async def test_token_request_names_missing_fields_and_never_echoes(gateway):
    answer = await gateway.http.post(TOKEN_PATH, json={"client_secret": ["canary-secret"]})
    assert answer.status_code == 422
    assert {each["field"] for each in answer.json()["errors"]} == {"client_id", "client_secret"}
    assert "canary-secret" not in answer.text


async def test_client_of_several_organizations_must_name_one(gateway):
    first = gateway.organization("First")
    second = gateway.organization("Second", client=first)
    stranger = gateway.organization("Stranger")
    token = await gateway.token(first)
    refused = await gateway.http.get(CONNECTORS, headers=bearer(token))
    assert refused.status_code == 400
    assert "X-Organization-Id" in refused.json()["message"]
    assert problem(refused)["field"] == "X-Organization-Id"
    made = await gateway.http.post(
        CONNECTORS,
        json={"customer_name": "acme", "connector_type": "Notion", "credentials": {"token": "ntn_x"}},
        headers=bearer(token, second.id),
    )
    assert made.status_code == 200
    listed = {
        each: [row["id"] for row in (await gateway.http.get(CONNECTORS, headers=bearer(token, each))).json()["data"]]
        for each in (first.id, second.id.upper())
    }
    assert listed == {first.id: [], second.id.upper(): [made.json()["id"]]}
    for foreign in (stranger.id, "not-an-id", "", "'; drop table organizations"):
        answer = await gateway.http.get(CONNECTORS, headers=bearer(token, foreign))
        assert answer.status_code == 403, foreign
        assert problem(answer)["error_code"] == "organization_forbidden"


async def test_header_given_twice_is_refused(gateway):
    tenant = gateway.organization()
    token = await gateway.token(tenant)
    headers = [("Authorization", f"Bearer {token}"), ("X-Organization-Id", tenant.id), ("X-Organization-Id", "other")]
    assert (await gateway.http.get(CONNECTORS, headers=headers)).status_code == 403


async def test_token_bound_to_an_organization_is_for_that_one_only(gateway):
    first = gateway.organization("First")
    second = gateway.organization("Second", client=first)
    token = await gateway.token(first, organization=first.id)
    assert (await gateway.http.get(CONNECTORS, headers=bearer(token))).status_code == 200
    assert (await gateway.http.get(CONNECTORS, headers=bearer(token, first.id))).status_code == 200
    assert (await gateway.http.get(CONNECTORS, headers=bearer(token, second.id))).status_code == 403


async def test_token_cannot_be_bound_to_a_foreign_organization(gateway):
    tenant, stranger = gateway.organization("Mine"), gateway.organization("Theirs")
    for header in (stranger.id, "nonsense"):
        answer = await gateway.http.post(
            TOKEN_PATH,
            json={"client_id": tenant.client_id, "client_secret": tenant.client_secret},
            headers={"X-Organization-Id": header},
        )
        assert answer.status_code == 403


async def test_membership_is_looked_up_at_every_request(gateway):
    first = gateway.organization("First")
    token = await gateway.token(first)
    second = gateway.organization("Second", client=first)
    assert (await gateway.http.get(CONNECTORS, headers=bearer(token))).status_code == 400
    bound = await gateway.token(first, organization=second.id)
    gateway.store.organizations.delete(second.id)
    assert (await gateway.http.get(CONNECTORS, headers=bearer(bound))).status_code == 403
    assert (await gateway.http.get(CONNECTORS, headers=bearer(token))).status_code == 200
    gateway.store.organizations.disable_client(first.client_id)
    assert (await gateway.http.get(CONNECTORS, headers=bearer(token))).status_code == 401


@pytest.mark.parametrize(
    "header", [None, "Bearer", "Bearer nonsense", "Basic eDp5", "Bearer a.b.c", "Bearer " + "x" * 9_000]
)
async def test_what_is_no_token_of_ours_is_401(gateway, header):
    answer = await gateway.http.get(CONNECTORS, headers={} if header is None else {"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert problem(answer)["error_code"] == "unauthorized"


async def test_tokens_expire_and_cannot_be_forged(gateway, moment):
    tenant = gateway.organization()
    token = await gateway.token(tenant)
    claims = jwt.decode(token, options={"verify_signature": False})
    for forged in (
        jwt.encode(claims, "another secret that is long enough!", algorithm="HS256"),
        jwt.encode(claims, None, algorithm="none"),
        token[:-2] + ("AA" if token[-2:] != "AA" else "BB"),
    ):
        assert (await gateway.http.get(CONNECTORS, headers=bearer(forged))).status_code == 401
    moment.go(880)
    assert (await gateway.http.get(CONNECTORS, headers=bearer(token))).status_code == 200
    moment.go(30)
    assert (await gateway.http.get(CONNECTORS, headers=bearer(token))).status_code == 401


@pytest.mark.parametrize("path", [SCOPED, "/api/v1/embedded/scoped-token", "/v1/embedded/scoped-token"])
@pytest.mark.parametrize("key", ["workspace_name", "customer_name", "external_user_id"])
async def test_scoped_token_makes_its_workspace_and_tells_it(gateway, path, key):
    tenant = gateway.organization()
    token = await gateway.token(tenant)
    made = await gateway.http.post(path, json={key: "acme"}, headers=bearer(token))
    scoped = made.json()["token"]
    workspace = gateway.store.workspaces.get(tenant.id, "acme")
    info = await gateway.http.get(f"{path}/info", headers=bearer(scoped))
    assert info.json() == {"organization_id": tenant.id, "workspace_id": workspace.id, "workspace_name": "acme"}
    assert (await gateway.http.get(f"{path}/info", headers=bearer(token))).status_code == 400


async def test_scoped_token_lives_twenty_minutes_and_no_longer_than_its_workspace_and_client(gateway, moment):
    tenant = gateway.organization()
    token = await gateway.token(tenant)
    lasting, dropped = await gateway.scoped(token, "lasting"), await gateway.scoped(token, "dropped")
    moment.go(1_190)
    for scoped in (lasting, dropped):
        assert (await gateway.http.get(CONNECTORS, headers=bearer(scoped))).status_code == 200
    gateway.store.workspaces.delete(tenant.id, "dropped")
    # A workspace that is named like the id of the one that is gone is not it.
    gone = (jwt.decode(dropped, options={"verify_signature": False}))["workspace"]
    gateway.store.workspaces.ensure(tenant.id, gone)
    assert (await gateway.http.get(CONNECTORS, headers=bearer(dropped))).status_code == 401
    moment.go(20)
    assert (await gateway.http.get(CONNECTORS, headers=bearer(lasting))).status_code == 401
    fresh = await gateway.scoped(await gateway.token(tenant), "lasting")
    gateway.store.organizations.disable_client(tenant.client_id)
    assert (await gateway.http.get(CONNECTORS, headers=bearer(fresh))).status_code == 401


async def test_scoped_token_is_refused_beyond_connectors(gateway):
    tenant = gateway.organization(redirect_urls=["https://app.example/back"])
    token = await gateway.token(tenant)
    scoped = await gateway.scoped(token, "acme")
    mine = await gateway.connector(token, customer="acme")
    app = {"connector_type": "notion", "configuration": {"client_id": "a", "client_secret": "b"}}
    policy = {"connector_type": "notion", "credentials": {"token": "ntn_x"}, "policy": "full"}
    for method, path, body in (
        ("PUT", "/api/v1/oauth/credentials", app),
        ("DELETE", "/api/v1/oauth/credentials/connector_type/notion", None),
        ("GET", "/api/v1/oauth/credentials/spec?connector_type=notion", None),
        ("GET", "/api/v1/workspaces", None),
        ("GET", "/api/v1/workspaces/acme", None),
        ("PUT", "/api/v1/workspaces/acme", {"name": "other"}),
        ("DELETE", "/api/v1/workspaces/acme", None),
        ("POST", SCOPED, {"workspace_name": "other"}),
        ("POST", "/api/v1/embedded/scoped-token", {"workspace_name": "acme"}),
        ("PUT", f"{CONNECTORS}/{mine}", {"policy": "full"}),
        ("PUT", f"{CONNECTORS}/{mine}", {"name": "other"}),
        ("POST", CONNECTORS, policy),
        ("POST", CONNECTORS, {**policy, "policy": None, "customer_name": "other"}),
    ):
        answer = await gateway.http.request(method, path, json=body, headers=bearer(scoped))
        assert answer.status_code == 403, (method, path)
        assert problem(answer)["error_code"] == "scope_insufficient"
    assert gateway.store.workspaces.get(tenant.id, "other") is None


async def test_scoped_token_does_what_it_may_in_its_own_workspace(gateway):
    token = await gateway.token(gateway.organization(redirect_urls=["https://app.example/back"]))
    scoped = await gateway.scoped(token, "acme")
    other = await gateway.connector(token, customer="other")
    body = {"connector_type": "notion", "credentials": {"token": gateway.sandbox.token}}
    made = (await gateway.http.post(CONNECTORS, json=body, headers=bearer(scoped))).json()
    assert made["workspace_name"] == "acme"
    listed = (await gateway.http.get(CONNECTORS, headers=bearer(scoped))).json()["data"]
    assert [each["id"] for each in listed] == [made["id"]]
    assert (await gateway.http.get(f"{CONNECTORS}?customer_name=other", headers=bearer(scoped))).status_code == 403
    assert (await gateway.execute(scoped, made["id"], "users", "get_me")).status_code == 200
    assert (await gateway.http.post(f"{CONNECTORS}/{made['id']}/check", headers=bearer(scoped))).status_code == 200
    begun = await gateway.http.post(
        f"{CONNECTORS}/oauth/initiate",
        json={"connector_type": "notion", "redirect_url": "https://app.example/back"},
        headers=bearer(scoped),
    )
    assert begun.status_code == 200
    for method, path, body in (
        ("GET", "", None),
        ("DELETE", "", None),
        ("POST", "/check", None),
        ("POST", "/execute", {"entity": "users", "action": "get_me"}),
    ):
        answer = await gateway.http.request(method, f"{CONNECTORS}/{other}{path}", json=body, headers=bearer(scoped))
        assert answer.status_code == 404
    assert (await gateway.http.delete(f"{CONNECTORS}/{made['id']}", headers=bearer(scoped))).status_code == 202
