import importlib
import logging
import re
from types import SimpleNamespace
from typing import Any

import anyio
import pytest

from airbyte_agent_notion import NotionAgentError, NotionConnector, SyncNotionConnector, Toolset
from airbyte_agent_notion.errors import InvalidParams, UnknownEntity
from airbyte_agent_notion.testing import FakeTransport

pytest.importorskip("llama_index.core", reason="llama-index-core is not installed")

from llama_index.core.agent.workflow import (
    AgentWorkflow,
    FunctionAgent,
    ReActAgent,
    base_agent,
    multi_agent_workflow,
)
from llama_index.core.tools import FunctionTool

from airbyte_agent_notion_adapters.llama_index import ADAPTER, NotionToolSpec, notion_tool, notion_tools

script = importlib.import_module("llama_index_script")

# LlamaIndex' own: it reads every attribute of an agent, pydantic's deprecated ones included.
pytestmark = [
    pytest.mark.filterwarnings("ignore::pydantic.warnings.PydanticDeprecationWarning"),
    pytest.mark.filterwarnings("ignore:is_running called from within a step:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:ServiceManager is deprecated:DeprecationWarning"),
]

ME = {"entity": "users", "action": "get_me"}

# Agents have had a limit of 20 steps since they have had this argument.
LIMITED = any(hasattr(module, "DEFAULT_MAX_ITERATIONS") for module in (base_agent, multi_agent_workflow))
UNLIMITED: dict[str, Any] = {"max_iterations": 1_000} if LIMITED else {}


class TestFunctionAgent(script.Contract):
    def agent(self, tools: list[Any], llm: Any) -> Any:
        return FunctionAgent(name="a", description="a", tools=tools, llm=llm)

    def run(self, tools: list[Any], steps: Any) -> list[str]:
        llm = script.Script(steps=list(steps), react=issubclass(type(self), TestReActAgent))

        async def main() -> None:
            await self.agent(tools, llm).run(user_msg="go", **UNLIMITED)

        anyio.run(main)
        return llm._texts


class TestAgentWorkflow(TestFunctionAgent):
    def agent(self, tools: list[Any], llm: Any) -> Any:
        return AgentWorkflow(agents=[FunctionAgent(name="a", description="a", tools=tools, llm=llm)], root_agent="a")


class TestReActAgent(TestFunctionAgent):
    def agent(self, tools: list[Any], llm: Any) -> Any:
        return ReActAgent(name="a", description="a", tools=tools, llm=llm)


class TestToolSpec(TestFunctionAgent):
    def build(self, connector: Any, *, per_operation: bool = False) -> list[Any]:
        return [*NotionToolSpec(connector, per_operation=per_operation).to_tool_list()]


def _keys(schema: Any) -> set[str]:
    if isinstance(schema, dict):
        return set(schema).union(*map(_keys, schema.values()))
    return set().union(*map(_keys, schema)) if isinstance(schema, list) else set()


def test_free_objects_are_bare():
    for per_operation in (False, True):
        for tool in notion_tools(NotionConnector.sandbox(), per_operation=per_operation):
            parameters = tool.metadata.get_parameters_dict()
            assert "additionalProperties" not in _keys(parameters)
            assert isinstance(tool, FunctionTool)
    assert notion_tool(NotionConnector.sandbox()).metadata.get_parameters_dict()["required"] == ["entity", "action"]


def test_our_errors_are_raised_by_a_direct_call():
    tool = notion_tool(SyncNotionConnector.sandbox())
    with pytest.raises(UnknownEntity, match="Did you mean 'pages'"):
        tool.call(entity="pagess")


def test_what_is_built_from_one_toolset_shares_its_conversation():
    toolset = Toolset(SyncNotionConnector.sandbox())
    listed = notion_tool(toolset).call(entity="pages", action="list", page_size=1).content
    page = {"page_id": re.findall(r"\bp\d{9}\b", listed)[0]}
    [tool] = NotionToolSpec(toolset).to_tool_list()
    assert tool.call(entity="pages", action="get", params=page).content.startswith('<notion-data source="page p')
    with pytest.raises(InvalidParams, match="no handle of this conversation"):
        notion_tool(toolset.session()).call(entity="pages", action="get", params=page)


def test_a_bug_is_logged_and_its_text_kept_from_the_model(caplog):
    connector = NotionConnector.sandbox()
    bug = ZeroDivisionError("inside")
    tool = notion_tool(_broken(connector, bug))
    with caplog.at_level(logging.ERROR), pytest.raises(NotionAgentError) as caught:
        anyio.run(lambda: tool.acall(**ME))
    assert "inside" not in str(caught.value)
    assert caught.value.__cause__ is bug
    assert caplog.records[0].exc_info[1] is bug
    with pytest.raises(NotionAgentError, match="unexpectedly"):
        tool.call(**ME)


def _broken(connector: Any, bug: Exception) -> Any:
    from dataclasses import replace

    return SimpleNamespace(runner=replace(connector.runner, transport=FakeTransport(bug)))


def test_adapter_by_its_name():
    assert ADAPTER.name == "llama-index"
    assert len(ADAPTER.tools(NotionConnector.sandbox(), per_operation=True)) > 5
