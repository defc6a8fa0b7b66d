"""Approval of a toolset's calls by LangChain's own human-in-the-loop middleware. Needs the package ``langchain``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from langchain.agents.middleware import AgentMiddleware, HumanInTheLoopMiddleware

from airbyte_agent_notion import Toolset

__all__ = ["approval"]


def approval(toolset: Toolset) -> list[Any]:
    """What asks a person about the calls that the toolset's ``approve`` names, and lets those run that got past it."""

    def when(sent: Any) -> bool:
        return toolset.requires_approval(sent.tool_call["name"], sent.tool_call["args"])

    def question(call: Any, *_: Any) -> str:
        pending = toolset.pending(call["name"], call["args"])
        return pending.question if pending is not None else f"Allow {call['name']}?"

    asked: Any = {"allowed_decisions": ["approve", "edit", "reject"], "description": question, "when": when}
    return [HumanInTheLoopMiddleware({tool.name: asked for tool in toolset.tools}), _LetsRun(toolset)]


class _LetsRun(AgentMiddleware[Any, Any]):
    """Stands behind the asking: what gets here needed no approval, or has it."""

    def __init__(self, toolset: Toolset) -> None:
        super().__init__()
        self._toolset = toolset

    @property
    def name(self) -> str:
        """Another for each toolset: an agent may have several."""
        return f"notion_approved_{id(self._toolset):x}"

    def wrap_tool_call(self, request: Any, handler: Callable[[Any], Any]) -> Any:
        """Run the call."""
        with self._toolset.asked():
            return handler(request)

    async def awrap_tool_call(self, request: Any, handler: Callable[[Any], Awaitable[Any]]) -> Any:
        """Run the call, awaiting."""
        with self._toolset.asked():
            return await handler(request)
