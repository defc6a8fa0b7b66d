"""``AdapterContract``: the tests that every adapter passes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast
from unittest import SkipTest

import anyio
import anyio.lowlevel

from ..connector import NotionConnector
from ..operation import Operation
from ..policy import Policy
from ..sandbox import Sandbox
from ..schema import DESCRIBE, MAX_DESCRIPTION, tool_name
from ..tools import EXECUTE, Toolset
from .contract_answers import AnswersContract
from .contract_errors import ErrorsContract
from .fakes import Rendezvous
from .harness import FIRST, ME, NOWHERE, Advertised, Connector, Fenced, Step, ToolCall, both, expected, handle_in, says
from .lint import lint_tool_schema

__all__ = ["AdapterContract"]

_CANARY = "ntn_CANARY9f3c71"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


class AdapterContract(AnswersContract, ErrorsContract):
    """Tests for an adapter: subclass it in a test module and fill in the five methods."""

    def test_tools_are_named_and_described(self) -> None:
        """Names fit every provider, descriptions are one line that every framework takes; strict is left unset."""
        for connector in both():
            for per_operation in (False, True):
                shown = self.all_advertised(connector, per_operation=per_operation)
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
                for tool in self.all_advertised(connector, per_operation=per_operation):
                    assert not lint_tool_schema(tool.parameters), tool.name

    def test_dispatcher_takes_entity_action_and_free_params(self) -> None:
        """``notion_execute`` advertises two string enums and an open object."""
        [tool] = self.all_advertised(NotionConnector.sandbox())
        properties = tool.parameters["properties"]
        assert tool.name == EXECUTE
        assert set(properties) == {"entity", "action", "params"}
        assert "pages" in properties["entity"]["enum"]
        assert {"list", DESCRIBE} <= set(properties["action"]["enum"])
        assert "more" in properties["params"]["description"]
        assert properties["params"]["type"] == "object"

    def test_every_operation_is_reachable(self) -> None:
        """Each operation is described, and a call of it arrives."""
        connector = NotionConnector.sandbox(policy=Policy.full())
        core = Toolset(NotionConnector.sandbox(policy=Policy.full()))
        tools = self.build(connector)
        [shown] = self.all_advertised(connector)
        calls = [_call(operation) for operation in connector.runner.engine.offered()]
        for call in calls:
            assert call["entity"] in shown.parameters["properties"]["entity"]["enum"]
            assert call["action"] in shown.parameters["properties"]["action"]["enum"]
            assert f"{call['entity']}.{call['action']}" in _told(shown)
        for call, text in zip(calls, self.interleaved(tools, calls), strict=True):
            outcome = core.call(EXECUTE, call)
            if outcome.error is None:
                assert text == outcome.text, call
            else:
                says(text, outcome.error)

    def test_per_operation_gives_one_tool_each(self) -> None:
        """One tool per operation offered, and each can be called."""
        for connector in both():
            tools = self.build(connector, per_operation=True)
            by_name = {self.advertised(tool).name: tool for tool in tools}
            assert list(by_name) == [tool.name for tool in Toolset(connector, per_operation=True).tools]

            def get(shown: list[str]) -> ToolCall:
                return ToolCall("notion_pages_get", {"page_id": handle_in(shown[-1])})

            steps: list[Step] = [
                ToolCall("notion_pages_list", {"page_size": 1}),
                get,
                ToolCall("notion_pages_get", {"size": "x"}),
                ToolCall("notion_databases_get", {"database_id": NOWHERE}),
                ToolCall("notion_users_get_me", {}),
            ]
            listed, page, wrong, missing, me = self.run(tools, steps)
            assert Fenced.of(page).source == f"page {handle_in(listed)}"
            assert "page_id is required" in wrong
            assert NOWHERE in missing
            assert Fenced.of(me).source == "user"

    def test_params_may_come_in_every_shape(self) -> None:
        """As an object, as JSON text of one, null, empty, left out, or beside ``params``."""
        tools = self.build(NotionConnector.sandbox())
        shapes: list[dict[str, Any]] = [{}, {"params": None}, {"params": ""}, {"params": {}}, {"params": "null"}]
        me = [{**ME, **shape} for shape in shapes]
        sized: list[dict[str, Any]] = [
            {"params": {"page_size": 1}},
            {"params": '{"page_size": 1}'},
            {"page_size": 1},
        ]
        one = [{"entity": "pages", "action": "list", **shape} for shape in sized]
        texts = self.run(tools, [ToolCall(EXECUTE, call) for call in (*me, *one)])
        fresh = NotionConnector.sandbox()
        assert texts[: len(me)] == [expected(fresh, ME).text] * len(me)
        assert texts[len(me) :] == [expected(fresh, FIRST).text] * len(one)

    def test_blocking_call_inside_a_running_loop(self) -> None:
        """A blocking call works where an event loop is running, in a notebook for instance."""
        if not self.blocking:
            raise SkipTest("the framework does not call tools blocking inside a running loop")

        async def inside(tool: Any) -> list[str]:
            await anyio.lowlevel.checkpoint()
            return [self.call(tool, ME), self.call(tool, ME), await self.acall(tool, ME)]

        for connector in both():
            [tool] = self.build(connector)
            assert anyio.run(inside, tool) == [expected(connector, ME).text] * 3

    def test_awaited_calls_in_three_loops(self) -> None:
        """One tool serves loop after loop."""
        for connector in both():
            [tool] = self.build(connector)
            for _ in range(3):
                assert anyio.run(self.acall, tool, ME) == expected(connector, ME).text

    def test_two_awaited_calls_at_a_time(self) -> None:
        """Calls overlap: each request is answered only when both have been sent."""

        async def together(tool: Any) -> list[str]:
            texts: list[str] = []

            async def one() -> None:
                texts.append(await self.acall(tool, ME))

            async with anyio.create_task_group() as group:
                group.start_soon(one)
                group.start_soon(one)
            return texts

        told = expected(NotionConnector.sandbox(), ME).text
        for connector in both(transport=Rendezvous(Sandbox.sample().transport())):
            [tool] = self.build(connector)
            assert anyio.run(together, tool) == [told] * 2

    def test_read_only_policy_hides_writes(self) -> None:
        """What a policy forbids is not advertised, and a call of it is refused in words that say who can allow it."""
        for connector in both():
            self._check_hidden(connector)

    def test_write_policy_hides_what_removes_content(self) -> None:
        """A policy that allows changes shows those, and neither shows nor runs what removes content."""
        for connector in both(policy=Policy.write()):
            self._check_hidden(connector)
            page = {"page_id": NOWHERE}
            calls: list[Mapping[str, Any]] = [
                {"entity": "pages", "action": "update", "params": {**page, "in_trash": True}},
                {"entity": "pages", "action": "update", "params": {**page, "erase_content": True}},
            ]
            for text in self.interleaved(self.build(connector), calls):
                assert "Nothing was sent" in text
                assert "Policy.full()" in text

    def _check_hidden(self, connector: Connector) -> None:
        everything = NotionConnector.sandbox(policy=Policy.full()).runner.engine.offered()
        offered = connector.runner.engine.offered()
        hidden = [operation for operation in everything if operation not in offered]
        assert hidden, "the policy hides nothing"
        [shown] = self.all_advertised(connector)
        told, names = _told(shown), {tool.name for tool in self.all_advertised(connector, per_operation=True)}
        assert told >= {operation.spec.name for operation in offered}
        assert not told & {operation.spec.name for operation in hidden}
        assert not names & {tool_name(operation) for operation in hidden}
        texts = self.interleaved(self.build(connector), [_call(operation) for operation in hidden])
        for operation, text in zip(hidden, texts, strict=True):
            assert operation.spec.name in text
            assert "Nothing was sent" in text
            assert "Policy." in text

    def test_no_secret_is_told(self) -> None:
        """The token is in no text form of a tool and in nothing that a model is shown."""
        sandbox = Sandbox.sample(token=_CANARY)
        sandbox.faults.add(status=401, times=1_000, path="/v1/comments")
        calls: list[Mapping[str, Any]] = [
            FIRST,
            {"entity": "comments", "action": "list", "params": {"block_id": NOWHERE}},
        ]
        for connector in both(sandbox):
            for per_operation in (False, True):
                for tool in self.build(connector, per_operation=per_operation):
                    assert _CANARY not in self.dump(tool)
            assert _CANARY not in " ".join(self.interleaved(self.build(connector), calls))


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
