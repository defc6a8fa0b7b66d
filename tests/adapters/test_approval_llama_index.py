"""Approval by LlamaIndex's events: a call that needs it asks with one and waits for another."""

from __future__ import annotations

import importlib
import re
from typing import Any

import anyio
import pytest

from airbyte_agent_notion import NotionConnector, Policy, Toolset
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.testing import ToolCall
from airbyte_agent_notion.tools import needs_approval, removes_content

pytest.importorskip("llama_index.core", reason="llama-index-core is not installed")

from llama_index.core.agent.workflow import FunctionAgent
from llama_index.core.workflow import HumanResponseEvent, InputRequiredEvent

from airbyte_agent_notion_adapters.llama_index import NotionToolSpec, notion_tools

script = importlib.import_module("llama_index_script")

# LlamaIndex' own: it reads every attribute of an agent, pydantic's deprecated ones included.
pytestmark = [
    pytest.mark.filterwarnings("ignore::pydantic.warnings.PydanticDeprecationWarning"),
    pytest.mark.filterwarnings("ignore:is_running called from within a step:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:ServiceManager is deprecated:DeprecationWarning"),
]


def _call(action: str, **params: Any) -> ToolCall:
    return ToolCall("notion_execute", {"entity": "pages", "action": action, "params": params})


class World:
    def __init__(self) -> None:
        self.sandbox = Sandbox.sample()
        self.notion = NotionConnector.sandbox(self.sandbox, policy=Policy.full())
        space = self.sandbox.workspace
        self.page = next(each.id for each in space.pages.values() if space.title(each) == "Security basics")

    @property
    def trashed(self) -> bool:
        return self.sandbox.workspace.pages[self.page].trashed

    def run(self, tools: list[Any], answers: list[str], actions: tuple[str, ...] = ("get", "delete")) -> Any:
        """What was asked, and what the model was shown."""
        return self.steps(tools, answers, [_call(each, page_id=self.page) for each in actions])

    def steps(self, tools: list[Any], answers: list[str], steps: list[Any]) -> Any:
        """The same for any calls."""
        llm = script.Script(steps=steps)
        asked: list[Any] = []

        async def main() -> None:
            handler = FunctionAgent(name="a", description="a", tools=tools, llm=llm).run(user_msg="go")
            async for event in handler.stream_events():
                if isinstance(event, InputRequiredEvent):
                    asked.append(event)
                    said = answers.pop(0)
                    handler.ctx.send_event(HumanResponseEvent(response=said, call_id=event.call_id))
            await handler

        anyio.run(main)
        return asked, llm._texts


def test_an_approved_call_runs_once() -> None:
    world = World()
    asked, texts = world.run(notion_tools(world.notion, approve=needs_approval), ["yes"])
    assert [event.call for event in asked] == ["pages.delete"]
    assert asked[0].params == {"page_id": world.page}
    assert asked[0].prefix.startswith("Allow pages.delete (destructive)")
    assert world.trashed
    assert len(texts) == 2
    assert [each.method for each in world.sandbox.requests].count("PATCH") == 1


def test_a_refused_call_does_not_run_and_the_model_is_told() -> None:
    world = World()
    tools = NotionToolSpec(world.notion, approve=removes_content).to_tool_list()
    _, texts = world.run(tools, ["No, keep that page"])
    assert not world.trashed
    assert "pages.delete was not approved: No, keep that page. Nothing was sent." in texts[-1]


def test_the_same_call_is_asked_again_when_it_comes_again() -> None:
    world = World()
    tools = notion_tools(world.notion, approve=removes_content)
    asked, texts = world.run(tools, ["no", "yes"], ("delete", "get", "delete"))
    assert len(asked) == 2
    assert "was not approved. Nothing was sent" in texts[0]
    assert world.trashed


def test_a_plain_callable_is_asked_by_the_core() -> None:
    world = World()
    toolset = Toolset(world.notion, approve=removes_content, ask=lambda _: False)
    asked, texts = world.run(notion_tools(toolset), [])
    assert asked == []
    assert "pages.delete was not approved. Nothing was sent." in texts[-1]
    assert not world.trashed


def _delete_listed(texts: list[str]) -> ToolCall:
    found = re.search(r"(p\d{9})\|Security basics", texts[-1])
    assert found, texts
    return _call("delete", page_id=found[1])


@pytest.mark.parametrize(("answer", "trashed"), [("yes", True), ("no", False)])
def test_a_handle_is_asked_about_with_its_id(answer: str, trashed: bool) -> None:
    world = World()
    tools = notion_tools(world.notion, approve=needs_approval)
    asked, _ = world.steps(tools, [answer], [_call("list", query="Security basics"), _delete_listed])
    assert [event.params for event in asked] == [{"page_id": world.page}]
    assert world.trashed is trashed


def test_a_title_does_not_go_round_the_person() -> None:
    world = World()
    steps = [_call("delete", page_id="Security basics"), _call("read", page_id="Travel expense policy")]
    asked, texts = world.steps(notion_tools(world.notion, approve=lambda *_: True), ["no"], steps)
    assert [event.params for event in asked] == [{"page_id": "Travel expense policy"}]
    assert "what writes takes an id" in texts[0]
    assert not world.trashed
    assert "not_approved" in texts[1] or "not approved" in texts[1]
    assert "travel expense limit" not in texts[1]


def test_asking_tools_go_on_and_describe() -> None:
    world = World()

    def more(texts: list[str]) -> ToolCall:
        found = re.search(r'"(m\d{9})"', texts[0])
        assert found, texts
        return _call("list", more=found[1])

    tools = notion_tools(world.notion, approve=needs_approval)
    asked, texts = world.steps(tools, [], [_call("list", page_size=1), more, _call("describe")])
    assert asked == []
    assert texts[1].startswith('<notion-data source="pages found"')
    assert texts[1] != texts[0]
    assert "pages.delete (removes): " in texts[2]
