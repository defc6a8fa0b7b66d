"""The order of a call, and a composite that calls primitives through the executor."""

from typing import Any

import pytest

from airbyte_agent_notion.calling import executed
from airbyte_agent_notion.catalog import Catalog
from airbyte_agent_notion.engine import Engine, Runner
from airbyte_agent_notion.errors import InvalidParams, NotFound, PolicyDenied, UnknownEntity
from airbyte_agent_notion.executors.local import LocalExecutor
from airbyte_agent_notion.fields import DatabaseId
from airbyte_agent_notion.flow import gather
from airbyte_agent_notion.models import NotionAccessTokenAuthConfig
from airbyte_agent_notion.operation import Effect, Operation, Spec
from airbyte_agent_notion.operations import NotionSurface
from airbyte_agent_notion.operations.data_sources import QueryDataSource
from airbyte_agent_notion.operations.databases import GetDatabase
from airbyte_agent_notion.policy import Policy
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.testing import FakeTransport, json_response

HEX = "0" * 32


class CountRows(Operation[dict[str, Any]]):
    """Count the rows of all data sources of a database, one page each."""

    spec = Spec("databases", "count", "GET /v1/databases/{database_id}")
    database_id: DatabaseId

    def flow(self, api):
        database = yield from api.call(GetDatabase(database_id=self.database_id))
        ids = [source["id"] for source in database["data_sources"]]
        pages = yield from gather([api.call(QueryDataSource(data_source_id=source)) for source in ids])
        return {"rows": sum(map(len, pages)), "version": api.notion_version}


class Wipe(Operation[dict[str, Any]]):
    """Wipe."""

    spec = Spec("databases", "wipe", "DELETE /v1/databases/{database_id}", effect=Effect.DESTRUCTIVE)
    database_id: DatabaseId


def engine(*, policy=None, token="ntn_test"):
    executor = LocalExecutor(NotionAccessTokenAuthConfig(token=token), "2026-03-11")
    operations = [*Catalog.of(NotionSurface).operations(), CountRows, Wipe]
    return Engine(catalog=Catalog(operations), policy=policy or Policy.read_only(), executor=executor)


def test_a_call_by_name(run):
    transport = FakeTransport(json_response({"object": "page", "id": "1"}))
    assert run(executed(engine(), "pages", "get", {"page_id": HEX}), transport)["id"] == "1"


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (("nothing", "wipe", "{"), UnknownEntity),
        (("databases", "wipe", "{"), InvalidParams),
        (("databases", "wipe", {"nonsense": 1}), PolicyDenied),
        (("databases", "get", {"nonsense": 1}), InvalidParams),
    ],
)
def test_the_order_of_the_checks(run, call, kind):
    transport = FakeTransport()
    with pytest.raises(kind):
        run(executed(engine(), *call), transport)
    assert transport.requests == []


def test_a_description_sends_nothing(run):
    transport = FakeTransport()
    assert "databases.count (reads): Count the rows" in run(executed(engine(), "databases", "describe", {}), transport)
    assert "databases.wipe" not in run(executed(engine(), "databases", "describe", {}), transport)
    assert transport.requests == []


def test_a_title_is_looked_up_within_the_policy(run):
    """Before the call that it is for, and not at all for a call that the policy refuses."""
    sandbox = Sandbox.sample()
    given = ("pages", "get", {"page_id": "Travel expense policy"})
    assert run(executed(engine(token=sandbox.token), *given), sandbox.transport())["object"] == "page"
    *searches, got = sandbox.requests
    assert {each.path for each in searches} == {"/v1/search"}
    assert (got.method, got.path.rpartition("/")[0]) == ("GET", "/v1/pages")
    before = len(sandbox.requests)
    with pytest.raises(PolicyDenied):
        run(executed(engine(token=sandbox.token), "databases", "wipe", {"database_id": "Tasks"}), sandbox.transport())
    limited = engine(token=sandbox.token, policy=Policy.read_only(deny=["search"]))
    with pytest.raises(InvalidParams, match="titles cannot be looked up here"):
        run(executed(limited, *given), sandbox.transport())
    assert len(sandbox.requests) == before


def test_a_write_takes_no_title(run):
    sandbox = Sandbox.sample()
    writing = engine(token=sandbox.token, policy=Policy.full())
    with pytest.raises(InvalidParams, match="what writes takes an id"):
        run(executed(writing, "databases", "wipe", {"database_id": "Tasks"}), sandbox.transport())
    assert {each.path for each in sandbox.requests} == {"/v1/search"}


@pytest.mark.parametrize("form", ["compact", "markdown", "raw"])
def test_a_result_as_text(run, form):
    sandbox = Sandbox.sample()
    flow = executed(engine(token=sandbox.token), "users", "get_me", None, format=form)
    text = run(flow, sandbox.transport())
    assert "Brightkeel Assistant" in text


def test_what_is_offered():
    assert Wipe not in engine().offered()
    assert CountRows in engine().offered()
    assert Wipe in engine(policy=Policy.full()).offered()


def test_a_composite(run):
    sandbox = Sandbox.sample()
    database = next(iter(sandbox.workspace.databases))
    flow = executed(engine(token=sandbox.token), "databases", "count", {"database_id": database})
    result = run(flow, sandbox.transport())
    assert result["rows"] > 0
    assert result["version"] == "2026-03-11"
    assert sandbox.requests[0].method == "GET"
    assert {request.method for request in sandbox.requests[1:]} == {"POST"}


def test_an_error_inside_a_composite_is_its_error(run):
    sandbox = Sandbox.sample()
    flow = executed(engine(token=sandbox.token), "databases", "count", {"database_id": HEX})
    with pytest.raises(NotFound):
        run(flow, sandbox.transport())


async def test_a_runner_runs_both_ways(clock):
    transport = FakeTransport(json_response({"object": "user", "id": "1"}))
    runner = Runner(engine=engine(), transport=transport, clock=clock)
    operation = runner.parse(Catalog.of(NotionSurface).find("users", "get_me"), {})
    assert runner.run(operation) == await runner.arun(operation)
    assert runner.drive(runner.engine.call(operation)) == await runner.adrive(runner.engine.call(operation))
