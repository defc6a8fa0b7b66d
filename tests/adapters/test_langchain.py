import re
from typing import Any

import pytest

from airbyte_agent_notion import Answers, NotionAgentError, NotionConnector, Policy, SyncNotionConnector, Toolset
from airbyte_agent_notion.testing import AdapterContract, Advertised, ToolCall

langchain_core = pytest.importorskip("langchain_core", reason="langchain-core is not installed")

from langchain_core.language_models import BaseChatModel  # noqa: E402
from langchain_core.load import dumpd, dumps  # noqa: E402
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage  # noqa: E402
from langchain_core.outputs import ChatGeneration, ChatResult  # noqa: E402
from langchain_core.tools import ToolException  # noqa: E402
from langchain_core.utils.function_calling import convert_to_openai_tool  # noqa: E402
from pydantic import Field, PrivateAttr, SecretStr  # noqa: E402

from airbyte_agent_notion_adapters.langchain import (  # noqa: E402
    ADAPTER,
    NotionExecute,
    NotionOperationTool,
    NotionToolkit,
)

# langchain-core 0.3's own, when it serialises a tool.
pytestmark = pytest.mark.filterwarnings("ignore:Accessing the 'model_fields' attribute:DeprecationWarning")

ME = {"entity": "users", "action": "get_me"}


class Script(BaseChatModel):
    """A chat model that takes scripted steps, recording what tools it is bound to."""

    steps: list[Any] = Field(default_factory=list)
    _offered: list[Any] = PrivateAttr(default_factory=list)
    _texts: list[str] = PrivateAttr(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "script"

    def bind_tools(self, tools: Any, **kwargs: Any) -> Any:
        self._offered = [convert_to_openai_tool(tool) for tool in tools]
        return self

    def _generate(self, messages: Any, stop: Any = None, run_manager: Any = None, **kwargs: Any) -> ChatResult:
        self._texts = [str(message.content) for message in messages if isinstance(message, ToolMessage)]
        if len(self._texts) == len(self.steps):
            return _answer(AIMessage("done"))
        step = self.steps[len(self._texts)]
        call = step if isinstance(step, ToolCall) else step(self._texts)
        made = {"name": call.name, "args": dict(call.arguments), "id": f"c{len(self._texts)}", "type": "tool_call"}
        return _answer(AIMessage("", tool_calls=[made]))


def _answer(message: AIMessage) -> ChatResult:
    return ChatResult(generations=[ChatGeneration(message=message)])


class Contract(AdapterContract):
    def build(self, connector: Any, *, per_operation: bool = False) -> list[Any]:
        return [*NotionToolkit(connector=connector, per_operation=per_operation).get_tools()]

    def advertised(self, tool: Any) -> Advertised:
        script = Script()
        script.bind_tools([tool])
        function = script._offered[0]["function"]
        return Advertised(
            name=function["name"],
            description=function["description"],
            parameters=function["parameters"],
            strict=function.get("strict"),
        )

    def call(self, tool: Any, arguments: Any) -> str:
        return tool.invoke(dict(arguments))

    async def acall(self, tool: Any, arguments: Any) -> str:
        return await tool.ainvoke(dict(arguments))

    def dump(self, tool: Any) -> str:
        return f"{super().dump(tool)} {tool.model_dump()!r} {dumps(tool)} {dumpd(tool)}"


class TestBoundModel(Contract):
    """A loop by hand over ``model.bind_tools``; needs langchain-core only."""

    def run(self, tools: list[Any], steps: Any) -> list[str]:
        model = Script(steps=list(steps))
        bound = model.bind_tools(tools)
        by_name = {tool.name: tool for tool in tools}
        messages: list[Any] = [HumanMessage("go")]
        while True:
            reply = bound.invoke(messages)
            messages.append(reply)
            if not reply.tool_calls:
                return model._texts
            messages += [by_name[call["name"]].invoke(call) for call in reply.tool_calls]


class TestBlockingAgent(Contract):
    """``create_agent``, run blocking."""

    def run(self, tools: list[Any], steps: Any) -> list[str]:
        model, agent = self.agent(tools, steps)
        agent.invoke({"messages": [HumanMessage("go")]}, {"recursion_limit": 1_000})
        return model._texts

    @staticmethod
    def agent(tools: list[Any], steps: Any) -> Any:
        model = Script(steps=list(steps))
        try:
            from langchain.agents import create_agent
        except ImportError:
            prebuilt = pytest.importorskip(
                "langgraph.prebuilt", reason="neither langchain 1 nor langgraph is installed"
            )
            # By default this agent shows a model every exception; as later ones do, let it show our errors only.
            return model, prebuilt.create_react_agent(model, prebuilt.ToolNode(tools, handle_tool_errors=False))
        return model, create_agent(model, tools)


class TestAwaitedAgent(TestBlockingAgent):
    """``create_agent``, awaited."""

    def run(self, tools: list[Any], steps: Any) -> list[str]:
        import anyio

        model, agent = self.agent(tools, steps)
        anyio.run(agent.ainvoke, {"messages": [HumanMessage("go")]}, {"recursion_limit": 1_000})
        return model._texts


def test_result_has_text_for_the_model_and_data_for_the_application():
    tool = NotionExecute(connector=SyncNotionConnector.sandbox())
    message = tool.invoke({"type": "tool_call", "id": "1", "name": tool.name, "args": ME})
    told = Toolset(SyncNotionConnector.sandbox()).call("notion_execute", ME)
    assert message.content == told.text
    assert "Brightkeel Assistant" in message.content
    assert message.artifact == told.data
    assert message.artifact["object"] == "user"
    assert message.status == "success"


def test_error_is_answered_with_its_status():
    tool = NotionExecute(connector=NotionConnector.sandbox())
    message = tool.invoke({"type": "tool_call", "id": "1", "name": tool.name, "args": {"entity": "pagess"}})
    assert message.status == "error"
    assert "Did you mean 'pages'?" in message.content


def test_error_can_be_raised_instead():
    tool = NotionExecute(connector=NotionConnector.sandbox())
    tool.handle_tool_error = False
    with pytest.raises(ToolException, match="unknown_entity") as caught:
        tool.invoke({"entity": "pagess"})
    assert isinstance(caught.value.__cause__, NotionAgentError)


def test_schema_is_the_core_s_to_the_letter():
    connector = NotionConnector.sandbox()
    [tool] = NotionToolkit(connector=connector).get_tools()
    parameters = convert_to_openai_tool(tool)["function"]["parameters"]
    assert parameters["required"] == ["entity", "action"]
    assert parameters["properties"]["params"]["additionalProperties"] is True


def test_token_in_place_of_a_connector():
    tool = NotionExecute(notion_token="ntn_given")
    assert tool.notion_token == SecretStr("ntn_given")
    assert "ntn_given" not in repr(tool) + str(tool) + dumps(tool) + repr(tool.model_dump())
    with_policy = NotionExecute(notion_token="ntn_given", policy=Policy.full())
    assert with_policy.connector.runner.engine.policy == Policy.full()


def test_token_from_the_environment(monkeypatch):
    monkeypatch.setenv("NOTION_TOKEN", "ntn_env")
    tool = NotionExecute()
    assert tool.notion_token == SecretStr("ntn_env")
    assert "ntn_env" not in repr(tool) + dumps(tool) + repr(tool.model_dump())


def test_no_credentials_are_a_clear_error(monkeypatch):
    for name in ("NOTION_TOKEN", "AIRBYTE_CLIENT_ID", "AIRBYTE_CLIENT_SECRET"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(NotionAgentError, match="NOTION_TOKEN"):
        NotionExecute()


def test_connector_and_token_together_are_refused():
    with pytest.raises(NotionAgentError, match="not both"):
        NotionExecute(connector=NotionConnector.sandbox(), notion_token="ntn_x")
    with pytest.raises(NotionAgentError, match="not both"):
        NotionExecute(connector=NotionConnector.sandbox(), policy=Policy.full())


def test_toolkit_gives_the_environment_s_token_no_say(monkeypatch):
    monkeypatch.setenv("NOTION_TOKEN", "ntn_env")
    [tool] = NotionToolkit(connector=NotionConnector.sandbox()).get_tools()
    assert tool.invoke(ME).startswith('<notion-data source="user"')


LISTED = {"entity": "pages", "action": "list", "params": {"page_size": 1}}


def got(tool: Any, listed: str) -> str:
    handle = re.findall(r"\bp\d{9}\b", listed)[0]
    return tool.invoke({"entity": "pages", "action": "get", "params": {"page_id": handle}})


def test_a_toolkit_s_tools_share_a_conversation():
    toolkit = NotionToolkit(connector=NotionConnector.sandbox())
    [first], [second] = toolkit.get_tools(), toolkit.get_tools()
    assert got(second, first.invoke(LISTED)).startswith('<notion-data source="page p')
    by_name = {tool.name: tool for tool in NotionToolkit(connector=toolkit.connector, per_operation=True).get_tools()}
    listed = by_name["notion_pages_list"].invoke({"page_size": 1})
    handle = re.findall(r"\bp\d{9}\b", listed)[0]
    assert handle in by_name["notion_pages_get"].invoke({"page_id": handle})
    stranger = NotionExecute(connector=toolkit.connector)
    assert "no handle of this conversation" in got(stranger, listed)


def test_a_toolkit_says_how_results_are_written():
    toolkit = NotionToolkit(connector=SyncNotionConnector.sandbox(), answers=Answers(max_tokens=300, handles=False))
    told = toolkit.get_tools()[0].invoke({"entity": "pages", "action": "list"})
    assert Answers().count(told) <= 300
    assert re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", told)


def test_what_is_built_from_one_toolset_shares_its_conversation():
    toolset = Toolset(SyncNotionConnector.sandbox())
    [tool] = NotionToolkit(connector=toolset).get_tools()
    listed = NotionExecute(connector=toolset).invoke(LISTED)
    assert got(tool, listed).startswith('<notion-data source="page p')
    assert "no handle of this conversation" in got(NotionExecute(connector=toolset.session()), listed)


def test_description_can_be_the_developer_s_own():
    tool = NotionExecute(connector=NotionConnector.sandbox(), description="Only for the wiki.")
    assert tool.description == "Only for the wiki."


def test_adapter_by_its_name():
    assert ADAPTER.name == "langchain"
    tools = ADAPTER.tools(NotionConnector.sandbox(), per_operation=True)
    assert all(isinstance(tool, NotionOperationTool) for tool in tools)
