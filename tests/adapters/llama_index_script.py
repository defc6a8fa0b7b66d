"""A scripted LLM for LlamaIndex 0.12 to 0.14, and the contract over its function tools. Loaded by path: tests are no
package.
"""

import json
from typing import Any

from llama_index.core.base.llms.types import ChatMessage, ChatResponse, CompletionResponse, LLMMetadata, MessageRole
from llama_index.core.llms.function_calling import FunctionCallingLLM
from llama_index.core.llms.llm import ToolSelection
from pydantic import Field, PrivateAttr

from airbyte_agent_notion.testing import AdapterContract, Advertised, ToolCall
from airbyte_agent_notion_adapters.llama_index import notion_tools

OBSERVATION = "Observation: "


class Script(FunctionCallingLLM):
    """An LLM that takes scripted steps, by function calls or, with ``react``, by text. Runs on 0.12 to 0.14."""

    steps: list[Any] = Field(default_factory=list)
    react: bool = False
    _texts: list[str] = PrivateAttr(default_factory=list)
    _offered: list[Any] = PrivateAttr(default_factory=list)

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(
            is_function_calling_model=not self.react, is_chat_model=True, model_name="script", context_window=10**9
        )

    def _prepare_chat_with_tools(
        self, tools: Any, user_msg: Any = None, chat_history: Any = None, **kwargs: Any
    ) -> dict[str, Any]:
        self._offered = [tool.metadata.to_openai_tool() for tool in tools]
        return {"messages": [*(chat_history or []), *([ChatMessage(content=str(user_msg))] if user_msg else [])]}

    def get_tool_calls_from_response(self, response: Any, error_on_no_tool_call: bool = True, **kwargs: Any) -> Any:
        return [ToolSelection(**call) for call in response.message.additional_kwargs.get("tool_calls", [])]

    def chat(self, messages: Any, **kwargs: Any) -> ChatResponse:
        self._texts = [text for text in map(self._seen, messages) if text is not None]
        if len(self._texts) == len(self.steps):
            text = "Thought: I can answer without using any more tools.\nAnswer: done" if self.react else "done"
            return _reply(text)
        step = self.steps[len(self._texts)]
        call = step if isinstance(step, ToolCall) else step(self._texts)
        arguments = dict(call.arguments)
        if self.react:
            return _reply(f"Thought: I need Notion.\nAction: {call.name}\nAction Input: {json.dumps(arguments)}")
        made = {"tool_id": f"c{len(self._texts)}", "tool_name": call.name, "tool_kwargs": arguments}
        return _reply("", tool_calls=[made])

    def _seen(self, message: ChatMessage) -> str | None:
        text = message.content or ""
        if self.react:
            return text.removeprefix(OBSERVATION) if text.startswith(OBSERVATION) else None
        return text if message.role == MessageRole.TOOL else None

    async def achat(self, messages: Any, **kwargs: Any) -> ChatResponse:
        return self.chat(messages)

    def stream_chat(self, messages: Any, **kwargs: Any) -> Any:
        return iter([self.chat(messages)])

    async def astream_chat(self, messages: Any, **kwargs: Any) -> Any:
        async def replies() -> Any:
            yield self.chat(messages)

        return replies()

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        raise NotImplementedError

    stream_complete = acomplete = astream_complete = complete


def _reply(text: str, **more: Any) -> ChatResponse:
    message = ChatMessage(role=MessageRole.ASSISTANT, content=text, additional_kwargs=more)
    return ChatResponse(message=message, delta=text)


class Contract(AdapterContract):
    def build(self, connector: Any, *, per_operation: bool = False) -> list[Any]:
        return [*notion_tools(connector, per_operation=per_operation)]

    def advertised(self, tool: Any) -> Advertised:
        script = Script()
        script._prepare_chat_with_tools([tool])
        function = script._offered[0]["function"]
        return Advertised(
            name=function["name"],
            description=function["description"],
            parameters=function["parameters"],
            strict=function.get("strict"),
        )

    def call(self, tool: Any, arguments: Any) -> str:
        return tool.call(**arguments).content

    async def acall(self, tool: Any, arguments: Any) -> str:
        return (await tool.acall(**arguments)).content

    def dump(self, tool: Any) -> str:
        return f"{super().dump(tool)} {tool.metadata!r} {tool.metadata.fn_schema_str}"
