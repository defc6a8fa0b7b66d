"""The sandbox over HTTP, spoken to with the standard library's client."""

from __future__ import annotations

import base64
import http.client
import json
import socket
import threading
import time
import urllib.parse
from collections.abc import Iterator
from typing import Any

import pytest

from airbyte_agent_notion.errors import ConfigurationError
from airbyte_agent_notion.sandbox import Sandbox, SandboxServer
from airbyte_agent_notion.sandbox.sample.markup import page_id

pytestmark = [pytest.mark.sockets, pytest.mark.enable_socket]


@pytest.fixture
def server(sandbox: Sandbox) -> Iterator[SandboxServer]:
    with sandbox.serve() as running:
        yield running


@pytest.fixture
def connection(server: SandboxServer) -> Iterator[http.client.HTTPConnection]:
    url = urllib.parse.urlsplit(server.url)
    opened = http.client.HTTPConnection(url.hostname or "", url.port, timeout=10)
    yield opened
    opened.close()


def ask(
    connection: http.client.HTTPConnection, sandbox: Sandbox, method: str, path: str, body: Any = None, **more: str
) -> tuple[http.client.HTTPResponse, Any]:
    headers = {"authorization": f"Bearer {sandbox.token}", "notion-version": "2026-03-11", **more}
    connection.request(method, path, body=body, headers=headers)
    response = connection.getresponse()
    content = response.read()
    return response, json.loads(content) if content else None


def test_requests_share_a_connection(connection: http.client.HTTPConnection, sandbox: Sandbox) -> None:
    response, body = ask(connection, sandbox, "GET", "/v1/users/me")
    assert (response.status, response.version, body["type"]) == (200, 11, "bot")
    assert response.getheader("content-type") == "application/json; charset=utf-8"
    assert response.getheader("x-notion-request-id") == body["request_id"]
    used = connection.sock
    for _ in range(3):
        assert ask(connection, sandbox, "POST", "/v1/search", json.dumps({"query": "東京"}))[1]["results"]
    assert connection.sock is used


def test_queries_are_decoded(connection: http.client.HTTPConnection, sandbox: Sandbox) -> None:
    source = next(each for each in sandbox.workspace.sources.values() if sandbox.workspace.title(each) == "Tasks")
    due = source.find("Due")
    assert due is not None
    query = urllib.parse.urlencode([("filter_properties", due.id), ("filter_properties", "title")])
    _, body = ask(connection, sandbox, "GET", f"/v1/pages/{page_id('task-0')}?{query}")
    assert set(body["properties"]) == {"Task", "Due"}
    _, body = ask(connection, sandbox, "GET", "/v1/users?start_cursor=")
    assert body["code"] == "validation_error"


def test_broken_json(connection: http.client.HTTPConnection, sandbox: Sandbox) -> None:
    for broken in ("{", "nonsense", b"\xff\xfe"):
        response, body = ask(connection, sandbox, "POST", "/v1/search", broken)
        assert (response.status, body["code"]) == (400, "invalid_json")
    assert ask(connection, sandbox, "POST", "/v1/search", "[1]")[1]["code"] == "validation_error"


def test_deeply_nested_json(connection: http.client.HTTPConnection, sandbox: Sandbox) -> None:
    response, body = ask(connection, sandbox, "POST", "/v1/search", "[" * 200_000)
    assert (response.status, body["code"]) == (400, "invalid_json")


def test_a_length_that_is_no_number(server: SandboxServer, sandbox: Sandbox) -> None:
    url = urllib.parse.urlsplit(server.url)
    head = f"POST /v1/search HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {sandbox.token}\r\n"
    head += "Notion-Version: 2026-03-11\r\nContent-Length: many\r\n\r\n"
    with socket.create_connection((url.hostname or "", url.port or 0), timeout=10) as raw:
        raw.sendall(head.encode())
        answer = b"".join(iter(lambda: raw.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"invalid_json" in answer


def test_a_defect_of_the_sandbox_is_not_hidden(
    server: SandboxServer,
    connection: http.client.HTTPConnection,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sandbox, "exchange", lambda *_, **__: 1 / 0)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        ask(connection, sandbox, "GET", "/v1/users/me")
    server.close()
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_no_body_at_all(connection: http.client.HTTPConnection, sandbox: Sandbox) -> None:
    assert ask(connection, sandbox, "POST", "/v1/search")[0].status == 200


def test_chunked_bodies(connection: http.client.HTTPConnection, sandbox: Sandbox) -> None:
    pieces = iter([b'{"query": ', b'"handbook"}'])
    _, body = ask(connection, sandbox, "POST", "/v1/search", pieces)
    assert len(body["results"]) == 1
    assert ask(connection, sandbox, "GET", "/v1/users/me")[0].status == 200


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "PUT", "DELETE"])
def test_unknown_urls(connection: http.client.HTTPConnection, sandbox: Sandbox, method: str) -> None:
    response, body = ask(connection, sandbox, method, "/v1/nothing")
    assert (response.status, body["code"]) == (400, "invalid_request_url")


def test_head_has_no_body(connection: http.client.HTTPConnection, sandbox: Sandbox) -> None:
    assert ask(connection, sandbox, "HEAD", "/v1/users/me")[1] is None
    assert ask(connection, sandbox, "GET", "/v1/users/me")[0].status == 200


def test_faults_reach_the_wire(connection: http.client.HTTPConnection, sandbox: Sandbox) -> None:
    sandbox.faults.add(status=429, retry_after=4)
    response, body = ask(connection, sandbox, "GET", "/v1/users/me")
    assert (response.status, response.getheader("retry-after"), body["code"]) == (429, "4", "rate_limited")
    sandbox.faults.add(delay=0.05)
    start = time.monotonic()
    assert ask(connection, sandbox, "GET", "/v1/users/me")[0].status == 200
    assert time.monotonic() - start >= 0.05
    sandbox.faults.add(drop=True)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        ask(connection, sandbox, "GET", "/v1/users/me")
    connection.close()
    assert ask(connection, sandbox, "GET", "/v1/users/me")[0].status == 200


def test_many_clients_at_once(server: SandboxServer, sandbox: Sandbox) -> None:
    url = urllib.parse.urlsplit(server.url)
    seen: list[int] = []

    def work() -> None:
        opened = http.client.HTTPConnection(url.hostname or "", url.port, timeout=10)
        seen.extend(ask(opened, sandbox, "GET", "/v1/users/me")[0].status for _ in range(10))
        opened.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [200] * 60


def test_closing_ends_idle_connections_and_waiting_answers(sandbox: Sandbox) -> None:
    server = sandbox.serve()
    url = urllib.parse.urlsplit(server.url)
    idle = http.client.HTTPConnection(url.hostname or "", url.port, timeout=10)
    assert ask(idle, sandbox, "GET", "/v1/users/me")[0].status == 200
    sandbox.faults.add(delay=60.0)
    waiting = socket.create_connection((url.hostname or "", url.port or 0), timeout=10)
    waiting.sendall(b"GET /v1/users/me HTTP/1.1\r\nHost: x\r\n\r\n")
    while len(sandbox.requests) < 2:
        time.sleep(0.01)
    before = threading.active_count()
    start = time.monotonic()
    server.close()
    server.close()
    assert time.monotonic() - start < 10
    assert threading.active_count() < before
    waiting.close()
    idle.close()
    with pytest.raises(OSError):  # noqa: PT011 - refused or reset, by platform
        socket.create_connection((url.hostname or "", url.port or 0), timeout=1).close()


@pytest.mark.parametrize("host", ["0.0.0.0", "", "192.168.1.1", "example.org", "::"])
def test_only_loopback(sandbox: Sandbox, host: str) -> None:
    with pytest.raises(ConfigurationError, match="loopback"):
        sandbox.serve(host)


def test_localhost(sandbox: Sandbox) -> None:
    with sandbox.serve("localhost") as server:
        assert server.url.startswith("http://localhost:")


def test_answers_of_a_proxy(connection: http.client.HTTPConnection, sandbox: Sandbox) -> None:
    for content in ("<html>No.</html>", ""):
        sandbox.faults.add(status=502, content=content, headers={"CF-Ray": "8f"})
        connection.request("GET", "/v1/users/me")
        response = connection.getresponse()
        assert (response.status, response.read()) == (502, content.encode())
        assert (response.getheader("content-type"), response.getheader("cf-ray")) == ("text/html", "8f")
        assert response.getheader("x-notion-request-id") is None


def test_oauth_over_http(connection: http.client.HTTPConnection, sandbox: Sandbox) -> None:
    secret = base64.b64encode(f"{sandbox.oauth.client_id}:{sandbox.oauth.client_secret}".encode()).decode()
    body = json.dumps({"grant_type": "authorization_code", "code": sandbox.oauth.code()})
    response, pair = ask(connection, sandbox, "POST", "/v1/oauth/token", body, authorization=f"Basic {secret}")
    assert response.status == 200
    bearer = f"Bearer {pair['access_token']}"
    assert ask(connection, sandbox, "GET", "/v1/users/me", authorization=bearer)[0].status == 200
