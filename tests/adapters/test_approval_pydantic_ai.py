"""Approval by Pydantic AI's deferred tools: a call that needs it ends the run, and is resumed with a person's word."""

from __future__ import annotations

import re
from typing import Any

import anyio
import pytest

from airbyte_agent_notion import NotionConnector, Policy, Toolset
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.tools import needs_approval, removes_content

pydantic_ai = pytest.importorskip("pydantic_ai", reason="pydantic-ai-slim is not installed")

from pydantic_ai import Agent, DeferredToolRequests, DeferredToolResults, ToolDenied  # noqa: E402
from pydantic_ai.messages import ModelResponse, TextPart, ToolCallPart, ToolReturnPart  # noqa: E402
from pydantic_ai.models.function import FunctionModel  # noqa: E402

from airbyte_agent_notion_adapters.pydantic_ai import NotionToolset, notion_tools  # noqa: E402


class World:
    def __init__(self) -> None:
        self.sandbox = Sandbox.sample()
        self.notion = NotionConnector.sandbox(self.sandbox, policy=Policy.full())
        space = self.sandbox.workspace
        self.page = next(each.id for each in space.pages.values() if space.title(each) == "Security basics")

    @property
    def trashed(self) -> bool:
        return self.sandbox.workspace.pages[self.page].trashed

    def calls(self) -> list[ToolCallPart]:
        read = {"entity": "pages", "action": "get", "params": {"page_id": self.page}}
        trash = {"entity": "pages", "action": "update", "params": {"page_id": self.page, "in_trash": True}}
        return [ToolCallPart("notion_execute", read, "c1"), ToolCallPart("notion_execute", trash, "c2")]


def _by_toolset(world: World, approve: Any) -> dict[str, Any]:
    return {"toolsets": [NotionToolset(world.notion, approve=approve)]}


def _by_tools(world: World, approve: Any) -> dict[str, Any]:
    return {"tools": notion_tools(world.notion, approve=approve)}


def _story(world: World, options: dict[str, Any], answer: Any) -> tuple[Any, list[Any]]:
    """The run up to the question, then on with the answer: what was asked, and what the model was shown."""
    return _told(options, [world.calls()], answer, lambda: not world.trashed)


def _told(options: dict[str, Any], steps: list[Any], answer: Any, waits: Any) -> tuple[Any, list[Any]]:
    """The same for any steps; one may be made from the text that the model was shown last."""
    seen: list[Any] = []

    def reply(messages: list[Any], _: Any) -> ModelResponse:
        seen[:] = [part for message in messages for part in message.parts if isinstance(part, ToolReturnPart)]
        step = steps.pop(0) if steps else [TextPart("done")]
        return ModelResponse(parts=step(str(seen[-1].content)) if callable(step) else step)

    async def main() -> Any:
        agent = Agent(FunctionModel(reply), output_type=[str, DeferredToolRequests], **options)
        first = await agent.run("go")
        asked = first.output
        if isinstance(asked, DeferredToolRequests):
            assert waits()
            results = DeferredToolResults(approvals={call.tool_call_id: answer for call in asked.approvals})
            await agent.run(message_history=first.all_messages(), deferred_tool_results=results)
        return asked

    return anyio.run(main), seen


@pytest.mark.parametrize("way", [_by_toolset, _by_tools])
def test_an_approved_call_runs(way: Any) -> None:
    world = World()
    asked, seen = _story(world, way(world, needs_approval), answer=True)
    assert [call.tool_call_id for call in asked.approvals] == ["c2"]
    assert world.trashed
    assert [part.tool_call_id for part in seen] == ["c1", "c2"]


@pytest.mark.parametrize("way", [_by_toolset, _by_tools])
def test_a_refused_call_does_not_run_and_the_model_is_told(way: Any) -> None:
    world = World()
    _, seen = _story(world, way(world, removes_content), answer=ToolDenied("Keep that page."))
    assert not world.trashed
    assert "Keep that page." in str(seen[-1].content)


@pytest.mark.parametrize("way", [_by_toolset, _by_tools])
def test_without_the_option_nothing_is_asked(way: Any) -> None:
    world = World()
    asked, _ = _story(world, way(world, None), answer=True)
    assert asked == "done"
    assert world.trashed


def test_a_plain_callable_is_asked_by_the_core() -> None:
    world = World()
    asked: list[str] = []

    async def ask(call: Any) -> str:
        asked.append(call.question)
        return "Not on a Friday."

    toolset = Toolset(world.notion, approve=removes_content, ask=ask)
    output, seen = _story(world, {"tools": notion_tools(toolset)}, answer=True)
    assert output == "done"
    assert not world.trashed
    assert "was not approved: Not on a Friday. Nothing was sent." in str(seen[-1].content)
    assert asked[0].startswith("Allow pages.update (destructive) with {")


def _call(action: str, **params: Any) -> list[ToolCallPart]:
    return [ToolCallPart("notion_execute", {"entity": "pages", "action": action, "params": params})]


def _delete_listed(told: str) -> list[ToolCallPart]:
    found = re.search(r"(p\d{9})\|Security basics", told)
    assert found, told
    return _call("delete", page_id=found[1])


def _by_runs(world: World, approve: Any) -> dict[str, Any]:
    """With the connector taken from the run."""
    return {"toolsets": [NotionToolset(lambda _: world.notion, approve=approve)]}


@pytest.mark.parametrize("way", [_by_toolset, _by_tools, _by_runs])
@pytest.mark.parametrize("answer", [True, False])
def test_a_handle_is_asked_about_like_an_id(way: Any, answer: bool) -> None:
    world = World()
    steps = [_call("list", query="Security basics"), _delete_listed]
    asked, _ = _told(way(world, needs_approval), steps, answer, lambda: not world.trashed)
    assert len(asked.approvals) == 1
    assert world.trashed is answer


@pytest.mark.parametrize("way", [_by_toolset, _by_tools, _by_runs])
def test_a_title_does_not_go_round_the_person(way: Any) -> None:
    world = World()
    output, _ = _told(way(world, needs_approval), [_call("delete", page_id="Security basics")], True, bool)
    assert output == "done"
    assert not world.trashed
    before = len(world.sandbox.requests)
    read = [_call("read", page_id="Travel expense policy")]
    nothing_sent = lambda: world.sandbox.requests[before:] == []  # noqa: E731
    output, seen = _told(way(world, lambda *_: True), read, False, nothing_sent)
    assert [call.tool_name for call in output.approvals] == ["notion_execute"]
    assert "travel expense limit" not in str(seen)
    assert nothing_sent()
