"""The consent flow: from initiate to the connector, and everything that must not get through."""

import anyio
import jwt
import pytest
from gateways import BASE, CONNECTORS, NOTION, bearer, query_of, running

from airbyte_agent_notion.models import NotionOAuthCredentials
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion_gateway import faults
from airbyte_agent_notion_gateway.consent import redirect_allowed

BACK = "https://app.example/back"
CALLBACK = "/api/v1/integrations/connectors/oauth/callback"


@pytest.fixture
async def gateway(settings, store, moment):
    async with running(settings, store, Sandbox.sample(), clock=moment, development=False) as found:
        yield found


@pytest.fixture
def tenant(gateway):
    return gateway.organization(redirect_urls=[BACK])


@pytest.fixture
async def token(gateway, tenant):
    return await gateway.token(tenant)


@pytest.fixture
def initiate(gateway, token):
    async def call(**changes):
        body = {"customer_name": "acme", "connector_type": "Notion", "redirect_url": BACK, **changes}
        return await gateway.http.post(f"{CONNECTORS}/oauth/initiate", json=body, headers=bearer(token))

    return call


@pytest.fixture
def begin(initiate):
    """The authorization URL of a new flow."""

    async def call(**changes):
        answer = await initiate(**changes)
        assert answer.status_code == 200, answer.text
        return answer.json()["consent_url"]

    return call


def private(answer):
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"


async def refused(gateway, url):
    """A callback that is answered by the plain page and leaves nothing."""
    answer = await gateway.http.get(url)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/plain")
    assert "location" not in answer.headers
    private(answer)


@pytest.mark.parametrize("prefix", ["/api", ""])
async def test_a_person_who_consents_makes_a_connector(gateway, tenant, token, begin, prefix):
    url = await begin(name="Docs of Acme")
    assert url.startswith(f"{NOTION}/v1/oauth/authorize?")
    assert query_of(url)["redirect_uri"] == BASE + CALLBACK
    back = gateway.sandbox.oauth.consent(url)
    answer = await gateway.http.get(back.replace(f"{BASE}/api", f"{BASE}{prefix}"))
    assert answer.status_code == 303
    private(answer)
    target = answer.headers["location"]
    assert target.startswith(f"{BACK}?connector_id=")
    connector = query_of(target)["connector_id"]
    listed = (await gateway.http.get(f"{CONNECTORS}?customer_name=acme", headers=bearer(token))).json()["data"]
    assert [(each["id"], each["name"]) for each in listed] == [(connector, "Docs of Acme")]
    assert (await gateway.execute(token, connector, "users", "get_me")).status_code == 200
    gateway.sandbox.oauth.expire_all()
    assert (await gateway.execute(token, connector, "users", "get_me")).status_code == 200


async def test_query_of_the_redirect_url_is_kept(gateway, begin):
    back = gateway.sandbox.oauth.consent(await begin(redirect_url=f"{BACK}?session=a%20b&x="))
    target = (await gateway.http.get(back)).headers["location"]
    assert target.startswith(f"{BACK}?session=a%20b&x=&connector_id=")


async def test_a_person_who_declines_is_sent_back_with_the_error(gateway, begin):
    back = gateway.sandbox.oauth.consent(await begin(), allow=False)
    answer = await gateway.http.get(back)
    assert answer.status_code == 303
    private(answer)
    told = query_of(answer.headers["location"])
    assert told["error"] == "access_denied"
    assert told["error_description"]
    await refused(gateway, back)


@pytest.mark.parametrize("query", ["error=server_error&error_description=canary", "", "code="])
async def test_whatever_else_notion_says_is_creation_failed(gateway, begin, query):
    state = query_of(await begin())["state"]
    answer = await gateway.http.get(f"{CALLBACK}?state={state}&{query}")
    told = query_of(answer.headers["location"])
    assert told["error"] == "creation_failed"
    assert "canary" not in answer.headers["location"]


async def test_code_that_notion_refuses_is_creation_failed(gateway, begin, token):
    state = query_of(await begin())["state"]
    answer = await gateway.http.get(f"{CALLBACK}?state={state}&code=canary-code")
    assert query_of(answer.headers["location"])["error"] == "creation_failed"
    assert "canary-code" not in answer.headers["location"]
    assert (await gateway.http.get(CONNECTORS, headers=bearer(token))).json() == {"data": []}


async def test_state_works_once_also_for_many_at_once(gateway, begin, token):
    back = gateway.sandbox.oauth.consent(await begin())
    statuses = []

    async def come_back():
        statuses.append((await gateway.http.get(back)).status_code)

    async with anyio.create_task_group() as group:
        for _ in range(8):
            group.start_soon(come_back)
    assert sorted(statuses) == [303] + [400] * 7
    assert len((await gateway.http.get(CONNECTORS, headers=bearer(token))).json()["data"]) == 1
    await refused(gateway, back)


async def test_state_expires(gateway, begin, moment):
    back = gateway.sandbox.oauth.consent(await begin())
    moment.go(gateway.settings.consent_seconds + 1)
    await refused(gateway, back)
    assert gateway.asked("/v1/oauth/token") == 0


async def test_forged_or_foreign_states_are_refused(gateway, tenant, token, begin):
    url = await begin()
    state, code = query_of(url)["state"], gateway.sandbox.oauth.code(redirect_uri=BASE + CALLBACK)
    claims = jwt.decode(state, options={"verify_signature": False})
    secret = gateway.store.signing_secret().get_secret_value()

    def signed(**changes):
        return jwt.encode({**claims, **changes}, secret, algorithm="HS256")

    for forged in (
        "",
        "nonsense",
        token,
        await gateway.scoped(token, "acme"),
        jwt.encode(claims, "another secret that is long enough!", algorithm="HS256"),
        jwt.encode(claims, None, algorithm="none"),
        signed(aud="application"),
        signed(sub="00000000-0000-4000-8000-000000000000"),
    ):
        await refused(gateway, f"{CALLBACK}?state={forged}&code={code}")
    await refused(gateway, f"{CALLBACK}?code={code}")
    assert (await gateway.http.get(f"{CALLBACK}?state={state}&code={code}")).status_code == 303
    # A state is no bearer token either.
    assert (await gateway.http.get(CONNECTORS, headers=bearer(state))).status_code == 401


@pytest.mark.parametrize("claim", ["org", "redirect", "app"])
async def test_state_is_bound_to_organization_redirect_and_app(gateway, begin, claim):
    url = await begin()
    claims = jwt.decode(query_of(url)["state"], options={"verify_signature": False})
    secret = gateway.store.signing_secret().get_secret_value()
    other = jwt.encode({**claims, claim: "other"}, secret, algorithm="HS256")
    await refused(gateway, f"{CALLBACK}?state={other}&code=x")


async def test_app_that_is_put_meanwhile_does_not_change_a_flow_under_way(gateway, tenant, begin, store):
    url = await begin()
    store.oauth_apps.set(tenant.id, NotionOAuthCredentials(client_id="other", client_secret="other"))
    answer = await gateway.http.get(gateway.sandbox.oauth.consent(url))
    assert "connector_id" in query_of(answer.headers["location"])


async def test_own_app_exchanges_its_own_codes(gateway, tenant, begin, store):
    gateway.sandbox.oauth.register("own", "own-secret", name="Acme's app")
    store.oauth_apps.set(tenant.id, NotionOAuthCredentials(client_id="own", client_secret="own-secret"))
    url = await begin()
    assert query_of(url)["client_id"] == "own"
    answer = await gateway.http.get(gateway.sandbox.oauth.consent(url))
    connector = query_of(answer.headers["location"])["connector_id"]
    credentials, _ = store.connectors.credentials(connector)
    assert credentials.client_id == "own"


async def test_without_any_app_it_says_what_to_configure(settings, store, moment):
    async with running(settings, store, Sandbox.sample(), clock=moment, notion_oauth=None) as gateway:
        token = await gateway.token(gateway.organization(redirect_urls=[BACK]))
        body = {"customer_name": "acme", "connector_type": "notion", "redirect_url": BACK}
        answer = await gateway.http.post(f"{CONNECTORS}/oauth/initiate", json=body, headers=bearer(token))
    assert answer.status_code == 400
    assert "/api/v1/oauth/credentials" in answer.json()["message"]
    assert "NOTION_GATEWAY_CLIENT_ID" in answer.json()["message"]


@pytest.mark.parametrize(
    "url",
    [
        "https://app.example/other",
        "https://app.example/back/",
        "https://app.example/back/../back",
        "https://app.example:8443/back",
        "http://app.example/back",
        "https://app.example.evil.example/back",
        "https://evil.example/back",
        "https://user@app.example/back",
        "https://app.example\\@evil.example/back",
        "https://app.example/back#fragment",
        "https://app.example/back?connector_id=x",
        "https://app.example/back?error=x",
        "//app.example/back",
        "javascript:alert(1)",
        "https://app.example/back\n",
        "",
        "x" * 2_001,
        "http://localhost:3000/back",
    ],
)
async def test_redirect_url_that_is_not_the_organizations_is_refused(gateway, initiate, url):
    answer = await initiate(redirect_url=url)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "redirect_url"


def test_redirect_urls_are_compared_by_scheme_host_port_and_path():
    allowed = ("https://app.example/back", "https://bare.example")
    for url in ("https://APP.example:443/back", "https://app.example/back?a=1", "https://bare.example/"):
        assert redirect_allowed(url, allowed)
    for url in ("https://app.example/Back", "https://app.example/", "https://bare.example/x", "http://bare.example"):
        assert not redirect_allowed(url, allowed)


@pytest.mark.parametrize(
    "url", ["http://localhost:3000/x", "http://127.0.0.1/", "http://[::1]:1/a?b=c", "https://localhost/"]
)
async def test_loopback_is_free_in_development_only(settings, store, moment, url):
    for development, status in ((True, 200), (False, 422)):
        async with running(settings, store, Sandbox.sample(), clock=moment, development=development) as gateway:
            token = await gateway.token(gateway.organization())
            body = {"customer_name": "acme", "connector_type": "notion", "redirect_url": url}
            answer = await gateway.http.post(f"{CONNECTORS}/oauth/initiate", json=body, headers=bearer(token))
            assert answer.status_code == status


async def test_redirect_url_that_is_taken_off_the_list_is_not_used(gateway, tenant, begin, store):
    back = gateway.sandbox.oauth.consent(await begin())
    store.organizations.remove_redirect_url(tenant.id, BACK)
    await refused(gateway, back)


async def test_flow_of_a_deleted_organization_ends_nowhere(gateway, tenant, begin, store):
    back = gateway.sandbox.oauth.consent(await begin())
    store.organizations.delete(tenant.id)
    await refused(gateway, back)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"customer_name": None}, "workspace_name"),
        ({"connector_type": None}, "connector_type"),
        ({"replication_config": {}}, "replication_config"),
        ({"oauth_input_configuration": {}}, "oauth_input_configuration"),
        ({"redirect_url": None}, "redirect_url"),
        ({"unknown": 1}, "unknown"),
    ],
)
async def test_initiate_names_what_is_wrong(initiate, changes, field):
    answer = await initiate(**changes)
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == [field]


async def test_deleting_a_connector_of_ours_revokes_its_grant(gateway, token, begin):
    async def made():
        answer = await gateway.http.get(gateway.sandbox.oauth.consent(await begin()))
        return query_of(answer.headers["location"])["connector_id"]

    one, two = await made(), await made()
    assert (await gateway.http.delete(f"{CONNECTORS}/{one}", headers=bearer(token))).status_code == 202
    assert gateway.asked("/v1/oauth/revoke") == 1
    assert [each.revoked for each in gateway.sandbox.oauth.grants] == [True, False]
    gateway.sandbox.faults.add(path="/v1/oauth/revoke", status=500)
    assert (await gateway.http.delete(f"{CONNECTORS}/{two}", headers=bearer(token))).status_code == 202
    assert (await gateway.http.get(CONNECTORS, headers=bearer(token))).json() == {"data": []}


async def test_deleting_a_workspace_revokes_the_grants_of_ours_in_it(gateway, token, begin):
    for _ in range(2):
        await gateway.http.get(gateway.sandbox.oauth.consent(await begin()))
    assert (await gateway.http.delete("/api/v1/workspaces/acme", headers=bearer(token))).status_code == 204
    assert [each.revoked for each in gateway.sandbox.oauth.grants] == [True, True]


@pytest.mark.parametrize("point", ["create.workspace", "create.sealed", "consent.connector", "consent.marked"])
async def test_store_that_fails_once_loses_no_connector(gateway, begin, token, stops, point):
    back = gateway.sandbox.oauth.consent(await begin())
    stops.at(point)
    answer = await gateway.http.get(back)
    assert "connector_id" in query_of(answer.headers["location"])
    assert len((await gateway.http.get(CONNECTORS, headers=bearer(token))).json()["data"]) == 1


async def test_commit_whose_answer_was_lost_counts(gateway, begin, token, stops):
    back = gateway.sandbox.oauth.consent(await begin())
    stops.at("consent.finished")
    connector = query_of((await gateway.http.get(back)).headers["location"])["connector_id"]
    listed = (await gateway.http.get(CONNECTORS, headers=bearer(token))).json()["data"]
    assert [each["id"] for each in listed] == [connector]
    assert gateway.asked("/v1/oauth/revoke") == 0


async def test_grant_that_cannot_be_stored_is_given_back(gateway, begin, token, monkeypatch):
    back = gateway.sandbox.oauth.consent(await begin())

    def down(name):
        if name == "consent.connector":
            raise OSError("canary-detail")

    monkeypatch.setattr(faults, "hook", down)
    target = (await gateway.http.get(back)).headers["location"]
    assert query_of(target)["error"] == "creation_failed"
    assert "canary" not in target
    assert [each.revoked for each in gateway.sandbox.oauth.grants] == [True]
    monkeypatch.undo()


async def test_flow_ends_though_the_browser_has_gone(gateway, begin, store, tenant):
    back = gateway.sandbox.oauth.consent(await begin())
    gateway.sandbox.faults.add(path="/v1/oauth/token", delay=0.05)
    async with anyio.create_task_group() as group:
        group.start_soon(gateway.http.get, back)
        while not gateway.asked("/v1/oauth/token"):
            await anyio.sleep(0)
        group.cancel_scope.cancel()
    with anyio.fail_after(20):
        while not store.connectors.list(tenant.id):
            await anyio.sleep(0.01)
