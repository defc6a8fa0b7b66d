"""Fixtures for all tests: a clean environment, a clock that does not wait, both ways of running a flow or a call."""

import asyncio
import inspect
import logging
import os
from weakref import WeakValueDictionary

import anyio
import httpx
import pytest

from airbyte_agent_notion import NotionConnector, SyncNotionConnector
from airbyte_agent_notion.drive import adrive, drive
from airbyte_agent_notion.errors import NotionAgentError
from airbyte_agent_notion.executors.local import LocalExecutor
from airbyte_agent_notion.models import NotionAccessTokenAuthConfig
from airbyte_agent_notion.operation import Operation
from airbyte_agent_notion.sandbox.oauth import CLIENT_SECRET
from airbyte_agent_notion.sandbox.sandbox import TOKEN
from airbyte_agent_notion.wire import limits


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(collector, name, obj):
    """Async tests run under anyio, whose own option for that is newer than the oldest anyio supported."""
    if collector.istestfunction(obj, name) and inspect.iscoroutinefunction(obj):
        pytest.mark.anyio(obj)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch):
    for name in list(os.environ):
        if name in {"NOTION_TOKEN", "NOTION_BASE_URL"} or name.startswith("AIRBYTE_"):
            monkeypatch.delenv(name)


class _Listener(logging.Handler):
    def __init__(self):
        super().__init__(logging.DEBUG)
        self.said = []

    def emit(self, record):
        self.said.append(f"{record.getMessage()} {record.exc_info} {record.exc_text}")


@pytest.fixture(autouse=True)
def _no_secret_shows(monkeypatch):
    """A canary for the whole run: no error and no log record of any test holds the sandbox's token or client secret."""
    listener, build = _Listener(), NotionAgentError.__init__

    def built(error, *args, **kwargs):
        build(error, *args, **kwargs)
        listener.said.append(f"{error} {error!r} {vars(error)}")

    monkeypatch.setattr(NotionAgentError, "__init__", built)
    logging.getLogger().addHandler(listener)
    yield
    logging.getLogger().removeHandler(listener)
    secrets = (TOKEN, CLIENT_SECRET)
    assert [text for text in listener.said if any(secret in text for secret in secrets)] == []


@pytest.fixture(autouse=True)
def _no_limit_of_another_test(monkeypatch):
    """Each test's clock is its own, and so is what a token has used up."""
    monkeypatch.setattr(limits, "_table", WeakValueDictionary())


@pytest.fixture(autouse=True)
def _covers_what_it_says(request, monkeypatch):
    """A test marked ``covers`` runs the operations that it names; one with parameters, one of them each time."""
    mark = request.node.get_closest_marker("covers")
    if mark is None:
        yield
        return
    ran, build, call = set(), Operation.request, LocalExecutor.call

    def built(operation):
        ran.add(operation.spec.name)
        return build(operation)

    def called(executor, operation):
        ran.add(operation.spec.name)
        return call(executor, operation)

    monkeypatch.setattr(Operation, "request", built)
    monkeypatch.setattr(LocalExecutor, "call", called)
    yield
    missing = set(mark.args) - ran
    assert not missing or (hasattr(request.node, "callspec") and ran & set(mark.args)), f"not run: {missing}"


@pytest.fixture
def anyio_backend():
    return "asyncio"


class _Clock:
    """Time that passes only by sleeping; ``waits`` lists what was asked for."""

    def __init__(self):
        self.seconds = 1_000.0
        self.waits = []
        self._deadlines = []

    @property
    def passed(self):
        return self.seconds - 1_000.0

    def now(self):
        return self.seconds

    def sleep(self, seconds):
        self.waits.append(seconds)
        self.seconds += seconds

    async def asleep(self, seconds):
        self.waits.append(seconds)
        deadline = self.seconds + seconds
        self._deadlines.append(deadline)
        try:
            while True:
                for _ in range(20):  # everything else that is ready goes first
                    await anyio.sleep(0)
                if deadline <= min(self._deadlines):
                    self.seconds = max(self.seconds, deadline)
                    return
        finally:
            self._deadlines.remove(deadline)


@pytest.fixture
def clock():
    return _Clock()


@pytest.fixture(params=["drive", "adrive"])
def run(request, clock):
    """``run(flow, transport)``: the flow's result, by the blocking and by the awaiting driver, with the fake clock."""
    if request.param == "drive":
        return lambda flow, transport=None: drive(flow, transport, clock=clock)
    return lambda flow, transport=None: asyncio.run(adrive(flow, transport, clock=clock))


def hurry(notion, clock):
    """Let a connector's time pass by the clock given."""
    object.__setattr__(notion.runner, "clock", clock)
    return notion


@pytest.fixture
def hurried(clock):
    """``hurried(connector)``: the connector, whose waits are not waited."""
    return lambda notion: hurry(notion, clock)


class _Caller:
    """A connector of one kind over a handler of httpx requests; ``do`` returns when the call is done.

    Its waits are not waited: ``waits`` lists them.
    """

    def __init__(self, runner, clock, handler, **options):
        self._runner = runner
        self.waits = clock.waits
        options.setdefault("auth_config", NotionAccessTokenAuthConfig(token="ntn_test"))
        transport = httpx.MockTransport(handler)
        if runner is None:
            self.notion = SyncNotionConnector(http_client=httpx.Client(transport=transport), **options)
        else:
            self.notion = NotionConnector(http_client=httpx.AsyncClient(transport=transport), **options)
        hurry(self.notion, clock)

    def do(self, call):
        """The result of ``call(connector)``: awaited, or collected, where that is its kind."""
        if self._runner is None:
            result = call(self.notion)
            return list(result) if inspect.isgenerator(result) else result
        return self._runner.run(self._awaited(call))

    def execute(self, *args):
        return self.do(lambda notion: notion.execute(*args))

    async def _awaited(self, call):
        result = call(self.notion)
        if inspect.isasyncgen(result):
            return [item async for item in result]
        return await result if inspect.isawaitable(result) else result


@pytest.fixture(params=["sync", "async"])
def connect(request, clock):
    """``connect(handler, **options)``: a caller of a connector of either kind."""
    if request.param == "sync":
        yield lambda handler, **options: _Caller(None, clock, handler, **options)
        return
    with asyncio.Runner() as runner:
        yield lambda handler, **options: _Caller(runner, clock, handler, **options)
