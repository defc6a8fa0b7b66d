"""Connectors: what creating accepts and refuses, look-up, change, check, deletion."""

import json

import pytest
from gateways import CONNECTORS, bearer, running

from airbyte_agent_notion.sandbox import Sandbox

DEFINITION = "6e00b415-b02e-4160-bf02-58176a0ae687"
TOKEN = {"token": "ntn_canary_connector"}
OAUTH = {"client_id": "app", "client_secret": "canary-app-secret", "access_token": "canary-access"}


@pytest.fixture
async def gateway(settings, store, moment):
    async with running(settings, store, Sandbox.sample(), clock=moment) as found:
        yield found


@pytest.fixture
async def token(gateway):
    return await gateway.token(gateway.organization())


@pytest.fixture
def send(gateway, token):
    """``send(method, path, body)`` below the connectors' path, as an application."""

    async def call(method, path="", body=None):
        return await gateway.http.request(method, f"{CONNECTORS}{path}", json=body, headers=bearer(token))

    return call


def new(**changes):
    body = {"customer_name": "acme", "connector_type": "Notion", "credentials": TOKEN, **changes}
    return {name: value for name, value in body.items() if value != "absent"}


def fields(answer):
    assert answer.status_code == 422, answer.text
    return {each["field"] for each in answer.json()["errors"]}


@pytest.mark.parametrize("prefix", ["/api", ""])
@pytest.mark.parametrize("key", ["customer_name", "workspace_name", "external_user_id"])
async def test_create_answers_the_connector_without_its_credentials(gateway, token, prefix, key):
    body = {key: "acme", "definition_id": DEFINITION, "credentials": OAUTH, "name": "Docs", "replication_config": None}
    answer = await gateway.http.post(f"{prefix}/v1/integrations/connectors", json=body, headers=bearer(token))
    assert answer.status_code == 200
    made = answer.json()
    assert made["name"] == "Docs"
    assert (made["workspace_name"], made["customer_name"], made["policy"]) == ("acme", "acme", "read_only")
    assert made["replication_config"] is None
    assert made["source_template"]["actor_definition_id"] == DEFINITION
    assert made["created_at"] == made["updated_at"]
    assert "canary" not in answer.text
    assert (await gateway.http.get(f"{CONNECTORS}/{made['id']}", headers=bearer(token))).json() == made


@pytest.mark.parametrize("kind", ["Notion", "notion", "NOTION", " Notion "])
async def test_connector_type_is_taken_in_any_case(send, kind):
    made = await send("POST", "", new(connector_type=kind))
    assert made.json()["name"] == "notion - acme"


async def test_the_same_name_under_several_keys_is_one_name(send):
    assert (await send("POST", "", new(workspace_name="acme", external_user_id=" acme "))).status_code == 200


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"workspace_name": "other"}, {"workspace_name"}),
        ({"customer_name": "absent"}, {"workspace_name"}),
        ({"customer_name": "  "}, {"customer_name"}),
        ({"customer_name": "a\nb"}, {"customer_name"}),
        ({"customer_name": "x" * 256}, {"customer_name"}),
        ({"connector_type": "absent"}, {"connector_type"}),
        ({"definition_id": DEFINITION}, {"connector_type"}),
        ({"connector_type": "GitHub"}, {"connector_type"}),
        ({"connector_type": "absent", "definition_id": "another"}, {"definition_id"}),
        ({"policy": "all"}, {"policy"}),
        ({"unknown": 1}, {"unknown"}),
        ({"replication_config": {}, "environment": {"a": 1}}, {"replication_config", "environment"}),
        ({"source_template_id": "x"}, {"source_template_id"}),
        ({"server_side_oauth_secret_id": "x"}, {"server_side_oauth_secret_id"}),
        ({"entities": []}, {"entities"}),
        ({"credentials": "absent"}, {"credentials"}),
        ({"credentials": {}}, {"credentials"}),
        ({"credentials": "canary"}, {"credentials"}),
        ({"credentials": {"token": ""}}, {"credentials.token"}),
        ({"credentials": {"token": None}}, {"credentials.token"}),
        ({"credentials": {"token": ["canary"]}}, {"credentials.token"}),
        ({"credentials": {"token": "canary canary"}}, {"credentials.token"}),
        ({"credentials": {"token": "canary" * 1_000}}, {"credentials.token"}),
        ({"credentials": {**TOKEN, **OAUTH}}, {f"credentials.{name}" for name in OAUTH}),
        ({"credentials": {"tokn": "canary"}}, {"credentials.tokn", "credentials.token"}),
        ({"credentials": {"client_id": "a", "client_secret": "canary"}}, {"credentials.access_token"}),
        ({"credentials": {**OAUTH, "scope": "canary"}}, {"credentials.scope"}),
        (
            {"credentials": {**OAUTH, "client_secret": 1, "client_id": ""}},
            {"credentials.client_secret", "credentials.client_id"},
        ),
        ({"credentials": {**OAUTH, "refresh_token": ""}}, {"credentials.refresh_token"}),
        ({"credentials": {**OAUTH, "client_secret": "canary\0"}}, {"credentials.client_secret"}),
    ],
)
async def test_create_names_every_field_that_is_wrong_and_echoes_no_value(gateway, send, changes, expected):
    answer = await send("POST", "", new(**changes))
    assert fields(answer) == expected
    assert "canary" not in answer.text
    assert (await send("GET")).json() == {"data": []}


async def test_refresh_token_may_be_null(send):
    assert (await send("POST", "", new(credentials={**OAUTH, "refresh_token": None}))).status_code == 200


async def test_what_is_not_supported_says_what_is(send):
    answer = await send("POST", "", new(server_side_oauth_secret_id="x"))
    assert "oauth/initiate" in answer.json()["message"]


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[]", b'"text"', b"", b"[" * 5_000])
async def test_what_is_no_json_object_is_refused_in_the_documented_shape(gateway, token, content):
    headers = {**bearer(token), "Content-Type": "application/json"}
    answer = await gateway.http.post(CONNECTORS, content=content, headers=headers)
    assert answer.status_code in {400, 422}
    assert set(answer.json()) == {"message", "errors"}


async def test_lists_by_any_name_of_the_workspace(gateway, send):
    first = (await send("POST", "", new())).json()
    other = (await send("POST", "", new(customer_name="other"))).json()
    listed = (await send("GET")).json()["data"]
    assert [each["id"] for each in listed] == [first["id"], other["id"]]
    summary = listed[0]
    assert set(summary) == {"id", "name", "workspace_name", "summarized_source_template", "created_at", "updated_at"}
    assert set(summary["summarized_source_template"]) == {
        "id", "name", "icon", "actor_definition_id", "mode", "connector_name",
    }  # fmt: skip
    workspace = gateway.store.workspaces.get(gateway.store.organizations.list()[0].id, "other").id
    for query, expected in (
        ("customer_name=other", [other["id"]]),
        ("workspace_name=other", [other["id"]]),
        ("external_user_id=other", [other["id"]]),
        (f"workspace_id={workspace}", [other["id"]]),
        (f"customer_name=other&definition_id={DEFINITION}", [other["id"]]),
        ("customer_name=other&definition_id=another", []),
        ("customer_name=nobody", []),
        (f"customer_name=acme&workspace_id={workspace}", []),
    ):
        found = (await send("GET", f"?{query}")).json()["data"]
        assert [each["id"] for each in found] == expected, query
    assert fields(await send("GET", "?customer_name=a&workspace_name=b")) == {"workspace_name"}


@pytest.mark.parametrize("wanted", ["00000000-0000-4000-8000-000000000000", "nonsense", "%00", "..%2f..%2fhealth"])
@pytest.mark.parametrize(("method", "suffix"), [("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", "/check")])
async def test_what_is_not_there_is_404(send, wanted, method, suffix):
    answer = await send(method, f"/{wanted}{suffix}", {"name": "x"} if method == "PUT" else None)
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["error_code"] == "not_found"


async def test_update_changes_what_is_given(gateway, send, token):
    made = (await send("POST", "", new())).json()
    path = f"/{made['id']}"
    renamed = (await send("PUT", path, {"name": "New name"})).json()
    assert (renamed["name"], renamed["policy"]) == ("New name", "read_only")
    assert (await send("PUT", path, {"policy": "write"})).json()["policy"] == "write"
    # Until now the token is none of the sandbox's.
    assert (await gateway.execute(token, made["id"], "users", "get_me")).status_code == 400
    answer = await send("PUT", path, {"credentials": {"token": gateway.sandbox.token}})
    assert gateway.sandbox.token not in answer.text
    assert (await gateway.execute(token, made["id"], "users", "get_me")).status_code == 200
    assert fields(await send("PUT", path, {"credentials": {"token": ""}})) == {"credentials.token"}
    assert fields(await send("PUT", path, {"replication_config": {}})) == {"replication_config"}


async def test_check_tells_whether_notion_takes_the_credentials(gateway, send):
    good = (await send("POST", "", new(credentials={"token": gateway.sandbox.token}))).json()["id"]
    bad = (await send("POST", "", new())).json()["id"]
    passed = (await send("POST", f"/{good}/check")).json()
    assert (passed["status"], passed["error_message"], passed["failure_reason"]) == ("succeeded", None, None)
    assert passed["entity_check_results"] == []
    assert passed["id"] != good
    failed = (await send("POST", f"/{bad}/check")).json()
    assert (failed["status"], failed["failure_reason"]) == ("failed", "unauthorized")
    assert "token" in failed["error_message"]


async def test_credentials_are_checked_without_storing_or_renewing_them(gateway, send):
    grant = gateway.grant(expired=True)
    for credentials, status in (({"token": gateway.sandbox.token}, "succeeded"), (grant, "failed"), (TOKEN, "failed")):
        answer = await send("POST", "/check", {"connector_type": "Notion", "credentials": credentials})
        assert answer.json()["status"] == status
        assert "canary" not in answer.text
    assert gateway.asked("/v1/oauth/token") == 0
    assert (await send("GET")).json() == {"data": []}
    assert fields(await send("POST", "/check", {"connector_type": "Notion"})) == {"credentials"}


async def test_deleted_connector_is_gone(gateway, send, token):
    made = (await send("POST", "", new(credentials={"token": gateway.sandbox.token}))).json()["id"]
    assert (await gateway.execute(token, made, "users", "get_me")).status_code == 200
    answer = await send("DELETE", f"/{made}")
    assert answer.status_code == 202
    assert set(answer.json()) == {"job_id"}
    assert (await gateway.execute(token, made, "users", "get_me")).status_code == 404
    assert (await send("DELETE", f"/{made}")).status_code == 404


async def test_a_grant_that_the_caller_brought_is_not_revoked_with_its_connector(gateway, send):
    grant = gateway.grant()
    made = (await send("POST", "", new(credentials=grant))).json()["id"]
    assert (await send("DELETE", f"/{made}")).status_code == 202
    assert gateway.asked("/v1/oauth/revoke") == 0
    assert gateway.sandbox.oauth.connection(grant["access_token"])


async def test_openapi_documents_bearer_errors_and_write_only_credentials(gateway):
    document = (await gateway.http.get("/openapi.json")).json()
    assert document["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"
    paths = document["paths"]
    assert all(path.startswith("/api/v1/") or path in {"/health", "/ready"} for path in paths)
    ids = [operation["operationId"] for each in paths.values() for operation in each.values()]
    assert len(ids) == len(set(ids)) == 24
    error = {"$ref": "#/components/schemas/ErrorBody"}
    for path, operations in paths.items():
        for method, operation in operations.items():
            if not path.startswith("/api/v1/"):
                continue
            for status in ("400", "401", "403", "404", "422", "429", "500", "503", "504"):
                if (path, status) == (f"{CONNECTORS}/oauth/callback", "400"):
                    continue
                content = operation["responses"][status]["content"]["application/json"]
                assert content["schema"] == error, (method, path, status)
            free = path.endswith(("/token", "/callback"))
            assert ("security" in operation) is not free, path
    assert "HTTPValidationError" not in json.dumps(document)
    create = document["components"]["schemas"]["ConnectorBody"]["properties"]["credentials"]
    assert {tuple(each["required"]) for each in create["anyOf"]} == {
        ("token",),
        ("client_id", "client_secret", "access_token"),
    }
