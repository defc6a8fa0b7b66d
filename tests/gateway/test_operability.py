"""Ids and logs, limits, health, errors of every kind in one shape, the greeting and a graceful end."""

import io
import json
import logging
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import anyio
import httpx
import pytest
from gateways import BASE, CONNECTORS, TOKEN_PATH, bearer, blocking, running

from airbyte_agent_notion.models import NotionOauth20AuthConfig
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion_gateway import create_app, logs, server
from airbyte_agent_notion_gateway.middleware import BodyLimit, TimeLimit
from airbyte_agent_notion_gateway.settings import GatewaySettings
from airbyte_agent_notion_gateway.store import Store, StoreUnavailable
from airbyte_agent_notion_gateway.vault import MissingKey


@pytest.fixture
async def gateway(settings, store, moment):
    async with running(settings, store, Sandbox.sample(), clock=moment) as found:
        yield found


@pytest.fixture
async def token(gateway):
    return await gateway.token(gateway.organization())


@pytest.fixture
def lines():
    """Every line of the log, as written."""
    stream = io.StringIO()
    logger = logging.getLogger("airbyte_agent_notion_gateway")
    before = (logger.handlers, logger.propagate, logger.level)
    uvicorns = logging.getLogger("uvicorn")
    uvicorns_before = (uvicorns.handlers, uvicorns.propagate, uvicorns.level)
    logs.configure(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logger.handlers, logger.propagate = before[:2]
    logger.setLevel(before[2])
    uvicorns.handlers, uvicorns.propagate = uvicorns_before[:2]
    uvicorns.setLevel(uvicorns_before[2])


def shaped(answer, status):
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert set(body) == {"message", "errors"}
    assert body["errors"]
    assert all(set(each) == {"field", "message", "error_code", "details"} for each in body["errors"])
    assert answer.headers["x-request-id"]
    return body


async def test_one_line_a_request_with_what_an_operator_needs(gateway, lines):
    tenant = gateway.organization()
    token = await gateway.token(tenant)
    connector = await gateway.connector(token)
    await gateway.execute(token, connector, "users", "get_me")
    line = lines()[-1]
    assert (line["level"], line["message"], line["method"], line["status"]) == ("info", "request", "POST", 200)
    assert line["route"] == "/api/v1/integrations/connectors/{connector_id}/execute"
    assert (line["organization_id"], line["client_id"], line["connector_id"]) == (
        tenant.id,
        tenant.client_id,
        connector,
    )
    assert line["operation"] == "users.get_me"
    assert line["ms"] >= 0
    assert line["time"].endswith("+00:00")
    assert len([each for each in lines() if each["message"] == "request"]) == 3


async def test_line_holds_nothing_that_a_caller_may_put_a_secret_into(gateway, token, lines):
    connector = await gateway.connector(token)
    await gateway.execute(token, connector, "canary-entity", "canary-action", {"canary-name": "canary-value"})
    await gateway.execute(token, connector, "pages", "canary-action")
    await gateway.http.get(f"{CONNECTORS}/canary-path?canary=canary", headers={"Authorization": "Bearer canary"})
    await gateway.http.get("/canary", headers={"X-Canary": "canary", "X-Request-Id": "canary canary"})
    await gateway.http.post(TOKEN_PATH, json={"client_id": "canary-client", "client_secret": "canary"})
    assert "canary" not in json.dumps(lines())
    assert len(lines()) == 6


@pytest.mark.parametrize("given", ["abc-123", "A.b_C" * 20])
async def test_valid_request_id_is_kept(gateway, lines, given):
    answer = await gateway.http.get("/health", headers={"X-Request-Id": given})
    assert answer.headers.get_list("x-request-id") == [given]
    assert lines()[-1]["request_id"] == given


@pytest.mark.parametrize("given", [None, "", "a b", "x" * 129, "a\tb", "é".encode()])
async def test_other_request_ids_are_replaced(gateway, given):
    answer = await gateway.http.get("/health", headers={} if given is None else {"X-Request-Id": given})
    assert len(answer.headers["x-request-id"]) == 32


async def test_every_refusal_has_the_shape_and_the_id(gateway, token):
    shaped(await gateway.http.get("/nowhere"), 404)
    shaped(await gateway.http.get("/api/v1/workspaces/a/b", headers=bearer(token)), 404)
    wrong_method = await gateway.http.patch(CONNECTORS)
    shaped(wrong_method, 405)
    assert wrong_method.headers["allow"]
    shaped(await gateway.http.get(CONNECTORS), 401)
    shaped(await gateway.http.post(CONNECTORS, content=b"{", headers=bearer(token)), 422)
    shaped(await gateway.http.post(CONNECTORS, content=b"x" * 1_000_001, headers=bearer(token)), 413)
    for path in ("/docs", "/redoc", "/health/", "/api/v1/integrations/connectors/"):
        assert (await gateway.http.get(path)).status_code in {401, 404}


async def test_body_is_limited_by_what_arrives_too(gateway, token):
    async def pieces():
        for number in range(30):
            arrived.append(number)
            yield b"x" * 100_000

    arrived = []
    answer = await gateway.http.post(CONNECTORS, content=pieces(), headers=bearer(token))
    assert len(arrived) < 15
    shaped(answer, 413)
    at_most = b" " * 999_998 + b"{}"
    assert (await gateway.http.post(CONNECTORS, content=at_most, headers=bearer(token))).status_code == 422


async def test_unexpected_error_is_told_to_the_log_only_by_type_and_place(gateway, token, lines, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError("canary-detail")

    monkeypatch.setattr(gateway.store.connectors, "list", broken)
    answer = await gateway.http.get(CONNECTORS, headers={**bearer(token), "X-Request-Id": "me"})
    assert shaped(answer, 500)["errors"][0]["error_code"] == "internal_error"
    assert "canary" not in answer.text + json.dumps(lines())
    error = next(each for each in lines() if each["message"] == "unexpected error")
    assert (error["level"], error["error"], error["request_id"]) == ("error", "RuntimeError", "me")
    assert any("broken" in frame for frame in error["trace"])
    assert lines()[-1]["status"] == 500


async def test_database_that_does_not_answer_is_503(gateway, token, monkeypatch):
    def down(*_args, **_kwargs):
        raise StoreUnavailable("The database failed (OperationalError).")

    connector = await gateway.connector(token)
    monkeypatch.setattr(gateway.store.connectors, "credentials", down)
    answer = await gateway.execute(token, connector, "users", "get_me")
    assert shaped(answer, 503)["errors"][0]["error_code"] == "store_unavailable"
    assert answer.headers["retry-after"]


async def test_missing_vault_key_is_the_operators_and_named_in_the_log(gateway, token, lines, monkeypatch):
    connector = await gateway.connector(token)

    def lost(*_args):
        raise MissingKey("The vault key 'key-7' is missing.", hint="Give it back.")

    monkeypatch.setattr(gateway.store.connectors, "credentials", lost)
    monkeypatch.setattr(gateway.store, "ready", lost)
    answer = await gateway.execute(token, connector, "users", "get_me")
    assert shaped(answer, 503)["errors"][0]["error_code"] == "not_ready"
    assert "key-7" not in answer.text
    assert any("key-7" in each["message"] for each in lines())
    shaped(await gateway.http.get("/ready"), 503)
    assert (await gateway.http.get("/health")).status_code == 200


async def test_health_and_readiness(gateway, monkeypatch):
    assert (await gateway.http.get("/health")).json() == {"status": "ok"}
    assert (await gateway.http.get("/ready")).json() == {"status": "ready"}

    def down():
        raise StoreUnavailable("canary")

    monkeypatch.setattr(gateway.store, "ready", down)
    body = shaped(await gateway.http.get("/ready"), 503)
    assert "canary" not in json.dumps(body)
    assert (await gateway.http.get("/health")).status_code == 200


async def test_executes_beyond_the_limits_are_refused_with_retry_after(settings, store, moment):
    limits = {"max_concurrency": 3, "max_concurrency_per_organization": 2}
    async with running(settings, store, Sandbox.sample(), clock=moment, **limits) as gateway:
        tokens = [await gateway.token(gateway.organization(name)) for name in ("A", "B", "C")]
        connectors = [await gateway.connector(token) for token in tokens]
        held = anyio.Event()
        started = []

        async def wait(*_args):
            started.append(1)
            await held.wait()
            return {"object": "user"}

        for row, token in zip(connectors, tokens, strict=True):
            tenant = next(each.id for each in store.organizations.list() if store.connectors.get(each.id, row))
            found = await gateway.app.state.services.connections.get(store.connectors.get(tenant, row))
            object.__setattr__(found.notion, "execute", wait)
            assert token
        answers = []

        async def execute(index):
            answers.append((await gateway.execute(tokens[index], connectors[index], "users", "get_me")).status_code)

        async with anyio.create_task_group() as group:
            for index in (0, 0, 1):
                group.start_soon(execute, index)
            with anyio.fail_after(20):
                while len(started) < 3:
                    await anyio.sleep(0.001)
            mine = await gateway.execute(tokens[0], connectors[0], "users", "get_me")
            others = await gateway.execute(tokens[2], connectors[2], "users", "get_me")
            check = await gateway.http.post(f"{CONNECTORS}/{connectors[2]}/check", headers=bearer(tokens[2]))
            held.set()
        assert shaped(mine, 429)["errors"][0]["error_code"] == "too_many_calls"
        assert shaped(others, 503)["errors"][0]["error_code"] == "busy"
        assert check.status_code == 503
        assert mine.headers["retry-after"] == others.headers["retry-after"] == "1"
        assert answers == [200, 200, 200]
        assert (await gateway.execute(tokens[0], connectors[0], "users", "get_me")).status_code == 200


async def test_request_that_takes_too_long_is_504(settings, store, moment, lines, monkeypatch):
    async def never(*_args):
        await anyio.sleep_forever()

    async with running(settings, store, Sandbox.sample(), clock=moment, request_seconds=0.5) as gateway:
        token = await gateway.token(gateway.organization())
        connector = await gateway.connector(token)
        monkeypatch.setattr("airbyte_agent_notion.NotionConnector.execute", never)
        answer = await gateway.execute(token, connector, "users", "get_me")
        assert shaped(answer, 504)["errors"][0]["error_code"] == "timeout"
        assert lines()[-1]["status"] == 504
        monkeypatch.undo()
        assert (await gateway.execute(token, connector, "users", "get_me")).status_code == 200


async def test_answer_that_has_begun_is_not_answered_twice():
    async def stuck(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await anyio.sleep_forever()

    sent = []

    async def send(message):
        sent.append(message)

    await TimeLimit(stuck, 0.01)({"type": "http", "headers": []}, None, send)
    assert [each["type"] for each in sent] == ["http.response.start"]


async def test_caller_that_goes_away_while_sending_reaches_nothing():
    reached = []

    async def app(scope, receive, send):
        reached.append(1)

    messages = [{"type": "http.request", "body": b"x", "more_body": True}, {"type": "http.disconnect"}]

    async def receive():
        return messages.pop(0)

    await BodyLimit(app, 10)({"type": "http", "headers": []}, receive, None)
    assert reached == []


def test_blocking_clients_reach_a_gateway_in_another_thread(settings, store):
    with blocking(settings, store, Sandbox.sample()) as (gateway, client):
        tenant = gateway.organization()
        body = {"client_id": tenant.client_id, "client_secret": tenant.client_secret}
        token = client.post(TOKEN_PATH, json=body).json()["access_token"]
        assert client.get(CONNECTORS, headers=bearer(token)).json() == {"data": []}


def test_app_opens_and_closes_a_store_of_its_own(settings):
    async def main():
        app = create_app(settings)
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url=BASE) as http:
                return (await http.get("/ready")).status_code

    assert anyio.run(main) == 200


class _Uvicorn:
    """Stands in for uvicorn's server: calls the application once, as it would."""

    started = True
    raises = None

    def __init__(self, config):
        _Uvicorn.config = config

    def run(self, sockets):
        _Uvicorn.sockets = sockets
        if self.raises is not None:
            raise self.raises


@pytest.fixture
def uvicorns(monkeypatch):
    class Listener:
        def getsockname(self):
            return ("127.0.0.1", 8300)

        def __enter__(self):
            return self

        def __exit__(self, *_error):
            return None

    monkeypatch.setattr(server.uvicorn, "Server", type("Stand", (_Uvicorn,), {}))
    monkeypatch.setattr(server.socket, "create_server", lambda *_args, **_options: Listener())
    monkeypatch.setattr(server, "configure", lambda: None)
    return server.uvicorn


def test_run_prints_how_to_begin_and_never_a_secret(settings, uvicorns, capsys):
    assert server.run(settings) == 0
    out = capsys.readouterr().out
    for text in (
        "http://127.0.0.1:8300",
        str(settings.key_file),
        "airbyte-agent-notion gateway organizations create NAME",
        "/api/v1/account/applications/token",
        "/api/v1/integrations/connectors",
        '{"customer_name": "CUSTOMER"',
    ):
        assert text in out
    config = _Uvicorn.config
    assert (config.access_log, config.log_config, config.server_header) == (False, None, False)
    with Store.open(settings) as store:
        assert store.signing_secret().get_secret_value() not in out


def test_greeting_hides_the_databases_password(tmp_path):
    told = GatewaySettings.resolve(
        data_dir=tmp_path, database_url="postgresql://me:canary@db.example/gateway", environ={}
    )
    out = io.StringIO()
    server._greet(told, port=1, out=out)
    assert "canary" not in out.getvalue()
    assert "db.example" in out.getvalue()


@pytest.mark.parametrize(
    ("raised", "status"), [(None, 0), (KeyboardInterrupt(), 0), (SystemExit(3), 1), (SystemExit(0), 0)]
)
def test_exit_status(settings, uvicorns, capsys, raised, status):
    uvicorns.Server.raises = raised
    assert server.run(settings) == status


def test_server_that_did_not_start_is_a_failure(settings, uvicorns, capsys):
    uvicorns.Server.started = False
    assert server.run(settings) == 1


def test_what_keeps_it_from_starting_is_said(settings, uvicorns, capsys, monkeypatch):
    settings.data_dir.mkdir(mode=0o700, exist_ok=True)
    settings.key_file.write_text("{}")
    settings.key_file.chmod(0o644)
    assert server.run(settings) == 1
    assert "chmod 600" in capsys.readouterr().err
    settings.key_file.unlink()

    def taken(*_args, **_options):
        raise OSError(98, "Address already in use")

    monkeypatch.setattr(server.socket, "create_server", taken)
    assert server.run(settings) == 1
    said = capsys.readouterr().err
    assert "port 8300: Address already in use" in said
    assert "--port" in said


SERVE = """
import sys
from airbyte_agent_notion_gateway import GatewaySettings
from airbyte_agent_notion_gateway.server import run

folder, database, notion = sys.argv[1:]
settings = GatewaySettings.resolve(data_dir=folder, database_url=database, notion_base_url=notion, port=0)
sys.exit(run(settings))
"""


@pytest.mark.sockets
@pytest.mark.enable_socket
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_ends_what_is_under_way_and_exits_well(settings, store, data_dir, number):
    tenant = store.organizations.create("Acme")
    sandbox = Sandbox.sample()
    pair = sandbox.oauth.grant()
    sandbox.oauth.expire(pair.access_token)
    credentials = NotionOauth20AuthConfig(
        client_id=sandbox.oauth.client_id,
        client_secret=sandbox.oauth.client_secret,
        access_token=pair.access_token,
        refresh_token=pair.refresh_token,
    )
    connector = store.connectors.create(tenant.organization.id, "acme", credentials=credentials).id
    with sandbox.serve() as notion, _served(data_dir, settings.database_url, notion.url) as (process, url):
        with httpx.Client(base_url=url, timeout=60) as http:
            body = {"client_id": tenant.client_id, "client_secret": tenant.client_secret.get_secret_value()}
            token = http.post(TOKEN_PATH, json=body).json()["access_token"]
            # The refresh takes a while, and the process is told to stop meanwhile.
            sandbox.faults.add(path="/v1/oauth/token", delay=1)
            with ThreadPoolExecutor(1) as pool:
                execute = {"entity": "users", "action": "get_me"}
                path = f"{CONNECTORS}/{connector}/execute"
                answer = pool.submit(http.post, path, json=execute, headers=bearer(token))
                while not any(each.path == "/v1/oauth/token" for each in sandbox.requests):
                    time.sleep(0.005)
                process.send_signal(number)
                assert answer.result().status_code == 200
        assert process.wait(30) == 0
        logged = process.stderr.read()
    assert store.connectors.credentials(connector)[1] == 2
    lines = [json.loads(line) for line in logged.splitlines()]
    assert any(line["message"] == "request" and line["operation"] == "users.get_me" for line in lines)
    assert "HTTP/1.1" not in logged


@contextmanager
def _served(data_dir, database_url, notion_url):
    """A gateway process, and its address as it prints it."""
    command = [sys.executable, "-c", SERVE, str(data_dir), database_url, notion_url]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        with process:
            yield process, re.search(r"listens on (\S+)", process.stdout.readline())[1]
    finally:
        process.kill()
