"""HTTP: what is sent, what comes back, whose connections they are, and that no exception of httpx gets out."""

import asyncio
import contextlib
import gc
import json
import threading
import time
import weakref
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from airbyte_agent_notion import NotionConnector, SyncNotionConnector, __version__
from airbyte_agent_notion.errors import (
    ConfigurationError,
    ConnectionFailed,
    ConnectorClosed,
    InvalidResponse,
    NotionAgentError,
    RequestTimedOut,
    TransportError,
)
from airbyte_agent_notion.flow import Request
from airbyte_agent_notion.models import NotionAccessTokenAuthConfig
from airbyte_agent_notion.wire.transport import HttpTransport

AUTH = NotionAccessTokenAuthConfig(token="ntn_test")
USER = {"object": "user", "id": "1"}


def ok(request):
    return httpx.Response(200, json=USER)


def get_me(notion):
    return notion.users.get_me()


# --- what is sent


def test_the_headers_and_address_of_a_call(connect):
    seen = []

    def handler(request):
        seen.append(request)
        return httpx.Response(200, json={**USER, "results": []})

    caller = connect(handler, base_url="https://proxy.example/notion/", notion_version="2025-09-03")
    caller.do(get_me)
    caller.do(lambda notion: notion.pages.list(query="ü"))
    first, second = seen
    assert (first.method, str(first.url), first.content) == ("GET", "https://proxy.example/notion/v1/users/me", b"")
    assert first.headers["authorization"] == "Bearer ntn_test"
    assert first.headers["notion-version"] == "2025-09-03"
    assert first.headers["user-agent"] == f"airbyte-agent-notion/{__version__}"
    assert "content-type" not in first.headers
    assert second.headers["content-type"] == "application/json"
    assert json.loads(second.content) == {"query": "ü", "filter": {"property": "object", "value": "page"}}


def test_a_repeated_query_name_and_odd_characters_survive(connect):
    seen = []

    def handler(request):
        seen.append(request.url.params.multi_items())
        return ok(request)

    page = "0" * 32
    connect(handler).do(lambda notion: notion.pages.get(page_id=page, filter_properties=["%7Ct", "a&b=c", "%25", "+ "]))
    assert seen == [[("filter_properties", value) for value in ("|t", "a&b=c", "%", "+ ")]]


# --- what comes back


FAULTS = [
    (httpx.ConnectError("[Errno 111] Connection refused"), ConnectionFailed, "Could not connect: .*refused"),
    (httpx.ConnectTimeout("x"), RequestTimedOut, "Timed out while connecting"),
    (httpx.ReadTimeout("x"), RequestTimedOut, "Timed out while waiting for the answer"),
    (httpx.WriteTimeout("x"), RequestTimedOut, "Timed out while sending"),
    (httpx.PoolTimeout("x"), RequestTimedOut, "Timed out while waiting for a connection"),
    (httpx.ReadError("x"), ConnectionFailed, "The connection broke: ReadError"),
    (httpx.WriteError("x"), ConnectionFailed, "The connection broke: WriteError"),
    (httpx.RemoteProtocolError("x"), ConnectionFailed, "RemoteProtocolError"),
    (httpx.LocalProtocolError("Illegal header value canary"), ConnectionFailed, "LocalProtocolError"),
    (httpx.ProxyError("x"), ConnectionFailed, "ProxyError"),
    (httpx.UnsupportedProtocol("x"), ConnectionFailed, "UnsupportedProtocol"),
    (httpx.TooManyRedirects("x"), ConnectionFailed, "TooManyRedirects"),
    (httpx.DecodingError("x"), InvalidResponse, "DecodingError"),
    (httpx.InvalidURL("x"), InvalidResponse, "InvalidURL"),
]


@pytest.mark.parametrize(("fault", "kind", "said"), FAULTS, ids=[type(row[0]).__name__ for row in FAULTS])
def test_no_exception_of_httpx_gets_out(connect, fault, kind, said):
    def handler(request):
        raise fault

    with pytest.raises(kind, match=said) as caught:
        connect(handler).do(get_me)
    assert type(caught.value) is kind
    # The text of a LocalProtocolError can repeat a header.
    assert caught.value.__cause__ is (None if isinstance(fault, httpx.LocalProtocolError) else fault)
    assert caught.value.__suppress_context__
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("fault", "sent"),
    [
        (httpx.ConnectError("x"), False),
        (httpx.ConnectTimeout("x"), False),
        (httpx.PoolTimeout("x"), False),
        (httpx.ProxyError("x"), False),
        (httpx.ReadTimeout("x"), True),
        (httpx.WriteTimeout("x"), True),
        (httpx.ReadError("x"), True),
        (httpx.WriteError("x"), True),
        (httpx.RemoteProtocolError("x"), True),
    ],
    ids=lambda value: type(value).__name__,
)
def test_whether_a_request_may_have_arrived(connect, fault, sent):
    def handler(request):
        raise fault

    with pytest.raises(TransportError) as caught:
        connect(handler).do(get_me)
    assert caught.value.sent is sent


class Breaking(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that breaks in the middle."""

    def __init__(self, fault):
        self._fault = fault

    def __iter__(self):
        yield b'{"object":'
        raise self._fault

    async def __aiter__(self):
        yield b'{"object":'
        raise self._fault


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (httpx.ReadError("x"), ConnectionFailed),
        (httpx.ReadTimeout("x"), RequestTimedOut),
        (httpx.RemoteProtocolError("x"), ConnectionFailed),
    ],
)
def test_an_answer_that_breaks_off(connect, fault, kind):
    with pytest.raises(kind):
        connect(lambda request: httpx.Response(200, stream=Breaking(fault))).do(get_me)


def test_an_answer_with_a_broken_encoding(connect):
    with pytest.raises(InvalidResponse, match="DecodingError"):
        connect(lambda request: httpx.Response(200, headers={"content-encoding": "gzip"}, content=b"{}")).do(get_me)


class Endless(httpx.SyncByteStream, httpx.AsyncByteStream):
    def __init__(self):
        self.read = 0
        self.closed = False

    def __iter__(self):
        while True:
            self.read += 10
            yield b"x" * 10

    async def __aiter__(self):
        for chunk in self:
            yield chunk

    def close(self):
        self.closed = True

    async def aclose(self):
        self.closed = True


async def test_an_answer_over_the_limit_is_refused_while_it_is_read():
    request = Request(method="GET", path="/", max_response_bytes=95)
    for awaited in (False, True):
        body = Endless()
        mock = httpx.MockTransport(lambda request, body=body: httpx.Response(200, stream=body))
        client = httpx.AsyncClient(transport=mock) if awaited else httpx.Client(transport=mock)
        transport = HttpTransport(base_url="http://x", timeout=1, user_agent="x", http_client=client)
        with pytest.raises(InvalidResponse, match="longer than 95 bytes"):
            await transport.asend(request) if awaited else transport.send(request)
        assert body.read <= 110
        assert body.closed


async def test_an_answer_at_the_limit_is_read():
    request = Request(method="GET", path="/", max_response_bytes=4)
    with httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(200, content=b"1234"))) as client:
        transport = HttpTransport(base_url="http://x", timeout=None, user_agent="x", http_client=client)
        assert transport.send(request).content == b"1234"


def test_a_redirect_is_not_followed(connect):
    sent = []

    def handler(request):
        sent.append(str(request.url))
        return httpx.Response(307, headers={"location": "https://elsewhere.example/steal"})

    with pytest.raises(InvalidResponse, match="HTTP 307 with a redirect, which is not followed"):
        connect(handler).do(get_me)
    assert sent == ["https://api.notion.com/v1/users/me"]


def test_a_redirect_is_not_followed_even_if_the_callers_client_would():
    sent = []

    def handler(request):
        sent.append(request.url.host)
        return httpx.Response(301, headers={"location": "https://elsewhere.example/"})

    own = httpx.Client(transport=httpx.MockTransport(handler), follow_redirects=True)
    with own, pytest.raises(InvalidResponse):
        SyncNotionConnector(AUTH, http_client=own).users.get_me()
    assert sent == ["api.notion.com"]


# --- the caller's own client


def test_the_callers_client_is_neither_changed_nor_closed():
    with httpx.Client(transport=httpx.MockTransport(ok), headers={"x-own": "1"}, timeout=7, base_url="http://a") as own:
        before = (dict(own.headers), own.timeout, own.base_url, own.follow_redirects, dict(own.params))
        with SyncNotionConnector(AUTH, http_client=own) as notion:
            notion.users.get_me()
        assert (dict(own.headers), own.timeout, own.base_url, own.follow_redirects, dict(own.params)) == before
        assert not own.is_closed
        assert own.get("http://a/x").status_code == 200
        with pytest.raises(ConnectorClosed):
            notion.users.get_me()


async def test_the_callers_async_client_is_neither_changed_nor_closed():
    async with httpx.AsyncClient(transport=httpx.MockTransport(ok), timeout=7) as own:
        before = (dict(own.headers), own.timeout)
        async with NotionConnector(AUTH, http_client=own) as notion:
            await notion.users.get_me()
        assert (dict(own.headers), own.timeout) == before
        assert not own.is_closed
        with pytest.raises(ConnectorClosed):
            await notion.users.get_me()


@pytest.mark.parametrize(("given", "used"), [(None, 7.0), (9, 9.0)])
def test_the_callers_timeout_holds_unless_one_is_given(given, used):
    seen = []

    def handler(request):
        seen.append(request.extensions["timeout"])
        return ok(request)

    with httpx.Client(transport=httpx.MockTransport(handler), timeout=7) as own:
        SyncNotionConnector(AUTH, http_client=own, timeout=given).users.get_me()
    assert seen[0]["read"] == used
    assert seen[0]["connect"] == min(used, 10)


def test_our_own_timeouts():
    def timeouts(**options):
        transport = SyncNotionConnector(AUTH, **options).runner.transport
        return transport._arguments(Request(method="GET", path="/"))["timeout"]

    assert (timeouts().read, timeouts().connect) == (65, 10)
    assert (timeouts(timeout=3).read, timeouts(timeout=3).connect) == (3, 3)


async def test_a_client_of_the_other_kind_is_refused():
    own = httpx.Client(transport=httpx.MockTransport(ok))
    with own, pytest.raises(ConfigurationError, match="this is an awaited call"):
        await NotionConnector(AUTH, http_client=own).users.get_me()
    async with httpx.AsyncClient(transport=httpx.MockTransport(ok)) as own:
        with pytest.raises(ConfigurationError, match="this is a blocking call"):
            SyncNotionConnector(AUTH, http_client=own).users.get_me()


def test_a_client_of_another_loop_is_refused():
    own = httpx.AsyncClient(transport=httpx.MockTransport(ok))
    notion = NotionConnector(AUTH, http_client=own)

    async def call():
        return await notion.users.get_me()

    assert asyncio.run(call())["id"] == "1"
    with pytest.raises(ConfigurationError, match="another event loop"):
        asyncio.run(call())


async def test_a_client_that_was_closed_is_refused():
    own = httpx.Client()
    own.close()
    with pytest.raises(ConfigurationError, match=r"httpx\.Client given to this connector has been closed"):
        SyncNotionConnector(AUTH, http_client=own).users.get_me()
    other = httpx.AsyncClient()
    await other.aclose()
    with pytest.raises(ConfigurationError, match=r"httpx\.AsyncClient given to this connector has been closed"):
        await NotionConnector(AUTH, http_client=other).users.get_me()


@pytest.mark.parametrize("wrong", ["client", httpx, httpx.Client, object()])
@pytest.mark.parametrize("kind", [NotionConnector, SyncNotionConnector])
def test_what_is_no_client_is_refused(kind, wrong):
    with pytest.raises(ConfigurationError, match="http_client is of type"):
        kind(AUTH, http_client=wrong)


@pytest.mark.parametrize("option", [{"proxy": "http://localhost:1"}, {"ca_file": "/etc/ssl/cert.pem"}])
def test_the_callers_client_has_its_own_proxy_and_certificates(option):
    with httpx.Client(transport=httpx.MockTransport(ok)) as own, pytest.raises(ConfigurationError, match="of your own"):
        SyncNotionConnector(AUTH, http_client=own, **option)


# --- proxies and certificates


def test_wrong_certificates_are_refused(tmp_path):
    empty = tmp_path / "empty.pem"
    empty.write_text("canary")
    for path in (empty, tmp_path / "missing.pem", tmp_path):
        with pytest.raises(ConfigurationError, match="ca_file cannot be read") as caught:
            SyncNotionConnector(AUTH, ca_file=str(path))
        assert "canary" not in str(caught.value)


@pytest.mark.parametrize("wrong", ["nonsense", "ftp://host", "http://host:port"])
def test_wrong_proxies_are_refused(wrong):
    with pytest.raises(ConfigurationError, match="proxy is not an address"):
        SyncNotionConnector(AUTH, proxy=wrong)


@pytest.mark.sockets
@pytest.mark.enable_socket
async def test_requests_go_through_the_proxy():
    with serving() as proxy:
        with SyncNotionConnector(AUTH, base_url="http://notion.invalid", proxy=proxy.url) as notion:
            assert notion.users.get_me() == USER
        async with NotionConnector(AUTH, base_url="http://notion.invalid", proxy=proxy.url) as awaited:
            assert await awaited.users.get_me() == USER
        assert [path for path, _ in proxy.requests] == ["http://notion.invalid/v1/users/me"] * 2


@pytest.mark.sockets
@pytest.mark.enable_socket
def test_the_environment_names_a_proxy_and_what_goes_without(monkeypatch):
    for name in (
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
        "NO_PROXY",
        "no_proxy",
    ):
        monkeypatch.delenv(name, raising=False)
    with serving() as proxy, serving() as direct:
        monkeypatch.setenv("http_proxy", proxy.url.removeprefix("http://"))
        with SyncNotionConnector(AUTH, base_url="http://notion.invalid") as notion:
            assert notion.users.get_me() == USER
        assert [path for path, _ in proxy.requests] == ["http://notion.invalid/v1/users/me"]
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        with SyncNotionConnector(AUTH, base_url=direct.url) as notion:
            assert notion.users.get_me() == USER
        assert [path for path, _ in direct.requests] == ["/v1/users/me"]
        assert len(proxy.requests) == 1


# --- closing


@pytest.mark.sockets
@pytest.mark.enable_socket
def test_a_connector_that_is_dropped_leaves_no_open_socket():
    """Warnings are errors here: a socket that nobody closed would fail this test."""
    with serving() as server:
        notion = SyncNotionConnector(AUTH, base_url=server.url)
        assert notion.users.get_me() == USER
        kept = weakref.ref(notion.runner.transport)
        del notion
        gc.collect()
        assert kept() is None


async def test_a_closed_connector_says_so():
    notion = NotionConnector(AUTH)
    await notion.close()
    await notion.close()
    with pytest.raises(ConnectorClosed, match=r"The connector is closed\. Build a new connector"):
        await notion.users.get_me()
    assert (await notion.check()).code == "connector_closed"
    blocking = SyncNotionConnector(AUTH)
    blocking.close()
    blocking.close()
    with pytest.raises(ConnectorClosed):
        blocking.users.get_me()
    assert blocking.check().code == "connector_closed"


# --- a real server on loopback


class Server(ThreadingHTTPServer):
    """Answers ``/v1/users/me`` over connections that are kept alive; counts them."""

    daemon_threads = True

    def __init__(self):
        self.connections = 0
        self.requests = []
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self):
        self.server.connections += 1
        super().setup()

    def do_GET(self):
        self.server.requests.append((self.path, self.headers["authorization"]))
        if self.path.startswith("/drop"):
            self.close_connection = True
            return
        if self.path.startswith("/redirect"):
            self.send_response(302)
            self.send_header("location", self.server.target)
        else:
            self.send_response(200)
        body = b'{"object":"user","id":"1"}'
        self.send_header("content-length", str(len(body) + (5 if self.path.startswith("/short") else 0)))
        self.end_headers()
        self.wfile.write(body)
        if self.path.startswith("/short"):
            self.close_connection = True

    def log_message(self, *args):
        pass


@contextmanager
def serving():
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def server():
    with serving() as running:
        yield running


loopback = [pytest.mark.sockets, pytest.mark.enable_socket]


class TestLoopback:
    pytestmark = loopback

    def test_one_connector_in_three_event_loops(self, server):
        notion = NotionConnector(AUTH, base_url=server.url)

        async def twice():
            await notion.users.get_me()
            return await notion.users.get_me()

        for _ in range(3):
            assert asyncio.run(twice()) == USER
        gc.collect()  # an unclosed socket would warn now, and warnings are errors
        assert len(server.requests) == 6
        assert server.connections == 3

    def test_one_connector_in_threads_with_their_own_loops(self, server):
        notion = NotionConnector(AUTH, base_url=server.url)
        results = []

        async def several():
            return await asyncio.gather(*(notion.users.get_me() for _ in range(5)))

        threads = [threading.Thread(target=lambda: results.extend(asyncio.run(several()))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        gc.collect()
        assert results == [USER] * 20

    async def test_a_blocking_connector_inside_a_running_loop(self, server):
        with SyncNotionConnector(AUTH, base_url=server.url) as notion:
            assert notion.users.get_me() == USER
            assert notion.check().status == "healthy"
        assert server.connections == 1

    def test_a_blocking_connector_in_threads(self, server):
        results = []
        with SyncNotionConnector(AUTH, base_url=server.url) as notion:
            threads = [threading.Thread(target=lambda: results.append(notion.users.get_me())) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        gc.collect()
        assert results == [USER] * 8

    async def test_closing_closes_the_connections(self, server):
        async with NotionConnector(AUTH, base_url=server.url) as notion:
            await notion.users.get_me()
        gc.collect()
        with pytest.raises(ConnectorClosed):
            await notion.users.get_me()

    async def test_a_connector_used_both_ways_closes_both(self, server):
        notion = NotionConnector(AUTH, base_url=server.url)
        await notion.users.get_me()
        assert notion.runner.run(notion.runner.parse(notion.users.get_me.operation, {})) == USER
        await notion.close()
        gc.collect()
        assert server.connections == 2

    @pytest.mark.parametrize("path", ["/drop", "/short"])
    async def test_a_server_that_breaks_off(self, hurried, server, path):
        with (
            SyncNotionConnector(AUTH, base_url=server.url + path) as notion,
            pytest.raises(ConnectionFailed, match="The connection broke"),
        ):
            hurried(notion).users.get_me()
        async with NotionConnector(AUTH, base_url=server.url + path) as awaited:
            with pytest.raises(ConnectionFailed, match="The connection broke"):
                await hurried(awaited).users.get_me()

    async def test_no_server(self, hurried):
        with serving() as gone:
            url = gone.url
        with (
            SyncNotionConnector(AUTH, base_url=url) as notion,
            pytest.raises(ConnectionFailed, match="Could not connect"),
        ):
            hurried(notion).users.get_me()
        async with NotionConnector(AUTH, base_url=url) as awaited:
            with pytest.raises(ConnectionFailed, match="Could not connect"):
                await hurried(awaited).users.get_me()

    async def test_the_token_does_not_go_where_a_redirect_points(self, server):
        with serving() as target:
            server.target = target.url
            with (
                SyncNotionConnector(AUTH, base_url=server.url + "/redirect") as notion,
                pytest.raises(InvalidResponse, match="redirect"),
            ):
                notion.users.get_me()
            async with NotionConnector(AUTH, base_url=server.url + "/redirect") as awaited:
                with pytest.raises(InvalidResponse, match="redirect"):
                    await awaited.users.get_me()
            assert len(server.requests) == 2
            assert target.requests == []

    async def test_cancelling_a_call_leaves_the_connector_usable(self, server):
        async with NotionConnector(AUTH, base_url=server.url) as notion:
            task = asyncio.ensure_future(notion.users.get_me())
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await notion.users.get_me() == USER


class Slow:
    """A server that takes its time: it says little by little, or nothing, until the other side hangs up."""

    def __init__(self, *, drips):
        self.drips = drips
        self.closed = asyncio.Event()
        self.asked = asyncio.Event()

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_):
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        self.asked.set()
        try:
            if self.drips:
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
            while not reader.at_eof():
                if self.drips:
                    writer.write(b" ")
                    await writer.drain()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(reader.read(1), 0.01)
        except ConnectionError:
            pass
        finally:
            self.closed.set()
            writer.close()


class TestSlowServers:
    pytestmark = loopback

    @pytest.mark.parametrize("drips", [True, False])
    async def test_the_deadline_cuts_a_slow_answer(self, drips):
        async with Slow(drips=drips) as server, NotionConnector(AUTH, base_url=server.url, deadline=0.1) as notion:
            began = time.monotonic()
            with pytest.raises(RequestTimedOut):
                await notion.users.get_me()
            assert 0.09 < time.monotonic() - began < 1
            await asyncio.wait_for(server.closed.wait(), 2)

    async def test_the_deadline_cuts_a_blocking_call_too(self):
        async with Slow(drips=True) as server:
            with SyncNotionConnector(AUTH, base_url=server.url, deadline=0.1) as notion:
                began = time.monotonic()
                with pytest.raises(RequestTimedOut, match="still arriving"):
                    await asyncio.to_thread(notion.users.get_me)
                assert 0.09 < time.monotonic() - began < 1

    @pytest.mark.parametrize("drips", [True, False])
    async def test_cancelling_a_call_closes_the_flow_and_the_request(self, drips):
        ended = []

        async with Slow(drips=drips) as server, NotionConnector(AUTH, base_url=server.url) as notion:
            limiter = notion.runner.engine.executor.limiter
            inner = notion.runner.engine.executor.call(notion.runner.parse(notion.users.get_me.operation, {}))

            def flow():
                try:
                    return (yield from inner)
                finally:
                    ended.append(inner.gi_frame is None)

            task = asyncio.ensure_future(notion.runner.adrive(flow()))
            await server.asked.wait()
            assert len(limiter._flying) == 1
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await asyncio.wait_for(server.closed.wait(), 2)
            assert ended == [True]
            assert (len(limiter._flying), len(limiter._answered)) == (0, 1)

    async def test_a_timeout_of_the_callers_closes_the_request(self):
        async with Slow(drips=False) as server, NotionConnector(AUTH, base_url=server.url) as notion:

            async def timed():
                async with asyncio.timeout(None) as limit:
                    expiring = asyncio.ensure_future(expire(limit))
                    try:
                        await notion.users.get_me()
                    finally:
                        await expiring

            async def expire(limit):
                await server.asked.wait()
                limit.reschedule(asyncio.get_running_loop().time())

            with pytest.raises(TimeoutError):
                await timed()
            await asyncio.wait_for(server.closed.wait(), 2)

    def test_trio_cancels_too(self):
        trio = pytest.importorskip("trio")
        with serving() as server:
            notion = NotionConnector(AUTH, base_url=server.url)

            async def main():
                with trio.CancelScope() as scope:
                    scope.cancel()
                    await notion.users.get_me()
                assert scope.cancelled_caught
                user = await notion.users.get_me()
                await notion.close()
                return user

            assert trio.run(main) == USER
        gc.collect()


class TestTrio:
    pytestmark = loopback

    def test_a_connector_in_trio_and_then_in_asyncio(self, server):
        trio = pytest.importorskip("trio")
        notion = NotionConnector(AUTH, base_url=server.url)

        async def several():
            results = []

            async def one():
                results.append(await notion.users.get_me())

            async with trio.open_nursery() as nursery:
                for _ in range(5):
                    nursery.start_soon(one)
            return results

        async def once():
            return await notion.users.get_me()

        assert trio.run(several) == [USER] * 5
        assert trio.run(several) == [USER] * 5
        assert asyncio.run(once()) == USER
        gc.collect()


def test_every_error_here_is_one_of_ours():
    assert all(issubclass(kind, NotionAgentError) for _, kind, _ in FAULTS)
