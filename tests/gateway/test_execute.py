"""Executing: results and metadata, the status of every error, fields, policy, the wildcard check, connections kept."""

import json

import pytest
from gateways import CONNECTORS, bearer, running

from airbyte_agent_notion import ListResult, errors
from airbyte_agent_notion.listing import ListMeta
from airbyte_agent_notion.sandbox import Fault, Sandbox
from airbyte_agent_notion_gateway.outcomes import failure, success
from airbyte_agent_notion_gateway.selection import selected


@pytest.fixture
async def gateway(settings, store, moment):
    async with running(settings, store, Sandbox.sample(), clock=moment) as found:
        yield found


@pytest.fixture
async def token(gateway):
    return await gateway.token(gateway.organization())


@pytest.fixture
async def connector(gateway, token):
    return await gateway.connector(token)


@pytest.fixture
def execute(gateway, token, connector):
    async def call(entity, action, params=None, **more):
        return await gateway.execute(token, connector, entity, action, params, **more)

    return call


def failed(answer, status, code):
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert (body["status"], body["result"], body["connector_metadata"]) == ("failed", None, None)
    assert body["errors"][0]["error_code"] == body["error"]["error"] == code
    return body


async def test_object_is_the_result(gateway, execute, connector):
    answer = await execute("users", "get_me")
    assert answer.status_code == 200
    body = answer.json()
    assert (body["status"], body["result"]["object"], body["connector_metadata"]) == ("success", "user", None)
    assert body["execution_metadata"]["connector_instance_id"] == connector
    assert isinstance(body["execution_metadata"]["execution_time_ms"], int)


async def test_nothing_of_notions_list_is_lost(execute):
    body = (await execute("users", "list", {"page_size": 2})).json()
    meta = body["connector_metadata"]
    assert len(body["result"]) == 2
    assert (meta["has_more"], meta["object"], meta["type"]) == (True, "list", "user")
    assert meta["request_id"]
    assert "complete" not in meta
    following = (await execute("users", "list", {"page_size": 2, "start_cursor": meta["next_cursor"]})).json()
    assert following["result"][0]["id"] != body["result"][0]["id"]


def test_list_that_notion_cut_short_says_so():
    envelope = {"object": "list", "request_status": {"type": "incomplete"}}
    meta = ListMeta(next_cursor=None, has_more=False, incomplete_reason="cap", request_id="r", envelope=envelope)
    body = success(ListResult(data=[{"id": "1"}], meta=meta), operation="pages.list").body
    assert body["result"] == [{"id": "1"}]
    assert body["connector_metadata"] == {
        **envelope,
        "next_cursor": None,
        "has_more": False,
        "request_id": "r",
        "complete": False,
        "incomplete_reason": "cap",
    }


@pytest.mark.parametrize("params", [None, {}])
async def test_params_may_be_null(execute, params):
    assert (await execute("users", "get_me", params)).status_code == 200


async def test_unknown_names_tell_what_is_offered(execute):
    for entity, action, code in (("parchments", "get", "unknown_entity"), ("pages", "gexx", "unknown_action")):
        body = failed(await execute(entity, action), 422, code)
        offered = body["errors"][0]["details"]["offered"]
        assert {"pages.get", "blocks.get", "users.get_me"} <= set(offered)
        assert body["error"]["details"]["offered"] == offered
        assert not any(name.startswith("oauth.") for name in offered)
        assert "pages.get" in body["message"]


@pytest.mark.parametrize(
    ("entity", "action"), [("oauth", "introspect"), ("oauth", "revoke"), ("oauth", "create_token")]
)
async def test_what_is_for_developers_only_cannot_be_executed(gateway, execute, entity, action):
    failed(await execute(entity, action, {"token": "x"}), 422, "unknown_entity")
    assert gateway.sandbox.requests == []


async def test_wrong_parameters_are_named_one_by_one(execute):
    body = failed(await execute("pages", "get", {"zzz": "x", "filter_properties": {"a": 7}}), 422, "invalid_params")
    assert {each["field"] for each in body["errors"]} >= {"zzz", "page_id"}
    assert body["error"]["recovery"] == "fix_arguments"


async def test_notions_refusals_keep_code_and_request_id(execute):
    body = failed(await execute("pages", "get", {"page_id": "0" * 32}), 404, "object_not_found")
    assert body["error"]["request_id"]
    assert body["error"]["status"] == 404


async def test_refused_token_is_400_not_401(gateway, token):
    connector = await gateway.connector(token, credentials={"token": "ntn_nobody"})
    body = failed(await gateway.execute(token, connector, "users", "get_me"), 400, "unauthorized")
    assert body["error"]["recovery"] == "ask_operator"


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Fault(status=403, code="restricted_resource"), 403),
        (Fault(status=400, code="validation_error"), 400),
    ],
)
async def test_status_says_whose_fault_it_is(gateway, execute, fault, status):
    gateway.sandbox.faults.add(status=fault.status, code=fault.code)
    failed(await execute("users", "get_me"), status, fault.code)


def _api(kind, status, **more):
    return kind("Notion's words.", status=status, **more)


@pytest.mark.parametrize(
    ("error", "status", "retry_after"),
    [
        (errors.InvalidCall("x"), 422, None),
        (errors.InvalidParams("x", details={"parameters": {"": "x"}}), 422, None),
        (errors.AmbiguousReference("x"), 422, None),
        (errors.IncompleteResult("x"), 422, None),
        (errors.PolicyDenied("x"), 403, None),
        (errors.NotAvailable("x"), 400, None),
        (_api(errors.InvalidRequest, 400), 400, None),
        (_api(errors.Unauthorized, 401), 400, None),
        (_api(errors.Forbidden, 403), 403, None),
        (_api(errors.NotFound, 404), 404, None),
        (_api(errors.Conflict, 409), 409, None),
        (_api(errors.ApiError, 413), 400, None),
        (_api(errors.RateLimited, 429, retry_after=2.1), 429, 3),
        (_api(errors.RateLimited, 529), 429, None),
        (_api(errors.ServerError, 500), 502, None),
        (errors.ConnectionFailed("x"), 502, None),
        (errors.InvalidResponse("x"), 502, None),
        (errors.OutcomeUnknown("x"), 502, None),
        (errors.RequestTimedOut("x"), 504, None),
        (errors.DeadlineExceeded("x"), 504, None),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_every_error_has_a_status(error, status, retry_after):
    outcome = failure(error, operation="pages.get", offered=["pages.get"], policy="read_only")
    assert (outcome.status, outcome.retry_after) == (status, retry_after)
    assert outcome.body["error"]["error"] == error.code
    assert outcome.body["errors"][0]["error_code"] == error.code


def test_what_the_policy_denies_says_how_to_change_the_connectors():
    denied = errors.PolicyDenied("pages.trash is not allowed here.", hint="Build the connector with policy=.")
    body = failure(denied, operation="pages.trash", offered=[], policy="read_only").body
    assert "'read_only'" in body["message"]
    assert "PUT" in body["message"]
    assert "Build" not in json.dumps(body)


async def test_rate_limit_of_notion_is_passed_on_with_its_wait(gateway, token, monkeypatch):
    async def limited(*_args):
        raise errors.RateLimited("Slow down.", retry_after=17)

    connector = await gateway.connector(token)
    monkeypatch.setattr("airbyte_agent_notion.NotionConnector.execute", limited)
    answer = await gateway.execute(token, connector, "users", "get_me")
    failed(answer, 429, "rate_limited")
    assert answer.headers["retry-after"] == "17"


async def test_fields_are_selected_or_left_out(execute):
    chosen = (await execute("users", "list", {"page_size": 3}, select_fields=["id", ["bot", "owner"], "none"])).json()
    assert chosen["connector_metadata"]["object"] == "list"
    assert all(set(row) <= {"id", "bot"} for row in chosen["result"])
    assert all("id" in row for row in chosen["result"])
    both = (await execute("users", "get_me", select_fields=["id"], exclude_fields=["id"])).json()
    assert set(both["result"]) == {"id"}
    whole = (await execute("users", "get_me")).json()["result"]
    less = (await execute("users", "get_me", exclude_fields=["name", "bot.owner"])).json()["result"]
    assert set(whole) - set(less) == {"name"}
    assert set(whole["bot"]) - set(less["bot"]) == {"owner"}


def test_selection_goes_through_lists_and_keys_with_dots():
    rows = [{"a": [{"b": 1, "c": 2}, 3], "x.y": {"z": 1}, "d": None}]
    assert selected(rows, ["a.b", ["x.y", "z"]], None) == [{"a": [{"b": 1}, 3], "x.y": {"z": 1}}]
    assert selected(rows, None, ["a.b", ["x.y"], "d.e"]) == [{"a": [{"c": 2}, 3], "d": None}]
    assert selected(rows, [], ["d"]) == [{}]
    assert selected(rows, None, None) is rows
    assert selected({"a": {"b": 1}}, ["a", "a.b"], None) == {"a": {"b": 1}}
    assert rows[0]["a"][0] == {"b": 1, "c": 2}


async def test_body_takes_what_clients_send_and_refuses_the_rest(gateway, execute):
    fine = await execute("users", "get_me", {}, skip_truncation=True, intent="Who am I?")
    assert fine.status_code == 200
    for changes, field in (
        ({"unknown": 1}, "unknown"),
        ({"intent": "x" * 513}, "intent"),
        ({"params": [1]}, "params"),
        ({"select_fields": "id"}, "select_fields"),
        ({"entity": None}, "entity"),
    ):
        answer = await _changed(execute, changes)
        assert answer.status_code == 422
        body = answer.json()
        assert "status" not in body
        assert body["errors"][0]["field"].split(".")[0] == field
    assert len(gateway.sandbox.requests) == 1


async def _changed(execute, changes):
    entity = changes.pop("entity", "users")
    return await execute(entity, "get_me", changes.pop("params", None), **changes)


@pytest.mark.parametrize(
    "params", ['{"filter": NaN}', '{"filter": {"a": [Infinity]}}', '{"filter": ' + "[" * 200 + "]" * 200 + "}"]
)
async def test_what_json_cannot_carry_on_is_refused(gateway, token, connector, params):
    content = f'{{"entity": "search", "action": "search", "params": {params}}}'
    headers = {**bearer(token), "Content-Type": "application/json"}
    answer = await gateway.http.post(f"{CONNECTORS}/{connector}/execute", content=content, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "params"


async def test_half_an_emoji_goes_neither_in_nor_breaks_the_way_out(gateway, token, connector, execute, monkeypatch):
    for params in ('{"page_id": "\\ud83d"}', '{"filter": {"a": {"\\ud83d": 1}}}', '{"filter": ["\\ude00"]}'):
        content = f'{{"entity": "search", "action": "search", "params": {params}}}'
        headers = {**bearer(token), "Content-Type": "application/json"}
        answer = await gateway.http.post(f"{CONNECTORS}/{connector}/execute", content=content, headers=headers)
        assert answer.status_code == 422

    async def half(*_args):
        return {"object": "user", "name": "\ud83d"}

    monkeypatch.setattr("airbyte_agent_notion.NotionConnector.execute", half)
    answer = await execute("users", "get_me")
    assert json.loads(answer.content)["result"]["name"] == "\ud83d"


@pytest.mark.parametrize("params", [None, {}, {"whatever": 1}])
async def test_wildcard_check_tells_health(gateway, token, execute, params):
    healthy = (await execute("*", "check", params)).json()
    assert healthy["status"] == "success"
    assert healthy["result"] == {
        "status": "healthy",
        "error": None,
        "checked_entity": "users",
        "checked_action": "get_me",
    }
    broken = await gateway.connector(token, credentials={"token": "ntn_nobody"})
    answer = await gateway.execute(token, broken, "*", "check", params)
    assert answer.status_code == 200
    assert answer.json()["result"]["status"] == "unhealthy"
    assert answer.json()["result"]["error"]


async def test_connection_is_kept_until_version_or_policy_change(gateway, token, connector, execute):
    async def kept():
        row = gateway.store.connectors.get(gateway.store.organizations.list()[0].id, connector)
        return await gateway.app.state.services.connections.get(row)

    await execute("users", "get_me")
    first = await kept()
    await execute("users", "list")
    assert await kept() is first
    gateway.store.connectors.update(gateway.store.organizations.list()[0].id, connector, policy="write")
    second = await kept()
    assert second is not first
    assert "write" in repr(second.notion)
    assert gateway.sandbox.token not in repr(second)


async def test_no_more_connections_are_kept_than_allowed(gateway, token, monkeypatch):
    monkeypatch.setattr("airbyte_agent_notion_gateway.connections._KEPT", 2)
    connections = gateway.app.state.services.connections
    organization = gateway.store.organizations.list()[0].id
    rows = [gateway.store.connectors.get(organization, await gateway.connector(token)) for _ in range(3)]
    made = [await connections.get(row) for row in rows]
    assert await connections.get(rows[2]) is made[2]
    assert await connections.get(rows[0]) is not made[0]


async def test_cookies_of_one_tenant_are_not_sent_for_another(settings, store, moment):
    from airbyte_agent_notion_gateway.app import _client

    async with _client(settings) as client:
        import httpx

        seen = []

        def answer(request):
            seen.append(request.headers.get("cookie"))
            return httpx.Response(200, headers={"set-cookie": "session=canary; Path=/"})

        client._transport = httpx.MockTransport(answer)
        client._mounts = {}
        for _ in range(2):
            await client.get("https://api.notion.com/v1/users/me")
        assert seen == [None, None]


async def test_policy_of_the_connector_decides(gateway, token, connector, execute):
    for policy, allowed in (("read_only", 0), ("write", 1), ("full", 2)):
        answer = await gateway.http.put(f"{CONNECTORS}/{connector}", json={"policy": policy}, headers=bearer(token))
        assert answer.json()["policy"] == policy
        gateway.sandbox.requests.clear()
        for number, action in enumerate(("create", "delete")):
            answer = await execute("pages", action, {"unknown": 1})
            # The policy comes first: what it allows is refused only for its parameters.
            failed(answer, *((422, "invalid_params") if number < allowed else (403, "not_allowed")))
        assert gateway.sandbox.requests == []


async def test_no_path_on_the_servers_disk_is_read(gateway, token, execute, connector):
    await gateway.http.put(f"{CONNECTORS}/{connector}", json={"policy": "full"}, headers=bearer(token))
    for action in ("send", "upload"):
        answer = await execute("file_uploads", action, {"path": "/etc/passwd", "file": "/etc/passwd"})
        failed(answer, 422, "unknown_action")
        assert not any(name.endswith((".send", ".upload")) for name in answer.json()["errors"][0]["details"]["offered"])
    assert gateway.sandbox.requests == []


async def test_a_grant_that_expires_within_a_call_of_several_writes_leaves_nothing_twice(gateway, token, monkeypatch):
    """The call is made once more after a renewal only where nothing of it was written."""
    connector = await gateway.connector(token, credentials=gateway.grant(), policy="write")
    page = next(iter(gateway.sandbox.workspace.shared))
    made = await gateway.execute(
        token, connector, "pages", "create", {"parent": {"page_id": page}, "properties": {"title": "New"}}
    )
    page_id = made.json()["result"]["id"]
    exchange, sent = gateway.sandbox.exchange, []

    def expiring(request, **options):
        answer = exchange(request, **options)
        if request.method == "PATCH" and answer.response.status == 200:
            sent.append(request)
            if len(sent) == 1:
                gateway.sandbox.oauth.expire_all()
        return answer

    monkeypatch.setattr(gateway.sandbox, "exchange", expiring)
    blocks = [{"paragraph": {"rich_text": [{"text": {"content": str(number)}}]}} for number in range(250)]
    answer = await gateway.execute(token, connector, "blocks", "append", {"block_id": page_id, "children": blocks})
    body, held = answer.json(), gateway.sandbox.workspace.pages[page_id].children
    assert body["error"]["error"] == "partial_write"
    assert body["error"]["details"]["written"] == 100 == len(held)
