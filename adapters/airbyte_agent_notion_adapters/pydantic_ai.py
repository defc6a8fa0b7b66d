"""Pydantic AI: Notion as a function for ``agent.tool_plain``, as ``Tool`` objects, or as a toolset.

Calls that ``approve`` names (``tools.needs_approval``, for instance) are deferred until a person has approved them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from copy import deepcopy
from types import SimpleNamespace
from typing import Any, TypeAlias, cast

from pydantic_core import SchemaValidator, core_schema

from airbyte_agent_notion import NotionConnector, Outcome, SyncNotionConnector, Toolset, tools
from airbyte_agent_notion.errors import Recovery
from airbyte_agent_notion.plugins import Adapter, MissingFramework
from airbyte_agent_notion.tools import EXECUTE, HasRunner

try:
    from pydantic_ai import ApprovalRequired, ModelRetry, RunContext, Tool, exceptions
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
    """A function for ``agent.tool_plain(retries=3)(notion_execute(connector))``. It asks for no approval."""
    toolset = Toolset(connector)

    async def notion_execute(entity: str, action: str, params: Any = None) -> str:
        return _answer(await toolset.acall(EXECUTE, {"entity": entity, "action": action, "params": params}))

    return connector.tool_utils(passes_on=True)(notion_execute)


def notion_tools(connector: HasRunner, **options: Any) -> list[Tool[Any]]:
    """Tools for ``Agent(tools=...)``. Options are those of Toolset: ``per_operation``, ``approve`` and others."""
    toolset = Toolset(connector, **options)
    return [_tool(toolset, tool) for tool in toolset.tools]


def notion_tool(connector: HasRunner, **options: Any) -> Tool[Any]:
    """``notion_execute`` as a tool for ``Agent(tools=[...])``. Options are those of Toolset."""
    return notion_tools(connector, **options)[0]


class NotionToolset(AbstractToolset[AgentDepsT]):
    """Notion's tools for ``Agent(toolsets=[...])``.

    Args:
        connector: a connector or Toolset, or a function that takes one from the run, so that one agent serves many
            users: ``NotionToolset(lambda ctx: ctx.deps.notion)``. It is not closed. Handles hold for all runs with it.
        id: the toolset's id, unique within an agent; durable execution needs one.
        options: ``per_operation``, ``approve`` and others of Toolset.
    """

    def __init__(
        self, connector: HasRunner | ConnectorOf[AgentDepsT], *, id: str | None = None, **options: Any
    ) -> None:
        self._connector, self._id, self._toolsets = connector, id, tools.Toolsets(**options)

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
        return await _called(self._toolset(ctx), ctx, name, tool_args)

    def _toolset(self, ctx: RunContext[AgentDepsT]) -> Toolset:
        return self._toolsets.of(self._connector(ctx) if callable(self._connector) else self._connector)


async def _called(toolset: Toolset, ctx: RunContext[Any], name: str, arguments: dict[str, Any]) -> str:
    if (waits := toolset.requires_approval(name, arguments)) and not ctx.tool_call_approved:
        raise ApprovalRequired
    return _answer(await toolset.acall(name, arguments, approved=waits))


def _tool(toolset: Toolset, tool: tools.Tool) -> Tool[Any]:
    async def call(ctx: RunContext[Any], **arguments: Any) -> str:
        return await _called(toolset, ctx, tool.name, arguments)

    parameters = deepcopy(dict(tool.parameters))
    made = Tool[Any].from_schema(call, tool.name, tool.description, parameters, takes_ctx=True)
    made.max_retries, made.metadata = MAX_RETRIES, {"effect": tool.effect.value}
    return made


def _answer(outcome: Outcome) -> str:
    if outcome.error is None:
        return outcome.text
    if outcome.error.recovery is Recovery.FIX_ARGUMENTS:
        raise ModelRetry(outcome.text) from outcome.error
    if failed := getattr(exceptions, "ToolFailed", None):  # 2.16 and later
        raise failed(outcome.text) from outcome.error
    return outcome.text


ADAPTER = cast("Adapter", SimpleNamespace(name="pydantic-ai", tools=notion_tools))
