"""Building a connector, asking whether it works, and what both kinds have in common."""

import asyncio
import inspect
import json
import logging
import re

import httpx
import pytest

import airbyte_agent_notion
from airbyte_agent_notion import (
    AirbyteAuthConfig,
    Answers,
    CheckResult,
    NotionAccessTokenAuthConfig,
    NotionConnector,
    NotionOauth20AuthConfig,
    Policy,
    SyncNotionConnector,
)
from airbyte_agent_notion.errors import ConfigurationError, ConnectionFailed, InvalidParams, NotFound
from airbyte_agent_notion.flow import Request
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.testing import FakeTransport

AUTH = NotionAccessTokenAuthConfig(token="ntn_argument")
KINDS = pytest.mark.parametrize("kind", [NotionConnector, SyncNotionConnector])


def token(notion):
    return notion.runner.engine.executor.grant.token.get_secret_value()


def address(notion):
    return notion.runner.transport._arguments(Request(method="GET", path="/x"))["url"]


# --- building


@KINDS
def test_the_token_argument_before_the_environment(monkeypatch, kind):
    monkeypatch.setenv("NOTION_TOKEN", " ntn_environment\n")
    monkeypatch.setenv("AIRBYTE_CLIENT_ID", "id")
    monkeypatch.setenv("AIRBYTE_CLIENT_SECRET", "secret")
    assert token(kind(AUTH)) == "ntn_argument"
    assert token(kind(auth_config=AUTH)) == "ntn_argument"
    assert token(kind()) == "ntn_environment"
    oauth = NotionOauth20AuthConfig(client_id="i", client_secret="s", access_token="a")
    assert token(kind(oauth)) == "a"


@KINDS
@pytest.mark.parametrize(
    "missing", [{}, {"NOTION_TOKEN": " "}, {"AIRBYTE_CLIENT_ID": "x"}, {"AIRBYTE_CLIENT_SECRET": "x"}]
)
def test_no_credentials_names_what_is_accepted(monkeypatch, kind, missing):
    for name, value in missing.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match="There are no credentials") as caught:
        kind()
    for name in (
        "NotionAccessTokenAuthConfig",
        "NotionOauth20AuthConfig",
        "AirbyteAuthConfig",
        "NOTION_TOKEN",
        "sandbox",
    ):
        assert name in caught.value.hint


@KINDS
@pytest.mark.parametrize("wrong", ["ntn_x", {"token": "ntn_x"}, 42, NotionAccessTokenAuthConfig, "", False])
def test_wrong_credentials_name_what_is_accepted(monkeypatch, kind, wrong):
    monkeypatch.setenv("NOTION_TOKEN", "ntn_environment")
    with pytest.raises(ConfigurationError, match="auth_config is of type") as caught:
        kind(wrong)
    assert "NotionAccessTokenAuthConfig(token=...)" in caught.value.hint
    assert "ntn_x" not in str(caught.value)


@KINDS
def test_the_address_in_hosted_mode(monkeypatch, kind):
    whose = AirbyteAuthConfig(airbyte_client_id="x", airbyte_client_secret="y", customer_name="acme")
    monkeypatch.setenv("NOTION_BASE_URL", "http://not-this-one")
    assert address(kind(whose)) == "https://api.airbyte.ai/x"
    monkeypatch.setenv("AIRBYTE_API_BASE_URL", "http://environment")
    assert address(kind(whose)) == "http://environment/x"
    assert address(kind(whose, base_url="http://argument")) == "http://argument/x"
    monkeypatch.setenv("AIRBYTE_API_BASE_URL", "nonsense")
    with pytest.raises(ConfigurationError, match="base_url"):
        kind(whose)


@KINDS
def test_the_address_argument_before_the_environment(monkeypatch, kind):
    assert address(kind(AUTH)) == "https://api.notion.com/x"
    monkeypatch.setenv("AIRBYTE_API_BASE_URL", "http://not-this-one")
    monkeypatch.setenv("NOTION_BASE_URL", "http://environment/")
    assert address(kind(AUTH)) == "http://environment/x"
    assert address(kind(AUTH, base_url="http://argument")) == "http://argument/x"


@KINDS
@pytest.mark.parametrize(
    ("option", "wrong"),
    [
        ("base_url", "nonsense"),
        ("base_url", 42),
        ("notion_version", "2022-06-28"),
        ("timeout", 0),
        ("timeout", "30"),
        ("deadline", 0),
        ("deadline", "30"),
        ("requests_per_minute", 0),
        ("requests_per_minute", 1.5),
        ("requests_per_minute", True),
        ("proxy", "no address"),
        ("ca_file", "/nowhere.pem"),
        ("policy", "write"),
        ("on_token_refresh", 42),
        ("http_client", "client"),
        ("answers", {"max_tokens": 500}),
    ],
)
def test_wrong_options_are_refused(kind, option, wrong):
    with pytest.raises(ConfigurationError, match=option.replace("notion_version", "Notion-Version")):
        kind(AUTH, **{option: wrong})


@KINDS
def test_unknown_options_are_refused(kind):
    with pytest.raises(TypeError):
        kind(AUTH, base="http://x")
    with pytest.raises(TypeError):
        kind(AUTH, "http://x")


def test_an_async_callback_is_refused_by_the_blocking_connector():
    async def callback(tokens): ...

    with pytest.raises(ConfigurationError, match="async on_token_refresh"):
        SyncNotionConnector(AUTH, on_token_refresh=callback)
    NotionConnector(AUTH, on_token_refresh=callback)
    SyncNotionConnector(AUTH, on_token_refresh=lambda tokens: None)


@KINDS
def test_repr_and_id(kind):
    notion = kind(AUTH, policy=Policy.full(), notion_version="2025-09-03")
    assert repr(notion) == f"<{kind.__name__} Notion-Version 2025-09-03, may destructive, read, write>"
    assert notion.connector_id is None


@KINDS
def test_building_opens_nothing_and_logs_nothing(kind, caplog):
    caplog.set_level(logging.DEBUG)
    kind(AUTH)
    assert caplog.records == []


def test_two_connectors_do_not_meet():
    first, second = SyncNotionConnector.sandbox(), SyncNotionConnector.sandbox(policy=Policy.full())
    assert first.runner.engine.policy != second.runner.engine.policy
    assert first.pages.get._runner is first.runner


@KINDS
def test_the_sandbox_ignores_the_environment(monkeypatch, kind):
    monkeypatch.setenv("NOTION_BASE_URL", "nonsense")
    monkeypatch.setenv("NOTION_TOKEN", "bad token")
    sandbox = Sandbox.sample(token="ntn_other")
    notion = kind.sandbox(sandbox, notion_version="2025-09-03")
    assert token(notion) == "ntn_other"
    assert notion.runner.engine.executor.notion_version == "2025-09-03"
    with pytest.raises(ConfigurationError):
        kind.sandbox(notion_version="x")


def test_both_kinds_have_the_same_face():
    def face(kind):
        return {
            name: [str(parameter) for parameter in inspect.signature(value).parameters.values()]
            for name, value in inspect.getmembers(kind, inspect.isfunction)
            if not name.startswith("_")
        }

    assert face(NotionConnector) == face(SyncNotionConnector)
    assert inspect.signature(NotionConnector) == inspect.signature(SyncNotionConnector)


def test_the_public_names():
    assert sorted(airbyte_agent_notion.__all__) == airbyte_agent_notion.__all__
    assert all(hasattr(airbyte_agent_notion, name) for name in airbyte_agent_notion.__all__)


# --- the sandbox answers both kinds


async def test_execute_and_context_managers():
    with SyncNotionConnector.sandbox() as blocking:
        page = blocking.pages.list(page_size=1).data[0]
        assert blocking.execute("pages", "get", {"page_id": page["url"]})["id"] == page["id"]
        assert blocking.execute("pages", "get", f'{{"page_id": "{page["id"]}"}}')["id"] == page["id"]
        assert blocking.execute("users", "list").data
    async with NotionConnector.sandbox() as awaited:
        assert (await awaited.execute("pages", "get", {"page_id": page["id"]}))["id"] == page["id"]
        assert (await awaited.users.list()).data
        assert (await awaited.execute("users", "list", None)).data


@pytest.fixture(params=[NotionConnector, SyncNotionConnector])
def executed(request):
    """``await executed(entity, action, params, **options)`` by either connector, to one sandbox."""
    notion = request.param.sandbox(Sandbox.sample(), policy=Policy.full())

    async def execute(*args, **options):
        result = notion.execute(*args, **options)
        return await result if inspect.isawaitable(result) else result

    return execute


async def test_execute_answers_text_where_a_format_is_given(executed):
    data = await executed("users", "list", {"page_size": 2})
    for form in ("compact", "markdown", "raw"):
        text = await executed("users", "list", {"page_size": 2}, format=form)
        assert isinstance(text, str)
        assert [user["id"] in text for user in data] == [True, True]
        assert [user["name"] in text for user in data] == [True, True]
        assert "<notion-data" not in text
    raw = json.loads(await executed("users", "get_me", format="raw"))
    assert raw["id"] == (await executed("users", "get_me"))["id"]


async def test_execute_answers_text_whole(executed):
    text = await executed("pages", "list", {"page_size": 100}, format="compact")
    assert Answers().count(text) > 4_000
    assert '"more"' not in text


async def test_execute_describes(executed):
    text = await executed("pages", "describe")
    assert re.search(r"^pages\.delete \(removes\): ", text, re.MULTILINE)
    assert (await executed("pages", "describe", {"action": "get"})).startswith("pages.get (reads): ")


async def test_execute_looks_titles_up_for_reads_only(executed):
    page = await executed("pages", "get", {"page_id": "Travel expense policy"})
    assert page["object"] == "page"
    with pytest.raises(InvalidParams, match=page["id"]):
        await executed("pages", "delete", {"page_id": "Travel expense policy"})
    with pytest.raises(NotFound, match="exactly the title"):
        await executed("pages", "get", {"page_id": "No such page anywhere"})


async def test_execute_understands_names_written_otherwise(executed):
    me = await executed("users", "get_me")
    drop = {"request_id"}
    for entity, action in (("Users", "me"), ("user", "getMe"), ("users.get_me", "")):
        found = await executed(entity, action)
        assert {k: v for k, v in found.items() if k not in drop} == {k: v for k, v in me.items() if k not in drop}


async def test_execute_knows_no_handles(executed):
    with pytest.raises(InvalidParams, match="page_id: not a Notion id"):
        await executed("pages", "get", {"page_id": "p123456789"})


async def test_the_text_of_a_dry_run(executed):
    page = await executed("pages", "get", {"page_id": "Time off"})
    told = await executed("pages", "delete", {"page_id": page["id"]}, dry_run=True, format="compact")
    assert isinstance(told, str)
    assert page["id"] in told
    assert (await executed("pages", "get", {"page_id": page["id"]}))["in_trash"] is False


async def test_many_calls_side_by_side():
    async with NotionConnector.sandbox() as notion:
        results = await asyncio.gather(*(notion.users.get_me() for _ in range(20)))
    assert len({user["id"] for user in results}) == 1


# --- check


def test_check_healthy(connect):
    seen = []

    def handler(request):
        seen.append((request.method, request.url.path))
        return httpx.Response(200, json={"object": "user", "id": "1"})

    result = connect(handler).do(lambda notion: notion.check())
    assert result == CheckResult(status="healthy")
    assert (result.checked_entity, result.checked_action) == ("users", "get_me")
    assert seen == [("GET", "/v1/users/me")]


def dropped(request):
    raise httpx.RemoteProtocolError("Server disconnected without sending a response.")


def broken(request):
    raise ZeroDivisionError("a bug, not a fault of the network")


def test_check_needs_no_policy(connect):
    def handler(request):
        return httpx.Response(200, json={})

    caller = connect(handler, policy=Policy(frozenset()))
    assert caller.do(lambda notion: notion.check()).status == "healthy"


@pytest.mark.parametrize(
    ("handler", "code", "said"),
    [
        (
            lambda request: httpx.Response(401, json={"code": "unauthorized", "message": "API token is invalid."}),
            "unauthorized",
            "API token is invalid. Calling again will not help",
        ),
        (lambda request: httpx.Response(403, json={"code": "restricted_resource", "message": "No."}), None, "No."),
        (lambda request: httpx.Response(500, json={"message": "Down."}), "internal_server_error", "Down."),
        (dropped, "connection_failed", "The connection broke: RemoteProtocolError"),
        (lambda request: httpx.Response(200, html="<html>"), "invalid_response", "text/html that is not JSON"),
        (lambda request: httpx.Response(200, content=b""), "invalid_response", "an empty body"),
        (broken, "unexpected", "Unexpected ZeroDivisionError."),
    ],
)
def test_check_unhealthy(connect, handler, code, said):
    result = connect(handler).do(lambda notion: notion.check())
    assert result.status == "unhealthy"
    assert result.code == (code or "restricted_resource")
    assert said in result.error


async def test_check_through_the_sandbox(hurried):
    sandbox = Sandbox.sample()
    notion = hurried(NotionConnector.sandbox(sandbox))
    assert (await notion.check()).status == "healthy"
    sandbox.faults.add(drop=True)
    assert (await notion.check()).status == "healthy"
    sandbox.faults.add(drop=True, times=5)
    assert (await notion.check()).code == "connection_failed"
    sandbox.faults.add(status=401)
    assert (await notion.check()).code == "unauthorized"
    assert (await notion.check()).status == "healthy"


async def test_check_lets_a_cancel_through():
    started = asyncio.Event()

    async def hang(request):
        started.set()
        await asyncio.Event().wait()

    async with httpx.AsyncClient(transport=httpx.MockTransport(hang)) as own:
        task = asyncio.ensure_future(NotionConnector(AUTH, http_client=own).check())
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


def test_check_lets_an_interrupt_through():
    def interrupted(request):
        raise KeyboardInterrupt

    with httpx.Client(transport=httpx.MockTransport(interrupted)) as own, pytest.raises(KeyboardInterrupt):
        SyncNotionConnector(AUTH, http_client=own).check()


# --- any transport will do


def test_an_error_of_the_transport_reaches_the_caller(hurried):
    notion = hurried(SyncNotionConnector.sandbox())
    transport = FakeTransport(ConnectionFailed("gone"))
    object.__setattr__(notion.runner, "transport", transport)
    with pytest.raises(ConnectionFailed, match="gone"):
        notion.users.get_me()
    notion.close()
    assert transport.closed


@KINDS
def test_a_connector_that_was_not_built_can_be_shown(kind):
    assert repr(kind.__new__(kind)) == f"<{kind.__name__}, not built>"
