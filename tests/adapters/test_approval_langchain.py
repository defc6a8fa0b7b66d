"""Approval by LangChain's human-in-the-loop middleware: a call that needs it interrupts the graph."""

from __future__ import annotations

import re
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
    """A chat model that makes these calls, one a turn; one may be made from the text that it was shown last."""

    calls: list[Any] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "script"

    def bind_tools(self, tools: Any, **kwargs: Any) -> Any:
        return self

    def _generate(self, messages: Any, stop: Any = None, run_manager: Any = None, **kwargs: Any) -> ChatResult:
        texts = [str(message.content) for message in messages if isinstance(message, ToolMessage)]
        if len(texts) == len(self.calls):
            return ChatResult(generations=[ChatGeneration(message=AIMessage("done"))])
        call = self.calls[len(texts)]
        made = call(texts[-1]) if callable(call) else call
        message = AIMessage("", tool_calls=[{**made, "id": f"c{len(texts) + 1}", "type": "tool_call"}])
        return ChatResult(generations=[ChatGeneration(message=message)])


def _call(entity: str, action: str, params: Any) -> Any:
    return {"name": "notion_execute", "args": {"entity": entity, "action": action, "params": params}}


class World:
    def __init__(self, *, per_operation: bool, approve: Any, gated: bool = True, calls: Any = None) -> None:
        self.sandbox = Sandbox.sample()
        notion = SyncNotionConnector.sandbox(self.sandbox, policy=Policy.full())
        space = self.sandbox.workspace
        self.page = next(each.id for each in space.pages.values() if space.title(each) == "Security basics")
        toolkit = NotionToolkit(connector=notion, per_operation=per_operation, approve=approve)
        self.agent = agents.create_agent(
            Script(calls=calls or self._calls(per_operation=per_operation)),
            tools=toolkit.get_tools(),
            middleware=toolkit.middleware() if gated else [],
            checkpointer=InMemorySaver(),
        )
        self.thread: Any = {"configurable": {"thread_id": "1"}}

    def _calls(self, *, per_operation: bool) -> list[Any]:
        trash = {"page_id": self.page, "in_trash": True}
        if per_operation:
            return [{"name": "notion_pages_update", "args": trash}]
        return [_call("pages", "update", trash)]

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
    answer = world.resume({"type": "approve"})
    assert "title: Security basics" in answer
    assert "It is in the trash." in answer
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


def _handle(told: str) -> str:
    found = re.search(r"(p\d{9})\|Security basics", told)
    assert found, told
    return found[1]


LISTED = _call("pages", "list", {"query": "Security basics"})


def _delete(told: str) -> Any:
    return _call("pages", "delete", {"page_id": _handle(told)})


def _last(result: Any) -> str:
    return [str(each.content) for each in result["messages"] if isinstance(each, ToolMessage)][-1]


@pytest.mark.parametrize(("decision", "trashed"), [("approve", True), ("reject", False)])
def test_a_handle_is_asked_about_like_an_id(decision: str, trashed: bool) -> None:
    world = World(per_operation=False, approve=needs_approval, calls=[LISTED, _delete])
    assert len(world.start()["__interrupt__"][0].value["action_requests"]) == 1
    assert not world.trashed
    world.resume({"type": decision})
    assert world.trashed is trashed


def test_a_handle_is_asked_about_with_the_tools_of_operations_too() -> None:
    listed = {"name": "notion_pages_list", "args": {"query": "Security basics"}}

    def trash(told: str) -> Any:
        return {"name": "notion_pages_update", "args": {"page_id": _handle(told), "in_trash": True}}

    world = World(per_operation=True, approve=removes_content, calls=[listed, trash])
    assert "__interrupt__" in world.start()
    assert not world.trashed
    world.resume({"type": "approve"})
    assert world.trashed


def test_a_handle_without_the_middleware_is_refused() -> None:
    world = World(per_operation=False, approve=needs_approval, gated=False, calls=[LISTED, _delete])
    assert "needs a person's approval" in _last(world.start())
    assert not world.trashed


@pytest.mark.parametrize("gated", [True, False])
def test_a_title_does_not_go_round_the_person(gated: bool) -> None:
    write = _call("pages", "delete", {"page_id": "Security basics"})
    world = World(per_operation=False, approve=needs_approval, gated=gated, calls=[write])
    assert re.search(r"Call again with the id: p\d{9}", _last(world.start()))
    assert not world.trashed
    read = _call("pages", "read", {"page_id": "Travel expense policy"})
    world = World(per_operation=False, approve=lambda *_: True, gated=gated, calls=[read])
    begun = world.start()
    if gated:
        assert "Travel expense policy" in begun["__interrupt__"][0].value["action_requests"][0]["description"]
        assert "Not now." in world.resume({"type": "reject", "message": "Not now."})
    else:
        assert "approval_required" in _last(begun)
    assert not any(each.path.endswith(("/search", "/markdown")) for each in world.sandbox.requests)


def _listed_and_deleted() -> list[Any]:
    """A search and a deletion in one message: the handle becomes known while the calls run."""
    found = NotionToolkit(connector=SyncNotionConnector.sandbox()).get_tools()[0].invoke(LISTED["args"])
    return [LISTED, _call("pages", "delete", {"page_id": _handle(found)})]


class Both(Script):
    """Makes all its calls in one message."""

    def _generate(self, messages: Any, stop: Any = None, run_manager: Any = None, **kwargs: Any) -> ChatResult:
        if any(isinstance(message, ToolMessage) for message in messages):
            return ChatResult(generations=[ChatGeneration(message=AIMessage("done"))])
        calls = [{**call, "id": f"c{number}", "type": "tool_call"} for number, call in enumerate(self.calls)]
        return ChatResult(generations=[ChatGeneration(message=AIMessage("", tool_calls=calls))])


def _agent(notion: Any, saver: Any, calls: list[Any]) -> Any:
    toolkit = NotionToolkit(connector=notion, approve=needs_approval)
    tools, asking = toolkit.get_tools(), toolkit.middleware()
    return agents.create_agent(Both(calls=calls), tools=tools, middleware=asking, checkpointer=saver)


def test_a_handle_known_from_elsewhere_is_asked_about_and_a_rejection_holds() -> None:
    """Also where the run goes on in another process, which knows no handle."""
    world = World(per_operation=False, approve=needs_approval)
    notion = SyncNotionConnector.sandbox(world.sandbox, policy=Policy.full())
    saver, calls = InMemorySaver(), _listed_and_deleted()
    begun = _agent(notion, saver, calls).invoke({"messages": [("user", "go")]}, world.thread)
    assert len(begun["__interrupt__"][0].value["action_requests"]) == 1
    again = _agent(notion, saver, calls)
    again.invoke(Command(resume={"decisions": [{"type": "reject", "message": "No."}]}), world.thread)
    assert not world.trashed


def test_tools_that_are_used_without_their_middleware_ask_nobody_and_write_nothing() -> None:
    world = World(per_operation=False, approve=needs_approval)
    notion = SyncNotionConnector.sandbox(world.sandbox, policy=Policy.full())
    toolkit = NotionToolkit(connector=notion, approve=needs_approval)
    toolkit.middleware()
    told = toolkit.get_tools()[0].invoke({"entity": "pages", "action": "delete", "params": {"page_id": world.page}})
    assert "needs a person's approval" in told
    assert not world.trashed
