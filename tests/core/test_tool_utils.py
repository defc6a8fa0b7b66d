"""``@NotionConnector.tool_utils``: alone, and under a scripted Pydantic AI model, LangChain and LlamaIndex."""

import asyncio
import inspect
import json
from collections.abc import Callable
from typing import Any

import pytest

from airbyte_agent_notion import Effect, NotionAgentError, NotionConnector, Policy, SyncNotionConnector
from airbyte_agent_notion.errors import ConfigurationError
from airbyte_agent_notion.namespace import M, Namespace, method
from airbyte_agent_notion.operation import Operation, Spec
from airbyte_agent_notion.operations import NotionSurface
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.testing import lint_tool_schema

ME = {"entity": "users", "action": "get_me"}


def awaited(sandbox: Sandbox | None = None, **options: Any) -> Callable[..., Any]:
    connector = NotionConnector.sandbox(sandbox)
    decorate = NotionConnector.tool_utils(**options) if options else NotionConnector.tool_utils

    @decorate
    async def notion_execute(entity: str, action: str, params: dict[str, Any] | None = None) -> Any:
        return await connector.execute(entity, action, params or {})

    return notion_execute


def blocking(sandbox: Sandbox | None = None, **options: Any) -> Callable[..., Any]:
    connector = SyncNotionConnector.sandbox(sandbox)
    decorate = SyncNotionConnector.tool_utils(**options) if options else SyncNotionConnector.tool_utils

    @decorate
    def notion_execute(entity: str, action: str, params: dict[str, Any] | None = None) -> Any:
        return connector.execute(entity, action, params or {})

    return notion_execute


both = pytest.mark.parametrize("build", [awaited, blocking])


def called(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    result = function(*args, **kwargs)
    return asyncio.run(result) if inspect.iscoroutine(result) else result


@both
def test_the_name_stays_and_the_kind_of_function_too(build: Callable[..., Any]) -> None:
    function = build()
    assert function.__name__ == "notion_execute"
    assert inspect.iscoroutinefunction(function) is (build is awaited)


@both
@pytest.mark.parametrize(
    "arguments",
    [
        {**ME, "params": {}},
        {**ME, "params": None},
        {**ME, "params": ""},
        {**ME, "params": "{}"},
        {**ME, "params": "null"},
        ME,
    ],
)
def test_results_are_json_text_whatever_the_shape_of_params(build: Callable[..., Any], arguments: Any) -> None:
    text = called(build(), **arguments)
    assert isinstance(text, str)
    assert json.loads(text)["object"] == "user"


@both
def test_lists_are_data_and_meta(build: Callable[..., Any]) -> None:
    listed = json.loads(called(build(), "pages", "list", '{"page_size": 2}'))
    assert len(listed["data"]) == 2
    assert listed["meta"]["has_more"] is True
    assert listed["meta"]["next_cursor"]


@both
def test_parameters_beside_params_are_not_lost(build: Callable[..., Any]) -> None:
    assert len(json.loads(called(build(), entity="pages", action="list", page_size=1))["data"]) == 1


@both
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"entity": "page", "action": "get"}, "Did you mean 'pages'?"),
        ({"entity": "pages", "action": "gte"}, "Did you mean 'get'?"),
        ({"entity": "pages"}, "Actions of pages"),
        ({"entity": 5, "action": None, "params": []}, "params must be an object"),
        ({"entity": "pages", "action": "get", "params": "page"}, "params is text that is not JSON"),
        ({"entity": "pages", "action": "get", "params": {"page": "x"}}, "page_id is required"),
        ({"entity": "users", "action": "list", "params": {"limit": 3}}, "there is no parameter 'limit'"),
        ({}, "An entity is required"),
    ],
)
def test_a_wrong_call_is_answered_with_how_to_mend_it(build: Callable[..., Any], arguments: Any, told: str) -> None:
    text = called(build(), **arguments)
    assert text.startswith("Error (")
    assert told in text


@both
def test_what_cannot_be_mended_says_so(build: Callable[..., Any]) -> None:
    sandbox = Sandbox.sample()
    sandbox.faults.add(status=401)
    assert "a person must supply a valid Notion token" in called(build(sandbox), **ME)


@both
def test_other_exceptions_pass(build: Callable[..., Any]) -> None:
    @NotionConnector.tool_utils
    def notion_execute(entity: str, action: str, params: Any = None) -> Any:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        notion_execute("pages", "list")


@both
def test_on_error_maps_errors(build: Callable[..., Any]) -> None:
    class FrameworkError(Exception):
        pass

    def fail(error: NotionAgentError) -> str:
        raise FrameworkError(error.code)

    with pytest.raises(FrameworkError, match="unknown_entity"):
        called(build(on_error=fail), "nothing", "list")


def test_the_description_is_the_developers_text_and_ours() -> None:
    @NotionConnector.tool_utils
    async def notion_execute(entity: str, action: str, params: dict[str, Any] | None = None) -> Any:
        """Look things up in
        the team's Notion."""

    description = notion_execute.__doc__ or ""
    assert description.startswith("Look things up in the team's Notion. ")
    assert "data_sources(data_source_id): get, query, list_templates" in description
    assert "\n" not in description
    assert len(description) <= 1024


def test_a_docstring_that_leaves_no_room_is_refused() -> None:
    def notion_execute(entity: str, action: str, params: Any = None) -> Any:
        pass

    notion_execute.__doc__ = "word " * 200
    with pytest.raises(ConfigurationError, match=r"has 999 characters; \d+ are free"):
        NotionConnector.tool_utils(notion_execute)


def test_a_function_without_the_three_parameters_is_refused() -> None:
    def notion_execute(entity: str) -> Any:
        pass

    with pytest.raises(ConfigurationError, match="no parameter action, params"):
        NotionConnector.tool_utils(notion_execute)


class Rename(Operation[dict[str, Any]]):
    """Rename a widget."""

    spec = Spec("widgets", "rename", "PATCH /v1/widgets", effect=Effect.WRITE)


class Widgets(Namespace[M]):
    """Things."""

    rename = method(Rename)


class WithWidgets(NotionConnector, NotionSurface[Any]):
    widgets: Widgets[Any]


def test_the_description_follows_the_policy() -> None:
    """Read-only on the class, the connector's own on an instance, and what ``policy=`` says on both."""

    def documented(decorate: Any) -> bool:
        @decorate
        def notion_execute(entity: str, action: str, params: Any = None) -> Any:
            pass

        return "widgets: rename" in (notion_execute.__doc__ or "")

    assert not documented(WithWidgets.tool_utils)
    assert documented(WithWidgets.tool_utils(policy=Policy.write()))
    assert not documented(WithWidgets.sandbox().tool_utils)
    assert documented(WithWidgets.sandbox(policy=Policy.write()).tool_utils)
    assert not documented(WithWidgets.sandbox(policy=Policy.write()).tool_utils(policy=Policy.read_only()))


class Run:
    """A Pydantic AI agent whose scripted model makes the calls given, one a turn."""

    def __init__(self, function: Callable[..., Any], *calls: dict[str, Any]) -> None:
        agents = pytest.importorskip("pydantic_ai")
        messages = pytest.importorskip("pydantic_ai.messages")
        models = pytest.importorskip("pydantic_ai.models.function")
        self.read: list[str] = []
        self.tools: list[Any] = []

        def model(history: list[Any], info: Any) -> Any:
            self.tools = info.function_tools
            if len(history) > 1:
                self.read.append(history[-1].parts[0].content)
            if len(self.read) == len(calls):
                return messages.ModelResponse(parts=[messages.TextPart("done")])
            call = messages.ToolCallPart("notion_execute", calls[len(self.read)])
            return messages.ModelResponse(parts=[call])

        agent = agents.Agent(models.FunctionModel(model))
        agent.tool_plain(function)
        self.output = asyncio.run(agent.run("go")).output


@both
def test_pydantic_ai_advertises_our_schema(build: Callable[..., Any]) -> None:
    [tool] = Run(build()).tools
    assert tool.name == "notion_execute"
    assert not lint_tool_schema(tool.parameters_json_schema)
    assert tool.parameters_json_schema["properties"]["entity"]["enum"][0] == "pages"
    assert tool.parameters_json_schema["properties"]["params"]["type"] == "object"
    assert "pages(page_id): get, " in tool.description
    assert tool.strict is None


@both
def test_pydantic_ai_every_call_is_answered_and_none_ends_the_run(build: Callable[..., Any]) -> None:
    sandbox = Sandbox.sample()
    sandbox.faults.add(status=401, path="/v1/users")
    run = Run(
        build(sandbox),
        {"entity": "page", "action": "get"},
        {"entity": "pages"},
        {"action": "list"},
        {"entity": 7, "action": ["list"], "params": 3},
        {"entity": "pages", "action": "get", "params": {"page_id": "x"}},
        {"entity": "pages", "action": "get", "page_id": "../users"},
        {"entity": "users", "action": "list"},
        {"entity": "users", "action": "get_me", "params": "{}"},
        {"entity": "users", "action": "get_me", "params": None},
        {"entity": "users", "action": "get_me", "params": ""},
        {"entity": "pages", "action": "list", "page_size": 1},
    )
    assert run.output == "done"
    *wrong, denied, first, second, third, listed = run.read
    assert all(text.startswith("Error (") for text in [*wrong, denied])
    assert "Did you mean 'pages'?" in wrong[0]
    assert "32 hex digits" in wrong[4]
    assert "a person must supply a valid Notion token" in denied
    assert [json.loads(text)["object"] for text in (first, second, third)] == ["user"] * 3
    assert len(json.loads(listed)["data"]) == 1


def test_pydantic_ai_other_exceptions_end_the_run() -> None:
    @NotionConnector.tool_utils
    async def notion_execute(entity: str, action: str, params: dict[str, Any] | None = None) -> Any:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Run(notion_execute, ME)


def test_pydantic_ai_context_parameter_stays() -> None:
    """The decorator also fits ``agent.tool``, whose functions take the run's context first."""
    agents = pytest.importorskip("pydantic_ai")
    models = pytest.importorskip("pydantic_ai.models.test")

    async def notion_execute(ctx: Any, entity: str, action: str, params: Any = None) -> Any:
        return await ctx.deps.execute("users", "get_me")

    notion_execute.__annotations__["ctx"] = agents.RunContext[NotionConnector]
    agent = agents.Agent(models.TestModel(), deps_type=NotionConnector)
    agent.tool(NotionConnector.tool_utils(notion_execute))
    output = asyncio.run(agent.run("go", deps=NotionConnector.sandbox())).output
    assert json.loads(json.loads(output)["notion_execute"])["object"] == "user"


def test_langchain_takes_the_function_as_it_is() -> None:
    tools = pytest.importorskip("langchain_core.tools")
    asynchronous = tools.StructuredTool.from_function(coroutine=awaited())
    assert json.loads(asyncio.run(asynchronous.ainvoke(ME)))["object"] == "user"
    plain = tools.StructuredTool.from_function(blocking())
    assert json.loads(plain.invoke({**ME, "params": "{}"}))["object"] == "user"
    assert "Actions of pages" in plain.invoke({"entity": "pages"})
    assert plain.args["entity"]["enum"][0] == "pages"


@pytest.mark.filterwarnings("ignore::pydantic.warnings.PydanticDeprecationWarning")
def test_llama_index_takes_the_function_as_it_is() -> None:
    tools = pytest.importorskip("llama_index.core.tools")
    tool = tools.FunctionTool.from_defaults(fn=blocking(), async_fn=awaited())
    exported = tool.metadata.to_openai_tool()["function"]
    assert exported["parameters"]["properties"]["entity"]["enum"][0] == "pages"
    assert json.loads(tool.call(**ME, params="{}").content)["object"] == "user"
    assert "Did you mean 'pages'?" in asyncio.run(tool.acall(entity="page", action="get")).content
