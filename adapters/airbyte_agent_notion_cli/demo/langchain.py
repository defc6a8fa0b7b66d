"""A LangChain chat model with bound tools, scripted, in the loop that langchain-core's messages are made for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.tools import BaseTool

from .stories import Script

__all__ = ["answer"]


def answer(tools: list[Any], question: str, script: Script) -> str:
    """Let the model call tools until it answers."""
    named: dict[str, BaseTool] = {tool.name: tool for tool in tools}
    model = ScriptedModel(script=script).bind_tools(tools)
    messages: list[AnyMessage] = [HumanMessage(question)]
    while True:
        reply = model.invoke(messages)
        messages.append(reply)
        if not reply.tool_calls:
            return str(reply.content)
        messages += [named[call["name"]].invoke(call) for call in reply.tool_calls]


class ScriptedModel(BaseChatModel):
    """Answers with the script's calls, then with its answer."""

    script: Any
    tool_name: str = ""

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Sequence[Any], **options: Any) -> Any:
        """Remember the tool's name."""
        return self.model_copy(update={"tool_name": tools[0].name})

    def _generate(self, messages: list[BaseMessage], *options: Any, **more: Any) -> ChatResult:
        last = messages[-1]
        try:
            call = self.script.send(str(last.content)) if isinstance(last, ToolMessage) else next(self.script)
        except StopIteration as end:
            return _result(AIMessage(str(end.value)))
        wanted = {"name": self.tool_name, "args": call.arguments, "id": uuid4().hex}
        return _result(AIMessage("", tool_calls=[wanted]))


def _result(message: AIMessage) -> ChatResult:
    return ChatResult(generations=[ChatGeneration(message=message)])
