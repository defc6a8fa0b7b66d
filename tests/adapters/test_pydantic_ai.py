import json
import re
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import anyio
import pytest

from airbyte_agent_notion import NotionConnector, Policy, SyncNotionConnector, Toolset
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.testing import AdapterContract, Advertised, ToolCall

pydantic_ai = pytest.importorskip("pydantic_ai", reason="pydantic-ai-slim is not installed")

from pydantic_ai import Agent, UnexpectedModelBehavior  # noqa: E402
from pydantic_ai.messages import ModelRequest, ModelResponse, RetryPromptPart, TextPart, ToolCallPart  # noqa: E402
from pydantic_ai.messages import ToolReturnPart as Returned  # noqa: E402
from pydantic_ai.models.function import AgentInfo, FunctionModel  # noqa: E402
from pydantic_ai.models.test import TestModel  # noqa: E402

from airbyte_agent_notion_adapters import pydantic_ai as adapter  # noqa: E402

ME = {"entity": "users", "action": "get_me"}
ME_TEXT = Toolset(SyncNotionConnector.sandbox()).call("notion_execute", ME).text


def shown(messages: list[Any]) -> list[str]:
    """What the model was shown of its calls."""
    texts: list[str] = []
    for message in messages:
        for part in message.parts if isinstance(message, ModelRequest) else []:
            if isinstance(part, Returned):
                texts.append(part.model_response_str())
            elif isinstance(part, RetryPromptPart):
                texts.append(part.model_response())
    return texts


class Script:
    """A model that takes scripted steps, recording what tools it is offered."""

    def __init__(self, steps: Any) -> None:
        self.steps = list(steps)
        self.offered: list[Any] = []
        self.texts: list[str] = []

    def reply(self, messages: list[Any], info: AgentInfo) -> ModelResponse:
        self.offered = list(info.function_tools)
        self.texts = shown(messages)
        if not self.steps:
            return ModelResponse(parts=[TextPart("done")])
        step = self.steps.pop(0)
        call = step if isinstance(step, ToolCall) else step(self.texts)
        return ModelResponse(parts=[ToolCallPart(call.name, json.dumps(dict(call.arguments)))])


def run(agent: Agent[Any, Any], steps: Any, **options: Any) -> Script:
    script = Script(steps)
    limits = pydantic_ai.UsageLimits(request_limit=500)

    async def main() -> None:
        await agent.run("go", model=FunctionModel(script.reply), usage_limits=limits, **options)

    anyio.run(main)
    return script


class TestTools(AdapterContract):
    blocking = False

    def build(self, connector: Any, *, per_operation: bool = False) -> list[Any]:
        return adapter.notion_tools(connector, per_operation=per_operation)

    def agent(self, tools: list[Any]) -> Agent[Any, Any]:
        return Agent(tools=tools)

    def advertised(self, tool: Any) -> Advertised:
        [definition] = run(self.agent([tool]), []).offered
        return Advertised(
            name=definition.name,
            description=definition.description or "",
            parameters=definition.parameters_json_schema,
            strict=definition.strict,
        )

    async def acall(self, tool: Any, arguments: Any) -> str:
        script = Script([ToolCall(tool.name, arguments)])
        await self.agent([tool]).run("go", model=FunctionModel(script.reply))
        return script.texts[-1]

    def run(self, tools: list[Any], steps: Any) -> list[str]:
        return run(self.agent(tools), steps).texts


class TestFunction(TestTools):
    """``agent.tool_plain``."""

    def build(self, connector: Any, *, per_operation: bool = False) -> list[Any]:
        if per_operation:
            return super().build(connector, per_operation=True)
        return [adapter.notion_execute(connector)]

    def agent(self, tools: list[Any]) -> Agent[Any, Any]:
        if isinstance(tools[0], pydantic_ai.Tool):
            return super().agent(tools)
        agent: Agent[Any, Any] = Agent()
        agent.tool_plain(retries=3)(tools[0])
        return agent

    async def acall(self, tool: Any, arguments: Any) -> str:
        return await tool(**arguments)


@dataclass
class Deps:
    notion: Any


class TestToolset(AdapterContract):
    """``NotionToolset`` with the connector taken from the run's deps; a tool is (toolset, name, connector) here."""

    blocking = False

    def build(self, connector: Any, *, per_operation: bool = False) -> list[Any]:
        toolset: Any = adapter.NotionToolset[Deps](lambda ctx: ctx.deps.notion, per_operation=per_operation)
        context: Any = SimpleNamespace(deps=Deps(connector))
        names = anyio.run(toolset.get_tools, context)
        return [SimpleNamespace(toolset=toolset, name=name, connector=connector) for name in names]

    def go(self, tool: Any, steps: Any) -> Script:
        agent = Agent(deps_type=Deps, toolsets=[tool.toolset])
        return run(agent, steps, deps=Deps(tool.connector))

    def advertised(self, tool: Any) -> Advertised:
        definition = next(item for item in self.go(tool, []).offered if item.name == tool.name)
        return Advertised(
            name=definition.name,
            description=definition.description or "",
            parameters=definition.parameters_json_schema,
            strict=definition.strict,
        )

    async def acall(self, tool: Any, arguments: Any) -> str:
        context: Any = SimpleNamespace(deps=Deps(tool.connector))
        return await tool.toolset.call_tool(tool.name, dict(arguments), context, None)

    def run(self, tools: list[Any], steps: Any) -> list[str]:
        return self.go(tools[0], steps).texts


def test_params_stay_open_for_every_provider():
    [tool] = adapter.notion_tools(NotionConnector.sandbox())
    assert tool.tool_def.parameters_json_schema["properties"]["params"]["additionalProperties"] is True
    assert tool.tool_def.parameters_json_schema["required"] == ["entity", "action"]


def test_toolset_serves_each_run_with_its_own_connector():
    agent = Agent(deps_type=Deps, toolsets=[adapter.NotionToolset[Deps](lambda ctx: ctx.deps.notion)])
    sandboxes = [Sandbox.sample(), Sandbox.sample()]
    for sandbox in sandboxes:
        run(agent, [ToolCall("notion_execute", ME)], deps=Deps(NotionConnector.sandbox(sandbox)))
    assert [len(sandbox.requests) for sandbox in sandboxes] == [1, 1]


LISTED = ToolCall("notion_execute", {"entity": "pages", "action": "list", "params": {"page_size": 1}})


def get(handle: str) -> ToolCall:
    return ToolCall("notion_execute", {"entity": "pages", "action": "get", "params": {"page_id": handle}})


def get_listed(texts: list[str]) -> ToolCall:
    return get(re.findall(r"\bp\d{9}\b", texts[0])[0])


def test_each_user_s_runs_are_a_conversation():
    """The next run of a user knows what the last one was shown; another user's does not, though the ids are equal."""
    agent = Agent(deps_type=Deps, toolsets=[adapter.NotionToolset[Deps](lambda ctx: ctx.deps.notion)])
    ann, bob = Deps(NotionConnector.sandbox()), Deps(NotionConnector.sandbox())
    listed, got = run(agent, [LISTED, get_listed], deps=ann).texts
    [again] = run(agent, [get_listed([listed])], deps=ann).texts
    [other] = run(agent, [get_listed([listed])], deps=bob).texts
    assert got.startswith('<notion-data source="page p')
    assert again == got
    assert "is no handle of this conversation" in other


def test_each_run_may_have_a_session_of_its_own():
    agent = Agent(deps_type=Deps, toolsets=[adapter.NotionToolset[Deps](lambda ctx: ctx.deps.notion)])
    shared = Toolset(NotionConnector.sandbox())
    listed, got = run(agent, [LISTED, get_listed], deps=Deps(shared.session())).texts
    assert got.startswith('<notion-data source="page p')
    [other] = run(agent, [get_listed([listed])], deps=Deps(shared.session())).texts
    assert "is no handle of this conversation" in other


def test_what_is_built_from_one_toolset_shares_its_conversation():
    toolset = Toolset(NotionConnector.sandbox())
    [listed] = run(Agent(tools=adapter.notion_tools(toolset)), [LISTED]).texts
    [got] = run(Agent(toolsets=[adapter.NotionToolset[None](toolset)]), [get_listed([listed])]).texts
    assert got.startswith('<notion-data source="page p')


def test_toolset_of_one_connector_has_an_id_and_can_be_wrapped():
    toolset = adapter.NotionToolset[None](SyncNotionConnector.sandbox(), id="notion")
    assert toolset.id == "notion"
    agent = Agent(toolsets=[toolset.prefixed("work")])
    script = run(agent, [ToolCall("work_notion_execute", ME)])
    assert script.texts[0] == ME_TEXT
    assert script.offered[0].metadata == {"effect": "read"}


def test_schema_given_to_a_framework_is_a_copy():
    connector = NotionConnector.sandbox()
    adapter.notion_tool(connector).function_schema.json_schema["properties"].clear()
    assert adapter.notion_tool(connector).function_schema.json_schema["properties"]


def test_effect_is_the_worst_of_the_policy():
    tool = adapter.notion_tool(NotionConnector.sandbox(policy=Policy.full()))
    assert tool.metadata is not None
    assert tool.metadata["effect"] in {"read", "write", "destructive"}


def test_two_wrong_steps_in_a_row_do_not_end_the_run():
    wrong = ToolCall("notion_execute", {"entity": "pagess"})
    texts = run(
        Agent(tools=[adapter.notion_tool(NotionConnector.sandbox())]),
        [wrong, wrong, wrong, ToolCall("notion_execute", ME)],
    ).texts
    assert texts[-1] == ME_TEXT


def test_budget_of_wrong_steps_can_be_set():
    wrong = ToolCall("notion_execute", {"entity": "pagess"})
    tool = adapter.notion_tool(NotionConnector.sandbox())
    tool.max_retries = 0
    agent = Agent(tools=[tool])
    with pytest.raises(UnexpectedModelBehavior):
        run(agent, [wrong])


def test_what_arguments_cannot_mend_costs_no_retry():
    sandbox = Sandbox.sample()
    sandbox.faults.add(status=401, times=1_000)
    tool = adapter.notion_tool(NotionConnector.sandbox(sandbox))
    tool.max_retries = 0
    agent = Agent(tools=[tool])
    texts = run(agent, [ToolCall("notion_execute", ME)] * 5).texts
    assert all("a person must" in text for text in texts)
    if not hasattr(pydantic_ai.exceptions, "ToolFailed"):
        assert all(text.startswith("Error (unauthorized)") for text in texts)


def test_generated_arguments_of_the_test_model():
    agent = Agent(TestModel(), tools=[adapter.notion_tool(NotionConnector.sandbox())])

    async def main() -> str:
        return (await agent.run("go")).output

    assert "notion_execute" in anyio.run(main)


def test_adapter_by_its_name():
    assert adapter.ADAPTER.name == "pydantic-ai"
    assert len(adapter.ADAPTER.tools(NotionConnector.sandbox(), per_operation=True)) > 5
