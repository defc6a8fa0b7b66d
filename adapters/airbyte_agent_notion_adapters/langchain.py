"""LangChain and LangGraph: Notion as ``BaseTool`` objects and a toolkit, blocking and awaited."""

from __future__ import annotations

from copy import deepcopy
from functools import cached_property
from types import SimpleNamespace
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, SecretStr, create_model

from airbyte_agent_notion import NotionAccessTokenAuthConfig, NotionConnector, Outcome, Policy, Tool, Toolset
from airbyte_agent_notion.errors import ConfigurationError
from airbyte_agent_notion.plugins import Adapter, MissingFramework
from airbyte_agent_notion.tools import Answers, Approve, HasRunner

try:
    from langchain_core.runnables import RunnableConfig
    from langchain_core.tools import BaseTool, BaseToolkit, ToolException
    from langchain_core.utils import secret_from_env
except ModuleNotFoundError as error:
    raise MissingFramework("langchain", error) from error

__all__ = ["ADAPTER", "NotionExecute", "NotionOperationTool", "NotionToolkit"]


class NotionOperationTool(BaseTool):
    """One of a toolset's tools, as ``NotionToolkit`` makes them. Errors are answered; they never end a run."""

    response_format: Literal["content", "content_and_artifact"] = "content_and_artifact"
    """The model gets text, the application the data as the message's artifact."""
    handle_tool_error: Any = True

    _toolset: Toolset = PrivateAttr()

    def __init__(self, toolset: Toolset, tool: Tool, **options: Any) -> None:
        own = {"name": tool.name, "description": tool.description, "args_schema": deepcopy(dict(tool.parameters))}
        super().__init__(**{**own, **options})
        self._toolset = toolset

    def get_input_schema(self, config: RunnableConfig | None = None) -> type[BaseModel]:  # noqa: ARG002
        """A model that admits every call: the connector checks it, and answers in words that help."""
        return create_model("Anything", __config__=ConfigDict(extra="allow"))

    def _run(self, **arguments: Any) -> tuple[str, Any]:
        return _answer(self._toolset.call(self.name, arguments))

    async def _arun(self, **arguments: Any) -> tuple[str, Any]:
        return _answer(await self._toolset.acall(self.name, arguments))


class NotionExecute(NotionOperationTool):
    """``notion_execute``, of a connector or Toolset; or of ``notion_token`` (default NOTION_TOKEN) and ``policy``."""

    connector: Any = Field(default=None, exclude=True, repr=False)
    notion_token: SecretStr | None = Field(default=None, exclude=True, repr=False)

    def __init__(
        self,
        *,
        connector: HasRunner | None = None,
        notion_token: SecretStr | str | None = None,
        policy: Policy | None = None,
        **options: Any,
    ) -> None:
        if connector is not None and (notion_token is not None or policy is not None):
            raise ConfigurationError("NotionExecute takes a connector, or notion_token and policy, not both.")
        token = SecretStr(notion_token) if isinstance(notion_token, str) else notion_token
        if connector is None:
            token = token or secret_from_env("NOTION_TOKEN", default=None)()
            connector = NotionConnector(NotionAccessTokenAuthConfig(token=token) if token else None, policy=policy)
        toolset = Toolset(connector)
        super().__init__(toolset, toolset.tools[0], connector=connector, notion_token=token, **options)


class NotionToolkit(BaseToolkit):
    """A connector's tools: ``NotionToolkit(connector=notion).get_tools()``."""

    connector: Any = Field(exclude=True, repr=False)
    per_operation: bool | None = None
    """One tool per operation in place of ``notion_execute``."""
    approve: Approve | None = Field(default=None, exclude=True, repr=False)
    """Which calls a person must approve, e.g. ``tools.needs_approval``; they run with ``middleware()`` only."""
    answers: Answers | None = Field(default=None, exclude=True, repr=False)
    """How results are written; by default as the connector was built."""

    def get_tools(self) -> list[BaseTool]:
        """The tools, ready for ``create_agent`` or ``model.bind_tools``."""
        if not self._toolset.per_operation:
            return [NotionExecute(connector=self._toolset)]
        return [NotionOperationTool(self._toolset, tool) for tool in self._toolset.tools]

    def middleware(self) -> list[Any]:
        """LangChain's own that asks: ``create_agent(..., middleware=toolkit.middleware(), checkpointer=...)``."""
        from .langchain_approval import approval

        return approval(self._toolset)

    @cached_property
    def _toolset(self) -> Toolset:
        options: dict[str, Any] = {"per_operation": self.per_operation, "approve": self.approve}
        return Toolset(self.connector, answers=self.answers, **options)


def _answer(outcome: Outcome) -> tuple[str, Any]:
    if outcome.error is not None:
        raise ToolException(outcome.text) from outcome.error
    return outcome.text, outcome.data


def _tools(connector: HasRunner, *, per_operation: bool | None = None) -> list[BaseTool]:
    return NotionToolkit(connector=connector, per_operation=per_operation).get_tools()


ADAPTER = cast("Adapter", SimpleNamespace(name="langchain", tools=_tools))
