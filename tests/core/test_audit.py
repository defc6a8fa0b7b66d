"""The audit: what is recorded of each operation, where it goes, and that it costs no call its result."""

import asyncio
import json
import logging
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from airbyte_agent_notion import NotionConnector, Policy, SyncNotionConnector, Toolset
from airbyte_agent_notion.audit import AuditRecord, Ended, JsonLines, Logging
from airbyte_agent_notion.drive import drive
from airbyte_agent_notion.errors import ConfigurationError, NotFound, OutcomeUnknown, PolicyDenied
from airbyte_agent_notion.operation import Effect
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.sandbox.sandbox import TOKEN
from airbyte_agent_notion.tools import needs_approval

SECRET_TEXT = "a word that belongs to the customer"


@pytest.fixture
def space():
    return Sandbox.sample()


@pytest.fixture
def records():
    return []


@pytest.fixture
def notion(space, records):
    return SyncNotionConnector.sandbox(space, policy=Policy.full(), audit=records.append, tag="ada")


@pytest.fixture
def page(space):
    return next(each.id for each in space.workspace.pages.values() if space.workspace.title(each) == "Security basics")


def test_a_read_a_write_and_a_denial(space, records, page):
    notion = SyncNotionConnector.sandbox(space, policy=Policy.write(), audit=records.append, tag="ada")
    notion.pages.get(page_id=page)
    made = notion.pages.create(
        parent={"page_id": page}, properties={"title": {"title": [{"text": {"content": SECRET_TEXT}}]}}
    )
    with pytest.raises(PolicyDenied):
        notion.execute("pages", "delete", {"page_id": page})
    with pytest.raises(PolicyDenied):
        notion.pages.update(page_id=page, in_trash=True)
    with pytest.raises(NotFound):
        notion.pages.get(page_id="9f1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9")
    assert [(each.operation, each.effect, each.outcome, each.error) for each in records] == [
        ("pages.get", Effect.READ, Ended.OK, None),
        ("pages.create", Effect.WRITE, Ended.OK, None),
        ("pages.delete", Effect.DESTRUCTIVE, Ended.DENIED, "not_allowed"),
        ("pages.update", Effect.DESTRUCTIVE, Ended.DENIED, "not_allowed"),
        ("pages.get", Effect.READ, Ended.FAILED, "object_not_found"),
    ]
    assert records[0].targets == (page,)
    assert records[1].targets == (page, made["id"])
    assert all(each.tag == "ada" and each.time.tzinfo is UTC and each.duration >= 0 for each in records)
    assert records[0].request_id
    assert records[4].request_id
    assert records[3].request_id is None
    assert records[0].time <= datetime.now(UTC)


def test_nothing_of_the_content_is_recorded(space, records, notion, page):
    text = [{"text": {"content": SECRET_TEXT}}]
    notion.pages.update(page_id=page, properties={"title": {"title": text}})
    notion.blocks.append(block_id=page, children=[{"paragraph": {"rich_text": text}}])
    notion.comments.create(parent={"page_id": page}, rich_text=text)
    notion.search(query=SECRET_TEXT)
    said = json.dumps([each.to_dict() for each in records])
    assert SECRET_TEXT not in said
    assert TOKEN not in said
    assert len(records) == 4


def test_the_steps_of_a_longer_operation_are_recorded(records, space, page):
    from airbyte_agent_notion.audit import Trail
    from airbyte_agent_notion.engine import Engine
    from airbyte_agent_notion.gate import Rules
    from airbyte_agent_notion.operation import Operation, Spec
    from airbyte_agent_notion.operations.page_writes import DeletePage, RestorePage, UpdatePage

    class Sweep(Operation[dict]):
        """Lock a page, then trash it."""

        spec = Spec("pages", "sweep", "PATCH /v1/pages/{page_id}", effect=Effect.DESTRUCTIVE)
        page_id: str

        def flow(self, api):
            yield from api.call(UpdatePage(page_id=self.page_id, is_locked=True))
            return (yield from api.call(DeletePage(page_id=self.page_id)))

    inner = SyncNotionConnector.sandbox(space).runner.engine
    policy = Policy.full()
    rules = Rules.of(policy, Trail(sink=records.append))
    engine = Engine(catalog=inner.catalog, policy=policy, executor=inner.executor, rules=rules)
    drive(engine.call(Sweep(page_id=page)), space.transport())
    assert [(each.operation, each.within, each.outcome) for each in records] == [
        ("pages.update", "pages.sweep", Ended.OK),
        ("pages.delete", "pages.sweep", Ended.OK),
        ("pages.sweep", None, Ended.OK),
    ]
    records.clear()
    drive(inner.executor.call(RestorePage(page_id=page)), space.transport())
    narrow = Policy.full(deny=["pages.delete"])
    denying = Engine(catalog=inner.catalog, policy=narrow, executor=inner.executor, rules=Rules.of(narrow, rules.trail))
    with pytest.raises(PolicyDenied):
        drive(denying.call(Sweep(page_id=page)), space.transport())
    assert [(each.operation, each.outcome) for each in records] == [
        ("pages.update", Ended.OK),
        ("pages.sweep", Ended.DENIED),
    ]


def test_an_unknown_outcome_and_a_dry_run(space, records, notion, page, hurried):
    hurried(notion)
    notion.pages.delete.dry_run(page_id=page)
    space.faults.add(drop=True, after=True, method="PATCH", times=1)
    with pytest.raises(OutcomeUnknown):
        notion.pages.update(page_id=page, is_locked=True)
    assert [(each.operation, each.outcome, each.error) for each in records] == [
        ("pages.delete", Ended.PLANNED, None),
        ("pages.update", Ended.UNKNOWN, "outcome_unknown"),
    ]


def test_what_a_person_refused_is_recorded(notion, records, page):
    tools = Toolset(notion, approve=needs_approval, ask=lambda _: "no", tag="conversation 7")
    call = {"entity": "pages", "action": "delete", "params": {"page_id": page}}
    assert tools.call("notion_execute", call).error.code == "not_approved"
    assert Toolset(notion).call("notion_execute", call).ok
    assert [(each.operation, each.outcome, each.error, each.tag) for each in records] == [
        ("pages.delete", Ended.DENIED, "not_approved", "conversation 7"),
        ("pages.delete", Ended.OK, None, "ada"),
    ]


def test_a_sink_that_fails_costs_no_result_and_is_said(space, page, caplog):
    def broken(record):
        raise OSError("disk full")

    notion = SyncNotionConnector.sandbox(space, policy=Policy.full(), audit=broken)
    assert notion.pages.update(page_id=page, is_locked=True)["is_locked"] is True
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert "OSError" in record.getMessage()
    assert '"operation": "pages.update"' in record.getMessage()


async def test_an_async_sink(space, page, records):
    async def sink(record):
        await asyncio.sleep(0)
        records.append(record)

    notion = NotionConnector.sandbox(space, policy=Policy.full(), audit=sink)
    await notion.pages.get(page_id=page)
    assert [each.operation for each in records] == ["pages.get"]
    with pytest.raises(ConfigurationError, match="async audit sink"):
        SyncNotionConnector.sandbox(space, audit=sink)


@pytest.mark.parametrize("wrong", ["audit.jsonl", 3, {}])
def test_what_is_no_sink_is_refused(wrong):
    with pytest.raises(ConfigurationError, match="audit must be a function"):
        NotionConnector.sandbox(audit=wrong)
    with pytest.raises(ConfigurationError, match="tag must be"):
        NotionConnector.sandbox(tag=3)


async def test_a_cancelled_call_is_recorded_at_once(space, page, records):
    class Never:
        async def asend(self, request):
            await asyncio.Event().wait()

    from dataclasses import replace

    notion = NotionConnector.sandbox(space, policy=Policy.full(), audit=records.append)
    runner = replace(notion.runner, transport=Never())
    operation = runner.parse(runner.engine.catalog.find("pages", "delete"), {"page_id": page})
    task = asyncio.create_task(runner.arun(operation))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [(each.operation, each.outcome, each.targets) for each in records] == [
        ("pages.delete", Ended.CANCELLED, (page,))
    ]


async def test_an_async_sink_of_a_cancelled_call_is_said_to_be_missed(space, page, caplog):
    async def sink(record):
        await asyncio.sleep(0)

    class Never:
        async def asend(self, request):
            await asyncio.Event().wait()

    from dataclasses import replace

    notion = NotionConnector.sandbox(space, policy=Policy.full(), audit=sink)
    runner = replace(notion.runner, transport=Never())
    operation = runner.parse(runner.engine.catalog.find("pages", "delete"), {"page_id": page})
    task = asyncio.create_task(runner.arun(operation))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert '"outcome": "cancelled"' in caplog.text


@pytest.mark.parametrize("fsync", [False, True])
def test_json_lines_are_whole_lines_from_many_threads(tmp_path, page, fsync):
    path = tmp_path / "audit.jsonl"
    sinks = [JsonLines(path, fsync=fsync) for _ in range(4)]
    record = AuditRecord(
        time=datetime(2026, 11, 20, 9, 0, 0, 5_000, UTC),
        operation="pages.get",
        targets=(page,) * 50,
        effect=Effect.READ,
        outcome=Ended.OK,
        tag="Ä",
    )
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: sinks[number % 4](record), range(200)))
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [record.to_dict()] * 200
    assert record.to_dict()["time"] == "2026-11-20T09:00:00.005+00:00"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_json_lines_go_on_when_the_file_is_moved_away(tmp_path, space, page):
    path = tmp_path / "audit.jsonl"
    notion = SyncNotionConnector.sandbox(space, audit=JsonLines(path))
    notion.pages.get(page_id=page)
    path.rename(tmp_path / "old.jsonl")
    notion.pages.get(page_id=page)
    assert len(path.read_text().splitlines()) == 1


def test_a_logger_as_a_sink(space, page, caplog):
    with caplog.at_level(logging.INFO, logger="airbyte_agent_notion.audit"):
        SyncNotionConnector.sandbox(space, audit=Logging()).pages.get(page_id=page)
        other = logging.getLogger("other")
        SyncNotionConnector.sandbox(space, audit=Logging(other, level=logging.WARNING)).users.get_me()
    ours, theirs = caplog.records
    assert json.loads(ours.getMessage())["targets"] == [page]
    assert ours.audit.operation == "pages.get"
    assert (theirs.name, theirs.levelno) == ("other", logging.WARNING)
