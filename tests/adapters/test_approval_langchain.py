"""Approval by LangChain's human-in-the-loop middleware: a call that needs it interrupts the graph."""

from __future__ import annotations

from typing import Any

import pytest

from airbyte_agent_notion import Policy, SyncNotionConnector
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.tools import needs_approval, removes_content

pytest.importorskip("langchain_core", reason="langchain-core is not installed")
agents = pytest.importorskip("langchain.agents", reason="langchain is not installed")

from langchain_core.language_models import BaseChatModel  # noqa: E402
from langchain_core.messages import AIMessage, ToolMessage  # noqa: E402
from langchain_core.outputs import ChatGeneration, ChatResult  # noqa: E402
from langgraph.checkpoint.memory import InMemorySaver  # noqa: E402
from langgraph.types import Command  # noqa: E402
from pydantic import Field  # noqa: E402

from airbyte_agent_notion_adapters.langchain import NotionToolkit  # noqa: E402


class Script(BaseChatModel):
    """A chat model whose first turn makes these calls, and whose second ends."""

    calls: list[Any] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "script"

    def bind_tools(self, tools: Any, **kwargs: Any) -> Any:
        return self

    def _generate(self, messages: Any, stop: Any = None, run_manager: Any = None, **kwargs: Any) -> ChatResult:
        done = any(isinstance(message, ToolMessage) for message in messages)
        message = AIMessage("done") if done else AIMessage("", tool_calls=self.calls)
        return ChatResult(generations=[ChatGeneration(message=message)])


class World:
    def __init__(self, *, per_operation: bool, approve: Any, gated: bool = True) -> None:
        self.sandbox = Sandbox.sample()
        notion = SyncNotionConnector.sandbox(self.sandbox, policy=Policy.full())
        space = self.sandbox.workspace
        self.page = next(each.id for each in space.pages.values() if space.title(each) == "Security basics")
        toolkit = NotionToolkit(connector=notion, per_operation=per_operation, approve=approve)
        self.agent = agents.create_agent(
            Script(calls=self._calls(per_operation=per_operation)),
            tools=toolkit.get_tools(),
            middleware=toolkit.middleware() if gated else [],
            checkpointer=InMemorySaver(),
        )
        self.thread: Any = {"configurable": {"thread_id": "1"}}

    def _calls(self, *, per_operation: bool) -> list[Any]:
        trash = {"page_id": self.page, "in_trash": True}
        if per_operation:
            return [{"name": "notion_pages_update", "args": trash, "id": "c1", "type": "tool_call"}]
        args = {"entity": "pages", "action": "update", "params": trash}
        return [{"name": "notion_execute", "args": args, "id": "c1", "type": "tool_call"}]

    @property
    def trashed(self) -> bool:
        return self.sandbox.workspace.pages[self.page].trashed

    def start(self) -> Any:
        return self.agent.invoke({"messages": [("user", "go")]}, self.thread)

    def resume(self, *decisions: Any) -> str:
        result = self.agent.invoke(Command(resume={"decisions": list(decisions)}), self.thread)
        return next(str(each.content) for each in result["messages"] if isinstance(each, ToolMessage))


@pytest.mark.parametrize("per_operation", [False, True])
def test_an_approved_call_runs(per_operation: bool) -> None:
    world = World(per_operation=per_operation, approve=removes_content)
    asked = world.start()["__interrupt__"][0].value["action_requests"]
    assert len(asked) == 1
    assert not world.trashed
    assert world.page in world.resume({"type": "approve"})
    assert world.trashed


@pytest.mark.parametrize("per_operation", [False, True])
def test_a_refused_call_does_not_run_and_the_model_is_told(per_operation: bool) -> None:
    world = World(per_operation=per_operation, approve=needs_approval)
    world.start()
    assert "Keep that page." in world.resume({"type": "reject", "message": "Keep that page."})
    assert not world.trashed


def test_an_edited_call_runs_as_the_person_wrote_it() -> None:
    world = World(per_operation=True, approve=needs_approval)
    world.start()
    other = {"name": "notion_pages_update", "args": {"page_id": world.page, "is_locked": True}}
    world.resume({"type": "edit", "edited_action": other})
    assert not world.trashed
    assert world.sandbox.workspace.pages[world.page].locked


def test_calls_that_need_no_approval_run_at_once() -> None:
    world = World(per_operation=False, approve=lambda entity, *_: entity == "comments")
    assert "__interrupt__" not in world.start()
    assert world.trashed


def test_without_the_middleware_such_a_call_is_refused() -> None:
    world = World(per_operation=False, approve=needs_approval, gated=False)
    answer = next(str(each.content) for each in world.start()["messages"] if isinstance(each, ToolMessage))
    assert "needs a person's approval" in answer
    assert not world.trashed
