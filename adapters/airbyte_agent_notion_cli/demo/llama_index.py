"""A LlamaIndex FunctionAgent with a scripted LLM."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from llama_index.core.agent.workflow import FunctionAgent
from llama_index.core.base.llms.types import ChatMessage, ChatResponse, CompletionResponse, LLMMetadata, MessageRole
from llama_index.core.llms.function_calling import FunctionCallingLLM
from llama_index.core.llms.llm import ToolSelection

from .stories import Script

__all__ = ["answer"]


def answer(tools: list[Any], question: str, script: Script) -> str:
    """Run an agent on the question."""

    async def run() -> str:
        llm = ScriptedLLM(script=script, tool_name=tools[0].metadata.name)
        agent: Any = FunctionAgent(name="reader", description="Reads Notion.", tools=tools, llm=llm)
        return str(await agent.run(user_msg=question))

    return asyncio.run(run())


class ScriptedLLM(FunctionCallingLLM):
    """Answers with the script's calls, then with its answer."""

    script: Any
    tool_name: str

    @property
    def metadata(self) -> LLMMetadata:
        """A model that calls functions."""
        return LLMMetadata(is_function_calling_model=True, is_chat_model=True, model_name="scripted")

    def chat(self, messages: Sequence[ChatMessage], **options: Any) -> ChatResponse:
        """The script's next step after the last tool's text."""
        last = messages[-1]
        try:
            call = self.script.send(last.content or "") if last.role is MessageRole.TOOL else next(self.script)
        except StopIteration as end:
            return _reply(str(end.value))
        return _reply("", {"tool_id": uuid4().hex, "tool_name": self.tool_name, "tool_kwargs": call.arguments})

    async def achat(self, messages: Sequence[ChatMessage], **options: Any) -> ChatResponse:
        """As ``chat``."""
        return self.chat(messages)

    async def astream_chat(self, messages: Sequence[ChatMessage], **options: Any) -> Any:
        """As ``chat``, in one piece."""

        async def pieces() -> Any:
            yield self.chat(messages)

        return pieces()

    def stream_chat(self, messages: Sequence[ChatMessage], **options: Any) -> Any:
        """As ``chat``, in one piece."""
        return iter([self.chat(messages)])

    def complete(self, *_: Any, **__: Any) -> CompletionResponse:
        """Agents chat; they do not complete."""
        raise TypeError("this model chats only")

    acomplete = stream_complete = astream_complete = complete  # type: ignore[assignment]

    def _prepare_chat_with_tools(self, *_: Any, user_msg: Any = None, chat_history: Any = None, **__: Any) -> Any:
        messages: list[Any] = [*(chat_history or []), *([ChatMessage(content=str(user_msg))] if user_msg else [])]
        return {"messages": messages}

    def get_tool_calls_from_response(self, response: ChatResponse, *_: Any, **__: Any) -> list[ToolSelection]:
        """The call that a reply carries, if any."""
        call = response.message.additional_kwargs.get("call")
        return [ToolSelection(**call)] if call else []


def _reply(text: str, call: dict[str, Any] | None = None) -> ChatResponse:
    extra = {"call": call} if call else {}
    message = ChatMessage(role=MessageRole.ASSISTANT, content=text, additional_kwargs=extra)
    return ChatResponse(message=message, delta=text)
