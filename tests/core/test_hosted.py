"""Hosted mode's client: what it asks of a server that speaks the Agent API, and what it makes of the answers."""

import asyncio
import pickle
import traceback

import httpx
import pytest
from scripted_api import BASE, CLIENT_SECRET, AgentServer, config, refusal, success

from airbyte_agent_notion import (
    AirbyteAuthConfig,
    NotionAccessTokenAuthConfig,
    NotionAgentError,
    NotionConnector,
    NotionOauth20AuthConfig,
    NotionOAuthCredentials,
    Policy,
    SyncNotionConnector,
    Toolset,
)
from airbyte_agent_notion.catalog import Catalog
from airbyte_agent_notion.errors import (
    ApiError,
    ConfigurationError,
    Forbidden,
    InvalidRequest,
    InvalidResponse,
    NotAvailable,
    NotFound,
    OutcomeUnknown,
    PolicyDenied,
    RateLimited,
    Recovery,
    ServerError,
    Unauthorized,
)
from airbyte_agent_notion.operation import Effect, Operation, Spec
from airbyte_agent_notion.ports import SystemClock

TOKEN, LOOK_UP, EXECUTE = (
    "POST /account/applications/token",
    "GET /integrations/connectors",
    "POST /integrations/connectors/c-1/execute",
)
USER = {"object": "user", "id": "u-1", "type": "person", "name": "Ana"}


@pytest.fixture
def hosted(connect):
    """``hosted(server, **options)``: a caller of a connector of either kind on that server."""

    def build(server, *, auth=None, **options):
        return connect(server, auth_config=auth or config(), base_url=BASE, **options)

    return build


def page(number):
    return {"object": "page", "id": f"p-{number}", "properties": {}}


# --- a call


def test_a_call_exchanges_a_token_looks_the_connector_up_and_executes(hosted):
    server = AgentServer(success(USER))
    notion = hosted(server, auth=config(organization_id="org-1"))
    assert notion.execute("users", "get_me", {}) == USER
    assert server.paths() == [TOKEN, LOOK_UP, EXECUTE]
    exchange, look_up, execute = server.requests
    assert {request.headers["x-organization-id"] for request in server.requests} == {"org-1"}
    assert "authorization" not in exchange.headers
    assert dict(look_up.url.params) == {
        "customer_name": "acme",
        "definition_id": "6e00b415-b02e-4160-bf02-58176a0ae687",
    }
    assert execute.headers["authorization"] == "Bearer canary-bearer-1"
    assert server.bodies("execute") == [{"entity": "users", "action": "get_me", "params": {}}]
    assert notion.notion.connector_id == "c-1"


def test_later_calls_only_execute(hosted):
    server = AgentServer(success(USER))
    notion = hosted(server)
    for _ in range(3):
        notion.execute("users", "get_me", {})
    assert server.paths() == [TOKEN, LOOK_UP, EXECUTE, EXECUTE, EXECUTE]
    assert all("x-organization-id" not in request.headers for request in server.requests)


def test_a_connector_id_is_not_looked_up(hosted):
    server = AgentServer(success(USER))
    notion = hosted(server, auth=config(customer_name=None, connector_id="../c 1"))
    notion.execute("users", "get_me", {})
    assert [request.url.raw_path.decode() for request in server.requests[1:]] == [
        "/api/v1/integrations/connectors/..%2Fc%201/execute"
    ]


@pytest.mark.parametrize("dots", [".", ".."])
def test_a_connector_id_of_dots_is_refused(hosted, dots):
    server = AgentServer(success(USER))
    with pytest.raises(ConfigurationError, match="connector_id is not an id"):
        hosted(server, auth=config(connector_id=dots)).execute("users", "get_me", {})
    assert server.count("execute") == 0


def test_parameters_are_checked_here_and_sent_as_declared(hosted):
    server = AgentServer(success([page(1)], {"next_cursor": "n", "has_more": True}))
    notion = hosted(server)
    notion.execute("pages", "list", {"query": "road", "page_size": "5"})
    assert server.bodies("execute") == [
        {"entity": "pages", "action": "list", "params": {"query": "road", "page_size": 5}}
    ]
    with pytest.raises(NotionAgentError, match="zzz"):
        notion.execute("pages", "list", {"zzz": 3})
    assert server.count("execute") == 1


def test_a_list_comes_back_as_a_list_with_everything_that_notion_said(hosted):
    meta = {"next_cursor": "n", "has_more": True, "type": "page_or_data_source", "request_id": "r-1"}
    server = AgentServer(success([page(1), page(2)], meta))
    found = hosted(server).execute("pages", "list", {})
    assert [item["id"] for item in found] == ["p-1", "p-2"]
    assert (found.meta.next_cursor, found.meta.has_more, found.meta.request_id) == ("n", True, "r-1")
    assert found.meta.envelope["type"] == "page_or_data_source"


@pytest.mark.parametrize("meta", [None, {}, {"end_cursor": None, "has_next_page": False}])
def test_a_list_whose_metadata_says_nothing_is_at_its_end(hosted, meta):
    found = hosted(AgentServer(success([page(1)], meta))).execute("pages", "list", {})
    assert (len(found), found.meta.next_cursor, found.meta.has_more) == (1, None, False)


def test_other_names_of_the_metadata_are_understood(hosted):
    found = hosted(AgentServer(success([], {"end_cursor": "n", "has_next_page": True}))).execute("pages", "list", {})
    assert (found.meta.next_cursor, found.meta.has_more) == ("n", True)


def test_whole_lists_are_read_page_by_page(hosted):
    server = AgentServer(
        success([page(1)], {"next_cursor": "n", "has_more": True}),
        success([page(2)], {"next_cursor": None, "has_more": False}),
    )
    found = hosted(server).do(lambda notion: notion.pages.list.iterate())
    assert [item["id"] for item in found] == ["p-1", "p-2"]
    assert [body["params"] for body in server.bodies("execute")] == [{}, {"start_cursor": "n"}]


def test_composites_run_their_primitives_from_here(hosted):
    block = {"object": "block", "id": "b" * 32, "type": "paragraph", "has_children": False, "paragraph": {}}
    server = AgentServer(success([block], {"next_cursor": None, "has_more": False}))
    tree = hosted(server).do(lambda notion: notion.blocks.list_tree(block_id="a" * 32))
    assert [found["id"] for found in tree["blocks"]] == [block["id"]]
    assert {(body["entity"], body["action"]) for body in server.bodies("execute")} == {("blocks", "list")}


def test_a_tool_of_a_hosted_connector_is_the_same_tool(hosted):
    notion = hosted(AgentServer(success(USER))).notion
    local = SyncNotionConnector(NotionAccessTokenAuthConfig(token="ntn_x"))
    assert Toolset(notion).tools == Toolset(local).tools
    assert notion.list_entities() == local.list_entities()


# --- tokens


def test_concurrent_calls_make_one_exchange_and_one_look_up():
    server = AgentServer(success(USER))

    async def main():
        client = httpx.AsyncClient(transport=httpx.MockTransport(server))
        notion = NotionConnector(config(), base_url=BASE, http_client=client)
        return await asyncio.gather(*(notion.execute("users", "get_me", {}) for _ in range(20)))

    assert asyncio.run(main()) == [USER] * 20
    assert (server.count("token"), server.paths().count(LOOK_UP), server.count("execute")) == (1, 1, 20)


@pytest.mark.parametrize(
    ("expires_in", "kept"), [(900, 840), (None, 840), (100, 50), ("soon", 840), (0, 840), (True, 840), (3600, 3540)]
)
def test_a_token_is_kept_until_shortly_before_its_end(hosted, clock, expires_in, kept):
    server = AgentServer(success(USER), expires_in=expires_in)
    notion = hosted(server)
    notion.execute("users", "get_me", {})
    clock.seconds += kept - 1
    notion.execute("users", "get_me", {})
    assert server.count("token") == 1
    clock.seconds += 1.5
    notion.execute("users", "get_me", {})
    assert server.count("token") == 2
    assert server.requests[-1].headers["authorization"] == "Bearer canary-bearer-2"


def test_a_refused_token_is_exchanged_once_more(hosted):
    server = AgentServer(success(USER))
    notion = hosted(server)
    notion.execute("users", "get_me", {})
    server.refused = {"canary-bearer-1"}
    assert notion.execute("users", "get_me", {}) == USER
    assert server.paths()[3:] == [EXECUTE, TOKEN, EXECUTE]


def test_a_token_that_is_refused_again_is_an_error_that_names_the_client(hosted):
    server = AgentServer(success(USER))
    server.refused = {f"canary-bearer-{number}" for number in range(1, 9)}
    with pytest.raises(Unauthorized, match="The token has expired") as caught:
        hosted(server).execute("users", "get_me", {})
    assert "airbyte_client_id" in caught.value.hint
    assert server.paths() == [TOKEN, LOOK_UP, TOKEN, LOOK_UP]


def test_wrong_client_credentials_are_not_tried_again(hosted):
    server = AgentServer(success(USER))
    notion = hosted(server, auth=config(airbyte_client_secret="canary-wrong-secret"))
    with pytest.raises(Unauthorized) as caught:
        notion.execute("users", "get_me", {})
    assert server.paths() == [TOKEN]
    assert caught.value.recovery is Recovery.ASK_OPERATOR
    assert "canary-wrong-secret" not in str(caught.value), "the server echoed the request"
    assert '"***"' in str(caught.value)


@pytest.mark.parametrize("body", [{}, {"access_token": None}, {"access_token": ""}, {"access_token": "a\nb"}])
def test_an_exchange_without_a_token_is_not_taken_for_one(hosted, body):
    server = AgentServer(success(USER))
    server.before = lambda request: httpx.Response(200, json=body)
    with pytest.raises(InvalidResponse, match="no access_token"):
        hosted(server).execute("users", "get_me", {})


def test_the_exchange_is_repeated_where_the_server_fails(hosted):
    server = AgentServer(success(USER))
    failures = [httpx.Response(503), httpx.Response(429, json={"message": "slow"}, headers={"retry-after": "7"})]
    server.before = lambda request: failures.pop() if failures else None
    notion = hosted(server)
    assert notion.execute("users", "get_me", {}) == USER
    assert 7 <= sum(notion.waits) < 9
    assert server.count("token") == 3


# --- which connector


def test_a_connector_that_is_gone_is_looked_up_again(hosted):
    server = AgentServer(success(USER))
    notion = hosted(server)
    notion.execute("users", "get_me", {})
    server.connectors = ["c-2"]
    server.before = lambda request: refusal(404, "No such connector.") if "c-1" in request.url.path else None
    assert notion.execute("users", "get_me", {}) == USER
    assert server.paths()[3:] == [EXECUTE, LOOK_UP, EXECUTE.replace("c-1", "c-2")]
    assert notion.notion.connector_id == "c-2"


def test_a_connector_that_stays_gone_is_an_error(hosted):
    server = AgentServer(refusal(404, "No such connector."))
    with pytest.raises(NotFound, match="No such connector") as caught:
        hosted(server).execute("users", "get_me", {})
    assert server.paths() == [TOKEN, LOOK_UP, EXECUTE, LOOK_UP]
    assert "connector_id or customer_name" in caught.value.hint


def test_a_connector_id_that_was_given_is_not_replaced(hosted):
    server = AgentServer(refusal(404, "No such connector."))
    with pytest.raises(NotFound):
        hosted(server, auth=config(connector_id="c-1")).execute("users", "get_me", {})
    assert server.paths() == [TOKEN, EXECUTE]


@pytest.mark.parametrize(
    ("ids", "code", "said"),
    [
        ((), "connector_not_found", "has no Notion connector"),
        (("a", "b"), "connector_ambiguous", "has 2 Notion connectors"),
    ],
)
def test_none_or_several_connectors_say_what_to_do(hosted, ids, code, said):
    server = AgentServer(success(USER), connectors=ids)
    with pytest.raises(ConfigurationError, match=said) as caught:
        hosted(server).execute("users", "get_me", {})
    assert caught.value.code == code
    assert all(each in caught.value.hint for each in ids)
    assert "create" in caught.value.hint or "connector_id=" in caught.value.hint


@pytest.mark.parametrize("kind", [NotionConnector, SyncNotionConnector])
@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"customer_name": None}, "whose connector"),
        ({"airbyte_client_id": None}, "airbyte_client_id and airbyte_client_secret"),
        ({"airbyte_client_secret": None}, "airbyte_client_id and airbyte_client_secret"),
    ],
)
def test_a_configuration_that_lacks_something_is_refused_at_once(kind, fields, said):
    with pytest.raises(ConfigurationError, match=said):
        kind(config(**fields))


@pytest.mark.parametrize(
    "option", [{"on_token_refresh": print}, {"notion_version": "2026-03-11"}, {"requests_per_minute": 600}]
)
def test_options_without_a_use_in_hosted_mode_are_refused(option):
    with pytest.raises(ConfigurationError, match=f"{next(iter(option))} has no use in hosted mode"):
        SyncNotionConnector(config(), **option)


def test_the_environment_completes_a_configuration(monkeypatch):
    variables = {
        "AIRBYTE_CLIENT_ID": "id",
        "AIRBYTE_CLIENT_SECRET": "secret",
        "AIRBYTE_CUSTOMER_NAME": "acme",
        "AIRBYTE_API_BASE_URL": "http://127.0.0.1:9",
    }
    with pytest.raises(ConfigurationError):
        SyncNotionConnector(AirbyteAuthConfig(customer_name="x"))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert repr(SyncNotionConnector()) == "<SyncNotionConnector hosted connector of 'acme', may read>"
    assert "of 'x'" in repr(SyncNotionConnector(AirbyteAuthConfig(customer_name="x")))
    monkeypatch.setenv("AIRBYTE_CONNECTOR_ID", "c-9")
    assert SyncNotionConnector().connector_id == "c-9"
    assert SyncNotionConnector(AirbyteAuthConfig(customer_name="x")).connector_id is None


# --- failures


def test_reads_are_repeated_where_the_server_fails(hosted):
    server = AgentServer(httpx.ReadError("gone"), httpx.Response(502, text="<html>"), refusal(500, "x"), success(USER))
    assert hosted(server).execute("users", "get_me", {}) == USER
    assert server.count("execute") == 4


class RenamePage(Operation[dict]):
    """Rename."""

    spec = Spec("pages", "rename", "PATCH /v1/pages/{page_id}", effect=Effect.WRITE, verify="read the page.")
    page_id: str


def rename(caller):
    def call(notion):
        run = notion.runner.run if isinstance(notion, SyncNotionConnector) else notion.runner.arun
        return run(RenamePage(page_id="p"))

    return caller.do(call)


@pytest.mark.parametrize("answer", [httpx.ReadError("gone"), httpx.Response(502, text="<html>"), refusal(500, "x")])
def test_a_write_is_not_repeated_where_the_server_fails(hosted, answer):
    server = AgentServer(answer)
    with pytest.raises(OutcomeUnknown, match="not known whether it took effect") as caught:
        rename(hosted(server, policy=Policy.write()))
    assert server.count("execute") == 1
    assert "read the page" in caught.value.hint
    assert caught.value.details["operation"] == "pages.rename"


def test_a_write_that_surely_did_not_arrive_is_sent_again(hosted):
    server = AgentServer(httpx.ConnectError("refused"), success({"object": "page", "id": "p"}))
    assert rename(hosted(server, policy=Policy.write()))["id"] == "p"
    assert server.count("execute") == 2


def test_the_policy_holds_here_before_anything_is_sent(hosted):
    server = AgentServer(success({}))
    with pytest.raises(PolicyDenied):
        rename(hosted(server))
    assert server.requests == []


def failed(status, error, **more):
    body = {"status": "failed", "result": None, "connector_metadata": None, "execution_metadata": {}, **more}
    return httpx.Response(status, json={**body, "message": "It failed.", "error": error})


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (404, {"error": "object_not_found", "message": "No page.", "status": 404, "request_id": "r"}, NotFound),
        (400, {"error": "unauthorized", "message": "Bad token.", "status": 401, "request_id": "r"}, Unauthorized),
        (403, {"error": "restricted_resource", "message": "No.", "status": 403, "request_id": "r"}, Forbidden),
        (400, {"error": "validation_error", "message": "Bad.", "status": 400, "request_id": "r"}, InvalidRequest),
        (502, {"error": "internal_server_error", "message": "Oh.", "status": 500, "request_id": "r"}, ServerError),
        (403, {"error": "not_allowed", "message": "Policy.", "request_id": "r"}, PolicyDenied),
        (502, {"error": "outcome_unknown", "message": "Who knows.", "request_id": "r"}, OutcomeUnknown),
        (200, {"error": "strange_code", "message": "Strange.", "request_id": "r"}, ApiError),
    ],
)
def test_an_execution_that_failed_is_the_error_that_it_was_there(hosted, status, error, kind):
    facts = {"hint": "Do this.", "recovery": "verify_first", "details": {"a": 1}}
    server = AgentServer(failed(status, {**error, **facts}))
    with pytest.raises(kind) as caught:
        hosted(server).execute("users", "get_me", {})
    assert type(caught.value) is kind
    assert caught.value.code == error["error"]
    assert str(caught.value) == f"{error['message']} Do this."
    assert (caught.value.request_id, caught.value.details) == ("r", {"a": 1})
    assert caught.value.recovery is Recovery.VERIFY_FIRST
    assert server.count("execute") == 1, "the server has tried as often as is right"
    assert server.count("token") == 1, "Notion's 401 says nothing of the application's token"


def test_a_rate_limit_inside_keeps_its_wait(hosted):
    error = {"error": "rate_limited", "message": "Slow.", "status": 429, "retry_after": 30.0}
    with pytest.raises(RateLimited) as caught:
        hosted(AgentServer(failed(429, error))).execute("users", "get_me", {})
    assert caught.value.retry_after == 30.0


@pytest.mark.parametrize(
    "body",
    [
        {"message": "Notion said no."},
        {"error": "Notion said no."},
        {"error_message": "Notion said no."},
        {"errors": [{"field": None, "message": "Notion said no.", "error_code": "x"}]},
        {"error": {"message": "Notion said no.", "code": "x"}},
    ],
)
def test_a_failed_status_of_any_server_is_an_error(hosted, body):
    server = AgentServer(httpx.Response(200, json={"status": "failed", "result": None, **body}))
    with pytest.raises(ApiError, match=r"Notion said no\."):
        hosted(server).execute("users", "get_me", {})


def test_a_failed_status_without_a_word_is_an_error(hosted):
    with pytest.raises(ApiError, match="and not why"):
        hosted(AgentServer(httpx.Response(200, json={"status": "failed", "result": None}))).execute(
            "users", "get_me", {}
        )


@pytest.mark.parametrize("code", ["unknown_entity", "unknown_action"])
def test_an_operation_that_the_server_lacks_names_what_it_has(hosted, code):
    error = {"error": code, "message": "?", "details": {"offered": ["pages.get", "users.list"]}}
    with pytest.raises(NotAvailable, match=r"does not offer users\.get_me") as caught:
        hosted(AgentServer(failed(422, error))).execute("users", "get_me", {})
    assert caught.value.code == "unsupported_by_server"
    assert caught.value.hint == "It offers pages.get, users.list."


@pytest.mark.parametrize("status", [400, 422])
def test_a_server_that_only_refuses_gets_the_benefit_of_the_doubt(hosted, status):
    server = AgentServer(refusal(status, "Unsupported operation."))
    with pytest.raises(NotAvailable, match=r"not seem to offer users\.get_me: .*Unsupported operation") as caught:
        hosted(server).execute("users", "get_me", {})
    assert "users.list" in caught.value.hint
    with pytest.raises(InvalidRequest, match="Unsupported operation"):
        hosted(server).execute("users", "list", {})


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (refusal(400, "Name the organisation.", field="X-Organization-Id"), InvalidRequest, "X-Organization-Id: Name"),
        (refusal(403, "Not yours."), Forbidden, "organisations"),
        (refusal(422, "is missing", field="params"), InvalidRequest, "params: is missing"),
        (httpx.Response(200, text="<html>"), InvalidResponse, "base_url"),
        (httpx.Response(200, json=[1]), InvalidResponse, "base_url"),
        (httpx.Response(307, headers={"location": "https://elsewhere.example"}), InvalidResponse, "redirect"),
        (success(None), InvalidResponse, "holds no result"),
        (success("text"), InvalidResponse, "holds no result"),
        (httpx.Response(200, json={}), InvalidResponse, "holds no result"),
    ],
)
def test_what_the_server_itself_says_is_an_error_of_ours(hosted, answer, kind, said):
    with pytest.raises(kind) as caught:
        hosted(AgentServer(answer)).execute("users", "list", {})
    assert said in f"{caught.value}"


def test_a_redirect_takes_no_secret_along(hosted):
    server = AgentServer(success(USER))
    server.before = lambda request: httpx.Response(307, headers={"location": "https://elsewhere.example/token"})
    with pytest.raises(InvalidResponse, match="redirect"):
        hosted(server).execute("users", "get_me", {})
    assert {request.url.host for request in server.requests} == {"agents.example"}


def test_a_call_ends_at_its_deadline(hosted, clock):
    server = AgentServer(refusal(429, "later", **{"retry-after": "200"}))
    notion = hosted(server, deadline=300)
    with pytest.raises(RateLimited):
        notion.execute("users", "get_me", {})
    assert clock.passed <= 300
    assert server.count("execute") == 2


# --- making connectors


@pytest.fixture(params=["sync", "async"])
def management(request, monkeypatch, clock):
    """``management(name, server, **arguments)``: one of the class methods of either connector, its result awaited."""
    for method in ("now", "sleep", "asleep"):
        monkeypatch.setattr(SystemClock, method, lambda self, *args, method=method: getattr(clock, method)(*args))
    kind = SyncNotionConnector if request.param == "sync" else NotionConnector
    client = httpx.Client if request.param == "sync" else httpx.AsyncClient

    def call(method_name, server, /, **arguments):
        method = getattr(kind, method_name)

        async def awaited():
            own = client(transport=httpx.MockTransport(server))
            return await method(base_url=BASE, http_client=own, **arguments)

        if request.param == "async":
            return asyncio.run(awaited())
        return method(base_url=BASE, http_client=client(transport=httpx.MockTransport(server)), **arguments)

    return call


TOKEN_AUTH = NotionAccessTokenAuthConfig(token="ntn_canary")
OAUTH = NotionOauth20AuthConfig(client_id="app", client_secret="canary-app", access_token="canary-access")
RENEWABLE = NotionOauth20AuthConfig(
    client_id="app", client_secret="canary-app", access_token="canary-access", refresh_token="canary-refresh"
)
APP = NotionOAuthCredentials(client_id="app", client_secret="canary-app")


@pytest.mark.parametrize(
    ("auth", "credentials"),
    [
        (TOKEN_AUTH, {"token": "ntn_canary"}),
        (OAUTH, {"client_id": "app", "client_secret": "canary-app", "access_token": "canary-access"}),
        (
            RENEWABLE,
            {
                "client_id": "app",
                "client_secret": "canary-app",
                "access_token": "canary-access",
                "refresh_token": "canary-refresh",
            },
        ),
    ],
)
def test_create_sends_the_seeds_form_and_binds_the_connector(management, auth, credentials):
    server = AgentServer(httpx.Response(200, json={"id": "c-7", "name": "n"}))
    notion = management("create", server, airbyte_config=config(organization_id="o"), auth_config=auth, name="Mine")
    assert notion.connector_id == "c-7"
    assert server.paths() == [TOKEN, "POST /integrations/connectors"]
    assert {request.headers["x-organization-id"] for request in server.requests} == {"o"}
    assert server.bodies("connectors") == [
        {"customer_name": "acme", "connector_type": "Notion", "name": "Mine", "credentials": credentials}
    ]


def test_the_connector_that_create_returns_needs_no_second_exchange():
    server = AgentServer(httpx.Response(200, json={"id": "c-7"}), success(USER))
    client = httpx.Client(transport=httpx.MockTransport(server))
    notion = SyncNotionConnector.create(
        airbyte_config=config(), auth_config=TOKEN_AUTH, base_url=BASE, http_client=client, policy=Policy.write()
    )
    assert notion.execute("users", "get_me", {}) == USER
    assert server.paths() == [TOKEN, "POST /integrations/connectors", EXECUTE.replace("c-1", "c-7")]
    assert "may read, write" in repr(notion)


def test_create_passes_on_what_the_server_knows_of(management):
    server = AgentServer(httpx.Response(200, json={"id": "c-7"}))
    management(
        "create",
        server,
        airbyte_config=config(),
        server_side_oauth_secret_id="s-1",
        replication_config={"start_date": "2026-01-01"},
        source_template_id="t-1",
    )
    assert server.bodies("connectors") == [
        {
            "customer_name": "acme",
            "connector_type": "Notion",
            "server_side_oauth_secret_id": "s-1",
            "replication_config": {"start_date": "2026-01-01"},
            "source_template_id": "t-1",
        }
    ]


@pytest.mark.parametrize("answer", [httpx.ReadTimeout("slow"), httpx.Response(504, text=""), refusal(500, "Oh.")])
def test_create_is_not_repeated_where_the_outcome_is_unknown(management, answer):
    server = AgentServer(answer)
    with pytest.raises(OutcomeUnknown, match="not known whether") as caught:
        management("create", server, airbyte_config=config(), auth_config=TOKEN_AUTH)
    assert server.paths().count("POST /integrations/connectors") == 1
    assert "check()" in caught.value.hint


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"airbyte_config": config()}, "Give one of them"),
        (
            {"airbyte_config": config(), "auth_config": TOKEN_AUTH, "server_side_oauth_secret_id": "s"},
            "Give one of them",
        ),
        ({"airbyte_config": config(connector_id="c"), "auth_config": TOKEN_AUTH}, "Leave connector_id out"),
        ({"airbyte_config": config(customer_name=None), "auth_config": TOKEN_AUTH}, "customer_name"),
        ({"airbyte_config": {"customer_name": "x"}, "auth_config": TOKEN_AUTH}, "AirbyteAuthConfig"),
        ({"airbyte_config": config(), "auth_config": {"token": "x"}}, "NotionAccessTokenAuthConfig"),
    ],
)
def test_wrong_arguments_of_create_are_refused_before_anything_is_sent(management, arguments, said):
    server = AgentServer(success({}))
    with pytest.raises(ConfigurationError, match=said):
        management("create", server, **arguments)
    assert server.requests == []


def test_an_answer_to_create_without_an_id_is_not_taken_for_success(management):
    with pytest.raises(NotionAgentError, match="holds no id"):
        management("create", AgentServer(httpx.Response(200, json={})), airbyte_config=config(), auth_config=TOKEN_AUTH)


def test_the_consent_url(management):
    url = "https://api.notion.com/v1/oauth/authorize?state=s"
    server = AgentServer(httpx.Response(503), httpx.Response(200, json={"consent_url": url}))
    found = management(
        "get_consent_url", server, airbyte_config=config(organization_id="o"), redirect_url="https://a.example/cb"
    )
    assert found == url
    assert server.bodies("initiate")[-1] == {
        "customer_name": "acme",
        "connector_type": "Notion",
        "redirect_url": "https://a.example/cb",
    }
    assert {request.headers["x-organization-id"] for request in server.requests} == {"o"}


@pytest.mark.parametrize("body", [{}, {"consent_url": None}, {"consent_url": "javascript:alert(1)"}])
def test_a_consent_url_that_is_none_is_refused(management, body):
    server = AgentServer(httpx.Response(200, json=body))
    with pytest.raises(InvalidResponse, match="consent_url"):
        management("get_consent_url", server, airbyte_config=config(), redirect_url="https://a.example/cb")


def test_an_own_oauth_app_is_set_and_reset_in_the_organisation_meant(management):
    server = AgentServer(httpx.Response(200, json={"id": "x"}), httpx.Response(204))
    whose = config(customer_name=None, organization_id="o")
    assert management("configure_oauth_app_parameters", server, airbyte_config=whose, credentials=APP) is None
    assert management("configure_oauth_app_parameters", server, airbyte_config=whose, credentials=None) is None
    assert server.paths() == [
        TOKEN,
        "PUT /oauth/credentials",
        TOKEN,
        "DELETE /oauth/credentials/connector_type/notion",
    ]
    assert {request.headers["x-organization-id"] for request in server.requests} == {"o"}
    assert server.bodies("oauth/credentials") == [
        {"connector_type": "notion", "configuration": {"client_id": "app", "client_secret": "canary-app"}}
    ]


def test_oauth_app_credentials_of_another_kind_are_refused(management):
    with pytest.raises(ConfigurationError, match="NotionOAuthCredentials"):
        management(
            "configure_oauth_app_parameters", AgentServer(success({})), airbyte_config=config(), credentials={"a": 1}
        )


# --- check and callback


def test_check_asks_the_server(hosted):
    result = {"status": "healthy", "error": None, "checked_entity": "users", "checked_action": "list"}
    server = AgentServer(success(result))
    found = hosted(server).do(lambda notion: notion.check())
    assert (found.status, found.checked_entity, found.checked_action) == ("healthy", "users", "list")
    assert server.bodies("execute") == [{"entity": "*", "action": "check", "params": {}}]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (success({"status": "unhealthy", "error": "The token is revoked."}), "The token is revoked."),
        (success({}), "does not work"),
        (failed(400, {"error": "unauthorized", "message": "Revoked.", "status": 401}), "Revoked."),
        (refusal(401, "Wrong client."), "Wrong client."),
        (httpx.ConnectError("no route"), "Could not connect"),
        (success(None), "holds no result"),
    ],
)
def test_check_never_raises(hosted, answer, said):
    found = hosted(AgentServer(answer)).do(lambda notion: notion.check())
    assert found.status == "unhealthy"
    assert said in found.error
    assert found.code


@pytest.mark.parametrize("kind", [NotionConnector, SyncNotionConnector])
def test_the_callback_is_a_connector_or_an_error(kind):
    good = kind.parse_callback("https://a.example/oauth/callback?x=1&connector_id=c%2D1")
    assert (good.ok, good.connector_id, good.error) == (True, "c-1", None)
    bad = kind.parse_callback("/cb?error=access_denied&error_description=The+user+said+no")
    assert (bad.ok, bad.connector_id, bad.error) == (False, None, "access_denied")
    assert bad.error_description == "The user said no"


@pytest.mark.parametrize(
    "query",
    ["", "?", "?connector_id=", "?code=1", "?connector_id=a&connector_id=b", "?connector_id=a&error=b"],
)
def test_what_is_no_callback_is_refused(query):
    with pytest.raises(ConfigurationError, match="callback"):
        NotionConnector.parse_callback(f"https://a.example/cb{query}")


# --- secrets


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 422, 429, 500])
@pytest.mark.parametrize("where", ["token", "connectors"])
def test_no_secret_that_a_server_echoes_shows_in_an_error(management, status, where):
    server = AgentServer(httpx.Response(200, json={"id": "c-7"}))

    def echo(request):
        if not request.url.path.endswith(where):
            return None
        text = f"{request.content.decode()} {request.headers.get('authorization')}"
        body = {"message": text, "errors": [{"field": text, "message": text, "error_code": text}]}
        return httpx.Response(status, json=body, headers={"x-request-id": text.replace("\n", " ")})

    server.before = echo
    with pytest.raises(NotionAgentError) as caught:
        management("create", server, airbyte_config=config(), auth_config=RENEWABLE)
    error = caught.value
    told = f"{error} {error!r} {error.to_dict()} {vars(error)} {''.join(traceback.format_exception(error))}"
    for secret in (CLIENT_SECRET, "canary-bearer-1", "canary-app", "canary-access", "canary-refresh"):
        assert secret not in told
        assert secret.encode() not in pickle.dumps(error)


def test_a_hosted_connector_shows_no_secret():
    notion = SyncNotionConnector(config(), base_url=BASE)
    assert CLIENT_SECRET not in f"{notion!r} {notion.runner!r} {vars(notion)}"


def test_every_operation_for_tools_can_be_sent_to_a_server():
    for operation in Catalog.of(NotionConnector).operations():
        assert operation.spec.surface == "all"
