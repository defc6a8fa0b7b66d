"""A marked token goes in, and must come out nowhere but in the Authorization header."""

import copy
import gc
import io
import json
import logging
import pickle
import traceback

import httpx
import pytest

from airbyte_agent_notion import NotionConnector, SyncNotionConnector, Toolset
from airbyte_agent_notion.errors import NotionAgentError
from airbyte_agent_notion.models import AirbyteAuthConfig, NotionAccessTokenAuthConfig, NotionOauth20AuthConfig

CANARY = "ntn_C4n4ryC4n4ryC4n4ry"
TOKEN = NotionAccessTokenAuthConfig(token=CANARY)
OAUTH = NotionOauth20AuthConfig(client_id="id", client_secret=f"{CANARY}1", access_token=f"{CANARY}2")
RENEWABLE = NotionOauth20AuthConfig(
    client_id="id", client_secret=f"{CANARY}1", access_token=f"{CANARY}2", refresh_token=f"{CANARY}3"
)
CLASSES = pytest.mark.parametrize("auth", [TOKEN, OAUTH, RENEWABLE], ids=["token", "oauth", "renewable"])


def raises(error):
    def handler(request):
        raise error

    return handler


def raises_with_token(kind):
    def handler(request):
        raise kind(f"Illegal header value {request.headers['authorization']!r}", request=request)

    return handler


def answers(status, *, headers=None, **body):
    return lambda request: httpx.Response(status, headers=headers, **body)


def echoes(status, *, html=False):
    """As a proxy that repeats the request's headers in its refusal, in every place there is."""

    def handler(request):
        sent = request.headers["authorization"]
        headers = {"x-notion-request-id": sent, "cf-ray": sent, "content-type": f"text/{sent}", "retry-after": "999"}
        if html:
            return httpx.Response(status, headers=headers, content=f"<html>{sent}</html>".encode())
        body = {"code": sent, "message": f"{sent} is wrong", "request_id": sent, "additional_data": {sent: [sent]}}
        return httpx.Response(status, headers=headers, json=body)

    return handler


STATUSES = [302, 307, 400, 401, 403, 404, 409, 413, 429, 500, 502, 503, 504, 529]
FAULTS = {
    **{f"echo {status}": echoes(status) for status in STATUSES},
    **{f"echo html {status}": echoes(status, html=True) for status in STATUSES},
    **{f"{status}": answers(status, headers={"retry-after": "999"}, json={"message": "x"}) for status in STATUSES},
    "echo 200": echoes(200, html=True),
    "html": answers(200, html="<html>"),
    "empty": answers(200, content=b""),
    "list": answers(200, json=[1]),
    "truncated": answers(200, content=b'{"object"'),
    "no results": answers(200, json={}),
    "gzip": answers(200, headers={"content-encoding": "gzip"}, content=b"x"),
    "refused": raises(httpx.ConnectError("refused")),
    "timeout": raises(httpx.ReadTimeout("x")),
    "invalid url": raises(httpx.InvalidURL("x")),
    **{
        f"telling {kind.__name__}": raises_with_token(kind)
        for kind in (httpx.LocalProtocolError, httpx.RemoteProtocolError, httpx.ReadTimeout, httpx.DecodingError)
    },
}
each_fault = pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)


@pytest.fixture
def logged():
    """Everything that any logger says at DEBUG."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def faces(error):
    """What people and tools make of an error of ours."""
    yield str(error)
    yield repr(error)
    yield repr(vars(error))
    yield json.dumps(error.to_dict())
    yield pickle.dumps(error).decode("latin-1")
    yield repr(vars(copy.deepcopy(error)))


def check_error(error):
    for text in faces(error):
        assert CANARY not in text
    # The lines of the traceback, and the local variables that error reporters send along.
    for chain in (error, error.__cause__):
        if chain is not None and CANARY not in str(chain):
            ours = traceback.TracebackException.from_exception(chain, capture_locals=True)
            shown = [
                frame
                for frame in ours.stack
                if "airbyte_agent_notion" in frame.filename or frame.filename.endswith(("httpx/_client.py",))
            ]
            assert shown
            assert CANARY not in str([(frame.line, frame.locals) for frame in shown])


@each_fault
@CLASSES
def test_no_fault_brings_the_token_out(connect, logged, auth, fault):
    caller = connect(fault, auth_config=auth)
    calls = [
        lambda notion: notion.users.get_me(),
        lambda notion: notion.pages.list(query="x"),
        lambda notion: notion.users.list.iterate(),
        lambda notion: notion.execute("blocks", "list", {"block_id": "0" * 32}),
        lambda notion: notion.execute("pages", "get", {"page_id": "no id"}),
        lambda notion: notion.execute("nothing", "get"),
    ]
    failed = 0
    for call in calls:
        try:
            caller.do(call)
        except NotionAgentError as error:
            failed += 1
            check_error(error)
    assert failed >= len(calls) - 1
    check = caller.do(lambda notion: notion.check())
    assert CANARY not in repr(check)
    assert CANARY not in repr(caller.notion) + str(caller.notion)
    assert CANARY not in logged.getvalue()


@each_fault
async def test_no_outcome_of_a_tool_holds_the_token(logged, hurried, fault):
    own = httpx.AsyncClient(transport=httpx.MockTransport(fault))
    async with own, NotionConnector(TOKEN, http_client=own) as notion:
        toolset = Toolset(hurried(notion))
        outcome = await toolset.acall("notion_execute", {"entity": "users", "action": "list"})
    assert not outcome.ok
    assert CANARY not in outcome.text + repr(outcome) + repr(toolset.tools) + logged.getvalue()


@pytest.mark.parametrize("fault", ["echo 400", "echo 401", "echo 502", "echo html 502", "telling LocalProtocolError"])
def test_the_formatted_traceback_of_ours_does_not_hold_the_token(hurried, fault):
    own = httpx.Client(transport=httpx.MockTransport(FAULTS[fault]))
    with own, pytest.raises(NotionAgentError) as caught:
        hurried(SyncNotionConnector(TOKEN, http_client=own)).users.get_me()
    assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_a_good_call_tells_nothing_either(connect, logged):
    sent = []

    def handler(request):
        sent.append(request.headers["authorization"])
        return httpx.Response(200, json={"object": "user", "id": "1"})

    caller = connect(handler, auth_config=TOKEN)
    assert CANARY not in repr(caller.do(lambda notion: notion.users.get_me()))
    assert sent == [f"Bearer {CANARY}"]
    assert CANARY not in logged.getvalue()


@CLASSES
@pytest.mark.parametrize("kind", [NotionConnector, SyncNotionConnector])
def test_what_is_built_shows_nothing(kind, auth, logged):
    notion = kind(auth)
    runner = notion.runner
    shown = [
        notion, runner, runner.engine, runner.engine.executor, runner.engine.catalog, runner.transport, notion.pages,
        notion.pages.get, Toolset(notion).tools, notion.list_entities(), notion.entity_schema("pages"), auth,
    ]  # fmt: skip
    assert CANARY not in repr(shown) + str(shown) + repr(vars(notion)) + repr(vars(runner.engine.executor))
    assert CANARY not in logged.getvalue()


@pytest.mark.parametrize("name", ["NOTION_TOKEN", "NOTION_BASE_URL"])
def test_a_wrong_environment_is_not_echoed(monkeypatch, name):
    monkeypatch.setenv("NOTION_TOKEN", "ntn_fine")
    monkeypatch.setenv(name, f"{CANARY}\n{CANARY}")
    with pytest.raises(NotionAgentError) as caught:
        SyncNotionConnector()
    for text in (*faces(caught.value), "".join(traceback.format_exception(caught.value))):
        assert CANARY not in text


WRONG = [
    lambda: SyncNotionConnector(CANARY),
    lambda: SyncNotionConnector({"token": CANARY}),
    lambda: SyncNotionConnector(TOKEN, base_url=f"https://{CANARY}@host"),
    lambda: SyncNotionConnector(TOKEN, base_url=CANARY),
    lambda: SyncNotionConnector(TOKEN, http_client=CANARY),
    lambda: SyncNotionConnector(TOKEN, timeout=CANARY),
    lambda: SyncNotionConnector(TOKEN, policy=CANARY),
    lambda: SyncNotionConnector(TOKEN, on_token_refresh=CANARY),
    lambda: SyncNotionConnector(TOKEN, deadline=CANARY),
    lambda: SyncNotionConnector(TOKEN, requests_per_minute=CANARY),
    lambda: SyncNotionConnector(TOKEN, ca_file=CANARY),
    lambda: SyncNotionConnector(TOKEN, proxy=f"nonsense://{CANARY}@host:port"),
    lambda: NotionOauth20AuthConfig(client_id="i", client_secret="s", access_token="a", refresh_token=[CANARY]),
    lambda: SyncNotionConnector(AirbyteAuthConfig(airbyte_client_id="x", airbyte_client_secret=CANARY)),
    lambda: NotionAccessTokenAuthConfig(tokn=CANARY),
    lambda: NotionAccessTokenAuthConfig(token=f"{CANARY}\n{CANARY}"),
    lambda: NotionAccessTokenAuthConfig(token=[CANARY]),
    lambda: setattr(TOKEN, "token", CANARY),
    lambda: SyncNotionConnector.sandbox().execute("pages", "get", {"page_id": CANARY}),
    lambda: SyncNotionConnector.sandbox().execute("pages", "list", {"page_size": CANARY, "query": [CANARY]}),
    lambda: SyncNotionConnector.sandbox().execute("blocks", "list", CANARY),
    lambda: SyncNotionConnector.sandbox().execute("users", "list", CANARY),
    lambda: SyncNotionConnector.sandbox().execute(CANARY, CANARY, [CANARY]),
]


@pytest.mark.parametrize("build", WRONG)
def test_a_secret_in_the_wrong_place_is_not_echoed(build):
    with pytest.raises(NotionAgentError) as caught:
        build()
    for text in faces(caught.value):
        assert CANARY not in text
    assert CANARY not in "".join(traceback.format_exception(caught.value))


@pytest.mark.sockets
@pytest.mark.enable_socket
async def test_over_real_sockets_the_logs_of_httpx_and_httpcore_are_clean(logged):
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from threading import Thread

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            assert self.headers["authorization"] == f"Bearer {CANARY}"
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"object":"user","id":"1"}')

        def log_message(self, *args):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            url = f"http://127.0.0.1:{server.server_port}"
            async with NotionConnector(TOKEN, base_url=url) as notion:
                await notion.users.get_me()
            with SyncNotionConnector(TOKEN, base_url=url) as blocking:
                blocking.users.get_me()
        finally:
            server.shutdown()
            thread.join()
    gc.collect()
    assert "send_request_headers" in logged.getvalue()
    assert CANARY not in logged.getvalue()
