"""A Pydantic AI agent with a scripted model."""

from __future__ import annotations

import asyncio
from typing import Any

from pydantic_ai import Agent
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart, ToolReturnPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from .stories import Script

__all__ = ["answer"]


def answer(tools: list[Any], question: str, script: Script) -> str:
    """Run an agent on the question."""

    def model(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        read = _read(messages[-1])
        try:
            call = next(script) if read is None else script.send(read)
        except StopIteration as end:
            return ModelResponse(parts=[TextPart(end.value)])
        return ModelResponse(parts=[ToolCallPart(info.function_tools[0].name, call.arguments)])

    agent = Agent(FunctionModel(model), tools=tools)
    return asyncio.run(agent.run(question)).output


def _read(message: ModelMessage) -> str | None:
    """What the tool answered, if the last message holds an answer."""
    returned = [part for part in message.parts if isinstance(part, ToolReturnPart)]
    return returned[0].model_response_str() if returned else None
