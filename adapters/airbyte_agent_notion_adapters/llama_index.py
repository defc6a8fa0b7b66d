"""LlamaIndex: Notion as ``FunctionTool`` objects and a tool spec, for every agent and worker that takes tools."""

from __future__ import annotations

import logging
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar, cast

from pydantic import BaseModel, GetJsonSchemaHandler, create_model
from pydantic_core import CoreSchema

from airbyte_agent_notion import NotionAgentError, Outcome, Tool, Toolset
from airbyte_agent_notion.plugins import Adapter, MissingFramework
from airbyte_agent_notion.tools import HasRunner

try:
    from llama_index.core.tools import FunctionTool
    from llama_index.core.tools.tool_spec.base import BaseToolSpec
except ModuleNotFoundError as error:
    raise MissingFramework("llama-index", error) from error

__all__ = ["ADAPTER", "NotionToolSpec", "notion_tool", "notion_tools"]

_log = logging.getLogger(__name__)


def notion_tools(connector: HasRunner, *, per_operation: bool = False) -> list[FunctionTool]:
    """Tools for any agent: the single ``notion_execute``, or one per operation."""
    toolset = Toolset(connector, per_operation=per_operation)
    return [_tool(toolset, tool) for tool in toolset.tools]


def notion_tool(connector: HasRunner) -> FunctionTool:
    """``notion_execute`` as a tool."""
    return notion_tools(connector)[0]


class NotionToolSpec(BaseToolSpec):
    """A connector's tools: ``NotionToolSpec(notion).to_tool_list()``."""

    def __init__(self, connector: HasRunner, *, per_operation: bool = False) -> None:
        self._connector = connector
        self._per_operation = per_operation

    def to_tool_list(self, spec_functions: Any = None, func_to_metadata_mapping: Any = None) -> list[FunctionTool]:  # noqa: ARG002
        """The tools, named and described by the connector. The base class's options do not apply."""
        return notion_tools(self._connector, per_operation=self._per_operation)


def _tool(toolset: Toolset, tool: Tool) -> FunctionTool:
    def call(**arguments: Any) -> str:
        with _unexpected_is_logged():
            return _answer(toolset.call(tool.name, arguments))

    async def acall(**arguments: Any) -> str:
        with _unexpected_is_logged():
            return _answer(await toolset.acall(tool.name, arguments))

    return FunctionTool.from_defaults(
        fn=call, async_fn=acall, name=tool.name, description=tool.description, fn_schema=_model(tool)
    )


def _answer(outcome: Outcome) -> str:
    if outcome.error is not None:
        raise outcome.error
    return outcome.text


@contextmanager
def _unexpected_is_logged() -> Generator[None]:
    """LlamaIndex shows a model the text of any exception: of one that is not ours, only that it happened."""
    try:
        yield
    except NotionAgentError:
        raise
    except Exception as error:
        _log.exception("The Notion tool failed unexpectedly.")
        hint = "Do not retry; the operator finds the cause in the log."
        raise NotionAgentError("The Notion tool failed unexpectedly.", hint=hint, code="unexpected") from error


class _Advertised(BaseModel):
    """Shows as the core's schema. LlamaIndex never validates with it."""

    schema_: ClassVar[dict[str, Any]]

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return cls.schema_


def _model(tool: Tool) -> type[BaseModel]:
    model = create_model(tool.name, __base__=_Advertised)
    model.schema_ = _bare(tool.parameters)
    return model


def _bare(schema: Any) -> Any:
    """Free-form objects without ``additionalProperties``, which LlamaIndex's Gemini converter refuses."""
    if isinstance(schema, Mapping):
        given = cast("Mapping[str, Any]", schema)
        return {key: _bare(value) for key, value in given.items() if key != "additionalProperties"}
    if isinstance(schema, list):
        return [_bare(item) for item in schema]  # pyright: ignore[reportUnknownVariableType]
    return schema


class _LlamaIndex:
    name = "llama-index"

    def tools(self, connector: HasRunner, *, per_operation: bool = False) -> list[Any]:
        return [*notion_tools(connector, per_operation=per_operation)]


ADAPTER: Adapter = _LlamaIndex()
