"""Grants: renewed once for all calls, the new pair handed over first; and the OAuth flow for developers."""

import asyncio
import json
import threading
import time
import traceback
from base64 import b64encode
from urllib.parse import parse_qs, urlsplit

import anyio
import httpx
import pytest

import airbyte_agent_notion
from airbyte_agent_notion import (
    NotionConnector,
    NotionOauth20AuthConfig,
    NotionOAuthCredentials,
    Policy,
    SyncNotionConnector,
    Toolset,
)
from airbyte_agent_notion.errors import (
    ConfigurationError,
    ConnectionFailed,
    ConnectorClosed,
    InvalidParams,
    InvalidRequest,
    InvalidResponse,
    NotionAgentError,
    OutcomeUnknown,
    RateLimited,
    Recovery,
    Unauthorized,
    UnknownEntity,
)
from airbyte_agent_notion.flow import Response
from airbyte_agent_notion.oauth import NotionOAuth, SyncNotionOAuth
from airbyte_agent_notion.operation import Effect, Operation, Spec
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.testing import FakeClock, FakeTransport, json_response

CANARY = "C4n4ryC4n4ry"
AUTH = NotionOauth20AuthConfig(
    client_id="app", client_secret=f"{CANARY}-app", access_token=f"{CANARY}-1", refresh_token=f"{CANARY}-r1"
)
BASIC = "Basic " + b64encode(f"app:{CANARY}-app".encode()).decode()
USER = {"object": "user", "id": "1"}
EXPIRED = json_response({"code": "unauthorized", "message": "API token is invalid."}, status=401)


class Grants:
    """A transport with one grant, whose pair changes at every refresh; it counts what it sees."""

    def __init__(self, *, refusal=None, valid=0, pause=0.0):
        self.number = valid
        self.refusal = refusal
        self.pause = pause
        self.calls = []
        self.refreshes = []
        self.events = []
        self.gate = None
        self._lock = threading.Lock()

    def send(self, request):
        with self._lock:
            return self._answer(request)

    async def asend(self, request):
        await anyio.lowlevel.checkpoint()
        if request.path == "/v1/oauth/token" and self.gate is not None:
            self.events.append("refresh begins")
            await self.gate.wait()
        return self._answer(request)

    def _answer(self, request):
        if request.path == "/v1/oauth/token":
            self.refreshes.append(request)
            if self.refusal is not None:
                if isinstance(self.refusal, Exception):
                    raise self.refusal
                return self.refusal
            assert request.json == {"grant_type": "refresh_token", "refresh_token": f"{CANARY}-r{self.number + 1}"}
            time.sleep(self.pause)
            self.number += 1
            return json_response(
                {"access_token": f"{CANARY}-{self.number + 1}", "refresh_token": f"{CANARY}-r{self.number + 1}"}
            )
        self.calls.append(request.headers["authorization"])
        return json_response(USER) if request.headers["authorization"] == self.bearer else EXPIRED

    @property
    def bearer(self):
        return f"Bearer {CANARY}-{self.number + 1}" if self.number else "nobody's"

    def close(self): ...

    async def aclose(self): ...


def connector(kind, transport, *, clock=None, **options):
    notion = kind(AUTH, requests_per_minute=100_000, **options)
    object.__setattr__(notion.runner, "transport", transport)
    object.__setattr__(notion.runner, "clock", clock or FakeClock())
    return notion


def token(notion):
    return notion.runner.engine.executor.grant.token.get_secret_value()


@pytest.fixture(params=[SyncNotionConnector, NotionConnector])
def either(request):
    """``either(transport, **options)``: a connector of either kind, and how to call it."""

    def build(transport, **options):
        notion = connector(request.param, transport, **options)

        def me():
            result = notion.users.get_me()
            return result if request.param is SyncNotionConnector else asyncio.run(_awaited(result))

        return notion, me

    return build


async def _awaited(coroutine):
    return await coroutine


def clean(error, *, frames=True):
    """An error of which neither people nor tools see a secret; ``frames`` without the caller's own arguments."""
    for each in (error, error.__cause__, error.__context__):
        if each is None:
            continue
        shown = traceback.TracebackException.from_exception(each, capture_locals=True)
        seen = [frame for frame in shown.stack if frames and "airbyte_agent_notion" in frame.filename]
        text = str(each) + repr(each) + repr(vars(each)) + str([(frame.line, frame.locals) for frame in seen])
        assert CANARY not in text
        assert BASIC.removeprefix("Basic ") not in text
    return error


# --- renewal


def test_an_expired_token_is_renewed(either):
    grants = Grants()
    notion, me = either(grants)
    assert me() == USER
    assert me() == USER
    assert grants.calls == [f"Bearer {CANARY}-1", f"Bearer {CANARY}-2", f"Bearer {CANARY}-2"]
    [refresh] = grants.refreshes
    assert (refresh.method, refresh.path, refresh.query) == ("POST", "/v1/oauth/token", ())
    assert refresh.headers == {"authorization": BASIC, "notion-version": "2026-03-11"}
    assert token(notion) == f"{CANARY}-2"
    assert CANARY not in repr(refresh) + repr(vars(notion)) + repr(vars(notion.runner.engine.executor.grant))


def test_the_new_pair_is_handed_over_before_it_is_used(either):
    grants, seen = Grants(), []

    def store(pair):
        seen.append((dict(pair), len(grants.calls), token(notion)))

    notion, me = either(grants, on_token_refresh=store)
    me()
    pair = {"access_token": f"{CANARY}-2", "refresh_token": f"{CANARY}-r2"}
    assert seen == [(pair, 1, f"{CANARY}-1")]


async def test_an_async_callback_is_awaited_first():
    grants, seen = Grants(), []

    async def store(pair):
        await anyio.lowlevel.checkpoint()
        seen.append((pair["refresh_token"], len(grants.calls)))

    assert await connector(NotionConnector, grants, on_token_refresh=store).users.get_me() == USER
    assert seen == [(f"{CANARY}-r2", 1)]


def test_an_awaitable_of_a_plain_callback_is_refused_by_the_blocking_connector():
    grants = Grants()

    async def store(pair): ...

    notion = connector(SyncNotionConnector, grants, on_token_refresh=lambda pair: store(pair))
    with pytest.raises(ConfigurationError, match="cannot call an async callback"):
        notion.users.get_me()
    assert token(notion) == f"{CANARY}-2"


def test_a_callback_that_fails_keeps_the_new_pair(either):
    grants = Grants()

    def store(pair):
        raise OSError("disk full")

    notion, me = either(grants, on_token_refresh=store)
    with pytest.raises(OSError, match="disk full"):
        me()
    assert token(notion) == f"{CANARY}-2"
    assert me() == USER
    assert len(grants.refreshes) == 1


def test_an_answer_without_a_new_refresh_token_keeps_the_old_one(either):
    answers = [
        EXPIRED,
        json_response({"access_token": "a2", "refresh_token": None}),
        json_response(USER),
        EXPIRED,
        json_response({"access_token": "a3"}),
        json_response(USER),
    ]
    transport = FakeTransport(*answers)
    notion, me = either(transport)
    assert (me(), me()) == (USER, USER)
    assert transport.requests[4].json["refresh_token"] == f"{CANARY}-r1"
    assert token(notion) == "a3"


def test_without_a_refresh_token_nothing_is_renewed(either):
    transport = FakeTransport(EXPIRED)
    notion, me = either(transport)
    notion.runner.engine.executor.grant._refresh_token = None
    with pytest.raises(Unauthorized, match="API token is invalid"):
        me()
    assert len(transport.requests) == 1


def test_a_401_after_a_refresh_is_final(either):
    transport = FakeTransport(
        EXPIRED, json_response({"access_token": f"{CANARY}-2", "refresh_token": f"{CANARY}-r2"}), EXPIRED
    )
    _, me = either(transport)
    with pytest.raises(Unauthorized, match="API token is invalid") as caught:
        me()
    clean(caught.value)
    assert len(transport.requests) == 3


GRANT_GONE = json_response({"error": "invalid_grant", "error_description": f"{CANARY}-r1 was used."}, status=400)
APP_GONE = json_response({"error": "invalid_client", "error_description": f"Who is {BASIC}?"}, status=401)


@pytest.mark.parametrize(("refusal", "code"), [(GRANT_GONE, "invalid_grant"), (APP_GONE, "invalid_client")])
def test_a_refused_refresh_names_the_way_out(either, refusal, code):
    grants = Grants(refusal=refusal)
    _, me = either(grants)
    with pytest.raises(Unauthorized, match="must authorize the connection again") as caught:
        me()
    assert (clean(caught.value).code, caught.value.recovery) == (code, Recovery.ASK_OPERATOR)
    assert (len(grants.calls), len(grants.refreshes)) == (1, 1)


LOST = [
    ConnectionFailed("broken"),
    json_response({"message": "x"}, status=500),
    json_response({"message": "x"}, status=503),
    Response(status=502, headers={"content-type": f"text/{CANARY}-r1"}, content=b"<html>"),
    Response(status=200, headers={"content-type": f"text/{CANARY}-r1"}, content=b"<html>"),
]


class Create(Operation[dict]):
    """Write something."""

    spec = Spec("things", "create", "POST /v1/things", effect=Effect.WRITE)


@pytest.mark.parametrize("refusal", LOST, ids=str)
def test_a_lost_refresh_is_not_repeated_and_no_write_is_in_doubt(run, refusal):
    grants = Grants(refusal=refusal)
    executor = connector(SyncNotionConnector, grants).runner.engine.executor
    with pytest.raises(Unauthorized, match="could not be renewed") as caught:
        run(executor.call(Create()), grants)
    assert clean(caught.value).recovery is Recovery.RETRY_LATER
    assert (len(grants.calls), len(grants.refreshes)) == (1, 1)


def test_a_refresh_that_notion_does_not_start_is_a_rate_limit(either):
    grants = Grants(refusal=json_response({"code": "rate_limited"}, status=429, headers={"retry-after": "9"}))
    _, me = either(grants)
    with pytest.raises(RateLimited, match="Wait 9 s"):
        me()


def test_an_answer_without_a_token_is_refused(either):
    _, me = either(Grants(refusal=json_response({"token": CANARY})))
    with pytest.raises(InvalidResponse, match="no access_token") as caught:
        me()
    clean(caught.value)


# --- once for all


async def test_fifty_awaited_calls_renew_once():
    grants, stored = Grants(), []
    notion = connector(NotionConnector, grants, on_token_refresh=stored.append)
    assert await asyncio.gather(*(notion.users.get_me() for _ in range(50))) == [USER] * 50
    assert (len(grants.refreshes), len(stored)) == (1, 1)
    assert grants.calls.count(f"Bearer {CANARY}-1") == 50


def test_fifty_threads_renew_once():
    grants, stored, results = Grants(pause=0.02), [], []
    notion = connector(SyncNotionConnector, grants, clock=Brisk(), on_token_refresh=stored.append)
    start = threading.Barrier(50)

    def work():
        start.wait()
        results.append(notion.users.get_me())

    threads = [threading.Thread(target=work) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [USER] * 50
    assert (len(grants.refreshes), len(stored)) == (1, 1)


class Brisk:
    """A real clock whose waits are a tenth."""

    def now(self):
        return time.monotonic()

    def sleep(self, seconds):
        time.sleep(min(seconds, 0.05) / 10)


@pytest.mark.parametrize("refusal", [GRANT_GONE, LOST[0], LOST[1]], ids=str)
async def test_fifty_calls_share_a_failure(refusal):
    grants = Grants(refusal=refusal)
    notion = connector(NotionConnector, grants)
    errors = await asyncio.gather(*(notion.users.get_me() for _ in range(50)), return_exceptions=True)
    assert {type(error) for error in errors} == {Unauthorized}
    assert len({id(error) for error in errors}) == 50
    assert len({str(error) for error in errors}) == 1
    assert len(grants.refreshes) <= 2  # a call may be refused after the first refresh has failed


async def test_the_first_caller_may_be_cancelled_while_it_renews():
    grants, stored = Grants(), []
    grants.gate = anyio.Event()
    notion = connector(NotionConnector, grants, on_token_refresh=stored.append)
    first = asyncio.ensure_future(notion.users.get_me())
    while not grants.events:
        await anyio.lowlevel.checkpoint()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    second = asyncio.ensure_future(notion.users.get_me())
    for _ in range(20):
        await anyio.lowlevel.checkpoint()
    grants.gate.set()
    assert await second == USER
    assert (token(notion), len(grants.refreshes), len(stored)) == (f"{CANARY}-2", 1, 1)


async def test_a_renewal_that_nobody_waits_for_any_more_is_stored():
    grants, stored = Grants(), []
    grants.gate = anyio.Event()
    notion = connector(NotionConnector, grants, on_token_refresh=stored.append)
    with anyio.move_on_after(5) as scope:
        async with anyio.create_task_group() as group:
            group.start_soon(notion.users.get_me)
            while not grants.events:
                await anyio.lowlevel.checkpoint()
            scope.cancel()
    grants.gate.set()
    with anyio.fail_after(5):
        while not stored:
            await anyio.lowlevel.checkpoint()
    await anyio.lowlevel.checkpoint()
    assert token(notion) == f"{CANARY}-2"


def test_a_renewal_is_finished_under_trio():
    trio = pytest.importorskip("trio")
    grants, stored = Grants(), []

    async def main():
        notion = connector(NotionConnector, grants, on_token_refresh=stored.append)
        grants.gate = anyio.Event()
        with trio.CancelScope() as scope:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(notion.users.get_me)
                while not grants.events:
                    await trio.lowlevel.checkpoint()
                scope.cancel()
                grants.gate.set()
        return token(notion), await notion.users.get_me()

    assert trio.run(main) == (f"{CANARY}-2", USER)
    assert (len(grants.refreshes), len(stored)) == (1, 1)


async def test_the_sandbox_renews_as_notion_does():
    sandbox = Sandbox.sample()
    pair = sandbox.oauth.grant()
    auth = NotionOauth20AuthConfig(
        client_id=sandbox.oauth.client_id,
        client_secret=sandbox.oauth.client_secret,
        access_token=pair.access_token,
        refresh_token=pair.refresh_token,
    )
    notion = NotionConnector(auth)
    object.__setattr__(notion.runner, "transport", sandbox.transport())
    object.__setattr__(notion.runner, "clock", FakeClock())
    assert (await notion.users.get_me())["object"] == "user"
    for _ in range(2):
        sandbox.oauth.expire(token(notion))
        assert len(await asyncio.gather(*(notion.users.get_me() for _ in range(10)))) == 10
    assert sum(received.path == "/v1/oauth/token" for received in sandbox.requests) == 2


# --- the flow for developers

APP = NotionOAuthCredentials(client_id="app", client_secret=f"{CANARY}-app")
PAIR = {"access_token": f"{CANARY}-1", "token_type": "bearer", "bot_id": "b", "workspace_id": "w"}


@pytest.fixture(params=[SyncNotionOAuth, NotionOAuth])
def app(request):
    """``app(*replies)``: a function that calls a method, and the transport."""

    def build(*replies):
        oauth, transport = request.param(APP), FakeTransport(*replies)
        object.__setattr__(oauth._runner if hasattr(oauth, "_runner") else oauth.runner, "transport", transport)

        def do(name, **params):
            result = getattr(oauth, name)(**params)
            return result if request.param is SyncNotionOAuth else asyncio.run(_awaited(result))

        return do, transport

    return build


def test_the_authorization_url():
    for kind in (SyncNotionOAuth, NotionOAuth):
        url = kind(APP).authorization_url(redirect_uri="https://me.example/back?a=b&c", state="ü +")
        parts = urlsplit(url)
        assert url.startswith("https://api.notion.com/v1/oauth/authorize?")
        assert parse_qs(parts.query, strict_parsing=True) == {
            "client_id": ["app"],
            "redirect_uri": ["https://me.example/back?a=b&c"],
            "response_type": ["code"],
            "owner": ["user"],
            "state": ["ü +"],
        }
        assert CANARY not in url


WIRE = [
    ("create_token", {"code": "c"}, "token", {"grant_type": "authorization_code", "code": "c"}, PAIR),
    (
        "create_token",
        {"code": "c", "redirect_uri": "https://x"},
        "token",
        {"grant_type": "authorization_code", "code": "c", "redirect_uri": "https://x"},
        PAIR,
    ),
    ("refresh_token", {"refresh_token": "r"}, "token", {"grant_type": "refresh_token", "refresh_token": "r"}, PAIR),
    ("introspect", {"token": "t"}, "introspect", {"token": "t"}, {"active": True, "scope": "read_content", "iat": 1}),
    ("revoke", {"token": "t"}, "revoke", {"token": "t"}, {}),
]
each_method = pytest.mark.parametrize(("name", "params", "path", "body", "answer"), WIRE, ids=[row[0] for row in WIRE])


@each_method
def test_what_is_sent(app, name, params, path, body, answer):
    do, transport = app(json_response(answer))
    assert do(name, **params) == answer
    [request] = transport.requests
    assert (request.method, request.path, request.query) == ("POST", f"/v1/oauth/{path}", ())
    assert request.json == body
    assert json.loads(json.dumps(request.json)) == body
    assert request.headers == {"authorization": BASIC, "notion-version": "2026-03-11"}


@each_method
@pytest.mark.parametrize("status", [400, 401, 429, 529])
def test_a_refusal_is_not_repeated_and_holds_no_secret(app, name, params, path, body, answer, status):
    secret = {key: f"{CANARY}-{value}" for key, value in params.items()}
    echoed = {"error": "invalid_grant", "error_description": " ".join([BASIC, f"{CANARY}-app", *secret.values()])}
    do, transport = app(json_response(echoed, status=status, headers={"x-notion-request-id": f"{CANARY}-app"}))
    with pytest.raises(NotionAgentError) as caught:
        do(name, **secret)
    assert len(transport.requests) == 1
    assert clean(caught.value, frames=False).code == "invalid_grant"
    assert isinstance(caught.value, {400: InvalidRequest, 401: Unauthorized}.get(status, RateLimited))


@each_method
@pytest.mark.parametrize("fault", LOST, ids=str)
def test_what_is_lost_is_not_repeated(app, name, params, path, body, answer, fault):
    do, transport = app(fault)
    with pytest.raises(NotionAgentError) as caught:
        do(name, **params)
    assert len(transport.requests) == 1
    assert (type(caught.value) is OutcomeUnknown) is (name != "introspect")


@each_method
def test_wrong_parameters_are_not_echoed(app, name, params, path, body, answer):
    do, transport = app(json_response(answer))
    for wrong in ({next(iter(params)): [CANARY]}, {}, {**params, CANARY: 1}, {next(iter(params)): ""}):
        with pytest.raises((InvalidParams, TypeError)) as caught:
            do(name, **wrong)
        if CANARY not in wrong:
            assert CANARY not in str(caught.value) + repr(vars(caught.value))
    assert transport.requests == []


def test_an_app_shows_no_secret():
    for kind in (SyncNotionOAuth, NotionOAuth):
        oauth = kind(APP)
        assert CANARY not in repr(oauth) + repr(vars(oauth)) + repr(oauth.create_token)


def test_the_whole_way_in_the_sandbox():
    sandbox = Sandbox.sample()
    oauth = SyncNotionOAuth(
        NotionOAuthCredentials(client_id=sandbox.oauth.client_id, client_secret=sandbox.oauth.client_secret)
    )
    object.__setattr__(oauth._runner if hasattr(oauth, "_runner") else oauth.runner, "transport", sandbox.transport())
    pair = oauth.create_token(code=sandbox.oauth.code(redirect_uri="https://x"), redirect_uri="https://x")
    assert oauth.introspect(token=pair["access_token"])["active"] is True
    new = oauth.refresh_token(refresh_token=pair["refresh_token"])
    assert new["access_token"] != pair["access_token"]
    with pytest.raises(InvalidRequest) as caught:
        oauth.refresh_token(refresh_token=pair["refresh_token"])
    assert caught.value.code == "invalid_grant"
    assert pair["refresh_token"] not in str(caught.value)
    oauth.revoke(token=new["access_token"])
    assert oauth.introspect(token=new["access_token"])["active"] is False


async def test_closing():
    blocking, awaited = SyncNotionOAuth(APP), NotionOAuth(APP)
    blocking.close()
    await awaited.close()
    with pytest.raises(ConnectorClosed):
        blocking.introspect(token="t")
    with pytest.raises(ConnectorClosed):
        await awaited.introspect(token="t")


async def test_over_http():
    seen = []

    def handler(request):
        seen.append((str(request.url), request.headers["authorization"], json.loads(request.content)))
        return httpx.Response(200, json=PAIR)

    base_url, mocked = "https://proxy.example/n/", httpx.MockTransport(handler)
    with httpx.Client(transport=mocked) as own:
        assert SyncNotionOAuth(APP, base_url=base_url, http_client=own).create_token(code="c") == PAIR
    async with httpx.AsyncClient(transport=mocked) as own:
        assert await NotionOAuth(APP, base_url=base_url, http_client=own).create_token(code="c") == PAIR
    sent = ("https://proxy.example/n/v1/oauth/token", BASIC, {"grant_type": "authorization_code", "code": "c"})
    assert seen == [sent, sent]


@pytest.mark.parametrize(
    ("given", "read"), [({}, 12.5), ({"timeout": 3.0}, 3.0)], ids=["its own timeout", "a timeout of ours"]
)
def test_a_client_of_the_callers_is_used_as_it_is(given, read):
    seen = []

    def handler(request):
        seen.append(request)
        return httpx.Response(200, json=PAIR)

    with httpx.Client(transport=httpx.MockTransport(handler), timeout=12.5, headers={"x-own": "1"}) as own:
        before = dict(own.headers)
        oauth = SyncNotionOAuth(APP, http_client=own, **given)
        oauth.create_token(code="c")
        oauth.close()
        assert not own.is_closed
        assert (dict(own.headers), own.timeout) == (before, httpx.Timeout(12.5))
    assert seen[0].headers["x-own"] == "1"
    assert seen[0].extensions["timeout"]["read"] == read


async def test_a_client_of_the_other_kind_is_refused():
    with httpx.Client() as own, pytest.raises(ConfigurationError, match=r"httpx\.Client"):
        await NotionOAuth(APP, http_client=own).introspect(token="t")
    async with httpx.AsyncClient() as own:
        with pytest.raises(ConfigurationError, match="AsyncClient"):
            SyncNotionOAuth(APP, http_client=own).introspect(token="t")
    with pytest.raises(ConfigurationError, match="of type str"):
        NotionOAuth(APP, http_client="client")


# --- never a tool


@pytest.mark.parametrize("kind", [NotionConnector, SyncNotionConnector])
def test_no_model_is_offered_it(kind):
    notion = kind.sandbox(policy=Policy.full())
    catalog = notion.runner.engine.catalog
    assert "oauth" not in catalog.entities
    assert "oauth" not in {entity["entity_name"] for entity in notion.list_entities()}
    assert not any("oauth" in operation.spec.path for operation in catalog.operations())
    assert not hasattr(notion, "oauth")
    assert "oauth" not in str(Toolset(notion).tools).lower()
    assert "NotionOAuth" not in airbyte_agent_notion.__all__


def test_it_cannot_be_executed():
    with pytest.raises(UnknownEntity):
        SyncNotionConnector.sandbox(policy=Policy.full()).execute("oauth", "revoke", {"token": "x"})
