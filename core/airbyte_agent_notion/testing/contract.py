"""``AdapterContract``: the tests that every adapter passes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, TypeAlias, cast
from unittest import SkipTest

import anyio
import anyio.lowlevel

from ..connector import NotionConnector, SyncNotionConnector
from ..errors import NotionAgentError
from ..operation import Operation
from ..policy import Policy
from ..ports import Clock, Transport
from ..sandbox import Sandbox
from ..schema import MAX_DESCRIPTION, tool_name
from ..tools import EXECUTE, Toolset
from .fakes import FakeClock, FakeTransport, Rendezvous
from .lint import lint_tool_schema

__all__ = ["AdapterContract", "Advertised", "Step", "ToolCall"]

Connector: TypeAlias = NotionConnector | SyncNotionConnector


@dataclass(frozen=True, slots=True, kw_only=True)
class Advertised:
    """A tool as the framework sends it to a model's provider."""

    name: str
    description: str
    parameters: Mapping[str, Any]
    strict: bool | None = None


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call by a scripted model."""

    name: str
    arguments: Mapping[str, Any]


Step: TypeAlias = ToolCall | Callable[[list[str]], ToolCall]
"""One turn of a scripted model: a call, or a function that makes it from what the model has been shown so far."""

_CANARY = "ntn_CANARY9f3c71"
_INTERNALS = "internals-5d1e-of-a-bug"
_ME: Mapping[str, Any] = {"entity": "users", "action": "get_me"}
_FIRST: Mapping[str, Any] = {"entity": "pages", "action": "list", "params": {"page_size": 1}}
_NOWHERE = "00000000-0000-4000-8000-000000000000"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


class AdapterContract:
    """Tests for an adapter: subclass it in a test module and fill in the five methods."""

    blocking: ClassVar[bool] = True
    """Whether the framework can call a tool blocking inside a running event loop."""

    def build(self, connector: Connector, *, per_operation: bool = False) -> list[Any]:
        """The adapter's tools for a connector."""
        raise NotImplementedError

    def advertised(self, tool: Any) -> Advertised:
        """The tool as the framework sends it to a provider."""
        raise NotImplementedError

    def call(self, tool: Any, arguments: Mapping[str, Any]) -> str:
        """Call the framework's tool directly, blocking, and return its text."""
        raise NotImplementedError

    async def acall(self, tool: Any, arguments: Mapping[str, Any]) -> str:
        """Call the framework's tool directly, awaiting, and return its text."""
        raise NotImplementedError

    def run(self, tools: list[Any], steps: Sequence[Step]) -> list[str]:
        """Run one of the framework's agents with a model that takes these steps, one call each, then ends.

        Allow for 200 steps. Return what the model was shown after each.
        """
        raise NotImplementedError

    def dump(self, tool: Any) -> str:
        """Every text form of a tool, for the search for secrets."""
        return f"{tool!r} {tool} {getattr(tool, '__dict__', '')!r}"

    # The tests.

    def test_tools_are_named_and_described(self) -> None:
        """Names fit every provider, descriptions are one line that every framework takes; strict is left unset."""
        for connector in _both():
            for per_operation in (False, True):
                shown = self._advertised(connector, per_operation=per_operation)
                names = [tool.name for tool in shown]
                assert len(set(names)) == len(names)
                for tool in shown:
                    assert _NAME.fullmatch(tool.name), tool.name
                    assert 0 < len(tool.description) <= MAX_DESCRIPTION, tool.name
                    assert "\n" not in tool.description, tool.name
                    assert tool.strict is None, tool.name

    def test_schemas_are_fit_for_every_provider(self) -> None:
        """``lint_tool_schema`` finds nothing, in either mode and under every policy."""
        for policy in (Policy.read_only(), Policy.full()):
            for per_operation in (False, True):
                connector = NotionConnector.sandbox(policy=policy)
                for tool in self._advertised(connector, per_operation=per_operation):
                    assert not lint_tool_schema(tool.parameters), tool.name

    def test_dispatcher_takes_entity_action_and_free_params(self) -> None:
        """``notion_execute`` advertises two string enums and an open object."""
        [tool] = self._advertised(NotionConnector.sandbox())
        properties = tool.parameters["properties"]
        assert tool.name == EXECUTE
        assert set(properties) == {"entity", "action", "params"}
        assert "pages" in properties["entity"]["enum"]
        assert "list" in properties["action"]["enum"]
        assert properties["params"]["type"] == "object"

    def test_every_operation_is_reachable(self) -> None:
        """Each operation is described, and a call of it arrives."""
        connector = NotionConnector.sandbox(policy=Policy.full())
        expected = Toolset(NotionConnector.sandbox(policy=Policy.full()))
        tools = self.build(connector)
        [shown] = self._advertised(connector)
        calls = [_call(operation) for operation in connector.runner.engine.offered()]
        for call in calls:
            assert call["entity"] in shown.parameters["properties"]["entity"]["enum"]
            assert call["action"] in shown.parameters["properties"]["action"]["enum"]
            assert f"{call['entity']}.{call['action']}" in _told(shown)
        for call, text in zip(calls, self._interleaved(tools, calls), strict=True):
            outcome = expected.call(EXECUTE, call)
            if outcome.error is None:
                assert isinstance(json.loads(text), dict), call
            else:
                _says(text, outcome.error)

    def test_per_operation_gives_one_tool_each(self) -> None:
        """One tool per operation offered, and each can be called."""
        for connector in _both():
            tools = self.build(connector, per_operation=True)
            by_name = {self.advertised(tool).name: tool for tool in tools}
            assert list(by_name) == [tool.name for tool in Toolset(connector, per_operation=True).tools]

            def get(shown: list[str]) -> ToolCall:
                return ToolCall("notion_pages_get", {"page_id": json.loads(shown[-1])["data"][0]["id"]})

            steps: list[Step] = [
                ToolCall("notion_pages_list", {"page_size": 1}),
                get,
                ToolCall("notion_pages_get", {"page": "x"}),
                ToolCall("notion_databases_get", {"database_id": _NOWHERE}),
                ToolCall("notion_users_get_me", {}),
            ]
            listed, page, wrong, missing, me = self.run(tools, steps)
            assert json.loads(page)["id"] == json.loads(listed)["data"][0]["id"]
            assert "page_id" in wrong
            assert _NOWHERE in missing
            assert json.loads(me)["object"] == "user"

    def test_ids_come_from_earlier_results(self) -> None:
        """A model can take an id from one result into the next call."""
        for connector in _both():

            def get(shown: list[str]) -> ToolCall:
                page_id = json.loads(shown[0])["data"][0]["id"]
                return ToolCall(EXECUTE, {"entity": "pages", "action": "get", "params": {"page_id": page_id}})

            listed, page = self.run(self.build(connector), [ToolCall(EXECUTE, _FIRST), get])
            assert json.loads(page)["id"] == json.loads(listed)["data"][0]["id"]

    def test_params_may_come_in_every_shape(self) -> None:
        """As an object, as JSON text of one, null, empty, left out, or beside ``params``."""
        tools = self.build(NotionConnector.sandbox())
        shapes: list[dict[str, Any]] = [{}, {"params": None}, {"params": ""}, {"params": {}}, {"params": "null"}]
        me = [{**_ME, **shape} for shape in shapes]
        sized: list[dict[str, Any]] = [
            {"params": {"page_size": 1}},
            {"params": '{"page_size": 1}'},
            {"page_size": 1},
        ]
        one = [{"entity": "pages", "action": "list", **shape} for shape in sized]
        texts = self.run(tools, [ToolCall(EXECUTE, call) for call in (*me, *one)])
        assert [json.loads(text)["object"] for text in texts[: len(me)]] == ["user"] * len(me)
        assert [len(json.loads(text)["data"]) for text in texts[len(me) :]] == [1] * len(one)

    def test_wrong_calls_are_answered_and_the_run_goes_on(self) -> None:
        """Wrong names and shapes are answered with the nearest right ones, in the core's words."""
        page: dict[str, Any] = {"entity": "pages", "action": "get"}
        calls: dict[str, Mapping[str, Any]] = {
            "'pages'": {"entity": "pagess", "action": "list"},
            "'list'": {"entity": "pages", "action": "lists"},
            "pages.get": {"entity": "pages"},
            "pages: list": {"action": "list"},
            "'page_id'": {**page, "params": {"page_idd": "x"}},
            "page_id is required": page,
            "JSON": {**page, "params": "{page"},
            "an object": {**page, "params": [1]},
            "twice": {**page, "params": {"page_id": "x"}, "page_id": "x"},
            "data_sources": {"entity": 7, "action": None, "params": None},
        }
        for connector in _both():
            texts = self._interleaved(self.build(connector), list(calls.values()))
            toolset = Toolset(connector)
            for (words, call), text in zip(calls.items(), texts, strict=True):
                error = toolset.call(EXECUTE, call).error
                assert error is not None
                assert words in _plain(text), call
                assert _plain(error.hint) in _plain(text), call

    def test_errors_of_notion_reach_the_model(self) -> None:
        """What Notion or the network refuses is shown with the next step, and the run goes on."""
        sandbox, clock = Sandbox.sample(), FakeClock()
        faults = sandbox.faults
        faults.add(status=401, times=1_000, path="/v1/comments")
        faults.add(status=403, times=1_000, path="/v1/databases")
        faults.add(status=429, times=1_000, path="/v1/data_sources", retry_after=1)
        faults.add(status=503, times=1_000, path="/v1/search")
        faults.add(drop=True, times=1_000, path="/v1/blocks")
        calls: list[Mapping[str, Any]] = [
            {"entity": "pages", "action": "get", "params": {"page_id": _NOWHERE}},
            {"entity": "comments", "action": "list", "params": {"block_id": _NOWHERE}},
            {"entity": "databases", "action": "get", "params": {"database_id": _NOWHERE}},
            {"entity": "data_sources", "action": "get", "params": {"data_source_id": _NOWHERE}},
            {"entity": "search", "action": "search"},
            {"entity": "blocks", "action": "get", "params": {"block_id": _NOWHERE}},
        ]
        for connector in _both(sandbox, clock=clock):
            texts = self._interleaved(self.build(connector), calls)
            toolset = Toolset(connector)
            for call, text in zip(calls, texts, strict=True):
                error = toolset.call(EXECUTE, call).error
                assert error is not None
                _says(text, error)

    def test_a_bug_is_not_dressed_up(self) -> None:
        """An exception that is none of ours propagates, or the model is told nothing of its inside."""
        for connector in _both(transport=FakeTransport(ZeroDivisionError(_INTERNALS))):
            try:
                texts = self.run(self.build(connector), [ToolCall(EXECUTE, _ME)])
            except Exception as error:
                if not any(isinstance(cause, ZeroDivisionError) for cause in _causes(error)):
                    raise
            else:
                assert _INTERNALS not in " ".join(texts)

    def test_results_are_json(self) -> None:
        """A direct call answers JSON, never a Python repr, with connectors of both kinds."""
        for connector in _both():
            [tool] = self.build(connector)
            assert len(json.loads(anyio.run(self.acall, tool, _FIRST))["data"]) == 1
            if self.blocking:
                assert len(json.loads(self.call(tool, _FIRST))["data"]) == 1

    def test_blocking_call_inside_a_running_loop(self) -> None:
        """A blocking call works where an event loop is running, in a notebook for instance."""
        if not self.blocking:
            raise SkipTest("the framework does not call tools blocking inside a running loop")

        async def inside(tool: Any) -> list[str]:
            await anyio.lowlevel.checkpoint()
            return [self.call(tool, _ME), self.call(tool, _ME), await self.acall(tool, _ME)]

        for connector in _both():
            [tool] = self.build(connector)
            assert [json.loads(text)["object"] for text in anyio.run(inside, tool)] == ["user"] * 3

    def test_awaited_calls_in_three_loops(self) -> None:
        """One tool serves loop after loop."""
        for connector in _both():
            [tool] = self.build(connector)
            for _ in range(3):
                assert json.loads(anyio.run(self.acall, tool, _ME))["object"] == "user"

    def test_two_awaited_calls_at_a_time(self) -> None:
        """Calls overlap: each request is answered only when both have been sent."""

        async def together(tool: Any) -> list[str]:
            texts: list[str] = []

            async def one() -> None:
                texts.append(await self.acall(tool, _ME))

            async with anyio.create_task_group() as group:
                group.start_soon(one)
                group.start_soon(one)
            return texts

        for connector in _both(transport=Rendezvous(Sandbox.sample().transport())):
            [tool] = self.build(connector)
            assert [json.loads(text)["object"] for text in anyio.run(together, tool)] == ["user"] * 2

    def test_read_only_policy_hides_writes(self) -> None:
        """What a policy forbids is not advertised, and a call of it is refused in words that say who can allow it."""
        for connector in _both():
            self._check_hidden(connector)

    def test_write_policy_hides_what_removes_content(self) -> None:
        """A policy that allows changes shows those, and neither shows nor runs what removes content."""
        for connector in _both(policy=Policy.write()):
            self._check_hidden(connector)
            page = {"page_id": _NOWHERE}
            calls: list[Mapping[str, Any]] = [
                {"entity": "pages", "action": "update", "params": {**page, "in_trash": True}},
                {"entity": "pages", "action": "update", "params": {**page, "erase_content": True}},
            ]
            for text in self._interleaved(self.build(connector), calls):
                assert "Nothing was sent" in text
                assert "Policy.full()" in text

    def _check_hidden(self, connector: Connector) -> None:
        everything = NotionConnector.sandbox(policy=Policy.full()).runner.engine.offered()
        offered = connector.runner.engine.offered()
        hidden = [operation for operation in everything if operation not in offered]
        assert hidden, "the policy hides nothing"
        [shown] = self._advertised(connector)
        told, names = _told(shown), {tool.name for tool in self._advertised(connector, per_operation=True)}
        assert told >= {operation.spec.name for operation in offered}
        assert not told & {operation.spec.name for operation in hidden}
        assert not names & {tool_name(operation) for operation in hidden}
        texts = self._interleaved(self.build(connector), [_call(operation) for operation in hidden])
        for operation, text in zip(hidden, texts, strict=True):
            assert operation.spec.name in text
            assert "Nothing was sent" in text
            assert "Policy." in text

    def test_no_secret_is_told(self) -> None:
        """The token is in no text form of a tool and in nothing that a model is shown."""
        sandbox = Sandbox.sample(token=_CANARY)
        sandbox.faults.add(status=401, times=1_000, path="/v1/comments")
        calls: list[Mapping[str, Any]] = [
            _FIRST,
            {"entity": "comments", "action": "list", "params": {"block_id": _NOWHERE}},
        ]
        for connector in _both(sandbox):
            for per_operation in (False, True):
                for tool in self.build(connector, per_operation=per_operation):
                    assert _CANARY not in self.dump(tool)
            assert _CANARY not in " ".join(self._interleaved(self.build(connector), calls))

    def _advertised(self, connector: Connector, *, per_operation: bool = False) -> list[Advertised]:
        return [self.advertised(tool) for tool in self.build(connector, per_operation=per_operation)]

    def _interleaved(self, tools: list[Any], calls: Sequence[Mapping[str, Any]]) -> list[str]:
        """Run the calls with a good one after each, since frameworks end a run after several bad ones in a row."""
        steps = [step for call in calls for step in (ToolCall(EXECUTE, call), ToolCall(EXECUTE, _ME))]
        texts = self.run(tools, steps)
        assert len(texts) == len(steps), "the run ended early"
        assert all(json.loads(text)["object"] == "user" for text in texts[1::2])
        return texts[::2]


def _both(
    sandbox: Sandbox | None = None,
    *,
    transport: Transport | None = None,
    clock: Clock | None = None,
    policy: Policy | None = None,
) -> Iterator[Connector]:
    """A connector of each kind, on the sandbox unless a transport is given."""
    workspace = sandbox or Sandbox.sample()
    for kind in (NotionConnector, SyncNotionConnector):
        connector = kind.sandbox(workspace, policy=policy)
        runner = connector.runner
        connector.runner = replace(runner, transport=transport or runner.transport, clock=clock or runner.clock)
        yield connector


def _call(operation: type[Operation[Any]]) -> dict[str, Any]:
    """A call of the operation without what it requires, and of lists the shortest."""
    params = {"page_size": 1} if "page_size" in operation.model_fields else {}
    return {"entity": operation.spec.entity, "action": operation.spec.action, "params": params}


def _told(shown: Advertised) -> set[str]:
    """The calls that a description names, as ``entity.action``: it reads ``pages(page_id): get, move(parent); ...``."""
    action = cast("Mapping[str, Any]", shown.parameters["properties"])["action"]
    text = f"{shown.description} {action.get('description', '')}"
    return {
        f"{entity}.{name}"
        for entity, calls in re.findall(r"(\w+)(?:\(\w+\))?: (\w[\w(), ]*+)(?!:)", text)
        for name in re.findall(r"(\w+)(?:\([\w, ]*\))?", calls)
    }


def _plain(text: str) -> str:
    """Without the quoting that a framework may put around an error."""
    return text.replace("\\", "").replace('"', "")


def _says(text: str, error: NotionAgentError) -> None:
    assert _plain(error.message) in _plain(text), text
    assert _plain(error.hint) in _plain(text), text


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for inner in cast("BaseExceptionGroup[BaseException]", error).exceptions:
                yield from _causes(inner)
        error = error.__cause__ or error.__context__
