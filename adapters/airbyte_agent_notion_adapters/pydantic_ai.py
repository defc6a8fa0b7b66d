"""Pydantic AI: Notion as a function for ``agent.tool_plain``, as ``Tool`` objects, or as a toolset."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from copy import deepcopy
from typing import Any, TypeAlias

from pydantic_core import SchemaValidator, core_schema

from airbyte_agent_notion import NotionConnector, Outcome, SyncNotionConnector, Toolset, tools
from airbyte_agent_notion.errors import Recovery
from airbyte_agent_notion.plugins import Adapter, MissingFramework
from airbyte_agent_notion.tools import EXECUTE, HasRunner

try:
    from pydantic_ai import ModelRetry, RunContext, Tool, exceptions
    from pydantic_ai.tools import AgentDepsT
    from pydantic_ai.toolsets import AbstractToolset, ToolsetTool
except ModuleNotFoundError as error:
    raise MissingFramework("pydantic-ai", error) from error

__all__ = ["ADAPTER", "MAX_RETRIES", "NotionToolset", "notion_execute", "notion_tool", "notion_tools"]

ConnectorOf: TypeAlias = Callable[[RunContext[AgentDepsT]], HasRunner]

MAX_RETRIES = 3
"""Steps in a row that may need corrected arguments; with Pydantic AI's own 1, two of them end the run."""
_ANY_OBJECT = SchemaValidator(core_schema.dict_schema(core_schema.str_schema()))


def notion_execute(connector: NotionConnector | SyncNotionConnector) -> Callable[..., Awaitable[str]]:
    """A function for ``agent.tool_plain(retries=3)(notion_execute(connector))``."""
    toolset = Toolset(connector)

    async def notion_execute(entity: str, action: str, params: Any = None) -> str:
        return _answer(await toolset.acall(EXECUTE, {"entity": entity, "action": action, "params": params}))

    decorate = connector.tool_utils(on_error=lambda error: _answer(Outcome(text=str(error), error=error)))
    return decorate(notion_execute)


def notion_tools(connector: HasRunner, *, per_operation: bool = False) -> list[Tool[object]]:
    """Tools for ``Agent(tools=...)``: the single ``notion_execute``, or one per operation."""
    toolset = Toolset(connector, per_operation=per_operation)
    return [_tool(toolset, tool) for tool in toolset.tools]


def notion_tool(connector: HasRunner) -> Tool[object]:
    """``notion_execute`` as a tool for ``Agent(tools=[...])``."""
    return notion_tools(connector)[0]


class NotionToolset(AbstractToolset[AgentDepsT]):
    """Notion's tools for ``Agent(toolsets=[...])``.

    Args:
        connector: a connector, or a function that takes one from the run, so that one agent serves many users:
            ``NotionToolset(lambda ctx: ctx.deps.notion)``. The toolset does not close it.
        per_operation: one tool per operation in place of ``notion_execute``.
        id: the toolset's id, unique within an agent; durable execution needs one.
    """

    def __init__(
        self, connector: HasRunner | ConnectorOf[AgentDepsT], *, per_operation: bool = False, id: str | None = None
    ) -> None:
        self._connector = connector
        self._per_operation = per_operation
        self._id = id

    @property
    def id(self) -> str | None:
        """The id given."""
        return self._id

    async def get_tools(self, ctx: RunContext[AgentDepsT]) -> dict[str, ToolsetTool[AgentDepsT]]:
        """What the run's connector offers."""
        toolset = self._toolset(ctx)
        made = [_tool(toolset, tool).tool_def for tool in toolset.tools]
        shared: dict[str, Any] = {"toolset": self, "max_retries": MAX_RETRIES, "args_validator": _ANY_OBJECT}
        return {definition.name: ToolsetTool(tool_def=definition, **shared) for definition in made}

    async def call_tool(self, name: str, tool_args: dict[str, Any], ctx: RunContext[AgentDepsT], tool: Any) -> str:  # noqa: ARG002
        """Call a tool with the run's connector."""
        return _answer(await self._toolset(ctx).acall(name, tool_args))

    def _toolset(self, ctx: RunContext[AgentDepsT]) -> Toolset:
        given = self._connector
        return Toolset(given(ctx) if callable(given) else given, per_operation=self._per_operation)


def _tool(toolset: Toolset, tool: tools.Tool) -> Tool[object]:
    async def call(**arguments: Any) -> str:
        return _answer(await toolset.acall(tool.name, arguments))

    made = Tool[object].from_schema(call, tool.name, tool.description, deepcopy(dict(tool.parameters)))
    made.max_retries = MAX_RETRIES
    made.metadata = {"effect": tool.effect.value}
    return made


def _answer(outcome: Outcome) -> str:
    if outcome.error is None:
        return outcome.text
    if outcome.error.recovery is Recovery.FIX_ARGUMENTS:
        raise ModelRetry(outcome.text) from outcome.error
    if failed := getattr(exceptions, "ToolFailed", None):  # 2.16 and later
        raise failed(outcome.text) from outcome.error
    return outcome.text


class _PydanticAI:
    name = "pydantic-ai"

    def tools(self, connector: HasRunner, *, per_operation: bool = False) -> list[Any]:
        return [*notion_tools(connector, per_operation=per_operation)]


ADAPTER: Adapter = _PydanticAI()
