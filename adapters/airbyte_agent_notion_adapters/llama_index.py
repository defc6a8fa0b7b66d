"""LlamaIndex: Notion as ``FunctionTool`` objects and a tool spec, for every agent and worker that takes tools."""

import logging
from collections.abc import Generator
from contextlib import contextmanager
from inspect import signature
from types import SimpleNamespace
from typing import Any, ClassVar, cast

from pydantic import BaseModel, GetJsonSchemaHandler, create_model
from pydantic_core import CoreSchema

from airbyte_agent_notion import NotionAgentError, Outcome, Tool, Toolset
from airbyte_agent_notion.plugins import Adapter, MissingFramework
from airbyte_agent_notion.tools import HasRunner, bare, verdict

try:
    from llama_index.core.tools import FunctionTool
    from llama_index.core.tools.tool_spec.base import BaseToolSpec
    from llama_index.core.workflow import Context, HumanResponseEvent, InputRequiredEvent
except ModuleNotFoundError as error:
    raise MissingFramework("llama-index", error) from error

__all__ = ["ADAPTER", "NotionToolSpec", "notion_tool", "notion_tools"]


def notion_tools(connector: HasRunner, **options: Any) -> list[FunctionTool]:
    """Tools for any agent. Options are those of Toolset: ``per_operation``, ``approve`` and others.

    A call that ``approve`` names sends an InputRequiredEvent, and waits for a HumanResponseEvent with its ``call_id``
    whose ``response`` is "yes" or why not. Tools that do so need an agent: they cannot be called directly.
    """
    toolset = Toolset(connector, **options)
    make = _tool if toolset.approve is None or toolset.ask is not None else _asking_tool
    return [make(toolset, tool) for tool in toolset.tools]


def notion_tool(connector: HasRunner, **options: Any) -> FunctionTool:
    """``notion_execute`` as a tool; options as for ``notion_tools``."""
    return notion_tools(connector, **options)[0]


class NotionToolSpec(BaseToolSpec):
    """A connector's tools: ``NotionToolSpec(notion).to_tool_list()``; options as for ``notion_tools``."""

    def __init__(self, connector: HasRunner, **options: Any) -> None:
        self._connector, self._options = connector, options

    def to_tool_list(self, spec_functions: Any = None, func_to_metadata_mapping: Any = None) -> list[FunctionTool]:  # noqa: ARG002
        """The tools, named and described by the connector. The base class's options do not apply."""
        return notion_tools(self._connector, **self._options)


def _tool(toolset: Toolset, tool: Tool) -> FunctionTool:
    def call(**arguments: Any) -> str:
        with _unexpected_is_logged():
            return _answer(toolset.call(tool.name, arguments))

    async def acall(**arguments: Any) -> str:
        with _unexpected_is_logged():
            return _answer(await toolset.acall(tool.name, arguments))

    return FunctionTool.from_defaults(call, tool.name, tool.description, fn_schema=_model(tool), async_fn=acall)


def _asking_tool(toolset: Toolset, tool: Tool) -> FunctionTool:
    async def acall(ctx: Context, **arguments: Any) -> str:
        pending = toolset.pending(tool.name, arguments)
        if pending is not None:  # Asked before anything else: some versions run this again from the top.
            event = InputRequiredEvent(**pending.request)
            waits: dict[str, Any] = {"requirements": {"call_id": pending.key}}
            if "waiter_event" in signature(ctx.wait_for_event).parameters:
                waits |= {"waiter_event": event, "waiter_id": pending.key}
            else:  # Old versions leave the sending to us.
                ctx.write_event_to_stream(event)
            answer = await ctx.wait_for_event(HumanResponseEvent, **waits)
            if (reason := verdict(answer.response)) is not None:
                return _answer(toolset.refused(tool.name, arguments, reason))
        with _unexpected_is_logged():
            return _answer(await toolset.acall(tool.name, arguments, approved=pending is not None))

    return FunctionTool.from_defaults(None, tool.name, tool.description, fn_schema=_model(tool), async_fn=acall)


def _answer(outcome: Outcome) -> str:
    if outcome.error is not None:
        raise outcome.error
    return outcome.text


@contextmanager
def _unexpected_is_logged() -> Generator[None]:
    # LlamaIndex shows a model the text of any exception: of one that is not ours, only that it happened.
    try:
        yield
    except NotionAgentError:
        raise
    except Exception as error:
        logging.getLogger(__name__).exception(said := "The Notion tool failed unexpectedly.")
        raise NotionAgentError(said, hint="Do not retry; the log says why.", code="unexpected") from error


class _Advertised(BaseModel):
    """Shows as the core's schema. LlamaIndex never validates with it."""

    schema_: ClassVar[dict[str, Any]]

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return cls.schema_


def _model(tool: Tool) -> type[BaseModel]:
    model = create_model(tool.name, __base__=_Advertised)
    model.schema_ = bare(tool.parameters)
    return model


ADAPTER = cast("Adapter", SimpleNamespace(name="llama-index", tools=notion_tools))
